// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/model_check.h"

#include "device/device_model.h"
#include "graph/graph.h"
#include "mapping/mapping.h"
#include "onnx/import.h"
#include "onnx/model_file.h"
#include "pipeline/prepared_network.h"
#include "profile/profile.h"

#include <algorithm>
#include <set>

namespace hefstudio {
namespace {

std::vector<OperatorRow> operatorRows(const OnnxModel &model, const Graph *graph)
{
    std::set<std::string> converted; // node names that became (part of) a layer
    if (graph)
        for (const auto &layer : graph->layers)
            converted.insert(layer.origin.begin(), layer.origin.end());
    std::map<std::string, OperatorRow> rows;
    for (const auto &node : model.nodes) {
        auto &row = rows[node.operatorName()];
        row.op = node.operatorName();
        ++row.count;
        if (!isOperatorSupported(node.domain, node.op))
            row.verdict = "not supported";
        else if (!graph || converted.contains(node.name))
            row.verdict = "converted";
        else if (row.verdict.empty())
            row.verdict = "folded away";
    }
    std::vector<OperatorRow> list;
    for (auto &[name, row] : rows)
        list.push_back(std::move(row));
    return list;
}

Result<ModelCheck::Fit> fitOf(const Graph &graph, const std::string &arch, std::stop_token stop)
{
    const auto device = findDevice(arch);
    if (!device)
        return std::unexpected(device.error());
    const std::vector<int> bits(graph.tensors.size(), 8);
    const auto mapping = mapToDevice(graph, bits, *device, {}, std::move(stop), {});
    if (!mapping)
        return std::unexpected(mapping.error());
    constexpr int batch[] = {1};
    const auto profile = estimate(graph, bits, *mapping, *device, batch);
    return ModelCheck::Fit{.device = device->id,
                           .contexts = static_cast<int>(mapping->contexts.size()),
                           .predictedFps = profile.framesPerSecond.at(1)};
}

} // namespace

ModelCheck checkModel(const std::filesystem::path &model, const ModelCheckOptions &options,
                      std::stop_token stop)
{
    ModelCheck check;
    auto file = readOnnxModel(model);
    if (!file) {
        check.diagnostics = std::move(file.error());
        return check;
    }
    check.wasRead = true;
    const auto graph = importOnnx(*file, {.inputShapes = options.inputShapes, .endNodes = {}});
    check.operators = operatorRows(*file, graph ? graph->get() : nullptr);
    if (!graph) {
        check.diagnostics = graph.error();
        return check;
    }
    auto cut = cutForDevice(*graph, {});
    if (!cut) {
        check.diagnostics = std::move(cut.error());
        return check;
    }
    check.ends = std::move(cut->ends);
    const auto rewritten = rewriteForDevice(cut->device, {}, false, stop, {});
    if (!rewritten) {
        check.diagnostics = rewritten.error();
        return check;
    }
    const auto fit = fitOf(**rewritten, options.arch, stop);
    if (!fit) {
        check.diagnostics = fit.error();
        return check;
    }
    check.fit = *fit;
    check.isSupported = true;
    return check;
}

} // namespace hefstudio
