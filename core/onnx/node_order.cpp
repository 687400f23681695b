// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/node_order.h"

#include <functional>
#include <queue>
#include <unordered_map>

namespace hefstudio::onnx_import {

namespace {

constexpr std::size_t noNode = static_cast<std::size_t>(-1); // inputs and constants

} // namespace

NodeOrder orderNodes(const OnnxModel &model, std::span<const std::string> outputs)
{
    NodeOrder order;
    const auto placeOf = [&](const OnnxNode &node) {
        return Place{.file = model.file, .node = node.name};
    };
    std::unordered_map<std::string, std::size_t> producers;
    for (const auto &[name, tensor] : model.initialisers)
        producers.emplace(name, noNode);
    for (const auto &[name, tensor] : model.unreadable)
        producers.emplace(name, noNode);
    for (const OnnxValue &input : model.inputs)
        if (!producers.emplace(input.name, noNode).second)
            order.faults.push_back(Diagnostic("onnx.duplicate-name", Place{.file = model.file})
                                       .with("name", input.name));
    for (std::size_t index = 0; index < model.nodes.size(); ++index)
        for (const std::string &output : model.nodes[index].outputs)
            if (!output.empty() && !producers.emplace(output, index).second)
                order.faults.push_back(
                    Diagnostic("onnx.duplicate-name", placeOf(model.nodes[index]))
                        .with("name", output));
    if (!order.faults.empty())
        return order;

    std::vector<bool> isNeeded(model.nodes.size(), false);
    std::vector<std::size_t> open;
    const auto need = [&](const std::string &name) {
        order.needed.insert(name);
        const std::size_t producer = producers.at(name);
        if (producer != noNode && !isNeeded[producer]) {
            isNeeded[producer] = true;
            open.push_back(producer);
        }
    };
    for (const std::string &output : outputs) {
        if (producers.contains(output))
            need(output);
        else
            order.faults.push_back(Diagnostic("onnx.undefined-output", Place{.file = model.file})
                                       .with("name", output));
    }
    std::vector<int> missing(model.nodes.size(), 0);
    std::vector<std::vector<std::size_t>> users(model.nodes.size());
    while (!open.empty()) {
        const std::size_t index = open.back();
        open.pop_back();
        std::vector<std::string> read = model.nodes[index].inputs;
        read.insert(read.end(), model.nodes[index].captures.begin(),
                    model.nodes[index].captures.end());
        for (const std::string &input : read) {
            if (input.empty())
                continue;
            const auto producer = producers.find(input);
            if (producer == producers.end()) {
                order.faults.push_back(
                    Diagnostic("onnx.undefined-input", placeOf(model.nodes[index]))
                        .with("name", input));
                continue;
            }
            need(input);
            if (producer->second != noNode) {
                users[producer->second].push_back(index);
                ++missing[index];
            }
        }
    }

    std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
    std::size_t count = 0;
    for (std::size_t index = 0; index < model.nodes.size(); ++index) {
        count += isNeeded[index] ? 1 : 0;
        if (isNeeded[index] && missing[index] == 0)
            ready.push(index);
    }
    while (!ready.empty()) {
        const std::size_t index = ready.top();
        ready.pop();
        order.nodes.push_back(index);
        for (const std::size_t user : users[index])
            if (--missing[user] == 0)
                ready.push(user);
    }
    if (order.nodes.size() != count) {
        for (std::size_t index = 0; index < model.nodes.size(); ++index) {
            if (isNeeded[index] && missing[index] > 0) {
                order.faults.push_back(Diagnostic("onnx.cycle", placeOf(model.nodes[index])));
                break;
            }
        }
    }
    return order;
}

} // namespace hefstudio::onnx_import
