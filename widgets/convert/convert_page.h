// The Convert page: settings first, then the run, then its result. Owns the child process.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "convert/conversion_process.h"
#include "convert/conversion_run.h"
#include "convert/project.h"

#include <QElapsedTimer>
#include <QWidget>

class QAction;
class QStackedWidget;

namespace hefstudio {

class RunPanel;
class SetupPanel;

class ConvertPage final : public QWidget {
    Q_OBJECT
public:
    ConvertPage(Project &project, QAction *open, QAction *openSample, QWidget *parent = nullptr);

    const ConversionChoices &settings() const { return m_project.choices(); }
    // Back from a result to the settings; a running conversion stays in sight.
    void showSettings();
    bool isRunning() const { return m_process.isRunning(); }
    // `threads` is the window's preference; 0: all cores.
    void build(int threads = 0);

Q_SIGNALS:
    void runningChanged(bool isRunning);
    // The page shows a result, whose own button is the next step.
    void resultShown(bool isShown);
    void openRequested(const QString &file);
    void fixRequested(const hefstudio::Fix &fix);
    void placeRequested(const hefstudio::Place &place);
    void chooseEndsRequested();

private:
    void ended(ConversionProcess::Outcome outcome, int exitCode);

    Project &m_project;
    QStackedWidget *m_stack;
    ConversionRun m_run;
    SetupPanel *m_setup;
    RunPanel *m_panel;
    ConversionProcess m_process;
    QElapsedTimer m_clock;
    QTimer m_tick;
};

} // namespace hefstudio
