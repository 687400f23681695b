// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/model_check.h"

#include "graph/graph.h"
#include "onnx/import.h"
#include "onnx/model_file.h"
#include "pipeline/prepared_network.h"

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

} // namespace

ModelCheck checkModel(const std::filesystem::path &model,
                      const std::map<std::string, std::vector<std::int64_t>> &inputShapes)
{
    ModelCheck check;
    auto file = readOnnxModel(model);
    if (!file) {
        check.diagnostics = std::move(file.error());
        return check;
    }
    check.wasRead = true;
    const auto graph = importOnnx(*file, {.inputShapes = inputShapes, .endNodes = {}});
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
    if (auto rewritten = rewriteForDevice(cut->device, {}, false, {}, {}); !rewritten) {
        check.diagnostics = std::move(rewritten.error());
        return check;
    }
    check.isSupported = true;
    return check;
}

} // namespace hefstudio
