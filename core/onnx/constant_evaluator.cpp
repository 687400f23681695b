// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/constant_evaluator.h"

#include "onnx/constant_arithmetic.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hefstudio::onnx_import {

namespace {

std::int64_t wrappingPower(std::int64_t base, std::int64_t exponent)
{
    std::uint64_t result = 1;
    auto factor = static_cast<std::uint64_t>(base);
    for (auto rest = static_cast<std::uint64_t>(exponent); rest != 0; rest >>= 1U) {
        if (rest & 1U)
            result *= factor;
        factor *= factor;
    }
    return static_cast<std::int64_t>(result);
}

class Evaluator {
public:
    Evaluator(GraphImport &graph, const OnnxNode &node) : m_graph(graph), m_node(graph, node) {}

    bool evaluate()
    {
        const OnnxNode &node = m_node.node();
        if (node.outputs.empty() || !node.domain.empty())
            return false;
        const std::string &op = node.op;
        if (op == "Constant")
            return constant();
        if (op == "Shape")
            return shape();
        if (op == "Size")
            return size();
        if (op == "EyeLike")
            return eyeLike();
        if (node.inputs.empty())
            return false;
        for (const std::string &input : node.inputs)
            if (!input.empty() && (!m_graph.values.at(input).isConstant() ||
                                   m_graph.values.at(input).scalePower != 0))
                return false;
        if (op == "ConstantOfShape")
            return constantOfShape();
        if (op == "Range")
            return range();
        if (op == "NonZero")
            return nonZero();
        if (op == "Cast")
            return cast();
        if (op == "Where")
            return where();
        if (op == "Not" || op == "Neg" || op == "Abs" || op == "Sign")
            return unary(op);
        if (op == "ScatterND")
            return scatterNd();
        if (op == "ReduceProd" || op == "ReduceSum" || op == "ReduceMax" || op == "ReduceMin")
            return reduce(op);
        return binary(op);
    }

private:
    const Tensor &in(std::size_t slot) const { return *m_node.input(slot).constant; }

    void set(Tensor tensor) { m_node.outputConstant(0, std::move(tensor)); }

    // The result may be larger than what is in the file: bounded.
    void spend(const Shape &shape)
    {
        std::int64_t given = 0;
        for (const std::string &input : m_node.node().inputs)
            if (!input.empty())
                given += m_graph.values.at(input).shape.elementCount();
        m_graph.spend(m_node.node(), shape.elementCount(), given);
    }

    Shape commonShape(const Shape &a, const Shape &b) const
    {
        const auto common = broadcastShape(a, b);
        if (!common)
            m_node.refuseConstant("shapes " + a.text() + " and " + b.text() + " do not fit");
        return *common;
    }

    bool constant();
    bool shape();
    bool size();
    bool eyeLike();
    bool nonZero();
    bool constantOfShape();
    bool range();
    bool cast();
    bool where();
    bool unary(const std::string &op);
    bool binary(const std::string &op);
    bool reduce(const std::string &op);
    bool scatterNd();
    std::int64_t combine(const std::string &op, std::int64_t a, std::int64_t b) const;

    GraphImport &m_graph;
    NodeImport m_node;
};

bool Evaluator::constant()
{
    const OnnxNode &node = m_node.node();
    if (node.attributes.size() != 1)
        m_node.refuseConstant("there is not one value");
    const OnnxAttribute &attribute = node.attributes.front();
    if (const auto *tensor = std::get_if<SharedTensor>(&attribute.value)) {
        m_node.alias(0, Value::of(node.outputs[0], *tensor));
    } else if (const auto *integer = std::get_if<std::int64_t>(&attribute.value)) {
        set(Tensor::scalar(*integer));
    } else if (const auto *real = std::get_if<float>(&attribute.value)) {
        set(Tensor::scalar(*real));
    } else if (const auto *integers = std::get_if<Dims>(&attribute.value)) {
        set(Tensor::of<std::int64_t>(Shape{std::int64_t(integers->size())},
                                     std::span<const std::int64_t>(*integers)));
    } else if (const auto *reals = std::get_if<std::vector<float>>(&attribute.value)) {
        set(Tensor::of<float>(Shape{std::int64_t(reals->size())}, std::span<const float>(*reals)));
    } else {
        const auto *unreadable = std::get_if<UnreadableTensor>(&attribute.value);
        m_node.refuse(Diagnostic("onnx.unsupported-type", m_node.place())
                          .with("name", node.outputs[0])
                          .with("type", unreadable ? unreadable->type : std::string("string")));
    }
    return true;
}

bool Evaluator::shape()
{
    const Dims &dims = m_node.shape(0).dims();
    const auto rank = static_cast<std::int64_t>(dims.size());
    const auto clamped = [&](std::int64_t at) {
        return std::clamp<std::int64_t>(at < 0 ? at + rank : at, 0, rank);
    };
    const std::int64_t begin = clamped(m_node.intAttribute("start", 0));
    const std::int64_t end = std::max(begin, clamped(m_node.intAttribute("end", rank)));
    const Dims part(dims.begin() + begin, dims.begin() + end);
    set(Tensor::of<std::int64_t>(Shape{end - begin}, std::span<const std::int64_t>(part)));
    return true;
}

bool Evaluator::size()
{
    set(Tensor::scalar(m_node.shape(0).elementCount()));
    return true;
}

// Needs the shape of its input only.
bool Evaluator::eyeLike()
{
    const Value &like = m_node.input(0);
    if (like.shape.rank() != 2)
        m_node.refuseConstant("the input is no matrix");
    const auto type = castTarget(m_node.intAttribute("dtype", 0)).value_or(like.type);
    spend(like.shape);
    const std::int64_t rows = like.shape[0], columns = like.shape[1];
    const std::int64_t shift = m_node.intAttribute("k", 0);
    std::vector<std::int64_t> values(static_cast<std::size_t>(rows * columns), 0);
    for (std::int64_t row = 0; row < rows; ++row)
        if (shift > -rows && shift < columns && row + shift >= 0 && row + shift < columns)
            values[static_cast<std::size_t>(row * columns + row + shift)] = 1;
    set(fromIntegers(type, like.shape, values));
    return true;
}

bool Evaluator::nonZero()
{
    const Tensor &tensor = in(0);
    const std::vector<double> values = asReals(tensor);
    const std::size_t rank = tensor.shape().rank();
    const auto strides = tensor.shape().strides();
    std::vector<std::int64_t> places;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (values[i] != 0)
            places.push_back(static_cast<std::int64_t>(i));
    const Shape shape{static_cast<std::int64_t>(rank), static_cast<std::int64_t>(places.size())};
    spend(shape);
    std::vector<std::int64_t> table;
    for (std::size_t axis = 0; axis < rank; ++axis)
        for (const std::int64_t place : places)
            table.push_back(place / strides[axis] % std::max<std::int64_t>(
                                                        1, tensor.shape()[axis]));
    set(fromIntegers(ElementType::int64, shape, table));
    return true;
}

bool Evaluator::constantOfShape()
{
    const Dims dims = m_node.constantInts(0, "shape");
    if (!checkedElementCount(dims))
        m_node.refuseConstant("the shape is negative or too large");
    const Shape shape{dims};
    spend(shape);
    const OnnxAttribute *attribute = m_node.node().findAttribute("value");
    const auto *value = attribute ? std::get_if<SharedTensor>(&attribute->value) : nullptr;
    if (attribute && (!value || (*value)->elementCount() != 1))
        m_node.refuseConstant("the value is not one number");
    Tensor result(value ? (*value)->type() : ElementType::float32, shape);
    if (value) {
        const std::size_t bytes = elementBytes(result.type());
        for (std::size_t at = 0; at < result.byteCount(); at += bytes)
            std::memcpy(result.bytes().data() + at, (*value)->bytes().data(), bytes);
    }
    set(std::move(result));
    return true;
}

bool Evaluator::range()
{
    for (std::size_t slot = 0; slot < 3; ++slot)
        if (m_node.input(slot).shape.elementCount() != 1)
            m_node.refuseConstant("start, limit and step are not single numbers");
    const ElementType type = in(0).type();
    if (isIntegerType(type)) {
        const std::int64_t start = asIntegers(in(0))[0];
        const std::int64_t limit = asIntegers(in(1))[0];
        const std::int64_t step = asIntegers(in(2))[0];
        if (step == 0)
            m_node.refuseConstant("the step is 0");
        // In 128 bits, so that no corner of int64 wraps.
        const __int128 span =
            step > 0 ? static_cast<__int128>(limit) - start : static_cast<__int128>(start) - limit;
        const __int128 stride =
            step > 0 ? static_cast<__int128>(step) : -static_cast<__int128>(step);
        const __int128 count = span <= 0 ? 0 : (span + stride - 1) / stride;
        if (count > (std::int64_t(1) << 40))
            m_node.refuseConstant("the range is too long");
        const Shape shape{static_cast<std::int64_t>(count)};
        spend(shape);
        std::vector<std::int64_t> values;
        for (std::int64_t i = 0; i < shape[0]; ++i)
            values.push_back(static_cast<std::int64_t>(start + static_cast<__int128>(i) * step));
        set(fromIntegers(type, shape, values));
        return true;
    }
    const double start = asReals(in(0))[0];
    const double step = asReals(in(2))[0];
    const double count = std::ceil((asReals(in(1))[0] - start) / step);
    if (!std::isfinite(count) || count > 1e12)
        m_node.refuseConstant("the range is endless");
    const Shape shape{std::max<std::int64_t>(0, static_cast<std::int64_t>(count))};
    spend(shape);
    std::vector<double> values;
    for (std::int64_t i = 0; i < shape[0]; ++i)
        values.push_back(start + static_cast<double>(i) * step);
    set(fromReals(type, shape, values));
    return true;
}

bool Evaluator::cast()
{
    const auto type = castTarget(m_node.intAttribute("to", 0));
    if (!type)
        m_node.refuseForm("this target type");
    const Tensor &tensor = in(0);
    if (isIntegerType(tensor.type()) && *type != ElementType::boolean)
        set(fromIntegers(*type, tensor.shape(), asIntegers(tensor)));
    else
        set(fromReals(*type, tensor.shape(), asReals(tensor)));
    return true;
}

bool Evaluator::where()
{
    const Tensor &condition = in(0);
    const Tensor &yes = in(1);
    const Tensor &no = in(2);
    if (condition.type() != ElementType::boolean || yes.type() != no.type())
        m_node.refuseConstant("the operands have the wrong types");
    const Shape shape = commonShape(commonShape(condition.shape(), yes.shape()), no.shape());
    spend(shape);
    const auto conditionAt = broadcastIndices(condition.shape(), shape);
    const auto yesAt = broadcastIndices(yes.shape(), shape);
    const auto noAt = broadcastIndices(no.shape(), shape);
    Tensor result(yes.type(), shape);
    const std::size_t bytes = elementBytes(result.type());
    const auto flags = condition.as<bool>();
    for (std::size_t i = 0; i < conditionAt.size(); ++i) {
        const bool isYes = flags[conditionAt[i]];
        const std::byte *source =
            isYes ? yes.bytes().data() + yesAt[i] * bytes : no.bytes().data() + noAt[i] * bytes;
        std::memcpy(result.bytes().data() + i * bytes, source, bytes);
    }
    set(std::move(result));
    return true;
}

bool Evaluator::unary(const std::string &op)
{
    const Tensor &tensor = in(0);
    if (!isIntegerType(tensor.type()))
        return false;
    std::vector<std::int64_t> values = asIntegers(tensor);
    for (std::int64_t &value : values) {
        const auto negative = static_cast<std::int64_t>(-static_cast<std::uint64_t>(value));
        if (op == "Not")
            value = value == 0;
        else if (op == "Neg")
            value = negative;
        else if (op == "Abs")
            value = value < 0 ? negative : value;
        else
            value = (value > 0) - (value < 0);
    }
    set(fromIntegers(tensor.type(), tensor.shape(), values));
    return true;
}

std::int64_t Evaluator::combine(const std::string &op, std::int64_t a, std::int64_t b) const
{
    const auto ua = static_cast<std::uint64_t>(a);
    const auto ub = static_cast<std::uint64_t>(b);
    if (op == "Add" || op == "Sum")
        return static_cast<std::int64_t>(ua + ub);
    if (op == "Sub")
        return static_cast<std::int64_t>(ua - ub);
    if (op == "Mul")
        return static_cast<std::int64_t>(ua * ub);
    if (op == "Min")
        return std::min(a, b);
    if (op == "Max")
        return std::max(a, b);
    if (op == "And")
        return a != 0 && b != 0;
    if (op == "Or")
        return a != 0 || b != 0;
    if (op == "Xor")
        return (a != 0) != (b != 0);
    if (op == "Pow") {
        if (b < 0)
            m_node.refuseConstant("an integer is raised to a negative power");
        return wrappingPower(a, b);
    }
    // Div and Mod.
    if (b == 0)
        m_node.refuseConstant("a number is divided by 0");
    if (b == -1)
        return op == "Div" ? static_cast<std::int64_t>(-ua) : 0;
    if (op == "Div")
        return a / b;
    const std::int64_t rest = a % b;
    const bool isC = m_node.intAttribute("fmod", 0) != 0;
    return !isC && rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

bool Evaluator::binary(const std::string &op)
{
    constexpr std::string_view comparisons[] = {"Equal", "Less", "Greater", "LessOrEqual",
                                                "GreaterOrEqual"};
    constexpr std::string_view arithmetic[] = {"Add", "Sub", "Mul", "Div", "Mod", "Pow",
                                               "Min", "Max", "Sum", "And", "Or",  "Xor"};
    const bool compares = std::ranges::find(comparisons, op) != std::end(comparisons);
    if (!compares && std::ranges::find(arithmetic, op) == std::end(arithmetic))
        return false;
    if (m_node.inputCount() < 2)
        return false;
    for (std::size_t slot = 0; slot < m_node.inputCount(); ++slot)
        if (!m_node.hasInput(slot) || (!compares && !isIntegerType(in(slot).type())))
            return false; // floats are folded as layers
    if (compares) {
        const Shape shape = commonShape(in(0).shape(), in(1).shape());
        spend(shape);
        const auto aAt = broadcastIndices(in(0).shape(), shape);
        const auto bAt = broadcastIndices(in(1).shape(), shape);
        std::vector<std::int64_t> values(aAt.size());
        const auto compare = [&](const auto &a, const auto &b) {
            for (std::size_t i = 0; i < values.size(); ++i) {
                const auto x = a[aAt[i]];
                const auto y = b[bAt[i]];
                values[i] = op == "Equal"         ? x == y
                            : op == "Less"        ? x < y
                            : op == "Greater"     ? x > y
                            : op == "LessOrEqual" ? x <= y
                                                  : x >= y;
            }
        };
        if (isIntegerType(in(0).type()) && isIntegerType(in(1).type()))
            compare(asIntegers(in(0)), asIntegers(in(1)));
        else
            compare(asReals(in(0)), asReals(in(1)));
        set(fromIntegers(ElementType::boolean, shape, values));
        return true;
    }
    Shape shape = in(0).shape();
    std::vector<std::int64_t> values = asIntegers(in(0));
    for (std::size_t slot = 1; slot < m_node.inputCount(); ++slot) {
        const Shape common = commonShape(shape, in(slot).shape());
        spend(common);
        const auto aAt = broadcastIndices(shape, common);
        const auto bAt = broadcastIndices(in(slot).shape(), common);
        const auto other = asIntegers(in(slot));
        std::vector<std::int64_t> combined(aAt.size());
        for (std::size_t i = 0; i < combined.size(); ++i)
            combined[i] = combine(op, values[aAt[i]], other[bAt[i]]);
        values = std::move(combined);
        shape = common;
    }
    set(fromIntegers(in(0).type(), shape, values));
    return true;
}

bool Evaluator::reduce(const std::string &op)
{
    const Tensor &tensor = in(0);
    if (!isIntegerType(tensor.type()))
        return false;
    const std::size_t rank = tensor.shape().rank();
    const auto stated = m_node.intsFrom("axes", 1);
    std::vector<bool> isReduced(rank, !stated || stated->empty());
    if (stated && stated->empty() && m_node.intAttribute("noop_with_empty_axes", 0) != 0)
        isReduced.assign(rank, false);
    for (const std::int64_t axis : m_node.axes(stated.value_or(Dims{}), rank))
        isReduced[static_cast<std::size_t>(axis)] = true;
    Dims kept = tensor.shape().dims();
    Dims final;
    for (std::size_t axis = 0; axis < rank; ++axis) {
        if (isReduced[axis])
            kept[axis] = 1;
        if (!isReduced[axis] || m_node.intAttribute("keepdims", 1) != 0)
            final.push_back(kept[axis]);
    }
    const Shape keptShape{kept};
    const auto values = asIntegers(tensor);
    const auto target = broadcastIndices(keptShape, tensor.shape());
    std::vector<std::int64_t> result(static_cast<std::size_t>(keptShape.elementCount()),
                                     op == "ReduceProd" ? 1 : 0);
    std::vector<bool> isSet(result.size(), op == "ReduceProd" || op == "ReduceSum");
    const std::string step = op == "ReduceProd"  ? "Mul"
                             : op == "ReduceSum" ? "Add"
                             : op == "ReduceMax" ? "Max"
                                                 : "Min";
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::size_t at = target[i];
        result[at] = isSet[at] ? combine(step, result[at], values[i]) : values[i];
        isSet[at] = true;
    }
    set(fromIntegers(tensor.type(), Shape(final), result));
    return true;
}

bool Evaluator::scatterNd()
{
    const Tensor &data = in(0);
    const Tensor &updates = in(2);
    const Dims indices = m_node.constantInts(1, "indices");
    const Shape &places = in(1).shape();
    if (m_node.stringAttribute("reduction", "none") != "none")
        m_node.refuseForm("a reduction");
    if (places.rank() == 0 || places.back() < 0 ||
        places.back() > static_cast<std::int64_t>(data.shape().rank()) ||
        updates.type() != data.type())
        m_node.refuseConstant("indices and updates do not fit the data");
    const auto depth = static_cast<std::size_t>(places.back());
    Dims wanted(places.begin(), places.end() - 1);
    wanted.insert(wanted.end(), data.shape().begin() + static_cast<std::ptrdiff_t>(depth),
                  data.shape().end());
    if (updates.shape().dims() != wanted)
        m_node.refuseConstant("indices and updates do not fit the data");
    std::int64_t blockElements = 1;
    for (std::size_t axis = depth; axis < data.shape().rank(); ++axis)
        blockElements *= data.shape()[axis];
    const std::size_t block = static_cast<std::size_t>(blockElements) * elementBytes(data.type());
    const auto strides = data.shape().strides();
    Tensor result = data;
    const std::size_t count = depth == 0 ? 0 : indices.size() / depth;
    for (std::size_t entry = 0; entry < count; ++entry) {
        std::int64_t at = 0;
        for (std::size_t axis = 0; axis < depth; ++axis) {
            const std::int64_t size = data.shape()[axis];
            std::int64_t index = indices[entry * depth + axis];
            if (index < -size || index >= size)
                m_node.refuseConstant("an index is outside the data");
            index += index < 0 ? size : 0;
            at += index * strides[axis];
        }
        if (block > 0)
            std::memcpy(result.bytes().data() +
                            static_cast<std::size_t>(at) * elementBytes(data.type()),
                        updates.bytes().data() + entry * block, block);
    }
    set(std::move(result));
    return true;
}

} // namespace

bool evaluateConstantNode(GraphImport &graph, const OnnxNode &node)
{
    return Evaluator(graph, node).evaluate();
}

std::span<const std::string_view> constantsOnlyOperators()
{
    static constexpr std::string_view operators[] = {
        "Constant", "ConstantOfShape", "Shape", "Size", "Range", "EyeLike", "NonZero", "If"};
    return operators;
}

bool isConstantsOnly(std::string_view op)
{
    const auto operators = constantsOnlyOperators();
    return std::ranges::find(operators, op) != operators.end();
}

} // namespace hefstudio::onnx_import
