// What differs between two recipes, key by key: choices and lock.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "recipe/recipe.h"

#include <string>
#include <vector>

namespace hefstudio {

struct RecipeDifference {
    std::string keyPath; // "preset", "lock.calibration[3].sha256"
    std::string a;       // as the file has it; empty where the key is missing
    std::string b;
};

// Texts of recipes that can be read (recipeFromText); older versions are brought to today's first.
// Spelling of paths counts: "a/b" and "a/./b" differ. A list that is longer in one of them is one
// difference.
std::vector<RecipeDifference> diffRecipes(std::string_view a, std::string_view b);

} // namespace hefstudio
