// SPDX-License-Identifier: GPL-3.0-or-later
#include "recipe/recipe.h"

#include "base/file.h"
#include "recipe/recipe_diff.h"

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
    recipe.lock = RecipeLock{.toolVersion = "0.1.0",
                             .build = "ff",
                             .isa = "avx512",
                             .modelSha256 = "aa",
                             .labelsSha256 = "dd",
                             .calibration = {{"p.jpg", "bb"}},
                             .frozenFile = "recipe.lock",
                             .frozenSha256 = "ee",
                             .stages = {{"import", "11"}, {"map", "22"}},
                             .effective = {{"x", "1", "2", "y"}},
                             .resultSha256 = "cc"};
    ASSERT_TRUE(writeRecipe(folder / "recipe.json", recipe));
    const auto back = readRecipe(folder / "recipe.json");
    ASSERT_TRUE(back) << failureText(back);
    ASSERT_TRUE(writeRecipe(folder / "again.json", *back));
    EXPECT_EQ(*readTextFile(folder / "again.json"), *readTextFile(folder / "recipe.json"));
    EXPECT_EQ(back->settings.normalization, s.normalization);
    EXPECT_EQ(back->lock->effective, recipe.lock->effective);
    EXPECT_EQ(back->lock->stages, recipe.lock->stages);
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
    EXPECT_EQ(failureId(parse(folder, R"({"hefstudio_recipe":3,"model":"m"})")), "recipe.version");
    EXPECT_EQ(failureId(parse(folder, R"({"hefstudio_recipe":0,"model":"m"})")), "recipe.version");
}

// What a stranger may send: an id, the line and the key for each, and nothing taken over.
TEST(Recipe, HostileFieldsAreRefusedByLineAndKey)
{
    struct Hostile {
        const char *field; // stands on line 3
        const char *keyPath;
        const char *reason;
    };
    const TemporaryFolder folder;
    const std::string longText(5000, 'a');
    const std::string deep = "\"layers\": " + std::string(100, '[') + std::string(100, ']');
    const std::string tooLong = "\"arch\": \"" + longText + "\"";
    const Hostile all[] = {
        {R"("labels": "/etc/passwd")", "labels", "not relative"},
        {R"("labels": "../../etc/passwd")", "labels", "leaves"},
        {R"("labels": "${home}/x")", "labels", "not bound"},
        {R"("labels": "${../x}/x")", "labels", "${name}/path"},
        {R"("labels": "${data}")", "labels", "${name}/path"},
        {R"("labels": "")", "labels", "not relative"},
        {R"("labels": "a\u0000b")", "labels", "control character"},
        {R"("labels": null)", "labels", "text"},
        {R"("contexts": 1e400)", "contexts", "too large"},
        {R"("contexts": 99999999999999999999999)", "contexts", "too large"},
        {R"("contexts": 4294967297)", "contexts", "1 to 1000"},
        {R"("contexts": 1.5)", "contexts", "whole number"},
        {R"("seed": -1)", "seed", "whole number"},
        {R"("created_ms": 18446744073709551617)", "created_ms", "whole number"},
        {R"("nms_score": 1e30)", "nms_score", "too large"},
        {R"("nms_score": 1.5)", "nms_score", "0 to 1"},
        {R"("backend": "sh -c 'rm -rf /'")", "backend", "choices"},
        {R"("on_bad_image": "stop; reboot")", "on_bad_image", "choices"},
        {R"("preset": ["fast"])", "preset", "text"},
        {R"("end_nodes": [1])", "end_nodes[0]", "text"},
        {R"("input_shapes": {"x": [0]})", "input_shapes.x", "sizes"},
        {R"("input_shapes": {"x": [9999999999]})", "input_shapes.x", "sizes"},
        {R"("input_shapes": {"x": [1,1,1,1,1,1,1,1,1]})", "input_shapes.x", "sizes"},
        {R"("layers": {"c": {"bits": 12}})", "layers.c.bits", "8 or 16"},
        {R"("layers": {"c": {"run": "ls"}})", "layers.c.run", "unknown"},
        {R"("layers": {"c": 8})", "layers.c", "object"},
        {R"("command": "ls")", "command", "unknown"},
        {R"("lock": [])", "lock", "object"},
        {R"("lock": {"calibration": [{"file": 1, "sha256": ""}]})", "lock.calibration[0].file",
         "text"},
        {R"("lock": {"frozen": {"file": "../x.lock", "sha256": ""}})", "lock.frozen.file", "leaves"},
        {R"("model": "other.onnx")", "model", "twice"},
        {R"("arch": hailo8)", "arch", "unexpected"},
        {R"("arch" "hailo8")", "arch", "colon"},
        {tooLong.c_str(), "arch", "longer"},
        {deep.c_str(), "layers[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]", "nested"},
    };
    for (const Hostile &hostile : all) {
        const auto recipe = parse(folder, "{\"hefstudio_recipe\": 2,\n\"model\": \"m.onnx\",\n" +
                                              std::string(hostile.field) + "\n}");
        const std::string field = std::string(hostile.field).substr(0, 100);
        ASSERT_EQ(failureId(recipe), "recipe.malformed") << field;
        const Diagnostic &found = recipe.error().front();
        EXPECT_TRUE(found.place.keyPath.starts_with(hostile.keyPath))
            << field << " " << found.place.keyPath;
        EXPECT_NE(failureText(recipe).find("Line 3 "), std::string::npos) << failureText(recipe);
        EXPECT_NE(failureText(recipe).find(hostile.reason), std::string::npos)
            << failureText(recipe);
    }
}

TEST(Recipe, TextThatIsNoRecipeIsRefused)
{
    const TemporaryFolder folder;
    for (const char *text : {"{", "[]", "7", "\"x\"", "{} {}", "{\"hefstudio_recipe\": \"2\"}",
                             "{\"hefstudio_recipe\": 2, \"model\": \"\xff\"}", "{\"a\": 1,}"})
        EXPECT_EQ(failureId(parse(folder, text)), "recipe.malformed") << text;
    EXPECT_EQ(failureId(readRecipe(folder / "absent")), "file.not-found");
}

TEST(Recipe, OfVersion1IsBroughtToToday)
{
    const TemporaryFolder folder;
    const auto old = parse(folder, R"({"hefstudio_recipe": 1, "model": "m.onnx", "lock": {
        "tool_version": "0.1.0", "isa": "avx2", "model_sha256": "aa",
        "calibration": [{"file": "s.npy[0]", "sha256": ""}, {"file": "p.jpg", "sha256": "bb"}],
        "effective": [], "result_sha256": "cc"}})");
    ASSERT_TRUE(old) << failureText(old);
    EXPECT_EQ(old->version, 1);
    EXPECT_EQ(old->lock->calibration,
              (std::vector<std::pair<std::string, std::string>>{{"p.jpg", "bb"}}));
    ASSERT_TRUE(writeRecipe(folder / "new.json", *old));
    EXPECT_EQ(readRecipe(folder / "new.json")->version, recipeVersion);
}

TEST(RecipePaths, LieBelowTheRecipeOrANamedRoot)
{
    const TemporaryFolder folder, data, elsewhere;
    const RecipeRoots roots{{"data", data.path()}};
    EXPECT_EQ(recipePathOf(folder / "a/b.onnx", folder.path(), roots), "a/b.onnx");
    EXPECT_EQ(recipePathOf(data / "coco/val", folder.path(), roots), "${data}/coco/val");
    EXPECT_FALSE(recipePathOf(elsewhere / "x", folder.path(), roots));
    EXPECT_EQ(*resolveRecipePath("${data}/coco/val", folder.path(), roots), data / "coco/val");
    EXPECT_FALSE(resolveRecipePath("${data}/../x", folder.path(), roots));
    std::filesystem::create_directory_symlink("/", data / "link");
    EXPECT_FALSE(resolveRecipePath("${data}/link/etc", folder.path(), roots));

    ASSERT_TRUE(writeRecipeRoots(folder / "config/roots.json", roots));
    EXPECT_EQ(*readRecipeRoots(folder / "config/roots.json"), roots);
    EXPECT_TRUE(readRecipeRoots(folder / "absent.json")->empty());
    for (const char *bad : {"[]", R"({"data": 1})", R"({"data": "relative"})", R"({"a/b": "/x"})"}) {
        std::ofstream(folder / "bad.json") << bad;
        EXPECT_EQ(failureId(readRecipeRoots(folder / "bad.json")), "recipe.roots") << bad;
    }
}

TEST(RecipeDiff, NamesEveryKeyThatDiffers)
{
    const auto differing = diffRecipes(
        R"({"hefstudio_recipe": 1, "model": "m", "preset": "fast",
            "lock": {"calibration": [{"file": "a", "sha256": "1"}]}})",
        R"({"hefstudio_recipe": 2, "model": "m", "seed": 2,
            "lock": {"calibration": [{"file": "a", "sha256": "2"}]}})");
    ASSERT_EQ(differing.size(), 3U);
    EXPECT_EQ(differing[0].keyPath, "preset");
    EXPECT_EQ(differing[0].b, "");
    EXPECT_EQ(differing[1].keyPath, "lock.calibration[0].sha256");
    EXPECT_EQ(differing[2].keyPath, "seed");
    EXPECT_TRUE(diffRecipes("{}", "{}").empty());
}

TEST(Normalization, ReadsWhatPeopleWrite)
{
    EXPECT_EQ(normalizationFromText("127/128"), (Normalization{{127}, {128}}));
    EXPECT_EQ(normalizationText(*normalizationFromText("1.5,2,3/4,5,6")), "1.5,2,3/4,5,6");
    for (const char *bad : {"", "127", "127/", "/128", "127/0", "1,,2/3", "a/b", "1/nan"})
        EXPECT_FALSE(normalizationFromText(bad)) << bad;
}
