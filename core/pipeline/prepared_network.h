// The first half of every conversion, whatever back end follows: the model imported, cut into the
// chip's part and the host's, and rewritten until it holds only layers the device has.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"
#include "base/file.h"
#include "graph/graph.h"
#include "heads/end_nodes.h"
#include "heads/head_layout.h"
#include "onnx/import.h"
#include "pipeline/input_plan.h"

#include <stop_token>

namespace hefstudio {

// A model file read and imported as far as it goes.
struct ImportedModel {
    std::filesystem::path file;
    OnnxModel onnx;
    ImportedPrefix prefix;
    // Refused nodes behind which the network goes on, not only decoding: layers with weights depend
    // on them. What is left of such a network is no network.
    std::vector<std::string> blocking;

    const std::shared_ptr<const Graph> &graph() const { return prefix.graph; }
};
// Diagnostics: those of readOnnxModel and importPrefix.
Result<ImportedModel> importModel(const std::filesystem::path &file,
                                  const std::map<std::string, std::vector<std::int64_t>> &shapes);

// Imports as far as it goes and finds the blocking nodes.
Result<ImportedModel> importModel(OnnxModel onnx, const std::filesystem::path &file,
                                  const std::map<std::string, std::vector<std::int64_t>> &shapes);

// Every input of rank three and more takes one sample at a time. Diagnostics: input.batch, with the
// fix to set its shape.
Result<void> checkBatch(const Graph &graph, const std::string &file);

struct CutNetwork {
    std::shared_ptr<const Graph> whole;  // as imported, its head prepared (passes/head_surgery.h)
    std::shared_ptr<const Graph> device; // not yet rewritten
    // Float remainder; null when the chip does everything, or when the end of the model could not
    // be imported (then hostRemainder() takes it from the file).
    std::shared_ptr<const Graph> host;
    std::vector<EndNodeProposal> ends; // one for each device output, in its order
    // What the device's outputs mean, for a detector whose coding is known.
    std::optional<HeadLayout> head;
    LedgerRow endNodesRow;
    std::optional<LedgerRow> headRow; // what was done to the head
};

// Where the chip's part ends: the nodes the user named, else those the structure proposes, drawn
// back to the last values before anything that the chip cannot have.
// A blocked network (ImportedModel::blocking) is cut at the last values before them, without a look
// at its structure. Diagnostics: input.batch, graph.unknown-node, graph.cut-*,
// pipeline.nothing-for-chip.
Result<CutNetwork> cutForDevice(const ImportedModel &model, const ConversionSettings &settings);
Result<CutNetwork> cutForDevice(std::shared_ptr<const Graph> imported,
                                const ConversionSettings &settings);

// What is left to the host, as ONNX that reads the device's outputs by their names.
struct HostRemainder {
    Bytes onnx; // empty when the chip does everything
    std::vector<std::string> outputs;
};
Result<HostRemainder> hostRemainder(const ImportedModel &model, const CutNetwork &cut);

// Runs every pass and folds the normalisation of picture inputs. Diagnostics: those of core/passes.
Result<std::shared_ptr<const Graph>> rewriteForDevice(std::shared_ptr<const Graph> device,
                                                      const InputPlans &plans, bool verify,
                                                      std::stop_token stop, const EventSink &sink);

} // namespace hefstudio
