// Float results against a trusted runtime over a folder of exports, where the developer has one:
// HEFSTUDIO_CORPUS names it. Beside NAME.onnx lie NAME.input.npy, the runtime's outputs as
// NAME.out.0.npy and so on, and the shapes of its values in NAME.meta.json ("shapes": name → list).
// HEFSTUDIO_CORPUS_ONLY picks the names that contain a text.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/file.h"
#include "base/npy.h"
#include "engine/float_engine.h"
#include "onnx/import.h"
#include "result_matchers.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
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

// The values whose shape differs from the stated one; `compared` counts those looked at. An empty
// list states nothing.
std::string shapeFaults(const Graph &graph, const fs::path &meta, int &compared)
{
    std::ifstream stream(meta);
    if (!stream)
        return {};
    const auto json = nlohmann::json::parse(stream, nullptr, false);
    if (json.is_discarded() || !json.contains("shapes"))
        return {};
    std::string text;
    for (const auto &[name, dims] : json["shapes"].items()) {
        const TensorInfo *info = graph.findTensor(name);
        const bool isStatic = std::ranges::all_of(dims, [](const auto &dim) { return dim.is_number(); });
        if (!info || info->isConstant() || !isStatic || dims.empty())
            continue;
        ++compared;
        if (info->shape.dims() != dims.get<std::vector<std::int64_t>>() && text.size() < 200)
            text += " " + name + " " + info->shape.text();
    }
    return text;
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
        double worst = 0;
        std::string text;
        for (std::size_t i = 0; i < outputs->size(); ++i) {
            const auto wanted = readNpy(beside(".out." + std::to_string(i) + ".npy"));
            if (!wanted)
                continue;
            const Difference difference = differenceOf((*outputs)[i], *wanted);
            if (difference.relative > worst || !difference.text.empty())
                text = "output " + std::to_string(i) + " " + difference.text;
            worst = std::max(worst, difference.relative);
        }
        const double limit = model->nodes.size() > 600 ? 1e-3 : 1e-4;
        const std::string shapes = shapeFaults(**graph, beside(".meta.json"), shapesCompared);
        std::printf("%-44s %6zu nodes %9.2e %7.3f s %s\n", name.c_str(), model->nodes.size(), worst,
                    took.count(), worst <= limit ? "" : text.c_str());
        std::fflush(stdout);
        EXPECT_LE(worst, limit) << name << " " << text;
        EXPECT_EQ(shapes, "") << name;
        passed += worst <= limit && shapes.empty() ? 1 : 0;
    }
    std::cout << passed << " of " << models.size() << " models agree, " << shapesCompared
              << " shapes of inner values compared\n";
}
