// The passes on real exports, where the developer has a folder of them (HEFSTUDIO_CORPUS, see
// tests/bench/compare_runtime): each pass is proven on each model by the float engine.
// HEFSTUDIO_CORPUS_ONLY picks the names that contain a text.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/npy.h"
#include "onnx/import.h"
#include "passes/pipeline.h"
#include "result_matchers.h"

#include <algorithm>
#include <cstdlib>
#include <gtest/gtest.h>
#include <iostream>

using namespace hefstudio;
namespace fs = std::filesystem;

TEST(Corpus, EveryPassKeepsTheMeaningOfEveryModel)
{
    const char *named = std::getenv("HEFSTUDIO_CORPUS");
    if (!named)
        GTEST_SKIP() << "HEFSTUDIO_CORPUS names no folder";
    const char *only = std::getenv("HEFSTUDIO_CORPUS_ONLY");
    std::vector<fs::path> models;
    for (const auto &entry : fs::directory_iterator(named))
        if (entry.path().extension() == ".onnx" &&
            (!only || entry.path().stem().string().find(only) != std::string::npos))
            models.push_back(entry.path());
    std::ranges::sort(models);
    int proven = 0;
    for (const fs::path &path : models) {
        const std::string name = path.stem().string();
        const auto model = readOnnxModel(path);
        ASSERT_TRUE(model) << failureText(model);
        ImportOptions options;
        for (std::size_t i = 0; i < model->inputs.size(); ++i) {
            const std::string number = i == 0 ? "" : std::to_string(i) + ".";
            const auto input = readNpy(path.parent_path() / (name + ".input." + number + "npy"));
            if (input)
                options.inputShapes[model->inputs[i].name] = input->shape().dims();
        }
        const auto graph = importOnnx(*model, options);
        if (!graph) {
            ADD_FAILURE() << name << ": " << failureText(graph);
            continue;
        }
        const auto after = runPasses(*graph, preparePasses(), {.verify = true}, {}, {});
        EXPECT_TRUE(after) << name << ": " << failureText(after);
        proven += after ? 1 : 0;
        std::cout << name << " " << (*graph)->layers.size() << " layers"
                  << (after ? ", then " + std::to_string((*after)->layers.size()) : ", FAILED")
                  << std::endl;
    }
    std::cout << proven << " of " << models.size() << " models keep their meaning in every pass\n";
}
