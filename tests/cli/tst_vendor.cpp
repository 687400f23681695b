// The vendor's road through the command line alone, with a test double in place of the compiler.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hefc_process.h"

#include "base/diagnostic_json.h"
#include "base/event.h"
#include "base/hash.h"
#include "chip_hef.h"
#include "vendor_stand_in.h"

#include <gmock/gmock.h>

#include <sstream>

using namespace hefstudio;
using testing::HasSubstr;
namespace fs = std::filesystem;

namespace {

nlohmann::ordered_json jsonOf(const std::string &text)
{
    auto json = parseJson(text, "output");
    EXPECT_TRUE(json) << text;
    return json ? *json : nlohmann::ordered_json();
}

class Vendor : public testing::Test {
protected:
    void SetUp() override
    {
        if (!test::VendorStandIn::hasPython())
            GTEST_SKIP() << "python3 is absent";
        // The sample beside a recipe, and a job of it to see what its HEF must look like.
        fs::copy(sampleFolder() / "detector.onnx", folder / "detector.onnx");
        fs::copy(sampleFolder() / "pictures", folder / "pictures");
        std::ofstream(recipe()) << R"({"hefstudio_recipe": 1, "model": "detector.onnx",
            "calibration": "pictures", "arch": "hailo8l", "preset": "balanced"})";
    }
    void TearDown() override
    {
        // A test that failed on its way must not leave a run that hangs.
        if (fs::exists(hef().string() + ".job/results/run.json"))
            vendor({"stop", hef().string() + ".job"});
    }
    fs::path recipe() const { return folder / "net.json"; }
    std::string list() const { return folder / "list.json"; }

    HefcResult vendor(std::vector<std::string> arguments) const
    {
        arguments.insert(arguments.begin(), {"vendor", "--list-file", list()});
        return hefc(arguments);
    }
    // A HEF with the job's outputs, as the double's layers are named.
    void compileFor(const fs::path &job)
    {
        const auto json = jsonOf(*readTextFile(job / "job.json"));
        std::vector<test::ChipOutput> outputs;
        for (const auto &output : json["outputs"]) {
            const auto shape = output["shape_hwc"].get<std::vector<std::int64_t>>();
            outputs.push_back({"conv" + std::to_string(outputs.size() + 1),
                               shape.size() == 3 ? shape[0] : 1, shape.size() == 3 ? shape[1] : 1,
                               shape.back()});
        }
        const auto input = json["inputs"][0]["shape"].get<std::vector<std::int64_t>>();
        standIn.compilesTo(
            test::chipHef(json["network"], input.at(2), input.at(3), outputs));
    }
    void exportJob(const fs::path &job)
    {
        const auto exported = hefc({"recipe", "export", recipe(), "-o", job});
        ASSERT_EQ(exported.exitCode, 0) << exported.err;
        compileFor(job);
    }
    void addToolchain()
    {
        const auto added =
            vendor({"add", "mine", "--python", standIn.environment().python});
        ASSERT_EQ(added.exitCode, 0) << added.err;
    }
    // hefc convert has no option for the list: it is the user's.
    HefcResult convert(const std::vector<std::string> &more)
    {
        setenv("XDG_CONFIG_HOME", (folder / "config").c_str(), 1);
        fs::create_directories(folder / "config/hefstudio");
        fs::copy_file(list(), folder / "config/hefstudio/toolchains.json",
                      fs::copy_options::overwrite_existing);
        std::vector<std::string> all{"convert", recipe(), "--backend", "vendor", "-o", hef()};
        all.insert(all.end(), more.begin(), more.end());
        auto result = hefc(all);
        unsetenv("XDG_CONFIG_HOME");
        return result;
    }
    fs::path hef() const { return folder / "chip.hef"; }

    TemporaryFolder folder;
    test::VendorStandIn standIn;
};

} // namespace

TEST_F(Vendor, ListGrowsAndShrinks)
{
    EXPECT_THAT(vendor({"list"}).out, HasSubstr("No toolchain is known"));
    addToolchain();
    const auto image = vendor({"add", "suite", "--docker", test::VendorStandIn::image});
    ASSERT_EQ(image.exitCode, 0) << image.err;
    EXPECT_THAT(vendor({"list"}).out, HasSubstr("mine: compiler 3.33.0 for hailo8, hailo8r, hailo8l"));
    const auto json = jsonOf(vendor({"list", "--json"}).out);
    ASSERT_EQ(json["toolchains"].size(), 2u);
    EXPECT_EQ(json["toolchains"][1]["image_digest"], "sha256:0123456789abcdef");
    const auto again = vendor({"add", "mine", "--python", "python3"});
    EXPECT_EQ(again.exitCode, 2);
    EXPECT_THAT(again.err, HasSubstr("[vendor.toolchain-exists]"));
    EXPECT_EQ(vendor({"remove", "mine"}).exitCode, 0);
    EXPECT_EQ(vendor({"remove", "mine"}).exitCode, 2);
    EXPECT_EQ(jsonOf(vendor({"list", "--json"}).out)["toolchains"].size(), 1u);
}

TEST_F(Vendor, AddTakesOnlyACompiler)
{
    const auto none = vendor({"add", "plain", "--python", "python3"});
    EXPECT_EQ(none.exitCode, 1);
    EXPECT_THAT(none.err, HasSubstr("[vendor.no-client]"));
    EXPECT_EQ(vendor({"add", "../x", "--python", "python3"}).exitCode, 2);
    EXPECT_EQ(vendor({"add", "x"}).exitCode, 2);
    EXPECT_EQ(vendor({"add", "x", "--python", "a", "--docker", "b"}).exitCode, 2);
    EXPECT_EQ(vendor({}).exitCode, 2);
    EXPECT_FALSE(fs::exists(list()));
}

TEST_F(Vendor, DoctorAnswersYesOrNo)
{
    const auto none = vendor({"doctor"});
    EXPECT_EQ(none.exitCode, 1);
    EXPECT_THAT(none.out, HasSubstr("cannot make chip HEFs yet"));
    addToolchain();
    const auto json = jsonOf(vendor({"doctor", "--json"}).out);
    EXPECT_TRUE(json["can_compile"].is_boolean());
    EXPECT_FALSE(json["checks"].empty());
    for (const auto &check : json["checks"])
        for (const char *key : {"id", "subject", "verdict", "found", "problem"})
            EXPECT_TRUE(check.contains(key)) << check;
    EXPECT_EQ(vendor({"doctor", "nobody"}).exitCode, 2);
}

TEST_F(Vendor, ConvertsFromARecipeToAChipHefWithMetadata)
{
    exportJob(folder / "look");
    addToolchain();
    const auto converted =
        convert({"--report", folder / "report.json", "--save-recipe", folder / "locked.json",
                 "--har", folder / "chip.har"});
    ASSERT_EQ(converted.exitCode, 0) << converted.err;
    EXPECT_THAT(converted.out, HasSubstr("This is a chip HEF"));
    EXPECT_TRUE(fs::exists(folder / "chip.har"));
    EXPECT_FALSE(fs::exists(hef().string() + ".job")) << "nothing is left behind";

    const auto report = jsonOf(*readTextFile(folder / "report.json"));
    EXPECT_EQ(report["emulation"], false);
    EXPECT_EQ(report["vendor"]["compiler"], "3.33.0");
    EXPECT_EQ(report["vendor"]["comparison"].size(), 3u);
    EXPECT_GT(report["vendor"]["noise"].size(), 0u);
    std::vector<std::string> stages;
    for (const auto &stage : report["stages"])
        stages.push_back(stage["name"]);
    EXPECT_THAT(stages, testing::ElementsAre("export", "vendor-parse", "vendor-optimise",
                                             "vendor-partition", "vendor-map", "vendor-kernels",
                                             "vendor-write", "finish"));
    bool lowered = false;
    for (const auto &row : report["ledger"])
        lowered = lowered || (row["setting"] == "optimisation level" && row["used"] == "0");
    EXPECT_TRUE(lowered) << "28 pictures are few";

    const auto lock = jsonOf(*readTextFile(folder / "locked.json"))["lock"];
    EXPECT_EQ(lock["compiler"], "3.33.0");
    EXPECT_EQ(lock["result_sha256"], *sha256HexOfFile(hef()));

    const auto metadata = hefc({"metadata", "show", hef(), "--json"});
    EXPECT_EQ(metadata.exitCode, 0) << metadata.err;
    const auto inspected = jsonOf(hefc({"inspect", hef(), "--json"}).out);
    EXPECT_FALSE(inspected["metadata"].is_null());
    const auto kit = hefc({"bundle", hef(), "-o", folder / "kit"});
    EXPECT_EQ(kit.exitCode, 0) << kit.err;
}

TEST_F(Vendor, ConvertsInAContainerToo)
{
    exportJob(folder / "look");
    const auto added = vendor({"add", "suite", "--docker", test::VendorStandIn::image});
    ASSERT_EQ(added.exitCode, 0) << added.err;
    const auto converted =
        convert({"--toolchain", "suite", "--save-recipe", folder / "locked.json"});
    ASSERT_EQ(converted.exitCode, 0) << converted.err;
    const auto lock = jsonOf(*readTextFile(folder / "locked.json"))["lock"];
    EXPECT_EQ(lock["image_digest"], "sha256:0123456789abcdef");
    EXPECT_FALSE(standIn.hasContainers());
    EXPECT_FALSE(fs::exists(hef().string() + ".job"));
    const auto other = convert({"--toolchain", "suite", "--arch", "hailo10h"});
    EXPECT_EQ(other.exitCode, 2);
    EXPECT_THAT(other.err, HasSubstr("[vendor.toolchain-other-chip]"));
    const auto verified = hefc({"recipe", "verify", folder / "locked.json"});
    EXPECT_THAT(verified.err, HasSubstr("[vendor.recipe-not-rebuilt]"));
}

// Not by a key, not by a name: the command is the same for every recipe but for the job's folder.
TEST_F(Vendor, ARecipeHasNoSayInHowTheCompilerIsStarted)
{
    exportJob(folder / "look");
    ASSERT_EQ(vendor({"add", "suite", "--docker", test::VendorStandIn::image}).exitCode, 0);
    const std::string plain = *readTextFile(recipe());
    for (const char *more :
         {R"("docker": "--privileged")", R"("arguments": ["-v", "/:/host"])",
          R"("env": {"A": "1"})", R"("vendor": {"mounts": ["/:/host"]})",
          R"("vendor": {"flags": "--net=host"})", R"("toolchain": "suite")",
          R"("vendor": {"script": "/etc/passwd"})", R"("vendor": {"script": "../../x.alls"})"}) {
        std::ofstream(recipe()) << plain.substr(0, plain.rfind('}')) << ", " << more << "}";
        const auto refused = convert({});
        EXPECT_EQ(refused.exitCode, 3) << more;
        EXPECT_THAT(refused.err, HasSubstr("[recipe.malformed]")) << more;
    }
    // A model whose name would like to be options.
    const std::string evil = "-v --privileged $(id) \"q\".onnx";
    fs::copy_file(sampleFolder() / "detector.onnx", folder / evil);
    auto text = plain;
    text.replace(text.find("detector.onnx"), 13, "-v --privileged $(id) \\\"q\\\".onnx");
    std::ofstream(recipe()) << text;
    const auto converted = convert({});
    EXPECT_EQ(converted.exitCode, 0) << converted.err;
    std::vector<std::string> words;
    for (const auto &call : standIn.engineCalls())
        if (call[0] == "run" && call.size() > 12)
            words = call.get<std::vector<std::string>>();
    ASSERT_FALSE(words.empty());
    for (const auto &word : words)
        EXPECT_EQ(word.find("privileged"), std::string::npos) << word;
}

TEST_F(Vendor, AFailureKeepsItsFolderAndGoesOnFromThere)
{
    exportJob(folder / "look");
    addToolchain();
    standIn.scenario({{"at", "map"}, {"what", "crash"}});
    const auto failed = convert({});
    EXPECT_EQ(failed.exitCode, 1);
    EXPECT_THAT(failed.err, HasSubstr("[vendor.run-killed]"));
    EXPECT_FALSE(fs::exists(hef()));
    const fs::path job = hef().string() + ".job";
    EXPECT_TRUE(fs::exists(job / "results/console.log"));
    standIn.scenario({});
    standIn.forgetCalls();
    const auto resumed = convert({});
    ASSERT_EQ(resumed.exitCode, 0) << resumed.err;
    EXPECT_THAT(standIn.callNames(), testing::ElementsAre("ClientRunner", "compile", "save_har"));
    EXPECT_FALSE(fs::exists(job));
}

TEST_F(Vendor, WithoutACompilerSaysWhereToGetOne)
{
    std::ofstream(list()) << R"({"hefstudio_toolchains": 1, "toolchains": []})";
    const auto refused = convert({});
    EXPECT_EQ(refused.exitCode, 2);
    EXPECT_THAT(refused.err, HasSubstr("[vendor.no-toolchain]"));
    EXPECT_THAT(refused.err, HasSubstr("hefc recipe export"));
    EXPECT_FALSE(fs::exists(hef().string() + ".job"));
}

TEST_F(Vendor, ImportsTheResultOfAJobThatRanElsewhere)
{
    const fs::path job = folder / "job";
    exportJob(job);
    const auto early = vendor({"import", job, "-o", hef()});
    EXPECT_EQ(early.exitCode, 3);
    EXPECT_THAT(early.err, HasSubstr("[vendor.no-result]"));
    ASSERT_EQ(std::system(("bash '" + (job / "run.sh").string() + "' --python '" +
                           standIn.environment().python + "' >/dev/null 2>&1")
                              .c_str()),
              0);
    const auto imported =
        vendor({"import", job, "-o", hef(), "--recipe", recipe(), "--json"});
    ASSERT_EQ(imported.exitCode, 0) << imported.err;
    const auto json = jsonOf(imported.out);
    EXPECT_EQ(json["arch"], "hailo8l");
    EXPECT_EQ(json["sha256"], *sha256HexOfFile(hef()));
    EXPECT_EQ(jsonOf(*readTextFile(recipe()))["lock"]["compiler"], "3.33.0");
    // A recipe of another model is not completed with it.
    fs::remove(folder / "detector.onnx");
    std::ofstream(folder / "detector.onnx") << "another";
    EXPECT_EQ(vendor({"import", job, "-o", hef(), "--recipe", recipe()}).exitCode, 3);
    EXPECT_EQ(vendor({"import", folder / "pictures"}).exitCode, 3);
}

// The one who started it is killed; the run goes on, is attached to, and is stopped.
TEST_F(Vendor, ARunOutlivesItsStarter)
{
    exportJob(folder / "look");
    addToolchain();
    standIn.scenario({{"at", "map"}, {"what", "hang"}});
    const fs::path job = hef().string() + ".job";
    fs::create_directories(folder / "config/hefstudio");
    fs::copy_file(list(), folder / "config/hefstudio/toolchains.json");
    setenv("XDG_CONFIG_HOME", (folder / "config").c_str(), 1);
    const auto killed = hefcKilledAt({"convert", recipe(), "--backend", "vendor", "-o", hef(),
                                      "--progress", "json"},
                                     "\"hanging\"");
    unsetenv("XDG_CONFIG_HOME");
    EXPECT_EQ(killed.exitCode, 128 + 9);
    const auto busy = convert({});
    EXPECT_EQ(busy.exitCode, 1);
    EXPECT_THAT(busy.err, HasSubstr("[vendor.run-active]"));
    const auto attached =
        hefcInterruptedAt({"vendor", "attach", job, "--progress", "json"}, "\"hanging\"");
    EXPECT_EQ(attached.exitCode, 130);
    EXPECT_THAT(attached.out, HasSubstr("vendor-parse")) << "all of it is told again";
    EXPECT_THAT(vendor({"stop", job}).out, HasSubstr("has ended already"));
}

// Who reads the outputs decides over the decoding; a choice that does not fit is said.
TEST_F(Vendor, NmsFollowsTheReader)
{
    const auto convertFor = [&](const std::vector<std::string> &more) {
        exportJob(folder / "look");
        addToolchain();
        const auto converted = convert(more);
        vendor({"remove", "mine"});
        return converted;
    };
    const auto raw = convertFor({"--reader", "metadata"});
    EXPECT_EQ(raw.exitCode, 0) << raw.err;
    EXPECT_EQ(raw.err.find("reader-mismatch"), std::string::npos);
    const auto odd = convertFor({"--reader", "rpicam-apps", "--nms", "none"});
    EXPECT_EQ(odd.exitCode, 0) << odd.err;
    EXPECT_THAT(odd.err, HasSubstr("[vendor.reader-mismatch]"));
    EXPECT_EQ(convertFor({"--reader", "somebody"}).exitCode, 2);
}

TEST_F(Vendor, TimesAreWrittenWithTheirUnit)
{
    std::ofstream(list()) << R"({"hefstudio_toolchains": 1, "toolchains": []})";
    for (const char *text : {"5", "m", "-5m", "1d", "99999999h", "5 m"})
        EXPECT_EQ(convert({"--time-limit", text}).exitCode, 2) << text;
}
