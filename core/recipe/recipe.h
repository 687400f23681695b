// A conversion as a file that rebuilds the same bytes: the choices a person made, and a lock with
// the digests of everything that went in and came out. Paths are relative to the recipe or below a
// named root; absolute and escaping ones are refused. Reading a recipe runs nothing, and no field
// of it is a command. Schema: resources/schemas/recipe.schema.json.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ledger.h"
#include "recipe/recipe_paths.h"
#include "recipe/settings.h"

namespace hefstudio {

// What is written; older ones are read (recipe_migration.h).
inline constexpr int recipeVersion = 2;

struct StageDigest {
    std::string stage;
    std::string sha256; // of the stage's value, see pipeline/stage_digest.h
    friend bool operator==(const StageDigest &, const StageDigest &) = default;
};

struct RecipeLock {
    std::string toolVersion;
    // Of the program's file and its libraries: from pictures, only the same build gives the same
    // bytes. Empty in recipes of version 1.
    std::string build;
    std::string isa; // the level the float kernels ran at
    std::string modelSha256;
    std::string labelsSha256; // empty without a labels file
    // File name relative to the calibration source → digest, in set order.
    std::vector<std::pair<std::string, std::string>> calibration;
    // The side file beside the recipe that holds the frozen numbers (pipeline/frozen_network.h): its
    // name and digest. Empty: none.
    std::string frozenFile;
    std::string frozenSha256;
    std::vector<StageDigest> stages; // in the order they ran
    Ledger effective;
    std::string resultSha256;
    // Of the vendor back end; empty for the built-in one.
    std::string compiler;    // version of the Dataflow Compiler
    std::string imageDigest; // of the container it ran in
};

struct Recipe {
    ConversionSettings settings; // paths resolved against the recipe's folder
    std::optional<RecipeLock> lock;
    int version = recipeVersion; // of the file that was read
};

// Diagnostics: recipe.malformed with the line and key path, recipe.version, those of readFile.
Result<Recipe> readRecipe(const std::filesystem::path &file, const RecipeRoots &roots = {});
// The same from text; `file` names it and its folder.
Result<Recipe> recipeFromText(std::string_view text, const std::filesystem::path &file,
                              const RecipeRoots &roots = {});

// Can these settings be kept in a recipe at that place? To be asked before the work that fills its
// lock. Diagnostics: recipe.path-outside for a file that lies neither below the recipe's folder nor
// below a root.
Result<void> checkRecipePaths(const std::filesystem::path &file, const ConversionSettings &settings,
                              const RecipeRoots &roots = {});
// Diagnostics: those of checkRecipePaths.
Result<std::string> recipeText(const std::filesystem::path &file, const Recipe &recipe,
                               const RecipeRoots &roots = {});
// Diagnostics: those of recipeText and of writeFileAtomically.
Result<void> writeRecipe(const std::filesystem::path &file, const Recipe &recipe,
                         const RecipeRoots &roots = {});

// "net.hefrecipe.json" → "net.hefrecipe.lock": the lock's side file, beside the recipe.
std::filesystem::path frozenFileOf(const std::filesystem::path &recipe);

} // namespace hefstudio
