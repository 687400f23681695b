// What exporters leave about a network's input, read with its evidence.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/input_contract.h"

#include "onnx/python_literal.h"
#include "temporary_folder.h"

#include <fstream>
#include <gtest/gtest.h>

using namespace hefstudio;

namespace {

using Metadata = std::vector<std::pair<std::string, std::string>>;
using Names = std::vector<std::string>;

TEST(InputContract, NothingStatedStaysOpen)
{
    const auto contract = readInputContract(Metadata{}, {});
    EXPECT_FALSE(contract.labels || contract.task || contract.normalization || contract.color);
    EXPECT_TRUE(contract.warnings.empty());
}

TEST(InputContract, UltralyticsMetadata)
{
    const auto contract =
        readInputContract(Metadata{{"task", "pose"},
                                   {"names", R"({0: 'traffic light', 1: "driver's seat"})"},
                                   {"imgsz", "[384, 640]"},
                                   {"stride", "32"},
                                   {"end2end", "True"},
                                   {"kpt_shape", "[17, 3]"},
                                   {"version", "8.3.40"}},
                          {});
    EXPECT_EQ(contract.labels->value, (Names{"traffic light", "driver's seat"}));
    EXPECT_EQ(contract.task->value, "pose");
    EXPECT_EQ(contract.imageSize->value, (std::array<std::int64_t, 2>{384, 640}));
    EXPECT_EQ(contract.stride->value, 32);
    EXPECT_TRUE(contract.endToEnd->value);
    EXPECT_EQ(contract.keypointShape->value, (std::array<std::int64_t, 2>{17, 3}));
    EXPECT_EQ(contract.normalization->value.std, std::vector<float>{255});
    EXPECT_EQ(contract.color->value, "rgb");
    EXPECT_EQ(contract.resize->value, "letterbox");
    EXPECT_EQ(contract.exporter->value, "Ultralytics 8.3.40");
    EXPECT_EQ(contract.imageSize->evidence, "metadata 'imgsz'");
}

TEST(InputContract, EdgeFirstGoesBeforeUltralytics)
{
    const auto contract = readInputContract(
        Metadata{{"task", "detect"},
                 {"names", "{0: 'a'}"},
                 {"imgsz", "64"},
                 {"edgefirst",
                  R"({"dataset": {"classes": ["cup", "lid"]}, "model": {"task": "segmentation"},
                      "input": {"shape": [1, 3, 96, 128], "cameraadaptor": "bgr",
                                "dshape": [{"batch": 1}, {"num_features": 3}, {"height": 96},
                                           {"width": 128}]},
                      "validation": {"preprocessing": "resize", "normalization": "signed"}})"}},
        {});
    EXPECT_EQ(contract.labels->value, (Names{"cup", "lid"}));
    EXPECT_EQ(contract.task->value, "segment");
    EXPECT_EQ(contract.color->value, "bgr");
    EXPECT_EQ(contract.resize->value, "stretch");
    EXPECT_EQ(contract.imageSize->value, (std::array<std::int64_t, 2>{96, 128}));
    EXPECT_EQ(contract.normalization->value.mean, std::vector<float>{127.5F});
}

TEST(InputContract, APreprocessorConfigurationIsScaledTo255)
{
    const auto contract =
        readInputContract(Metadata{{"hf_preprocessor_config",
                                    R"({"do_normalize": true, "rescale_factor": 0.00392156862745098,
                      "image_mean": [0.5, 0.25, 0.5], "image_std": [0.5, 0.5, 0.25],
                      "do_resize": true, "do_center_crop": false})"}},
                          {});
    ASSERT_TRUE(contract.normalization);
    EXPECT_FLOAT_EQ(contract.normalization->value.mean[1], 63.75F);
    EXPECT_FLOAT_EQ(contract.normalization->value.std[2], 63.75F);
    EXPECT_EQ(contract.resize->value, "stretch");
}

TEST(InputContract, FilesBesideTheModel)
{
    for (const std::string text :
         {"nc: 3\nnames: ['a b', \"c\", d] # three\n", "names:\n  - a b\n  - c\n  - d\nnc: 3\n",
          "path: x\nnames:\n  0: a b\n  1: 'c'\n  2: d\n\ntrain: images\n"}) {
        const TemporaryFolder folder;
        std::ofstream(folder / "data.yaml") << text;
        const auto contract = readInputContract(Metadata{}, folder / "model.onnx");
        ASSERT_TRUE(contract.labels) << text;
        EXPECT_EQ(contract.labels->value, (Names{"a b", "c", "d"})) << text;
        EXPECT_EQ(contract.labels->evidence, "data.yaml beside the model");

        std::ofstream(folder / "labels.txt") << "x\r\ny\n";
        const auto other = readInputContract(Metadata{}, folder / "model.onnx");
        EXPECT_EQ(other.labels->value, (Names{"x", "y"}));
    }
}

TEST(InputContract, WhatCannotBeReadIsSaid)
{
    const TemporaryFolder folder;
    std::ofstream(folder / "data.yaml") << "names: [a, 'b\n";
    std::ofstream(folder / "edgefirst.json") << "{";
    const auto contract =
        readInputContract(Metadata{{"edgefirst", "not json"}}, folder / "model.onnx");
    EXPECT_FALSE(contract.labels);
    ASSERT_EQ(contract.warnings.size(), 3U);
    EXPECT_EQ(contract.warnings[0].id, "input.contract-unreadable");
}

TEST(InputContract, ClassesWithAGapAreNoList)
{
    const auto contract = readInputContract(
        Metadata{{"task", "detect"}, {"names", "{0: 'a', 2: 'c'}"}, {"imgsz", "[64, 64]"}}, {});
    EXPECT_FALSE(contract.labels);
    EXPECT_TRUE(contract.imageSize);
}

TEST(PythonLiteral, ReadsWhatStrWrites)
{
    EXPECT_EQ(parsePythonLiteral("{0: 'a', 'k': (1, 2.5, None, True)}")->dump(),
              R"({"0":"a","k":[1,2.5,null,true]})");
    EXPECT_EQ(parsePythonLiteral(R"('\x41\u00e9\'')")->get<std::string>(), "A\xC3\xA9'");
    for (const char *bad : {"", "{0: }", "[1, 2", "'open", "print(1)", "{[1]: 2}", "1 2"})
        EXPECT_FALSE(parsePythonLiteral(bad)) << bad;
    EXPECT_FALSE(parsePythonLiteral(std::string(1000, '[') + std::string(1000, ']')));
}

} // namespace
