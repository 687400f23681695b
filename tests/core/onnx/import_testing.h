// What the tests of import and export share: a model as text, a run in the float reference.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "onnx_builder.h"

#include "base/diagnostic_catalogue.h"
#include "onnx/export.h"
#include "onnx/import.h"
#include "ops/float_reference.h"
#include "result_matchers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <sstream>

inline hefstudio::Result<std::shared_ptr<const hefstudio::Graph>>
imported(const OnnxBuilder &model, const hefstudio::ImportOptions &options = {})
{
    return hefstudio::importOnnx(model.bytes(), options);
}

// The layers as printGraph() shows them, inputs left out; or what failed.
inline std::string layersOf(const OnnxBuilder &model, const hefstudio::ImportOptions &options = {})
{
    const auto graph = imported(model, options);
    if (!graph)
        return failureText(graph);
    std::istringstream lines(printGraph(**graph));
    std::string text;
    for (std::string line; std::getline(lines, line);)
        if (line.find(" input ->") == std::string::npos && !line.starts_with("outputs:"))
            text += line + "\n";
    return text;
}

// "onnx.unsupported-op TopK_3 | onnx.cycle a"
inline std::string faultsOf(const hefstudio::Result<std::shared_ptr<const hefstudio::Graph>> &graph)
{
    std::string text;
    if (!graph)
        for (const auto &diagnostic : graph.error())
            text += (text.empty() ? "" : " | ") + diagnostic.id +
                    (diagnostic.place.node.empty() ? "" : " " + diagnostic.place.node);
    return text;
}

inline std::vector<hefstudio::Tensor> runReference(const hefstudio::Graph &graph)
{
    using namespace hefstudio;
    std::vector<Tensor> values(graph.tensors.size());
    for (const TensorInfo &info : graph.tensors)
        if (info.isConstant())
            values[info.id.index()] = *info.constant;
    std::uint32_t state = 12345;
    for (const TensorId id : graph.inputs) {
        Tensor input(ElementType::float32, graph.tensor(id).shape);
        for (float &value : input.as<float>()) {
            state = state * 1664525U + 1013904223U;
            value = static_cast<float>(state >> 16U) / 32768.0F - 1.0F;
        }
        values[id.index()] = std::move(input);
    }
    for (const Layer &layer : graph.layers) {
        if (layer.is<Input>())
            continue;
        std::vector<const Tensor *> operands;
        for (const TensorId id : layer.inputs)
            operands.push_back(id.isValid() ? &values[id.index()] : nullptr);
        values[layer.output.index()] = runFloatReference(layer.attributes, layer.activation,
                                                         operands, graph.outputOf(layer).shape);
    }
    std::vector<Tensor> outputs;
    for (const TensorId id : graph.outputs)
        outputs.push_back(values[id.index()]);
    return outputs;
}

// Largest difference over all outputs relative to the largest value; infinite when shapes differ.
inline double largestDifference(const std::vector<hefstudio::Tensor> &a,
                                const std::vector<hefstudio::Tensor> &b)
{
    double worst = a.size() == b.size() ? 0 : INFINITY;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        if (a[i].shape() != b[i].shape())
            return INFINITY;
        const auto x = a[i].as<float>();
        const auto y = b[i].as<float>();
        double scale = 1e-6;
        double difference = 0;
        for (std::size_t k = 0; k < x.size(); ++k) {
            if (std::isnan(x[k]) && std::isnan(y[k]))
                continue;
            scale = std::max(scale, std::fabs(double(x[k])));
            difference = std::max(difference, std::fabs(double(x[k]) - double(y[k])));
        }
        worst = std::max(worst, difference / scale);
    }
    return worst;
}

// "x" 1×3×8×8 through one node to "y".
inline OnnxBuilder oneNode(int opset, const std::string &op,
                           const std::vector<std::string> &moreInputs = {},
                           const std::vector<OnnxBuilderAttribute> &attributes = {},
                           const OnnxBuilder::Dims &dims = {1, 3, 8, 8})
{
    OnnxBuilder model(opset);
    std::vector<std::string> inputs{"x"};
    inputs.insert(inputs.end(), moreInputs.begin(), moreInputs.end());
    model.input("x", dims).node(op, inputs, {"y"}, attributes).output("y");
    return model;
}
