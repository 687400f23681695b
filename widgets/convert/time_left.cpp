// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/time_left.h"

#include <algorithm>

namespace hefstudio {

void TimeLeft::begin(QMap<QString, double> expected)
{
    *this = TimeLeft();
    m_isKnown = !expected.isEmpty();
    m_expected = std::move(expected);
}

void TimeLeft::apply(const Event &event, double now)
{
    if (const auto *started = std::get_if<StageStarted>(&event)) {
        m_stage = QString::fromStdString(started->stage);
        m_stageExpected = m_expected.take(m_stage);
        m_stageBegin = now;
        m_progress = -1;
    } else if (const auto *progress = std::get_if<StageProgress>(&event)) {
        if (progress->total > 0 && QString::fromStdString(progress->stage) == m_stage)
            m_progress = std::clamp(double(progress->done) / double(progress->total), 0.0, 1.0);
    } else if (const auto *finished = std::get_if<StageFinished>(&event)) {
        // A stage from the cache tells nothing about the machine's speed.
        if (!finished->fromCache) {
            m_expectedSoFar += m_stageExpected;
            m_usedSoFar += finished->seconds;
        }
        m_stage.clear();
        m_stageExpected = 0;
    }
}

std::optional<double> TimeLeft::secondsLeft(double now) const
{
    if (!m_isKnown)
        return std::nullopt;
    constexpr double leastEvidence = 0.2; // seconds; less than that says nothing
    double expectedSoFar = m_expectedSoFar, usedSoFar = m_usedSoFar;
    const double inStage = m_stage.isEmpty() ? 0 : now - m_stageBegin;
    if (m_progress > 0.1) {
        expectedSoFar += m_stageExpected * m_progress;
        usedSoFar += inStage;
    }
    const double pace = expectedSoFar > leastEvidence && usedSoFar > leastEvidence
                            ? std::clamp(usedSoFar / expectedSoFar, 0.25, 4.0)
                            : 1;
    double later = 0;
    for (const double seconds : m_expected)
        later += seconds * pace;
    // Half by what the stage took before and half by its own progress, where it tells.
    double here = std::max(0.0, m_stageExpected * pace - inStage);
    if (m_progress > 0.1)
        here = (std::max(0.0, m_stageExpected * pace * (1 - m_progress)) +
                inStage * (1 - m_progress) / m_progress) /
               2;
    return here + later;
}

} // namespace hefstudio
