// What is publicly known of each model-script command: the stage it belongs to, its forms, and what
// it does in a sentence. One table serves the check of a script, completion in the editor and the
// manual. Facts: counts over the vendor's public model zoo, versions 2.18 and 5.2.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "vendor/alls.h"

#include <span>
#include <string_view>

namespace hefstudio {

enum class AllsStage { modelChange, quantisation, compiler, frozenResult };
std::string_view allsStageName(AllsStage stage);

struct AllsCommand {
    std::string_view name;
    AllsStage stage;
    std::string_view summary;
    // Blank-separated keys; empty where the command takes any (the compiler's frozen decisions).
    std::string_view keys;
    // Blank-separated words for the first positional argument; empty where it is free.
    std::string_view subcommands = {};
};

std::span<const AllsCommand> allsCommands(); // sorted by name
const AllsCommand *findAllsCommand(std::string_view name);

// What is doubtful in a script, as warnings with the line; the script itself is not changed.
// vendor.script-unknown-command (a note: later compilers know more), vendor.script-no-such-command
// (circulates in guides, exists in no version), vendor.script-unknown-key,
// vendor.script-unknown-algorithm, vendor.script-normalization, vendor.script-caps-with-max,
// vendor.script-every-output.
Diagnostics lintAlls(const AllsScript &script, const std::filesystem::path &file = {});

} // namespace hefstudio
