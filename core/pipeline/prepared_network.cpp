// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/prepared_network.h"

#include "passes/cut_graph.h"
#include "passes/node_names.h"
#include "passes/pipeline.h"

#include <algorithm>

namespace hefstudio {
namespace {

std::string joined(const std::vector<std::string> &names)
{
    std::string text;
    for (const auto &name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

// The nodes a user named, in the form the structure search gives.
Result<std::vector<EndNodeProposal>> namedEnds(const Graph &graph,
                                               const std::vector<std::string> &names)
{
    const auto tensors = resolveNodeNames(graph, names);
    if (!tensors)
        return std::unexpected(tensors.error());
    const auto proposals = proposeEndNodes(graph);
    std::vector<EndNodeProposal> ends;
    for (const auto id : *tensors) {
        // What the structure knows about this tensor (its role) stays true when the user names it.
        const auto known = std::ranges::find(proposals, id, &EndNodeProposal::tensor);
        ends.push_back(known != proposals.end() ? *known
                                                : EndNodeProposal{.tensor = id,
                                                                  .node = graph.tensor(id).name,
                                                                  .shape = graph.tensor(id).shape,
                                                                  .reason = {}});
        ends.back().reason = "named by the user";
    }
    return ends;
}

} // namespace

Result<CutNetwork> cutForDevice(std::shared_ptr<const Graph> imported,
                                const ConversionSettings &settings)
{
    CutNetwork network;
    network.whole = imported;
    std::vector<TensorId> starts;
    Diagnostics unknown;
    for (const auto &name : settings.startNodes) {
        auto tensors = resolveStartNode(*imported, name);
        if (tensors)
            starts.insert(starts.end(), tensors->begin(), tensors->end());
        else
            unknown.insert(unknown.end(), tensors.error().begin(), tensors.error().end());
    }
    if (!unknown.empty())
        return fail(std::move(unknown));
    if (settings.endNodes.empty()) {
        network.ends = proposeEndNodes(*imported);
    } else {
        auto ends = namedEnds(*imported, settings.endNodes);
        if (!ends)
            return passOn(std::move(ends));
        network.ends = std::move(*ends);
    }
    std::vector<TensorId> endTensors;
    std::vector<std::string> nodes;
    for (const auto &end : network.ends) {
        endTensors.push_back(end.tensor);
        nodes.push_back(end.node);
    }
    const auto cut = cutGraph(*imported, starts, endTensors);
    if (!cut)
        return std::unexpected(cut.error());
    network.device = cut->device;
    network.host = cut->host;
    network.endNodesRow =
        settings.endNodes.empty()
            ? LedgerRow{"end nodes", "automatic", joined(nodes), network.ends.front().reason}
            : LedgerRow{"end nodes", joined(settings.endNodes), joined(settings.endNodes), ""};
    return network;
}

Result<std::shared_ptr<const Graph>> rewriteForDevice(std::shared_ptr<const Graph> device,
                                                      const InputPlans &plans, bool verify,
                                                      std::stop_token stop, const EventSink &sink)
{
    auto passes = preparePasses();
    std::vector<InputNormalization> normalizations;
    for (const auto &plan : plans.inputs)
        if (plan.isPicture)
            normalizations.push_back(
                {plan.inputName, plan.normalization.mean, plan.normalization.std});
    if (!normalizations.empty())
        passes.push_back(normalizationPass(std::move(normalizations)));
    return runPasses(std::move(device), passes, {.verify = verify, .evaluate = {}}, std::move(stop),
                     sink);
}

} // namespace hefstudio
