// --root NAME=FOLDER: binds a named root of recipes for one command, over those in the user's file.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "recipe/recipe_paths.h"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace hefstudio::cli {

void addRootOption(CLI::App &command, std::vector<std::string> &roots);
// Diagnostics: those of the user's file of roots.
Result<RecipeRoots> rootsFrom(const std::vector<std::string> &options);

} // namespace hefstudio::cli
