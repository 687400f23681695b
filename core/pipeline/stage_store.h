// The values between the stages of a conversion as bytes and back, for the cache and for a recipe's
// lock. Equal values give equal bytes. Reading refuses what does not fit the graph it belongs to
// and allocates no more than a small multiple of the bytes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/file.h"
#include "mapping/mapping.h"
#include "pipeline/calibration_stage.h"
#include "pipeline/quantize_stage.h"

#include <optional>
#include <span>

namespace hefstudio {

// What the calibrate stage leaves.
struct CalibratedNetwork {
    CalibrationOutcome outcome;
    ChannelScales scales;
    // Of the rehearsal, by TensorId.
    std::vector<ChannelStatistics> rehearsalChannels;
};

Bytes encodeCalibrated(const CalibratedNetwork &calibrated); // without the kept inputs
std::optional<CalibratedNetwork> decodeCalibrated(std::span<const std::byte> bytes,
                                                  const Graph &graph);

Bytes encodeQuantized(const QuantizedGraph &quantized);
// Every layer is sound for the graph's shapes. Nothing otherwise.
std::shared_ptr<const QuantizedGraph> decodeQuantized(std::span<const std::byte> bytes,
                                                      std::shared_ptr<const Graph> graph);

Bytes encodeDecisions(std::span<const LayerDecision> decisions);
std::optional<std::vector<LayerDecision>> decodeDecisions(std::span<const std::byte> bytes);

Bytes encodeMapping(const Mapping &mapping);
std::optional<Mapping> decodeMapping(std::span<const std::byte> bytes, const Graph &graph);

// Everything that running the network in float gave a conversion: from it on, whole numbers alone
// make the file. This is what a lock's side file holds.
struct FrozenNetwork {
    std::vector<InputPlan> plans;
    Ledger ledger; // up to the quantise stage
    std::uint64_t samples = 0;
    Bytes decisions; // encodeDecisions()
    Bytes quantized; // encodeQuantized()
};

Bytes encodeFrozen(const FrozenNetwork &frozen);
// Diagnostics: recipe.frozen-damaged.
Result<FrozenNetwork> decodeFrozen(std::span<const std::byte> bytes, const std::string &name);

} // namespace hefstudio
