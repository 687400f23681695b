// Network files of a model zoo become recipes: what is taken, what stays in the script, what is
// only listed. The files here are written for the tests.
#include "vendor/zoo_network.h"

#include "base/file.h"
#include "result_matchers.h"
#include "temporary_folder.h"
#include "vendor/plain_yaml.h"

#include <gmock/gmock.h>

#include <fstream>

namespace hefstudio {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::ordered_json;

Json yaml(std::string_view text)
{
    const auto read = parsePlainYaml(text, "test.yaml");
    EXPECT_TRUE(read) << failureText(read);
    return read ? *read : Json();
}

TEST(PlainYaml, ReadsWhatNetworkFilesAreMadeOf)
{
    EXPECT_EQ(yaml("# a comment\n"
                   "base:\n"
                   "- base/a.yaml\n"
                   "parser:\n"
                   "  nodes:\n"
                   "  - null\n"
                   "  - - /a/Conv # the first\n"
                   "    - '/b: Conv'\n"
                   "  sizes: [1, 2.5, [x, \"y, z\"], ~]\n"
                   "  on: true\n"
                   "info:\n"
                   "  - name: n\n"
                   "    value: -3\n"
                   "empty:\n"
                   "url: https://x.y/z#frag\n"),
              Json::parse(R"({"base": ["base/a.yaml"],
                  "parser": {"nodes": [null, ["/a/Conv", "/b: Conv"]],
                             "sizes": [1, 2.5, ["x", "y, z"], null], "on": true},
                  "info": [{"name": "n", "value": -3}], "empty": null,
                  "url": "https://x.y/z#frag"})"));
    EXPECT_EQ(yaml(""), Json::object());
}

TEST(PlainYaml, RefusesTheRestWithItsLine)
{
    const std::pair<std::string, const char *> cases[] = {
        {"a: &anchor 1\n", "line 1"},      {"a: *anchor\n", "line 1"},
        {"a: 1\nb: |\n  text\n", "line 2"}, {"a: {b: 1}\n", "line 1"},
        {"a: [1, 2\n", "line 1"},          {"a: \"x\n", "line 1"},
        {"a: 1\nno colon\n", "line 2"},    {"a: 1\n   b: 2\n", "line 2"},
        {"a: 1\na: 2\n", "line 2"},        {"a: [1] 2\n", "line 1"},
        {std::string(2 << 20, 'x'), "line 1"}};
    for (const auto &[text, place] : cases) {
        const auto read = parsePlainYaml(text, "test.yaml");
        ASSERT_FALSE(read) << text.substr(0, 40);
        EXPECT_EQ(read.error().front().id, "vendor.yaml");
        EXPECT_EQ(read.error().front().place.keyPath, place) << text.substr(0, 40);
    }
    EXPECT_FALSE(parsePlainYaml("a: " + std::string(100000, '['), "test.yaml"));
    std::string deep;
    for (int i = 0; i < 1000; ++i)
        deep += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
    EXPECT_FALSE(parsePlainYaml(deep, "test.yaml"));
    EXPECT_FALSE(parsePlainYaml(std::string(1000, '-') + " x: 1\n" + "- " + "- - - - -", "t"));
}

class ZooNetworks : public testing::Test {
protected:
    void put(const std::string &name, const std::string &text)
    {
        const auto file = folder / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file) << text;
    }
    std::vector<std::string> ids(const ZooNetwork &network)
    {
        std::vector<std::string> all;
        for (const auto &warning : network.warnings)
            all.push_back(warning.id);
        return all;
    }
    TemporaryFolder folder;
};

TEST_F(ZooNetworks, BecomeChoicesAndARestOfAScript)
{
    put("cfg/base/family.yaml", "preprocessing:\n  meta_arch: yolo_v5\n"
                                "info:\n  supported_hw_arch:\n  - hailo8\n  - hailo8l\n");
    put("cfg/networks/small.yaml", "base:\n- base/family.yaml\n"
                                   "network:\n  network_name: small\n"
                                   "paths:\n  alls_script: small.alls\n"
                                   "parser:\n  nodes:\n  - null\n"
                                   "  - - /boxes/Conv\n    - /scores/Conv\n");
    put("cfg/alls/generic/small.alls",
        "normalization1 = normalization([0.0, 0.0, 0.0], [255.0, 255.0, 255.0])\n"
        "change_output_activation(conv42, sigmoid)\n"
        "nms_postprocess(\"../cfg.json\", meta_arch=yolov8, engine=cpu, nms_scores_th=0.1)\n"
        "model_optimization_config(calibration, batch_size=4, calibset_size=64)\n"
        "performance_param(compiler_optimization_level=max)\n"
        "post_quantization_optimization(finetune, policy=enabled, learning_rate=0.0001)\n"
        "quantization_param(conv3, precision_mode=a16_w16)\n");
    const auto network = readZooNetwork(folder / "cfg/networks/small.yaml");
    ASSERT_TRUE(network) << failureText(network);
    EXPECT_EQ(network->name, "small");
    const auto &settings = network->settings;
    EXPECT_THAT(settings.endNodes, ElementsAre("/boxes/Conv", "/scores/Conv"));
    EXPECT_TRUE(settings.startNodes.empty());
    EXPECT_EQ(settings.normalization, (Normalization{{0, 0, 0}, {255, 255, 255}}));
    EXPECT_EQ(settings.nms, HostNms::hailort);
    EXPECT_EQ(settings.nmsScore, 0.1);
    EXPECT_TRUE(settings.vendor.isMaximumEffort);
    EXPECT_EQ(settings.resize, ResizePolicy::letterbox);
    EXPECT_EQ(settings.arch, "hailo8l");
    // Done once: what the recipe says is not in the script any more.
    EXPECT_EQ(network->script.text(),
              "post_quantization_optimization(finetune, policy=enabled, learning_rate=0.0001)\n"
              "quantization_param(conv3, precision_mode=a16_w16)\n");
    EXPECT_THAT(ids(*network), ElementsAre("vendor.zoo-not-taken", "vendor.zoo-layer-names"));
}

TEST_F(ZooNetworks, BasesDoNotLeadOutOfTheFolderNorInCircles)
{
    put("a/out.yaml", "base:\n- ../../etc/secret.yaml\n- /etc/passwd\nparser:\n  nodes:\n");
    const auto out = readZooNetwork(folder / "a/out.yaml");
    ASSERT_TRUE(out) << failureText(out);
    EXPECT_THAT(ids(*out), ElementsAre("vendor.zoo-base-missing", "vendor.zoo-base-missing"));
    put("a/circle.yaml", "base:\n- circle.yaml\nparser:\n  nodes:\n");
    EXPECT_EQ(failureId(readZooNetwork(folder / "a/circle.yaml")), "vendor.zoo-malformed");
}

TEST_F(ZooNetworks, OtherFilesAreNone)
{
    put("compose.yaml", "services:\n  a: 1\n");
    EXPECT_EQ(failureId(readZooNetwork(folder / "compose.yaml")), "vendor.zoo-malformed");
    put("nodes.yaml", "parser:\n  nodes: [1, 2, 3]\n");
    EXPECT_EQ(failureId(readZooNetwork(folder / "nodes.yaml")), "vendor.zoo-malformed");
    EXPECT_EQ(failureId(readZooNetwork(folder / "absent.yaml")), "file.not-found");
}

} // namespace
} // namespace hefstudio
