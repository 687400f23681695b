// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/convert_page.h"

#include "common/desktop_notification.h"
#include "common/empty_state.h"
#include "common/files.h"
#include "convert/chip_hef_dialog.h"
#include "convert/jobs_panel.h"
#include "convert/result_card.h"
#include "convert/run_panel.h"
#include "convert/setup_panel.h"

#include <QAction>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace hefstudio {

ConvertPage::ConvertPage(Project &project, QAction *open, QAction *openSample, QWidget *parent)
    : QWidget(parent),
      m_project(project),
      m_history(ConversionHistory::defaultFile()),
      m_table(m_history),
      m_stack(new QStackedWidget),
      m_setup(new SetupPanel(project, m_history)),
      m_panel(new RunPanel(m_run)),
      m_jobs(new JobsPanel(m_table))
{
    m_setup->addPanel(m_jobs);
    auto *empty = new EmptyState(QStringLiteral("convert"), tr("Nothing to convert yet"),
                                 tr("Open an ONNX file; then choose a chip and a folder of "
                                    "calibration pictures, and build."));
    if (openSample->isEnabled())
        empty->addAction(openSample, EmptyState::Weight::normal);
    empty->addAction(open, EmptyState::Weight::primary);
    m_stack->addWidget(empty);
    m_stack->addWidget(m_setup);
    m_stack->addWidget(m_panel);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_stack);

    m_tick.setInterval(100);
    connect(&m_tick, &QTimer::timeout, this, &ConvertPage::showElapsed);
    connect(&m_process, &ConversionProcess::eventsArrived, &m_run, &ConversionRun::apply);
    connect(&m_process, &ConversionProcess::eventsArrived, this,
            [this](const std::vector<Event> &events) {
                for (const Event &event : events) {
                    m_timeLeft.apply(event, double(m_clock.elapsed()) / 1000);
                    if (const auto *done = std::get_if<StageFinished>(&event);
                        done && !done->fromCache)
                        m_stageSeconds.insert(QString::fromStdString(done->stage), done->seconds);
                }
            });
    connect(&m_process, &ConversionProcess::finished, this, &ConvertPage::ended);
    connect(m_panel->cancelButton(), &QPushButton::clicked, this, [this] {
        m_panel->cancelButton()->setEnabled(false);
        m_panel->cancelButton()->setText(tr("Cancelling …"));
        m_isQueue = false; // what waits, waits on
        m_process.cancel();
    });
    connect(m_panel->result(), &ResultCard::benchRequested, this, &ConvertPage::benchRequested);
    connect(m_panel->result(), &ResultCard::chipHefRequested, this, [this] {
        auto *dialog = new ChipHefDialog(m_running, window());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    connect(m_setup, &SetupPanel::fixRequested, this, &ConvertPage::fixRequested);
    connectJobs();
    connect(m_panel->result(), &ResultCard::openRequested, this, &ConvertPage::openRequested);
    connect(m_panel->result(), &ResultCard::fixRequested, this, &ConvertPage::fixRequested);
    connect(m_panel->result(), &ResultCard::placeRequested, this, &ConvertPage::placeRequested);
    connect(m_panel->result(), &ResultCard::backRequested, this, &ConvertPage::showSettings);
    connect(m_setup, &SetupPanel::chooseEndsRequested, this, &ConvertPage::chooseEndsRequested);
    connect(&m_project, &Project::changed, this, [this] {
        if (m_stack->currentIndex() == 0 || !m_project.isOpen())
            showSettings();
    });
    connect(m_stack, &QStackedWidget::currentChanged, this, [this] { Q_EMIT resultShown(false); });
}

void ConvertPage::showSettings()
{
    if (!isRunning())
        m_stack->setCurrentIndex(m_project.isOpen() ? 1 : 0);
}

void ConvertPage::setGraph(std::shared_ptr<const Graph> graph)
{
    m_setup->setGraph(std::move(graph));
}

void ConvertPage::connectJobs()
{
    const auto queue = [this](const std::vector<ConversionChoices> &more) {
        std::vector<ConversionChoices> waiting = m_table.queue();
        waiting.insert(waiting.end(), more.begin(), more.end());
        m_table.setQueue(std::move(waiting));
    };
    connect(m_jobs, &JobsPanel::addRequested, this,
            [this, queue] { queue({m_project.choices()}); });
    connect(m_jobs, &JobsPanel::addPresetsRequested, this, [this, queue] {
        std::vector<ConversionChoices> all;
        const ConversionChoices &now = m_project.choices();
        const QFileInfo output(now.output);
        for (const char *preset : {"fast", "balanced", "accurate"}) {
            ConversionChoices choices = now;
            choices.preset = QLatin1String(preset);
            // Each its own file: "net.fast.emulation.hef".
            choices.output = output.absoluteDir().filePath(
                output.baseName() + QLatin1Char('.') + choices.preset + QLatin1Char('.') +
                output.completeSuffix());
            all.push_back(std::move(choices));
        }
        queue(all);
    });
    connect(m_jobs, &JobsPanel::removeRequested, this, [this](int row) {
        if (!m_table.isWaiting(row))
            return;
        std::vector<ConversionChoices> waiting = m_table.queue();
        waiting.erase(waiting.begin() + row);
        m_table.setQueue(std::move(waiting));
    });
    connect(m_jobs, &JobsPanel::runRequested, this, [this] {
        m_isQueue = true;
        runNext();
    });
    connect(m_jobs, &JobsPanel::openRequested, this, &ConvertPage::openRequested);
    connect(m_jobs, &JobsPanel::settingsRequested, this, [this](const ConversionChoices &choices) {
        if (choices.model == m_project.choices().model)
            m_project.edit(choices, tr("settings of an earlier run"));
        else
            Q_EMIT openRequested(choices.model);
    });
    connect(&m_agreement, &AgreementProcess::finished, this,
            [this](const AgreementFigures &figures) {
                m_history.setComparison(0, figures.snr, figures.mapRetained);
                if (!runNext())
                    Q_EMIT runningChanged(false);
            });
}

void ConvertPage::build(int threads)
{
    if (!m_project.isOpen() || isRunning())
        return;
    m_isQueue = false;
    m_threads = threads;
    run(m_project.choices());
}

bool ConvertPage::runNext()
{
    if (!m_isQueue || isRunning() || m_table.queue().empty()) {
        m_isQueue = false;
        return false;
    }
    std::vector<ConversionChoices> waiting = m_table.queue();
    ConversionChoices next = std::move(waiting.front());
    waiting.erase(waiting.begin());
    m_table.setQueue(std::move(waiting));
    run(std::move(next));
    return true;
}

void ConvertPage::run(ConversionChoices choices)
{
    m_run.reset();
    m_stageSeconds.clear();
    m_panel->result()->clear();
    m_stack->setCurrentWidget(m_panel);
    const QString program = converterProgram();
    if (program.isEmpty()) {
        m_panel->setRunning(false);
        m_panel->result()->showFailure(tr("The converter “hefc” is missing beside this program."),
                                       {});
        return;
    }
    m_panel->setRunning(true);
    m_jobs->setRunning(true);
    Q_EMIT resultShown(false);
    m_samples = m_setup->samples();
    m_timeLeft.begin(m_history.expectedStages(choices, m_samples));
    m_clock.start();
    m_tick.start();
    choices.threads = m_threads;
    m_running = choices;
    QFile::remove(reportFile());
    m_process.start(program, choices, m_reports.isValid() ? reportFile() : QString());
    Q_EMIT runningChanged(true);
}

void ConvertPage::showElapsed()
{
    const double seconds = double(m_clock.elapsed()) / 1000;
    m_panel->setElapsed(seconds, m_timeLeft.secondsLeft(seconds).value_or(-1),
                        m_process.residentBytes());
}

void ConvertPage::ended(ConversionProcess::Outcome outcome, int exitCode)
{
    m_tick.stop();
    const double seconds = double(m_clock.elapsed()) / 1000;
    m_panel->setElapsed(seconds);
    m_panel->setRunning(false);
    m_jobs->setRunning(false);
    const bool isDone = outcome == ConversionProcess::Outcome::done && m_run.result().has_value();
    remember(outcome, seconds);
    showOutcome(outcome, exitCode, seconds);
    notify(outcome);
    if (isDone && m_isQueue && m_jobs->wantsComparison()) {
        m_agreement.start(converterProgram(), m_running);
        return;
    }
    if (!runNext())
        Q_EMIT runningChanged(false);
}

void ConvertPage::remember(ConversionProcess::Outcome outcome, double seconds)
{
    const auto report =
        [this] {
            QFile file(reportFile());
            return file.open(QIODevice::ReadOnly)
                       ? QJsonDocument::fromJson(file.readAll()).object()
                       : QJsonObject();
        }();
    PastConversion entry{.when = QDateTime::currentDateTime(),
                         .choices = m_running,
                         .outcome = QStringLiteral("failed"),
                         .fault = {},
                         .seconds = seconds,
                         .stages = m_stageSeconds,
                         .pictures = m_samples,
                         .bytes = 0,
                         .sha256 = {},
                         .contexts = int(m_run.contexts().size()),
                         .framesPerSecond = report[QStringLiteral("predicted_fps")].toDouble()};
    if (const auto &result = m_run.result()) {
        entry.bytes = qint64(result->bytes);
        entry.sha256 = QString::fromStdString(result->sha256);
    }
    for (const Diagnostic &diagnostic : m_run.diagnostics())
        if (diagnostic.severity == Severity::error && entry.fault.isEmpty())
            entry.fault = QString::fromStdString(diagnostic.id);
    if (outcome == ConversionProcess::Outcome::done)
        entry.outcome = QStringLiteral("done");
    else if (outcome == ConversionProcess::Outcome::cancelled)
        entry.outcome = QStringLiteral("cancelled");
    else if (outcome == ConversionProcess::Outcome::crashed)
        entry.outcome = QStringLiteral("crashed");
    m_history.add(std::move(entry));
}

// Who looks at the window sees it there.
void ConvertPage::notify(ConversionProcess::Outcome outcome) const
{
    const bool isLast = !m_isQueue || m_table.queue().empty();
    if (window()->isActiveWindow() || !isLast || outcome == ConversionProcess::Outcome::cancelled)
        return;
    const QString name = QFileInfo(m_running.output).fileName();
    if (outcome == ConversionProcess::Outcome::done)
        notifyDesktop(tr("HEF built"), name);
    else
        notifyDesktop(tr("No HEF was built"), name);
}

void ConvertPage::showOutcome(ConversionProcess::Outcome outcome, int exitCode, double seconds)
{
    if (outcome == ConversionProcess::Outcome::done && m_run.result()) {
        m_panel->result()->showResult(*m_run.result(), int(m_run.contexts().size()), seconds);
        Q_EMIT resultShown(true);
        return;
    }
    m_run.failRunning();
    switch (outcome) {
    case ConversionProcess::Outcome::cancelled:
        m_panel->result()->showFailure(
            tr("Cancelled. Finished stages are kept; no file was written."), {});
        break;
    case ConversionProcess::Outcome::crashed:
        m_panel->result()->showFailure(
            tr("The converter stopped unexpectedly; your files are unchanged."),
            m_run.diagnostics());
        break;
    default:
        m_panel->result()->showFailure(tr("No HEF was built (exit code %1).").arg(exitCode),
                                       m_run.diagnostics());
    }
}

} // namespace hefstudio
