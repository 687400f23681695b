// A Conv2d network with a finite scalar quantiser on sensor readings (1×9×2×100), from the model
// file to the codes: Z-score inside the network, calibration from an array, the rounding on the
// host. SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/conversion.h"
#include "pipeline/emulated_hef.h"

#include "base/npy.h"
#include "engine/float_engine.h"
#include "onnx/import.h"
#include "onnx_builder.h"
#include "quantize/integer_run.h"
#include "result_matchers.h"
#include "temporary_folder.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace hefstudio;

namespace {

void writeModel(const std::filesystem::path &file)
{
    OnnxBuilder model(13);
    std::vector<float> mean, deviation;
    for (int channel = 0; channel < 9; ++channel) {
        mean.push_back(0.25F * static_cast<float>(channel) - 1);
        deviation.push_back(0.5F + 0.125F * static_cast<float>(channel));
    }
    model.input("x", {1, 9, 2, 100})
        .floats("mean", {1, 9, 1, 1}, mean)
        .floats("deviation", {1, 9, 1, 1}, deviation)
        .node("Sub", {"x", "mean"}, {"z1"})
        .named("zscore.sub")
        .node("Div", {"z1", "deviation"}, {"z2"})
        .named("zscore.div")
        .floats("w1", {16, 9, 1, 5})
        .floats("b1", {16})
        .node("Conv", {"z2", "w1", "b1"}, {"c1"}, {{"strides", {1, 2}}})
        .node("Relu", {"c1"}, {"r1"})
        .floats("w2", {4, 16, 2, 3})
        .floats("b2", {4})
        .node("Conv", {"r1", "w2", "b2"}, {"c2"}, {{"strides", {1, 2}}})
        .node("Tanh", {"c2"}, {"t"})
        .floats("half", {1, 4, 1, 1}, {3.5F, 3.5F, 2, 2})
        .node("Mul", {"t", "half"}, {"bounded"})
        .named("bound")
        .node("Round", {"bounded"}, {"rounded"})
        .named("round")
        .node("Sub", {"rounded", "bounded"}, {"error"})
        .node("Add", {"bounded", "error"}, {"codes"})
        .output("codes");
    model.write(file);
}

Tensor readings(std::int64_t count)
{
    std::mt19937 random(3);
    std::normal_distribution<float> values(0, 1.5F);
    Tensor tensor(ElementType::float32, {count, 9, 2, 100});
    for (float &value : tensor.as<float>())
        value = values(random);
    return tensor;
}

} // namespace

TEST(SensorQuantiser, TheCodesAreThoseOfTheFloatNetwork)
{
    const TemporaryFolder folder;
    writeModel(folder / "fsq.onnx");
    ASSERT_TRUE(writeNpy(folder / "readings.npy", readings(32)));
    ConversionSettings settings;
    settings.model = folder / "fsq.onnx";
    settings.calibration = folder / "readings.npy";
    settings.output = folder / "fsq.emulation.hef";
    settings.verifyPasses = true;
    const auto result = convert(settings, {}, {});
    ASSERT_TRUE(result) << failureText(result);
    EXPECT_EQ(result->report.outputs, std::vector<std::string>{"bounded"});
    EXPECT_EQ(result->report.hostOutputs, std::vector<std::string>{"codes"});

    const auto hef = EmulatedHef::open(result->file);
    ASSERT_TRUE(hef) << failureText(hef);
    ASSERT_EQ(hef->inputs().size(), 1U);
    const auto &port = hef->inputs()[0];
    const auto graph = importOnnx(settings.model);
    ASSERT_TRUE(graph);
    auto engine = FloatEngine::create(*graph);
    ASSERT_TRUE(engine);
    std::int64_t same = 0, all = 0;
    const Tensor samples = readings(32);
    for (std::size_t i = 0; i < 8; ++i) {
        Tensor x(ElementType::float32, {1, 9, 2, 100});
        std::ranges::copy(samples.as<float>().subspan(i * 1800, 1800), x.as<float>().begin());
        const auto wanted = engine->run(std::span(&x, 1));
        ASSERT_TRUE(wanted);
        const Tensor stored = quantiseTensor(
            x, {.scale = port.scale, .zeroPoint = port.zeroPoint, .bits = port.bits});
        const auto device = hef->run(std::span(&stored, 1));
        ASSERT_TRUE(device) << failureText(device);
        const auto codes = hef->runHost(hef->toReal(*device));
        ASSERT_TRUE(codes) << failureText(codes);
        const auto a = (*wanted)[0].as<float>();
        const auto b = codes->front().second.as<float>();
        ASSERT_EQ(a.size(), b.size());
        for (std::size_t k = 0; k < a.size(); ++k) {
            EXPECT_LE(std::abs(a[k] - b[k]), 1.01F); // a neighbouring code at most
            EXPECT_LT(std::abs(b[k] - std::round(b[k])), 1e-4F);
            same += std::abs(a[k] - b[k]) < 0.5F ? 1 : 0;
            ++all;
        }
    }
    // Eight bits leave about a tenth of a code of noise, which moves values near a boundary.
    EXPECT_GT(static_cast<double>(same), 0.7 * static_cast<double>(all)) << same << " of " << all;
}
