// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/chip_limits.h"

#include <algorithm>

namespace hefstudio {
namespace {

constexpr std::int64_t mostNormalisedElements = std::int64_t(1) << 15;
constexpr std::int64_t mostWindowElements = std::int64_t(1) << 16;

bool isConstantInput(const Graph &graph, const Layer &layer, std::size_t slot)
{
    return graph.hasInput(layer, slot) && graph.inputOf(layer, slot).isConstant();
}

// Operands from `first` on that exist and are computed.
bool readsComputed(const Graph &graph, const Layer &layer, std::size_t first)
{
    for (std::size_t slot = first; slot < layer.inputs.size(); ++slot)
        if (graph.hasInput(layer, slot) && !graph.inputOf(layer, slot).isConstant())
            return true;
    return false;
}

// What a chip that knows curves by pieces can follow: no steps, no circles.
bool isSmooth(Function function)
{
    switch (function) {
    case Function::identity:
    case Function::relu:
    case Function::leakyRelu:
    case Function::clip:
    case Function::sigmoid:
    case Function::tanh:
    case Function::hardSigmoid:
    case Function::hardSwish:
    case Function::silu:
    case Function::gelu:
    case Function::geluTanh:
    case Function::elu:
    case Function::mish:
    case Function::softplus:
    case Function::exp:
    case Function::log:
    case Function::sqrt:
    case Function::reciprocal:
    case Function::abs:
    case Function::negate:
    case Function::erf:
    case Function::power:
    case Function::affine:
    case Function::swish:
    case Function::celu:
    case Function::softsign:
        return true;
    default:
        return false;
    }
}

bool hasSteps(const Graph &, const Layer &layer)
{
    return !isSmooth(layer.as<Elementwise>()->function.function);
}

bool isNoArithmetic(const Graph &, const Layer &layer)
{
    switch (layer.as<Binary>()->op) {
    case BinaryOperator::add:
    case BinaryOperator::subtract:
    case BinaryOperator::multiply:
    case BinaryOperator::divide:
    case BinaryOperator::minimum:
    case BinaryOperator::maximum:
    case BinaryOperator::power:
        return false;
    default:
        return true;
    }
}

bool isUnknownKind(const Graph &, const Layer &layer)
{
    static constexpr std::string_view known[] = {"input",
                                                 "convolution",
                                                 "transposed-convolution",
                                                 "fully-connected",
                                                 "matmul",
                                                 "batch-normalization",
                                                 "layer-normalization",
                                                 "rms-normalization",
                                                 "elementwise",
                                                 "parametric-relu",
                                                 "binary",
                                                 "max-pool",
                                                 "average-pool",
                                                 "reduce",
                                                 "concat",
                                                 "slice",
                                                 "reshape",
                                                 "transpose",
                                                 "resize",
                                                 "softmax",
                                                 "pad",
                                                 "depth-to-space",
                                                 "space-to-depth",
                                                 "gather",
                                                 "broadcast"};
    return std::ranges::find(known, layer.kind()) == std::end(known);
}

bool hasComputedWeights(const Graph &graph, const Layer &layer)
{
    return readsComputed(graph, layer, 1);
}

bool hasOddSlope(const Graph &graph, const Layer &layer)
{
    if (!isConstantInput(graph, layer, 1))
        return true;
    const Shape &shape = graph.inputOf(layer, 0).shape;
    const Shape &slope = graph.inputOf(layer, 1).shape;
    if (slope.elementCount() == 1)
        return false;
    const std::size_t channelFromEnd = shape.rank() < 2 ? 0 : shape.rank() - 2;
    const bool isPerChannel = shape.rank() >= 2 && slope.rank() > channelFromEnd &&
                              slope.elementCount() == shape[1] &&
                              slope[slope.rank() - 1 - channelFromEnd] == shape[1];
    return !isPerChannel;
}

bool hasComputedExponent(const Graph &graph, const Layer &layer)
{
    return layer.as<Binary>()->op == BinaryOperator::power &&
           (!isConstantInput(graph, layer, 1) ||
            graph.inputOf(layer, 1).shape.elementCount() != 1 ||
            graph.outputOf(layer).shape != graph.inputOf(layer, 0).shape);
}

bool isLogarithm(const Graph &, const Layer &layer)
{
    return layer.as<Softmax>()->logarithm;
}

bool normalisesTooMuch(const Graph &graph, const Layer &layer)
{
    const Shape &shape = graph.inputOf(layer, 0).shape;
    const std::int64_t axis = layer.is<LayerNormalization>() ? layer.as<LayerNormalization>()->axis
                                                             : layer.as<RmsNormalization>()->axis;
    std::int64_t count = 1;
    for (auto i = static_cast<std::size_t>(axis); i < shape.rank(); ++i)
        count *= shape[i];
    return count > mostNormalisedElements;
}

bool isWideAverage(const Graph &, const Layer &layer)
{
    const Window &window = layer.as<AveragePool>()->window;
    return window.kernel[0] * window.kernel[1] > mostWindowElements;
}

bool isProduct(const Graph &, const Layer &layer)
{
    return layer.as<Reduce>()->reduction == Reduction::product;
}

bool hasComputedIndices(const Graph &graph, const Layer &layer)
{
    return isConstantInput(graph, layer, 0) || !isConstantInput(graph, layer, 1);
}

bool isNoPicture(const Graph &graph, const Layer &layer)
{
    return graph.inputOf(layer, 0).shape.rank() != 4;
}

constexpr LayerLimit limits[] = {
    {"",
     "The chip has layers of this kind; recurrent cells, selections (top-k, argmax), running sums, "
     "sampling by a grid and places that are computed are the host's.",
     isUnknownKind},
    {"convolution", "Weights and bias are constants.", hasComputedWeights},
    {"transposed-convolution", "Weights and bias are constants.", hasComputedWeights},
    {"fully-connected", "Weights and bias are constants.", hasComputedWeights},
    {"batch-normalization", "Scale, shift, mean and variance are constants.", hasComputedWeights},
    {"batch-normalization",
     "What is not folded into a convolution normalises pictures of four "
     "dimensions.",
     isNoPicture},
    {"layer-normalization", "Gamma and beta are constants.", hasComputedWeights},
    {"layer-normalization", "At most 32768 elements are normalised together.", normalisesTooMuch},
    {"rms-normalization", "Gamma is a constant.", hasComputedWeights},
    {"rms-normalization", "At most 32768 elements are normalised together.", normalisesTooMuch},
    {"elementwise",
     "The function is smooth: rounding, signs, comparisons and trigonometry stay on the "
     "host.",
     hasSteps},
    {"parametric-relu", "The slope is one constant, or one per channel.", hasOddSlope},
    {"binary", "The exponent of a power is one constant number.", hasComputedExponent},
    {"binary",
     "Two values are added, subtracted, multiplied or divided, or the smaller or larger "
     "is taken; remainders, comparisons and logic stay on the host.",
     isNoArithmetic},
    {"softmax", "A softmax is taken without its logarithm.", isLogarithm},
    {"average-pool", "The window has at most 65536 elements.", isWideAverage},
    {"reduce", "Products over an axis stay on the host.", isProduct},
    {"gather", "The indices are constants.", hasComputedIndices},
};

} // namespace

std::span<const LayerLimit> chipLimits()
{
    return limits;
}

const LayerLimit *brokenChipLimit(const Graph &graph, const Layer &layer)
{
    const std::string_view kind = layer.kind();
    const auto *found = std::ranges::find_if(limits, [&](const LayerLimit &limit) {
        return (limit.kind.empty() || limit.kind == kind) && limit.isBroken(graph, layer);
    });
    return found == std::end(limits) ? nullptr : found;
}

} // namespace hefstudio
