// A network description in the style of the vendor's model zoo (a YAML file and a model script) as
// the choices of a recipe. What a recipe says itself is taken out of the script, so that nothing is
// done twice; what it cannot say stays in the script, which becomes the recipe's own; what can be
// neither is listed.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "recipe/settings.h"
#include "vendor/alls.h"

namespace hefstudio {

struct ZooNetwork {
    std::string name;
    ConversionSettings settings; // without model, calibration and output
    AllsScript script;           // what is left for the recipe's own script
    std::vector<std::string> chips; // the file says it is for; empty: not said
    // warnings vendor.zoo-not-taken (a key or command), vendor.zoo-layer-names (statements that name
    // layers of the original network), vendor.zoo-base-missing.
    Diagnostics warnings;
};

// Reads the file and those it is based on, which lie in its own folder or the one above it, and the
// script it names: beside it, in `alls/` or as `script` says. Diagnostics: vendor.yaml,
// vendor.zoo-malformed, those of reading scripts.
Result<ZooNetwork> readZooNetwork(const std::filesystem::path &yaml,
                                  const std::filesystem::path &script = {});

} // namespace hefstudio
