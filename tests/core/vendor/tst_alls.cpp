// Model scripts come back byte for byte, and what is doubtful in them is named with its line.
#include "vendor/alls.h"
#include "vendor/alls_commands.h"

#include "result_matchers.h"

#include <gmock/gmock.h>
#include <random>

namespace hefstudio {
namespace {

constexpr const char *zooLike = R"(# a network with everything
norm1 = normalization([123.675, 116.28, 103.53], [58.395, 57.12, 57.375])
change_output_activation(net/conv54, sigmoid)   # classes

nms_postprocess("../nms/net.json", meta_arch=yolov8, engine=cpu)
post_quantization_optimization(finetune, policy=enabled, learning_rate=1e-5,
    loss_layer_names=[net/conv41,   # boxes
                      conv54],
    loss_factors=[1., 0.5])
quantization_param({net/ew_add*}, precision_mode=a16_w16)
allocator_param(timeout=25m, automatic_ddr=False)
a_d0, a_d1, a_dc = defuse(a, 2, defuse_type=SUPER_DW)
context_0.place(cluster_1, [conv1, conv2])
{} = defuse_block(conv3, defuse_count=4)
some_later_command(x, y = 3 ))";

Diagnostics lint(std::string_view text)
{
    auto script = parseAlls(text);
    EXPECT_TRUE(script);
    return script ? lintAlls(*script) : Diagnostics{};
}

TEST(Alls, ComesBackByteForByte)
{
    const auto script = parseAlls(zooLike);
    ASSERT_TRUE(script);
    EXPECT_EQ(script->text(), zooLike);
    EXPECT_EQ(script->statements().size(), 10u);
}

TEST(Alls, ReadsWhatStandsThere)
{
    const auto script = parseAlls(zooLike);
    ASSERT_TRUE(script);
    const auto statements = script->statements();

    const auto &norm = *statements[0]->statement;
    EXPECT_THAT(norm.targets, testing::ElementsAre("norm1"));
    EXPECT_EQ(norm.command, "normalization");
    ASSERT_TRUE(norm.positional(1));
    EXPECT_EQ(norm.positional(1)->items.at(2).asNumber(), 57.375);

    const auto &finetune = *statements[3]->statement;
    EXPECT_EQ(finetune.positional(0)->text, "finetune");
    EXPECT_EQ(finetune.argument("learning_rate")->asNumber(), 1e-5);
    EXPECT_EQ(finetune.argument("loss_layer_names")->items.size(), 2u);
    EXPECT_EQ(statements[3]->line, 6);

    EXPECT_EQ(statements[4]->statement->positional(0)->kind, AllsValue::Kind::glob);
    EXPECT_EQ(statements[5]->statement->argument("timeout")->asNumber(), std::nullopt);
    EXPECT_EQ(statements[7]->statement->scope, "context_0");
    EXPECT_THAT(statements[8]->statement->targets, testing::ElementsAre("{}"));
}

TEST(Alls, WritesTheZoosForm)
{
    AllsStatement statement{{"norm1"}, {}, "normalization", {}};
    statement.arguments.push_back({{}, AllsValue::list({AllsValue::number(0), AllsValue::number(127.5)})});
    statement.arguments.push_back({"mode", AllsValue::word("enabled")});
    statement.arguments.push_back({"file", AllsValue::quoted("a b.json")});
    EXPECT_EQ(formatAlls(statement),
              "norm1 = normalization([0, 127.5], mode=enabled, file=\"a b.json\")");
    const auto read = parseAlls(formatAlls(statement));
    ASSERT_TRUE(read);
    EXPECT_EQ(*read->statements().front()->statement, statement);
}

TEST(Alls, AppendsBehindAFileWithoutLineEnd)
{
    auto script = parseAlls("set_seed(seed=1)");
    ASSERT_TRUE(script);
    script->appendComment("two\nlines");
    script->append({{}, {}, "transpose", {}});
    EXPECT_EQ(script->text(), "set_seed(seed=1)\n# two lines\ntranspose()\n");
}

struct Broken {
    const char *text;
    const char *place;
};

class BrokenScript : public testing::TestWithParam<Broken> {};

TEST_P(BrokenScript, IsRefusedWithLineAndColumn)
{
    const auto script = parseAlls(GetParam().text);
    ASSERT_FALSE(script);
    EXPECT_EQ(script.error().front().id, "vendor.script-syntax");
    EXPECT_EQ(script.error().front().place.keyPath, GetParam().place);
}

INSTANTIATE_TEST_SUITE_P(Alls, BrokenScript,
                         testing::Values(Broken{"resize(", "line 1, column 8"},
                                         Broken{"\n\nresize", "line 3, column 7"},
                                         Broken{"a = ", "line 1, column 5"},
                                         Broken{"f(a,\n [1, 2)", "line 2, column 7"},
                                         Broken{"f(\"open)", "line 1, column 9"},
                                         Broken{"f() g()", "line 1, column 5"},
                                         Broken{"f(a b)", "line 1, column 5"},
                                         Broken{"f(=3)", "line 1, column 3"}));

TEST(Alls, BoundsNesting)
{
    const auto script = parseAlls("f(" + std::string(100'000, '['));
    ASSERT_FALSE(script);
    EXPECT_EQ(script.error().front().id, "vendor.script-too-large");
}

TEST(Alls, AnyBytesAreAnsweredAndWhatIsReadComesBack)
{
    std::mt19937 random(7);
    for (int round = 0; round < 2000; ++round) {
        std::string text = zooLike;
        for (int change = 0; change < 4; ++change)
            text[random() % text.size()] = static_cast<char>(random() % 256);
        const auto script = parseAlls(text);
        if (script) {
            EXPECT_EQ(script->text(), text);
        }
    }
}

TEST(AllsLint, FindsNothingInAGoodScript)
{
    EXPECT_THAT(lint("normalization([0, 0, 0], [255, 255, 255])\n"
                     "model_optimization_flavor(optimization_level=2, compression_level=0)\n"
                     "model_optimization_config(calibration, batch_size=2, calibset_size=64)\n"
                     "performance_param(compiler_optimization_level=max)\n"),
                testing::IsEmpty());
}

struct Doubt {
    const char *text;
    const char *id;
};
class DoubtfulScript : public testing::TestWithParam<Doubt> {};

TEST_P(DoubtfulScript, IsNamedWithItsLine)
{
    const auto found = lint(std::string("\n") + GetParam().text);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found.front().id, GetParam().id);
    EXPECT_EQ(found.front().place.keyPath, "line 2");
}

INSTANTIATE_TEST_SUITE_P(
    AllsLint, DoubtfulScript,
    testing::Values(
        Doubt{"optimization_level(1)", "vendor.script-no-such-command"},
        Doubt{"brand_new(conv1)", "vendor.script-unknown-command"},
        Doubt{"performance_param(level=max)", "vendor.script-unknown-key"},
        Doubt{"post_quantization_optimization(magic)", "vendor.script-unknown-algorithm"},
        Doubt{"normalization([0, 0, 0], [255])", "vendor.script-normalization"},
        Doubt{"normalization([0], [0])", "vendor.script-normalization"},
        Doubt{"change_output_activation(sigmoid)", "vendor.script-every-output"},
        Doubt{"resources_param(max_control_utilization=0.9)\n"
              "performance_param(compiler_optimization_level=max)",
              "vendor.script-caps-with-max"}));

} // namespace
} // namespace hefstudio
