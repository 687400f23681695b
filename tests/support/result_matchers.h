// Names the diagnostic a failed Result carries: EXPECT_EQ(failureId(readFile(x)),
// "file.not-found"). SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"
#include "base/diagnostic_catalogue.h"

#include <string>

template<class T> std::string failureId(const hefstudio::Result<T> &result)
{
    return result ? "no failure" : result.error().front().id;
}

// The whole story of a failure, for ASSERT_TRUE(result) << failureText(result).
template<class T> std::string failureText(const hefstudio::Result<T> &result)
{
    std::string text;
    if (!result)
        for (const auto &diagnostic : result.error())
            text += hefstudio::consoleText(diagnostic);
    return text;
}
