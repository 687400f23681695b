// Small networks run in float and in integers, side by side.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ops/float_reference.h"
#include "ops/shape_inference.h"
#include "quantize/integer_run.h"
#include "quantize/quantize_graph.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <random>

namespace hefstudio {

inline Tensor randomTensor(Shape shape, std::mt19937 &random, float low, float high)
{
    Tensor tensor(ElementType::float32, std::move(shape));
    std::uniform_real_distribution<float> uniform(low, high);
    for (float &value : tensor.as<float>())
        value = uniform(random);
    return tensor;
}

// Builds layers with inferred shapes; a mistake ends the test program.
class World {
public:
    explicit World(unsigned seed = 1) : random(seed), m_build("tiny") {}

    TensorId input(Shape shape) { return m_build.input("x" + std::to_string(m_count++), shape); }
    TensorId constant(Tensor value)
    {
        return m_build.constant("k" + std::to_string(m_count++), std::move(value));
    }
    TensorId weights(Shape shape, float bound)
    {
        return constant(randomTensor(std::move(shape), random, -bound, bound));
    }
    TensorId add(Attributes attributes, std::vector<TensorId> inputs,
                 ScalarFunction activation = {})
    {
        auto made = addLayer(m_build, std::string(kindName(attributes)) + std::to_string(m_count++),
                             attributes, std::move(inputs), {.activation = activation});
        if (!made)
            throw std::runtime_error("the test's layer has no shape");
        return *made;
    }
    // A 3×3 convolution with He-scaled weights.
    TensorId convolution(TensorId x, std::int64_t outputs, std::int64_t stride,
                         ScalarFunction activation, std::int64_t groups = 1)
    {
        const std::int64_t inputs = shape(x)[1] / groups;
        const float bound = std::sqrt(6.0F / static_cast<float>(inputs * 9));
        const Window window{{3, 3}, {stride, stride}, {1, 1}, {1, 1}, {1, 1}};
        return add(Convolution{window, groups, {}},
                   {x, weights({outputs, inputs, 3, 3}, bound), weights({outputs}, 0.3F)},
                   activation);
    }
    const Shape &shape(TensorId id) const { return m_build.tensor(id).shape; }
    std::shared_ptr<const Graph> finish(std::vector<TensorId> outputs)
    {
        for (const TensorId output : outputs)
            m_build.output(output);
        auto graph = std::move(m_build).finish();
        if (!graph)
            throw std::runtime_error("the test's graph is invalid");
        return std::make_shared<const Graph>(std::move(*graph));
    }

    std::mt19937 random;

private:
    GraphBuilder m_build;
    int m_count = 0;
};

// Every value of the graph by TensorId.
inline std::vector<Tensor> runFloat(const Graph &graph, std::span<const Tensor> inputs)
{
    std::vector<Tensor> values(graph.tensors.size());
    for (std::size_t i = 0; i < inputs.size(); ++i)
        values[graph.inputs[i].index()] = inputs[i];
    for (const Layer &layer : graph.layers) {
        if (layer.is<Input>())
            continue;
        std::vector<const Tensor *> operands;
        for (const TensorId id : layer.inputs) {
            if (!id.isValid())
                operands.push_back(nullptr);
            else
                operands.push_back(graph.tensor(id).isConstant() ? graph.tensor(id).constant.get()
                                                                 : &values[id.index()]);
        }
        values[layer.output.index()] = runFloatReference(layer.attributes, layer.activation,
                                                         operands, graph.outputOf(layer).shape);
    }
    return values;
}

inline CalibrationStatistics calibrate(const Graph &graph,
                                       std::span<const std::vector<Tensor>> pictures)
{
    CalibrationStatistics statistics;
    statistics.tensors.resize(graph.tensors.size());
    statistics.channels.resize(graph.tensors.size());
    statistics.pictures = pictures.size();
    for (const std::vector<Tensor> &picture : pictures) {
        const std::vector<Tensor> values = runFloat(graph, picture);
        for (const Layer &layer : graph.layers) {
            const std::size_t index = layer.output.index();
            statistics.tensors[index].add(values[index].as<float>());
            statistics.channels[index].add(values[index].as<float>(), values[index].shape());
        }
    }
    return statistics;
}

inline std::vector<std::vector<Tensor>> randomPictures(const Graph &graph, int count,
                                                       std::mt19937 &random, float low, float high)
{
    std::vector<std::vector<Tensor>> pictures(static_cast<std::size_t>(count));
    for (auto &picture : pictures)
        for (const TensorId input : graph.inputs)
            picture.push_back(randomTensor(graph.tensor(input).shape, random, low, high));
    return pictures;
}

inline double snr(std::span<const float> wanted, std::span<const float> found)
{
    double signal = 0, noise = 1e-30;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        signal += static_cast<double>(wanted[i]) * wanted[i];
        noise += std::pow(static_cast<double>(wanted[i]) - found[i], 2);
    }
    return 10 * std::log10(signal / noise);
}

inline double largestError(std::span<const float> wanted, std::span<const float> found)
{
    double largest = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i)
        largest = std::max(largest, std::abs(static_cast<double>(wanted[i]) - found[i]));
    return largest;
}

// Float and integer outputs for one picture whose values the input's integers represent exactly.
struct SideBySide {
    std::shared_ptr<const QuantizedGraph> quantized;
    std::vector<Tensor> wanted, found; // real values, by output
    double step = 0;                   // of the first output

    double snr() const { return hefstudio::snr(wanted[0].as<float>(), found[0].as<float>()); }
    double errorInSteps() const
    {
        return largestError(wanted[0].as<float>(), found[0].as<float>()) / step;
    }
};

inline SideBySide compare(std::shared_ptr<const Graph> graph, World &world, float low = -2,
                          float high = 3, const QuantizeOptions &options = {})
{
    const auto pictures = randomPictures(*graph, 4, world.random, low, high);
    auto quantized = quantizeGraph(graph, calibrate(*graph, pictures), options);
    if (!quantized)
        throw std::runtime_error("quantise: " + quantized.error().front().id + " " +
                                 quantized.error().front().place.layer);
    SideBySide result{*quantized, {}, {}, 0};
    std::vector<Tensor> stored, real;
    for (std::size_t i = 0; i < graph->inputs.size(); ++i) {
        const TensorQuantisation &as = (*quantized)->of(graph->inputs[i]);
        stored.push_back(quantiseTensor(pictures.front()[i], as));
        real.push_back(dequantiseTensor(stored.back(), as));
    }
    const std::vector<Tensor> values = runFloat(*graph, real);
    const auto outputs = runInteger(**quantized, stored);
    for (std::size_t i = 0; i < graph->outputs.size(); ++i) {
        const TensorId id = graph->outputs[i];
        result.wanted.push_back(values[id.index()]);
        result.found.push_back(dequantiseTensor((*outputs)[i], (*quantized)->of(id)));
    }
    result.step = static_cast<double>((*quantized)->of(graph->outputs[0]).scale);
    return result;
}

} // namespace hefstudio
