// Which HailoRT releases open a file and which chips take it, each with the rule that decides.
// Releases before 4.17 are not judged.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"
#include "hef/schema.h"

#include <string>
#include <vector>

namespace hefstudio {

class Hef;

struct HefRelease {
    std::string version; // "4.23"
    bool opens = false;
    std::string reason; // the rule that decides
};

struct HefChipVerdict {
    std::string chip; // "Hailo-8L"
    bool accepts = false;
    std::string reason;                // the rule that decides
    std::vector<std::string> releases; // that open the file and drive this chip; oldest first
};

struct HefCompatibility {
    std::vector<HefRelease> releases; // oldest first
    std::vector<HefChipVerdict> chips;

    std::string releasesText() const; // "4.20 to 5.2", "no known release"
    std::string chipsText() const;    // "Hailo-8, Hailo-8L", "no chip"
};

HefCompatibility compatibilityOf(const Hef &hef);

// For what this release refuses the content: the errors of Hef::checks() that it does not let pass,
// and what other releases know and it does not. The container is not looked at.
Diagnostics contentFaults(const Hef &hef, SchemaRelease release);

} // namespace hefstudio
