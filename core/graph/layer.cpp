// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/layer.h"

#include <algorithm>

namespace hefstudio {
namespace {

// In the order of Function.
constexpr std::string_view functionNames[] = {
    "identity",   "relu",  "leaky-relu", "clip",       "sigmoid", "tanh",   "hard-sigmoid",
    "hard-swish", "silu",  "gelu",       "gelu-tanh",  "elu",     "mish",   "softplus",
    "exp",        "log",   "sqrt",       "reciprocal", "abs",     "negate", "floor",
    "ceil",       "round", "erf",        "sign",       "power",   "affine",
    "swish",      "celu",  "thresholded-relu", "softsign", "shrink", "sin",
    "cos",        "tan",   "asin",       "acos",       "atan",    "sinh",
    "cosh",       "asinh", "acosh",      "atanh",      "truncate", "not",
    "is-nan",     "is-infinite",
};
static_assert(std::size(functionNames) == static_cast<std::size_t>(Function::isInfinite) + 1);

constexpr std::string_view binaryNames[] = {
    "add",   "subtract", "multiply",         "divide",       "minimum",
    "maximum", "power",  "modulo",           "truncated-divide", "floor-modulo",
    "less",  "less-or-equal", "greater",     "greater-or-equal", "equal",
    "and",   "or",       "xor"};
static_assert(std::size(binaryNames) == static_cast<std::size_t>(BinaryOperator::logicalXor) + 1);
constexpr std::string_view scatterNames[] = {"none", "add", "multiply", "maximum", "minimum"};
constexpr std::string_view reductionNames[] = {"mean", "sum", "max", "min", "l2", "product"};

struct KindName {
    std::string_view operator()(const Input &) const { return "input"; }
    std::string_view operator()(const Convolution &) const { return "convolution"; }
    std::string_view operator()(const TransposedConvolution &) const
    {
        return "transposed-convolution";
    }
    std::string_view operator()(const FullyConnected &) const { return "fully-connected"; }
    std::string_view operator()(const MatMul &) const { return "matmul"; }
    std::string_view operator()(const BatchNormalization &) const { return "batch-normalization"; }
    std::string_view operator()(const LayerNormalization &) const { return "layer-normalization"; }
    std::string_view operator()(const Elementwise &) const { return "elementwise"; }
    std::string_view operator()(const ParametricRelu &) const { return "parametric-relu"; }
    std::string_view operator()(const Binary &) const { return "binary"; }
    std::string_view operator()(const MaxPool &) const { return "max-pool"; }
    std::string_view operator()(const AveragePool &) const { return "average-pool"; }
    std::string_view operator()(const Reduce &) const { return "reduce"; }
    std::string_view operator()(const Concat &) const { return "concat"; }
    std::string_view operator()(const Slice &) const { return "slice"; }
    std::string_view operator()(const Reshape &) const { return "reshape"; }
    std::string_view operator()(const Transpose &) const { return "transpose"; }
    std::string_view operator()(const Resize &) const { return "resize"; }
    std::string_view operator()(const Softmax &) const { return "softmax"; }
    std::string_view operator()(const Pad &) const { return "pad"; }
    std::string_view operator()(const DepthToSpace &) const { return "depth-to-space"; }
    std::string_view operator()(const SpaceToDepth &) const { return "space-to-depth"; }
    std::string_view operator()(const Gather &) const { return "gather"; }
    std::string_view operator()(const Broadcast &) const { return "broadcast"; }
    std::string_view operator()(const RmsNormalization &) const { return "rms-normalization"; }
    std::string_view operator()(const Select &) const { return "select"; }
    std::string_view operator()(const ArgReduce &) const { return "arg-reduce"; }
    std::string_view operator()(const TopK &) const { return "top-k"; }
    std::string_view operator()(const GatherElements &) const { return "gather-elements"; }
    std::string_view operator()(const GatherNd &) const { return "gather-nd"; }
    std::string_view operator()(const ScatterElements &) const { return "scatter-elements"; }
    std::string_view operator()(const ScatterNd &) const { return "scatter-nd"; }
    std::string_view operator()(const CumulativeSum &) const { return "cumulative-sum"; }
    std::string_view operator()(const GridSample &) const { return "grid-sample"; }
    std::string_view operator()(const RoiAlign &) const { return "roi-align"; }
    std::string_view operator()(const Recurrent &) const { return "recurrent"; }
};

} // namespace

std::string_view functionName(Function function)
{
    return functionNames[static_cast<std::size_t>(function)];
}

std::optional<Function> functionFromName(std::string_view name)
{
    const auto *found = std::ranges::find(functionNames, name);
    if (found == std::end(functionNames))
        return std::nullopt;
    return static_cast<Function>(found - std::begin(functionNames));
}

std::string_view binaryOperatorName(BinaryOperator op)
{
    return binaryNames[static_cast<std::size_t>(op)];
}

std::string_view reductionName(Reduction reduction)
{
    return reductionNames[static_cast<std::size_t>(reduction)];
}

std::string_view scatterReductionName(ScatterReduction reduction)
{
    return scatterNames[static_cast<std::size_t>(reduction)];
}

std::string_view kindName(const Attributes &attributes)
{
    return std::visit(KindName{}, attributes);
}

} // namespace hefstudio
