// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/import.h"

#include "base/diagnostic_catalogue.h"
#include "shared_folder.h"

#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <map>

using namespace hefstudio;

namespace {

std::string counts(const Graph &graph)
{
    std::map<std::string, int> kinds;
    for (const Layer &layer : graph.layers)
        ++kinds[std::string(layer.kind())];
    std::string text;
    for (const auto &[kind, count] : kinds)
        text += " " + kind + " " + std::to_string(count);
    return text;
}

std::string outputsOf(const Graph &graph)
{
    std::string text;
    for (const TensorId id : graph.outputs)
        text += (text.empty() ? "" : ", ") + graph.tensor(id).name + " " +
                graph.tensor(id).shape.text();
    return text;
}

} // namespace

TEST(SharedModels, importCompletely)
{
    REQUIRE_SHARED_FOLDER(shared);
    const std::map<std::string, std::string> models = {
        {"yolox_nano.onnx", "output 1×3549×85"},
        {"FastestDet.onnx", "758 1×85×22×22"},
        {"yunet_n_320.onnx",
         "cls_8 1×1600×1, cls_16 1×400×1, cls_32 1×100×1, obj_8 1×1600×1, obj_16 1×400×1, obj_32 "
         "1×100×1, bbox_8 1×1600×4, bbox_16 1×400×4, bbox_32 1×100×4, kps_8 1×1600×10, kps_16 "
         "1×400×10, kps_32 1×100×10"},
        {"version-RFB-320.onnx", "scores 1×4420×2, boxes 1×4420×4"}};
    for (const auto &[file, outputs] : models) {
        const auto start = std::chrono::steady_clock::now();
        const auto graph = importOnnx(shared / "models" / file);
        const std::chrono::duration<double, std::milli> took =
            std::chrono::steady_clock::now() - start;
        if (!graph) {
            for (const Diagnostic &diagnostic : graph.error())
                std::cout << consoleText(diagnostic);
            ADD_FAILURE() << file;
            continue;
        }
        EXPECT_EQ(outputsOf(**graph), outputs) << file;
        std::cout << file << ": " << (*graph)->layers.size() << " layers, "
                  << parameterCount(**graph) << " parameters, " << multiplyAccumulates(**graph)
                  << " MACs, " << took.count() << " ms:" << counts(**graph) << '\n';
    }
}
