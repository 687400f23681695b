// SPDX-License-Identifier: GPL-3.0-or-later
#include "passes/equivalence.h"

#include "ops/float_reference.h"

#include <algorithm>
#include <cmath>

namespace hefstudio {
namespace {

// Rounding grows along deep networks; a rewrite that changes the meaning shows far above this.
constexpr double relativeTolerance = 5e-4;
constexpr double absoluteTolerance = 1e-6;

std::uint64_t nextRandom(std::uint64_t &state) // splitmix64
{
    state += 0x9E3779B97F4A7C15U;
    std::uint64_t mixed = state;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBU;
    return mixed ^ (mixed >> 31);
}

} // namespace

std::vector<Tensor> pseudoRandomInputs(const Graph &graph, std::uint64_t seed)
{
    std::vector<Tensor> inputs;
    for (const TensorId id : graph.inputs) {
        Tensor tensor(ElementType::float32, graph.tensor(id).shape);
        for (float &value : tensor.as<float>())
            value = static_cast<float>(static_cast<double>(nextRandom(seed) >> 40) * 0x1p-23 - 1.0);
        inputs.push_back(std::move(tensor));
    }
    return inputs;
}

Result<std::vector<Tensor>> evaluateByReference(const Graph &graph, std::span<const Tensor> inputs,
                                                std::stop_token stop)
{
    std::vector<Tensor> values(graph.tensors.size());
    if (inputs.size() != graph.inputs.size())
        return fail(Diagnostic("engine.input-mismatch")
                        .with("input", std::string(graph.name))
                        .with("wanted", std::to_string(graph.inputs.size()))
                        .with("found", std::to_string(inputs.size())));
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const TensorInfo &info = graph.tensor(graph.inputs[i]);
        if (inputs[i].shape() != info.shape)
            return fail(Diagnostic("engine.input-mismatch", Place{.layer = info.name})
                            .with("input", info.name)
                            .with("wanted", info.shape.text())
                            .with("found", inputs[i].shape().text()));
        values[info.id.index()] = inputs[i];
    }
    for (const Layer &layer : graph.layers) {
        if (layer.is<Input>())
            continue;
        if (stop.stop_requested())
            return fail(Diagnostic("cancelled"));
        std::vector<const Tensor *> operands;
        for (const TensorId input : layer.inputs) {
            const Tensor *operand = nullptr;
            if (input.isValid())
                operand = graph.tensor(input).isConstant() ? graph.tensor(input).constant.get()
                                                           : &values[input.index()];
            operands.push_back(operand);
        }
        values[layer.output.index()] = runFloatReference(layer.attributes, layer.activation,
                                                         operands, graph.outputOf(layer).shape);
        for (const TensorId input : layer.inputs) {
            if (!input.isValid() || graph.tensor(input).isConstant())
                continue;
            const std::vector<LayerId> &consumers = graph.tensor(input).consumers;
            if (consumers.back() == layer.id && !graph.isOutput(input))
                values[input.index()] = Tensor(); // nobody after this layer reads it
        }
    }
    std::vector<Tensor> outputs;
    for (const TensorId output : graph.outputs)
        outputs.push_back(graph.tensor(output).isConstant() ? *graph.tensor(output).constant
                                                            : values[output.index()]);
    return outputs;
}

std::optional<Difference> meaningfulDifference(const Graph &graph, std::span<const Tensor> a,
                                               std::span<const Tensor> b)
{
    std::optional<Difference> worst;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        Difference difference{.output = graph.tensor(graph.outputs[i]).name};
        bool differs = a[i].shape() != b[i].shape();
        if (!differs) {
            const Tensor floatA = a[i].toFloat32();
            const Tensor floatB = b[i].toFloat32();
            const std::span<const float> valuesA = floatA.as<float>();
            const std::span<const float> valuesB = floatB.as<float>();
            for (std::size_t k = 0; k < valuesA.size(); ++k) {
                const double x = static_cast<double>(valuesA[k]);
                const double y = static_cast<double>(valuesB[k]);
                if (std::isnan(x) != std::isnan(y))
                    differs = true;
                if (!std::isfinite(x) || !std::isfinite(y)) {
                    differs = differs || (std::isinf(x) && x != y);
                    continue;
                }
                difference.magnitude = std::max(difference.magnitude, std::abs(x));
                difference.largest = std::max(difference.largest, std::abs(x - y));
            }
        }
        differs = differs ||
                  difference.largest > relativeTolerance * difference.magnitude + absoluteTolerance;
        if (differs && (!worst || difference.largest >= worst->largest))
            worst = difference;
    }
    return worst;
}

} // namespace hefstudio
