// SPDX-License-Identifier: GPL-3.0-or-later
#include "passes/recognise_activations.h"

#include "passes/constant_operand.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <ranges>

namespace hefstudio {
namespace {

constexpr float lowest = std::numeric_limits<float>::lowest();
constexpr float highest = std::numeric_limits<float>::max();

struct Match {
    TensorId x;
    ScalarFunction function;
    std::vector<LayerId> layers{}; // that the one function stands for, beside the last
};

// scale · factors[0] · factors[1] · …, read off a tree of multiplications.
struct Product {
    double scale = 1;
    std::vector<TensorId> factors{};
    std::vector<LayerId> layers{};
};

bool expand(const GraphRewriter &graph, const Layer &layer, Product &product, int depth)
{
    if (layer.hasActivation() || depth > 8)
        return false;
    const auto add = [&](TensorId factor) {
        const Layer *before = graph.producer(factor);
        if (before && graph.isPrivate(factor) && expand(graph, *before, product, depth + 1))
            return;
        product.factors.push_back(factor);
    };
    const std::optional<AffineForm> affine = affineForm(graph, layer);
    if (affine && affine->isScalar() && affine->shift[0] == 0) {
        product.scale *= affine->scale[0];
        add(affine->x);
    } else if (const auto *binary = layer.as<Binary>();
               binary && binary->op == BinaryOperator::multiply &&
               graph.tensor(layer.inputs[0]).shape == graph.tensor(layer.inputs[1]).shape &&
               !graph.isConstant(layer.inputs[0]) && !graph.isConstant(layer.inputs[1])) {
        add(layer.inputs[0]);
        add(layer.inputs[1]);
    } else {
        return false;
    }
    product.layers.push_back(layer.id);
    return true;
}

// id = f(x + shift·1) with a scalar shift: returns x.
std::optional<TensorId> plusConstant(const GraphRewriter &graph, TensorId id, double shift,
                                     std::vector<LayerId> &layers)
{
    const Layer *layer = graph.producer(id);
    const std::optional<AffineForm> form = layer ? affineForm(graph, *layer) : std::nullopt;
    if (!form || !form->isScalar() || form->scale[0] != 1 || !isNear(form->shift[0], shift))
        return std::nullopt;
    layers.push_back(layer->id);
    return form->x;
}

std::optional<TensorId> timesConstant(const GraphRewriter &graph, TensorId id, double scale,
                                      std::vector<LayerId> &layers)
{
    const Layer *layer = graph.producer(id);
    const std::optional<AffineForm> form = layer ? affineForm(graph, *layer) : std::nullopt;
    if (!form || !form->isScalar() || form->shift[0] != 0 || !isNear(form->scale[0], scale))
        return std::nullopt;
    layers.push_back(layer->id);
    return form->x;
}

// The operand of function(·) where `id` is that.
std::optional<TensorId> operandOf(const GraphRewriter &graph, TensorId id, Function function,
                                  std::vector<LayerId> &layers)
{
    const Layer *layer = elementwise(graph, id, function);
    if (!layer)
        return std::nullopt;
    layers.push_back(layer->id);
    return layer->inputs[0];
}

// clip(x + 3, 0, 6)
std::optional<TensorId> shiftedClip(const GraphRewriter &graph, TensorId id,
                                    std::vector<LayerId> &layers)
{
    const Layer *layer = elementwise(graph, id, Function::clip);
    if (!layer)
        return std::nullopt;
    const ScalarFunction &clip = layer->as<Elementwise>()->function;
    if (clip.alpha != 0 || clip.beta != 6)
        return std::nullopt;
    layers.push_back(layer->id);
    return plusConstant(graph, layer->inputs[0], 3, layers);
}

std::optional<TensorId> hardSigmoidOperand(const GraphRewriter &graph, TensorId id,
                                           std::vector<LayerId> &layers)
{
    const Layer *layer = elementwise(graph, id, Function::hardSigmoid);
    if (!layer)
        return std::nullopt;
    const ScalarFunction &function = layer->as<Elementwise>()->function;
    if (!isNear(function.alpha, 1.0 / 6) || !isNear(function.beta, 0.5))
        return std::nullopt;
    layers.push_back(layer->id);
    return layer->inputs[0];
}

std::optional<TensorId> erfOperand(const GraphRewriter &graph, TensorId id,
                                   std::vector<LayerId> &layers)
{
    const std::optional<TensorId> erf = plusConstant(graph, id, 1, layers);
    const std::optional<TensorId> scaled =
        erf ? operandOf(graph, *erf, Function::erf, layers) : std::nullopt;
    return scaled ? timesConstant(graph, *scaled, std::sqrt(0.5), layers) : std::nullopt;
}

// x of x³, written as a power or as a product; `scale` is what else is multiplied in.
std::optional<TensorId> cubeOperand(const GraphRewriter &graph, TensorId id, double scale,
                                    std::vector<LayerId> &layers)
{
    const Layer *layer = graph.producer(id);
    Product product;
    if (!layer || !expand(graph, *layer, product, 0) || !isNear(product.scale, scale))
        return std::nullopt;
    layers.insert(layers.end(), product.layers.begin(), product.layers.end());
    const std::vector<TensorId> &factors = product.factors;
    if (factors.size() == 3 && factors[0] == factors[1] && factors[1] == factors[2])
        return factors[0];
    const Layer *power =
        factors.size() == 1 ? elementwise(graph, factors[0], Function::power) : nullptr;
    if (!power || power->as<Elementwise>()->function.alpha != 3)
        return std::nullopt;
    layers.push_back(power->id);
    return power->inputs[0];
}

// 1 + tanh(√(2/π)·(x + 0.044715·x³))
std::optional<TensorId> tanhGeluOperand(const GraphRewriter &graph, TensorId id,
                                        std::vector<LayerId> &layers)
{
    const std::optional<TensorId> tanh = plusConstant(graph, id, 1, layers);
    const std::optional<TensorId> scaled =
        tanh ? operandOf(graph, *tanh, Function::tanh, layers) : std::nullopt;
    const std::optional<TensorId> sum =
        scaled ? timesConstant(graph, *scaled, std::sqrt(2 / std::numbers::pi), layers)
               : std::nullopt;
    const Layer *layer = sum ? graph.producer(*sum) : nullptr;
    if (!layer || layer->hasActivation() || !layer->is<Binary>() ||
        layer->as<Binary>()->op != BinaryOperator::add)
        return std::nullopt;
    for (const std::size_t slot : {std::size_t(0), std::size_t(1)}) {
        std::vector<LayerId> cubeLayers;
        if (cubeOperand(graph, layer->inputs[slot], 0.044715, cubeLayers) !=
            layer->inputs[1 - slot])
            continue;
        layers.push_back(layer->id);
        layers.insert(layers.end(), cubeLayers.begin(), cubeLayers.end());
        return layer->inputs[1 - slot];
    }
    return std::nullopt;
}

std::optional<TensorId> softplusOperand(const GraphRewriter &graph, TensorId id,
                                        std::vector<LayerId> &layers)
{
    if (const std::optional<TensorId> x = operandOf(graph, id, Function::softplus, layers))
        return x;
    const std::optional<TensorId> sum = operandOf(graph, id, Function::log, layers);
    const std::optional<TensorId> exp = sum ? plusConstant(graph, *sum, 1, layers) : std::nullopt;
    return exp ? operandOf(graph, *exp, Function::exp, layers) : std::nullopt;
}

std::optional<TensorId> tanhSoftplusOperand(const GraphRewriter &graph, TensorId id,
                                            std::vector<LayerId> &layers)
{
    const std::optional<TensorId> softplus = operandOf(graph, id, Function::tanh, layers);
    return softplus ? softplusOperand(graph, *softplus, layers) : std::nullopt;
}

using Recogniser = std::optional<TensorId> (*)(const GraphRewriter &, TensorId,
                                               std::vector<LayerId> &);

std::optional<TensorId> sigmoidOperand(const GraphRewriter &graph, TensorId id,
                                       std::vector<LayerId> &layers)
{
    return operandOf(graph, id, Function::sigmoid, layers);
}

std::optional<Match> matchProduct(const GraphRewriter &graph, const Layer &layer)
{
    Product product;
    if (!expand(graph, layer, product, 0))
        return std::nullopt;
    if (product.factors.size() == 1 && isNear(product.scale, 1.0 / 6)) {
        Match match{
            .x = {}, .function = {Function::hardSigmoid, 1.0F / 6, 0.5F}, .layers = product.layers};
        const std::optional<TensorId> x = shiftedClip(graph, product.factors[0], match.layers);
        if (!x)
            return std::nullopt;
        match.x = *x;
        return match;
    }
    struct Form {
        double scale;
        Recogniser gate;
        ScalarFunction function;
    };
    static constexpr Form forms[] = {
        {1, sigmoidOperand, {Function::silu}},
        {1, hardSigmoidOperand, {Function::hardSwish}},
        {1.0 / 6, shiftedClip, {Function::hardSwish}},
        {0.5, erfOperand, {Function::gelu}},
        {0.5, tanhGeluOperand, {Function::geluTanh}},
        {1, tanhSoftplusOperand, {Function::mish}},
    };
    if (product.factors.size() != 2)
        return std::nullopt;
    for (const Form &form : forms) {
        if (!isNear(product.scale, form.scale))
            continue;
        for (const std::size_t gate : {std::size_t(0), std::size_t(1)}) {
            const TensorId x = product.factors[1 - gate];
            Match match{.x = x, .function = form.function, .layers = product.layers};
            if (form.gate(graph, product.factors[gate], match.layers) == x)
                return match;
        }
    }
    return std::nullopt;
}

ScalarFunction clipOrRelu(float low, float high)
{
    if (low == 0 && high >= highest)
        return {Function::relu};
    return {Function::clip, low, high};
}

// Bounds of a clip or relu.
std::optional<std::pair<float, float>> bounds(const ScalarFunction &function)
{
    if (function.function == Function::relu)
        return std::pair(0.0F, highest);
    if (function.function == Function::clip)
        return std::pair(function.alpha, function.beta);
    return std::nullopt;
}

std::optional<Match> matchBound(const GraphRewriter &graph, const Layer &layer)
{
    const auto *binary = layer.as<Binary>();
    if (!binary || layer.hasActivation() ||
        (binary->op != BinaryOperator::minimum && binary->op != BinaryOperator::maximum))
        return std::nullopt;
    for (const std::size_t slot : {std::size_t(0), std::size_t(1)}) {
        const TensorId x = layer.inputs[slot];
        const TensorId other = layer.inputs[1 - slot];
        if (graph.isConstant(x) || graph.tensor(layer.output).shape != graph.tensor(x).shape)
            continue;
        if (const std::optional<double> bound = scalarConstant(graph, other)) {
            const auto value = static_cast<float>(*bound);
            return Match{.x = x,
                         .function = binary->op == BinaryOperator::maximum
                                         ? clipOrRelu(value, highest)
                                         : clipOrRelu(lowest, value)};
        }
        const Layer *scaled = graph.producer(other);
        const std::optional<AffineForm> form = scaled ? affineForm(graph, *scaled) : std::nullopt;
        if (binary->op == BinaryOperator::maximum && form && form->x == x && form->isScalar() &&
            form->shift[0] == 0 && form->scale[0] > 0 && form->scale[0] < 1)
            return Match{.x = x,
                         .function = {Function::leakyRelu, static_cast<float>(form->scale[0])},
                         .layers = {scaled->id}};
    }
    return std::nullopt;
}

// min(max(x, a), b) in two layers, as one; also a clip that is a relu.
std::optional<Match> matchClip(const GraphRewriter &graph, const Layer &layer)
{
    const auto *single = layer.as<Elementwise>();
    const auto outer = single ? bounds(single->function) : std::nullopt;
    if (!outer)
        return std::nullopt;
    const TensorId between = layer.inputs[0];
    const Layer *before = graph.producer(between);
    const bool follows =
        before && before->is<Elementwise>() && !before->hasActivation() && graph.isPrivate(between);
    const auto inner = follows ? bounds(before->as<Elementwise>()->function) : std::nullopt;
    if (inner && inner->first <= outer->second && outer->first <= inner->second)
        return Match{.x = before->inputs[0],
                     .function = clipOrRelu(std::max(inner->first, outer->first),
                                            std::min(inner->second, outer->second)),
                     .layers = {before->id}};
    const ScalarFunction simplest = clipOrRelu(outer->first, outer->second);
    if (simplest.function != single->function.function)
        return Match{.x = between, .function = simplest};
    return std::nullopt;
}

std::optional<Match> matchSoftplus(const GraphRewriter &graph, const Layer &layer)
{
    if (layer.hasActivation() || !elementwise(graph, layer.output, Function::log))
        return std::nullopt;
    Match match{.x = {}, .function = {Function::softplus}};
    const std::optional<TensorId> x = softplusOperand(graph, layer.output, match.layers);
    if (!x)
        return std::nullopt;
    match.x = *x;
    return match;
}

std::optional<Match> match(const GraphRewriter &graph, const Layer &layer)
{
    for (const auto matcher : {matchProduct, matchBound, matchClip, matchSoftplus})
        if (std::optional<Match> found = matcher(graph, layer))
            return found;
    return std::nullopt;
}

bool sweep(GraphRewriter &graph)
{
    bool found = false;
    const std::size_t count = graph.layerCount();
    // Last layers first, so that the largest form wins over the smaller one inside it.
    for (std::size_t i = count; i-- > 0;) {
        const LayerId id(i);
        if (!graph.isAlive(id))
            continue;
        const std::optional<Match> form = match(graph, graph.layer(id));
        if (!form)
            continue;
        for (const LayerId part : form->layers)
            graph.addOrigin(id, std::vector(graph.layer(part).origin));
        graph.replace(id, Elementwise{form->function}, {form->x});
        found = true;
    }
    return found;
}

} // namespace

Result<std::shared_ptr<const Graph>> recogniseActivations(const Graph &source)
{
    GraphRewriter graph(source);
    // Each sweep shortens some arithmetic, so this ends.
    while (sweep(graph)) {
        Result<std::shared_ptr<const Graph>> shorter = std::move(graph).finish();
        if (!shorter)
            return shorter;
        graph = GraphRewriter(**shorter);
    }
    return std::move(graph).finish();
}

} // namespace hefstudio
