// What a fuzz target is: one function over one input, which may not crash, hang or break one of its
// own promises. The same function runs under libFuzzer (clang) and under the driver of this folder
// (any compiler): fuzz_driver.cpp replays files and mutates them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <span>

// Defined by each target. Whatever it returns is fine; it must return.
void fuzzOne(std::span<const std::byte> bytes);

// A promise of the code under test: ends the process, and with it the run, when broken.
inline void requireThat(bool holds, const char *promise)
{
    if (holds)
        return;
    std::fprintf(stderr, "broken promise: %s\n", promise);
    std::abort();
}
