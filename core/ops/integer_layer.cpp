// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/integer_layer.h"

#include "ops/integer_internal.h"

#include <algorithm>

namespace hefstudio {

namespace {

template<class... Cases> struct Overloaded : Cases... {
    using Cases::operator()...;
};

} // namespace

std::int64_t FunctionTable::at(std::int32_t index) const
{
    if (indexBits == 8)
        return points[static_cast<std::size_t>(index)];
    const auto segment = static_cast<std::size_t>(index >> stepBits);
    const std::int64_t rest = index & ((1 << stepBits) - 1);
    const std::int64_t left = points[segment];
    const std::int64_t right = points[segment + 1];
    const int bits = stepBits + fractionBits;
    const std::int64_t value = (left << stepBits) + (right - left) * rest;
    return (value + (std::int64_t(1) << (bits - 1))) >> bits;
}

std::int32_t OutputStage::finish(std::int64_t accumulator, std::size_t which) const
{
    const std::vector<FixedPoint> &factors =
        accumulator < 0 && !negative.empty() ? negative : rescale;
    const FixedPoint factor = factors.size() == 1 ? factors.front() : factors[which];
    std::int64_t value = zeroPoint + hefstudio::rescale(accumulator, factor);
    if (table) {
        const auto index = std::clamp<std::int64_t>(value, 0, table->indexMaximum());
        value = table->at(static_cast<std::int32_t>(index));
        if (!gain.empty())
            value = gainZeroPoint +
                    hefstudio::rescale(value, gain.size() == 1 ? gain.front() : gain[which]);
    }
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(value, low, high));
}

std::string_view kindName(const IntegerForm &form)
{
    static constexpr std::string_view names[] = {"input",
                                                 "convolution",
                                                 "transposed-convolution",
                                                 "fully-connected",
                                                 "matmul",
                                                 "table",
                                                 "rescale",
                                                 "binary",
                                                 "concat",
                                                 "max-pool",
                                                 "average-pool",
                                                 "reduce",
                                                 "resize",
                                                 "softmax",
                                                 "layer-norm",
                                                 "move"};
    static_assert(std::size(names) == std::variant_size_v<IntegerForm>);
    return names[form.index()];
}

bool operator==(const IntegerOperand &a, const IntegerOperand &b)
{
    if (a.quantisation != b.quantisation || !a.constant != !b.constant)
        return false;
    return !a.constant || a.constant == b.constant || *a.constant == *b.constant;
}

const OutputStage *stageOf(const IntegerForm &form)
{
    return std::visit(
        Overloaded{[](const IntegerInput &) -> const OutputStage * { return nullptr; },
                   [](const IntegerTable &) -> const OutputStage * { return nullptr; },
                   [](const auto &f) { return &f.stage; }},
        form);
}

OutputStage *stageOf(IntegerForm &form)
{
    return const_cast<OutputStage *>(stageOf(std::as_const(form)));
}

std::vector<std::int64_t> foldedBias(std::span<const std::int8_t> weights,
                                     std::span<const std::int32_t> bias, std::int32_t zeroPoint)
{
    std::vector<std::int64_t> folded(bias.begin(), bias.end());
    const std::size_t row = bias.empty() ? 0 : weights.size() / bias.size();
    for (std::size_t o = 0; o < bias.size(); ++o) {
        std::int64_t sum = 0;
        for (const std::int8_t weight : weights.subspan(o * row, row))
            sum += weight;
        folded[o] -= zeroPoint * sum;
    }
    return folded;
}

namespace integer {

namespace {

std::vector<std::int32_t> widened(const Tensor &tensor, std::int32_t subtract)
{
    std::vector<std::int32_t> values(static_cast<std::size_t>(tensor.elementCount()));
    if (tensor.type() == ElementType::uint8) {
        const auto from = tensor.as<std::uint8_t>();
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = from[i] - subtract;
    } else {
        const auto from = tensor.as<std::uint16_t>();
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = from[i] - subtract;
    }
    return values;
}

} // namespace

std::vector<std::int32_t> Run::centred(std::size_t slot) const
{
    return widened(*inputs[slot], quantisation(slot).zeroPoint);
}

std::vector<std::int32_t> Run::stored(std::size_t slot) const
{
    return widened(*inputs[slot], 0);
}

void Run::forEach(std::int64_t count, const std::function<void(std::int64_t)> &work) const
{
    if (pool && pool->threads() > 1 && count > 1) {
        pool->forEach(static_cast<std::size_t>(count),
                      [&](std::size_t index, int) { work(static_cast<std::int64_t>(index)); });
        return;
    }
    for (std::int64_t index = 0; index < count; ++index)
        work(index);
}

Output::Output(const IntegerLayer &layer, const Shape &shape)
    : m_tensor(layer.output.elementType(), shape)
{
    if (layer.output.bits == 8)
        m_narrow = m_tensor.as<std::uint8_t>().data();
    else
        m_wide = m_tensor.as<std::uint16_t>().data();
}

AxisView viewAlong(const Shape &shape, std::size_t axis)
{
    AxisView view;
    for (std::size_t i = 0; i < shape.rank(); ++i) {
        if (i < axis)
            view.outer *= shape[i];
        else if (i == axis)
            view.size = shape[i];
        else
            view.inner *= shape[i];
    }
    return view;
}

std::array<std::int64_t, 4> planes(const Shape &shape)
{
    std::array<std::int64_t, 4> dims{1, 1, 1, 1};
    for (std::size_t i = 0; i < std::min<std::size_t>(shape.rank(), 4); ++i)
        dims[i] = shape[i];
    return dims;
}

std::vector<std::int64_t> broadcastStrides(const Shape &operand, const Shape &shape)
{
    std::vector<std::int64_t> strides(shape.rank(), 0);
    const std::vector<std::int64_t> own = operand.strides();
    const std::size_t lead = shape.rank() - operand.rank();
    for (std::size_t i = 0; i < operand.rank(); ++i)
        strides[lead + i] = operand[i] == 1 ? 0 : own[i];
    return strides;
}

std::vector<std::int64_t> stridedOffsets(const Shape &shape, std::int64_t base,
                                         std::span<const std::int64_t> strides)
{
    std::vector<std::int64_t> offsets(static_cast<std::size_t>(shape.elementCount()));
    std::vector<std::int64_t> position(shape.rank(), 0);
    std::int64_t offset = base;
    for (std::int64_t &element : offsets) {
        element = offset;
        for (std::size_t axis = shape.rank(); axis-- > 0;) {
            offset += strides[axis];
            if (++position[axis] < shape[axis])
                break;
            offset -= strides[axis] * shape[axis];
            position[axis] = 0;
        }
    }
    return offsets;
}

} // namespace integer

Tensor runIntegerReference(const IntegerLayer &layer, std::span<const Tensor *const> inputs,
                           const Shape &outputShape, ThreadPool *pool)
{
    std::vector<const Tensor *> operands(inputs.begin(), inputs.end());
    operands.resize(layer.operands.size(), nullptr);
    for (std::size_t slot = 0; slot < operands.size(); ++slot)
        if (layer.operands[slot].constant)
            operands[slot] = layer.operands[slot].constant.get();
    const integer::Run run{layer, operands, outputShape, pool};
    using namespace integer;
    return std::visit(
        Overloaded{
            [&](const IntegerInput &) { return Tensor(layer.output.elementType(), outputShape); },
            [&](const IntegerConvolution &f) { return runConvolution(f, run); },
            [&](const IntegerTransposedConvolution &f) { return runTransposedConvolution(f, run); },
            [&](const IntegerFullyConnected &f) { return runFullyConnected(f, run); },
            [&](const IntegerMatMul &f) { return runMatMul(f, run); },
            [&](const IntegerTable &f) { return runTable(f, run); },
            [&](const IntegerRescale &f) { return runRescale(f, run); },
            [&](const IntegerBinary &f) { return runBinary(f, run); },
            [&](const IntegerConcat &f) { return runConcat(f, run); },
            [&](const IntegerMaxPool &f) { return runMaxPool(f, run); },
            [&](const IntegerAveragePool &f) { return runAveragePool(f, run); },
            [&](const IntegerReduce &f) { return runReduce(f, run); },
            [&](const IntegerResize &f) { return runResize(f, run); },
            [&](const IntegerSoftmax &f) { return runSoftmax(f, run); },
            [&](const IntegerLayerNorm &f) { return runLayerNorm(f, run); },
            [&](const IntegerMove &f) { return runMove(f, run); }},
        layer.form);
}

} // namespace hefstudio
