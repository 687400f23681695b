// SPDX-License-Identifier: GPL-3.0-or-later
#include "recipe/recipe.h"

#include "base/file.h"

#include "result_matchers.h"
#include "temporary_folder.h"

#include <fstream>
#include <gtest/gtest.h>

using namespace hefstudio;

namespace {

Result<Recipe> parse(const TemporaryFolder &folder, const std::string &json)
{
    std::ofstream(folder / "recipe.json") << json;
    return readRecipe(folder / "recipe.json");
}

} // namespace

TEST(Recipe, RoundTripsEveryChoice)
{
    const TemporaryFolder folder;
    Recipe recipe;
    auto &s = recipe.settings;
    s.model = folder / "net.onnx";
    s.calibration = folder / "pictures";
    s.arch = "hailo8";
    s.preset = Preset::balanced;
    s.startNodes = {"a"};
    s.endNodes = {"b", "c"};
    s.inputShapes = {{"images", {1, 3, 320, 320}}};
    s.normalization = Normalization{{123.675F, 116.28F, 103.53F}, {58.395F, 57.12F, 57.375F}};
    s.color = ColorOrder::bgr;
    s.resize = ResizePolicy::topleft;
    s.layers = {{"conv1", {16, "entropy"}}, {"conv2", {std::nullopt, "min-max"}}};
    s.contexts = 3;
    s.onBadImage = BadImagePolicy::skip;
    s.seed = 7;
    s.createdMs = 99;
    recipe.lock =
        RecipeLock{"0.1.0", "avx512", "aa", {{"p.jpg", "bb"}}, {{"x", "1", "2", "y"}}, "cc"};
    ASSERT_TRUE(writeRecipe(folder / "recipe.json", recipe));
    const auto back = readRecipe(folder / "recipe.json");
    ASSERT_TRUE(back) << failureText(back);
    ASSERT_TRUE(writeRecipe(folder / "again.json", *back));
    EXPECT_EQ(*readTextFile(folder / "again.json"), *readTextFile(folder / "recipe.json"));
    EXPECT_EQ(back->settings.normalization, s.normalization);
    EXPECT_EQ(back->lock->effective, recipe.lock->effective);
}

TEST(Recipe, RefusesPathsThatLeaveItsFolder)
{
    const TemporaryFolder folder;
    for (const char *path : {"/etc/passwd", "../secret.onnx", "a/../../b.onnx"}) {
        const auto recipe =
            parse(folder, R"({"hefstudio_recipe":1,"model":")" + std::string(path) + R"("})");
        ASSERT_EQ(failureId(recipe), "recipe.malformed") << path;
        EXPECT_EQ(recipe.error().front().place.keyPath, "model");
    }
    std::filesystem::create_directory_symlink("/", folder / "link");
    EXPECT_EQ(failureId(parse(folder, R"({"hefstudio_recipe":1,"model":"link/x.onnx"})")),
              "recipe.malformed");
    Recipe outside;
    outside.settings.model = "/somewhere/else.onnx";
    EXPECT_EQ(failureId(writeRecipe(folder / "recipe.json", outside)), "recipe.path-outside");
}

TEST(Recipe, NamesTheKeyThatIsWrong)
{
    const TemporaryFolder folder;
    const auto key = [&](const std::string &json) {
        const auto recipe = parse(folder, json);
        return recipe ? "fine" : recipe.error().front().place.keyPath;
    };
    EXPECT_EQ(key(R"({"hefstudio_recipe":1,"model":"m.onnx"})"), "fine");
    EXPECT_EQ(key(R"({"hefstudio_recipe":1,"model":"m.onnx","preset":"slow"})"), "preset");
    EXPECT_EQ(key(R"({"hefstudio_recipe":1,"model":"m.onnx","end_nodes":"a"})"), "end_nodes");
    EXPECT_EQ(key(R"({"hefstudio_recipe":1,"model":"m.onnx","contexts":0})"), "contexts");
    EXPECT_EQ(key(R"({"hefstudio_recipe":1,"model":"m.onnx","cofee":1})"), "cofee");
    EXPECT_EQ(key(R"({"hefstudio_recipe":1})"), "model");
    EXPECT_EQ(key("{}"), "hefstudio_recipe");
    EXPECT_EQ(failureId(parse(folder, R"({"hefstudio_recipe":2,"model":"m"})")), "recipe.version");
    EXPECT_EQ(failureId(parse(folder, "{")), "json.malformed");
}

TEST(Normalization, ReadsWhatPeopleWrite)
{
    EXPECT_EQ(normalizationFromText("127/128"), (Normalization{{127}, {128}}));
    EXPECT_EQ(normalizationText(*normalizationFromText("1.5,2,3/4,5,6")), "1.5,2,3/4,5,6");
    for (const char *bad : {"", "127", "127/", "/128", "127/0", "1,,2/3", "a/b", "1/nan"})
        EXPECT_FALSE(normalizationFromText(bad)) << bad;
}
