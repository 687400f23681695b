// How long it takes to read HEFs in process: the best of so many rounds, in milliseconds.
//   bench_hef ROUNDS FILE...
// open: map the file and go over its message; read: networks, streams, actions and checks as well;
// verified: the checksum, too, which is what HailoRT's Hef::create does.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/hef_reader.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace {

template<class Work> double bestMilliseconds(int rounds, Work work)
{
    double best = 1e9;
    for (int i = 0; i < rounds; ++i) {
        const auto start = std::chrono::steady_clock::now();
        work();
        const std::chrono::duration<double, std::milli> taken =
            std::chrono::steady_clock::now() - start;
        best = std::min(best, taken.count());
    }
    return best;
}

} // namespace

int main(int argc, char **argv)
{
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 1;
    for (int i = 2; i < argc; ++i) {
        const auto open = [&] {
            auto hef = hefstudio::Hef::open(argv[i]);
            if (!hef) {
                std::fprintf(stderr, "%s: %s\n", argv[i], hef.error().front().id.c_str());
                std::exit(3);
            }
            return *hef;
        };
        const double opened = bestMilliseconds(rounds, open);
        const double read = bestMilliseconds(rounds, [&] { (void)open().checks(); });
        const double verified = bestMilliseconds(rounds, [&] {
            const auto hef = open();
            (void)hef.checks();
            (void)hef.hashFaults();
        });
        std::printf("%s: open %.3f, read %.3f, verified %.3f ms\n", argv[i], opened, read,
                    verified);
    }
    return 0;
}
