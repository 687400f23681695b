// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/contract_preflight.h"

#include "onnx_builder.h"
#include "result_matchers.h"
#include "temporary_folder.h"

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>

using namespace hefstudio;

namespace {

// Four classes on pictures of 2×2; the first grows with `weight` times the mean of the first
// channel.
std::filesystem::path classifier(const TemporaryFolder &folder, float weight)
{
    OnnxBuilder model(13);
    model.input("images", {1, 3, 2, 2});
    std::vector<float> weights(12, 0.0F);
    weights[0] = weight;
    model.node("GlobalAveragePool", {"images"}, {"mean"}).node("Flatten", {"mean"}, {"flat"});
    model.floats("w", {4, 3}, weights);
    model.node("Gemm", {"flat", "w"}, {"classes"}, {{"transB", 1}}).output("classes");
    model.write(folder / "classifier.onnx");
    return folder / "classifier.onnx";
}

// Two pictures, all red.
CalibrationSet redPictures(const TemporaryFolder &folder)
{
    for (const char *name : {"a.ppm", "b.ppm"}) {
        std::ofstream file(folder / name, std::ios::binary);
        file << "P6\n2 2\n255\n";
        for (int pixel = 0; pixel < 4; ++pixel)
            file << '\xff' << '\0' << '\0';
    }
    return *CalibrationSet::open(folder.path());
}

ConversionSettings stating(const char *normalization)
{
    ConversionSettings settings;
    settings.normalization = normalizationFromText(normalization);
    return settings;
}

} // namespace

TEST(ContractPreflight, WhatIsStatedAndFindsSomethingIsTriedAlone)
{
    const TemporaryFolder folder;
    const auto model = classifier(folder, 0.05F);
    const auto result = preflightContract(model, stating("0/1"), redPictures(folder));
    ASSERT_TRUE(result) << failureText(result);
    EXPECT_EQ(result->measure, PreflightMeasure::classes);
    EXPECT_EQ(result->pictures, 2);
    ASSERT_EQ(result->trials.size(), 1U);
    EXPECT_TRUE(result->trials[0].isStated);
    EXPECT_EQ(result->trials[0].found, 2);
    EXPECT_GT(result->trials[0].confidence, 0.99); // e^12.75 to 3
}

// Values of 0 to 1 make 0.05 of the first class and 0 of the others: no answer. Raw values do.
TEST(ContractPreflight, WhereNothingIsFoundTheAlternativesAreRanked)
{
    const TemporaryFolder folder;
    const auto model = classifier(folder, 0.05F);
    const auto result = preflightContract(model, stating("0/255"), redPictures(folder));
    ASSERT_TRUE(result) << failureText(result);
    EXPECT_EQ(result->trials.size(), 12U); // six normalisations, two orders of colours
    EXPECT_EQ(result->trials[0].normalization, (Normalization{{0}, {1}}));
    EXPECT_EQ(result->trials[0].color, ColorOrder::rgb);
    EXPECT_EQ(result->trials[0].found, 2);
    const auto stated = std::ranges::find(result->trials, true, &PreflightTrial::isStated);
    ASSERT_NE(stated, result->trials.end());
    EXPECT_EQ(stated->found, 0);
    EXPECT_EQ(stated->normalization, (Normalization{{0}, {255}}));
    EXPECT_TRUE(
        std::ranges::is_sorted(result->trials, std::greater{}, &PreflightTrial::confidence));
}

TEST(ContractPreflight, WhatNobodyStatesIsRankedWithoutAClaim)
{
    const TemporaryFolder folder;
    const auto model = classifier(folder, 20);
    const auto result = preflightContract(model, {}, redPictures(folder));
    ASSERT_TRUE(result) << failureText(result);
    EXPECT_EQ(result->trials.size(), 12U);
    EXPECT_TRUE(std::ranges::none_of(result->trials, &PreflightTrial::isStated));
}

TEST(ContractPreflight, PicturesOfPicturesHaveNoMeasure)
{
    const TemporaryFolder folder;
    OnnxBuilder model(13);
    model.input("images", {1, 3, 2, 2}).node("Relu", {"images"}, {"y"}).output("y");
    model.write(folder / "filter.onnx");
    const auto result =
        preflightContract(folder / "filter.onnx", stating("0/255"), redPictures(folder));
    EXPECT_EQ(failureId(result), "preflight.no-measure");
}
