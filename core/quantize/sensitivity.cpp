// SPDX-License-Identifier: GPL-3.0-or-later
#include "quantize/sensitivity.h"

#include "base/thread_pool.h"
#include "quantize/simulation.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace hefstudio {
namespace {

// Noise over signal, summed over the outputs.
double relativeNoise(std::span<const Tensor> wanted, std::span<const Tensor> found)
{
    double total = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        double signal = 0, noise = 0;
        const auto a = wanted[i].as<float>();
        const auto b = found[i].as<float>();
        for (std::size_t k = 0; k < a.size(); ++k) {
            const double difference = static_cast<double>(a[k]) - static_cast<double>(b[k]);
            signal += static_cast<double>(a[k]) * static_cast<double>(a[k]);
            noise += difference * difference;
        }
        if (signal > 0)
            total += noise / signal;
    }
    return total;
}

// Values with one quantisation between which layers hand integers on, found by what lowering made:
// a layer without arithmetic has the same numbers on both sides.
std::vector<ValueSensitivity> groupsOf(const QuantizedGraph &quantized)
{
    const Graph &graph = *quantized.graph;
    std::vector<std::size_t> leader(graph.tensors.size());
    std::iota(leader.begin(), leader.end(), std::size_t(0));
    for (const Layer &layer : graph.layers) {
        if (layer.is<Input>() || layer.is<Convolution>() || layer.is<FullyConnected>() ||
            layer.is<MatMul>() || layer.hasActivation())
            continue;
        for (const TensorId input : layer.inputs)
            if (input.isValid() && !graph.tensor(input).isConstant() &&
                quantized.of(input) == quantized.of(layer.output)) {
                const std::size_t from = leader[layer.output.index()];
                const std::size_t to = leader[input.index()];
                for (std::size_t &l : leader)
                    if (l == from || l == to)
                        l = std::min(from, to);
            }
    }
    std::vector<ValueSensitivity> groups;
    std::vector<std::size_t> groupOf(graph.tensors.size(), graph.tensors.size());
    for (const TensorInfo &info : graph.tensors) {
        if (info.isConstant())
            continue;
        std::size_t &at = groupOf[leader[info.id.index()]];
        if (at == graph.tensors.size()) {
            at = groups.size();
            groups.emplace_back();
        }
        groups[at].members.push_back(info.id);
    }
    std::erase_if(groups, [&](const ValueSensitivity &group) {
        return std::ranges::any_of(group.members, [&](TensorId id) {
            return quantized.of(id).bits == 16 ||
                   std::ranges::find(graph.inputs, id) != graph.inputs.end();
        });
    });
    return groups;
}

void addCosts(const Graph &graph, std::vector<ValueSensitivity> &groups)
{
    const auto all = static_cast<double>(std::max<std::int64_t>(1, multiplyAccumulates(graph)));
    for (ValueSensitivity &group : groups) {
        std::set<LayerId> readers;
        for (const TensorId member : group.members)
            for (const LayerId id : graph.tensor(member).consumers)
                readers.insert(id);
        for (const LayerId id : readers)
            group.cost += static_cast<double>(multiplyAccumulates(graph, graph.layer(id))) / all;
    }
}

} // namespace

Result<std::vector<ValueSensitivity>>
measureSensitivity(const QuantizedGraph &quantized, std::span<const std::vector<Tensor>> pictures,
                   const SensitivityOptions &options, std::stop_token stop, const EventSink &sink)
{
    const Graph &graph = *quantized.graph;
    std::vector<ValueSensitivity> groups = groupsOf(quantized);
    addCosts(graph, groups);
    auto engine = FloatEngine::create(quantized.graph,
                                      {.threads = 1, .isa = options.isa, .observeAll = true});
    if (!engine)
        return passOn(std::move(engine));
    std::vector<std::vector<Tensor>> wanted;
    for (const auto &picture : pictures) {
        auto outputs = engine->run(picture, {}, stop);
        if (!outputs)
            return passOn(std::move(outputs));
        wanted.push_back(std::move(*outputs));
    }
    ThreadPool pool(options.threads);
    std::vector<FloatEngine> engines;
    for (int i = 1; i < pool.threads(); ++i)
        engines.push_back(engine->sibling());
    engines.push_back(std::move(*engine));
    std::vector<Diagnostics> failures(groups.size());
    const bool isComplete = pool.forEach(
        groups.size(),
        [&](std::size_t index, int worker) {
            ValueSensitivity &group = groups[index];
            std::vector<bool> isMember(graph.tensors.size(), false);
            for (const TensorId id : group.members)
                isMember[id.index()] = true;
            for (std::size_t p = 0; p < pictures.size(); ++p) {
                auto outputs = engines[static_cast<std::size_t>(worker)].runEdited(
                    pictures[p],
                    [&](TensorId id, std::span<float> values, bool isChannelsLast) {
                        if (isMember[id.index()])
                            roundToGrid(values, graph.tensor(id).shape, isChannelsLast,
                                        quantized.of(id),
                                        scalesOf(quantized.channelScales, id.index()));
                    },
                    stop);
                if (!outputs) {
                    failures[index] = std::move(outputs.error());
                    return;
                }
                group.noise += relativeNoise(wanted[p], *outputs);
            }
            group.noise /= static_cast<double>(std::max<std::size_t>(1, pictures.size()));
        },
        stop);
    if (!isComplete || stop.stop_requested())
        return fail(Diagnostic("cancelled"));
    for (Diagnostics &failure : failures)
        if (!failure.empty())
            return fail(std::move(failure));
    send(sink, StageProgress{"quantize", static_cast<std::int64_t>(groups.size()),
                             static_cast<std::int64_t>(groups.size()), "sensitivity"});
    std::ranges::stable_sort(groups, std::greater<>{}, &ValueSensitivity::noise);
    return groups;
}

std::vector<std::size_t> chooseWide(std::span<const ValueSensitivity> values, double budget)
{
    constexpr double freeCost = 1e-3; // even a value that no weights read takes room
    constexpr double keptNarrow = 0.01;
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::ranges::stable_sort(order, std::greater<>{}, [&](std::size_t i) {
        return values[i].noise / (values[i].cost + freeCost);
    });
    double total = 0;
    for (const ValueSensitivity &value : values)
        total += value.noise;
    std::vector<std::size_t> chosen;
    double spent = 0, left = total;
    for (const std::size_t i : order) {
        if (left <= keptNarrow * total)
            break;
        if (spent + values[i].cost > budget)
            continue;
        spent += values[i].cost;
        left -= values[i].noise;
        chosen.push_back(i);
    }
    std::ranges::sort(chosen);
    return chosen;
}

} // namespace hefstudio
