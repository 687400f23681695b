// The optimised state of a conversion as a model archive.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/file.h"
#include "quantize/quantized_graph.h"

#include <string>

namespace hefstudio {

// `parsed` is the chip's part of the network before rewriting. Diagnostics: those of archive.h.
Result<Bytes> optimizedArchive(std::shared_ptr<const Graph> parsed, const QuantizedGraph &quantized,
                               const std::string &model, const std::string &arch);

} // namespace hefstudio
