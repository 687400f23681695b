// The answer of `hefc check`: which operators a model has and what becomes of them, where the
// chip's part should end, and everything that stands in the way at once. SPDX-License-Identifier:
// GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"
#include "heads/end_nodes.h"

#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace hefstudio {

struct OperatorRow {
    std::string op; // ONNX operator, with its domain where that is not the standard one
    std::int64_t count = 0;
    std::string verdict; // "converted", "folded away", "not supported"
};

struct ModelCheck {
    bool wasRead = false; // the file could be opened as a model at all
    bool isSupported = false;
    std::vector<OperatorRow> operators; // by name
    std::vector<EndNodeProposal> ends;  // where the model could be imported
    Diagnostics diagnostics;
    // How it would be mapped at 8 bits, where it is supported.
    struct Fit {
        std::string device;
        int contexts = 0;
        double predictedFps = 0; // batch 1
    };
    std::optional<Fit> fit;
};

struct ModelCheckOptions {
    std::map<std::string, std::vector<std::int64_t>> inputShapes;
    std::string arch = "hailo8l"; // a chip or a board
};

ModelCheck checkModel(const std::filesystem::path &model, const ModelCheckOptions &options,
                      std::stop_token stop = {});

} // namespace hefstudio
