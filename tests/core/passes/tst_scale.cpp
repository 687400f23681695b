// How import and passes grow with the network: deep networks must open at once.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/import.h"
#include "onnx_builder.h"
#include "passes/pipeline.h"
#include "result_matchers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <iostream>

using namespace hefstudio;

namespace {

// Residual blocks of six nodes: convolution, normalisation, SiLU in two nodes, convolution, sum.
Bytes deepNetwork(int nodes)
{
    OnnxBuilder model(17);
    model.input("x", {1, 8, 16, 16}).floats("w", {8, 8, 3, 3}).floats("s", {8});
    model.floats("v", {8}, {1, 1, 1, 1, 1, 1, 1, 1});
    std::string last = "x";
    for (int block = 0; block < nodes / 6; ++block) {
        const auto name = [&](const char *what) { return what + std::to_string(block); };
        model.node("Conv", {last, "w"}, {name("c")}, {{"pads", {1, 1, 1, 1}}});
        model.node("BatchNormalization", {name("c"), "s", "s", "s", "v"}, {name("n")});
        model.node("Sigmoid", {name("n")}, {name("g")});
        model.node("Mul", {name("n"), name("g")}, {name("a")});
        model.node("Conv", {name("a"), "w"}, {name("d")}, {{"pads", {1, 1, 1, 1}}});
        model.node("Add", {name("d"), last}, {name("y")});
        last = name("y");
    }
    model.output(last);
    return model.bytes();
}

// Of the processor: the wall's also grow with what else the machine does.
double secondsFor(int nodes)
{
    const Bytes bytes = deepNetwork(nodes);
    const std::clock_t start = std::clock();
    const auto graph = importOnnx(bytes);
    EXPECT_TRUE(graph) << failureText(graph);
    if (!graph)
        return 0;
    const auto prepared = runPasses(*graph, preparePasses(), {}, {}, {});
    EXPECT_TRUE(prepared) << failureText(prepared);
    const double took = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    std::cout << nodes << " nodes: " << took << " s\n";
    return took;
}

} // namespace

TEST(Scale, ImportAndPassesGrowLittleFasterThanTheNetwork)
{
    const double small = secondsFor(1000);
    const double large = secondsFor(10000);
    EXPECT_LT(small, 1);
    EXPECT_LT(large, 10);
    // Ten times the nodes; what is too quick to measure counts as 20 ms.
    EXPECT_LT(large, 30 * std::max(small, 0.02));
}
