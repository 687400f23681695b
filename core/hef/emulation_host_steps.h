// Room-internal: the steps an emulation HEF leaves to the library on the host, as messages.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/emulation_hef.h"
#include "hef/message_edit.h"

#include <map>

namespace hefstudio {

// Pads of the core op by edge name.
using PadsByEdge = std::map<std::string, std::uint32_t>;

// Each step takes outputs of the chip, has its decoders among them, and what HailoRT demands of its
// kind. Diagnostics: hef.content-invalid.
Result<void> checkHostSteps(const EmulationHefContent &content);

// Appends an operation per step, with pads of their own after those of the core op.
void writeHostSteps(const EmulationHefContent &content, const PadsByEdge &corePads,
                    edit::ProtoHEFNetworkGroup group);

// The optional features the steps name, so that releases without them refuse the file.
std::vector<proto::ProtoHEFExtensionType> extensionsOfHostSteps(const EmulationHefContent &content);

} // namespace hefstudio
