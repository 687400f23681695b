// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/thread_pool.h"

#include <atomic>
#include <gtest/gtest.h>
#include <vector>

using namespace hefstudio;

TEST(ThreadPool, RunsEachIndexOnce)
{
    for (const int threads : {1, 2, 5}) {
        ThreadPool pool(threads);
        EXPECT_EQ(pool.threads(), threads);
        for (int round = 0; round < 50; ++round) {
            std::vector<std::atomic<int>> runs(101);
            EXPECT_TRUE(pool.forEach(runs.size(), [&](std::size_t i, int worker) {
                ASSERT_LT(worker, threads);
                ++runs[i];
            }));
            for (const auto &count : runs)
                ASSERT_EQ(count, 1);
        }
    }
}

TEST(ThreadPool, StopsBetweenIndices)
{
    ThreadPool pool(2);
    std::stop_source stop;
    std::atomic<int> runs = 0;
    EXPECT_FALSE(pool.forEach(
        1000,
        [&](std::size_t, int) {
            ++runs;
            stop.request_stop();
        },
        stop.get_token()));
    EXPECT_LT(runs, 10);
}
