// From a mapped, quantised network to the content of a HEF: one context of edges for each context
// of the mapping, names the runtime takes, the program and its companions as blobs.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "heads/end_nodes.h"
#include "heads/head_metadata.h"
#include "hef/emulation_hef.h"
#include "mapping/mapping.h"
#include "pipeline/conversion_record.h"
#include "pipeline/input_plan.h"
#include "quantize/quantized_graph.h"

namespace hefstudio {

struct HefParts {
    std::shared_ptr<const QuantizedGraph> quantized;
    Mapping mapping;
    std::vector<HefBlob> blobs;
    std::string groupName;
    std::uint64_t timestampMs = 0;
    double framesPerSecond = 0;
    std::optional<HefHostStep> nms;
};

Result<EmulationHefContent> assembleHef(HefParts parts);

// The record's description of every input and output.
void describePorts(const QuantizedGraph &quantized, const InputPlans &plans,
                   const std::vector<EndNodeProposal> &ends, const std::string &group,
                   ConversionRecord &record);

// HailoRT's NMS for a head that its host ops can carry. Diagnostics: convert.nms-unsupported, with
// the coding that they cannot.
Result<HefHostStep> nmsStep(const HeadLayout &head, std::span<const OutputPort> ports,
                           const ConversionSettings &settings, const std::string &group);

// The outputs of the HEF as a head's metadata names them, in the graph's order.
std::vector<OutputPort> outputPorts(const QuantizedGraph &quantized, const std::string &group);

} // namespace hefstudio
