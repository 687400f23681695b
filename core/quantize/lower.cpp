// SPDX-License-Identifier: GPL-3.0-or-later
#include "quantize/lower.h"

#include "quantize/lower_parts.h"

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace hefstudio {

namespace lowering {

namespace {

// A constant that stays an operand gets 16 bits: its rounding should not show.
IntegerOperand constantOperand(const Tensor &constant)
{
    const Tensor real = constant.toFloat32();
    ValueRange range;
    for (const float value : real.as<float>()) {
        if (!std::isfinite(value))
            continue;
        range.low = std::min(range.low, static_cast<double>(value));
        range.high = std::max(range.high, static_cast<double>(value));
    }
    IntegerOperand operand{quantisationOf(range, 16), nullptr};
    auto stored = std::make_shared<Tensor>(ElementType::uint16, constant.shape());
    const auto to = stored->as<std::uint16_t>();
    const auto from = real.as<float>();
    for (std::size_t i = 0; i < to.size(); ++i) {
        const double value = std::isfinite(from[i]) ? static_cast<double>(from[i]) : 0.0;
        const std::int64_t q =
            operand.quantisation.zeroPoint +
            roundHalfEven(value / static_cast<double>(operand.quantisation.scale));
        to[i] = static_cast<std::uint16_t>(std::clamp<std::int64_t>(q, 0, 65535));
    }
    operand.constant = std::move(stored);
    return operand;
}

} // namespace

std::vector<float> Part::constant(std::size_t slot) const
{
    if (!hasInput(slot) || !input(slot).isConstant())
        return {};
    const Tensor real = input(slot).constant->toFloat32();
    return {real.as<float>().begin(), real.as<float>().end()};
}

std::vector<IntegerOperand> Part::operands(std::size_t count) const
{
    std::vector<IntegerOperand> made;
    for (std::size_t slot = 0; slot < count; ++slot) {
        const TensorInfo &tensor = input(slot);
        if (tensor.isConstant())
            made.push_back(constantOperand(*tensor.constant));
        else
            made.push_back({all.tensors[tensor.id.index()], nullptr});
    }
    return made;
}

OutputStage Part::stage(double accumulatorScale, double accumulatorBound) const
{
    return makeStage({&accumulatorScale, 1}, layer.activation, outputQuantisation(),
                     accumulatorBound);
}

IntegerLayer Part::made(std::vector<IntegerOperand> operands, IntegerForm form) const
{
    return {layer.name, std::move(operands), outputQuantisation(), std::move(form)};
}

std::unexpected<Diagnostics> Part::unsupported(std::string why) const
{
    const std::string node = layer.origin.empty() ? layer.name : layer.origin.front();
    return fail(Diagnostic("quantize.unsupported-layer", Place{.node = node, .layer = layer.name})
                    .with("kind", std::string(layer.kind()))
                    .with("why", std::move(why))
                    .withFix({"cut-before", {{"node", node}}}));
}

double scaleOf(const IntegerOperand &operand)
{
    return static_cast<double>(operand.quantisation.scale);
}

double boundOf(const IntegerOperand &operand)
{
    const ValueRange range = rangeOf(operand.quantisation);
    return std::max(-range.low, range.high);
}

namespace {

template<class Kind> Result<IntegerLayer> lower(const Part &part, const Kind &kind)
{
    if constexpr (std::is_constructible_v<IntegerMove::Operation, const Kind &>)
        return lowerMove(part, kind); // slices, reshapes and the other moves without numbers
    else
        return part.unsupported("it has no integer form");
}

Result<IntegerLayer> lower(const Part &part, const Input &)
{
    return part.made({}, IntegerInput{});
}

} // namespace

} // namespace lowering

Result<LoweredLayer> lowerLayer(const Lowering &all, const Layer &layer)
{
    LoweredLayer lowered;
    const lowering::Part part{all, layer, lowered.weightScales};
    // The first operand must be a value, or the layer should have been folded away.
    const bool isFoldable =
        !layer.is<Input>() && std::ranges::all_of(layer.inputs, [&](TensorId id) {
            return !id.isValid() || all.graph.tensor(id).isConstant();
        });
    if (isFoldable)
        return part.unsupported("all its operands are constants");
    using namespace lowering;
    auto made = std::visit([&](const auto &kind) { return lower(part, kind); }, layer.attributes);
    if (!made)
        return passOn(std::move(made));
    lowered.integer = std::move(*made);
    return lowered;
}

} // namespace hefstudio
