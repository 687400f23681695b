// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/preflight_panel.h"

#include "common/diagnostic_card.h"
#include "common/files.h"
#include "common/text_label.h"
#include "theme/icons.h"

#include <QLabel>
#include <QPainter>

namespace hefstudio {

namespace {

constexpr int patienceMs = 150;

// A mark and a sentence: the mark is a form first, a colour second.
class CheckLine final : public QWidget {
public:
    CheckLine(bool isFine, const QString &text) : m_isFine(isFine)
    {
        auto *row = new QHBoxLayout(this);
        row->setContentsMargins(24, 0, 0, 0);
        auto *words = new TextLabel(text, TextRole::body, isFine ? Tone::dim : Tone::normal);
        words->setElidedInTheMiddle();
        row->addWidget(words, 1);
        setMinimumHeight(fontMetrics().height() + 4);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const Tokens &tokens = tokensOf(palette());
        painter.drawPixmap(0, (height() - 16) / 2,
                           iconPixmap(m_isFine ? QStringLiteral("check") : QStringLiteral("warning"),
                                      m_isFine ? tokens.ok : tokens.warn, 16, devicePixelRatioF()));
    }

private:
    bool m_isFine;
};

} // namespace

PreflightPanel::PreflightPanel(Project &project, QWidget *parent)
    : Card(tr("BEFORE THE RUN"), parent), m_project(project)
{
    setObjectName(QStringLiteral("preflight"));
    body()->addStretch(1);
    m_wait.setSingleShot(true);
    m_wait.setInterval(patienceMs);
    connect(&m_wait, &QTimer::timeout, this, &PreflightPanel::look);
    connect(&project, &Project::changed, this, [this] {
        if (m_project.isOpen())
            m_wait.start();
    });
}

void PreflightPanel::setGraph(std::shared_ptr<const Graph> graph)
{
    m_graph = std::move(graph);
    m_wait.start();
}

void PreflightPanel::look()
{
    if (!m_project.isOpen() || !m_graph)
        return;
    m_job.start(
        [graph = m_graph, settings = settingsOf(m_project.choices())](const std::stop_token &stop) {
            return preflight(*graph, settings, stop);
        },
        [this](Preflight &&found) { show(found); });
}

void PreflightPanel::show(const Preflight &found)
{
    if (m_content) {
        m_content->hide();
        m_content->deleteLater();
    }
    m_content = new QWidget;
    auto *column = new QVBoxLayout(m_content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    const auto line = [&](bool isFine, const QString &text) {
        column->addWidget(new CheckLine(isFine, text));
    };
    line(true, tr("Network read: %n layer(s)", nullptr, int(m_graph->layers.size())));
    line(found.samples > 0, found.samples > 0
                                ? tr("%n calibration sample(s)", nullptr, int(found.samples))
                                : tr("No calibration samples"));
    line(found.isInputKnown, found.isInputKnown
                                 ? tr("It is known how a picture becomes the input")
                                 : tr("It is not known how a picture becomes the input"));
    line(found.isOutputWritable, found.isOutputWritable
                                     ? tr("The HEF can be written; %1 free").arg(byteText(found.freeBytes))
                                     : tr("The HEF cannot be written there"));
    constexpr std::size_t mostCards = 3;
    std::size_t shown = 0;
    for (const Diagnostic &problem : found.problems) {
        // Before a folder is chosen there is nothing wrong yet; the line above says what is missing.
        if (problem.severity == Severity::note || problem.id == "pipeline.no-calibration" ||
            shown == mostCards)
            continue;
        ++shown;
        auto *card = new DiagnosticCard(problem);
        connect(card, &DiagnosticCard::fixRequested, this, &PreflightPanel::fixRequested);
        column->addWidget(card);
    }
    body()->insertWidget(body()->count() - 1, m_content); // the stretch stays last
    Q_EMIT counted(int(found.samples));
}

} // namespace hefstudio
