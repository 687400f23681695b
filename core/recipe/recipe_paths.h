// Paths as recipes keep them: relative to the recipe's folder, or below a named root
// (`${data}/coco/val`) that each user binds outside the recipe. Anything else is refused, so that a
// recipe from elsewhere reaches nothing that its reader did not put within its reach.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"

#include <expected>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hefstudio {

// Name → folder.
using RecipeRoots = std::map<std::string, std::filesystem::path>;

// Letters, digits, '-' and '_', 1 to 64 of them.
bool isRootName(std::string_view name);

// {"data": "/mnt/data", …}; a file that does not exist binds nothing. Diagnostics: recipe.roots.
Result<RecipeRoots> readRecipeRoots(const std::filesystem::path &file);
// Diagnostics: those of writeFileAtomically.
Result<void> writeRecipeRoots(const std::filesystem::path &file, const RecipeRoots &roots);
// $XDG_CONFIG_HOME/hefstudio/roots.json, or the same below ~/.config; empty without a home.
std::filesystem::path userRootsFile();

// The path as a recipe in `folder` keeps it; nothing for one that lies elsewhere.
std::optional<std::string> recipePathOf(const std::filesystem::path &path,
                                        const std::filesystem::path &folder,
                                        const RecipeRoots &roots);

// The inverse. The error is the reason, for recipe.malformed.
std::expected<std::filesystem::path, std::string> resolveRecipePath(const std::string &text,
                                                                    const std::filesystem::path &folder,
                                                                    const RecipeRoots &roots);

} // namespace hefstudio
