// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/event.h"

#include <gtest/gtest.h>

using namespace hefstudio;

TEST(Event, EveryKindSurvivesItsJsonLine)
{
    const Event events[] = {
        StageStarted{"import", 0, 8},
        StageProgress{"calibrate", 3, 32, "a.jpg"},
        StageFinished{"import", 0.25, "353 → 118 layers", true},
        PartitionIteration{33, 3, 7.5, true, "00ff", 0.041},
        ContextUpdated{1, 29, 1.5, 0.5, 0.25, 0.125, 1000},
        AllocationCell{1, 2, 0.75},
        LedgerEntry{{"calibration", "1024", "32", "only 32 pictures are there"}},
        DiagnosticRaised{Diagnostic("cancelled")},
        LogLine{LogLevel::warning, "quantize", "line\nbreak"},
        ConversionFinished{"out.hef", "ab", 9, true},
    };
    for (const auto &event : events) {
        const auto line = toJsonLine(event);
        EXPECT_EQ(line.find('\n'), std::string::npos);
        const auto back = eventFromJsonLine(line);
        ASSERT_TRUE(back) << line;
        EXPECT_EQ(back->index(), event.index());
        EXPECT_EQ(toJsonLine(*back), line);
    }
}

TEST(Event, IgnoresWhatItDoesNotKnow)
{
    EXPECT_FALSE(eventFromJsonLine("not json"));
    EXPECT_FALSE(eventFromJsonLine("[]"));
    EXPECT_FALSE(eventFromJsonLine(R"({"event":"from-the-future"})"));
    EXPECT_FALSE(eventFromJsonLine(R"({"event":"stage-started","stage":5})"));
}
