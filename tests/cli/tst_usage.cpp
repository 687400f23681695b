// SPDX-License-Identifier: GPL-3.0-or-later
#include "hefc_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using testing::HasSubstr;

TEST(Usage, HelpAndVersionAreNoErrors)
{
    const auto help = hefc({"--help"});
    EXPECT_EQ(help.exitCode, 0);
    EXPECT_THAT(help.out, HasSubstr("never on a chip"));
    EXPECT_EQ(hefc({"--version"}).exitCode, 0);
    for (const char *verb : {"convert", "check", "inspect", "run", "profile"})
        EXPECT_EQ(hefc({verb, "--help"}).exitCode, 0) << verb;
}

TEST(Usage, WrongArgumentsEndWithTwoAndSayWhereToLook)
{
    const std::vector<std::vector<std::string>> wrong{
        {},
        {"bake"},
        {"convert"},
        {"convert", "a.onnx", "--presett", "fast"},
        {"convert", "a.onnx", "--preset", "slow"},
        {"convert", "a.onnx", "--normalize", "127"},
        {"convert", "a.onnx", "--input-shape", "images"},
        {"convert", "a.onnx", "--contexts", "0"},
        {"convert", "a.onnx", "--threads", "many"},
        {"inspect", "a.hef", "--json", "--parse-hef"},
        {"run", "a.hef"},
        {"profile", "a.hef", "--batch", "0"},
    };
    for (const auto &arguments : wrong) {
        const auto result = hefc(arguments);
        EXPECT_EQ(result.exitCode, 2) << testing::PrintToString(arguments) << result.err;
        EXPECT_THAT(result.err, HasSubstr("--help")) << testing::PrintToString(arguments);
        EXPECT_EQ(result.out, "");
    }
}
