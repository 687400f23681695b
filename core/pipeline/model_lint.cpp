// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/model_lint.h"

#include <algorithm>
#include <functional>

namespace hefstudio {
namespace {

constexpr std::int64_t channelsAtOnce = 8;

const Window *windowOf(const Layer &layer)
{
    if (const auto *convolution = layer.as<Convolution>())
        return &convolution->window;
    if (const auto *pool = layer.as<MaxPool>())
        return &pool->window;
    if (const auto *pool = layer.as<AveragePool>())
        return &pool->window;
    return nullptr;
}

std::string timesText(const std::array<std::int64_t, 2> &pair)
{
    return std::to_string(pair[0]) + "×" + std::to_string(pair[1]);
}

std::int64_t reach(const Window &window, std::size_t axis)
{
    return (window.kernel[axis] - 1) * window.dilation[axis] + 1;
}

bool anyAxis(const std::function<bool(std::size_t)> &holds)
{
    return holds(0) || holds(1);
}

bool isPrime(std::int64_t number)
{
    for (std::int64_t divisor = 2; divisor * divisor <= number; ++divisor)
        if (number % divisor == 0)
            return false;
    return number > 1;
}

// Counts the layers that a rule finds and remembers the first.
struct Findings {
    std::int64_t count = 0;
    const Layer *first = nullptr;

    void add(const Layer &layer)
    {
        if (count++ == 0)
            first = &layer;
    }
    Diagnostic as(const char *id, Severity severity) const
    {
        return Diagnostic(id, Place{.node = first->origin.empty() ? "" : first->origin.front(),
                                    .layer = first->name})
            .with("count", count)
            .with("layer", first->name)
            .as(severity);
    }
};

void lintWindows(const Graph &graph, Diagnostics &found)
{
    Findings skips, padded, unread;
    for (const Layer &layer : graph.layers) {
        const Window *window = windowOf(layer);
        if (!window)
            continue;
        const Shape &in = graph.inputOf(layer, 0).shape;
        // A 1×1 window with a stride is how residual blocks shrink their shortcut.
        const bool isShortcut = window->kernel == std::array<std::int64_t, 2>{1, 1};
        if (!isShortcut &&
            anyAxis([&](std::size_t i) { return window->stride[i] > reach(*window, i); }))
            skips.add(layer);
        if (anyAxis([&](std::size_t i) {
                return window->padBegin[i] >= reach(*window, i) ||
                       window->padEnd[i] >= reach(*window, i);
            }))
            padded.add(layer);
        if (!isShortcut && anyAxis([&](std::size_t i) {
                const std::int64_t size = in[2 + i] + window->padBegin[i] + window->padEnd[i];
                return (size - reach(*window, i)) % window->stride[i] > window->padEnd[i];
            }))
            unread.add(layer);
    }
    const auto kernelOf = [](const Findings &f) { return timesText(windowOf(*f.first)->kernel); };
    const auto strideOf = [](const Findings &f) { return timesText(windowOf(*f.first)->stride); };
    if (skips.count > 0)
        found.push_back(skips.as("check.stride-skips", Severity::warning)
                            .with("stride", strideOf(skips))
                            .with("kernel", kernelOf(skips)));
    if (padded.count > 0)
        found.push_back(padded.as("check.padding-window", Severity::warning)
                            .with("padding", timesText(windowOf(*padded.first)->padBegin))
                            .with("kernel", kernelOf(padded)));
    if (unread.count > 0)
        found.push_back(unread.as("check.unread-border", Severity::note)
                            .with("size", graph.inputOf(*unread.first, 0).shape.text())
                            .with("kernel", kernelOf(unread))
                            .with("stride", strideOf(unread)));
}

void lintChannels(const Graph &graph, Diagnostics &found)
{
    Findings odd, prime;
    const auto channelsOf = [&](const Layer &layer) { return graph.outputOf(layer).shape[1]; };
    for (const Layer &layer : graph.layers) {
        // What leaves the network is as wide as its meaning.
        if (!layer.is<Convolution>() || graph.isOutput(layer.output))
            continue;
        const std::int64_t channels = channelsOf(layer);
        if (channels > channelsAtOnce && isPrime(channels))
            prime.add(layer);
        else if (channels % channelsAtOnce != 0)
            odd.add(layer);
    }
    if (odd.count > 0)
        found.push_back(odd.as("check.channel-alignment", Severity::note)
                            .with("channels", channelsOf(*odd.first)));
    if (prime.count > 0)
        found.push_back(prime.as("check.prime-channels", Severity::warning)
                            .with("channels", channelsOf(*prime.first)));
}

void lintMemory(const Graph &graph, const DeviceModel &device, Diagnostics &found)
{
    const std::int64_t memory = device.weightMemoryBytes();
    if (const TensorId id = largestMap(graph); id.isValid()) {
        const TensorInfo &map = graph.tensor(id);
        if (map.shape.elementCount() > memory)
            found.push_back(Diagnostic("check.large-feature-map", Place{.layer = map.name})
                                .with("layer", map.name)
                                .with("shape", map.shape.text())
                                .with("bytes", map.shape.elementCount())
                                .with("device", device.title)
                                .with("memory", memory)
                                .as(Severity::warning));
    }
    if (const std::int64_t weights = parameterCount(graph); weights > memory)
        found.push_back(Diagnostic("check.weights-exceed-memory")
                            .with("bytes", weights)
                            .with("memory", memory)
                            .with("device", device.title)
                            .as(Severity::note));
}

} // namespace

TensorId largestMap(const Graph &graph)
{
    TensorId largest;
    for (const Layer &layer : graph.layers)
        if (!layer.is<Input>() &&
            (!largest.isValid() || graph.outputOf(layer).shape.elementCount() >
                                       graph.tensor(largest).shape.elementCount()))
            largest = layer.output;
    return largest;
}

Diagnostics lintForChip(const Graph &rewritten, const DeviceModel &device)
{
    Diagnostics found;
    lintWindows(rewritten, found);
    lintChannels(rewritten, found);
    lintMemory(rewritten, device, found);
    return found;
}

} // namespace hefstudio
