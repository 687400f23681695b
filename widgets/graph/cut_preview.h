// What a choice of start and end nodes would make: the HEF's outputs and what is left to the host.
// Computed off the GUI thread.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/model_loader.h"

#include <QString>

namespace hefstudio {

struct CutOutput {
    QString node;  // ONNX node the output ends at
    QString name;  // of the value
    QString role;  // "box", "classes"; empty where the structure does not tell
    QString shape; // H×W×C
    QString reason;
    std::int64_t stride = 0;
    std::int64_t bytes = 0; // of one frame at 8 bits
};

struct CutPreview {
    std::vector<CutOutput> outputs;
    int chipLayers = 0; // of the source graph
    int hostLayers = 0;
    QStringList hostOperators; // most frequent first, with counts
    Diagnostics problems;      // why the cut cannot be made; empty when it can
};

CutPreview previewCut(const LoadedModel &model);
// A role as people say it.
QString roleText(EndNodeRole role);

} // namespace hefstudio
