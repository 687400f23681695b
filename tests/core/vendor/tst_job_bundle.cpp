// A job bundle is whole or absent, its script is sound, and its driver does what job.json says: run
// against a test double of the vendor's package that records the calls.
#include "vendor/job_bundle.h"

#include "base/npy.h"
#include "vendor/alls_commands.h"

#include "temporary_folder.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

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

// Presets times kinds of networks: what is written is a script in the language of the fact sheet.
TEST(JobBundle, ScriptsOfEveryPresetAndKindHoldKnownCommandsOnly)
{
    const VendorNetworkTraits kinds[] = {{}, {.hasAttention = true},
                                         {.hasAttention = true, .hasTokens = true}};
    VendorChoices choices[4];
    choices[1].isMaximumEffort = true;
    choices[1].utilisation = 0.9; // beside the maximum effort the compiler refuses it
    choices[2].utilisation = 0.8;
    choices[2].mappingMinutes = 25;
    choices[3].mustFitOneContext = true;
    for (const auto preset : {Preset::fast, Preset::balanced, Preset::accurate})
        for (const auto &traits : kinds)
            for (const auto &choice : choices)
                for (const bool isPicture : {true, false}) {
                    VendorJob job = detector();
                    job.preset = preset;
                    job.traits = traits;
                    job.choices = choice;
                    job.inputs[0].isPicture = isPicture;
                    const std::string text = vendorModelScript(job).text();
                    const auto read = parseAlls(text);
                    ASSERT_TRUE(read) << text;
                    EXPECT_EQ(read->text(), text);
                    EXPECT_TRUE(lintAlls(*read).empty()) << text;
                    for (const AllsPiece *piece : read->statements())
                        EXPECT_NE(findAllsCommand(piece->statement->command), nullptr)
                            << piece->source;
                }
}

TEST(JobBundle, TransformersGetTheirOwnSettings)
{
    VendorJob job = detector();
    EXPECT_THAT(vendorModelScript(job).text(), testing::Not(testing::HasSubstr("matmul")));
    job.traits = {.hasAttention = true, .hasTokens = true};
    EXPECT_THAT(vendorModelScript(job).text(),
                testing::HasSubstr("pre_quantization_optimization(matmul_correction, "
                                   "layers={matmul*}, correction_type=zp_comp_block)"));
    EXPECT_THAT(vendorModelScript(job).text(),
                testing::HasSubstr("quantization_param({ew_add*}, precision_mode=a16_w16)"));
    job.preset = Preset::fast;
    EXPECT_THAT(vendorModelScript(job).text(), testing::Not(testing::HasSubstr("ew_add")));
}

TEST(JobBundle, TheRecipesOwnScriptComesLast)
{
    VendorJob job = detector();
    job.ownScript = *parseAlls("allocator_param(timeout=5h)\n");
    EXPECT_THAT(vendorModelScript(job).text(), testing::EndsWith("allocator_param(timeout=5h)\n"));
}

TEST(JobBundle, AnOwnScriptNamesNoFiles)
{
    for (const char *line : {"nms_postprocess(\"cfg.json\", yolov8, engine=cpu)",
                             "unknown(path=\"/etc/passwd\")", "unknown([\"../up\"])",
                             "unknown('~/x')"}) {
        const auto refused = checkOwnScript(*parseAlls(line), "own.alls");
        ASSERT_FALSE(refused) << line;
        EXPECT_EQ(refused.error().front().id, "vendor.script-path");
        EXPECT_EQ(refused.error().front().place.keyPath, "line 1");
    }
    EXPECT_TRUE(checkOwnScript(*parseAlls("quantization_param(conv1, precision_mode=a16_w16)"), {}));
}

} // namespace
} // namespace hefstudio
