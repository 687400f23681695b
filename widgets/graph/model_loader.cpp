// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/model_loader.h"

#include "common/files.h"
#include "onnx/import.h"
#include "passes/cut_graph.h"
#include "passes/pipeline.h"

#include <unordered_map>
#include <unordered_set>

namespace hefstudio {

namespace {

// The value behind a node's last layer: where a cut at the node ends the graph.
TensorId outputOfNode(const Graph &graph, const std::string &node)
{
    TensorId found = TensorId::invalid();
    for (const Layer &layer : graph.layers)
        if (layer.name == node ||
            std::find(layer.origin.begin(), layer.origin.end(), node) != layer.origin.end())
            found = layer.output;
    return found;
}

Result<std::vector<TensorId>> tensorsOf(const Graph &graph, const QStringList &nodes)
{
    std::vector<TensorId> tensors;
    for (const QString &node : nodes) {
        const TensorId tensor = outputOfNode(graph, node.toStdString());
        if (!tensor.isValid())
            return fail(Diagnostic("onnx.unknown-node", Place{.node = node.toStdString()})
                            .with("node", node.toStdString()));
        tensors.push_back(tensor);
    }
    return tensors;
}

struct DeviceGraph {
    std::shared_ptr<const Graph> cut;       // before rewriting
    std::shared_ptr<const Graph> rewritten;
};

Result<DeviceGraph> deviceGraph(const Graph &imported, const CutChoice &choice,
                                const std::vector<EndNodeProposal> &proposals,
                                const std::stop_token &stop)
{
    auto starts = tensorsOf(imported, choice.starts);
    auto ends = tensorsOf(imported, choice.ends);
    if (!starts)
        return passOn(std::move(starts));
    if (!ends)
        return passOn(std::move(ends));
    if (ends->empty())
        for (const EndNodeProposal &end : proposals)
            ends->push_back(end.tensor);
    auto cut = cutGraph(imported, *starts, *ends);
    if (!cut)
        return passOn(std::move(cut));
    auto rewritten = runPasses(cut->device, preparePasses(), {}, stop, {});
    if (!rewritten)
        return passOn(std::move(rewritten));
    return DeviceGraph{cut->device, std::move(*rewritten)};
}

Correspondence correspondence(const Graph &source, const DeviceGraph &device)
{
    std::unordered_map<std::string_view, int> deviceLayers;
    for (const Layer &layer : device.rewritten->layers)
        for (const std::string &node : layer.origin)
            deviceLayers.emplace(node, int(layer.id.index()));
    std::unordered_set<std::string_view> inCut;
    for (const Layer &layer : device.cut->layers) {
        inCut.insert(layer.name);
        inCut.insert(layer.origin.begin(), layer.origin.end());
    }
    Correspondence result;
    for (const Layer &layer : source.layers) {
        int found = -1;
        bool isInside = inCut.contains(layer.name);
        for (const std::string &node : layer.origin) {
            const auto known = deviceLayers.find(node);
            if (known != deviceLayers.end() && found < 0)
                found = known->second;
            isInside = isInside || inCut.contains(node);
        }
        result.deviceOf.push_back(found);
        result.onChip.push_back(isInside);
    }
    return result;
}

void addDevice(LoadedModel &model, const std::stop_token &stop)
{
    const Graph &source = *model.source.graph;
    model.source.onDevice = {std::vector<int>(source.layers.size(), -1),
                             std::vector<bool>(source.layers.size(), true)};
    auto device = deviceGraph(source, model.cut, model.proposals, stop);
    if (!device) {
        model.deviceProblems = std::move(device.error());
        return;
    }
    model.source.onDevice = correspondence(source, *device);
    model.device.graph = device->rewritten;
    model.device.onDevice = identityOn(*device->rewritten);
    model.device.scene = GraphScene::build(*device->rewritten, stop);
}

using Report = LatestJob<Result<LoadedModel>>::Report;

Result<LoadedModel> load(const QString &file, const ModelLoader::InputShapes &shapes,
                         const CutChoice &cut, const std::stop_token &stop, const Report &report)
{
    ImportOptions options;
    options.inputShapes = shapes;
    auto graph = importOnnx(toPath(file), options);
    if (!graph)
        return passOn(std::move(graph));
    LoadedModel model;
    model.file = file;
    model.cut = cut;
    model.source.graph = std::move(*graph);
    if (model.source.graph->layers.size() > 2 * previewLayers) {
        LoadedModel preview = model;
        preview.isPreview = true;
        preview.source.scene = GraphScene::build(
            *model.source.graph, SceneOptions{.fold = {}, .firstLayers = previewLayers}, stop);
        if (preview.source.scene)
            report(std::move(preview));
    }
    model.proposals = proposeEndNodes(*model.source.graph);
    if (!stop.stop_requested())
        addDevice(model, stop);
    model.source.scene = GraphScene::build(*model.source.graph, stop);
    if (!model.source.scene || (model.device.graph && !model.device.scene))
        return fail(Diagnostic("cancelled"));
    return model;
}

} // namespace

ModelLoader::ModelLoader(QObject *parent) : QObject(parent) {}

void ModelLoader::open(const QString &file, const InputShapes &shapes, const CutChoice &cut)
{
    Q_EMIT started(file);
    m_job.startStaged([file, shapes, cut](const std::stop_token &stop, const Report &report) {
        return load(file, shapes, cut, stop, report);
    },
                      [this](Result<LoadedModel> &&preview) { Q_EMIT previewed(*preview); },
                      [this, file](Result<LoadedModel> &&result) {
                          if (result)
                              Q_EMIT loaded(*result);
                          else
                              Q_EMIT failed(file, result.error());
                      });
}

void ModelLoader::recut(const LoadedModel &model, const CutChoice &cut)
{
    m_job.start(
        [model, cut](const std::stop_token &stop) -> Result<LoadedModel> {
            LoadedModel again = model;
            again.cut = cut;
            again.device = {};
            again.deviceProblems.clear();
            addDevice(again, stop);
            if (again.device.graph && !again.device.scene)
                return fail(Diagnostic("cancelled"));
            return again;
        },
        [this, file = model.file](Result<LoadedModel> &&result) {
            if (result)
                Q_EMIT loaded(*result);
            else
                Q_EMIT failed(file, result.error());
        });
}

void ModelLoader::cancel()
{
    m_job.cancel();
}

} // namespace hefstudio
