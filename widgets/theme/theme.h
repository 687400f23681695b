// Light, dark or as the system says: makes the palette, installs the style and the base font, and
// follows the system while the choice is "system". One object, owned by main().
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/tokens.h"

#include <QObject>

class QApplication;

namespace hefstudio {

class SystemScheme;

enum class ThemeChoice { system, light, dark };

QPalette paletteFrom(const Tokens &tokens);

class Theme : public QObject {
    Q_OBJECT
public:
    explicit Theme(QApplication &application, QObject *parent = nullptr);

    ThemeChoice choice() const { return m_choice; }
    void setChoice(ThemeChoice choice);
    bool isDark() const { return m_isDark; }

Q_SIGNALS:
    void changed();

private:
    void apply();

    QApplication &m_application;
    SystemScheme *m_system;
    ThemeChoice m_choice = ThemeChoice::system;
    bool m_isDark = true;
    bool m_isApplied = false;
};

} // namespace hefstudio
