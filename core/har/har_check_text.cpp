// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/diagnostic_json.h"
#include "har/har_check.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;

Json flag(const HarAgreement &agreement)
{
    return agreement.isEmpty() ? Json(nullptr) : Json(agreement.isWhole());
}

Json fraction(const HarAgreement &agreement)
{
    return agreement.isEmpty() ? Json(nullptr) : Json(agreement.fraction());
}

template<class T> Json orNull(const std::optional<T> &value)
{
    return value ? Json(*value) : Json(nullptr);
}

Json layerJson(const HarLayerCheck &layer)
{
    return {
        {"name", layer.name},
        {"type", layer.type},
        {"precision", layer.precision},
        {"scale_equal", flag(layer.scales)},
        {"zero_point_equal", flag(layer.zeroPoint)},
        {"shift_equal", flag(layer.shift)},
        {"weights_equal_fraction", fraction(layer.weights)},
        {"bias_equal_fraction", fraction(layer.biases)},
        {"table_equal", flag(layer.tables)},
        {"shift",
         {{"computed", orNull(layer.computedShift)}, {"stored", orNull(layer.storedShift)}}},
        {"kickback_log2",
         {{"computed", orNull(layer.computedKickback)}, {"stored", orNull(layer.storedKickback)}}},
        {"not_covered", layer.notCovered.empty() ? Json(nullptr) : Json(layer.notCovered)}};
}

std::int64_t notCovered(const HarCheck &check)
{
    return std::ranges::count_if(check.layers,
                                 [](const auto &layer) { return !layer.notCovered.empty(); });
}

std::string percent(const HarAgreement &agreement)
{
    if (agreement.isEmpty())
        return "-";
    if (agreement.isWhole())
        return "all";
    // Never rounded up to 100.
    char text[32];
    std::snprintf(text, sizeof text, "%.3f %%",
                  std::min(std::floor(agreement.fraction() * 1e5) / 1e3, 99.999));
    return text;
}

std::string clean(std::string text)
{
    for (char &c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = '?';
    return text;
}

std::string row(const std::vector<std::string> &cells, std::size_t nameWidth)
{
    std::string text = "  " + cells.front();
    text.append(nameWidth > cells.front().size() ? nameWidth - cells.front().size() : 0, ' ');
    constexpr std::size_t width = 12;
    for (std::size_t i = 1; i < cells.size(); ++i) {
        text.append(width > cells[i].size() ? width - cells[i].size() : 1, ' ');
        text += cells[i];
    }
    return text + "\n";
}

std::vector<std::string> cellsOf(std::string name, const HarLayerCheck &layer)
{
    return {std::move(name),      percent(layer.scales),  percent(layer.zeroPoint),
            percent(layer.shift), percent(layer.weights), percent(layer.biases),
            percent(layer.tables)};
}

} // namespace

std::string harCheckText(const HarArchive &archive, const HarCheck &check)
{
    std::string text = archive.name() + ": computed again from float weights and statistics\n";
    std::size_t nameWidth = 20;
    for (const HarLayerCheck &layer : check.layers)
        nameWidth = std::max(nameWidth, std::min<std::size_t>(layer.name.size(), 40));
    text +=
        row({"layer", "scales", "zero point", "shift", "weights", "biases", "table"}, nameWidth);
    for (const HarLayerCheck &layer : check.layers)
        if (layer.notCovered.empty())
            text += row(cellsOf(clean(layer.name), layer), nameWidth);
        else
            text += "  " + clean(layer.name) + ": not checked, " + clean(layer.notCovered) + "\n";
    text += row(cellsOf("together", check.summary), nameWidth);
    if (const auto count = notCovered(check); count > 0)
        text += "Not checked: " + std::to_string(count) + " of " +
                std::to_string(check.layers.size()) + " layers.\n";
    if (check.optimizationLevel.value_or(0) > 0)
        text += "The rules were read from archives of optimisation level 0; this one has level " +
                std::to_string(*check.optimizationLevel) +
                ", which changes weights and biases in ways that are not public.\n";
    return text;
}

std::string harCheckJson(const HarArchive &archive, const HarCheck &check)
{
    Json json{{"file", archive.name()},
              {"sdk_version", archive.index().sdkVersion},
              {"optimization_level", orNull(check.optimizationLevel)}};
    json["layers"] = Json::array();
    for (const HarLayerCheck &layer : check.layers)
        json["layers"].push_back(layerJson(layer));
    const HarLayerCheck &sum = check.summary;
    json["summary"] = {{"layers", check.layers.size()},
                       {"layers_not_covered", notCovered(check)},
                       {"scale_equal", fraction(sum.scales)},
                       {"zero_point_equal", fraction(sum.zeroPoint)},
                       {"shift_equal", fraction(sum.shift)},
                       {"weights_equal_fraction", fraction(sum.weights)},
                       {"bias_equal_fraction", fraction(sum.biases)},
                       {"table_equal", fraction(sum.tables)}};
    return jsonText(json) + "\n";
}

} // namespace hefstudio
