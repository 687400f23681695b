// SPDX-License-Identifier: GPL-3.0-or-later
#include "passes/node_names.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <set>

namespace hefstudio {
namespace {

constexpr std::size_t longestName = 256; // the comparison is quadratic in it

std::string lowerCase(std::string_view text)
{
    std::string lower(text.substr(0, longestName));
    std::ranges::transform(lower, lower.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
}

// Insertions, deletions and replacements between two texts.
std::size_t editDistance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

const Layer *layerFromNode(const Graph &graph, std::string_view node)
{
    const Layer *last = nullptr;
    for (const Layer &layer : graph.layers)
        if (std::ranges::find(layer.origin, node) != layer.origin.end())
            last = &layer;
    return last ? last : graph.findLayer(node);
}

std::unexpected<Diagnostics> unknownNode(const Graph &graph, std::string_view name)
{
    std::string similar;
    for (const std::string &other : similarNames(graph, name))
        similar += (similar.empty() ? "" : ", ") + other;
    return fail(Diagnostic("graph.unknown-node", Place{.node = std::string(name)})
                    .with("name", std::string(name))
                    .with("similar", similar.empty() ? std::string("–") : similar));
}

} // namespace

std::vector<std::string> similarNames(const Graph &graph, std::string_view name, std::size_t count)
{
    std::set<std::string_view> names;
    for (const Layer &layer : graph.layers) {
        names.insert(layer.name);
        names.insert(layer.origin.begin(), layer.origin.end());
    }
    for (const TensorInfo &tensor : graph.tensors)
        if (!tensor.isConstant())
            names.insert(tensor.name);
    const std::string wanted = lowerCase(name);
    std::vector<std::pair<std::size_t, std::string_view>> ranked;
    for (const std::string_view candidate : names) {
        const std::string lower = lowerCase(candidate);
        std::size_t distance = editDistance(wanted, lower);
        // Part of a longer name, as users shorten "/model.22/cv2.0/Conv" to "cv2.0".
        if (wanted.size() >= 3 && lower.contains(wanted))
            distance = std::min<std::size_t>(distance, 1);
        if (distance <= std::max<std::size_t>(2, wanted.size() / 3))
            ranked.emplace_back(distance, candidate);
    }
    std::ranges::sort(ranked);
    std::vector<std::string> best;
    for (const auto &[distance, candidate] : ranked)
        if (best.size() < count)
            best.emplace_back(candidate);
    return best;
}

Result<TensorId> resolveNodeName(const Graph &graph, std::string_view name)
{
    if (const Layer *layer = layerFromNode(graph, name))
        return layer->output;
    if (const TensorInfo *tensor = graph.findTensor(name); tensor && !tensor->isConstant())
        return tensor->id;
    return unknownNode(graph, name);
}

Result<std::vector<TensorId>> resolveStartNode(const Graph &graph, std::string_view name)
{
    // The first layer of the node: what enters it enters the node.
    const Layer *layer = graph.findLayer(name);
    for (const Layer &candidate : graph.layers)
        if (std::ranges::find(candidate.origin, name) != candidate.origin.end()) {
            layer = &candidate;
            break;
        }
    if (!layer || layer->is<Input>()) {
        Result<TensorId> tensor = resolveNodeName(graph, name);
        if (!tensor)
            return passOn(std::move(tensor));
        return std::vector{*tensor};
    }
    std::vector<TensorId> values;
    for (const TensorId input : layer->inputs)
        if (input.isValid() && !graph.tensor(input).isConstant() &&
            std::ranges::find(values, input) == values.end())
            values.push_back(input);
    return values;
}

Result<std::vector<TensorId>> resolveNodeNames(const Graph &graph,
                                               std::span<const std::string> names)
{
    std::vector<TensorId> tensors;
    Diagnostics unknown;
    for (const std::string &name : names) {
        Result<TensorId> tensor = resolveNodeName(graph, name);
        if (!tensor)
            std::ranges::move(tensor.error(), std::back_inserter(unknown));
        else if (std::ranges::find(tensors, *tensor) == tensors.end())
            tensors.push_back(*tensor);
    }
    if (!unknown.empty())
        return fail(std::move(unknown));
    return tensors;
}

} // namespace hefstudio
