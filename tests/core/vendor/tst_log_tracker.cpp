// A vendor run is followed by its lines, in whatever pieces they come; the recorded public logs are
// read where the folder with them is present.
#include "vendor/log_tracker.h"

#include "base/diagnostic_catalogue.h"
#include "base/file.h"

#include "shared_folder.h"

#include <gmock/gmock.h>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <sstream>

namespace hefstudio {
namespace {

struct Followed {
    std::vector<std::string> events;
    VendorRunFacts facts;
    VendorLogCounts counts;
    Diagnostics diagnostics;
};

Followed follow(std::string_view text, unsigned seed = 0)
{
    Followed followed;
    VendorLogTracker tracker([&](const Event &event) {
        followed.events.push_back(toJsonLine(event));
    });
    std::mt19937 random(seed);
    while (!text.empty()) {
        const std::size_t size = seed == 0 ? text.size() : 1 + random() % 40;
        tracker.feed(text.substr(0, size));
        text.remove_prefix(std::min(size, text.size()));
    }
    tracker.finish();
    followed.facts = tracker.facts();
    followed.counts = tracker.counts();
    followed.diagnostics = tracker.diagnostics();
    return followed;
}

std::vector<std::string> ids(const Diagnostics &diagnostics)
{
    std::vector<std::string> all;
    for (const auto &diagnostic : diagnostics)
        all.push_back(diagnostic.id);
    return all;
}

// The road of a multi-context run, in the compiler's wording.
constexpr const char *run =
    "[info] Hailo DFC Version: 3.33.0\n"
    "[info] No GPU chosen and no suitable GPU found, falling back to CPU.\n"
    "[info] Translation started on ONNX model net\n"
    "[info] Restored ONNX model net (completion time: 00:00:00.05)\n"
    "[info] End nodes mapped from original model: '/a/Conv', '/b/Conv'.\n"
    "[info] Translation completed on ONNX model net (completion time: 00:00:00.45)\n"
    "[info] Saved HAR to: out/net.har\n"
    "\x1b[1;36m[info] Starting Model Optimization\x1b[0m\n"
    "[warning] Reducing optimization level to 0 (the accuracy won't be optimized and compression "
    "won't be used) because there's less data than the recommended amount (1024)\n"
    "[info] MatmulDecompose skipped\n"
    "[info] Starting Statistics Collector\n"
    "[info] Using dataset with 64 entries for calibration\n"
    "Calibration:  50%|#####     | 32/64 [00:17<00:17,  1.9entries/s]\r"
    "Calibration: 100%|##########| 64/64 [00:33<00:00,  1.9entries/s][info] Model Optimization "
    "Algorithm Statistics Collector is done (completion time is 00:00:34.29)\n"
    "[info] \tnet/output_layer1 SNR:\t9.179 dB\n"
    "[info] Model Optimization is done\n"
    "[info] Starting Hailo allocation and compilation flow\n"
    "[info] Single context flow failed: Recoverable single context error\n"
    "[info] Using Multi-context flow\n"
    "[info] Finding the best partition to contexts...\n"
    "Found valid partition to 3 contexts\n"
    "[info] Iteration #4 - 3 contexts,\n"
    "[....<==>....] Duration: 00:01:03\n"
    "Found valid partition to 2 contexts, Performance improved by 12,3%\n"
    "[info] Partitioner finished after 201 iterations, Time it took: 7m 0s 808ms\n"
    "[info] Applying selected partition to 2 contexts...\n"
    "[info] Running resources allocation (mapping) flow, time per context: 59m 59s\n"
    "Context:0/1 Iteration 4: Trying parallel mapping...\n"
    " worker0  V          X          *          *          V\n"
    "[info] net_context_1 utilization: \n"
    "[info] | Cluster   | Control Utilization | Compute Utilization | Memory Utilization |\n"
    "[info] | cluster_4 | 93,8%               | 25%                 | 37,5%              |\n"
    "[info] | Total     | 60,9%               | 16,4%               | 26,8%              |\n"
    "[info] Successful Mapping (allocation time: 7m 55s)\n"
    "[info] Compiling kernels of net_context_0...\n"
    "[info] Bandwidth of model inputs: 9.375 Mbps, outputs: 4.29382 Mbps (for a single frame)\n"
    "[info] Bandwidth of inter context tensors: 1,288.5 Mbps (for a single frame)\n"
    "[info] Building HEF...\n"
    "[info] Successful Compilation (compilation time: 10s)\n"
    "[info] Saved HEF to: out/net.hef\n";

TEST(VendorLogTracker, FollowsARunFromParseToHef)
{
    const auto followed = follow(run);
    const auto &facts = followed.facts;
    EXPECT_EQ(facts.toolVersion, "3.33.0");
    EXPECT_EQ(facts.network, "net");
    EXPECT_THAT(facts.endNodes, testing::ElementsAre("/a/Conv", "/b/Conv"));
    EXPECT_EQ(facts.calibrationEntries, 64);
    EXPECT_EQ(facts.optimisationLevel, 0);
    ASSERT_EQ(facts.noise.size(), 1u);
    EXPECT_DOUBLE_EQ(facts.noise.front().snrDb, 9.179);
    EXPECT_EQ(facts.contexts, 2);
    EXPECT_EQ(facts.partitionIterations, 201);
    EXPECT_NEAR(facts.partitionSeconds, 420.808, 1e-9);
    EXPECT_EQ(facts.mappingSeconds, 475);
    ASSERT_EQ(facts.fills.size(), 2u);
    EXPECT_NEAR(facts.fills[1].control, 0.609, 1e-12);
    EXPECT_DOUBLE_EQ(facts.interContextMbit, 1288.5);
    EXPECT_EQ(facts.hefPath, "out/net.hef");
    EXPECT_TRUE(facts.isFinished);
    EXPECT_FALSE(facts.hasFailed);
    EXPECT_EQ(followed.counts.unknown, 0);
}

TEST(VendorLogTracker, SaysItInTheEventsOfEveryConversion)
{
    const auto followed = follow(run);
    std::vector<std::string> stages;
    int best = 0, lowered = 0;
    for (const auto &text : followed.events) {
        const auto event = eventFromJsonLine(text);
        ASSERT_TRUE(event);
        if (const auto *started = std::get_if<StageStarted>(&*event))
            stages.push_back(started->stage);
        if (const auto *iteration = std::get_if<PartitionIteration>(&*event))
            best += iteration->isBest;
        if (const auto *entry = std::get_if<LedgerEntry>(&*event))
            lowered += entry->row.isLowered();
    }
    EXPECT_THAT(stages, testing::ElementsAreArray(vendorStages));
    EXPECT_EQ(best, 2);
    EXPECT_EQ(lowered, 2); // the optimisation level and the single context
}

TEST(VendorLogTracker, PiecesDoNotMatter)
{
    const auto whole = follow(run);
    for (unsigned seed = 1; seed <= 50; ++seed)
        EXPECT_EQ(follow(run, seed).events, whole.events) << seed;
}

TEST(VendorLogTracker, ReadsTheLinesOfLogFilesToo)
{
    const auto client = follow("2025-10-01 12:00:00,123 - WARNING - sdk_backend.py:1191 - Reducing "
                               "optimization level to 0 (x) because there's no available GPU\n");
    EXPECT_EQ(client.facts.optimisationLevel, 0);
    const auto core = follow("[2025-10-01 12:00:00.123] [default] [info] \x1b[1;32mPartitioner "
                             "finished after 330 iterations, Time it took: 15m 35s\x1b[0m\n");
    EXPECT_EQ(core.facts.partitionIterations, 330);
}

TEST(VendorLogTracker, SeesAQuestionBeforeItsLineEnds)
{
    VendorLogTracker tracker({});
    tracker.feed("System requirements check failed (see table above for details). Continue? [Y/n]");
    EXPECT_TRUE(tracker.facts().isWaitingForAnswer);
}

struct Failure {
    const char *lines;
    const char *id;
};
class VendorFailure : public testing::TestWithParam<Failure> {};

TEST_P(VendorFailure, IsExplainedOnceWithItsRemedy)
{
    const auto followed = follow(std::string(GetParam().lines) + "\n");
    EXPECT_TRUE(followed.facts.hasFailed);
    ASSERT_THAT(ids(followed.diagnostics), testing::Contains(GetParam().id));
    EXPECT_EQ(std::ranges::count(ids(followed.diagnostics), GetParam().id), 1);
    for (const auto &diagnostic : followed.diagnostics)
        EXPECT_FALSE(nextStepSentence(diagnostic).empty()) << diagnostic.id;
}

INSTANTIATE_TEST_SUITE_P(
    Vendor, VendorFailure,
    testing::Values(
        Failure{"UnsupportedShuffleLayerError in op Dense: Failed to determine type of layer to "
                "create in node Dense",
                "vendor.unsupported-shuffle"},
        Failure{"UnsupportedOperationError in op /TopK: TopK operation is unsupported\n"
                "UnsupportedOperationError in op /Mod: Mod operation is unsupported",
                "vendor.unsupported-operator"},
        Failure{"[error] Mapping Failed (allocation time: 2s)", "vendor.mapping-failed"},
        Failure{"[error] BackendAllocatorException: Compilation failed: No successful assignments: "
                "concat22 errors:\n\tAgent infeasible",
                "vendor.layer-not-placed"},
        Failure{"IndexError: list index out of range", "vendor.axes-unknown"},
        Failure{"a.b.BadInputsShape: Data shape (5, 1) for layer net/input_layer1 doesn't match "
                "network's input shape (1, 5, 1)",
                "vendor.calibration-shape"},
        Failure{"net Partition and Allocation Failed (Timeout, Processing time: 2h 44m 27s)",
                "vendor.time-limit"},
        Failure{"terminate called after throwing an instance of 'std::bad_alloc'",
                "vendor.out-of-memory"},
        Failure{"KeyError: 'USER'", "vendor.user-unset"}));

TEST(VendorLogTracker, OffersTheRecommendedEndNodes)
{
    const auto followed =
        follow("Please try to parse the model again, using these end node names: /a/Add, b, c\n");
    ASSERT_EQ(followed.diagnostics.size(), 1u);
    ASSERT_EQ(followed.diagnostics.front().fixes.size(), 1u);
    EXPECT_EQ(followed.diagnostics.front().fixes.front().values.front().second, "/a/Add,b,c");
}

// One change as a broken terminal, a full disk or a hostile program would make it.
void mutate(std::string &text, std::mt19937 &random)
{
    if (text.empty())
        return;
    const std::size_t at = random() % text.size();
    switch (random() % 8) {
    case 0: text[at] = static_cast<char>(random() % 256); break;
    case 1: text.erase(at, random() % 20); break;
    case 2: text.insert(at, text.substr(random() % text.size(), 30)); break;
    case 3: text.insert(at, "\x1b[1;31m"); break;
    case 4: text.insert(at, "\r"); break;
    case 5:
        if (const auto end = text.find('\n', at); end != text.npos)
            text.erase(end, 1); // two lines glued
        break;
    case 6: text.insert(at, std::string(1 + random() % 3, '\0')); break;
    default: text.insert(at, "99999999999999999999,5%"); break;
    }
}

TEST(VendorLogTracker, NothingBreaksIt)
{
    std::mt19937 random(3);
    const std::string original = run;
    for (int variant = 0; variant < 1000; ++variant) {
        std::string text = original;
        for (int change = 0; change < 30; ++change)
            mutate(text, random);
        follow(text, 1 + random() % 5);
    }
    follow(std::string(1 << 20, '['));
}

// Names in a log are whatever a model's maker chose: they reach a window as text and nothing else.
TEST(VendorLogTracker, MarkupStaysText)
{
    const std::string evil = "<img src=x onerror=alert(1)>\x07\x1b]0;title\x07";
    const auto followed =
        follow("[info] Translation started on ONNX model " + evil + "\n[warning] Reducing output "
               "bits of " + evil + " by 5.0 bits (More than half)\n" + evil + "\n");
    for (const auto &line : followed.events) {
        const auto event = eventFromJsonLine(line);
        ASSERT_TRUE(event) << line;
        if (const auto *log = std::get_if<LogLine>(&*event)) {
            for (const unsigned char c : log->text)
                EXPECT_TRUE(c >= 0x20 || c == 0x09) << "control characters are taken out";
        }
    }
    EXPECT_EQ(followed.facts.network.find('\x1b'), std::string::npos);
}

TEST(LogNumbers, FollowTheLocaleOfTheConsole)
{
    EXPECT_EQ(logNumber("93,8"), 93.8);
    EXPECT_EQ(logNumber("1,288.5"), 1288.5);
    EXPECT_EQ(logNumber("3.30579e+06"), 3.30579e+06);
    EXPECT_EQ(logNumber("x"), std::nullopt);
    EXPECT_EQ(logSeconds("00:00:52.69"), 52.69);
    EXPECT_EQ(logSeconds("1h 0m 0s"), 3600);
    EXPECT_EQ(logSeconds("26m 44s 960ms"), 26 * 60 + 44.96);
    EXPECT_EQ(logSeconds("soon"), std::nullopt);
}

// Editors' notes and left-out marks in the recorded excerpts are no lines of the compiler.
std::string withoutNotes(const std::string &text)
{
    std::string lines;
    std::size_t at = 0;
    while (at < text.size()) {
        const auto end = std::min(text.find('\n', at), text.size() - 1);
        const std::string line = text.substr(at, end - at + 1);
        at = end + 1;
        if (!line.starts_with('#') && !line.starts_with("---") && !line.starts_with("(..."))
            lines += line;
    }
    return lines;
}

// An event by its facts alone, without the wording of the log it came from.
std::string factsOf(const Event &event)
{
    std::ostringstream text;
    const auto write = [&text](const auto &...parts) { ((text << parts << ' '), ...); };
    if (const auto *started = std::get_if<StageStarted>(&event))
        write("stage", started->stage);
    else if (const auto *finished = std::get_if<StageFinished>(&event))
        write("end", finished->stage, finished->summary);
    else if (const auto *progress = std::get_if<StageProgress>(&event))
        write("progress", progress->stage, progress->done, progress->total);
    else if (const auto *iteration = std::get_if<PartitionIteration>(&event))
        write("iteration", iteration->iteration, iteration->contexts, iteration->isBest);
    else if (const auto *context = std::get_if<ContextUpdated>(&event))
        write("context", context->context, context->control, context->compute,
              context->weightMemory);
    else if (const auto *cell = std::get_if<AllocationCell>(&event))
        write("cell", cell->context, cell->cluster, cell->utilisation);
    else if (const auto *entry = std::get_if<LedgerEntry>(&event))
        write("lowered", entry->row.setting);
    else if (const auto *raised = std::get_if<DiagnosticRaised>(&event))
        write("diagnostic", raised->diagnostic.id);
    std::string line = text.str();
    if (!line.empty())
        line.back() = '\n';
    return line;
}

std::string factsOf(const Followed &followed)
{
    std::string text;
    for (const auto &line : followed.events)
        text += factsOf(*eventFromJsonLine(line));
    const auto &facts = followed.facts;
    std::ostringstream end;
    end << "facts: level " << facts.optimisationLevel << ", entries " << facts.calibrationEntries
        << ", contexts " << facts.contexts << ", iterations " << facts.partitionIterations
        << ", partition " << facts.partitionSeconds << " s, mapping " << facts.mappingSeconds
        << " s, noise figures " << facts.noise.size() << ", end nodes " << facts.endNodes.size()
        << ", finished " << facts.isFinished << ", failed " << facts.hasFailed << "\n";
    return text + end.str();
}

class RecordedVendorLogs : public testing::Test {
protected:
    // File name → lines; empty where the folder with them is absent.
    std::map<std::string, std::string> logs() const
    {
        std::map<std::string, std::string> all;
        const auto folder = sharedFolder().value_or("") / "reference" / "dfc-logs";
        std::error_code error;
        for (const auto &entry : std::filesystem::directory_iterator(folder, error))
            if (const auto text = readTextFile(entry.path()))
                all[entry.path().stem().string()] = withoutNotes(*text);
        return all;
    }
    void SetUp() override
    {
        if (logs().empty())
            GTEST_SKIP() << "the folder with recorded logs is absent";
    }
};

TEST_F(RecordedVendorLogs, AreUnderstood)
{
    VendorLogCounts all;
    for (const auto &[name, lines] : logs()) {
        const auto followed = follow(lines);
        all.understood += followed.counts.understood;
        all.harmless += followed.counts.harmless;
        all.unknown += followed.counts.unknown;
        std::istringstream in(lines);
        for (std::string line; std::getline(in, line);)
            if (parseLogLine(withoutColourCodes(line)).meaning == LogMeaning::unknown)
                std::cout << "not understood: " << line << "\n";
    }
    const auto total = all.understood + all.harmless + all.unknown;
    std::cout << total << " lines: " << all.understood << " understood, " << all.harmless
              << " harmless, " << all.unknown << " unknown\n";
    EXPECT_GE(static_cast<double>(total - all.unknown), 0.95 * static_cast<double>(total));
}

// HEFSTUDIO_WRITE_GOLDEN=1 writes the files anew; look at the difference before committing it.
TEST_F(RecordedVendorLogs, GiveTheExpectedEventsInWhateverPieces)
{
    const auto folder = std::filesystem::path(HEFSTUDIO_SOURCE_DIR) / "tests/core/vendor/golden";
    for (const auto &[name, lines] : logs()) {
        const auto followed = follow(lines);
        const std::string facts = factsOf(followed);
        const auto golden = folder / (name + ".events");
        if (std::getenv("HEFSTUDIO_WRITE_GOLDEN")) {
            ASSERT_TRUE(writeFileAtomically(golden, asBytes(facts)));
        }
        EXPECT_EQ(facts, readTextFile(golden).value_or("no golden file")) << name;
        for (unsigned seed = 1; seed <= 20; ++seed)
            ASSERT_EQ(follow(lines, seed).events, followed.events) << name << ", seed " << seed;
    }
}

TEST_F(RecordedVendorLogs, MutatedOnesNeitherCrashNorStallTheTracker)
{
    std::mt19937 random(7);
    const auto all = logs();
    int variants = 0;
    for (auto log = all.begin(); variants < 1000; ++variants) {
        std::string text = log->second;
        const std::size_t changes = 1 + random() % 60;
        for (std::size_t change = 0; change < changes; ++change)
            mutate(text, random);
        const auto start = std::chrono::steady_clock::now();
        const auto followed = follow(text, 1 + random() % 1000);
        EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
        // A broken line is one line: of a longer log most others are still understood.
        const auto whole = follow(log->second).counts;
        const auto known = [](const VendorLogCounts &counts) {
            return counts.understood + counts.harmless;
        };
        if (known(whole) > 70) {
            EXPECT_GT(2 * known(followed.counts), known(whole)) << log->first;
        }
        if (++log == all.end())
            log = all.begin();
    }
    EXPECT_EQ(variants, 1000);
}

} // namespace
} // namespace hefstudio
