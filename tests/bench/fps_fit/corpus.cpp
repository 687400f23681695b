// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus.h"

#include "onnx/import.h"
#include "pipeline/prepared_network.h"

#include <fstream>
#include <iostream>
#include <sstream>

namespace hefstudio::fit {
namespace {

std::vector<std::string> cells(const std::string &line)
{
    std::vector<std::string> all;
    std::istringstream stream(line);
    for (std::string cell; std::getline(stream, cell, ',');)
        all.push_back(cell);
    return all;
}

double numberOr0(const std::vector<std::string> &row, std::size_t column)
{
    return column < row.size() && !row[column].empty() ? std::stod(row[column]) : 0;
}

// Weights are hundreds of megabytes and only their shapes count.
std::shared_ptr<const Graph> withoutWeights(const Graph &graph)
{
    auto bare = std::make_shared<Graph>(graph);
    const auto nothing = std::make_shared<const Tensor>();
    for (TensorInfo &tensor : bare->tensors)
        if (tensor.isConstant())
            tensor.constant = nothing;
    return bare;
}

} // namespace

std::shared_ptr<const Graph> loadForDevice(const std::filesystem::path &model, std::string &reason)
{
    const auto explain = [&](const Diagnostics &faults) -> std::shared_ptr<const Graph> {
        reason = faults.empty() ? "unknown" : faults.front().id;
        return nullptr;
    };
    const auto imported = importOnnx(model);
    if (!imported)
        return explain(imported.error());
    const auto cut = cutForDevice(*imported, {});
    if (!cut)
        return explain(cut.error());
    const auto graph = rewriteForDevice(cut->device, {}, false, {}, {});
    if (!graph)
        return explain(graph.error());
    return withoutWeights(**graph);
}

Corpus loadCorpus(const std::filesystem::path &table, const std::filesystem::path &folder)
{
    Corpus corpus;
    std::ifstream lines(table);
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line.front() == '#' || line.starts_with("file,"))
            continue;
        const std::vector<std::string> row = cells(line);
        Network network{.name = row[0],
                        .family = row[2],
                        .isTransformer = row[3] == "transformer",
                        .published = {Published{numberOr0(row, 7), numberOr0(row, 8)},
                                      Published{numberOr0(row, 9), numberOr0(row, 10)}},
                        .graph = nullptr,
                        .bits = {},
                        .cap = row.size() > 11 && !row[11].empty() ? std::stod(row[11]) : 1};
        std::string reason = "not in the folder";
        const auto file = folder / (row[0] + ".onnx");
        if (std::filesystem::exists(file))
            network.graph = loadForDevice(file, reason);
        if (!network.graph) {
            corpus.failures.push_back(row[0] + ": " + reason);
            continue;
        }
        network.bits.assign(network.graph->tensors.size(), row[4] == "16" ? 16 : 8);
        std::cerr << network.name << ": " << network.graph->layers.size() << " layers, "
                  << static_cast<double>(parameterCount(*network.graph)) / 1e6 << " M ("
                  << row[5] << "), "
                  << 2e-9 * static_cast<double>(multiplyAccumulates(*network.graph)) << " GOP ("
                  << row[6] << ")\n";
        corpus.networks.push_back(std::move(network));
    }
    return corpus;
}

} // namespace hefstudio::fit
