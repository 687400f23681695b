// SPDX-License-Identifier: GPL-3.0-or-later
#include "preferences.h"

#include <QSettings>
#include <QThread>

namespace hefstudio {

namespace {
constexpr int mostThreads = 1024; // what the converter takes
}

Preferences Preferences::load()
{
    const QSettings settings;
    Preferences preferences;
    preferences.threads =
        std::clamp(settings.value(QStringLiteral("threads"), 0).toInt(), 0, mostThreads);
    preferences.language = settings.value(QStringLiteral("language")).toString();
    return preferences;
}

void Preferences::save() const
{
    QSettings settings;
    settings.setValue(QStringLiteral("threads"), threads);
    settings.setValue(QStringLiteral("language"), language);
}

int effectiveThreads(const Preferences &preferences)
{
    return preferences.threads > 0 ? preferences.threads : std::max(1, QThread::idealThreadCount());
}

} // namespace hefstudio
