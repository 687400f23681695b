// hefc prepare: which files it writes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hefc_process.h"

#include "detector_world.h"
#include "temporary_folder.h"

#include <gtest/gtest.h>

TEST(Prepare, TheHostsPartIsWrittenOnRequest)
{
    const TemporaryFolder folder;
    DetectorWorld({.selection = DetectorExport::Selection::nonMaximumSuppression})
        .model()
        .write(folder / "net.onnx");
    const auto result = hefc({"prepare", folder / "net.onnx", "-o", folder / "chip.onnx"});
    ASSERT_EQ(result.exitCode, 0) << result.err;
    EXPECT_NE(result.out.find("--split"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(folder / "chip.host.onnx"));
    const auto split =
        hefc({"prepare", folder / "net.onnx", "-o", folder / "chip.onnx", "--split", "--json"});
    ASSERT_EQ(split.exitCode, 0) << split.err;
    EXPECT_NE(split.out.find("chip.host.onnx"), std::string::npos);
    EXPECT_TRUE(std::filesystem::exists(folder / "chip.host.onnx"));
}

TEST(Prepare, AMissingModelWritesNothing)
{
    const TemporaryFolder folder;
    EXPECT_EQ(hefc({"prepare", folder / "none.onnx", "-o", folder / "out.onnx"}).exitCode, 3);
    EXPECT_FALSE(std::filesystem::exists(folder / "out.onnx"));
}
