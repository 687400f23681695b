// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/float_fusion.h"

#include <algorithm>
#include <cmath>

namespace hefstudio {

namespace {

const Binary *binaryOf(const Layer &layer, BinaryOperator op)
{
    const auto *binary = std::get_if<Binary>(&layer.attributes);
    return binary && binary->op == op && layer.inputs.size() == 2 ? binary : nullptr;
}

const ScalarFunction *functionOf(const Layer &layer)
{
    const auto *elementwise = std::get_if<Elementwise>(&layer.attributes);
    return elementwise ? &elementwise->function : nullptr;
}

bool isNear(std::optional<float> value, double wanted)
{
    return value && std::abs(*value - wanted) < 1e-6 * wanted;
}

TensorId otherInput(const Layer &layer, TensorId x)
{
    return layer.inputs[0] == x ? layer.inputs[1] : layer.inputs[0];
}

} // namespace

bool TailFinder::isOutput(TensorId tensor) const
{
    return std::ranges::find(m_graph.outputs, tensor) != m_graph.outputs.end();
}

const Layer *TailFinder::soleReader(TensorId tensor) const
{
    const auto &consumers = m_graph.tensor(tensor).consumers;
    if (isOutput(tensor) || consumers.size() != 1)
        return nullptr;
    return &m_graph.layer(consumers.front());
}

std::optional<float> TailFinder::scalarBeside(const Layer &layer, TensorId x) const
{
    if (!isPlain(layer) || (layer.inputs[0] == x) == (layer.inputs[1] == x))
        return {};
    const TensorInfo &other = m_graph.tensor(otherInput(layer, x));
    if (!other.isConstant() || other.constant->type() != ElementType::float32 ||
        other.constant->elementCount() != 1 ||
        m_graph.outputOf(layer).shape != m_graph.tensor(x).shape)
        return {};
    return other.constant->as<float>()[0];
}

std::optional<float> TailFinder::factorOf(const Layer &layer, TensorId x) const
{
    if (const ScalarFunction *function = functionOf(layer);
        function && function->function == Function::affine && function->beta == 0 &&
        isPlain(layer))
        return function->alpha;
    if (binaryOf(layer, BinaryOperator::multiply))
        return scalarBeside(layer, x);
    if (binaryOf(layer, BinaryOperator::divide) && layer.inputs[0] == x)
        if (const auto divisor = scalarBeside(layer, x))
            return 1 / *divisor;
    return {};
}

std::optional<float> TailFinder::termOf(const Layer &layer, TensorId x) const
{
    if (const ScalarFunction *function = functionOf(layer);
        function && function->function == Function::affine && function->alpha == 1 &&
        isPlain(layer))
        return function->beta;
    if (binaryOf(layer, BinaryOperator::add))
        return scalarBeside(layer, x);
    return {};
}

// The only reader of `b`, if it multiplies it with `a`.
const Layer *TailFinder::multiplication(TensorId a, TensorId b) const
{
    const Layer *reader = soleReader(b);
    if (!reader || !binaryOf(*reader, BinaryOperator::multiply) || !isPlain(*reader) ||
        otherInput(*reader, b) != a || a == b)
        return nullptr;
    return reader;
}

// x·sigmoid(x) and x·hardSigmoid(x).
std::optional<TailFinder::Spelled> TailFinder::gatedAfter(TensorId tensor) const
{
    const auto &consumers = m_graph.tensor(tensor).consumers;
    for (const LayerId id : consumers) {
        const Layer &gate = m_graph.layer(id);
        const ScalarFunction *function = functionOf(gate);
        if (!function || !isPlain(gate))
            continue;
        ScalarFunction gated;
        if (function->function == Function::sigmoid)
            gated = {.function = Function::silu};
        else if (function->function == Function::hardSigmoid &&
                 isNear(function->alpha, 1.0 / 6) && isNear(function->beta, 0.5))
            gated = {.function = Function::hardSwish};
        else
            continue;
        const Layer *product = multiplication(tensor, gate.output);
        if (product && std::ranges::find(consumers, product->id) != consumers.end())
            return Spelled{gated, product->output, {gate.id, product->id}};
    }
    return {};
}

// x/2·(1 + erf(x/√2)), with the half before or after the product.
std::optional<TailFinder::Spelled> TailFinder::geluAfter(TensorId tensor) const
{
    for (const LayerId id : m_graph.tensor(tensor).consumers) {
        const Layer &scaling = m_graph.layer(id);
        if (!isNear(factorOf(scaling, tensor), 0.70710678118654752))
            continue;
        const Layer *erf = soleReader(scaling.output);
        if (!erf || !functionOf(*erf) || functionOf(*erf)->function != Function::erf ||
            !isPlain(*erf))
            continue;
        const Layer *plusOne = soleReader(erf->output);
        if (!plusOne || !isNear(termOf(*plusOne, erf->output), 1))
            continue;
        const Layer *product = soleReader(plusOne->output);
        if (!product || !binaryOf(*product, BinaryOperator::multiply) || !isPlain(*product))
            continue;
        const TensorId other = otherInput(*product, plusOne->output);
        if (other == tensor) {
            const Layer *half = soleReader(product->output);
            if (half && isNear(factorOf(*half, product->output), 0.5))
                return Spelled{{.function = Function::gelu},
                               half->output,
                               {scaling.id, erf->id, plusOne->id, product->id, half->id}};
            continue;
        }
        const LayerId halfId = m_graph.tensor(other).producer;
        if (!halfId.isValid() || soleReader(other) != product)
            continue;
        const Layer &half = m_graph.layer(halfId);
        if (std::ranges::find(half.inputs, tensor) != half.inputs.end() &&
            isNear(factorOf(half, tensor), 0.5))
            return Spelled{{.function = Function::gelu},
                           product->output,
                           {scaling.id, erf->id, plusOne->id, half.id, product->id}};
    }
    return {};
}

std::optional<TailFinder::Spelled> TailFinder::activationAfter(TensorId tensor) const
{
    if (isOutput(tensor))
        return {};
    const auto &consumers = m_graph.tensor(tensor).consumers;
    if (const Layer *reader = soleReader(tensor)) {
        const ScalarFunction *function = functionOf(*reader);
        if (function && isPlain(*reader) && hasVectorLoop(*function))
            return Spelled{*function, reader->output, {reader->id}};
        return {};
    }
    if (consumers.size() != 2)
        return {};
    if (auto gated = gatedAfter(tensor))
        return gated;
    return geluAfter(tensor);
}

std::span<const float> TailFinder::rowBeside(const Layer &layer, BinaryOperator op,
                                             TensorId x) const
{
    if (!binaryOf(layer, op) || !isPlain(layer) || layer.inputs[0] == layer.inputs[1])
        return {};
    const TensorInfo &other = m_graph.tensor(otherInput(layer, x));
    const Shape &shape = m_graph.tensor(x).shape;
    if (!other.isConstant() || other.constant->type() != ElementType::float32 ||
        other.shape.rank() == 0 || other.shape.back() != shape.back() ||
        other.shape.elementCount() != shape.back() || m_graph.outputOf(layer).shape != shape)
        return {};
    return other.constant->as<float>();
}

std::optional<SpelledNormalization> TailFinder::normalizationAt(const Layer &mean) const
{
    const auto isMeanOfRows = [&](const Layer &layer) {
        const auto *reduce = std::get_if<Reduce>(&layer.attributes);
        const auto rank = static_cast<std::int64_t>(m_graph.inputOf(layer, 0).shape.rank());
        return reduce && isPlain(layer) && reduce->reduction == Reduction::mean &&
               reduce->keepDimensions && reduce->axes.size() == 1 &&
               (reduce->axes[0] == rank - 1 || reduce->axes[0] == -1);
    };
    if (!isMeanOfRows(mean))
        return {};
    const TensorId x = mean.inputs[0];
    const Layer *centred = soleReader(mean.output);
    if (!centred || !binaryOf(*centred, BinaryOperator::subtract) || !isPlain(*centred) ||
        centred->inputs[0] != x || centred->inputs[1] != mean.output || isOutput(centred->output))
        return {};
    const auto &readers = m_graph.tensor(centred->output).consumers;
    if (readers.size() != 2)
        return {};
    const Layer *square = &m_graph.layer(readers[0]), *quotient = &m_graph.layer(readers[1]);
    if (binaryOf(*square, BinaryOperator::divide))
        std::swap(square, quotient);
    const ScalarFunction *power = functionOf(*square);
    const bool isSquare =
        isPlain(*square) &&
        ((power && power->function == Function::power && power->alpha == 2) ||
         (binaryOf(*square, BinaryOperator::multiply) && square->inputs[0] == square->inputs[1]) ||
         (binaryOf(*square, BinaryOperator::power) &&
          square->inputs[0] == centred->output &&
          isNear(scalarBeside(*square, centred->output), 2)));
    const Layer *variance = isSquare ? soleReader(square->output) : nullptr;
    if (!variance || !isMeanOfRows(*variance))
        return {};
    const Layer *shifted = soleReader(variance->output);
    const auto epsilon = shifted ? termOf(*shifted, variance->output) : std::nullopt;
    const Layer *root = epsilon ? soleReader(shifted->output) : nullptr;
    if (!root || !functionOf(*root) || functionOf(*root)->function != Function::sqrt ||
        !isPlain(*root) || soleReader(root->output) != quotient ||
        !binaryOf(*quotient, BinaryOperator::divide) || !isPlain(*quotient) ||
        quotient->inputs[0] != centred->output || quotient->inputs[1] != root->output)
        return {};
    SpelledNormalization found{.result = quotient->output,
                               .epsilon = *epsilon,
                               .absorbed = {centred->id, square->id, variance->id, shifted->id,
                                            root->id, quotient->id}};
    const Layer *scaled = soleReader(found.result);
    if (scaled) {
        found.gamma = rowBeside(*scaled, BinaryOperator::multiply, found.result);
        if (!found.gamma.empty()) {
            found.absorbed.push_back(scaled->id);
            found.result = scaled->output;
            const Layer *moved = soleReader(found.result);
            if (moved)
                found.beta = rowBeside(*moved, BinaryOperator::add, found.result);
            if (!found.beta.empty()) {
                found.absorbed.push_back(moved->id);
                found.result = moved->output;
            }
        }
    }
    return found;
}

FusedTail TailFinder::alone(const Layer &layer)
{
    FusedTail tail;
    tail.result = layer.output;
    tail.epilogue.before = layer.activation;
    return tail;
}

// Takes in what reads the tail's result; false when that cannot be done.
bool TailFinder::extend(FusedTail &tail, bool takesBias) const
{
    Epilogue &epilogue = tail.epilogue;
    ScalarFunction &place = epilogue.addsResidual ? epilogue.after : epilogue.before;
    if (place.function == Function::identity) {
        if (auto spelled = activationAfter(tail.result)) {
            place = spelled->function;
            tail.result = spelled->result;
            std::ranges::copy(spelled->layers, std::back_inserter(tail.absorbed));
            return true;
        }
    }
    const Layer *reader = soleReader(tail.result);
    if (epilogue.addsResidual || !reader || !binaryOf(*reader, BinaryOperator::add) ||
        reader->inputs[0] == reader->inputs[1])
        return false;
    const TensorId other = otherInput(*reader, tail.result);
    const TensorInfo &added = m_graph.tensor(other);
    const Shape &shape = m_graph.tensor(tail.result).shape;
    if (m_graph.outputOf(*reader).shape != shape || (reader->hasActivation() &&
                                                     !hasVectorLoop(reader->activation)))
        return false;
    if (added.isConstant()) {
        if (!takesBias || epilogue.before.function != Function::identity || !tail.bias.empty() ||
            added.constant->type() != ElementType::float32 || shape.rank() == 0 ||
            added.shape.elementCount() != shape.back() || added.shape.rank() == 0 ||
            added.shape.back() != shape.back())
            return false;
        tail.bias = added.constant->as<float>();
        epilogue.before = reader->activation;
    } else {
        if (added.shape != shape || !m_isThere(other))
            return false;
        epilogue.addsResidual = true;
        epilogue.after = reader->activation;
        tail.residual = other;
    }
    tail.result = reader->output;
    tail.absorbed.push_back(reader->id);
    return true;
}

FusedTail TailFinder::find(const Layer &layer, bool takesBias) const
{
    FusedTail tail = alone(layer);
    if (!hasVectorLoop(layer.activation))
        return tail;
    while (extend(tail, takesBias)) {
    }
    return tail;
}

} // namespace hefstudio
