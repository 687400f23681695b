// Every number of a layer that could make it read outside its tensors is refused.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "integer_world.h"

using namespace hefstudio;

namespace {

const Shape picture{1, 2, 4, 4};

IntegerLayer convolution()
{
    IntegerConvolution form{.weightShape = {3, 2, 1, 1}};
    form.weights.assign(6, 1);
    form.bias.assign(3, 0);
    return {"conv", {IntegerOperand{}}, {}, form};
}

template<class Change> void expectRefused(IntegerLayer layer, Change change, Shape output)
{
    change(layer);
    const auto checked = checkIntegerLayer(layer, std::vector<Shape>{picture}, output);
    ASSERT_FALSE(checked.has_value());
    EXPECT_EQ(checked.error().front().id, "integer.invalid-layer");
    EXPECT_EQ(checked.error().front().place.layer, layer.name);
}

IntegerConvolution &formOf(IntegerLayer &layer)
{
    return std::get<IntegerConvolution>(layer.form);
}

} // namespace

TEST(CheckIntegerLayer, AcceptsASoundConvolution)
{
    EXPECT_TRUE(checkIntegerLayer(convolution(), std::vector<Shape>{picture}, {1, 3, 4, 4}));
}

TEST(CheckIntegerLayer, RefusesAConvolutionWithWrongNumbers)
{
    const Shape out{1, 3, 4, 4};
    expectRefused(convolution(), [](auto &) {}, {1, 3, 4, 5});
    expectRefused(
        convolution(), [](auto &l) { formOf(l).weights.pop_back(); }, out);
    expectRefused(
        convolution(), [](auto &l) { formOf(l).bias.pop_back(); }, out);
    expectRefused(
        convolution(), [](auto &l) { formOf(l).padding = {1}; }, out);
    expectRefused(
        convolution(),
        [](auto &l) {
            formOf(l).padding = {1, 256};
        },
        out);
    expectRefused(
        convolution(), [](auto &l) { formOf(l).groups = 0; }, out);
    expectRefused(
        convolution(),
        [](auto &l) {
            formOf(l).window.stride = {0, 1};
        },
        out);
    expectRefused(
        convolution(), [](auto &l) { formOf(l).stage.rescale.clear(); }, out);
    expectRefused(
        convolution(), [](auto &l) { formOf(l).stage.rescale.resize(2); }, out);
    expectRefused(
        convolution(), [](auto &l) { formOf(l).stage.rescale[0].shift = -1; }, out);
    expectRefused(
        convolution(), [](auto &l) { formOf(l).stage.high = 256; }, out);
    expectRefused(
        convolution(), [](auto &l) { formOf(l).stage.low = -1; }, out);
    expectRefused(
        convolution(), [](auto &l) { formOf(l).stage.table.emplace(); }, out);
    expectRefused(
        convolution(), [](auto &l) { l.output.bits = 9; }, out);
    expectRefused(
        convolution(), [](auto &l) { l.output.scale = 0; }, out);
    expectRefused(
        convolution(), [](auto &l) { l.operands.clear(); }, out);
    expectRefused(
        convolution(),
        [](auto &l) {
            l.operands[0].constant = std::make_shared<Tensor>(ElementType::float32, picture);
        },
        out);
}

TEST(CheckIntegerLayer, RefusesTablesAndIndicesThatReachOutside)
{
    const auto with = [](IntegerForm form) {
        return IntegerLayer{"l", {IntegerOperand{}}, {}, std::move(form)};
    };
    const auto unchanged = [](auto &) {};
    expectRefused(with(IntegerTable{}), unchanged, picture);
    expectRefused(with(IntegerSoftmax{}), unchanged, picture);
    expectRefused(with(IntegerLayerNorm{.axis = 3}), unchanged, picture);
    expectRefused(with(IntegerReduce{.reduction = Reduction::product, .axes = {1}}), unchanged,
                  {1, 1, 4, 4});
    expectRefused(with(IntegerMove{IntegerGather{1, {1}, {2}}, {}}), unchanged, {1, 1, 4, 4});
    expectRefused(with(IntegerMove{IntegerGather{1, {2}, {0}}, {}}), unchanged, {1, 2, 4, 4});
    expectRefused(
        with(IntegerMove{IntegerPad{PadMode::constant, {0, 0, 0, 0}, {0, 0, 0, 0}, 300}, {}}),
        unchanged, picture);
    const IntegerResize::Axis rows{.index = {0, 1, 2, 3}, .weight = {1, 1, 1, 1}};
    IntegerResize::Axis outside = rows;
    outside.index[3] = 4;
    expectRefused(with(IntegerResize{rows, outside, {}}), unchanged, picture);
    EXPECT_TRUE(checkIntegerLayer(with(IntegerResize{rows, rows, {}}), std::vector<Shape>{picture},
                                  picture));
}
