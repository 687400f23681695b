// What the tests of the passes share: random constants, and the check that a rewrite keeps the
// meaning, is stable when run again, and leaves a sound graph.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic_catalogue.h"
#include "graph/graph_builder.h"
#include "ops/shape_inference.h"
#include "passes/equivalence.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <random>

namespace hefstudio {

class PassTest : public testing::Test {
protected:
    Tensor random(Shape shape, float low = -1, float high = 1)
    {
        std::uniform_real_distribution<float> values(low, high);
        Tensor tensor(ElementType::float32, std::move(shape));
        for (float &value : tensor.as<float>())
            value = values(m_generator);
        return tensor;
    }
    TensorId constant(Shape shape, float low = -1, float high = 1)
    {
        return build.constant("c", random(std::move(shape), low, high));
    }
    TensorId scalar(float value) { return build.constant("s", Tensor::scalar<float>(value)); }

    TensorId add(std::string name, Attributes attributes, std::vector<TensorId> inputs,
                 GraphBuilder::Options options = {})
    {
        Result<TensorId> id =
            addLayer(build, name, std::move(attributes), std::move(inputs), std::move(options));
        EXPECT_TRUE(id) << name << (id ? "" : ": " + consoleText(id.error()[0]));
        return id.value_or(TensorId::invalid());
    }
    TensorId convolution(std::string name, TensorId x, std::int64_t outputs,
                         std::int64_t kernel = 3, std::int64_t groups = 1, bool withBias = true)
    {
        const std::int64_t channels = build.tensor(x).shape[1];
        const std::int64_t pad = kernel / 2;
        std::vector<TensorId> inputs{x, constant({outputs, channels / groups, kernel, kernel})};
        if (withBias)
            inputs.push_back(constant({outputs}));
        return add(std::move(name),
                   Convolution{.window = {.kernel = {kernel, kernel},
                                          .padBegin = {pad, pad},
                                          .padEnd = {pad, pad}},
                               .groups = groups},
                   inputs);
    }
    TensorId function(std::string name, Function what, TensorId x, float alpha = 0, float beta = 0)
    {
        return add(std::move(name), Elementwise{{what, alpha, beta}}, {x});
    }
    TensorId binary(std::string name, BinaryOperator op, TensorId a, TensorId b)
    {
        return add(std::move(name), Binary{op}, {a, b});
    }
    TensorId normalization(std::string name, TensorId x)
    {
        const std::int64_t channels = build.tensor(x).shape[1];
        return add(std::move(name), BatchNormalization{},
                   {x, constant({channels}, 0.5F, 2), constant({channels}), constant({channels}),
                    constant({channels}, 0.1F, 2)});
    }

    std::shared_ptr<const Graph> finish(std::vector<TensorId> outputs)
    {
        for (const TensorId output : outputs)
            build.output(output);
        Result<Graph> graph = std::move(build).finish();
        EXPECT_TRUE(graph) << (graph ? "" : consoleText(graph.error()[0]));
        return std::make_shared<const Graph>(graph ? std::move(*graph) : Graph{});
    }

    using Pass = std::function<Result<std::shared_ptr<const Graph>>(const Graph &)>;
    // Runs the pass, checks numbers and stability, returns the new graph.
    static std::shared_ptr<const Graph> rewrite(const Pass &pass, const Graph &graph)
    {
        Result<std::shared_ptr<const Graph>> changed = pass(graph);
        EXPECT_TRUE(changed) << (changed ? "" : consoleText(changed.error()[0]));
        if (!changed)
            return nullptr;
        expectSameMeaning(graph, **changed);
        Result<std::shared_ptr<const Graph>> again = pass(**changed);
        EXPECT_TRUE(again);
        if (again) {
            EXPECT_EQ(printGraph(**changed), printGraph(**again)) << "not stable";
        }
        return *changed;
    }

    static void expectSameMeaning(const Graph &before, const Graph &after)
    {
        const std::vector<Tensor> inputs = pseudoRandomInputs(before, 7);
        const auto a = evaluateByReference(before, inputs);
        const auto b = evaluateByReference(after, inputs);
        ASSERT_TRUE(a && b);
        ASSERT_EQ(a->size(), b->size());
        const auto difference = meaningfulDifference(before, *a, *b);
        EXPECT_FALSE(difference) << printGraph(before) << "became\n"
                                 << printGraph(after) << difference->output << " differs by "
                                 << difference->largest << " of " << difference->magnitude;
        ASSERT_EQ(before.outputs.size(), after.outputs.size());
        for (std::size_t i = 0; i < before.outputs.size(); ++i)
            EXPECT_EQ(before.tensor(before.outputs[i]).name, after.tensor(after.outputs[i]).name);
    }

    // "input convolution elementwise", in execution order.
    static std::string kinds(const Graph &graph)
    {
        std::string text;
        for (const Layer &layer : graph.layers)
            text += (text.empty() ? "" : " ") + std::string(layer.kind());
        return text;
    }

    GraphBuilder build{"test"};

private:
    std::mt19937 m_generator{1};
};

} // namespace hefstudio
