// SPDX-License-Identifier: GPL-3.0-or-later
#include "profile/chip_estimates.h"

#include <QStringList>

namespace hefstudio {

ChipEstimates::ChipEstimates(QObject *parent) : QObject(parent)
{
    for (const QString &chip : chips())
        m_entries.try_emplace(chip);
}

QStringList ChipEstimates::chips()
{
    return {QStringLiteral("hailo8l"), QStringLiteral("hailo8")};
}

void ChipEstimates::setGraph(std::shared_ptr<const Graph> graph)
{
    if (graph == m_graph)
        return;
    m_graph = std::move(graph);
    for (auto &[chip, entry] : m_entries) {
        entry.job.cancel();
        entry.estimate.reset();
        entry.problems.clear();
    }
    Q_EMIT changed();
    if (m_graph)
        for (const QString &chip : chips())
            start(chip);
}

void ChipEstimates::setLink(const QString &chip, const QString &link)
{
    const auto found = m_entries.find(chip);
    if (found == m_entries.end() || found->second.link == link)
        return;
    found->second.link = link;
    if (m_graph)
        start(chip);
}

void ChipEstimates::start(const QString &chip)
{
    Entry &entry = m_entries[chip];
    EstimateChoices choices;
    choices.chip = chip.toStdString();
    choices.link = entry.link.toStdString();
    entry.job.start(
        [graph = m_graph, choices](const std::stop_token &stop) {
            return estimateModel(graph, choices, stop);
        },
        [this, &entry](Result<std::shared_ptr<const ModelEstimate>> &&result) {
            entry.estimate = result ? *result : nullptr;
            entry.problems = result ? Diagnostics() : std::move(result.error());
            Q_EMIT changed();
        });
}

bool ChipEstimates::isWorking() const
{
    for (const auto &[chip, entry] : m_entries)
        if (entry.job.isRunning())
            return true;
    return false;
}

std::shared_ptr<const ModelEstimate> ChipEstimates::of(const QString &chip) const
{
    const auto found = m_entries.find(chip);
    return found == m_entries.end() ? nullptr : found->second.estimate;
}

Diagnostics ChipEstimates::problems(const QString &chip) const
{
    const auto found = m_entries.find(chip);
    return found == m_entries.end() ? Diagnostics() : found->second.problems;
}

} // namespace hefstudio
