// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/export.h"

#include "onnx/export_writer.h"

#include <algorithm>
#include <cmath>
#include <new>

namespace hefstudio {

namespace onnx_export {
namespace {

struct Refused {
    Diagnostic diagnostic;
};

template<std::size_t N> Dims listOf(const std::array<std::int64_t, N> &values)
{
    return {values.begin(), values.end()};
}

Dims joined(Dims begin, const Dims &end)
{
    begin.insert(begin.end(), end.begin(), end.end());
    return begin;
}

std::vector<Attribute> windowAttributes(const Window &window)
{
    return {{"kernel_shape", listOf(window.kernel)},
            {"strides", listOf(window.stride)},
            {"dilations", listOf(window.dilation)},
            {"pads", joined(listOf(window.padBegin), listOf(window.padEnd))}};
}

// Writes one layer; the overloads are the table.
class LayerWriter {
public:
    LayerWriter(ModelWriter &model, const Graph &graph, const Layer &layer, std::string result)
        : m_model(model), m_graph(graph), m_layer(layer), m_result(std::move(result))
    {
        for (std::size_t slot = 0; slot < layer.inputs.size(); ++slot)
            m_inputs.push_back(graph.hasInput(layer, slot) ? graph.inputOf(layer, slot).name : "");
        while (!m_inputs.empty() && m_inputs.back().empty())
            m_inputs.pop_back();
    }

    void operator()(const Input &) const {}
    void operator()(const Convolution &convolution);
    void operator()(const TransposedConvolution &convolution);
    void operator()(const FullyConnected &);
    void operator()(const MatMul &) { plain("MatMul"); }
    void operator()(const BatchNormalization &normalization)
    {
        plain("BatchNormalization", {{"epsilon", normalization.epsilon}});
    }
    void operator()(const LayerNormalization &normalization);
    void operator()(const Elementwise &elementwise)
    {
        m_model.function(elementwise.function, m_layer.name, m_inputs[0], m_result);
    }
    void operator()(const ParametricRelu &) { plain("PRelu"); }
    void operator()(const Binary &binary);
    void operator()(const MaxPool &pool) { plain("MaxPool", windowAttributes(pool.window)); }
    void operator()(const AveragePool &pool);
    void operator()(const Reduce &reduce);
    void operator()(const Concat &concat) { plain("Concat", {{"axis", concat.axis}}); }
    void operator()(const Slice &slice);
    void operator()(const Reshape &reshape)
    {
        plain("Reshape", {}, {m_inputs[0], ints("shape", reshape.shape)});
    }
    void operator()(const Transpose &transpose)
    {
        plain("Transpose", {{"perm", transpose.permutation}});
    }
    void operator()(const Resize &resize);
    void operator()(const Softmax &softmax)
    {
        plain(softmax.logarithm ? "LogSoftmax" : "Softmax", {{"axis", softmax.axis}});
    }
    void operator()(const Pad &pad);
    void operator()(const DepthToSpace &shuffle)
    {
        plain("DepthToSpace", {{"blocksize", shuffle.block},
                               {"mode", std::string(shuffle.depthMajor ? "DCR" : "CRD")}});
    }
    void operator()(const SpaceToDepth &shuffle)
    {
        plain("SpaceToDepth", {{"blocksize", shuffle.block}});
    }
    void operator()(const Gather &gather)
    {
        plain("Gather", {{"axis", gather.axis}}, {m_inputs[0], indices(1)});
    }
    void operator()(const RmsNormalization &normalization);
    void operator()(const Select &)
    {
        plain("Where", {}, {cast(m_inputs[0], booleanCode), m_inputs[1], m_inputs[2]});
    }
    void operator()(const ArgReduce &reduce);
    void operator()(const TopK &top);
    void operator()(const GatherElements &gather)
    {
        plain("GatherElements", {{"axis", gather.axis}}, {m_inputs[0], indices(1)});
    }
    void operator()(const GatherNd &gather)
    {
        plain("GatherND", {{"batch_dims", gather.batchDimensions}}, {m_inputs[0], indices(1)});
    }
    void operator()(const ScatterElements &scatter)
    {
        plain("ScatterElements",
              {{"axis", scatter.axis}, {"reduction", reductionOf(scatter.reduction)}},
              {m_inputs[0], indices(1), m_inputs[2]});
    }
    void operator()(const ScatterNd &scatter)
    {
        plain("ScatterND", {{"reduction", reductionOf(scatter.reduction)}},
              {m_inputs[0], indices(1), m_inputs[2]});
    }
    void operator()(const CumulativeSum &sum)
    {
        plain("CumSum",
              {{"exclusive", std::int64_t(sum.isExclusive)},
               {"reverse", std::int64_t(sum.isReverse)}},
              {m_inputs[0], ints("axis", {sum.axis})});
    }
    void operator()(const GridSample &sample);
    void operator()(const RoiAlign &align);
    void operator()(const Recurrent &recurrent);
    void operator()(const Broadcast &broadcast)
    {
        plain("Expand", {}, {m_inputs[0], ints("shape", broadcast.shape)});
    }

private:
    void plain(const char *op, const std::vector<Attribute> &attributes = {})
    {
        plain(op, attributes, m_inputs);
    }
    void plain(const char *op, const std::vector<Attribute> &attributes,
               const std::vector<std::string> &inputs)
    {
        m_model.node(op, m_layer.name, inputs, m_result, attributes);
    }
    static constexpr std::int64_t floatCode = 1, integerCode = 7, booleanCode = 9;
    // Values between layers are floats; operators that want other types get them by a cast.
    std::string cast(const std::string &from, std::int64_t code)
    {
        return m_model.inner("Cast", m_layer.name, {from}, {{"to", code}});
    }
    std::string indices(std::size_t slot)
    {
        const bool isInteger = m_graph.inputOf(m_layer, slot).type == ElementType::int64;
        return isInteger ? m_inputs[slot] : cast(m_inputs[slot], integerCode);
    }
    // The operator on operands of one type, as a float.
    void throughType(const char *op, std::int64_t operandCode,
                     const std::vector<Attribute> &attributes = {})
    {
        std::vector<std::string> operands;
        for (const std::string &input : m_inputs)
            operands.push_back(operandCode == floatCode ? input : cast(input, operandCode));
        const std::string result = m_model.inner(op, m_layer.name, operands, attributes);
        plain("Cast", {{"to", floatCode}}, {result});
    }
    std::string reductionOf(ScatterReduction reduction) const
    {
        switch (reduction) {
        case ScatterReduction::none:
            return "none";
        case ScatterReduction::add:
            return "add";
        case ScatterReduction::multiply:
            return "mul";
        default: // came with operator set 18
            refuse("this reduction");
        }
    }
    std::string ints(const char *what, const Dims &values)
    {
        return m_model.ints(m_layer.name + "/" + what, values);
    }
    [[noreturn]] void refuse(std::string form) const
    {
        throw Refused{Diagnostic("onnx.cannot-export", Place{.layer = m_layer.name})
                          .with("kind", std::string(m_layer.kind()))
                          .with("form", std::move(form))};
    }
    // The content of a constant operand as floats.
    Tensor floats(std::size_t slot) const
    {
        const TensorInfo &info = m_graph.inputOf(m_layer, slot);
        if (!info.isConstant())
            refuse("computed weights");
        return info.constant->toFloat32();
    }

    ModelWriter &m_model;
    const Graph &m_graph;
    const Layer &m_layer;
    std::string m_result;
    std::vector<std::string> m_inputs;
};

void LayerWriter::operator()(const Convolution &convolution)
{
    std::vector<Attribute> attributes = windowAttributes(convolution.window);
    attributes.push_back({"group", convolution.groups});
    const std::vector<float> &padValues = convolution.padValues;
    if (std::ranges::all_of(padValues, [](float value) { return value == 0; }))
        return plain("Conv", attributes);
    // Padding with v is zero padding of x − v; what the weights make of v goes into the bias.
    const Tensor weights = floats(1);
    const std::int64_t outputs = weights.shape()[0];
    const std::int64_t channels = weights.shape()[1];
    const std::int64_t taps = weights.shape()[2] * weights.shape()[3];
    Tensor bias =
        m_graph.hasInput(m_layer, 2) ? floats(2) : Tensor(ElementType::float32, Shape{outputs});
    const auto biasValues = bias.as<float>();
    const auto weightValues = weights.as<float>();
    const std::int64_t outputsPerGroup = outputs / convolution.groups;
    std::size_t at = 0;
    for (std::int64_t output = 0; output < outputs; ++output) {
        const std::int64_t firstChannel = output / outputsPerGroup * channels;
        double sum = biasValues[static_cast<std::size_t>(output)];
        for (std::int64_t channel = 0; channel < channels; ++channel)
            for (std::int64_t tap = 0; tap < taps; ++tap)
                sum += static_cast<double>(weightValues[at++]) *
                       padValues[static_cast<std::size_t>(firstChannel + channel)];
        biasValues[static_cast<std::size_t>(output)] = static_cast<float>(sum);
    }
    const Shape perChannel{1, static_cast<std::int64_t>(padValues.size()), 1, 1};
    const std::string values =
        m_model.constant(m_layer.name + "/padding",
                         Tensor::of<float>(perChannel, std::span<const float>(padValues)));
    const std::string shifted = m_model.inner("Sub", m_layer.name, {m_inputs[0], values});
    plain("Conv", attributes,
          {shifted, m_inputs[1], m_model.constant(m_layer.name + "/bias", bias)});
}

void LayerWriter::operator()(const TransposedConvolution &convolution)
{
    std::vector<Attribute> attributes = windowAttributes(convolution.window);
    attributes.push_back({"group", convolution.groups});
    attributes.push_back({"output_padding", listOf(convolution.outputPadding)});
    plain("ConvTranspose", attributes);
}

void LayerWriter::operator()(const FullyConnected &)
{
    if (m_graph.inputOf(m_layer, 0).shape.rank() == 2)
        return plain("Gemm", {{"transB", std::int64_t(1)}});
    const Tensor weights = floats(1);
    const std::int64_t rows = weights.shape()[0];
    const std::int64_t columns = weights.shape()[1];
    Tensor turned(ElementType::float32, Shape{columns, rows});
    const auto from = weights.as<float>();
    const auto to = turned.as<float>();
    for (std::int64_t row = 0; row < rows; ++row)
        for (std::int64_t column = 0; column < columns; ++column)
            to[static_cast<std::size_t>(column * rows + row)] =
                from[static_cast<std::size_t>(row * columns + column)];
    const std::string matrix = m_model.constant(m_layer.name + "/weights", turned);
    if (m_inputs.size() < 3)
        return plain("MatMul", {}, {m_inputs[0], matrix});
    const std::string product = m_model.inner("MatMul", m_layer.name, {m_inputs[0], matrix});
    plain("Add", {}, {product, m_inputs[2]});
}

void LayerWriter::operator()(const LayerNormalization &normalization)
{
    const Shape &shape = m_graph.inputOf(m_layer, 0).shape;
    std::vector<std::string> inputs = m_inputs;
    if (!m_graph.hasInput(m_layer, 1)) {
        // ONNX wants a scale.
        Tensor ones(ElementType::float32,
                    Shape(Dims(shape.begin() + normalization.axis, shape.end())));
        std::ranges::fill(ones.as<float>(), 1.0F);
        inputs.resize(std::max<std::size_t>(inputs.size(), 2));
        inputs[1] = m_model.constant(m_layer.name + "/scale", ones);
    }
    plain("LayerNormalization", {{"axis", normalization.axis}, {"epsilon", normalization.epsilon}},
          inputs);
}

void LayerWriter::operator()(const Binary &binary)
{
    switch (binary.op) {
    case BinaryOperator::add:
        return plain("Add");
    case BinaryOperator::subtract:
        return plain("Sub");
    case BinaryOperator::multiply:
        return plain("Mul");
    case BinaryOperator::divide:
        return plain("Div");
    case BinaryOperator::minimum:
        return plain("Min");
    case BinaryOperator::maximum:
        return plain("Max");
    case BinaryOperator::power:
        return plain("Pow");
    case BinaryOperator::modulo:
        return plain("Mod", {{"fmod", std::int64_t(1)}});
    case BinaryOperator::truncatedDivide:
        return throughType("Div", integerCode);
    case BinaryOperator::floorModulo:
        return throughType("Mod", integerCode);
    case BinaryOperator::less:
        return throughType("Less", floatCode);
    case BinaryOperator::lessOrEqual:
        return throughType("LessOrEqual", floatCode);
    case BinaryOperator::greater:
        return throughType("Greater", floatCode);
    case BinaryOperator::greaterOrEqual:
        return throughType("GreaterOrEqual", floatCode);
    case BinaryOperator::equal:
        return throughType("Equal", floatCode);
    case BinaryOperator::logicalAnd:
        return throughType("And", booleanCode);
    case BinaryOperator::logicalOr:
        return throughType("Or", booleanCode);
    case BinaryOperator::logicalXor:
        return throughType("Xor", booleanCode);
    }
}

void LayerWriter::operator()(const RmsNormalization &normalization)
{
    // An operator of its own only from operator set 23.
    const std::size_t rank = m_graph.inputOf(m_layer, 0).shape.rank();
    Dims axes;
    for (std::size_t axis = static_cast<std::size_t>(normalization.axis); axis < rank; ++axis)
        axes.push_back(static_cast<std::int64_t>(axis));
    const auto number = [&](float value) {
        return m_model.scalar(m_layer.name + "/number", value);
    };
    const std::string squares = m_model.inner("Mul", m_layer.name, {m_inputs[0], m_inputs[0]});
    const std::string mean = m_model.inner("ReduceMean", m_layer.name, {squares},
                                           {{"axes", axes}, {"keepdims", std::int64_t(1)}});
    const std::string sum =
        m_model.inner("Add", m_layer.name, {mean, number(normalization.epsilon)});
    const std::string root = m_model.inner("Sqrt", m_layer.name, {sum});
    if (m_inputs.size() < 2)
        return plain("Div", {}, {m_inputs[0], root});
    const std::string normalised = m_model.inner("Div", m_layer.name, {m_inputs[0], root});
    plain("Mul", {}, {normalised, m_inputs[1]});
}

void LayerWriter::operator()(const ArgReduce &reduce)
{
    const std::string places =
        m_model.inner(reduce.smallest ? "ArgMin" : "ArgMax", m_layer.name, {m_inputs[0]},
                      {{"axis", reduce.axis},
                       {"keepdims", std::int64_t(reduce.keepDimensions)},
                       {"select_last_index", std::int64_t(reduce.takesLast)}});
    plain("Cast", {{"to", floatCode}}, {places});
}

void LayerWriter::operator()(const TopK &top)
{
    const bool wantsValues = top.result == TopK::Result::values;
    const std::string values =
        wantsValues ? m_result : m_model.freshName(m_layer.name + "/values");
    const std::string places = m_model.freshName(m_layer.name + "/indices");
    const std::string name = wantsValues ? m_layer.name : m_model.freshName(m_layer.name + "/TopK");
    m_model.nodeWithOutputs("TopK", name, {m_inputs[0], ints("count", {top.count})},
                            {values, places},
                            {{"axis", top.axis},
                             {"largest", std::int64_t(!top.smallest)},
                             {"sorted", std::int64_t(1)}});
    if (!wantsValues)
        plain("Cast", {{"to", floatCode}}, {places});
}

void LayerWriter::operator()(const GridSample &sample)
{
    static constexpr const char *modes[] = {"nearest", "bilinear", "bicubic"};
    static constexpr const char *paddings[] = {"zeros", "border", "reflection"};
    plain("GridSample",
          {{"mode", std::string(modes[static_cast<int>(sample.mode)])},
           {"padding_mode", std::string(paddings[static_cast<int>(sample.padding)])},
           {"align_corners", std::int64_t(sample.alignCorners)}});
}

void LayerWriter::operator()(const RoiAlign &align)
{
    plain("RoiAlign",
          {{"mode", std::string(align.usesMaximum ? "max" : "avg")},
           {"output_height", align.size[0]},
           {"output_width", align.size[1]},
           {"sampling_ratio", align.samplingRatio},
           {"spatial_scale", align.spatialScale},
           {"coordinate_transformation_mode",
            std::string(align.halfPixel ? "half_pixel" : "output_half_pixel")}},
          {m_inputs[0], m_inputs[1], indices(2)});
}

std::string recurrentFunctionName(Function function)
{
    switch (function) {
    case Function::sigmoid:
        return "Sigmoid";
    case Function::relu:
        return "Relu";
    case Function::leakyRelu:
        return "LeakyRelu";
    case Function::hardSigmoid:
        return "HardSigmoid";
    case Function::elu:
        return "Elu";
    case Function::softsign:
        return "Softsign";
    case Function::softplus:
        return "Softplus";
    case Function::affine:
        return "Affine";
    case Function::thresholdedRelu:
        return "ThresholdedRelu";
    default:
        return "Tanh";
    }
}

void LayerWriter::operator()(const Recurrent &recurrent)
{
    static constexpr const char *operators[] = {"RNN", "LSTM", "GRU"};
    static constexpr const char *directions[] = {"forward", "reverse", "bidirectional"};
    std::vector<std::string> names;
    std::vector<float> alphas, betas;
    for (const ScalarFunction &function : recurrent.activations) {
        names.push_back(recurrentFunctionName(function.function));
        alphas.push_back(function.alpha);
        betas.push_back(function.beta);
    }
    std::vector<Attribute> attributes = {
        {"hidden_size", recurrent.hiddenSize},
        {"direction", std::string(directions[static_cast<int>(recurrent.direction)])},
        {"activations", names},
        {"activation_alpha", alphas},
        {"activation_beta", betas}};
    if (recurrent.clip > 0)
        attributes.push_back({"clip", recurrent.clip});
    if (recurrent.cell == RecurrentCell::gru)
        attributes.push_back({"linear_before_reset", std::int64_t(recurrent.resetsAfterProduct)});
    if (recurrent.cell == RecurrentCell::lstm)
        attributes.push_back({"input_forget", std::int64_t(recurrent.couplesInputAndForget)});
    std::vector<std::string> inputs = m_inputs;
    if (inputs.size() > 4) // the lengths of the sequences, which are all the same here
        inputs.insert(inputs.begin() + 4, std::string());
    std::vector<std::string> outputs{m_result};
    if (recurrent.result == Recurrent::Result::lastHidden)
        outputs = {"", m_result};
    else if (recurrent.result == Recurrent::Result::lastCell)
        outputs = {"", "", m_result};
    m_model.nodeWithOutputs(operators[static_cast<int>(recurrent.cell)], m_layer.name, inputs,
                            outputs, attributes);
}

void LayerWriter::operator()(const AveragePool &pool)
{
    if (pool.window.dilation != std::array<std::int64_t, 2>{1, 1})
        refuse("gaps in its window");
    std::vector<Attribute> attributes = windowAttributes(pool.window);
    std::erase_if(attributes, [](const Attribute &one) { return one.name == "dilations"; });
    attributes.push_back({"count_include_pad", std::int64_t(pool.countIncludesPadding ? 1 : 0)});
    plain("AveragePool", attributes);
}

void LayerWriter::operator()(const Reduce &reduce)
{
    const Attribute keep{"keepdims", std::int64_t(reduce.keepDimensions ? 1 : 0)};
    if (reduce.axes.empty()) // to ONNX an empty list means all
        return plain(reduce.reduction == Reduction::l2 ? "Abs" : "Identity");
    const bool isOverPicture = m_graph.inputOf(m_layer, 0).shape.rank() == 4 &&
                               reduce.axes == Dims{2, 3} && reduce.keepDimensions;
    if (isOverPicture && reduce.reduction == Reduction::mean)
        return plain("GlobalAveragePool");
    if (isOverPicture && reduce.reduction == Reduction::max)
        return plain("GlobalMaxPool");
    const Attribute axes{"axes", reduce.axes};
    switch (reduce.reduction) {
    case Reduction::mean:
        return plain("ReduceMean", {axes, keep});
    case Reduction::sum: // the one whose axes are an input in operator set 17
        return plain("ReduceSum", {keep}, {m_inputs[0], ints("axes", reduce.axes)});
    case Reduction::max:
        return plain("ReduceMax", {axes, keep});
    case Reduction::min:
        return plain("ReduceMin", {axes, keep});
    case Reduction::l2:
        return plain("ReduceL2", {axes, keep});
    case Reduction::product:
        return plain("ReduceProd", {axes, keep});
    }
}

void LayerWriter::operator()(const Slice &slice)
{
    Dims starts, ends, axes, steps;
    const Shape &shape = m_graph.inputOf(m_layer, 0).shape;
    for (std::size_t axis = 0; axis < slice.begin.size(); ++axis) {
        if (slice.begin[axis] == 0 && slice.size[axis] == shape[axis] && slice.step[axis] == 1)
            continue;
        const std::int64_t end = slice.begin[axis] + (slice.size[axis] - 1) * slice.step[axis] +
                                 (slice.step[axis] > 0 ? 1 : -1);
        starts.push_back(slice.begin[axis]);
        ends.push_back(end < 0 ? INT64_MIN : end); // −1 would be counted from the end
        axes.push_back(static_cast<std::int64_t>(axis));
        steps.push_back(slice.step[axis]);
    }
    plain("Slice", {},
          {m_inputs[0], ints("starts", starts), ints("ends", ends), ints("axes", axes),
           ints("steps", steps)});
}

const char *coordinatesName(ResizeCoordinates coordinates)
{
    switch (coordinates) {
    case ResizeCoordinates::asymmetric:
        return "asymmetric";
    case ResizeCoordinates::alignCorners:
        return "align_corners";
    case ResizeCoordinates::pytorchHalfPixel:
        return "pytorch_half_pixel";
    default:
        return "half_pixel";
    }
}

const char *roundingName(NearestRounding rounding)
{
    switch (rounding) {
    case NearestRounding::roundPreferCeil:
        return "round_prefer_ceil";
    case NearestRounding::floor:
        return "floor";
    case NearestRounding::ceil:
        return "ceil";
    default:
        return "round_prefer_floor";
    }
}

void LayerWriter::operator()(const Resize &resize)
{
    NearestRounding rounding = resize.rounding;
    if (resize.coordinates == ResizeCoordinates::tfHalfPixelForNearest) {
        // Gone from operator set 13: half_pixel lies ½ lower, so rounding takes the place of
        // cutting.
        if (resize.mode != ResizeMode::nearest)
            refuse("these coordinates");
        if (rounding == NearestRounding::floor)
            rounding = NearestRounding::roundPreferCeil;
        else if (rounding == NearestRounding::roundPreferFloor)
            rounding = NearestRounding::ceil;
        else
            refuse("these coordinates");
    }
    const Shape &shape = m_graph.inputOf(m_layer, 0).shape;
    bool isFloored = true;
    bool isRatio = true;
    for (std::size_t i = 0; i < 2; ++i) {
        const auto size = static_cast<float>(shape[2 + i]);
        // Some readers multiply in single, some in double precision.
        const double product = static_cast<double>(size) * static_cast<double>(resize.scale[i]);
        isFloored = isFloored &&
                    std::floor(size * resize.scale[i]) == static_cast<float>(resize.size[i]) &&
                    std::floor(product) == static_cast<double>(resize.size[i]);
        isRatio = isRatio && static_cast<float>(resize.size[i]) / size == resize.scale[i];
    }
    if (!isFloored && !isRatio)
        refuse("a scale that does not lead to its size");
    const char *mode = resize.mode == ResizeMode::nearest  ? "nearest"
                       : resize.mode == ResizeMode::linear ? "linear"
                                                           : "cubic";
    const std::vector<Attribute> attributes = {
        {"mode", std::string(mode)},
        {"coordinate_transformation_mode", std::string(coordinatesName(resize.coordinates))},
        {"nearest_mode", std::string(roundingName(rounding))},
        {"cubic_coeff_a", resize.cubicCoefficient},
        {"exclude_outside", std::int64_t(resize.excludesOutside)}};
    if (isFloored) {
        const std::string scales = m_model.constant(
            m_layer.name + "/scales",
            Tensor::of<float>(Shape{4}, {1.0F, 1.0F, resize.scale[0], resize.scale[1]}));
        return plain("Resize", attributes, {m_inputs[0], "", scales});
    }
    const std::string sizes = ints("sizes", {shape[0], shape[1], resize.size[0], resize.size[1]});
    plain("Resize", attributes, {m_inputs[0], "", "", sizes});
}

void LayerWriter::operator()(const Pad &pad)
{
    const char *mode = pad.mode == PadMode::constant  ? "constant"
                       : pad.mode == PadMode::reflect ? "reflect"
                                                      : "edge";
    std::vector<std::string> inputs{m_inputs[0], ints("pads", joined(pad.begin, pad.end))};
    if (pad.mode == PadMode::constant)
        inputs.push_back(m_model.scalar(m_layer.name + "/value", pad.value));
    plain("Pad", {{"mode", std::string(mode)}}, inputs);
}

// A constant is written when a node reads it under its name; FullyConnected and padded
// convolutions replace theirs.
std::vector<bool> constantsRead(const Graph &graph)
{
    std::vector<bool> isRead(graph.tensors.size(), false);
    for (const Layer &layer : graph.layers) {
        for (std::size_t slot = 0; slot < layer.inputs.size(); ++slot) {
            if (!graph.hasInput(layer, slot))
                continue;
            const bool isTurned = layer.is<FullyConnected>() && slot == 1 &&
                                  graph.inputOf(layer, 0).shape.rank() != 2;
            const auto *convolution = layer.as<Convolution>();
            const bool isMerged =
                convolution && slot == 2 &&
                std::ranges::any_of(convolution->padValues, [](float v) { return v != 0; });
            if (!isTurned && !isMerged)
                isRead[layer.inputs[slot].index()] = true;
        }
    }
    for (const TensorId output : graph.outputs)
        isRead[output.index()] = true;
    return isRead;
}

Bytes write(const Graph &graph)
{
    ModelWriter model(graph);
    for (const TensorId input : graph.inputs)
        model.input(graph.tensor(input));
    const std::vector<bool> isRead = constantsRead(graph);
    for (const TensorInfo &tensor : graph.tensors)
        if (tensor.isConstant() && isRead[tensor.id.index()])
            model.constant(tensor);
    for (const Layer &layer : graph.layers) {
        const std::string &name = graph.outputOf(layer).name;
        const std::string result = layer.hasActivation() ? model.freshName(name + "/linear") : name;
        std::visit(LayerWriter(model, graph, layer, result), layer.attributes);
        if (layer.hasActivation())
            model.function(layer.activation, model.freshName(layer.name + "/activation"), result,
                           name);
    }
    for (const TensorId output : graph.outputs)
        model.output(graph.tensor(output));
    return model.bytes();
}

} // namespace
} // namespace onnx_export

Result<Bytes> exportOnnx(const Graph &graph)
{
    try {
        Bytes bytes = onnx_export::write(graph);
        if (bytes.empty())
            return fail(Diagnostic("onnx.cannot-export")
                            .with("kind", std::string("model"))
                            .with("form", std::string("more than 2 GiB")));
        return bytes;
    } catch (const onnx_export::Refused &refused) {
        return fail(refused.diagnostic);
    } catch (const std::bad_alloc &) {
        return fail(Diagnostic("onnx.out-of-memory"));
    }
}

} // namespace hefstudio
