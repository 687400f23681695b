// RNN, LSTM and GRU: one layer per output that is used.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/import_context.h"

#include <algorithm>
#include <cctype>

namespace hefstudio::onnx_import {

namespace {

std::optional<Function> functionNamed(std::string name)
{
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    constexpr std::pair<std::string_view, Function> known[] = {
        {"tanh", Function::tanh},           {"sigmoid", Function::sigmoid},
        {"relu", Function::relu},           {"leakyrelu", Function::leakyRelu},
        {"hardsigmoid", Function::hardSigmoid}, {"elu", Function::elu},
        {"softsign", Function::softsign},   {"softplus", Function::softplus},
        {"affine", Function::affine},       {"thresholdedrelu", Function::thresholdedRelu}};
    for (const auto &[text, function] : known)
        if (text == name)
            return function;
    return std::nullopt;
}

std::vector<ScalarFunction> activationsOf(const NodeImport &node, std::vector<Function> defaults,
                                          std::size_t directions)
{
    std::vector<ScalarFunction> functions;
    const auto stated = node.stringsAttribute("activations");
    for (std::size_t d = 0; d < directions && !stated; ++d)
        for (const Function function : defaults)
            functions.push_back({function, 0, 0});
    for (const std::string &name : stated.value_or(std::vector<std::string>{})) {
        const auto function = functionNamed(name);
        if (!function)
            node.refuseForm("the function " + name);
        functions.push_back({*function, 0, 0});
    }
    const auto alphas = node.floatsAttribute("activation_alpha").value_or(std::vector<float>{});
    const auto betas = node.floatsAttribute("activation_beta").value_or(std::vector<float>{});
    for (std::size_t i = 0; i < functions.size(); ++i) {
        ScalarFunction &f = functions[i];
        if (f.function == Function::leakyRelu)
            f.alpha = 0.01F;
        else if (f.function == Function::hardSigmoid)
            f = {f.function, 0.2F, 0.5F};
        else if (f.function == Function::elu || f.function == Function::affine ||
                 f.function == Function::thresholdedRelu)
            f.alpha = 1;
        if (i < alphas.size())
            f.alpha = alphas[i];
        if (i < betas.size())
            f.beta = betas[i];
    }
    return functions;
}

template<RecurrentCell cell> void recurrent(NodeImport &node)
{
    Recurrent attributes;
    attributes.cell = cell;
    const std::string direction = node.stringAttribute("direction", "forward");
    if (direction == "forward")
        attributes.direction = Recurrent::Direction::forward;
    else if (direction == "reverse")
        attributes.direction = Recurrent::Direction::reverse;
    else if (direction == "bidirectional")
        attributes.direction = Recurrent::Direction::both;
    else
        node.refuseForm("direction " + direction);
    const std::size_t directions = direction == "bidirectional" ? 2 : 1;
    const bool isBatchFirst = node.intAttribute("layout", 0) != 0;
    const Shape &weights = node.shape(1);
    constexpr std::int64_t gates = cell == RecurrentCell::rnn    ? 1
                                   : cell == RecurrentCell::lstm ? 4
                                                                 : 3;
    attributes.hiddenSize =
        node.intAttribute("hidden_size", weights.rank() == 3 ? weights[1] / gates : 0);
    attributes.clip = node.floatAttribute("clip", 0);
    attributes.resetsAfterProduct = node.intAttribute("linear_before_reset", 0) != 0;
    attributes.couplesInputAndForget = node.intAttribute("input_forget", 0) != 0;
    const auto defaults =
        cell == RecurrentCell::rnn    ? std::vector{Function::tanh}
        : cell == RecurrentCell::lstm ? std::vector{Function::sigmoid, Function::tanh, Function::tanh}
                                      : std::vector{Function::sigmoid, Function::tanh};
    attributes.activations = activationsOf(node, defaults, directions);

    Value x = node.input(0);
    if (x.shape.rank() != 3)
        node.refuseForm("an input of " + std::to_string(x.shape.rank()) + " dimensions");
    if (isBatchFirst)
        x = node.transposed(x, {1, 0, 2});
    if (node.hasInput(4)) {
        const Dims lengths = node.constantInts(4, "sequence lengths");
        if (!std::ranges::all_of(lengths, [&](std::int64_t one) { return one == x.shape[0]; }))
            node.refuseForm("sequences of different lengths");
    }
    // ONNX: X W R B lengths h c P; the layer: x w r b h c p.
    std::vector<Value> operands{x, node.input(1), node.input(2)};
    for (const std::size_t slot : {3, 5, 6, 7}) {
        const bool isState = slot == 5 || slot == 6;
        if (!node.hasInput(slot))
            operands.emplace_back();
        else if (isState && isBatchFirst)
            operands.push_back(node.transposed(node.input(slot), {1, 0, 2}));
        else
            operands.push_back(node.input(slot));
    }
    while (operands.back().kind == Value::Kind::unknown)
        operands.pop_back();
    for (std::size_t slot = 0; slot < std::min<std::size_t>(node.outputCount(), 3); ++slot) {
        if (!node.isOutputNeeded(slot))
            continue;
        attributes.result = slot == 0   ? Recurrent::Result::sequence
                            : slot == 1 ? Recurrent::Result::lastHidden
                                        : Recurrent::Result::lastCell;
        if (!isBatchFirst) {
            node.output(slot, attributes, operands);
            continue;
        }
        const Value result = node.emit(attributes, operands);
        node.output(slot, Transpose{slot == 0 ? Dims{2, 0, 1, 3} : Dims{1, 0, 2}}, {result});
    }
}

constexpr ImporterRow rows[] = {
    {"RNN", recurrent<RecurrentCell::rnn>},
    {"LSTM", recurrent<RecurrentCell::lstm>},
    {"GRU", recurrent<RecurrentCell::gru>},
};

} // namespace

std::span<const ImporterRow> recurrentImporters()
{
    return rows;
}

} // namespace hefstudio::onnx_import
