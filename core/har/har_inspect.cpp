// SPDX-License-Identifier: GPL-3.0-or-later
#include "har/har_inspect.h"

#include "base/diagnostic_catalogue.h"
#include "base/diagnostic_json.h"
#include "har/hn_network.h"

#include <algorithm>
#include <cstdio>

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;

struct Range {
    double low = 0, high = 0;
};

// One layer as both forms of the answer show it.
struct LayerRow {
    const HnLayer *layer = nullptr;
    Shape shape;
    std::int64_t macs = 0;
    std::int64_t parameters = 0;
    std::optional<Range> weights;  // smallest and largest
    std::optional<Range> observed; // by calibration
    std::optional<Range> represented;
    std::optional<double> scale; // nothing where every channel has its own
    std::optional<double> zeroPoint;
};

struct HarView {
    HnNetwork network;
    HnGraph graph;
    std::vector<LayerRow> rows;
    Diagnostics problems;
};

NamedTensors arraysOf(const HarArchive &archive, HarPart part, Diagnostics &problems)
{
    if (!archive.has(part))
        return {};
    const auto bytes = archive.read(part);
    auto arrays = bytes ? parseNpz(*bytes, archive.name() + ":" + std::string(harPartSuffix(part)),
                                   OtherArrays::leaveOut)
                        : Result<NamedTensors>(std::unexpected(bytes.error()));
    if (arrays)
        return std::move(*arrays);
    for (Diagnostic &d : arrays.error())
        problems.push_back(std::move(d));
    return {};
}

// Weights of the state the network is in.
HarPart weightsPart(const HarArchive &archive)
{
    return archive.has(HarPart::floatWeights) ? HarPart::floatWeights : HarPart::weights;
}

std::optional<Range> pairOf(const NamedTensors &arrays, const std::string &key)
{
    const auto found = arrays.find(key);
    if (found == arrays.end() || found->second.elementCount() != 2)
        return std::nullopt;
    const Tensor both = found->second.toFloat32();
    return Range{both.as<float>()[0], both.as<float>()[1]};
}

std::optional<Range> rangeOf(const Tensor &tensor)
{
    if (tensor.elementCount() == 0)
        return std::nullopt;
    const Tensor values = tensor.toFloat32();
    const auto [low, high] = std::ranges::minmax_element(values.as<float>());
    return Range{*low, *high};
}

Result<HarView> viewOf(const HarArchive &archive)
{
    HarView view;
    const auto text = archive.readText(HarPart::network);
    if (!text)
        return std::unexpected(text.error());
    auto network = parseHn(*text, archive.name());
    if (!network)
        return passOn(std::move(network));
    view.network = std::move(*network);
    const auto weights = arraysOf(archive, weightsPart(archive), view.problems);
    auto graph = graphOfHn(view.network, weights, archive.name());
    if (!graph)
        return passOn(std::move(graph));
    view.graph = std::move(*graph);
    const auto integers = arraysOf(archive, HarPart::chipWeights, view.problems);
    const auto state = arraysOf(archive, HarPart::optimizerState, view.problems);
    for (const HnLayer &layer : view.network.layers) {
        LayerRow row{.layer = &layer};
        if (const Layer *found = view.graph.graph->findLayer(layer.name)) {
            row.shape = view.graph.graph->outputOf(*found).shape;
            row.macs = multiplyAccumulates(*view.graph.graph, *found);
        }
        for (const char *what : {"kernel", "bias"})
            if (const auto w = weights.find(layer.name + "/" + what + ":0"); w != weights.end()) {
                row.parameters += w->second.elementCount();
                if (what == std::string_view("kernel"))
                    row.weights = rangeOf(w->second);
            }
        row.observed = pairOf(state, layer.name + "/stats/output_0/stats_limvals:0");
        row.represented = pairOf(integers, layer.name + "/limvals_out:0");
        // Zero point first, as in the HEF; a scale of 0 says that the channels differ.
        if (const auto qp = pairOf(integers, layer.name + "/qp_out:0")) {
            row.zeroPoint = qp->low;
            if (qp->high != 0)
                row.scale = qp->high;
        }
        view.rows.push_back(std::move(row));
    }
    return view;
}

Json rangeJson(const std::optional<Range> &range)
{
    return range ? Json{range->low, range->high} : Json(nullptr);
}

template<class T> Json orNull(const std::optional<T> &value)
{
    return value ? Json(*value) : Json(nullptr);
}

Json rowJson(const LayerRow &row, const HnGraph &graph)
{
    const HnLayer &layer = *row.layer;
    return {{"name", layer.name},
            {"type", layer.type},
            {"known", !graph.unknownTypes.contains(layer.name)},
            {"inputs", layer.inputs},
            {"shape", row.shape.dims()},
            {"activation", layer.activation},
            {"precision", layer.precisionMode},
            {"original_names", layer.originalNames},
            {"macs", row.macs},
            {"parameters", row.parameters},
            {"weights_range", rangeJson(row.weights)},
            {"observed_range", rangeJson(row.observed)},
            {"represented_range", rangeJson(row.represented)},
            {"scale", orNull(row.scale)},
            {"zero_point", orNull(row.zeroPoint)}};
}

std::string numberText(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

// Text of the file fit for a terminal.
std::string clean(std::string text)
{
    for (char &c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = '?';
    return text;
}

std::string rowText(const LayerRow &row)
{
    const HnLayer &layer = *row.layer;
    std::string text = "  " + clean(layer.name) + ", " + clean(layer.type);
    if (row.shape.rank() > 0)
        text += ", " + row.shape.text();
    if (!layer.activation.empty() && layer.activation != "linear")
        text += ", " + clean(layer.activation);
    if (!layer.precisionMode.empty())
        text += ", " + clean(layer.precisionMode);
    if (row.parameters > 0)
        text += ", " + std::to_string(row.parameters) + " parameters";
    if (row.represented)
        text +=
            ", " + numberText(row.represented->low) + " to " + numberText(row.represented->high);
    if (row.scale)
        text += ", scale " + numberText(*row.scale);
    return text + "\n";
}

const char *stateText(const std::string &state)
{
    return state == "hailo_model"          ? "parsed"
           : state == "fp_optimized_model" ? "edited in float"
           : state == "quantized_model"    ? "quantised"
           : state == "compiled_model"     ? "compiled"
                                           : "unknown";
}

} // namespace

Result<std::string> harOverviewText(const HarArchive &archive)
{
    const auto view = viewOf(archive);
    if (!view)
        return std::unexpected(view.error());
    const HarIndex &index = archive.index();
    std::string text = archive.name() + "\n";
    text += "  model   " + clean(index.modelName) + ", " + stateText(index.state) + " for " +
            clean(index.hwArch) + "\n";
    text += "  made by the compiler " + clean(index.sdkVersion) + "\n";
    if (index.optimizationLevel)
        text += "  levels really used: optimisation " + std::to_string(*index.optimizationLevel) +
                (index.compressionLevel ? ", compression " + std::to_string(*index.compressionLevel)
                                        : std::string()) +
                "\n";
    text += "\nParts\n";
    for (const HarMember &member : archive.members())
        text += "  " + clean(member.name) + ", " + std::to_string(member.bytes) + " bytes\n";
    const Graph &graph = *view->graph.graph;
    text += "\nLayers: " + std::to_string(view->rows.size()) + ", " +
            std::to_string(multiplyAccumulates(graph)) + " multiply-accumulates\n";
    for (const LayerRow &row : view->rows)
        text += rowText(row);
    for (const auto &[layer, type] : view->graph.unknownTypes)
        text += "  not known to this version: " + clean(type) + " (" + clean(layer) + ")\n";
    for (const Diagnostic &d : view->problems)
        text += consoleText(d);
    return text;
}

Result<std::string> harInspectJson(const HarArchive &archive)
{
    const auto view = viewOf(archive);
    if (!view)
        return std::unexpected(view.error());
    const HarIndex &index = archive.index();
    Json json{{"file", archive.name()},
              {"state", index.state},
              {"model_name", index.modelName},
              {"sdk_version", index.sdkVersion},
              {"hw_arch", index.hwArch},
              {"optimization_level", orNull(index.optimizationLevel)},
              {"compression_level", orNull(index.compressionLevel)}};
    json["members"] = Json::array();
    for (const HarMember &member : archive.members())
        json["members"].push_back(
            {{"name", member.name},
             {"bytes", member.bytes},
             {"part", member.part ? Json(harPartKey(*member.part)) : Json(nullptr)}});
    json["macs"] = multiplyAccumulates(*view->graph.graph);
    json["has_weights"] = view->graph.hasWeights;
    json["layers"] = Json::array();
    for (const LayerRow &row : view->rows)
        json["layers"].push_back(rowJson(row, view->graph));
    json["problems"] = toJson(view->problems);
    return jsonText(json) + "\n";
}

} // namespace hefstudio
