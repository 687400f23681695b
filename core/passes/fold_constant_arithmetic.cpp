// SPDX-License-Identifier: GPL-3.0-or-later
#include "passes/fold_constant_arithmetic.h"

#include "passes/fold_affine.h"

#include <algorithm>

namespace hefstudio {
namespace {

bool isAffineElementwise(const Layer &layer)
{
    const auto *single = layer.as<Elementwise>();
    return single && single->function.function == Function::affine && !layer.hasActivation();
}

void becomeElementwise(GraphRewriter &graph, LayerId id, const AffineForm &form)
{
    double scale = form.scale[0];
    double shift = form.shift[0];
    TensorId x = form.x;
    // Two in a row are one.
    const Layer *before = graph.producer(x);
    if (before && isAffineElementwise(*before) && graph.isPrivate(x)) {
        const ScalarFunction &inner = before->as<Elementwise>()->function;
        shift += scale * static_cast<double>(inner.beta);
        scale *= static_cast<double>(inner.alpha);
        graph.addOrigin(id, std::vector(before->origin));
        x = before->inputs[0];
    } else if (isAffineElementwise(graph.layer(id))) {
        return;
    }
    graph.replace(
        id, Elementwise{{Function::affine, static_cast<float>(scale), static_cast<float>(shift)}},
        {x});
}

// 1/x and x^c, which are not affine but need only one operand.
std::optional<std::pair<TensorId, ScalarFunction>> singleOperand(const GraphRewriter &graph,
                                                                 const Layer &layer)
{
    const auto *binary = layer.as<Binary>();
    if (!binary || layer.hasActivation())
        return std::nullopt;
    const std::optional<double> first = scalarConstant(graph, layer.inputs[0]);
    const std::optional<double> second = scalarConstant(graph, layer.inputs[1]);
    const auto keepsShape = [&](TensorId x) {
        return !graph.isConstant(x) && graph.tensor(x).shape == graph.tensor(layer.output).shape;
    };
    if (binary->op == BinaryOperator::divide && first == 1.0 && keepsShape(layer.inputs[1]))
        return std::pair(layer.inputs[1], ScalarFunction{Function::reciprocal});
    if (binary->op == BinaryOperator::power && second && keepsShape(layer.inputs[0]))
        return std::pair(layer.inputs[0],
                         ScalarFunction{Function::power, static_cast<float>(*second)});
    return std::nullopt;
}

} // namespace

Result<std::shared_ptr<const Graph>> foldConstantArithmetic(const Graph &source)
{
    GraphRewriter graph(source);
    for (const Layer &original : source.layers) {
        const LayerId id = original.id;
        if (original.is<BatchNormalization>())
            continue;
        if (const auto function = singleOperand(graph, graph.layer(id))) {
            graph.replace(id, Elementwise{function->second}, {function->first});
            continue;
        }
        const std::optional<AffineForm> form = affineForm(graph, graph.layer(id));
        if (!form || foldIntoProducer(graph, id, *form))
            continue;
        if (form->isScalar())
            becomeElementwise(graph, id, *form);
        else
            becomeDepthwise(graph, id, *form);
    }
    return std::move(graph).finish();
}

} // namespace hefstudio
