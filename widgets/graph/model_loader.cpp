// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/model_loader.h"

#include "common/files.h"
#include "heads/end_nodes.h"
#include "onnx/import.h"
#include "passes/cut_graph.h"
#include "passes/pipeline.h"

namespace hefstudio {

namespace {

ShownGraph laidOut(std::shared_ptr<const Graph> graph, const std::stop_token &stop)
{
    auto scene = GraphScene::build(*graph, stop);
    return {std::move(graph), std::move(scene)};
}

Result<std::shared_ptr<const Graph>> deviceGraph(const Graph &imported, const std::stop_token &stop)
{
    std::vector<TensorId> ends;
    for (const EndNodeProposal &end : proposeEndNodes(imported))
        ends.push_back(end.tensor);
    auto cut = cutGraph(imported, {}, ends);
    if (!cut)
        return passOn(std::move(cut));
    return runPasses(cut->device, preparePasses(), {}, stop, {});
}

Result<LoadedModel> load(const QString &file, const ModelLoader::InputShapes &shapes,
                         const std::stop_token &stop)
{
    ImportOptions options;
    options.inputShapes = shapes;
    auto graph = importOnnx(toPath(file), options);
    if (!graph)
        return passOn(std::move(graph));
    LoadedModel model;
    model.file = file;
    if (auto device = deviceGraph(**graph, stop))
        model.device = laidOut(std::move(*device), stop);
    model.source = laidOut(std::move(*graph), stop);
    if (!model.source.scene || (model.device.graph && !model.device.scene))
        return fail(Diagnostic("cancelled"));
    return model;
}

} // namespace

ModelLoader::ModelLoader(QObject *parent) : QObject(parent) {}

void ModelLoader::open(const QString &file, const InputShapes &shapes)
{
    Q_EMIT started(file);
    m_job.start([file, shapes](const std::stop_token &stop) { return load(file, shapes, stop); },
                [this, file](Result<LoadedModel> &&result) {
                    if (result)
                        Q_EMIT loaded(*result);
                    else
                        Q_EMIT failed(file, result.error());
                });
}

} // namespace hefstudio
