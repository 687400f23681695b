// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/prepared_network.h"

#include "heads/describe_head.h"
#include "onnx/export.h"
#include "onnx/extract.h"
#include "passes/cut_graph.h"
#include "passes/head_surgery.h"
#include "passes/node_names.h"
#include "passes/pipeline.h"
#include "passes/supported_frontier.h"

#include <algorithm>
#include <set>

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
        ends.push_back(known != proposals.end() ? *known : describeEnd(graph, id));
        ends.back().reason = "named by the user";
    }
    return ends;
}

bool breaksLimit(const Graph &graph)
{
    return std::ranges::any_of(graph.layers, [&](const Layer &layer) {
        return !layer.is<Input>() && brokenChipLimit(graph, layer);
    });
}

std::vector<TensorId> tensorsOf(const std::vector<EndNodeProposal> &ends)
{
    std::vector<TensorId> tensors;
    for (const auto &end : ends)
        tensors.push_back(end.tensor);
    return tensors;
}

// The value of the imported graph that stands for one of the rewritten graph: the same by name, or
// what it is computed from, as far back as a pass has gone.
void collectByName(const Graph &imported, const Graph &rewritten, TensorId id,
                   std::vector<TensorId> &found)
{
    if (!id.isValid() || rewritten.tensor(id).isConstant())
        return;
    if (const auto *same = imported.findTensor(rewritten.tensor(id).name)) {
        if (std::ranges::find(found, same->id) == found.end())
            found.push_back(same->id);
        return;
    }
    for (const auto input : rewritten.layer(rewritten.tensor(id).producer).inputs)
        collectByName(imported, rewritten, input, found);
}

// Draws the ends back to before what the chip cannot have even after the passes.
Result<std::vector<EndNodeProposal>> drawnBack(const Graph &imported,
                                               std::span<const TensorId> starts,
                                               std::vector<EndNodeProposal> ends)
{
    const auto cut = cutGraph(imported, starts, tensorsOf(ends));
    if (!cut)
        return std::unexpected(cut.error());
    if (!breaksLimit(*cut->device))
        return ends;
    const auto passes = preparePasses();
    const auto rewritten = runPasses(cut->device, passes, {}, {}, {});
    if (!rewritten)
        return std::unexpected(rewritten.error());
    const auto frontier = supportedFrontier(**rewritten);
    if (frontier.isWhole())
        return ends;
    std::vector<EndNodeProposal> drawn;
    const auto isKnown = [&](TensorId id) {
        return std::ranges::find(drawn, id, &EndNodeProposal::tensor) != drawn.end();
    };
    for (const auto &end : frontier.ends) {
        std::vector<TensorId> found;
        collectByName(imported, **rewritten, end.tensor, found);
        for (const auto id : found) {
            const auto &producer = imported.layer(imported.tensor(id).producer);
            if (producer.is<Input>() || isKnown(id))
                continue;
            const auto before = std::ranges::find(ends, id, &EndNodeProposal::tensor);
            if (before != ends.end()) {
                drawn.push_back(*before);
                continue;
            }
            auto proposal = describeEnd(imported, id);
            if (end.limit) {
                const auto &blocked = (*rewritten)->layer(end.blocked);
                proposal.reason = "It is the last value before " +
                                  (blocked.origin.empty() ? blocked.name : blocked.origin.front()) +
                                  ", which breaks this limit: " + std::string(end.limit->text);
            }
            drawn.push_back(std::move(proposal));
        }
    }
    if (drawn.empty()) {
        const auto &blocked = (*rewritten)->layer(frontier.blocked.front());
        const auto node = blocked.origin.empty() ? blocked.name : blocked.origin.front();
        return fail(Diagnostic("pipeline.nothing-for-chip", Place{.node = node})
                        .with("node", node)
                        .with("why", std::string(brokenChipLimit(**rewritten, blocked)->text)));
    }
    return drawn;
}

// A constant operand of more elements is network; what decodes has less.
constexpr std::int64_t weightElements = 1024;

bool isWeighted(const OnnxModel &model, const OnnxNode &node)
{
    static const std::set<std::string, std::less<>> kinds{"Conv", "ConvTranspose", "Gemm", "MatMul",
                                                          "LSTM", "GRU",           "RNN"};
    return kinds.contains(node.op) &&
           std::ranges::any_of(node.inputs, [&](const std::string &input) {
               const auto found = model.initialisers.find(input);
               return found != model.initialisers.end() &&
                      found->second->shape().elementCount() > weightElements;
           });
}

// Refused nodes with weights somewhere behind them: the network proper goes on there.
std::vector<std::string> blockingNodes(const ImportedModel &model)
{
    std::set<std::string> refused;
    for (const auto &fault : model.prefix.refused)
        refused.insert(fault.place.node);
    const std::set<std::string> leftOut(model.prefix.leftOut.begin(), model.prefix.leftOut.end());
    // Backwards from the weighted nodes that are left out.
    std::map<std::string, const OnnxNode *> producers;
    for (const auto &node : model.onnx.nodes)
        if (leftOut.contains(node.name))
            for (const auto &output : node.outputs)
                producers[output] = &node;
    std::vector<const OnnxNode *> open;
    std::set<std::string> seen;
    for (const auto &node : model.onnx.nodes)
        if (leftOut.contains(node.name) && isWeighted(model.onnx, node))
            open.push_back(&node);
    std::vector<std::string> blocking;
    while (!open.empty()) {
        const auto *node = open.back();
        open.pop_back();
        if (!seen.insert(node->name).second)
            continue;
        if (refused.contains(node->name))
            blocking.push_back(node->name);
        for (const auto &input : node->inputs)
            if (const auto producer = producers.find(input); producer != producers.end())
                open.push_back(producer->second);
    }
    return blocking;
}

// Outputs of the prefix that are none of the model say what follows them.
void explainLeftOut(const ImportedModel &model, std::vector<EndNodeProposal> &ends)
{
    for (auto &end : ends) {
        const auto &name = model.graph()->tensor(end.tensor).name;
        const auto isOfModel = std::ranges::find(model.onnx.outputs, name, &OnnxValue::name) !=
                               model.onnx.outputs.end();
        if (end.role != EndNodeRole::output || isOfModel)
            continue;
        const auto reader = std::ranges::find_if(model.onnx.nodes, [&](const OnnxNode &node) {
            return std::ranges::find(node.inputs, name) != node.inputs.end() &&
                   std::ranges::find(model.prefix.leftOut, node.name) != model.prefix.leftOut.end();
        });
        if (reader != model.onnx.nodes.end())
            end.reason = "It is the last value before " + reader->name + ", an operator " +
                         reader->operatorName() + " that stays on the host.";
    }
}

std::vector<EndNodeProposal> outputsAsEnds(const Graph &graph)
{
    std::vector<EndNodeProposal> ends;
    for (const auto id : graph.outputs)
        if (!graph.tensor(id).isConstant())
            ends.push_back(describeEnd(graph, id));
    return ends;
}

// By the nodes the user named, else by the proposals.
std::vector<EndNodeProposal> proposalsFor(const Graph &imported, const ConversionSettings &settings)
{
    return settings.endNodes.empty() ? proposeEndNodes(imported) : std::vector<EndNodeProposal>{};
}

// A host part that is taken from the file knows the values of the file only.
enum class HeadEdit { allowed, fileOnly };

std::string headWork(const HeadSurgery &surgery)
{
    std::string text;
    if (surgery.splitConvolutions > 0)
        text = std::to_string(surgery.splitConvolutions) + " convolutions split by role";
    if (surgery.foldedSigmoids > 0)
        text += (text.empty() ? "" : ", ") + std::to_string(surgery.foldedSigmoids) +
                " sigmoids on the chip";
    return text.empty() ? "nothing to change" : text;
}

Result<CutNetwork> cutBy(std::shared_ptr<const Graph> imported, const ConversionSettings &settings,
                         std::vector<EndNodeProposal> proposals, HeadEdit edit)
{
    CutNetwork network;
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
    auto ends = settings.endNodes.empty() ? drawnBack(*imported, starts, std::move(proposals))
                                          : namedEnds(*imported, settings.endNodes);
    if (!ends)
        return passOn(std::move(ends));
    network.ends = std::move(*ends);
    if (settings.endNodes.empty() && edit == HeadEdit::allowed) {
        auto surgery = prepareHead(imported, std::move(network.ends));
        if (!surgery)
            return passOn(std::move(surgery));
        if (surgery->graph != imported)
            network.headRow = LedgerRow{"head", "automatic", headWork(*surgery),
                                        "each output gets a scale of its own"};
        // The names of the starts stay; their ids do not.
        for (TensorId &start : starts)
            if (const auto *same = surgery->graph->findTensor(imported->tensor(start).name))
                start = same->id;
        imported = std::move(surgery->graph);
        network.ends = std::move(surgery->ends);
    }
    network.whole = imported;
    std::vector<std::string> nodes;
    for (const auto &end : network.ends)
        nodes.push_back(end.node);
    const auto cut = cutGraph(*imported, starts, tensorsOf(network.ends));
    if (!cut)
        return std::unexpected(cut.error());
    network.device = cut->device;
    network.host = cut->host;
    network.head = describeHead(*imported, network.ends, cut->host);
    network.endNodesRow =
        settings.endNodes.empty()
            ? LedgerRow{"end nodes", "automatic", joined(nodes), network.ends.front().reason}
            : LedgerRow{"end nodes", joined(settings.endNodes), joined(settings.endNodes), ""};
    return network;
}

} // namespace

Result<ImportedModel> importModel(OnnxModel onnx, const std::filesystem::path &file,
                                  const std::map<std::string, std::vector<std::int64_t>> &shapes)
{
    ImportedModel model{.file = file, .onnx = std::move(onnx), .prefix = {}, .blocking = {}};
    auto prefix = importPrefix(model.onnx, {.inputShapes = shapes, .endNodes = {}});
    if (!prefix)
        return passOn(std::move(prefix));
    model.prefix = std::move(*prefix);
    if (!model.prefix.isWhole())
        model.blocking = blockingNodes(model);
    return model;
}

Result<ImportedModel> importModel(const std::filesystem::path &file,
                                  const std::map<std::string, std::vector<std::int64_t>> &shapes)
{
    auto onnx = readOnnxModel(file);
    if (!onnx)
        return passOn(std::move(onnx));
    return importModel(std::move(*onnx), file, shapes);
}

Result<void> checkBatch(const Graph &graph, const std::string &file)
{
    Diagnostics faults;
    for (const auto id : graph.inputs) {
        const auto &info = graph.tensor(id);
        if (info.shape.rank() < 3 || info.shape[0] == 1)
            continue;
        std::string one = "1";
        for (std::size_t i = 1; i < info.shape.rank(); ++i)
            one += "," + std::to_string(info.shape[i]);
        faults.push_back(Diagnostic("input.batch", Place{.file = file, .keyPath = info.name})
                             .with("input", info.name)
                             .with("batch", info.shape[0])
                             .with("proposal", one)
                             .withFix({"set-input-shape", {{"input", info.name}, {"shape", one}}}));
    }
    if (!faults.empty())
        return fail(std::move(faults));
    return {};
}

Result<CutNetwork> cutForDevice(const ImportedModel &model, const ConversionSettings &settings)
{
    if (auto single = checkBatch(*model.graph(), model.file.string()); !single)
        return passOn(std::move(single));
    const auto edit = model.prefix.isWhole() ? HeadEdit::allowed : HeadEdit::fileOnly;
    auto cut =
        model.blocking.empty() || !settings.endNodes.empty()
            ? cutBy(model.graph(), settings, proposalsFor(*model.graph(), settings), edit)
            : cutBy(model.graph(), settings, outputsAsEnds(*model.graph()), HeadEdit::fileOnly);
    if (!cut || model.prefix.isWhole())
        return cut;
    if (settings.endNodes.empty())
        explainLeftOut(model, cut->ends);
    cut->host = nullptr;
    return cut;
}

Result<CutNetwork> cutForDevice(std::shared_ptr<const Graph> imported,
                                const ConversionSettings &settings)
{
    auto proposals = proposalsFor(*imported, settings);
    return cutBy(std::move(imported), settings, std::move(proposals), HeadEdit::allowed);
}

Result<HostRemainder> hostRemainder(const ImportedModel &model, const CutNetwork &cut)
{
    HostRemainder remainder;
    if (cut.host) {
        auto bytes = exportOnnx(*cut.host);
        if (!bytes)
            return passOn(std::move(bytes));
        remainder.onnx = std::move(*bytes);
        for (const auto id : cut.host->outputs)
            remainder.outputs.push_back(cut.host->tensor(id).name);
    } else if (!model.prefix.isWhole()) {
        TailRequest request;
        for (const auto &end : cut.ends)
            request.inputs.push_back({model.graph()->tensor(end.tensor).name, end.shape});
        request.constants = model.prefix.constants;
        auto tail = extractTail(model.file, model.onnx, request);
        if (!tail)
            return passOn(std::move(tail));
        remainder.onnx = std::move(tail->bytes);
        for (const auto &output : model.onnx.outputs)
            remainder.outputs.push_back(output.name);
    }
    return remainder;
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
