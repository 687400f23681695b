// The manual in the repository is the one the program makes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/supported_operators.h"

#include "base/file.h"
#include "ops/parser_limits.h"
#include "result_matchers.h"

#include <gtest/gtest.h>

using namespace hefstudio;

TEST(SupportedOperators, TheCommittedPageIsUpToDate)
{
    const auto file = std::filesystem::path(HEFSTUDIO_SOURCE_DIR) / "SUPPORTED_OPERATORS.md";
    const auto committed = readTextFile(file);
    ASSERT_TRUE(committed) << failureText(committed);
    EXPECT_EQ(*committed, supportedOperatorsText())
        << "make it again: hefc check --operators > SUPPORTED_OPERATORS.md";
}

TEST(SupportedOperators, EveryLimitIsOnThePage)
{
    const auto page = supportedOperatorsText();
    for (const auto limits : {chipLimits(), parserLimits()})
        for (const auto &limit : limits) {
            EXPECT_NE(page.find(limit.text), std::string::npos) << limit.text;
            EXPECT_TRUE(limit.text.ends_with('.')) << limit.text;
        }
}
