// SPDX-License-Identifier: GPL-3.0-or-later
#include "quantize/quantize_graph.h"

#include "base/thread_pool.h"
#include "quantize/lock_step.h"
#include "quantize/lower.h"

#include <optional>

namespace hefstudio {

namespace {

constexpr const char *stageName = "quantize";

// Every value needs statistics; values that are not finite are worth a word.
Result<void> checkStatistics(const Graph &graph, std::span<const TensorStatistics> statistics,
                             const EventSink &sink)
{
    for (const Layer &layer : graph.layers) {
        const std::size_t index = layer.output.index();
        if (index >= statistics.size() || statistics[index].count() == 0)
            return fail(Diagnostic("quantize.no-statistics", Place{.layer = layer.name})
                            .with("tensor", graph.outputOf(layer).name));
        if (statistics[index].notFinite() == 0)
            continue;
        send(sink, DiagnosticRaised{
                       Diagnostic("quantize.not-finite", Place{.layer = layer.name})
                           .with("tensor", graph.outputOf(layer).name)
                           .with("count", static_cast<std::int64_t>(statistics[index].notFinite()))
                           .as(Severity::warning)});
    }
    return {};
}

Result<void> checkLayer(const Graph &graph, const Layer &layer, const IntegerLayer &made)
{
    std::vector<Shape> shapes;
    for (std::size_t slot = 0; slot < made.operands.size(); ++slot)
        shapes.push_back(graph.inputOf(layer, slot).shape);
    return checkIntegerLayer(made, shapes, graph.outputOf(layer).shape);
}

// What lowering needs to know of the values that arrive at the layer.
void measure(const LockStep &lockStep, const Graph &graph, const Layer &layer,
             const QuantizeOptions &options, Lowering &lowering, InputMoments &moments)
{
    lowering.storedMeans.clear();
    lowering.wantedMeans.clear();
    lowering.moments = nullptr;
    if (!(layer.is<Convolution>() || layer.is<FullyConnected>()) ||
        graph.inputOf(layer, 0).isConstant())
        return;
    const std::size_t input = layer.inputs[0].index();
    if (options.biasCorrection == BiasCorrection::measured &&
        input < options.samples->channels.size()) {
        const ChannelStatistics &wanted = options.samples->channels[input];
        lowering.storedMeans = lockStep.channelMeans(layer.inputs[0]);
        for (std::size_t c = 0; c < wanted.channels(); ++c)
            lowering.wantedMeans.push_back(wanted.mean(c));
        if (lowering.storedMeans.size() != lowering.wantedMeans.size()) {
            lowering.storedMeans.clear();
            lowering.wantedMeans.clear();
        }
    }
    if (options.rounding == WeightRounding::secondOrder) {
        moments = lockStep.moments(layer);
        if (!moments.matrices.empty())
            lowering.moments = &moments;
    }
}

} // namespace

Result<std::shared_ptr<const QuantizedGraph>>
quantizeGraph(std::shared_ptr<const Graph> graph, const CalibrationStatistics &statistics,
              const QuantizeOptions &options, std::stop_token stop, const EventSink &sink)
{
    if (auto ok = checkStatistics(*graph, statistics.tensors, sink); !ok)
        return passOn(std::move(ok));
    TensorRanges ranges = assignRanges(*graph, statistics.tensors, options.ranges);
    for (LedgerRow &row : ranges.ledger)
        send(sink, LedgerEntry{std::move(row)});

    auto quantized = std::make_shared<QuantizedGraph>();
    quantized->graph = graph;
    quantized->tensors = std::move(ranges.tensors);
    quantized->methods = std::move(ranges.methods);
    quantized->channelScales = options.channelScales;
    Lowering lowering{*graph, quantized->tensors, {}, options.channelScales};
    if (options.biasCorrection != BiasCorrection::off)
        lowering.channels = statistics.channels;
    std::optional<ThreadPool> pool;
    std::optional<LockStep> lockStep;
    const bool needsSamples = options.biasCorrection == BiasCorrection::measured ||
                              options.rounding == WeightRounding::secondOrder;
    if (needsSamples && options.samples && !options.samples->pictures.empty()) {
        pool.emplace(options.threads);
        lockStep.emplace(*graph, quantized->tensors, quantized->channelScales,
                         options.samples->pictures, *pool, options.isa);
    }
    Diagnostics failures;
    const auto total = static_cast<std::int64_t>(graph->layers.size());
    for (const Layer &layer : graph->layers) {
        if (stop.stop_requested())
            return fail(Diagnostic("cancelled"));
        send(sink, StageProgress{stageName, static_cast<std::int64_t>(layer.id.index()), total,
                                 layer.name});
        InputMoments moments;
        if (lockStep)
            measure(*lockStep, *graph, layer, options, lowering, moments);
        Result<LoweredLayer> made = lowerLayer(lowering, layer);
        if (!made) {
            failures.insert(failures.end(), made.error().begin(), made.error().end());
            continue;
        }
        if (auto ok = checkLayer(*graph, layer, made->integer); !ok)
            return fail(Diagnostic("internal.error", Place{.layer = layer.name})
                            .with("what", "layer " + layer.name + " was quantised wrongly")
                            .withNote(std::move(ok.error().front())));
        if (lockStep && failures.empty())
            if (auto moved = lockStep->advance(layer, *made, stop); !moved)
                return passOn(std::move(moved));
        quantized->layers.push_back(std::move(made->integer));
        quantized->weightScales.push_back(std::move(made->weightScales));
    }
    if (!failures.empty())
        return fail(std::move(failures));
    return quantized;
}

} // namespace hefstudio
