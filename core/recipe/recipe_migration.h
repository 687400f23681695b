// Recipes of older versions brought to the form of today, one step a version, as JSON values.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <optional>

namespace hefstudio {

// The version the document says it has; nothing for a document that is no recipe.
std::optional<int> recipeVersionOf(const nlohmann::ordered_json &recipe);

// From version `from` (1…recipeVersion) to recipeVersion. What a step cannot understand it leaves
// alone for the reader to refuse.
void migrateRecipe(nlohmann::ordered_json &recipe, int from);

} // namespace hefstudio
