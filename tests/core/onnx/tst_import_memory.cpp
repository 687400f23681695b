// How much memory a large model takes to import: measured in a process of its own, on the largest
// model of the folder that HEFSTUDIO_CORPUS names.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/import.h"

#include <gtest/gtest.h>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

using namespace hefstudio;
namespace fs = std::filesystem;

TEST(Corpus, ImportTakesAtMostThreeTimesTheFile)
{
    const char *named = std::getenv("HEFSTUDIO_CORPUS");
    if (!named)
        GTEST_SKIP() << "HEFSTUDIO_CORPUS names no folder";
    fs::path largest;
    for (const auto &entry : fs::directory_iterator(named))
        if (entry.path().extension() == ".onnx" &&
            (largest.empty() || entry.file_size() > fs::file_size(largest)))
            largest = entry.path();
    ASSERT_FALSE(largest.empty());
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0)
        _exit(importOnnx(largest) ? 0 : 1);
    int status = 0;
    rusage used{};
    ASSERT_EQ(wait4(child, &status, 0, &used), child);
    ASSERT_EQ(status, 0);
    const double ratio =
        static_cast<double>(used.ru_maxrss) * 1024 / static_cast<double>(fs::file_size(largest));
    std::cout << largest.filename().string() << ": " << fs::file_size(largest) / 1000000
              << " MB, peak " << ratio << " times the file\n";
    EXPECT_LE(ratio, 3);
}
