// Writes the description of a host NMS step: what HailoRT does with the outputs of the chip when a
// HEF asks it to. The step stands beside the core op and reads its pads.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/emulation_hef.h"
#include "hef/message_edit.h"

#include <cstdint>
#include <map>
#include <string>

namespace hefstudio {

// `pads`: indices of the core op's pads by stream name. Diagnostics: hef.content-invalid for a
// decoder that names no output.
Result<void> writeNmsStep(const HefNmsStep &step, const std::map<std::string, std::uint32_t> &pads,
                          edit::ProtoHEFNetworkGroup group);

} // namespace hefstudio
