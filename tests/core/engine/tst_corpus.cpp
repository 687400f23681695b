// Float results against a trusted runtime over a folder of exports, where the developer has one:
// HEFSTUDIO_CORPUS names it, tests/bench/compare_runtime makes it. Beside NAME.onnx lie
// NAME.input.npy, the runtime's outputs as NAME.out.0.npy and so on (for a network that rounds, the
// values before it as NAME.rounded.0.npy), and in NAME.runtime.json the
// shapes of all its values ("shapes": name → list). HEFSTUDIO_CORPUS_ONLY picks the names that
// contain a text.
//
// Some networks magnify the rounding of single precision beyond the limit in every runtime. Their
// outputs are recorded in double precision, and "single_precision_error" says by how much the
// trusted runtime itself misses those. Then the scalar reference, which sums in double precision,
// is held to the limit, and the engine to one and a half times the runtime's own error.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/file.h"
#include "base/npy.h"
#include "engine/float_engine.h"
#include "onnx/import.h"
#include "random_nets.h"
#include "result_matchers.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>

using namespace hefstudio;
namespace fs = std::filesystem;

namespace {

// Values that only order decides (indices, boxes behind a top-k) are compared as ONNX writes them.
struct Difference {
    double relative = 0; // largest difference over the largest value
    std::string text;
};

Difference differenceOf(const Tensor &got, const Tensor &wanted)
{
    if (got.shape() != wanted.shape())
        return {INFINITY, "shape " + got.shape().text() + " for " + wanted.shape().text()};
    const Tensor a = got.toFloat32(), b = wanted.toFloat32();
    double largest = 0, worst = 0;
    for (std::size_t i = 0; i < a.as<float>().size(); ++i) {
        const double x = a.as<float>()[i], y = b.as<float>()[i];
        if (std::isnan(x) && std::isnan(y))
            continue;
        largest = std::max(largest, std::abs(y));
        worst = std::max(worst, x == y ? 0 : std::abs(x - y));
    }
    return {largest > 0 ? worst / largest : worst, {}};
}

nlohmann::json factsOf(const fs::path &file)
{
    std::ifstream stream(file);
    auto json = stream ? nlohmann::json::parse(stream, nullptr, false) : nlohmann::json::object();
    return json.is_object() ? std::move(json) : nlohmann::json::object();
}

// The values whose shape differs from the runtime's; `compared` counts those looked at. Constants
// and what the import merged or folded away have no counterpart.
std::string shapeFaults(const Graph &graph, const nlohmann::json &facts, int &compared)
{
    std::string text;
    const auto shapes = facts.value("shapes", nlohmann::json::object());
    for (const auto &[name, dims] : shapes.items()) {
        const TensorInfo *info = graph.findTensor(name);
        if (!info || info->isConstant())
            continue;
        ++compared;
        if (info->shape.dims() != dims.get<std::vector<std::int64_t>>() && text.size() < 200)
            text += " " + name + " " + info->shape.text();
    }
    return text;
}

// Rows of detections behind a selection come in the order of their scores, which rounding may
// exchange: each wanted row [..., R, K] against the nearest of ours.
Difference differenceOfRows(const Tensor &got, const Tensor &wanted)
{
    if (got.shape() != wanted.shape() || got.shape().rank() < 2)
        return differenceOf(got, wanted);
    const auto size = static_cast<std::size_t>(got.shape()[got.shape().rank() - 1]);
    const Tensor a = got.toFloat32(), b = wanted.toFloat32();
    const std::size_t rows = size == 0 ? 0 : a.as<float>().size() / size;
    double largest = 0, worst = 0;
    for (std::size_t row = 0; row < rows; ++row) {
        double nearest = INFINITY;
        for (std::size_t other = 0; other < rows && nearest > 0; ++other) {
            double distance = 0;
            for (std::size_t i = 0; i < size; ++i)
                distance = std::max(distance, std::abs(double(a.as<float>()[other * size + i]) -
                                                       double(b.as<float>()[row * size + i])));
            nearest = std::min(nearest, distance);
        }
        worst = std::max(worst, nearest);
        for (std::size_t i = 0; i < size; ++i)
            largest = std::max(largest, std::abs(double(b.as<float>()[row * size + i])));
    }
    return {largest > 0 ? worst / largest : worst, {}};
}

// The nodes whose results are rounded by others: a value just at a step goes either way, and
// everything behind with it.
std::vector<std::string> beforeRounding(const OnnxModel &model)
{
    std::vector<std::string> names;
    for (const OnnxNode &node : model.nodes)
        for (const OnnxNode &producer : model.nodes)
            if (node.op == "Round" &&
                std::ranges::find(producer.outputs, node.inputs[0]) != producer.outputs.end())
                names.push_back(producer.name);
    return names;
}

// The largest difference over all outputs, and which it is.
Difference worstOutput(const std::vector<Tensor> &got,
                       const std::function<fs::path(std::size_t)> &file,
                       const std::function<Difference(const Tensor &, const Tensor &)> &compare)
{
    Difference worst;
    for (std::size_t i = 0; i < got.size(); ++i) {
        const auto wanted = readNpy(file(i));
        if (!wanted)
            return {INFINITY, failureText(wanted)};
        const Difference difference = compare(got[i], *wanted);
        if (difference.relative > worst.relative)
            worst = {difference.relative, "output " + std::to_string(i) + " " + difference.text};
    }
    return worst;
}

} // namespace

TEST(Corpus, FloatResultsEqualTheTrustedRuntime)
{
    const char *named = std::getenv("HEFSTUDIO_CORPUS");
    if (!named)
        GTEST_SKIP() << "HEFSTUDIO_CORPUS names no folder";
    const char *only = std::getenv("HEFSTUDIO_CORPUS_ONLY");
    std::vector<fs::path> models;
    for (const auto &entry : fs::directory_iterator(named)) {
        const fs::path &path = entry.path();
        const bool isWanted = !only || path.stem().string().find(only) != std::string::npos;
        if (path.extension() == ".onnx" && isWanted)
            models.push_back(path);
    }
    std::ranges::sort(models);
    int passed = 0, shapesCompared = 0;
    for (const fs::path &path : models) {
        const auto beside = [&](const std::string &suffix) {
            return path.parent_path() / (path.stem().string() + suffix);
        };
        const std::string name = path.stem().string();
        if (!fs::exists(beside(".out.0.npy")))
            continue;
        const auto model = readOnnxModel(path);
        ASSERT_TRUE(model) << failureText(model);
        ImportOptions options;
        std::vector<Tensor> inputs;
        for (std::size_t i = 0; i < model->inputs.size(); ++i) {
            const std::string number = i == 0 ? "" : std::to_string(i) + ".";
            auto input = readNpy(beside(".input." + number + "npy"));
            ASSERT_TRUE(input) << failureText(input);
            options.inputShapes[model->inputs[i].name] = input->shape().dims();
            inputs.push_back(input->toFloat32());
        }
        options.endNodes = beforeRounding(*model);
        const bool isRounded = !options.endNodes.empty();
        const auto graph = importOnnx(*model, options);
        if (!graph) {
            ADD_FAILURE() << name << ": " << graph.error().front().id << " "
                          << graph.error().front().place.node << " (" << graph.error().size()
                          << ")";
            continue;
        }
        auto engine = FloatEngine::create(*graph, {.threads = 2});
        ASSERT_TRUE(engine) << name << failureText(engine);
        const auto start = std::chrono::steady_clock::now();
        const auto outputs = engine->run(inputs);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        ASSERT_TRUE(outputs) << name << failureText(outputs);
        const auto recorded = [&](std::size_t i) {
            return beside((isRounded ? ".rounded." : ".out.") + std::to_string(i) + ".npy");
        };
        const bool selects = std::ranges::any_of(model->nodes, [](const OnnxNode &node) {
            return node.op == "TopK" || node.op == "NonMaxSuppression";
        });
        const auto compare = selects ? differenceOfRows : differenceOf;
        const nlohmann::json facts = factsOf(beside(".runtime.json"));
        const Difference difference = worstOutput(*outputs, recorded, compare);
        const double limit = model->nodes.size() > 600 ? 1e-3 : 1e-4;
        const double ofRuntime = facts.value("single_precision_error", 0.0);
        const double ofEngine = std::max(limit, 1.5 * ofRuntime);
        int compared = 0;
        const std::string shapes = shapeFaults(**graph, facts, compared);
        std::printf("%-34s %6zu nodes %9.2e %8.3f s %6d shapes", name.c_str(), model->nodes.size(),
                    difference.relative, took.count(), compared);
        bool agrees = difference.relative <= ofEngine && shapes.empty();
        EXPECT_LE(difference.relative, ofEngine) << name << " " << difference.text;
        EXPECT_EQ(shapes, "") << name;
        if (ofRuntime > 0) {
            std::vector<Tensor> byReference;
            const auto values = test::runByReference(**graph, inputs);
            for (const TensorId id : (*graph)->outputs)
                byReference.push_back(*values[id.index()]);
            const Difference reference = worstOutput(byReference, recorded, compare);
            std::printf("  in doubles %.2e, the runtime's own %.2e", reference.relative, ofRuntime);
            EXPECT_LE(reference.relative, limit) << name << " " << reference.text;
            agrees = agrees && reference.relative <= limit;
        }
        std::printf("  %s\n", facts.value("runtime", "").c_str());
        std::fflush(stdout);
        passed += agrees ? 1 : 0;
        shapesCompared += compared;
    }
    std::cout << passed << " of " << models.size() << " models agree, " << shapesCompared
              << " shapes of inner values compared\n";
}
