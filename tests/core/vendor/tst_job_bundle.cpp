// A job bundle is whole or absent, its script is sound, and its driver does what job.json says: run
// against a test double of the vendor's package that records the calls.
#include "vendor/job_bundle.h"

#include "base/npy.h"
#include "vendor/alls_commands.h"

#include "temporary_folder.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>

namespace hefstudio {
namespace {

namespace fs = std::filesystem;

std::string textOf(const fs::path &file)
{
    const auto text = readTextFile(file);
    EXPECT_TRUE(text) << file;
    return text ? *text : std::string();
}

VendorJob detector()
{
    VendorJob job;
    job.network = "net";
    job.arch = "hailo8l";
    job.preset = Preset::balanced;
    job.onnx = Bytes(100, std::byte{7});
    job.inputs = {{"images", Shape({1, 3, 2, 4}), true, {{0}, {255}}}};
    job.outputs = {{"boxes", "/cv2/Conv", "box", 8, Shape({1, 64, 1, 2}), {}, 16},
                   {"scores", "/cv3/Conv", "classes", 8, Shape({1, 80, 1, 2}), "sigmoid", 8}};
    job.samples = 3;
    job.load = [](std::size_t sample, const VendorJobInput &input) -> Result<Tensor> {
        Tensor pixels(ElementType::uint8, input.shape);
        // Channel c of sample s holds 10·s + c.
        for (std::size_t i = 0; i < pixels.byteCount(); ++i)
            pixels.bytes()[i] = static_cast<std::byte>(10 * sample + i / 8);
        return pixels;
    };
    job.ledger = {{"color", "automatic", "rgb", "the usual order"}};
    return job;
}

TEST(JobBundle, HoldsTheSamplesAsTheCompilerWantsThem)
{
    const TemporaryFolder folder;
    const fs::path bundle = folder / "job";
    ASSERT_TRUE(writeJobBundle(bundle, detector(), {}));
    const auto array = readNpy(bundle / "calibration_0.npy");
    ASSERT_TRUE(array);
    EXPECT_EQ(array->shape(), Shape({3, 2, 4, 3}));
    EXPECT_EQ(array->type(), ElementType::uint8);
    const auto bytes = array->bytes();
    EXPECT_EQ(std::to_integer<int>(bytes[0]), 0);
    EXPECT_EQ(std::to_integer<int>(bytes[1]), 1);                 // channels lie side by side
    EXPECT_EQ(std::to_integer<int>(bytes[2 * 24 + 23]), 2 * 10 + 2); // last sample, last channel
}

TEST(JobBundle, SameJobSameBytes)
{
    const TemporaryFolder folder;
    ASSERT_TRUE(writeJobBundle(folder / "a", detector(), {}));
    ASSERT_TRUE(writeJobBundle(folder / "b", detector(), {}));
    for (const char *name : {"job.json", "model.alls", "README.md", "calibration_0.npy"})
        EXPECT_EQ(textOf(fs::path(folder / "a") / name), textOf(fs::path(folder / "b") / name));
}

TEST(JobBundle, ScriptsOfEveryPresetAreSound)
{
    for (const auto preset : {Preset::fast, Preset::balanced, Preset::accurate}) {
        VendorJob job = detector();
        job.preset = preset;
        const std::string text = vendorModelScript(job).text();
        const auto read = parseAlls(text);
        ASSERT_TRUE(read) << text;
        EXPECT_TRUE(lintAlls(*read).empty()) << text;
        EXPECT_THAT(text, testing::HasSubstr("normalization([0, 0, 0], [255, 255, 255])"));
        EXPECT_THAT(text, testing::HasSubstr("calibset_size=3"));
    }
}

TEST(JobBundle, SaysThatTheCompilerWillLowerItsEffort)
{
    VendorJob job = detector();
    ASSERT_EQ(vendorEffortLedger(job).size(), 1u);
    EXPECT_TRUE(vendorEffortLedger(job).front().isLowered());
    job.samples = 1024;
    EXPECT_FALSE(vendorEffortLedger(job).front().isLowered());
}

TEST(JobBundle, RefusesAFolderWithOtherThings)
{
    const TemporaryFolder folder;
    std::ofstream(folder / "thesis.txt") << "mine";
    const auto written = writeJobBundle(folder.path(), detector(), {});
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().front().id, "vendor.folder-in-use");
    EXPECT_EQ(textOf(folder / "thesis.txt"), "mine");
}

TEST(JobBundle, KeepsTheResultsOfAnEarlierRun)
{
    const TemporaryFolder folder;
    const fs::path bundle = folder / "job";
    ASSERT_TRUE(writeJobBundle(bundle, detector(), {}));
    fs::create_directories(bundle / "results");
    std::ofstream(bundle / "results" / "net.hef") << "hours of work";
    ASSERT_TRUE(writeJobBundle(bundle, detector(), {}));
    EXPECT_EQ(textOf(bundle / "results" / "net.hef"), "hours of work");
}

TEST(JobBundle, ABrokenSampleLeavesNothing)
{
    const TemporaryFolder folder;
    VendorJob job = detector();
    job.load = [](std::size_t sample, const VendorJobInput &input) -> Result<Tensor> {
        if (sample == 2)
            return fail(Diagnostic("calib.broken-picture", Place{.file = "third.png"}));
        return Tensor(ElementType::uint8, input.shape);
    };
    const auto written = writeJobBundle(folder / "job", job, {});
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().front().id, "calib.broken-picture");
    EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(JobBundle, NamesAreSafeEverywhere)
{
    EXPECT_EQ(vendorNetworkName("yolo v8-n.best"), "yolo_v8_n_best");
    EXPECT_EQ(vendorNetworkName("8ball"), "net_8ball");
    EXPECT_EQ(vendorNetworkName("$(rm -rf)"), "__rm__rf_");
}

// The vendor's package as the driver meets it: calls are recorded, states follow the order that the
// real one demands, and a parsed network has one box and one class layer.
constexpr const char *testDouble = R"(
import json, os

class ClientRunner:
    def __init__(self, hw_arch=None, har=None):
        self.state = {None: "uninitialized"}.get(har, "quantized_model" if har and "optimised" in har
                                                 else "hailo_model")
        self.note("ClientRunner", hw_arch, os.path.basename(har or ""))
    def note(self, *call):
        with open(os.environ["CALLS"], "a") as file:
            file.write(json.dumps(call) + "\n")
    def translate_onnx_model(self, model, net_name, net_input_shapes=None):
        assert self.state == "uninitialized"
        self.note("translate", os.path.basename(model), net_name, net_input_shapes)
        self.state = "hailo_model"
    def get_hn(self):
        layer = lambda kind, inputs, shape, names: {
            "type": kind, "input": inputs, "output_shapes": [[-1] + shape],
            "original_names": names}
        return json.dumps({"net_params": {"output_layers_order": ["net/output_layer2",
                                                                  "net/output_layer1"]},
            "layers": {
                "net/input_layer1": layer("input_layer", [], [2, 4, 3], ["images"]),
                "net/conv41": layer("conv", [], [1, 2, BOX_CHANNELS], []),
                "net/conv54": layer("conv", [], [1, 2, 80], []),
                "net/output_layer1": layer("output_layer", ["net/conv41"], [1, 2, 64], []),
                "net/output_layer2": layer("output_layer", ["net/conv54"], [1, 2, 80], [])}})
    def load_model_script(self, text):
        self.note("script", [l for l in text.splitlines() if "conv" in l or "output_layer" in l])
    def optimize(self, data):
        assert self.state == "hailo_model"
        self.note("optimize", os.path.basename(str(data)))
        self.state = "quantized_model"
    def compile(self):
        assert self.state == "quantized_model"
        if os.environ.get("FAIL_COMPILE"):
            raise RuntimeError("Compilation failed")
        self.note("compile")
        self.state = "compiled_model"
        return b"HEF bytes"
    def save_har(self, path):
        self.note("save", os.path.basename(path))
        open(path, "wb").write(b"har")
)";

class JobDriver : public testing::Test {
protected:
    void SetUp() override
    {
        if (std::system("python3 -c 'pass' >/dev/null 2>&1") != 0)
            GTEST_SKIP() << "python3 is absent";
        ASSERT_TRUE(writeJobBundle(bundle(), detector(), {}));
        fs::create_directories(packages());
        install(64);
        std::ofstream(packages() / "numpy.py") << "def load(path, mmap_mode=None): return path\n";
    }

    void install(int boxChannels)
    {
        std::string text = testDouble;
        text.replace(text.find("BOX_CHANNELS"), 12, std::to_string(boxChannels));
        std::ofstream(packages() / "hailo_sdk_client.py") << text;
    }

    fs::path bundle() const { return folder / "a job, \"quoted\""; }
    fs::path packages() const { return folder / "packages"; }

    // The environment's variables are the test's own, so that nothing of the caller leaks in.
    int run(const std::string &arguments = {}, const std::string &variables = {})
    {
        const std::string command = "cd '" + folder.path().string() + "' && env CALLS='" +
                                    (folder / "calls").string() + "' PYTHONPATH='" +
                                    packages().string() + "' PYTHONDONTWRITEBYTECODE=1 " +
                                    variables + " python3 '" + (bundle() / "convert.py").string() +
                                    "' " + arguments + " >log 2>&1";
        return std::system(command.c_str());
    }

    std::vector<std::string> calls() const
    {
        std::vector<std::string> lines;
        std::ifstream file(folder / "calls");
        for (std::string line; std::getline(file, line);)
            lines.push_back(line);
        return lines;
    }

    TemporaryFolder folder;
};

TEST_F(JobDriver, CallsTheCompilerInOrderAndFindsLayersByShape)
{
    ASSERT_EQ(run(), 0) << textOf(folder / "log");
    EXPECT_THAT(
        calls(),
        testing::ElementsAre(
            R"(["ClientRunner", "hailo8l", ""])",
            R"(["translate", "model.onnx", "net", {"images": [1, 3, 2, 4]}])",
            R"(["save", "partial-net.parsed.har"])",
            R"x(["script", ["quantization_param(net/output_layer1, precision_mode=a16_w16)", )x"
            R"x("change_output_activation(net/conv54, sigmoid)"]])x",
            R"(["optimize", "calibration_0.npy"])", R"(["save", "partial-net.optimised.har"])",
            R"(["compile"])", R"(["save", "partial-net.compiled.har"])"));
    EXPECT_EQ(textOf(bundle() / "results" / "net.hef"), "HEF bytes");
    const auto result = nlohmann::json::parse(textOf(bundle() / "results" / "result.json"));
    EXPECT_EQ(result["hef"], "net.hef");
    EXPECT_EQ(result["sha256"].get<std::string>().size(), 64u);
}

TEST_F(JobDriver, GoesOnBehindTheLastStage)
{
    EXPECT_NE(run({}, "FAIL_COMPILE=1"), 0);
    EXPECT_FALSE(fs::exists(bundle() / "results" / "net.hef"));
    fs::remove(folder / "calls");
    ASSERT_EQ(run("--resume"), 0) << textOf(folder / "log");
    EXPECT_THAT(calls(), testing::ElementsAre(R"(["ClientRunner", "hailo8l", "net.optimised.har"])",
                                              R"(["compile"])",
                                              R"(["save", "partial-net.compiled.har"])"));
}

TEST_F(JobDriver, RefusesToGuessALayer)
{
    install(60);
    EXPECT_NE(run(), 0);
    EXPECT_THAT(textOf(folder / "log"), testing::HasSubstr("cannot be told from the others"));
    EXPECT_FALSE(fs::exists(bundle() / "results" / "net.hef"));
}

TEST_F(JobDriver, RefusesAFileThatWasChanged)
{
    std::ofstream(bundle() / "model.alls", std::ios::app) << "# more\n";
    EXPECT_NE(run(), 0);
    EXPECT_THAT(textOf(folder / "log"), testing::HasSubstr("model.alls was changed"));
    EXPECT_TRUE(calls().empty());
}

// run.sh hands the engine one argument for each thing it says; a stand-in engine writes them down.
TEST_F(JobDriver, StartsAContainerWithoutAShellInBetween)
{
    std::ofstream(folder / "docker") << "#!/bin/sh\nprintf '%s\\n' \"$@\" > '"
                                     << (folder / "arguments").string() << "'\n";
    fs::permissions(folder / "docker", fs::perms::owner_all);
    const fs::path plain = folder / "plain job; $(touch x)";
    ASSERT_TRUE(writeJobBundle(plain, detector(), {}));
    const std::string start = "cd '" + folder.path().string() + "' && PATH=\"$PWD:$PATH\" bash '" +
                              (plain / "run.sh").string() + "' --docker 'suite:2025' >log 2>&1";
    ASSERT_EQ(std::system(start.c_str()), 0) << textOf(folder / "log");
    const std::string arguments = textOf(folder / "arguments");
    EXPECT_THAT(arguments, testing::HasSubstr("type=bind,source=" + plain.string() + ",target=/job\n"));
    EXPECT_THAT(arguments, testing::HasSubstr("\nHOME=/job/results/home\n"));
    EXPECT_THAT(arguments, testing::EndsWith("suite:2025\npython3\n/job/convert.py\n"));
    EXPECT_FALSE(fs::exists(folder / "x"));
    // A comma would end the mount's source.
    const std::string comma = "cd '" + folder.path().string() + "' && PATH=\"$PWD:$PATH\" bash '" +
                              (bundle() / "run.sh").string() + "' --docker suite >log 2>&1";
    EXPECT_NE(std::system(comma.c_str()), 0);
    EXPECT_THAT(textOf(folder / "log"), testing::HasSubstr("comma"));
}

} // namespace
} // namespace hefstudio
