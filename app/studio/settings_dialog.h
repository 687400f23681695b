// The settings of the program: look, language, threads, and what the back ends are. Theme changes
// show at once; the rest holds from OK on, the language from the next start.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "preferences.h"
#include "theme/theme.h"

#include <QDialog>

class QComboBox;
class QSpinBox;

namespace hefstudio {

class SegmentedControl;

class SettingsDialog final : public QDialog {
    Q_OBJECT
public:
    SettingsDialog(Theme &theme, const Preferences &preferences, QWidget *parent = nullptr);
    Preferences preferences() const;

    void done(int result) override;

private:
    Theme &m_theme;
    ThemeChoice m_themeBefore;
    SegmentedControl *m_look;
    QComboBox *m_language;
    QSpinBox *m_threads;
};

} // namespace hefstudio
