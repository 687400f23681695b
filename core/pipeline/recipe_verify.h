// Does a recipe still give the bytes it was locked with? First its inputs, then the rebuilding from
// the lock's frozen numbers (on any machine), then, where this build and instruction set are those
// of the lock, from the pictures.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pipeline/conversion.h"

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace hefstudio {

// One way of rebuilding.
struct RebuildCheck {
    bool ran = false;
    bool isEqual = false;
    std::string whyNot;         // why it did not run
    std::string differingStage; // the first, where it ran and is not equal
};

struct RecipeCheck {
    // The first input whose digest is not the locked one; empty: all are.
    std::string differingInput;
    bool isInputMissing = false;
    RebuildCheck fromLock;
    RebuildCheck fromPictures;

    bool isVerified() const
    {
        return differingInput.empty() && fromLock.isEqual &&
               (!fromPictures.ran || fromPictures.isEqual);
    }
};

struct RecipeVerifyOptions {
    enum class Pictures { whereBuildMatches, always, never };
    Pictures pictures = Pictures::whereBuildMatches;
    int threads = 0;
};

// Writes nothing and uses no cache. Diagnostics: recipe.no-lock, recipe.frozen-damaged, those of a
// conversion that does not come through.
Result<RecipeCheck> verifyRecipe(const std::filesystem::path &file, const Recipe &recipe,
                                 const RecipeVerifyOptions &options, std::stop_token stop,
                                 const EventSink &sink);

// The lock's side file, read and held against its digest. Diagnostics: recipe.no-lock,
// recipe.frozen-damaged, those of reading.
Result<FrozenNetwork> readFrozenOf(const std::filesystem::path &file, const Recipe &recipe);

// Recipe and side file; neither is replaced unless both can be written. Diagnostics: those of
// writeRecipe.
Result<void> writeLockedRecipe(const std::filesystem::path &file, const ConversionSettings &settings,
                               const ConversionResult &result, const RecipeRoots &roots);

} // namespace hefstudio
