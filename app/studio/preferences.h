// What the user chose for the program rather than for a project; kept between sessions.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocale>

namespace hefstudio {

struct Preferences {
    int threads = 0;  // 0: all cores
    QString language; // "en", "de"; empty: the system's

    QLocale locale() const { return language.isEmpty() ? QLocale::system() : QLocale(language); }
    static Preferences load();
    void save() const;
};

// Threads a conversion will use: the choice, or every core.
int effectiveThreads(const Preferences &preferences);

} // namespace hefstudio
