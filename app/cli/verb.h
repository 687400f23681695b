// One verb of hefc: a file pair each. A verb declares its options on a subcommand and hands back
// what to run; it gets its streams and stop token from main, so that tests could run it in-process.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"

#include <functional>
#include <iosfwd>
#include <stop_token>
#include <vector>

namespace CLI {
class App;
}

namespace hefstudio::cli {

struct Console {
    std::ostream &out;       // results only; JSON goes here alone
    std::ostream &err;       // progress and diagnostics
    bool isTerminal = false; // err is one: a live line may be drawn
    std::stop_token stop;
};

using RunVerb = std::function<int(Console &)>;

struct Verb {
    CLI::App *command = nullptr;
    RunVerb run;
};

Verb declareConvert(CLI::App &app);
Verb declareCheck(CLI::App &app);
Verb declarePrepare(CLI::App &app);
Verb declareInspect(CLI::App &app);
Verb declareDiff(CLI::App &app);
Verb declareRun(CLI::App &app);
Verb declareProfile(CLI::App &app);
Verb declareMetadata(CLI::App &app);
Verb declareDetect(CLI::App &app);
Verb declareCompare(CLI::App &app);
Verb declareRecipe(CLI::App &app);
Verb declareHar(CLI::App &app);
Verb declareBundle(CLI::App &app);
Verb declareCache(CLI::App &app);
Verb declareVendor(CLI::App &app);
Verb declareCalib(CLI::App &app);

// Prints each diagnostic and gives the exit code they mean.
int report(const Diagnostics &diagnostics, Console &console);

} // namespace hefstudio::cli
