// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/prepare_model.h"

#include "onnx/export.h"
#include "ops/parser_limits.h"
#include "passes/lower_for_parser.h"
#include "pipeline/prepared_network.h"

#include <map>

namespace hefstudio {
namespace {

// One warning for each limit, with the first layer that breaks it and how many do.
Diagnostics parserWarnings(const Graph &graph)
{
    std::map<const LayerLimit *, std::pair<const Layer *, std::int64_t>> broken;
    for (const auto &layer : graph.layers)
        if (const auto *limit = layer.is<Input>() ? nullptr : brokenParserLimit(graph, layer)) {
            auto &[first, count] = broken[limit];
            if (count++ == 0)
                first = &layer;
        }
    Diagnostics warnings;
    for (const auto &[limit, found] : broken) {
        const auto &[layer, count] = found;
        warnings.push_back(
            Diagnostic("prepare.parser-limit",
                       Place{.node = layer->origin.empty() ? "" : layer->origin.front(),
                             .layer = layer->name})
                .with("count", count)
                .with("kind", std::string(layer->kind()))
                .with("layer", layer->name)
                .with("limit", std::string(limit->text))
                .as(Severity::warning));
    }
    return warnings;
}

} // namespace

Result<PreparedModel> prepareModel(const std::filesystem::path &file, const PrepareOptions &options,
                                   std::stop_token stop, const EventSink &sink)
{
    const auto model = importModel(file, options.inputShapes);
    if (!model)
        return std::unexpected(model.error());
    if (!model->blocking.empty() && options.endNodes.empty())
        return fail(model->prefix.refused);
    ConversionSettings settings;
    settings.model = file;
    settings.startNodes = options.startNodes;
    settings.endNodes = options.endNodes;
    const auto cut = cutForDevice(*model, settings);
    if (!cut)
        return std::unexpected(cut.error());
    auto passes = preparePasses();
    for (auto &pass : parserPasses())
        passes.push_back(std::move(pass));
    const auto rewritten =
        runPasses(cut->device, passes, {.verify = options.verify, .evaluate = {}}, stop, sink);
    if (!rewritten)
        return std::unexpected(rewritten.error());
    auto onnx = exportOnnx(**rewritten);
    if (!onnx)
        return passOn(std::move(onnx));
    auto host = hostRemainder(*model, *cut);
    if (!host)
        return passOn(std::move(host));
    return PreparedModel{.graph = *rewritten,
                         .device = cut->device,
                         .head = cut->head,
                         .onnx = std::move(*onnx),
                         .host = std::move(host->onnx),
                         .ends = cut->ends,
                         .hostOutputs = std::move(host->outputs),
                         .warnings = parserWarnings(**rewritten)};
}

} // namespace hefstudio
