// What `hefc inspect FILE.har` says: the state of the model, its parts, its layers with weights,
// precision and observed ranges. The JSON's form is resources/schemas/har.schema.json.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "har/har_archive.h"

#include <string>

namespace hefstudio {

// Diagnostics: those of hn_network.h, npz.*. Weights and statistics that cannot be read are left
// out and told in the text.
Result<std::string> harOverviewText(const HarArchive &archive);
Result<std::string> harInspectJson(const HarArchive &archive);

} // namespace hefstudio
