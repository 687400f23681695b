// The answer of `hefc check`: what becomes of every operator of a model, where the chip's part
// should end and why, which chip it fits, what is unwise about it, and everything that stands in
// the way at once. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"
#include "heads/end_nodes.h"
#include "onnx/input_contract.h"
#include "pipeline/contract_preflight.h"

#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace hefstudio {

enum class Verdict {
    supported,   // becomes a layer on the chip, or part of one
    folded,      // worked out beforehand, or without effect
    needsHost,   // behind the end nodes
    unsupported, // and the network goes on behind it
};
std::string_view verdictName(Verdict verdict); // "supported", "folded", "needs host", "unsupported"

struct NodeRow {
    std::string node; // ONNX name
    std::string op;   // with its domain where that is not the standard one
    Verdict verdict = Verdict::supported;
    std::string reason; // empty where the verdict says it all
};

struct OperatorRow {
    std::string op;
    std::int64_t count = 0;
    Verdict verdict = Verdict::supported; // the worst of its nodes
    std::map<Verdict, std::int64_t> nodes;
};

// The network in figures, after the rewrites.
struct ModelFacts {
    std::string producer;
    std::int64_t opset = 0;
    bool isStatic = true; // the file states every input's shape
    std::int64_t batch = 1;
    struct Port {
        std::string name;
        Shape shape;
    };
    std::vector<Port> inputs;
    std::vector<Port> outputs; // of the model; without a shape where it is the host's to find
    std::int64_t layers = 0;
    std::int64_t parameters = 0;
    std::int64_t multiplyAccumulates = 0;
    std::int64_t attentionBlocks = 0;
    double attentionShare = 0; // of the multiplications
    bool isAttentionHeavy = false;
    Port largestMap;
};

// How it would be mapped at 8 bits.
struct ChipFit {
    std::string device;
    std::string title;
    int contexts = 0;
    double predictedFps = 0; // batch 1
    std::int64_t weightBytes = 0;
    std::int64_t weightMemoryBytes = 0; // of the chip
};

struct ModelCheck {
    bool wasRead = false; // the file could be opened as a model at all
    bool isSupported = false;
    std::vector<OperatorRow> operators; // by name
    std::vector<NodeRow> nodes;         // in the file's order
    std::vector<EndNodeProposal> ends;  // in output order
    InputContract contract;
    std::optional<ModelFacts> facts; // where the model could be imported
    Diagnostics diagnostics;
    std::optional<ChipFit> fit;    // the chip asked for
    std::vector<ChipFit> fits;     // every chip, smallest first
    std::string recommendedDevice; // the smallest with one context, else the fastest
    std::optional<Preflight> preflight; // where pictures were given
};

struct ModelCheckOptions {
    std::map<std::string, std::vector<std::int64_t>> inputShapes;
    std::vector<std::string> startNodes;
    std::vector<std::string> endNodes;
    std::string arch = "hailo8l"; // a chip or a board
    // For a preflight, with what the user knows of the input; empty: none.
    std::filesystem::path pictures;
    std::optional<Normalization> normalization;
    std::optional<ColorOrder> color;
    std::optional<ResizePolicy> resize;
};

// A model whose inputs have open or batched shapes is looked at with the shapes proposed for it;
// the diagnostic that asks for them stays.
ModelCheck checkModel(const std::filesystem::path &model, const ModelCheckOptions &options,
                      std::stop_token stop = {});

// The document of `hefc check --json`, see resources/schemas/check.schema.json.
std::string checkJson(const ModelCheck &check);

} // namespace hefstudio
