// Finding constants: a (1+1) random search over a few coordinates at a time, from a prior that holds
// them weakly. The landscape is rough (contexts jump), so nothing finer pays.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "error_table.h"
#include "parameters.h"

#include <cstdint>
#include <set>
#include <string>

namespace hefstudio::fit {

struct SearchOptions {
    int steps = 1000;
    std::uint64_t seed = 1;
    std::set<std::string> leaveOut{}; // families that the search must not see
};

// The lower the better: mean |log error| of both batches and chips, wrong classes and the public
// compilations included, and the pull to the prior.
double loss(const Point &point, const Corpus &corpus, const std::vector<VendorRun> &runs,
            const std::set<std::string> &leaveOut);

Point randomSearch(const Point &start, const Corpus &corpus, const std::vector<VendorRun> &runs,
                   const SearchOptions &options);

} // namespace hefstudio::fit
