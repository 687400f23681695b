// The first half of every conversion, whatever back end follows: the model imported, cut into the
// chip's part and the host's, and rewritten until it holds only layers the device has.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"
#include "graph/graph.h"
#include "heads/end_nodes.h"
#include "pipeline/input_plan.h"

#include <stop_token>

namespace hefstudio {

struct CutNetwork {
    std::shared_ptr<const Graph> whole;  // as imported
    std::shared_ptr<const Graph> device; // not yet rewritten
    std::shared_ptr<const Graph> host;   // float remainder; null when the chip does everything
    std::vector<EndNodeProposal> ends;   // one for each device output, in its order
    LedgerRow endNodesRow;
};

// Where the chip's part ends: the nodes the user named, else those the structure proposes.
// Diagnostics: graph.unknown-node, graph.cut-*, pipeline.outputs-lost.
Result<CutNetwork> cutForDevice(std::shared_ptr<const Graph> imported,
                                const ConversionSettings &settings);

// Runs every pass and folds the normalisation of picture inputs. Diagnostics: those of core/passes.
Result<std::shared_ptr<const Graph>> rewriteForDevice(std::shared_ptr<const Graph> device,
                                                      const InputPlans &plans, bool verify,
                                                      std::stop_token stop, const EventSink &sink);

} // namespace hefstudio
