// A recipe's text looked at before it becomes values: what is in it twice, nested or too large, and
// the line a key stands on, so that a fault can be shown where a person edits.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hefstudio {

// Objects and lists inside each other; a recipe needs four.
inline constexpr int deepestRecipe = 16;
inline constexpr std::size_t longestRecipeText = 4096; // of one text in it, in bytes

struct RecipeTextFault {
    std::size_t offset = 0;
    std::string keyPath; // "lock.calibration[3].sha256"; empty at the top
    std::string reason;
};

// Whether the text is JSON, each key of an object once, nothing deep, no number beyond 2^64 or with
// more digits than a double has use for, no text that is long or holds control characters. Reads
// each byte once and stops at the first fault.
std::optional<RecipeTextFault> checkRecipeText(std::string_view text);

// Where the value of a key path begins, in a text that checkRecipeText() lets pass; the key itself
// when the last part of the path is one.
std::optional<std::size_t> locateKey(std::string_view text, std::string_view keyPath);

// Counted from 1.
int lineOf(std::string_view text, std::size_t offset);

} // namespace hefstudio
