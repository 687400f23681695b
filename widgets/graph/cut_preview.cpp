// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/cut_preview.h"

#include <QCoreApplication>
#include <QMap>

#include <algorithm>

namespace hefstudio {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(CutPreview)
};

const TensorInfo *tensorAtNode(const Graph &graph, const QString &node)
{
    const TensorInfo *found = nullptr;
    const std::string name = node.toStdString();
    for (const Layer &layer : graph.layers)
        if (layer.name == name ||
            std::find(layer.origin.begin(), layer.origin.end(), name) != layer.origin.end())
            found = &graph.outputOf(layer);
    return found;
}

CutOutput outputAt(const TensorInfo &tensor, const QString &node)
{
    CutOutput output;
    output.node = node;
    output.name = QString::fromStdString(tensor.name);
    output.shape = shapeText(tensor.shape);
    output.bytes = tensor.shape.elementCount();
    return output;
}

} // namespace

QString roleText(EndNodeRole role)
{
    switch (role) {
    case EndNodeRole::output:
        return Words::tr("output");
    case EndNodeRole::box:
        return Words::tr("boxes");
    case EndNodeRole::objectness:
        return Words::tr("objectness");
    case EndNodeRole::classes:
        return Words::tr("classes");
    case EndNodeRole::keypoints:
        return Words::tr("keypoints");
    case EndNodeRole::combined:
        return Words::tr("boxes and scores");
    case EndNodeRole::angle:
        return Words::tr("angles");
    case EndNodeRole::coefficients:
        return Words::tr("mask coefficients");
    case EndNodeRole::prototypes:
        return Words::tr("mask prototypes");
    case EndNodeRole::extra:
        return Words::tr("extra");
    }
    return {};
}

CutPreview previewCut(const LoadedModel &model)
{
    CutPreview preview;
    preview.problems = model.deviceProblems;
    const Graph &source = *model.source.graph;
    const auto proposalFor = [&](const TensorInfo &tensor) -> const EndNodeProposal * {
        for (const EndNodeProposal &proposal : model.proposals)
            if (proposal.tensor == tensor.id)
                return &proposal;
        return nullptr;
    };
    const auto add = [&](const TensorInfo &tensor, const QString &node) {
        CutOutput output = outputAt(tensor, node);
        if (const EndNodeProposal *proposal = proposalFor(tensor)) {
            output.role = roleText(proposal->role);
            output.reason = QString::fromStdString(proposal->reason);
            output.stride = proposal->stride;
        }
        preview.outputs.push_back(std::move(output));
    };
    if (model.cut.ends.isEmpty()) {
        for (const EndNodeProposal &proposal : model.proposals)
            add(source.tensor(proposal.tensor), QString::fromStdString(proposal.node));
    } else {
        for (const QString &node : model.cut.ends)
            if (const TensorInfo *tensor = tensorAtNode(source, node))
                add(*tensor, node);
    }
    QMap<QString, int> operators;
    for (const Layer &layer : source.layers) {
        if (model.source.onDevice.onChip[layer.id.index()]) {
            ++preview.chipLayers;
        } else {
            ++preview.hostLayers;
            const std::string_view kind = layer.kind();
            ++operators[QString::fromUtf8(kind.data(), qsizetype(kind.size()))
                            .replace(QLatin1Char('_'), QLatin1Char(' '))];
        }
    }
    QList<QString> names = operators.keys();
    std::stable_sort(names.begin(), names.end(), [&](const QString &a, const QString &b) {
        return operators[a] > operators[b];
    });
    for (const QString &name : names)
        preview.hostOperators << QStringLiteral("%1 %2").arg(operators[name]).arg(name);
    return preview;
}

} // namespace hefstudio
