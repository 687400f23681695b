// What can be written next in a model script, from what stands before the cursor: a command at the
// begin of a statement, inside its brackets the algorithms and keys it is known to take.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hefstudio {

struct AllsCompletion {
    std::string word; // "quantization_param", "policy="
    std::string about; // a sentence; empty for keys
};

struct AllsCompletions {
    std::size_t prefix = 0; // so many characters before the cursor are replaced
    std::vector<AllsCompletion> words;
};

AllsCompletions completeAlls(std::string_view beforeCursor);

} // namespace hefstudio
