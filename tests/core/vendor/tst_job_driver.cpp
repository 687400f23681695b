// The job's own driver and starter, as they work on a machine without this program: run against a
// test double of the vendor's package.
#include "vendor/alls_commands.h"
#include "vendor/job_bundle.h"

#include "vendor_stand_in.h"

#include <gmock/gmock.h>

#include <sys/wait.h>

namespace hefstudio {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

class JobDriver : public testing::Test {
protected:
    void SetUp() override
    {
        if (!test::VendorStandIn::hasPython())
            GTEST_SKIP() << "python3 is absent";
        standIn.compilesTo(Bytes(9, std::byte{1}));
        job.network = "net";
        job.arch = "hailo8l";
        job.onnx = Bytes(100, std::byte{7});
        job.inputs = {{"images", Shape({1, 3, 2, 4}), true, {{0}, {255}}}};
        job.outputs = {{"boxes", "/cv2/Conv", "box", 8, Shape({1, 64, 1, 2}), {}, 16},
                       {"scores", "/cv3/Conv", "classes", 8, Shape({1, 80, 1, 2}), "sigmoid", 8}};
        job.samples = 3;
        job.load = [](std::size_t, const VendorJobInput &input) -> Result<Tensor> {
            return Tensor(ElementType::uint8, input.shape);
        };
        write();
    }
    void write() { ASSERT_TRUE(writeJobBundle(bundle(), job, {})); }

    fs::path bundle() const { return standIn.folder() / "a job, \"quoted\"; $(touch x)"; }
    std::string text(const fs::path &file) const
    {
        return readTextFile(file, {.refuseEmpty = false}).value_or(std::string());
    }
    std::string log() const { return text(standIn.folder() / "log"); }

    int bash(const std::string &command) const
    {
        const int status = std::system(
            ("cd '" + standIn.folder().string() + "' && { " + command + "; } >log 2>&1").c_str());
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    }
    int driver(const std::string &arguments = {}) const
    {
        return bash("env/bin/python '" + (bundle() / "convert.py").string() + "' " + arguments);
    }
    int starter(const std::string &arguments) const
    {
        return bash("bash '" + (bundle() / "run.sh").string() + "' " + arguments);
    }
    std::vector<std::string> script() const
    {
        for (const auto &call : standIn.calls())
            if (call[0] == "load_model_script")
                return call[1];
        return {};
    }

    test::VendorStandIn standIn;
    VendorJob job;
};

TEST_F(JobDriver, ByteCompiles)
{
    EXPECT_EQ(bash("python3 -c 'import sys; compile(open(sys.argv[1]).read(), \"convert.py\", "
                   "\"exec\", dont_inherit=True)' '" +
                   (bundle() / "convert.py").string() + "'"),
              0)
        << log();
}

TEST_F(JobDriver, FindsLayersByShapeWhereNamesAreLost)
{
    standIn.scenario({{"keeps_names", false}});
    ASSERT_EQ(driver(), 0) << log();
    EXPECT_THAT(script(), Contains("quantization_param(net/output_layer1, precision_mode=a16_w16)"));
    EXPECT_THAT(script(), Contains("change_output_activation(net/conv2, sigmoid)"));
    const auto result = Json::parse(text(bundle() / "results/result.json"));
    EXPECT_EQ(result["outputs"], Json({{"boxes", "net/conv1"}, {"scores", "net/conv2"}}));
    EXPECT_EQ(result["compiler"], "3.33.0");
}

TEST_F(JobDriver, RefusesToGuessALayer)
{
    standIn.scenario({{"keeps_names", false}, {"first_shape", {1, 2, 60}}});
    EXPECT_EQ(driver(), 1);
    EXPECT_THAT(log(), HasSubstr("cannot be told from the others"));
    EXPECT_FALSE(fs::exists(bundle() / "results" / "net.hef"));
    standIn.scenario({{"first_shape", {1, 2, 60}}});
    EXPECT_EQ(driver(), 1);
    EXPECT_THAT(log(), HasSubstr("has shape [1, 2, 60] after parsing"));
}

TEST_F(JobDriver, RefusesAFileThatWasChanged)
{
    std::ofstream(bundle() / "model.alls", std::ios::app) << "# more\n";
    EXPECT_EQ(driver(), 1);
    EXPECT_THAT(log(), HasSubstr("model.alls was changed"));
    EXPECT_TRUE(standIn.calls().empty());
}

TEST_F(JobDriver, WritesTheDecodersConfigurationWithTheParsedLayers)
{
    job.nms = VendorNms{.metaArch = "yolov8",
                        .scoreThreshold = 0.25,
                        .classes = 80,
                        .height = 2,
                        .width = 4,
                        .regressionLength = 16,
                        .decoders = {{8, {}, {}, "boxes", "scores", {}}}};
    write();
    ASSERT_EQ(driver(), 0) << log();
    Json config;
    for (const auto &call : standIn.calls())
        if (call[0] == "nms")
            config = call[1];
    EXPECT_EQ(config["bbox_decoders"],
              Json::array({{{"name", "bbox_decoder_8"},
                            {"stride", 8},
                            {"reg_layer", "net/conv1"},
                            {"cls_layer", "net/conv2"}}}));
    EXPECT_EQ(config["nms_scores_th"], 0.25);
    EXPECT_EQ(config["regression_length"], 16);
    EXPECT_EQ(config["image_dims"], Json({2, 4}));
    EXPECT_THAT(script(), Contains("nms_postprocess(\"nms_config.json\", meta_arch=yolov8, "
                                   "engine=cpu)"));
    EXPECT_THAT(script(), Not(Contains(HasSubstr("a16_w16")))) << "the runtime decodes 8 bits";
    EXPECT_TRUE(lintAlls(*parseAlls(text(bundle() / "results/used.alls"))).empty());
}

TEST_F(JobDriver, GivesLayersOfTheRecipe16Bits)
{
    job.sixteenBitNodes = {"/cv3/Conv", "/merged/away"};
    write();
    ASSERT_EQ(driver(), 0) << log();
    EXPECT_THAT(script(), Contains("quantization_param(net/conv2, precision_mode=a16_w16)"));
    EXPECT_THAT(log(), HasSubstr("/merged/away keeps its precision"));
}

TEST_F(JobDriver, RunsPicturesThroughTheCompilersEmulators)
{
    ASSERT_EQ(driver("--emulate '" + (bundle() / "calibration_0.npy").string() + "'"), 0) << log();
    const auto calls = standIn.calls();
    EXPECT_THAT(calls, Contains(Json({"infer_context", "SDK_FP_OPTIMIZED"})));
    EXPECT_THAT(calls, Contains(Json({"infer_context", "SDK_QUANTIZED"})));
    EXPECT_THAT(calls, Contains(Json({"infer", {3, 2, 4, 3}})));
    EXPECT_TRUE(fs::exists(bundle() / "results/full_precision.npz"));
    EXPECT_TRUE(fs::exists(bundle() / "results/quantised.npz"));
}

TEST_F(JobDriver, StarterRunsAnEnvironment)
{
    setenv("PYTHONPATH", "/leaked", 1);
    const int code = starter("--python \"$PWD/env/bin/python\"");
    unsetenv("PYTHONPATH");
    ASSERT_EQ(code, 0) << log();
    EXPECT_TRUE(fs::exists(bundle() / "results/result.json"));
    EXPECT_FALSE(fs::exists(standIn.folder() / "x"));
}

TEST_F(JobDriver, StarterRunsAContainerAndResumes)
{
    standIn.scenario({{"at", "map"}, {"what", "crash"}});
    const std::string image = std::string("--docker ") + test::VendorStandIn::image;
    EXPECT_NE(starter(image), 0);
    standIn.scenario({});
    standIn.forgetCalls();
    ASSERT_EQ(starter(image + " --resume"), 0) << log();
    EXPECT_THAT(standIn.callNames(), testing::ElementsAre("ClientRunner", "compile", "save_har"));
    EXPECT_FALSE(standIn.hasContainers());
    EXPECT_FALSE(fs::exists(standIn.folder() / "x"));
}

TEST_F(JobDriver, StarterAsksForWhatItNeeds)
{
    for (const char *arguments : {"", "--docker", "--docker --gpu", "--python ''", "--nonsense",
                                  "--docker image --image-python -c"}) {
        EXPECT_EQ(starter(arguments), 2) << arguments;
        EXPECT_THAT(log(), HasSubstr("usage: ./run.sh")) << arguments;
    }
    EXPECT_EQ(starter("--help"), 0);
}

TEST_F(JobDriver, StarterKeepsASecondRunOut)
{
    const std::string lock = "mkdir -p results; exec 9>>'" +
                             (bundle() / "results/.lock").string() + "'; flock 9; ";
    fs::create_directories(bundle() / "results");
    if (bash("command -v flock") != 0)
        GTEST_SKIP() << "flock is absent";
    EXPECT_EQ(bash(lock + "bash '" + (bundle() / "run.sh").string() +
                   "' --python \"$PWD/env/bin/python\""),
              1);
    EXPECT_THAT(log(), HasSubstr("another run has this folder"));
}

} // namespace
} // namespace hefstudio
