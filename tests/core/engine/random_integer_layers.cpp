// SPDX-License-Identifier: GPL-3.0-or-later
#include "random_integer_layers.h"

#include "ops/resize_taps.h"
#include "ops/shape_inference.h"

#include <algorithm>
#include <cmath>

namespace hefstudio {

namespace {

Shape inferred(const Attributes &attributes, std::vector<Shape> shapes)
{
    std::vector<const Shape *> pointers;
    for (const Shape &shape : shapes)
        pointers.push_back(&shape);
    const auto result = inferShape(attributes, pointers);
    return result ? *result : Shape{0};
}

} // namespace

std::vector<const Tensor *> IntegerCase::pointers() const
{
    std::vector<const Tensor *> all;
    for (const Tensor &operand : operands)
        all.push_back(&operand);
    return all;
}

std::vector<Shape> IntegerCase::shapes() const
{
    std::vector<Shape> all;
    for (const Tensor &operand : operands)
        all.push_back(operand.shape());
    return all;
}

const std::vector<RandomIntegerLayers::Kind> &RandomIntegerLayers::kinds()
{
    using R = RandomIntegerLayers;
    static const std::vector<Kind> all{{"convolution", &R::convolution},
                                       {"depthwise", &R::depthwise},
                                       {"transposedConvolution", &R::transposedConvolution},
                                       {"fullyConnected", &R::fullyConnected},
                                       {"matMul", &R::matMul},
                                       {"table", &R::table},
                                       {"rescale", &R::rescale},
                                       {"binary", &R::binary},
                                       {"concat", &R::concat},
                                       {"maxPool", &R::maxPool},
                                       {"averagePool", &R::averagePool},
                                       {"reduce", &R::reduce},
                                       {"resize", &R::resize},
                                       {"softmax", &R::softmax},
                                       {"layerNorm", &R::layerNorm},
                                       {"move", &R::move}};
    return all;
}

std::int64_t RandomIntegerLayers::number(std::int64_t low, std::int64_t high)
{
    return std::uniform_int_distribution<std::int64_t>(low, high)(m_random);
}

TensorQuantisation RandomIntegerLayers::quantisation(bool mayBeWide)
{
    TensorQuantisation made{0.02F, 0, mayBeWide && once(5) ? 16 : 8};
    const std::int32_t choices[] = {0, made.maximum(),
                                    static_cast<std::int32_t>(number(0, made.maximum())),
                                    (made.maximum() + 1) / 2};
    made.zeroPoint = choices[number(0, 3)];
    return made;
}

Tensor RandomIntegerLayers::stored(Shape shape, const TensorQuantisation &as)
{
    Tensor tensor(as.elementType(), std::move(shape));
    const bool isExtreme = once(4);
    const auto fill = [&](auto values) {
        for (auto &value : values)
            value = static_cast<std::remove_reference_t<decltype(value)>>(
                isExtreme ? (once(2) ? 0 : as.maximum()) : number(0, as.maximum()));
    };
    if (as.bits == 8)
        fill(tensor.as<std::uint8_t>());
    else
        fill(tensor.as<std::uint16_t>());
    return tensor;
}

FixedPoint RandomIntegerLayers::factor(double usual)
{
    if (once(40)) // anything a checked program may hold
        return {static_cast<std::int32_t>(number(-INT32_MAX, INT32_MAX)),
                static_cast<std::int32_t>(number(0, FixedPoint::maximumShift))};
    if (once(40))
        return {static_cast<std::int32_t>(number(-3, 3)), static_cast<std::int32_t>(number(0, 6))};
    return fixedPoint(usual * std::exp2(static_cast<double>(number(-200, 200)) / 100));
}

FunctionTable RandomIntegerLayers::functionTable(int indexBits, std::int32_t largest)
{
    FunctionTable table;
    table.indexBits = indexBits;
    table.fractionBits = static_cast<int>(indexBits == 8 ? 0 : number(0, 3) * 4);
    const bool isWild = once(8);
    const std::int64_t top = (std::int64_t(largest) << table.fractionBits) + 10;
    for (std::size_t i = 0; i < table.pointCount(); ++i)
        table.points.push_back(static_cast<std::int32_t>(
            isWild ? number(INT32_MIN, INT32_MAX) : number(-top / 4, top)));
    return table;
}

OutputStage RandomIntegerLayers::stage(double size, const TensorQuantisation &output,
                                       std::vector<std::int64_t> counts)
{
    OutputStage stage;
    const auto list = [&](double usual) {
        std::vector<FixedPoint> factors;
        const std::int64_t count = counts[static_cast<std::size_t>(
            number(0, static_cast<std::int64_t>(counts.size()) - 1))];
        for (std::int64_t i = 0; i < count; ++i)
            factors.push_back(factor(usual));
        return factors;
    };
    const bool hasTable = once(3);
    int indexBits = once(6) ? 8 : 16;
    const double range = hasTable ? (indexBits == 8 ? 255 : 65535) : output.maximum();
    stage.rescale = list(range / std::max(size, 1.0));
    if (once(4))
        stage.negative = list(range / std::max(size, 1.0) / 10);
    stage.zeroPoint = static_cast<std::int32_t>(number(0, static_cast<std::int64_t>(range)));
    stage.high = once(3) ? static_cast<std::int32_t>(number(0, output.maximum())) : output.maximum();
    stage.low = once(3) ? static_cast<std::int32_t>(number(0, stage.high)) : 0;
    if (hasTable) {
        stage.table = functionTable(indexBits, output.maximum());
        if (once(3)) {
            stage.gain = list(1);
            stage.gainZeroPoint = static_cast<std::int32_t>(number(0, output.maximum()));
        }
    }
    return stage;
}

std::vector<std::int8_t> RandomIntegerLayers::weights(std::int64_t count)
{
    std::vector<std::int8_t> made(static_cast<std::size_t>(count));
    const bool isExtreme = once(4);
    for (std::int8_t &weight : made)
        weight = static_cast<std::int8_t>(isExtreme ? (once(2) ? -128 : 127) : number(-128, 127));
    return made;
}

std::vector<std::int32_t> RandomIntegerLayers::biases(std::int64_t count)
{
    std::vector<std::int32_t> made(static_cast<std::size_t>(count));
    const std::int64_t most = once(12) ? INT32_MAX : 100000;
    for (std::int32_t &bias : made)
        bias = static_cast<std::int32_t>(number(-most, most));
    return made;
}

Window RandomIntegerLayers::window(std::int64_t height, std::int64_t width)
{
    Window window;
    for (std::size_t axis = 0; axis < 2; ++axis) {
        const std::int64_t size = axis == 0 ? height : width;
        window.kernel[axis] = once(3) ? 1 : number(1, 5);
        window.stride[axis] = number(1, 3);
        window.dilation[axis] = once(4) ? 2 : 1;
        const std::int64_t reach = (window.kernel[axis] - 1) * window.dilation[axis] + 1;
        window.padBegin[axis] = once(2) ? number(0, reach) : (reach - 1) / 2;
        window.padEnd[axis] = once(2) ? number(0, reach) : reach / 2;
        const std::int64_t missing = reach - size - window.padBegin[axis] - window.padEnd[axis];
        if (missing > 0)
            window.padEnd[axis] += missing;
    }
    return window;
}

Shape RandomIntegerLayers::picture(std::int64_t mostChannels, std::int64_t mostSide)
{
    return {number(1, 2), number(1, mostChannels), number(1, mostSide), number(1, mostSide)};
}

IntegerCase RandomIntegerLayers::make(IntegerForm form, std::vector<Tensor> operands,
                                      std::vector<TensorQuantisation> quantisations,
                                      const TensorQuantisation &output, Shape outputShape)
{
    IntegerCase made;
    made.layer = {"layer", {}, output, std::move(form)};
    for (std::size_t i = 0; i < operands.size(); ++i) {
        const bool isConstant = operands.size() > 1 && once(5);
        made.layer.operands.push_back(
            {quantisations[i], isConstant ? std::make_shared<Tensor>(operands[i]) : nullptr});
    }
    made.operands = std::move(operands);
    made.outputShape = std::move(outputShape);
    return made;
}

IntegerCase RandomIntegerLayers::windowed(bool isDepthwise)
{
    const TensorQuantisation in = quantisation(), out = quantisation();
    IntegerConvolution form;
    Shape x = picture(isDepthwise ? 90 : 70, 14);
    if (isDepthwise) {
        x[1] = std::max<std::int64_t>(x[1], 2);
        form.groups = x[1];
    } else if (once(4)) {
        form.groups = number(1, 4);
        x[1] = form.groups * number(1, 18);
    }
    form.window = window(x[2], x[3]);
    const std::int64_t outputs =
        isDepthwise ? x[1] * (once(5) ? 2 : 1) : form.groups * number(1, once(2) ? 80 : 20);
    form.weightShape = {outputs, x[1] / form.groups, form.window.kernel[0], form.window.kernel[1]};
    form.weights = weights(form.weightShape.elementCount());
    form.bias = biases(outputs);
    if (once(4))
        for (std::int64_t c = 0; c < x[1]; ++c)
            form.padding.push_back(static_cast<std::int32_t>(number(0, in.maximum())));
    const double depth = static_cast<double>(form.weightShape.elementCount()) /
                         static_cast<double>(outputs);
    form.stage = stage(std::sqrt(depth) * in.maximum() * 64, out, {1, outputs});
    const Shape result = inferred(Convolution{form.window, form.groups, {}}, {x, form.weightShape});
    return make(form, {stored(x, in)}, {in}, out, result);
}

IntegerCase RandomIntegerLayers::convolution()
{
    return windowed(false);
}

IntegerCase RandomIntegerLayers::depthwise()
{
    return windowed(true);
}

IntegerCase RandomIntegerLayers::transposedConvolution()
{
    const TensorQuantisation in = quantisation(), out = quantisation();
    IntegerTransposedConvolution form;
    Shape x = picture(40, 8);
    if (once(3)) {
        form.groups = number(1, 3);
        x[1] = form.groups * number(1, 9);
    }
    const std::int64_t perGroup = number(1, 20);
    for (std::size_t axis = 0; axis < 2; ++axis) {
        form.window.stride[axis] = number(1, 3);
        form.window.kernel[axis] = number(1, 4);
        form.window.dilation[axis] = once(4) ? 2 : 1;
        const std::int64_t reach = (form.window.kernel[axis] - 1) * form.window.dilation[axis];
        form.window.padBegin[axis] = number(0, reach / 2);
        form.window.padEnd[axis] = number(0, reach / 2);
        form.outputPadding[axis] = number(0, form.window.stride[axis] - 1);
    }
    form.weightShape = {x[1], perGroup, form.window.kernel[0], form.window.kernel[1]};
    form.weights = weights(form.weightShape.elementCount());
    form.bias = biases(perGroup * form.groups);
    form.stage = stage(in.maximum() * 300.0, out, {1, perGroup * form.groups});
    const Shape result =
        inferred(TransposedConvolution{form.window, form.outputPadding, form.groups},
                 {x, form.weightShape});
    if (result.rank() != 4)
        return transposedConvolution(); // cropped away
    return make(form, {stored(x, in)}, {in}, out, result);
}

IntegerCase RandomIntegerLayers::fullyConnected()
{
    const TensorQuantisation in = quantisation(), out = quantisation();
    IntegerFullyConnected form;
    const std::int64_t inputs = number(1, once(3) ? 700 : 60);
    const std::int64_t outputs = number(1, 90);
    Shape x = once(2) ? Shape{number(1, 3), inputs} : Shape{1, number(1, 40), inputs};
    form.weightShape = {outputs, inputs};
    form.weights = weights(outputs * inputs);
    form.bias = biases(outputs);
    form.stage = stage(std::sqrt(static_cast<double>(inputs)) * in.maximum() * 64, out, {1, outputs});
    Shape result = x;
    result[result.rank() - 1] = outputs;
    return make(form, {stored(x, in)}, {in}, out, result);
}

IntegerCase RandomIntegerLayers::matMul()
{
    const TensorQuantisation a = quantisation(), b = quantisation(), out = quantisation();
    const std::int64_t m = number(1, 40), k = number(1, 80), n = number(1, 40);
    const std::int64_t batch = number(1, 3), heads = number(1, 3);
    Shape left{batch, heads, m, k}, right{batch, heads, k, n};
    if (once(3))
        right = once(2) ? Shape{k, n} : Shape{1, heads, k, n};
    if (once(4))
        left = Shape{batch, 1, m, k};
    IntegerMatMul form;
    form.stage = stage(std::sqrt(static_cast<double>(k)) * a.maximum() * b.maximum() / 4, out, {1});
    return make(form, {stored(left, a), stored(right, b)}, {a, b}, out,
                inferred(MatMul{}, {left, right}));
}

IntegerCase RandomIntegerLayers::table()
{
    const TensorQuantisation in = quantisation(), out = quantisation();
    IntegerTable form;
    form.table = functionTable(in.bits, out.maximum());
    form.high = static_cast<std::int32_t>(number(0, out.maximum()));
    form.low = static_cast<std::int32_t>(number(0, form.high));
    const Shape x = picture(40, 12);
    return make(form, {stored(x, in)}, {in}, out, x);
}

IntegerCase RandomIntegerLayers::rescale()
{
    const TensorQuantisation in = quantisation(), out = quantisation();
    const Shape x = once(4) ? Shape{number(1, 3), number(1, 50)} : picture(40, 12);
    IntegerRescale form;
    form.stage = stage(in.maximum(), out, {1, x[1]});
    return make(form, {stored(x, in)}, {in}, out, x);
}

IntegerCase RandomIntegerLayers::binary()
{
    const TensorQuantisation a = quantisation(), b = quantisation(), out = quantisation();
    IntegerBinary form;
    form.operation = static_cast<IntegerBinary::Operation>(number(0, 4));
    const std::int64_t most = once(8) ? INT32_MAX : 1 << 20;
    form.multipliers = {static_cast<std::int32_t>(number(-most, most)),
                        static_cast<std::int32_t>(number(-most, most))};
    double size = static_cast<double>(most) * std::max(a.maximum(), b.maximum()) / 2;
    if (form.operation == IntegerBinary::Operation::multiply)
        size = static_cast<double>(a.maximum()) * b.maximum() / 2;
    if (form.operation == IntegerBinary::Operation::divide)
        size = 1 << 22;
    form.stage = stage(size, out, {1});
    Shape left = once(5) ? Shape{number(1, 3), number(1, 20), number(1, 70)} : picture(60, 12);
    Shape right = left;
    if (once(2))
        for (std::size_t axis = 0; axis < right.rank(); ++axis)
            if (once(2))
                right[axis] = 1;
    if (once(6))
        right = Shape{left.back()};
    if (once(3))
        std::swap(left, right);
    return make(form, {stored(left, a), stored(right, b)}, {a, b}, out,
                inferred(Binary{}, {left, right}));
}

IntegerCase RandomIntegerLayers::concat()
{
    const TensorQuantisation out = quantisation();
    const Shape first = once(3) ? Shape{number(1, 3), number(1, 30), number(1, 30)} : picture(30, 9);
    IntegerConcat form;
    form.axis = number(0, static_cast<std::int64_t>(first.rank()) - 1);
    std::vector<Tensor> operands;
    std::vector<TensorQuantisation> quantisations;
    std::vector<Shape> shapes;
    const std::int64_t count = number(1, 4);
    for (std::int64_t i = 0; i < count; ++i) {
        Shape shape = first;
        shape[static_cast<std::size_t>(form.axis)] = number(1, 20);
        quantisations.push_back(once(3) ? out : quantisation());
        operands.push_back(stored(shape, quantisations.back()));
        shapes.push_back(shape);
    }
    form.stage = stage(255, out, {1, count});
    return make(form, std::move(operands), std::move(quantisations), out,
                inferred(Concat{form.axis}, shapes));
}

IntegerCase RandomIntegerLayers::maxPool()
{
    const TensorQuantisation in = quantisation(), out = once(2) ? in : quantisation();
    const Shape x = picture(90, 14);
    IntegerMaxPool form;
    form.window = window(x[2], x[3]);
    const Shape result = inferred(MaxPool{form.window}, {x});
    if (result.rank() != 4)
        return maxPool(); // a window beside the picture
    if (once(2)) { // as converters make them: nothing changes but the place
        form.stage.zeroPoint = out.zeroPoint;
        form.stage.high = out.maximum();
    } else {
        form.stage = stage(in.maximum(), out, {1});
    }
    return make(form, {stored(x, in)}, {in}, out, result);
}

IntegerCase RandomIntegerLayers::averagePool()
{
    const TensorQuantisation in = quantisation(), out = quantisation();
    const Shape x = picture(90, 14);
    IntegerAveragePool form;
    form.window = window(x[2], x[3]);
    form.countIncludesPadding = once(2);
    const Shape result = inferred(AveragePool{form.window, form.countIncludesPadding}, {x});
    if (result.rank() != 4)
        return averagePool();
    const std::int64_t area = form.window.kernel[0] * form.window.kernel[1];
    form.stage = stage(static_cast<double>(area) * in.maximum(), out,
                       {form.countIncludesPadding ? 1 : area, 1});
    return make(form, {stored(x, in)}, {in}, out, result);
}

IntegerCase RandomIntegerLayers::reduce()
{
    const TensorQuantisation in = quantisation(), out = quantisation();
    const Shape x = once(3) ? Shape{number(1, 4), number(1, 30), number(1, 30)} : picture(60, 14);
    IntegerReduce form;
    const Reduction all[] = {Reduction::mean, Reduction::sum, Reduction::max, Reduction::min,
                             Reduction::l2};
    form.reduction = all[number(0, 4)];
    form.keepDimensions = once(2);
    if (x.rank() == 4 && once(2))
        form.axes = {2, 3};
    else
        for (std::int64_t axis = 0; axis < static_cast<std::int64_t>(x.rank()); ++axis)
            if (once(2))
                form.axes.push_back(axis);
    if (form.axes.empty())
        form.axes = {static_cast<std::int64_t>(x.rank()) - 1};
    form.stage = stage(in.maximum() * 10.0, out, {1});
    return make(form, {stored(x, in)}, {in}, out,
                inferred(Reduce{form.reduction, form.axes, form.keepDimensions}, {x}));
}

IntegerCase RandomIntegerLayers::resize()
{
    const TensorQuantisation in = quantisation(), out = once(2) ? in : quantisation();
    const Shape x = picture(60, 9);
    IntegerResize form;
    const bool isDoubling = once(3);
    const auto axis = [&](std::int64_t from, std::int64_t to) {
        IntegerResize::Axis made;
        made.taps = isDoubling ? 1 : static_cast<int>(number(1, 4));
        made.fractionBits = made.taps == 1 ? 0 : 11;
        for (std::int64_t o = 0; o < to; ++o) {
            std::int32_t left = 1 << made.fractionBits;
            for (int tap = 0; tap < made.taps; ++tap) {
                made.index.push_back(static_cast<std::int32_t>(
                    isDoubling ? o / 2 : number(0, from - 1)));
                const auto weight = tap + 1 == made.taps
                                        ? left
                                        : static_cast<std::int32_t>(number(-300, 1200));
                made.weight.push_back(weight);
                left -= weight;
            }
        }
        return made;
    };
    const Shape result{x[0], x[1], isDoubling ? 2 * x[2] : number(1, 15),
                       isDoubling ? 2 * x[3] : number(1, 15)};
    form.rows = axis(x[2], result[2]);
    form.columns = axis(x[3], result[3]);
    if (isDoubling && once(2)) {
        form.stage.zeroPoint = out.zeroPoint;
        form.stage.high = out.maximum();
    } else {
        form.stage = stage(in.maximum() * std::exp2(form.rows.fractionBits + form.columns.fractionBits),
                           out, {1});
    }
    return make(form, {stored(x, in)}, {in}, out, result);
}

IntegerCase RandomIntegerLayers::softmax()
{
    const TensorQuantisation in = quantisation(), out = quantisation();
    const Shape x = once(2) ? Shape{number(1, 3), number(1, 6), number(1, 90)} : picture(30, 9);
    IntegerSoftmax form;
    form.axis = once(2) ? static_cast<std::int64_t>(x.rank()) - 1
                        : number(0, static_cast<std::int64_t>(x.rank()) - 1);
    form.stepBits = in.bits == 8 ? static_cast<int>(number(0, 1)) : static_cast<int>(number(4, 9));
    const double decay = std::exp2(-static_cast<double>(number(0, 60)) / 10);
    const std::int64_t points = number(2, 300);
    for (std::int64_t i = 0; i < points; ++i)
        form.exponential.push_back(static_cast<std::int32_t>(
            std::lround(32768 * std::exp(-decay * static_cast<double>(i)))));
    form.stage = stage(std::exp2(IntegerSoftmax::probabilityBits), out, {1});
    return make(form, {stored(x, in)}, {in}, out, x);
}

IntegerCase RandomIntegerLayers::layerNorm()
{
    const TensorQuantisation in = quantisation(), out = quantisation();
    Shape x = once(2) ? Shape{number(1, 3), number(1, 20), number(1, 200)} : picture(12, 6);
    if (once(8))
        x = {2, number(1000, 9000)};
    IntegerLayerNorm form;
    form.axis = once(2) ? static_cast<std::int64_t>(x.rank()) - 1
                        : number(0, static_cast<std::int64_t>(x.rank()) - 1);
    std::int64_t count = 1;
    for (auto i = static_cast<std::size_t>(form.axis); i < x.rank(); ++i)
        count *= x[i];
    form.epsilon = once(3) ? number(1, std::int64_t(1) << 60) : number(1, 1000);
    const std::int64_t mostGamma = once(4) ? INT32_MAX : 1 << 15;
    const std::int64_t mostBeta = once(4) ? std::int64_t(1) << 60 : std::int64_t(1) << 30;
    for (std::int64_t i = 0; i < count; ++i) {
        form.gamma.push_back(static_cast<std::int32_t>(number(-mostGamma, mostGamma)));
        form.beta.push_back(number(-mostBeta, mostBeta));
    }
    form.stage = stage(static_cast<double>(mostBeta), out, {1});
    return make(form, {stored(x, in)}, {in}, out, x);
}

IntegerCase RandomIntegerLayers::move()
{
    const TensorQuantisation in = quantisation(), out = once(2) ? in : quantisation();
    Shape x = picture(24, 10);
    IntegerMove form;
    Shape result;
    switch (number(0, 7)) {
    case 0: {
        Slice slice;
        result = x;
        for (std::size_t axis = 0; axis < 4; ++axis) {
            const std::int64_t step = number(1, 3);
            const std::int64_t begin = number(0, x[axis] - 1);
            const std::int64_t size = number(1, (x[axis] - begin + step - 1) / step);
            slice.begin.push_back(begin);
            slice.step.push_back(step);
            slice.size.push_back(size);
            result[axis] = size;
        }
        form.operation = slice;
        break;
    }
    case 1: {
        result = once(2) ? Shape{x[0], x[1], x[2] * x[3]} : Shape{x[0] * x[1], x[2], 1, x[3]};
        form.operation = Reshape{result.dims()};
        break;
    }
    case 2: {
        Transpose transpose{{0, 1, 2, 3}};
        std::ranges::shuffle(transpose.permutation, m_random);
        if (once(2))
            transpose.permutation = {0, 2, 3, 1};
        result = x;
        for (std::size_t i = 0; i < 4; ++i)
            result[i] = x[static_cast<std::size_t>(transpose.permutation[i])];
        form.operation = transpose;
        break;
    }
    case 3: {
        const std::int64_t block = number(1, 3);
        x[1] = block * block * number(1, 6);
        const DepthToSpace move{block, once(2)};
        result = inferred(move, {x});
        form.operation = move;
        break;
    }
    case 4: {
        const std::int64_t block = number(1, 3);
        x[2] = block * number(1, 4);
        x[3] = block * number(1, 4);
        const SpaceToDepth move{block};
        result = inferred(move, {x});
        form.operation = move;
        break;
    }
    case 5: {
        result = x;
        for (std::size_t axis = 0; axis < 4; ++axis)
            if (once(2))
                x[axis] = 1;
        form.operation = Broadcast{result.dims()};
        break;
    }
    case 6: {
        IntegerPad pad;
        const PadMode modes[] = {PadMode::constant, PadMode::edge, PadMode::reflect};
        pad.mode = modes[number(0, 2)];
        for (std::size_t axis = 0; axis < 4; ++axis) {
            const std::int64_t most = pad.mode == PadMode::reflect ? x[axis] - 1 : 4;
            pad.begin.push_back(number(0, most));
            pad.end.push_back(number(0, most));
        }
        pad.value = static_cast<std::int32_t>(number(0, in.maximum()));
        result = inferred(Pad{pad.mode, pad.begin, pad.end, 0}, {x});
        form.operation = pad;
        break;
    }
    default: {
        IntegerGather gather;
        gather.axis = number(0, 3);
        const std::int64_t count = number(1, 12);
        gather.indexShape = {count};
        for (std::int64_t i = 0; i < count; ++i)
            gather.indices.push_back(number(0, x[static_cast<std::size_t>(gather.axis)] - 1));
        result = inferred(Gather{gather.axis}, {x, gather.indexShape});
        form.operation = gather;
        break;
    }
    }
    if (once(2)) {
        form.stage.zeroPoint = out.zeroPoint;
        form.stage.high = out.maximum();
    } else {
        form.stage = stage(in.maximum(), out, {1});
    }
    return make(form, {stored(x, in)}, {in}, out, result);
}

} // namespace hefstudio
