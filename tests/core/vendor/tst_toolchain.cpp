// Compilers are found, kept in a list and examined: by what they say when they are asked.
#include "vendor/doctor.h"

#include "base/diagnostic_catalogue.h"
#include "result_matchers.h"
#include "vendor_stand_in.h"

#include <gmock/gmock.h>

namespace hefstudio {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(ToolchainFacts, SayWhichReleaseServesWhichChip)
{
    const auto &facts = toolchainFacts();
    const auto chips = [&](const char *version) {
        const auto *release = facts.releaseOf(version);
        return release ? release->chips : std::vector<std::string>();
    };
    EXPECT_THAT(chips("3.33.1"), Contains("hailo8l"));
    EXPECT_THAT(chips("3.33.1"), Not(Contains("hailo10h")));
    EXPECT_THAT(chips("3.31.0"), Contains("hailo15h"));
    EXPECT_THAT(chips("5.2"), Contains("hailo10h"));
    EXPECT_THAT(chips("5.2"), Not(Contains("hailo8")));
    EXPECT_EQ(facts.releaseOf("4.0"), nullptr);
    EXPECT_EQ(facts.releaseOf(""), nullptr);
    // Every release is in one row.
    for (std::size_t i = 1; i < facts.releases.size(); ++i)
        EXPECT_LE(facts.releases[i - 1].below, facts.releases[i].from);
    EXPECT_TRUE(facts.knowsChip("hailo15h"));
    EXPECT_FALSE(facts.knowsChip("hailo9"));
}

TEST(ToolchainFacts, VersionsCompareByNumber)
{
    EXPECT_LT(versionNumber("3.9"), versionNumber("3.10"));
    EXPECT_EQ(versionNumber("3.33.0"), versionNumber("3.33"));
    EXPECT_EQ(versionNumber("5.2.1+dev").patch, 1);
    EXPECT_EQ(versionNumber("x"), VersionNumber());
    EXPECT_EQ(versionNumber("99999999999999999999.1"), VersionNumber());
}

Toolchain entry(std::string name, std::string version)
{
    Toolchain toolchain;
    toolchain.name = std::move(name);
    toolchain.python = "/opt/venv/bin/python";
    toolchain.compilerVersion = std::move(version);
    return toolchain;
}

TEST(ToolchainList, ComesBackAsItWasWritten)
{
    const TemporaryFolder folder;
    const fs::path file = folder / "config/toolchains.json";
    EXPECT_TRUE(readToolchains(file)->empty());
    std::vector<Toolchain> list{entry("one", "3.33.0"), entry("two", "")};
    list[1].kind = ToolchainKind::podman;
    list[1].image = "suite:1";
    list[1].imageDigest = "sha256:12";
    ASSERT_TRUE(writeToolchains(file, list));
    EXPECT_EQ(*readToolchains(file), list);
}

TEST(ToolchainList, BrokenOnesAreRefusedWithTheKey)
{
    const TemporaryFolder folder;
    const fs::path file = folder / "list.json";
    const std::pair<const char *, const char *> cases[] = {
        {R"([])", "hefstudio_toolchains"},
        {R"({"hefstudio_toolchains": 1})", "toolchains"},
        {R"({"hefstudio_toolchains": 1, "toolchains": [3]})", "toolchains[0]"},
        {R"({"hefstudio_toolchains": 1, "toolchains": [{"name": "a", "kind": "ssh"}]})",
         "toolchains[0].kind"},
        {R"({"hefstudio_toolchains": 1, "toolchains": [{"name": "../a", "kind": "python",
            "python": "p"}]})",
         "toolchains[0].name"},
        {R"({"hefstudio_toolchains": 1, "toolchains": [{"name": "a", "kind": "python",
            "python": "-c"}]})",
         "toolchains[0].python"},
        {R"({"hefstudio_toolchains": 1, "toolchains": [{"name": "a", "kind": "docker",
            "python": "python3", "image": "--privileged"}]})",
         "toolchains[0].image"},
    };
    for (const auto &[text, key] : cases) {
        ASSERT_TRUE(writeFileAtomically(file, asBytes(text)));
        const auto read = readToolchains(file);
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().front().place.keyPath, key);
    }
}

TEST(ToolchainChoice, IsTheNamedOneOrTheFirstThatServesTheChip)
{
    const std::vector<Toolchain> list{entry("new", "5.2.0"), entry("old", "3.33.0")};
    EXPECT_EQ(chooseToolchain(list, {}, "hailo8l")->name, "old");
    EXPECT_EQ(chooseToolchain(list, {}, "hailo10h")->name, "new");
    EXPECT_EQ(failureId(chooseToolchain({}, {}, "hailo8l")), "vendor.no-toolchain");
    EXPECT_EQ(failureId(chooseToolchain(list, "none", "hailo8l")), "vendor.toolchain-unknown");
    EXPECT_EQ(failureId(chooseToolchain(list, "new", "hailo8l")), "vendor.toolchain-other-chip");
    EXPECT_EQ(failureId(chooseToolchain(list, {}, "hailo9")), "vendor.toolchain-other-chip");
}

class ToolchainSearch : public testing::Test {
protected:
    void SetUp() override
    {
        if (!test::VendorStandIn::hasPython())
            GTEST_SKIP() << "python3 is absent";
    }
    test::VendorStandIn standIn;
};

TEST_F(ToolchainSearch, AsksAnEnvironment)
{
    const auto found = probePython(standIn.environment().python, {});
    ASSERT_TRUE(found) << failureText(found);
    EXPECT_EQ(found->compilerVersion, "3.33.0");
    EXPECT_EQ(found->numpyVersion, "1.26.4");
    EXPECT_FALSE(found->pythonVersion.empty());
    EXPECT_EQ(failureId(probePython((standIn / "absent").string(), {})), "vendor.program-missing");
    EXPECT_EQ(failureId(probePython("false", {})), "vendor.python-broken");
    EXPECT_EQ(failureId(probePython("python3", {})), "vendor.no-client");
}

// A leaked PYTHONPATH must not make a Python look as if it had the compiler.
TEST_F(ToolchainSearch, ALeakedPathDoesNotCount)
{
    setenv("PYTHONPATH", standIn.packages().c_str(), 1);
    const auto found = probePython("python3", {});
    unsetenv("PYTHONPATH");
    EXPECT_EQ(failureId(found), "vendor.no-client");
}

TEST_F(ToolchainSearch, AsksAnImage)
{
    for (const auto kind : {ToolchainKind::docker, ToolchainKind::podman}) {
        const auto engine = probeEngine(kind, {});
        EXPECT_TRUE(engine.isRunning) << engine.trouble;
        EXPECT_FALSE(engine.isRootless);
        EXPECT_THAT(suiteImages(engine, {}), ElementsAre(test::VendorStandIn::image));
        const auto found = probeImage(engine, test::VendorStandIn::image, {}, {});
        ASSERT_TRUE(found) << failureText(found);
        EXPECT_EQ(found->compilerVersion, "3.33.0");
        EXPECT_EQ(found->python, "python3"); // the third of the usual places
        EXPECT_EQ(found->imageDigest, "sha256:0123456789abcdef");
        EXPECT_EQ(failureId(probeImage(engine, "other:1", {}, {})), "vendor.no-image");
        EXPECT_EQ(failureId(probeImage(engine, "--privileged", {}, {})), "vendor.no-image");
    }
}

TEST_F(ToolchainSearch, KnowsAnEngineThatIsStoppedForbiddenOrRootless)
{
    standIn.engineIs("docker", {{"trouble", "Cannot connect to the Docker daemon at "
                                            "unix:///var/run/docker.sock. Is it running?"}});
    auto engine = probeEngine(ToolchainKind::docker, {});
    EXPECT_TRUE(engine.isInstalled);
    EXPECT_FALSE(engine.isRunning);
    EXPECT_FALSE(engine.isForbidden);
    EXPECT_EQ(examineEngine(engine).front().problem->id, "vendor.doctor-engine-stopped");
    standIn.engineIs("docker", {{"trouble", "permission denied while trying to connect to the "
                                            "Docker daemon socket"}});
    engine = probeEngine(ToolchainKind::docker, {});
    EXPECT_TRUE(engine.isForbidden);
    EXPECT_EQ(examineEngine(engine).front().problem->id, "vendor.doctor-engine-forbidden");
    standIn.engineIs("docker", {{"rootless", true}});
    EXPECT_TRUE(probeEngine(ToolchainKind::docker, {}).isRootless);
    standIn.engineIs("podman", {{"rootless", true}});
    EXPECT_TRUE(probeEngine(ToolchainKind::podman, {}).isRootless);
    fs::remove(standIn / "bin/podman");
    if (std::system("command -v podman >/dev/null") != 0) {
        EXPECT_FALSE(probeEngine(ToolchainKind::podman, {}).isInstalled);
    }
}

TEST_F(ToolchainSearch, FindsEnvironmentsByTheirUsualNames)
{
    const fs::path home = standIn / "home";
    for (const char *place : {".venv_hailo_full", "project/venv_hailo", "project/other"}) {
        fs::create_directories(home / place / "bin");
        fs::copy_file(standIn / "env/bin/python", home / place / "bin/python");
    }
    EXPECT_THAT(findEnvironments({home}),
                ElementsAre((home / ".venv_hailo_full/bin/python").string(),
                            (home / "project/venv_hailo/bin/python").string()));
    std::vector<std::string> names;
    for (const auto &toolchain : searchToolchains({home}, {})) {
        EXPECT_TRUE(isToolchainName(toolchain.name)) << toolchain.name;
        names.push_back(toolchain.name);
    }
    EXPECT_THAT(names, ElementsAre("venv_hailo_full", "venv_hailo",
                                   "docker-hailo8_ai_sw_suite_2025-10-1",
                                   "podman-hailo8_ai_sw_suite_2025-10-1"));
}

using enum DoctorVerdict;

// A machine as the compiler's makers wish it; tests take things away.
HostMachine goodMachine()
{
    return {.architecture = "x86_64",
            .cpuFlags = {"sse2", "avx"},
            .memoryGb = 64,
            .variables = {{"USER", "me"}, {"HOME", "/home/me"}},
            .gpus = {"nvidia"},
            .freeGb = [](const fs::path &) { return 200.0; },
            .hasProgram = [](const std::string &) { return true; },
            .isWritable = [](const fs::path &) { return true; }};
}

TEST(Doctor, FindsNothingAmissOnAGoodMachine)
{
    for (const auto &check : examineMachine(goodMachine(), {}))
        EXPECT_EQ(check.verdict, DoctorVerdict::fine) << check.id << " " << check.found;
}

struct Ailment {
    const char *id;
    DoctorVerdict verdict;
    std::function<void(HostMachine &)> make;
};
class DoctorFinds : public testing::TestWithParam<Ailment> {};

TEST_P(DoctorFinds, TheAilmentAndWhatToDo)
{
    auto machine = goodMachine();
    GetParam().make(machine);
    const auto checks = examineMachine(machine, {});
    const auto found = std::ranges::find_if(checks, [](const DoctorCheck &check) {
        return check.problem && check.problem->id == GetParam().id;
    });
    ASSERT_NE(found, checks.end());
    EXPECT_EQ(found->verdict, GetParam().verdict);
    EXPECT_FALSE(nextStepSentence(*found->problem).empty());
    EXPECT_THAT(consoleText(*found->problem), Not(HasSubstr("{")));
}

INSTANTIATE_TEST_SUITE_P(
    Vendor, DoctorFinds,
    testing::Values(
        Ailment{"vendor.doctor-processor", failure,
                [](HostMachine &m) { m.architecture = "aarch64"; }},
        Ailment{"vendor.doctor-instructions", failure,
                [](HostMachine &m) { m.cpuFlags.erase("avx"); }},
        Ailment{"vendor.doctor-memory", failure, [](HostMachine &m) { m.memoryGb = 8; }},
        Ailment{"vendor.doctor-memory", warning, [](HostMachine &m) { m.memoryGb = 16.2; }},
        Ailment{"vendor.doctor-disk", warning,
                [](HostMachine &m) { m.freeGb = [](const fs::path &) { return 30.0; }; }},
        Ailment{"vendor.doctor-disk-full", failure,
                [](HostMachine &m) { m.freeGb = [](const fs::path &) { return 0.5; }; }},
        Ailment{"vendor.doctor-variable", note, [](HostMachine &m) { m.variables.erase("USER"); }},
        Ailment{"vendor.doctor-home", warning,
                [](HostMachine &m) {
                    m.isWritable = [](const fs::path &p) { return p != "/home/me"; };
                }},
        Ailment{"vendor.doctor-temporary", warning,
                [](HostMachine &m) {
                    m.variables["TMPDIR"] = "/full";
                    m.isWritable = [](const fs::path &p) { return p != "/full"; };
                }},
        Ailment{"vendor.doctor-python-path", note,
                [](HostMachine &m) { m.variables["PYTHONPATH"] = "/leaked"; }},
        Ailment{"vendor.doctor-tool-variables", note,
                [](HostMachine &m) { m.variables["CC"] = "clang"; }},
        Ailment{"vendor.doctor-program", note,
                [](HostMachine &m) { m.hasProgram = [](const std::string &) { return false; }; }},
        Ailment{"vendor.doctor-gpu", note, [](HostMachine &m) { m.gpus.clear(); }}));

TEST(Doctor, CountsTheRoomOfTheCalibrationArray)
{
    auto machine = goodMachine();
    machine.freeGb = [](const fs::path &) { return 100.0; };
    const auto fails = [&](std::uint64_t bytes) {
        return std::ranges::any_of(examineMachine(machine, {.calibrationBytes = bytes}),
                                   [](const auto &check) { return check.verdict == failure; });
    };
    EXPECT_FALSE(fails(std::uint64_t(10) << 30));
    EXPECT_TRUE(fails(std::uint64_t(40) << 30));
}

TEST(Doctor, HoldsAToolchainAgainstItsRelease)
{
    const auto problems = [](const char *version, const char *python, const char *numpy) {
        auto now = entry("mine", version);
        now.pythonVersion = python;
        now.numpyVersion = numpy;
        std::vector<std::string> ids;
        for (const auto &check : examineToolchain(entry("mine", version), now))
            if (check.problem)
                ids.push_back(check.problem->id);
        return ids;
    };
    EXPECT_THAT(problems("3.33.0", "3.10.12", "1.23.3"), ElementsAre());
    EXPECT_THAT(problems("3.33.0", "3.12.1", "1.23.3"),
                ElementsAre("vendor.doctor-python-version"));
    EXPECT_THAT(problems("3.33.0", "3.10.12", "2.0.0"), ElementsAre("vendor.doctor-numpy"));
    EXPECT_THAT(problems("5.3.0", "3.12.1", "2.0.0"), ElementsAre());
    EXPECT_THAT(problems("9.0", "3.12.1", "2.0.0"), ElementsAre("vendor.doctor-release"));
    const auto changed = examineToolchain(entry("mine", "3.32.0"), entry("mine", "3.33.0"));
    EXPECT_EQ(changed.back().problem->id, "vendor.doctor-changed");
}

TEST_F(ToolchainSearch, TheDoctorAsksEveryToolchainOfTheList)
{
    auto here = standIn.environment();
    here.name = "here";
    auto gone = here;
    gone.name = "gone";
    gone.python = (standIn / "gone/bin/python").string();
    auto suite = standIn.container();
    const auto report = examineAll({here, gone, suite}, {}, goodMachine(), {}, {});
    ASSERT_TRUE(report);
    const auto hasCheck = [&](const char *subject, const char *id) {
        return std::ranges::any_of(report->checks, [&](const DoctorCheck &check) {
            return check.subject == subject && check.problem && check.problem->id == id;
        });
    };
    EXPECT_TRUE(hasCheck("gone", "vendor.program-missing"));
    EXPECT_THAT(doctorJson(*report), HasSubstr("\"can_compile\""));
    EXPECT_EQ(failureId(examineAll({here}, "absent", goodMachine(), {}, {})),
              "vendor.toolchain-unknown");
    // An engine matters to those who have a compiler in it.
    standIn.engineIs("docker", {{"trouble", "Cannot connect to the Docker daemon"}});
    const auto verdictOfDocker = [&](const std::vector<Toolchain> &list) {
        const auto examined = examineAll(list, {}, goodMachine(), {}, {});
        for (const auto &check : examined->checks)
            if (check.subject == "docker")
                return check.verdict;
        return fine;
    };
    EXPECT_EQ(verdictOfDocker({here}), note);
    EXPECT_EQ(verdictOfDocker({suite}), failure);
    const auto none = examineAll({}, {}, goodMachine(), {}, {});
    EXPECT_FALSE(none->canCompile());
}

} // namespace
} // namespace hefstudio
