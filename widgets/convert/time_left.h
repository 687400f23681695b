// How long a conversion will still take, from the times an earlier one took stage by stage. The
// stages that are over tell how much faster or slower this run is.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"

#include <QMap>
#include <QString>

#include <optional>

namespace hefstudio {

class TimeLeft {
public:
    // Seconds of each stage as expected; empty: nothing is known and nothing is said.
    void begin(QMap<QString, double> expected);
    // `now` in seconds since begin().
    void apply(const Event &event, double now);
    std::optional<double> secondsLeft(double now) const;

private:
    QMap<QString, double> m_expected; // of stages that have not begun
    QString m_stage;
    double m_stageExpected = 0, m_stageBegin = 0;
    double m_progress = -1; // 0…1 of the stage, negative when unknown
    double m_expectedSoFar = 0, m_usedSoFar = 0;
    bool m_isKnown = false;
};

} // namespace hefstudio
