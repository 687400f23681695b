// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/convert_page.h"

#include "common/empty_state.h"
#include "common/files.h"
#include "convert/result_card.h"
#include "convert/run_panel.h"
#include "convert/setup_panel.h"

#include <QAction>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace hefstudio {

ConvertPage::ConvertPage(Project &project, QAction *open, QAction *openSample, QWidget *parent)
    : QWidget(parent),
      m_project(project),
      m_stack(new QStackedWidget),
      m_setup(new SetupPanel(project)),
      m_panel(new RunPanel(m_run))
{
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
    connect(&m_tick, &QTimer::timeout, this,
            [this] { m_panel->setElapsed(double(m_clock.elapsed()) / 1000); });
    connect(&m_process, &ConversionProcess::eventsArrived, &m_run, &ConversionRun::apply);
    connect(&m_process, &ConversionProcess::finished, this, &ConvertPage::ended);
    connect(m_panel->cancelButton(), &QPushButton::clicked, this, [this] {
        m_panel->cancelButton()->setEnabled(false);
        m_panel->cancelButton()->setText(tr("Cancelling …"));
        m_process.cancel();
    });
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

void ConvertPage::build(int threads)
{
    if (!m_project.isOpen() || isRunning())
        return;
    m_run.reset();
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
    Q_EMIT resultShown(false);
    m_clock.start();
    m_tick.start();
    ConversionChoices choices = m_project.choices();
    choices.threads = threads;
    m_process.start(program, choices);
    Q_EMIT runningChanged(true);
}

void ConvertPage::ended(ConversionProcess::Outcome outcome, int exitCode)
{
    m_tick.stop();
    const double seconds = double(m_clock.elapsed()) / 1000;
    m_panel->setElapsed(seconds);
    m_panel->setRunning(false);
    if (outcome == ConversionProcess::Outcome::done && m_run.result()) {
        m_panel->result()->showResult(*m_run.result(), int(m_run.contexts().size()), seconds);
        Q_EMIT resultShown(true);
    } else {
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
    Q_EMIT runningChanged(false);
}

} // namespace hefstudio
