// Room-internal: the metadata of a file as inspect shows it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/hef_metadata.h"

#include <nlohmann/json.hpp>

namespace hefstudio {

nlohmann::ordered_json metadataInspectJson(const Hef &hef);

} // namespace hefstudio
