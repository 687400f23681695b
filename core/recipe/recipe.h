// A conversion as a file that rebuilds the same bytes: the choices a person made, and a lock with
// the digests of everything that went in and came out. Paths are relative to the recipe; absolute
// and escaping ones are refused. Reading a recipe runs nothing. Schema:
// resources/schemas/recipe.schema.json.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ledger.h"
#include "recipe/settings.h"

namespace hefstudio {

struct RecipeLock {
    std::string toolVersion;
    std::string isa; // the level the float kernels ran at
    std::string modelSha256;
    // File name relative to the calibration source → digest, in set order.
    std::vector<std::pair<std::string, std::string>> calibration;
    Ledger effective;
    std::string resultSha256;
};

struct Recipe {
    ConversionSettings settings; // paths resolved against the recipe's folder
    std::optional<RecipeLock> lock;
};

// Diagnostics: recipe.malformed with the key path, recipe.version, recipe.path-outside,
// json.malformed, those of readFile.
Result<Recipe> readRecipe(const std::filesystem::path &file);
// Can these settings be kept in a recipe at that place? To be asked before the work that fills its
// lock. Diagnostics: recipe.path-outside for a file that does not lie below the recipe's folder.
Result<void> checkRecipePaths(const std::filesystem::path &file,
                              const ConversionSettings &settings);
// Diagnostics: those of checkRecipePaths and of writeFileAtomically.
Result<void> writeRecipe(const std::filesystem::path &file, const Recipe &recipe);

} // namespace hefstudio
