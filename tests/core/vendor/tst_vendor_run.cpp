// Whole runs of a job through a test double of the vendor's compiler, in an environment and in a
// container: what succeeds is complete, every failure has a name and leaves nothing behind.
#include "vendor/vendor_run.h"

#include "base/diagnostic_catalogue.h"
#include "chip_hef.h"
#include "result_matchers.h"
#include "vendor/job_bundle.h"
#include "vendor/vendor_result.h"
#include "vendor_stand_in.h"

#include <gmock/gmock.h>

#include <poll.h>
#include <span>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace hefstudio {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using Call = nlohmann::json;

VendorJob detectorJob()
{
    VendorJob job;
    job.network = "net";
    job.arch = "hailo8l";
    job.preset = Preset::balanced;
    job.onnx = Bytes(100, std::byte{7});
    job.inputs = {{"images", Shape({1, 3, 8, 8}), true, {{0}, {255}}}};
    job.outputs = {{"boxes", "/cv2/Conv", "box", 4, Shape({1, 64, 2, 2}), {}, 16},
                   {"scores", "/cv3/Conv", "classes", 4, Shape({1, 3, 2, 2}), "sigmoid", 8}};
    job.samples = 3;
    job.load = [](std::size_t, const VendorJobInput &input) -> Result<Tensor> {
        return Tensor(ElementType::uint8, input.shape);
    };
    job.prediction = VendorPrediction{.contexts = 2, .framesPerSecond = 100, .configBytes = 4096};
    return job;
}

// conv1 makes the boxes, conv2 the scores: the order in which the double numbers them.
Bytes detectorHef(HefChip chip = HefChip::hailo8l)
{
    return test::chipHef("net", 8, 8, {{"conv1", 2, 2, 64}, {"conv2", 2, 2, 3}}, chip);
}

std::vector<std::string> errorIds(const Diagnostics &diagnostics)
{
    std::vector<std::string> ids;
    for (const auto &diagnostic : diagnostics)
        if (diagnostic.severity == Severity::error)
            ids.push_back(diagnostic.id);
    return ids;
}

// A killed process takes a moment to go; its descriptor becomes readable when it has.
bool hasEnded(int process)
{
    const int descriptor = static_cast<int>(syscall(SYS_pidfd_open, process, 0));
    if (descriptor < 0)
        return errno == ESRCH;
    pollfd entry{descriptor, POLLIN, 0};
    const bool ended = poll(&entry, 1, 5000) == 1;
    close(descriptor);
    return ended;
}

class VendorRunTest : public testing::TestWithParam<ToolchainKind> {
protected:
    void SetUp() override
    {
        if (!test::VendorStandIn::hasPython())
            GTEST_SKIP() << "python3 is absent";
        ASSERT_TRUE(writeJobBundle(job(), detectorJob(), {}));
        standIn.compilesTo(detectorHef());
    }

    // Blanks, quotes, a comma, a line end and a leading dash.
    fs::path job() const { return standIn.folder() / "-a job, \"quoted\"\n$(touch x)"; }
    fs::path results() const { return vendorResultsFolder(job()); }
    Toolchain toolchain() const
    {
        return GetParam() == ToolchainKind::python ? standIn.environment()
                                                   : standIn.container(GetParam());
    }

    Result<VendorRunEnd> run(bool resumes = false, std::stop_token stop = {},
                             std::chrono::milliseconds limit = {})
    {
        const auto started = startVendorRun({.job = job(), .toolchain = toolchain(),
                                             .resumes = resumes});
        if (!started)
            return std::unexpected(started.error());
        return followVendorRun(*started, limit, stop, [&](const Event &event) {
            events.push_back(toJsonLine(event));
            if (onEvent)
                onEvent(event);
        });
    }

    // No process, no container, no half-written file; the work folder stays.
    void expectNothingLeft()
    {
        EXPECT_FALSE(isVendorRunActive(job()));
        EXPECT_FALSE(standIn.hasContainers("docker"));
        EXPECT_FALSE(standIn.hasContainers("podman"));
        for (const auto &entry : fs::directory_iterator(results())) {
            const std::string name = entry.path().filename();
            EXPECT_THAT(name, Not(HasSubstr("partial"))) << name;
            EXPECT_NE(name, "tmp");
            EXPECT_NE(name, "home");
        }
        std::ifstream pids(standIn.packages() / "pids");
        for (int process = 0; pids >> process;)
            EXPECT_TRUE(hasEnded(process)) << process;
        EXPECT_FALSE(fs::exists(standIn.folder() / "x"));
    }

    test::VendorStandIn standIn;
    std::vector<std::string> events;
    std::function<void(const Event &)> onEvent;
};

TEST_P(VendorRunTest, GoesFromTheJobToAVerifiedHef)
{
    const auto end = run();
    ASSERT_TRUE(end) << consoleText(end.error().front());
    EXPECT_EQ(end->facts.contexts, 2);
    EXPECT_EQ(end->facts.calibrationEntries, 3);
    std::vector<std::string> stages;
    for (const auto &line : events)
        if (const auto event = eventFromJsonLine(line))
            if (const auto *started = std::get_if<StageStarted>(&*event))
                stages.push_back(started->stage);
    EXPECT_THAT(stages, ElementsAre("vendor-parse", "vendor-optimise", "vendor-partition",
                                    "vendor-map", "vendor-kernels", "vendor-write"));
    expectNothingLeft();

    const auto result = readVendorResult(job(), "net.hef");
    ASSERT_TRUE(result) << consoleText(result.error().front());
    EXPECT_TRUE(result->warnings.empty()) << consoleText(result->warnings.front());
    EXPECT_EQ(result->compiler, "3.33.0");
    EXPECT_EQ(result->outputs.size(), 2u);
    EXPECT_EQ(result->compilerFps, 123);
    ASSERT_EQ(result->comparison.size(), 3u);
    EXPECT_EQ(result->comparison[0].predicted, 2);
    EXPECT_EQ(result->comparison[0].found, 1);
    ASSERT_EQ(result->noise.size(), 2u);
    EXPECT_EQ(result->noise[0].snrDb, 30.25);
    EXPECT_TRUE(fs::exists(result->archive));
}

TEST_P(VendorRunTest, CallsTheClientInTheOrderItsStatesDemand)
{
    ASSERT_TRUE(run());
    EXPECT_THAT(standIn.callNames(),
                ElementsAre("ClientRunner", "translate_onnx_model", "save_har", "load_model_script",
                            "optimize", "save_har", "compile", "save_har"));
    const auto calls = standIn.calls();
    EXPECT_EQ(calls[0], Call({"ClientRunner", "hailo8l", ""}));
    EXPECT_EQ(calls[1], Call({"translate_onnx_model", "model.onnx", "net",
                              {{"images", {1, 3, 8, 8}}}}));
    EXPECT_EQ(calls[2], Call({"save_har", "partial-net.parsed.har", "hailo_model"}));
    EXPECT_EQ(calls[4], Call({"optimize", {{"net/input_layer1", {"|u1", {3, 8, 8, 3}}}}}));
    EXPECT_EQ(calls[5], Call({"save_har", "partial-net.optimised.har", "quantized_model"}));
    EXPECT_EQ(calls[7], Call({"save_har", "partial-net.compiled.har", "compiled_model"}));
    const std::vector<std::string> script = calls[3][1];
    EXPECT_THAT(script, Contains("quantization_param(net/output_layer1, precision_mode=a16_w16)"));
    EXPECT_THAT(script, Contains("change_output_activation(net/conv2, sigmoid)"));
}

TEST_P(VendorRunTest, EveryFileBelongsToTheUser)
{
    ASSERT_TRUE(run());
    for (const auto &entry : fs::recursive_directory_iterator(job())) {
        struct stat status{};
        ASSERT_EQ(lstat(entry.path().c_str(), &status), 0);
        EXPECT_EQ(status.st_uid, getuid()) << entry.path();
    }
}

TEST_P(VendorRunTest, AFailureOfEachStageHasItsNameAndTheNextTryGoesOnBehindIt)
{
    const struct {
        Call scenario;
        const char *id;
        std::vector<std::string> callsAfterwards; // of the try that resumes
    } cases[] = {
        {{{"at", "parse"},
          {"what", "raise"},
          {"exception", "ParsingWithRecommendationException"},
          {"text", "Parsing failed. The errors found in the graph are:\n"
                   " UnsupportedShuffleLayerError in op /dfl/Reshape: Failed to determine type of "
                   "layer to create in node /dfl/Reshape\n"
                   "Please try to parse the model again, using these end node names: /a/Conv"}},
         "vendor.unsupported-shuffle",
         {"ClientRunner", "translate_onnx_model", "save_har", "load_model_script", "optimize",
          "save_har", "compile", "save_har"}},
        {{{"at", "script"},
          {"what", "raise"},
          {"text", "AllocatorScriptParserException: last layers expected conv, found activation"}},
         "vendor.script-of-another-model",
         {"ClientRunner", "load_model_script", "optimize", "save_har", "compile", "save_har"}},
        {{{"at", "optimise"},
          {"what", "raise"},
          {"text", "NegativeSlopeExponentNonFixable: Quantization failed in layer net/conv1 due to "
                   "unsupported required slope. Desired shift is 9, but op has only 8 data bits"}},
         "vendor.unbalanced-ranges",
         {"ClientRunner", "load_model_script", "optimize", "save_har", "compile", "save_har"}},
        {{{"at", "map"},
          {"what", "raise"},
          {"log", {"[error] Failed to produce compiled graph"}},
          {"text", "BackendAllocatorException: Compilation failed: No successful assignments: "
                   "concat22 errors:\n\tAgent infeasible"}},
         "vendor.layer-not-placed",
         {"ClientRunner", "compile", "save_har"}},
        {{{"at", "map"},
          {"what", "raise"},
          {"log", {"[error] Mapping Failed (Timeout, allocation time: 59m 59s)"}},
          {"text", "BackendAllocatorException: Compilation failed"}},
         "vendor.time-limit",
         {"ClientRunner", "compile", "save_har"}},
        {{{"at", "optimise"}, {"what", "raise"}, {"text", "std::bad_alloc"}},
         "vendor.out-of-memory",
         {"ClientRunner", "load_model_script", "optimize", "save_har", "compile", "save_har"}},
        {{{"at", "save-quantized_model"}, {"what", "disk-full"}},
         "vendor.disk-full",
         {"ClientRunner", "load_model_script", "optimize", "save_har", "compile", "save_har"}},
        {{{"at", "map"}, {"what", "crash"}}, "vendor.run-killed",
         {"ClientRunner", "compile", "save_har"}},
        {{{"at", "kernels"}, {"what", "killed"}}, "vendor.run-killed",
         {"ClientRunner", "compile", "save_har"}},
    };
    // Podman differs from docker in how a container is started, not in how it ends.
    const bool isFull = std::getenv("HEFSTUDIO_TEST_FULL") != nullptr;
    const std::size_t count =
        GetParam() == ToolchainKind::podman && !isFull ? 2 : std::size(cases);
    for (const auto &[scenario, id, callsAfterwards] : std::span(cases).first(count)) {
        standIn.scenario(scenario);
        const auto failed = run();
        ASSERT_FALSE(failed) << scenario;
        EXPECT_THAT(errorIds(failed.error()), Contains(id)) << scenario;
        for (const auto &diagnostic : failed.error())
            EXPECT_NE(findCatalogueEntry(diagnostic.id), nullptr) << diagnostic.id;
        EXPECT_FALSE(readVendorResult(job(), "net.hef"));
        expectNothingLeft();
        EXPECT_TRUE(fs::exists(results() / "console.log")) << "the log of a failure is kept";

        standIn.scenario({});
        standIn.forgetCalls();
        ASSERT_TRUE(run(true)) << scenario;
        EXPECT_THAT(standIn.callNames(), testing::ElementsAreArray(callsAfterwards)) << scenario;
        EXPECT_TRUE(readVendorResult(job(), "net.hef"));
        standIn.forgetCalls();
        fs::remove_all(results());
    }
}

TEST_P(VendorRunTest, CancellingEndsTheCompilerAndItsChildren)
{
    standIn.scenario({{"at", "map"}, {"what", "hang"}});
    std::stop_source source;
    onEvent = [&](const Event &event) {
        if (const auto *line = std::get_if<LogLine>(&event); line && line->text == "hanging")
            source.request_stop();
    };
    const auto cancelled = run(false, source.get_token());
    ASSERT_FALSE(cancelled);
    EXPECT_EQ(cancelled.error().front().id, "cancelled");
    ASSERT_TRUE(fs::exists(standIn.packages() / "pids"));
    expectNothingLeft();
    EXPECT_TRUE(fs::exists(results() / "net.optimised.har")) << "finished stages are kept";
}

TEST_P(VendorRunTest, AHangEndsAtTheLimit)
{
    standIn.scenario({{"at", "parse"}, {"what", "hang"}});
    const auto ended = run(false, {}, std::chrono::milliseconds(1500));
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().front().id, "vendor.run-timeout");
    expectNothingLeft();
}

TEST_P(VendorRunTest, TwoRunsDoNotShareAFolder)
{
    standIn.scenario({{"at", "map"}, {"what", "hang"}});
    const VendorRunRequest request{.job = job(), .toolchain = toolchain()};
    const auto first = startVendorRun(request);
    ASSERT_TRUE(first);
    EXPECT_TRUE(isVendorRunActive(job()));
    const auto second = startVendorRun(request);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().front().id, "vendor.run-active");
    stopVendorRun(*first);
    EXPECT_FALSE(followVendorRun(*first, {}, {}, {}));
    expectNothingLeft();
}

// Whoever started it is gone (here: never follows); another one comes and sees all of it.
TEST_P(VendorRunTest, GoesOnAloneAndIsAttachedTo)
{
    standIn.scenario({{"at", "map"}, {"what", "hang"}});
    ASSERT_TRUE(startVendorRun({.job = job(), .toolchain = toolchain()}));
    const auto attached = attachVendorRun(job());
    ASSERT_TRUE(attached);
    EXPECT_EQ(attached->process, 0);
    EXPECT_EQ(attached->toolchain.kind, GetParam());
    std::stop_source source;
    bool sawParsing = false;
    const auto cancelled =
        followVendorRun(*attached, {}, source.get_token(), [&](const Event &event) {
            if (const auto *started = std::get_if<StageStarted>(&event))
                sawParsing = sawParsing || started->stage == "vendor-parse";
            if (const auto *line = std::get_if<LogLine>(&event); line && line->text == "hanging")
                source.request_stop();
        });
    ASSERT_FALSE(cancelled);
    EXPECT_TRUE(sawParsing);
    expectNothingLeft();
}

TEST_P(VendorRunTest, AnswersTheQuestionOfTheMachineCheck)
{
    standIn.scenario({{"at", "start"}, {"what", "ask"}});
    EXPECT_TRUE(run());
}

TEST_P(VendorRunTest, AResultForAnotherChipIsRefused)
{
    standIn.compilesTo(detectorHef(HefChip::hailo8));
    ASSERT_TRUE(run());
    const auto result = readVendorResult(job(), "net.hef");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().front().id, "vendor.result-other-chip");
}

// Every byte of the job and of the result is bound by a digest.
TEST_P(VendorRunTest, ForeignOrChangedFilesAreNotImported)
{
    ASSERT_TRUE(run());
    ASSERT_TRUE(readVendorResult(job(), "net.hef"));
    const auto spoil = [&](const fs::path &file, const char *id) {
        const auto whole = *readFile(file);
        auto changed = whole;
        changed.back() ^= std::byte{1};
        ASSERT_TRUE(writeFileAtomically(file, changed));
        const auto refused = readVendorResult(job(), "net.hef");
        ASSERT_FALSE(refused) << file;
        EXPECT_EQ(refused.error().front().id, id) << file;
        ASSERT_TRUE(writeFileAtomically(file, whole));
    };
    spoil(results() / "net.hef", "vendor.result-changed");
    spoil(results() / "net.compiled.har", "vendor.result-changed");
    spoil(job() / "model.onnx", "vendor.result-changed");
    spoil(job() / "model.alls", "vendor.result-changed");
    auto other = detectorJob();
    other.preset = Preset::fast;
    ASSERT_TRUE(writeJobBundle(job(), other, {}));
    const auto refused = readVendorResult(job(), "net.hef");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().front().id, "vendor.result-of-another-job");
}

// A changed job must not go on behind stages of the earlier one.
TEST_P(VendorRunTest, ResumingAnotherJobStartsFromTheBeginning)
{
    standIn.scenario({{"at", "map"}, {"what", "crash"}});
    ASSERT_FALSE(run());
    auto other = detectorJob();
    other.onnx = Bytes(100, std::byte{8});
    ASSERT_TRUE(writeJobBundle(job(), other, {}));
    standIn.scenario({});
    standIn.forgetCalls();
    ASSERT_TRUE(run(true));
    EXPECT_THAT(standIn.callNames(), Contains("translate_onnx_model"));
}

INSTANTIATE_TEST_SUITE_P(Everywhere, VendorRunTest,
                         testing::Values(ToolchainKind::python, ToolchainKind::docker,
                                         ToolchainKind::podman),
                         [](const auto &info) {
                             return std::string(toolchainKindName(info.param));
                         });

class VendorContainer : public VendorRunTest {};

TEST_P(VendorContainer, GetsNothingButTheJobsFolder)
{
    setenv("SECRET", "of the host", 1);
    ASSERT_TRUE(run());
    unsetenv("SECRET");
    Call command;
    for (const auto &call : standIn.engineCalls(std::string(toolchainKindName(GetParam()))))
        if (call[0] == "run")
            command = call;
    const std::vector<std::string> words = command;
    EXPECT_EQ(std::ranges::count(words, "--mount"), 1);
    EXPECT_EQ(std::ranges::count(words, "--env"), 4);
    EXPECT_THAT(words, Not(Contains(HasSubstr("SECRET"))));
    EXPECT_THAT(words, Contains("--pull"));
    EXPECT_EQ(words.back(), "/job/convert.py");
    EXPECT_EQ(words[words.size() - 3], test::VendorStandIn::image);
    for (const char *never : {"--privileged", "--volume", "-v", "--network", "--device", "--cap-add"})
        EXPECT_THAT(words, Not(Contains(never)));
}

TEST_P(VendorContainer, AnEngineThatDoesNotStartItSaysWhy)
{
    standIn.engineIs(std::string(toolchainKindName(GetParam())), {{"images", {"other:1"}}});
    const auto refused = run();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().front().id, "vendor.engine-unusable");
    EXPECT_THAT(consoleText(refused.error().front()), HasSubstr("Unable to find image"));
}

INSTANTIATE_TEST_SUITE_P(Engines, VendorContainer,
                         testing::Values(ToolchainKind::docker, ToolchainKind::podman),
                         [](const auto &info) {
                             return std::string(toolchainKindName(info.param));
                         });

TEST(VendorRunCommand, RootOfARootlessDockerIsTheUser)
{
    Toolchain toolchain;
    toolchain.kind = ToolchainKind::docker;
    toolchain.image = "suite";
    toolchain.python = "python3";
    const auto rootless =
        vendorRunCommand({.job = "/job", .toolchain = toolchain, .isRootless = true}, "name");
    EXPECT_THAT(rootless, Contains("0:0"));
    const auto rootful = vendorRunCommand({.job = "/job", .toolchain = toolchain}, "name");
    EXPECT_THAT(rootful, Contains(std::to_string(getuid()) + ":" + std::to_string(getgid())));
}

TEST(VendorRun, NeedsAJobAndARun)
{
    const TemporaryFolder folder;
    EXPECT_EQ(startVendorRun({.job = folder.path()}).error().front().id, "vendor.no-job");
    EXPECT_EQ(attachVendorRun(folder.path()).error().front().id, "vendor.no-run");
    EXPECT_EQ(readVendorResult(folder.path(), "x").error().front().id, "vendor.no-job");
    EXPECT_FALSE(isVendorRunActive(folder.path()));
}

} // namespace
} // namespace hefstudio
