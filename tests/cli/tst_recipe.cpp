// Recipes on the command line: shown, verified, compared, rebuilt.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hefc_process.h"

#include "base/diagnostic_json.h"
#include "base/file.h"
#include "temporary_folder.h"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace hefstudio;
using testing::HasSubstr;

namespace {

nlohmann::ordered_json jsonOf(const std::string &text)
{
    auto json = parseJson(text, "output");
    EXPECT_TRUE(json) << text;
    return json ? *json : nlohmann::ordered_json();
}

// The sample copied and converted once, with a recipe beside it.
class SampleRecipe : public testing::Test {
protected:
    static void SetUpTestSuite()
    {
        s_folder = new TemporaryFolder;
        std::filesystem::copy(sampleFolder(), *s_folder / "project",
                              std::filesystem::copy_options::recursive);
        s_first = hefc({"convert", *s_folder / "project/detector.onnx", "--calib",
                        *s_folder / "project/pictures", "-o", *s_folder / "project/first.hef",
                        "--save-recipe", *s_folder / "project/net.hefrecipe.json"});
    }
    static void TearDownTestSuite() { delete s_folder; }

    void SetUp() override
    {
        ASSERT_EQ(s_first.exitCode, 0) << s_first.err;
        std::filesystem::copy(*s_folder / "project", m_project,
                              std::filesystem::copy_options::recursive);
    }
    std::string firstPicture() const
    {
        std::vector<std::string> names;
        for (const auto &entry : std::filesystem::directory_iterator(m_project / "pictures"))
            names.push_back(entry.path().filename().string());
        return std::ranges::min(names);
    }
    // Replaces `from`, which must be there, in the recipe.
    void edit(const std::string &from, const std::string &to) const
    {
        auto text = *readTextFile(m_recipe);
        const auto at = text.find(from);
        ASSERT_NE(at, std::string::npos) << from;
        text.replace(at, from.size(), to);
        std::ofstream(m_recipe) << text;
    }

    static inline TemporaryFolder *s_folder = nullptr;
    static inline HefcResult s_first;
    TemporaryFolder m_folder; // elsewhere than where the recipe was made
    std::filesystem::path m_project = m_folder / "moved";
    std::filesystem::path m_recipe = m_project / "net.hefrecipe.json";
};

} // namespace

TEST_F(SampleRecipe, VerifiesAfterAMoveAtAnyThreadCount)
{
    for (const char *threads : {"1", "2"}) {
        const auto verified = hefc({"recipe", "verify", m_recipe, "--threads", threads, "--json"});
        ASSERT_EQ(verified.exitCode, 0) << verified.err << verified.out;
        const auto json = jsonOf(verified.out);
        EXPECT_EQ(json["verified"], true);
        EXPECT_EQ(json["from_lock"]["same"], true);
        EXPECT_EQ(json["from_pictures"]["same"], true) << json;
    }
}

TEST_F(SampleRecipe, IsRebuiltFromItsLockWithoutPictures)
{
    std::filesystem::remove_all(m_project / "pictures");
    const auto rebuilt =
        hefc({"convert", m_recipe, "--from-lock", "-o", m_folder / "rebuilt.hef", "--no-cache"});
    ASSERT_EQ(rebuilt.exitCode, 0) << rebuilt.err;
    EXPECT_EQ(*readFile(m_folder / "rebuilt.hef"), *readFile(*s_folder / "project/first.hef"));
}

TEST_F(SampleRecipe, NamesTheFirstInputThatDiffers)
{
    const auto differingInput = [&] {
        const auto verified = hefc({"recipe", "verify", m_recipe});
        EXPECT_EQ(verified.exitCode, 1) << verified.out;
        EXPECT_THAT(verified.err, HasSubstr("[recipe.input-differs]"));
        return verified.err;
    };
    const std::string name = firstPicture();
    std::ofstream(m_project / "pictures" / name, std::ios::app) << " ";
    EXPECT_THAT(differingInput(), HasSubstr(name));
    std::filesystem::remove(m_project / "pictures" / name);
    EXPECT_THAT(differingInput(), HasSubstr(name + " (it is not there)"));
    std::ofstream(m_project / "net.hefrecipe.lock", std::ios::app) << " ";
    EXPECT_THAT(differingInput(), HasSubstr("net.hefrecipe.lock"));
    std::ofstream(m_project / "detector.onnx", std::ios::app) << " ";
    EXPECT_THAT(differingInput(), HasSubstr("detector.onnx"));
}

TEST_F(SampleRecipe, NamesTheFirstStageThatDiffers)
{
    edit("\"arch\": \"hailo8l\"", "\"arch\": \"hailo8\"");
    const auto verified = hefc({"recipe", "verify", m_recipe, "--json"});
    EXPECT_EQ(verified.exitCode, 1);
    EXPECT_EQ(jsonOf(verified.out)["from_lock"]["differing_stage"], "map");
}

TEST_F(SampleRecipe, ShowsWhatItWillDoAndRunsNothing)
{
    const auto before = std::filesystem::last_write_time(m_project);
    const auto shown = hefc({"recipe", "show", m_recipe});
    EXPECT_EQ(shown.exitCode, 0) << shown.err;
    for (const char *text : {"detector.onnx", "hailo8l", "fast", "Nothing was run", "emulation"})
        EXPECT_THAT(shown.out, HasSubstr(text));
    EXPECT_EQ(std::filesystem::last_write_time(m_project), before);
    EXPECT_EQ(jsonOf(hefc({"recipe", "show", m_recipe, "--json"}).out)["preset"], "fast");
}

TEST_F(SampleRecipe, DiffersWhereItWasEdited)
{
    const auto other = m_project / "other.json";
    std::filesystem::copy(m_recipe, other);
    EXPECT_EQ(hefc({"recipe", "diff", m_recipe, other}).exitCode, 0);
    edit("\"preset\": \"fast\"", "\"preset\": \"accurate\"");
    const auto differing = hefc({"recipe", "diff", m_recipe, other, "--json"});
    EXPECT_EQ(differing.exitCode, 1);
    EXPECT_EQ(jsonOf(differing.out)["differences"],
              nlohmann::ordered_json::parse(
                  R"([{"path": "preset", "a": "accurate", "b": "fast"}])"));
}

TEST_F(SampleRecipe, ReadsNamedRootsThatAreBound)
{
    std::filesystem::rename(m_project / "pictures", m_folder / "pictures");
    edit("\"calibration\": \"pictures\"", "\"calibration\": \"${data}/pictures\"");
    const auto unbound = hefc({"recipe", "show", m_recipe});
    EXPECT_EQ(unbound.exitCode, 3);
    EXPECT_THAT(unbound.err, HasSubstr("--root data=FOLDER"));
    const auto bound = hefc({"recipe", "verify", m_recipe, "--pictures", "never", "--root",
                             "data=" + m_folder.path().string()});
    EXPECT_EQ(bound.exitCode, 0) << bound.err;
    EXPECT_EQ(hefc({"recipe", "show", m_recipe, "--root", "data"}).exitCode, 2);
}

TEST_F(SampleRecipe, HostileFieldsRunAndWriteNothing)
{
    const auto marker = m_folder / "marker";
    edit("\"arch\": \"hailo8l\"", "\"arch\": \"$(touch " + marker.string() + ")\"");
    EXPECT_EQ(hefc({"recipe", "show", m_recipe}).exitCode, 0); // a name like any other
    EXPECT_EQ(hefc({"convert", m_recipe, "-o", m_folder / "x.hef"}).exitCode, 2);
    edit("\"model\": \"detector.onnx\"", "\"model\": \"|touch " + marker.string() + "\"");
    EXPECT_EQ(hefc({"convert", m_recipe, "-o", m_folder / "x.hef"}).exitCode, 2);
    EXPECT_FALSE(std::filesystem::exists(marker));
    EXPECT_FALSE(std::filesystem::exists(m_folder / "x.hef"));
    std::ofstream(m_recipe) << std::string(std::size_t(100) << 20, '[');
    const auto nested = hefc({"recipe", "show", m_recipe});
    EXPECT_EQ(nested.exitCode, 3);
    EXPECT_THAT(nested.err, HasSubstr("[recipe.malformed]"));
    EXPECT_THAT(nested.err, HasSubstr("Line 1"));
}
