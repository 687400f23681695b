// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/input_plan.h"

#include "base/npy.h"
#include "graph/graph_builder.h"
#include "result_matchers.h"
#include "temporary_folder.h"

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>

using namespace hefstudio;

namespace {

Graph pictureNetwork(bool ultralytics, Shape shape = {1, 3, 8, 8})
{
    GraphBuilder build("net");
    const auto x = build.input("images", shape);
    build.output(build.layer("relu", Elementwise{{Function::relu}}, {x}, shape));
    if (ultralytics)
        for (const auto &[key, value] :
             {std::pair{"task", "detect"}, {"names", "{0: 'a'}"}, {"imgsz", "[8, 8]"}})
            build.metadata(key, value);
    return *std::move(build).finish();
}

CalibrationSet pictures(const TemporaryFolder &folder)
{
    std::ofstream(folder / "a.ppm") << "P6\n1 1\n255\nabc";
    return *CalibrationSet::open(folder.path());
}

const LedgerRow &rowOf(const InputPlans &plans, const std::string &setting)
{
    return *std::ranges::find(plans.ledger, setting, &LedgerRow::setting);
}

} // namespace

TEST(InputPlan, WhatIsUnknownIsAskedFor)
{
    const TemporaryFolder folder;
    const auto plans = planInputs(pictureNetwork(false), pictures(folder), {});
    ASSERT_EQ(failureId(plans), "input.contract-unknown");
    EXPECT_FALSE(plans.error().front().fixes.empty());
}

TEST(InputPlan, WhatTheExporterLeftCounts)
{
    const TemporaryFolder folder;
    const auto plans = planInputs(pictureNetwork(true), pictures(folder), {});
    ASSERT_TRUE(plans) << failureText(plans);
    EXPECT_TRUE(plans->inputs[0].isPicture);
    EXPECT_EQ(plans->inputs[0].normalization, (Normalization{{0}, {255}}));
    EXPECT_FALSE(rowOf(*plans, "normalize").isLowered());
    EXPECT_FALSE(rowOf(*plans, "normalize").why.empty());
}

TEST(InputPlan, AnAssumptionIsFlagged)
{
    const TemporaryFolder folder;
    ConversionSettings settings;
    settings.normalization = Normalization{{0}, {255}};
    const auto plans = planInputs(pictureNetwork(false), pictures(folder), settings);
    ASSERT_TRUE(plans) << failureText(plans);
    EXPECT_FALSE(rowOf(*plans, "normalize").isLowered());
    EXPECT_TRUE(rowOf(*plans, "color").isLowered());
    EXPECT_TRUE(rowOf(*plans, "resize").isLowered());
}

TEST(InputPlan, WhatTheUserStatesWins)
{
    const TemporaryFolder folder;
    ConversionSettings settings;
    settings.normalization = Normalization{{127}, {128}};
    settings.color = ColorOrder::bgr;
    settings.resize = ResizePolicy::stretch;
    const auto plans = planInputs(pictureNetwork(true), pictures(folder), settings);
    ASSERT_TRUE(plans) << failureText(plans);
    EXPECT_EQ(plans->inputs[0].normalization, *settings.normalization);
    EXPECT_EQ(plans->inputs[0].preprocess.color, ColorOrder::bgr);
    EXPECT_FALSE(rowOf(*plans, "resize").isLowered());
    settings.normalization = Normalization{{1, 2}, {1}};
    EXPECT_EQ(failureId(planInputs(pictureNetwork(true), pictures(folder), settings)),
              "input.normalization-channels");
}

TEST(InputPlan, FloatArraysAreTheNetworksOwnValues)
{
    const TemporaryFolder folder;
    ASSERT_TRUE(writeNpy(folder / "s.npy", Tensor(ElementType::float32, {4, 9, 2, 100})));
    const auto set = *CalibrationSet::open(folder / "s.npy");
    const auto plans = planInputs(pictureNetwork(false, {1, 9, 2, 100}), set, {});
    ASSERT_TRUE(plans) << failureText(plans);
    EXPECT_FALSE(plans->inputs[0].isPicture);
    const TemporaryFolder pictureFolder;
    EXPECT_EQ(
        failureId(planInputs(pictureNetwork(false, {1, 9, 2, 100}), pictures(pictureFolder), {})),
        "input.not-a-picture");
}
