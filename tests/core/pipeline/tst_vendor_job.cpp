// The job of a network is complete, and what it hands to the vendor's parser computes what the
// user's model computes. On the bundled sample always; on real networks where the developer has
// them: HEFSTUDIO_CORPUS names the folder (see tests/core/engine/tst_corpus.cpp).
#include "pipeline/vendor_job.h"

#include "base/npy.h"
#include "engine/float_engine.h"
#include "onnx/import.h"
#include "result_matchers.h"
#include "temporary_folder.h"
#include "vendor/alls_commands.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>

namespace hefstudio {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using Values = std::map<std::string, Tensor>;

// Runs a model file on inputs by name; its outputs by name.
Values run(const fs::path &file, const Values &inputs)
{
    const auto graph = importOnnx(file);
    EXPECT_TRUE(graph) << failureText(graph);
    if (!graph)
        return {};
    std::vector<Tensor> values;
    for (const auto id : (*graph)->inputs) {
        const auto found = inputs.find((*graph)->tensor(id).name);
        EXPECT_NE(found, inputs.end()) << (*graph)->tensor(id).name;
        if (found == inputs.end())
            return {};
        values.push_back(found->second);
    }
    auto engine = FloatEngine::create(*graph, {.threads = 2});
    EXPECT_TRUE(engine) << failureText(engine);
    const auto outputs = engine->run(values);
    EXPECT_TRUE(outputs) << failureText(outputs);
    Values named;
    for (std::size_t i = 0; outputs && i < outputs->size(); ++i)
        named.emplace((*graph)->tensor((*graph)->outputs[i]).name, (*outputs)[i]);
    return named;
}

double relativeDifference(const Tensor &a, const Tensor &b)
{
    if (a.shape() != b.shape())
        return INFINITY;
    double largest = 0, worst = 0;
    for (std::size_t i = 0; i < a.as<float>().size(); ++i) {
        largest = std::max(largest, std::abs(double(b.as<float>()[i])));
        worst = std::max(worst, std::abs(double(a.as<float>()[i]) - double(b.as<float>()[i])));
    }
    return largest > 0 ? worst / largest : worst;
}

Tensor noise(const Shape &shape)
{
    Tensor tensor(ElementType::float32, shape);
    std::mt19937 random(5);
    for (float &value : tensor.as<float>())
        value = static_cast<float>(random() % 1000) / 1000;
    return tensor;
}

nlohmann::json jobOf(const fs::path &folder)
{
    const auto text = readTextFile(folder / "job.json");
    EXPECT_TRUE(text) << failureText(text);
    return nlohmann::json::parse(text.value_or("{}"));
}

// Every file the driver reads, a script of known commands, an array for every input.
void expectWhole(const fs::path &folder)
{
    const auto job = jobOf(folder);
    for (const char *name : {"convert.py", "run.sh", "README.md", "model.onnx", "model.alls"})
        EXPECT_TRUE(fs::exists(folder / name)) << name;
    const auto script = readAlls(folder / "model.alls");
    ASSERT_TRUE(script) << failureText(script);
    EXPECT_TRUE(lintAlls(*script).empty());
    for (const AllsPiece *piece : script->statements())
        EXPECT_NE(findAllsCommand(piece->statement->command), nullptr) << piece->source;
    ASSERT_FALSE(job["inputs"].empty());
    for (const auto &input : job["inputs"]) {
        const auto array = readNpy(folder / input["calibration"]["file"].get<std::string>());
        ASSERT_TRUE(array) << failureText(array);
        EXPECT_EQ(array->shape()[0], input["samples"]);
    }
    EXPECT_FALSE(job["outputs"].empty());
    EXPECT_FALSE(job["metadata"].is_null());
}

// The largest relative difference between the model and the job's part followed by the host's.
double differenceOfJob(const fs::path &model, const fs::path &folder, const Values &inputs)
{
    const auto wanted = run(model, inputs);
    auto got = run(folder / "model.onnx", inputs);
    if (fs::exists(folder / "host.onnx")) {
        Values both = got;
        both.insert(inputs.begin(), inputs.end());
        got = run(folder / "host.onnx", both);
    }
    // Outputs may be renamed where the chip makes them itself; then their order decides.
    double worst = 0;
    auto inOrder = got.begin();
    for (const auto &[name, value] : wanted) {
        const auto found = got.find(name);
        EXPECT_TRUE(found != got.end() || inOrder != got.end()) << name;
        if (found == got.end() && inOrder == got.end())
            return INFINITY;
        worst = std::max(worst, relativeDifference(
                                    found != got.end() ? found->second : inOrder->second, value));
        if (inOrder != got.end())
            ++inOrder;
    }
    return worst;
}

ConversionSettings sample()
{
    const fs::path folder = fs::path(HEFSTUDIO_SOURCE_DIR) / "resources/sample";
    ConversionSettings settings;
    settings.model = folder / "detector.onnx";
    settings.calibration = folder / "pictures";
    settings.normalization = Normalization{{0}, {255}};
    return settings;
}

TEST(VendorJobOfTheSample, IsWholeAndComputesTheSame)
{
    const TemporaryFolder folder;
    const auto settings = sample();
    const auto exported = exportVendorJob(settings, folder / "job", {}, {});
    ASSERT_TRUE(exported) << failureText(exported);
    expectWhole(folder / "job");
    const auto graph = importOnnx(settings.model);
    ASSERT_TRUE(graph);
    Values inputs;
    for (const auto id : (*graph)->inputs)
        inputs.emplace((*graph)->tensor(id).name, noise((*graph)->tensor(id).shape));
    EXPECT_LT(differenceOfJob(settings.model, folder / "job", inputs), 1e-4);
    ASSERT_TRUE(exported->prediction);
    EXPECT_GE(exported->prediction->contexts, 1);
    EXPECT_GT(exported->prediction->framesPerSecond, 0);
    EXPECT_EQ(exported->calibrationFiles.size(), exported->samples);
}

TEST(VendorJobOfTheSample, SaysWhatItsHeadMeans)
{
    const TemporaryFolder folder;
    auto settings = sample();
    ASSERT_TRUE(exportVendorJob(settings, folder / "raw", {}, {}));
    const auto raw = jobOf(folder / "raw");
    EXPECT_TRUE(raw["nms"].is_null());
    EXPECT_FALSE(raw["head"].is_null());
    settings.nms = HostNms::hailort;
    settings.nmsScore = 0.15;
    const auto exported = exportVendorJob(settings, folder / "nms", {}, {});
    if (!exported) { // a head the runtime has no decoder for says so
        EXPECT_EQ(failureId(exported), "convert.nms-unsupported");
        return;
    }
    const auto nms = jobOf(folder / "nms")["nms"];
    EXPECT_EQ(nms["config"]["nms_scores_th"], 0.15);
    const bool saysSo = std::ranges::any_of(exported->ledger, [](const LedgerRow &row) {
        return row.setting == "nms" && row.why.find("baked in") != std::string::npos;
    });
    EXPECT_TRUE(saysSo);
}

TEST(VendorJobOfTheSample, CanBeForTheNewerChips)
{
    const TemporaryFolder folder;
    auto settings = sample();
    settings.arch = "Raspberry Pi AI HAT+ 2";
    const auto exported = exportVendorJob(settings, folder / "job", {}, {});
    ASSERT_TRUE(exported) << failureText(exported);
    EXPECT_EQ(exported->arch, "hailo10h");
    EXPECT_FALSE(exported->prediction) << "our model of chips does not know it";
    EXPECT_EQ(vendorChip("hailo15h").value_or(""), "hailo15h");
    EXPECT_EQ(failureId(vendorChip("hailo9")), "device.unknown");
}

TEST(VendorJobOfTheSample, TakesTheRecipesScriptAndWidths)
{
    const TemporaryFolder folder;
    auto settings = sample();
    settings.vendor.script = folder / "own.alls";
    settings.vendor.utilisation = 0.8;
    const auto graph = importOnnx(settings.model);
    ASSERT_TRUE(graph);
    const auto conv = std::ranges::find_if((*graph)->layers, [](const Layer &layer) {
        return layer.is<Convolution>() && !layer.origin.empty();
    });
    ASSERT_NE(conv, (*graph)->layers.end());
    settings.layers[conv->origin.front()].bits = 16;
    ASSERT_TRUE(writeFileAtomically(settings.vendor.script, asBytes("set_seed(seed=5)\n")));
    ASSERT_TRUE(exportVendorJob(settings, folder / "job", {}, {}));
    const auto script = *readTextFile(folder / "job" / "model.alls");
    EXPECT_THAT(script, HasSubstr("max_compute_utilization=0.8"));
    EXPECT_THAT(script, testing::EndsWith("set_seed(seed=5)\n"));
    EXPECT_EQ(jobOf(folder / "job")["sixteen_bit_nodes"].size(), 1u);
    ASSERT_TRUE(writeFileAtomically(settings.vendor.script,
                                    asBytes("nms_postprocess(\"/etc/passwd\", yolov8)\n")));
    EXPECT_EQ(failureId(exportVendorJob(settings, folder / "other", {}, {})),
              "vendor.script-path");
    EXPECT_FALSE(fs::exists(folder / "other"));
}

// Real networks: detector, segmentation, two transformers, a sensor network.
TEST(Corpus, VendorJobsComputeWhatTheModelsDo)
{
    const char *named = std::getenv("HEFSTUDIO_CORPUS");
    if (!named)
        GTEST_SKIP() << "HEFSTUDIO_CORPUS names no folder";
    const TemporaryFolder folder;
    for (const char *name : {"yolo11n", "yolov8s-seg", "vit_b_16", "swin_t", "fsq_conv2d"}) {
        const fs::path model = fs::path(named) / (std::string(name) + ".onnx");
        if (!fs::exists(model)) {
            ADD_FAILURE() << model << " is absent";
            continue;
        }
        const auto graph = importOnnx(model);
        ASSERT_TRUE(graph) << failureText(graph);
        Values inputs;
        ConversionSettings settings;
        settings.model = model;
        settings.calibration = randomCalibration;
        for (const auto id : (*graph)->inputs) {
            const auto &info = (*graph)->tensor(id);
            auto input = readNpy(fs::path(named) / (std::string(name) + ".input.npy"));
            inputs.emplace(info.name, input ? input->toFloat32() : noise(info.shape));
            if (info.shape.rank() == 4 && info.shape[1] == 3)
                settings.normalization = Normalization{{0}, {255}};
        }
        const fs::path job = folder / name;
        const auto exported = exportVendorJob(settings, job, {}, {});
        ASSERT_TRUE(exported) << name << "\n" << failureText(exported);
        expectWhole(job);
        const double difference = differenceOfJob(model, job, inputs);
        std::cout << name << ": " << exported->samples << " samples, "
                  << jobOf(job)["outputs"].size() << " outputs, largest relative difference "
                  << difference << ", predicted contexts "
                  << (exported->prediction ? exported->prediction->contexts : 0)
                  << ", parser warnings " << exported->warnings.size() << "\n";
        EXPECT_LT(difference, 1e-3) << name;
        fs::remove_all(job);
    }
}

} // namespace
} // namespace hefstudio
