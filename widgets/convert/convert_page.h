// The Convert page: settings first, then the run, then its result; and the queue of several
// conversions one after the other. Owns the child processes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "convert/agreement_process.h"
#include "convert/conversion_history.h"
#include "convert/conversion_process.h"
#include "convert/conversion_run.h"
#include "convert/conversion_table.h"
#include "convert/project.h"
#include "convert/time_left.h"
#include "graph/graph.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QWidget>

#include <memory>

class QAction;
class QStackedWidget;

namespace hefstudio {

class JobsPanel;
class RunPanel;
class SetupPanel;

class ConvertPage final : public QWidget {
    Q_OBJECT
public:
    ConvertPage(Project &project, QAction *open, QAction *openSample, QWidget *parent = nullptr);

    const ConversionChoices &settings() const { return m_project.choices(); }
    const ConversionHistory &history() const { return m_history; }
    // The converter's own report of the last run.
    QString reportFile() const { return m_reports.filePath(QStringLiteral("report.json")); }
    // Of the open network, for the checks before the run.
    void setGraph(std::shared_ptr<const Graph> graph);
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
    void benchRequested(const QString &hef);
    void fixRequested(const hefstudio::Fix &fix);
    void placeRequested(const hefstudio::Place &place);
    void chooseEndsRequested();

private:
    void connectJobs();
    void run(ConversionChoices choices);
    void ended(ConversionProcess::Outcome outcome, int exitCode);
    void remember(ConversionProcess::Outcome outcome, double seconds);
    void showOutcome(ConversionProcess::Outcome outcome, int exitCode, double seconds);
    bool runNext();
    void notify(ConversionProcess::Outcome outcome) const;
    void showElapsed();
    Project &m_project;
    ConversionHistory m_history;
    ConversionTable m_table;
    QStackedWidget *m_stack;
    ConversionRun m_run;
    SetupPanel *m_setup;
    RunPanel *m_panel;
    JobsPanel *m_jobs;
    ConversionProcess m_process;
    AgreementProcess m_agreement;
    QTemporaryDir m_reports;
    ConversionChoices m_running;
    QMap<QString, double> m_stageSeconds; // of this run
    TimeLeft m_timeLeft;
    QElapsedTimer m_clock;
    QTimer m_tick;
    int m_threads = 0;
    int m_samples = 0;
    bool m_isQueue = false; // the queue is at work
};

} // namespace hefstudio
