// SPDX-License-Identifier: GPL-3.0-or-later
#include "recipe/recipe_migration.h"

#include "recipe/recipe.h"

#include <nlohmann/json.hpp>

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;

// Version 1 locked the samples of an array one by one, without a digest: they say nothing about the
// file. Version 2 locks the file; a lock made before has no digest to compare it with.
void fromVersion1(Json &recipe)
{
    const auto lock = recipe.find("lock");
    if (lock == recipe.end() || !lock->is_object())
        return;
    const auto files = lock->find("calibration");
    if (files == lock->end() || !files->is_array())
        return;
    Json kept = Json::array();
    for (Json &file : *files)
        if (!file.is_object() || !file.contains("sha256") || file["sha256"] != "")
            kept.push_back(std::move(file));
    *files = std::move(kept);
}

} // namespace

std::optional<int> recipeVersionOf(const Json &recipe)
{
    if (!recipe.is_object())
        return std::nullopt;
    const auto version = recipe.find("hefstudio_recipe");
    if (version == recipe.end() || !version->is_number_integer())
        return std::nullopt;
    const auto number = version->get<std::int64_t>();
    return number < 1 || number > 1000000 ? 0 : static_cast<int>(number);
}

void migrateRecipe(Json &recipe, int from)
{
    if (from < 2)
        fromVersion1(recipe);
    recipe["hefstudio_recipe"] = recipeVersion;
}

} // namespace hefstudio
