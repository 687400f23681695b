// What a conversion writes into its file's metadata: labels, input, each output with its
// quantisation, and how the file was made (EdgeFirst's schema 2, see hef/model_metadata.h).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/model_metadata.h"
#include "pipeline/conversion_record.h"
#include "quantize/quantized_graph.h"

namespace hefstudio {

struct ConversionFacts {
    const QuantizedGraph &quantized;
    const ConversionRecord &record; // ports described
    const ConversionSettings &settings;
    std::size_t calibrationSamples = 0;
    // How a detector's outputs are decoded, as a JSON object with `outputs` and what else belongs
    // to the root of the document; empty for other networks.
    std::string headDocument;
};

// Diagnostics: metadata.malformed for a head document that breaks the schema.
Result<ModelMetadata> describeConversion(const ConversionFacts &facts);

} // namespace hefstudio
