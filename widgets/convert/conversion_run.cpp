// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/conversion_run.h"

#include "common/diagnostic_card.h"

#include <QCoreApplication>
#include <QLocale>

namespace hefstudio {

namespace {
constexpr int mostContexts = 256; // what a broken line may claim
constexpr std::size_t mostIterations = 4096;

std::string loweredText(const LedgerRow &row)
{
    return QCoreApplication::translate("ConversionRun", "%1: %2 asked, %3 used: %4")
        .arg(QString::fromStdString(row.setting), QString::fromStdString(row.asked),
             QString::fromStdString(row.used), QString::fromStdString(row.why))
        .toStdString();
}

std::string iterationText(const PartitionIteration &iteration)
{
    return QCoreApplication::translate(
               "ConversionRun", "iteration %1: %n context(s), %2 ms a frame, the best so far",
               nullptr, iteration.contexts)
        .arg(iteration.iteration)
        .arg(QLocale().toString(iteration.predictedFrameMs, 'f', 2))
        .toStdString();
}
} // namespace

ConversionRun::ConversionRun(QObject *parent) : QObject(parent) {}

void ConversionRun::reset()
{
    m_stages.reset();
    m_ledger.reset();
    m_log.reset();
    m_contexts.clear();
    m_cells.clear();
    m_iterations.clear();
    m_diagnostics.clear();
    m_result.reset();
    Q_EMIT mappingChanged();
}

void ConversionRun::apply(const std::vector<Event> &events)
{
    std::vector<LogLine> lines;
    bool isMappingChanged = false;
    for (const Event &event : events) {
        if (const auto *e = std::get_if<StageStarted>(&event)) {
            m_stages.start(*e);
        } else if (const auto *e = std::get_if<StageProgress>(&event)) {
            m_stages.progress(*e);
        } else if (const auto *e = std::get_if<StageFinished>(&event)) {
            m_stages.finish(*e);
            lines.push_back({LogLevel::info, e->stage, e->summary});
        } else if (const auto *e = std::get_if<PartitionIteration>(&event)) {
            if (m_iterations.size() < mostIterations)
                m_iterations.push_back(*e);
            // The search starts over with another number of contexts.
            if (e->isBest && e->contexts >= 0 && std::size_t(e->contexts) < m_contexts.size())
                m_contexts.resize(std::size_t(e->contexts));
            isMappingChanged = true;
            if (e->isBest)
                lines.push_back({LogLevel::info, "map", iterationText(*e)});
        } else if (const auto *e = std::get_if<ContextUpdated>(&event)) {
            if (e->context < 0 || e->context >= mostContexts)
                continue;
            if (std::size_t(e->context) >= m_contexts.size())
                m_contexts.resize(std::size_t(e->context) + 1);
            m_contexts[std::size_t(e->context)] = *e;
            isMappingChanged = true;
        } else if (const auto *e = std::get_if<AllocationCell>(&event)) {
            if (e->context >= 0 && e->context < mostContexts && e->cluster >= 0 && e->cluster < 64)
                m_cells[{e->context, e->cluster}] = e->utilisation;
            isMappingChanged = true;
        } else if (const auto *e = std::get_if<LedgerEntry>(&event)) {
            m_ledger.add(e->row);
            if (e->row.isLowered())
                lines.push_back({LogLevel::warning, {}, loweredText(e->row)});
        } else if (const auto *e = std::get_if<DiagnosticRaised>(&event)) {
            m_diagnostics.push_back(e->diagnostic);
            const LogLevel level = e->diagnostic.severity == Severity::error     ? LogLevel::error
                                   : e->diagnostic.severity == Severity::warning ? LogLevel::warning
                                                                                 : LogLevel::info;
            lines.push_back(
                {level,
                 {},
                 causeText(e->diagnostic).toStdString() + " [" + e->diagnostic.id + "]"});
        } else if (const auto *e = std::get_if<LogLine>(&event)) {
            lines.push_back(*e);
        } else if (const auto *e = std::get_if<ConversionFinished>(&event)) {
            m_result = *e;
            lines.push_back({LogLevel::info, "write", "sha256 " + e->sha256});
        }
    }
    m_log.append(lines);
    if (isMappingChanged)
        Q_EMIT mappingChanged();
}

} // namespace hefstudio
