// SPDX-License-Identifier: GPL-3.0-or-later
#include "passes/fold_padding.h"

#include "passes/graph_rewriter.h"

#include <algorithm>
#include <optional>
#include <ranges>

namespace hefstudio {
namespace {

using Pair = std::array<std::int64_t, 2>;

bool hasPadding(const Window &window)
{
    return window.padBegin != Pair{0, 0} || window.padEnd != Pair{0, 0};
}

void widen(Window &window, const Pad &pad)
{
    for (std::size_t i = 0; i < 2; ++i) {
        window.padBegin[i] += pad.begin[i + 2];
        window.padEnd[i] += pad.end[i + 2];
    }
}

bool padsPictureOnly(const Pad &pad)
{
    const auto isNegative = [](std::int64_t value) { return value < 0; };
    return pad.mode == PadMode::constant && pad.begin.size() == 4 && pad.end.size() == 4 &&
           pad.begin[0] == 0 && pad.begin[1] == 0 && pad.end[0] == 0 && pad.end[1] == 0 &&
           std::ranges::none_of(pad.begin, isNegative) && std::ranges::none_of(pad.end, isNegative);
}

bool isNeverNegative(const ScalarFunction &function)
{
    switch (function.function) {
    case Function::relu:
    case Function::sigmoid:
    case Function::hardSigmoid:
    case Function::softplus:
    case Function::exp:
    case Function::abs:
        return true;
    case Function::clip:
        return function.alpha >= 0;
    default:
        return false;
    }
}

bool isNeverNegative(const GraphRewriter &graph, TensorId id)
{
    const Layer *producer = graph.producer(id);
    if (!producer)
        return false;
    if (producer->hasActivation())
        return isNeverNegative(producer->activation);
    const auto *single = producer->as<Elementwise>();
    return single && isNeverNegative(single->function);
}

std::optional<Attributes> padded(const GraphRewriter &graph, const Layer &reader, const Pad &pad,
                                 TensorId source)
{
    if (const auto *convolution = reader.as<Convolution>()) {
        Convolution wide = *convolution;
        const bool zero = pad.value == 0 && convolution->padValues.empty();
        if (!zero) {
            // Other values only where the convolution itself pads nothing or the same.
            const auto channels = static_cast<std::size_t>(graph.tensor(source).shape[1]);
            const std::vector<float> values(channels, pad.value);
            if (hasPadding(wide.window) && wide.padValues != values)
                return std::nullopt;
            wide.padValues = values;
        }
        widen(wide.window, pad);
        return wide;
    }
    if (const auto *average = reader.as<AveragePool>()) {
        if (pad.value != 0 || (hasPadding(average->window) && !average->countIncludesPadding))
            return std::nullopt;
        AveragePool wide = *average;
        wide.countIncludesPadding = true;
        widen(wide.window, pad);
        return wide;
    }
    if (const auto *maximum = reader.as<MaxPool>()) {
        // The pool's own padding never wins. Neither do zeros among values that are not negative,
        // as long as each window sees one such value.
        MaxPool wide = *maximum;
        widen(wide.window, pad);
        const Window &window = wide.window;
        for (std::size_t i = 0; i < 2; ++i)
            if (std::max(window.padBegin[i], window.padEnd[i]) >= window.kernel[i] ||
                window.dilation[i] != 1)
                return std::nullopt;
        if (pad.value != 0 || !isNeverNegative(graph, source))
            return std::nullopt;
        return wide;
    }
    return std::nullopt;
}

} // namespace

Result<std::shared_ptr<const Graph>> foldPadding(const Graph &source)
{
    GraphRewriter graph(source);
    // Last first: behind two pads in a row the reader meets the nearer one first.
    for (const Layer &layer : std::views::reverse(source.layers)) {
        const auto *pad = layer.as<Pad>();
        if (!pad || layer.hasActivation() || !padsPictureOnly(*pad))
            continue;
        const TensorId picture = graph.layer(layer.id).inputs[0];
        const std::vector<LayerId> readers = graph.tensor(layer.output).consumers;
        for (const LayerId readerId : readers) {
            const Layer &reader = graph.layer(readerId);
            if (reader.inputs[0] != layer.output ||
                std::ranges::count(reader.inputs, layer.output) != 1)
                continue;
            if (const std::optional<Attributes> wide = padded(graph, reader, *pad, picture)) {
                std::vector<TensorId> inputs = reader.inputs;
                inputs[0] = picture;
                graph.replace(readerId, *wide, std::move(inputs));
                graph.addOrigin(readerId, layer.origin);
            }
        }
    }
    return std::move(graph).finish();
}

} // namespace hefstudio
