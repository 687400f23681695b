// partition_quality MODEL.onnx CHIP SECONDS: how far the partition search is from what
// simulated annealing finds on the same cost, starting from the search's own answer. Annealing moves
// single layers to a neighbouring context, so it can reach every order and every cut.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus.h"

#include "device/device_model.h"
#include "mapping/partition_search.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>
#include <optional>
#include <random>

namespace hefstudio::fit {
namespace {

class Annealing {
public:
    Annealing(const Graph &graph, const DeviceModel &device, const PartitionCandidate &start)
        : m_graph(graph), m_device(device), m_context(graph.layers.size(), 0)
    {
        const auto contexts = start.contexts();
        m_contexts = contexts.size();
        for (std::size_t i = 0; i < contexts.size(); ++i)
            for (const LayerId id : contexts[i]) {
                m_context[id.index()] = i;
                m_layers.push_back(id);
            }
        std::ranges::sort(m_layers);
        m_ms = cost(m_context).value_or(start.batchMs);
        m_best = m_ms;
    }

    double run(double seconds)
    {
        const auto begin = std::chrono::steady_clock::now();
        for (double spent = 0; spent < seconds;
             spent = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
                         .count()) {
            const double temperature = 0.02 * m_best * (1 - spent / seconds);
            for (int i = 0; i < 20; ++i)
                step(temperature);
        }
        return m_best;
    }
    std::int64_t steps() const { return m_steps; }

private:
    void step(double temperature)
    {
        ++m_steps;
        std::vector<std::size_t> next = m_context;
        // One to eight neighbours in the graph's order at once: whole blocks move, too.
        const std::size_t first = m_draw() % m_layers.size();
        const std::size_t count = 1 + m_draw() % 8;
        const bool up = m_draw() % 2;
        for (std::size_t i = first; i < std::min(first + count, m_layers.size()); ++i) {
            std::size_t &context = next[m_layers[i].index()];
            if (up ? context + 1 >= m_contexts : context == 0)
                continue;
            context += up ? 1 : std::size_t(-1);
        }
        if (!isOrdered(next))
            return;
        const auto ms = cost(next);
        if (!ms)
            return;
        const double uniform = static_cast<double>(m_draw() >> 11) * 0x1p-53;
        if (*ms > m_ms && uniform >= std::exp((m_ms - *ms) / std::max(temperature, 1e-9)))
            return;
        m_context = std::move(next);
        m_ms = *ms;
        m_best = std::min(m_best, m_ms);
    }

    bool isOrdered(const std::vector<std::size_t> &context) const
    {
        return std::ranges::all_of(m_layers, [&](LayerId id) {
            return std::ranges::all_of(m_graph.layer(id).inputs, [&](TensorId input) {
                if (!input.isValid() || !m_graph.tensor(input).producer.isValid())
                    return true;
                const LayerId producer = m_graph.tensor(input).producer;
                return m_graph.layer(producer).is<Input>() ||
                       context[producer.index()] <= context[id.index()];
            });
        });
    }

    std::optional<double> cost(const std::vector<std::size_t> &context) const
    {
        std::vector<LayerId> order = m_layers;
        std::ranges::stable_sort(order, {}, [&](LayerId id) { return context[id.index()]; });
        const PartitionCosts costs(m_graph, {}, m_device, {.ratio = 1.6, .steps = 26}, order);
        std::vector<LayerRun> runs;
        for (std::size_t i = 0; i < order.size(); ++i) {
            if (runs.empty() || context[order[i].index()] != context[order[i - 1].index()])
                runs.push_back({i, i});
            runs.back().last = i + 1;
        }
        return partitionMs(costs, runs, m_device.multiContext, 1);
    }

    const Graph &m_graph;
    const DeviceModel &m_device;
    std::vector<LayerId> m_layers;
    std::vector<std::size_t> m_context; // by LayerId
    std::size_t m_contexts = 0;
    double m_ms = 0;
    double m_best = 0;
    std::int64_t m_steps = 0;
    std::mt19937_64 m_draw{1};
};

int compare(const std::filesystem::path &model, const std::string &chip, double seconds)
{
    std::string reason;
    const auto graph = loadForDevice(model, reason);
    const auto device = findDevice(chip);
    if (!graph || !device) {
        std::cerr << "cannot be loaded: " << reason << "\n";
        return 1;
    }
    std::optional<PartitionCandidate> best;
    const auto begin = std::chrono::steady_clock::now();
    searchPartitions(*graph, {}, *device, {.caps = device->multiContext},
                     [&](const PartitionCandidate &found) {
                         if (!best || found.batchMs < best->batchMs)
                             best = found;
                     });
    const double searched =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (!best)
        return 1;
    Annealing annealing(*graph, *device, *best);
    const double annealed = annealing.run(seconds);
    std::cout << model.stem().string() << " on " << chip << ": search " << best->batchMs << " ms ("
              << best->runs.size() << " contexts, " << searched << " s), annealing " << annealed
              << " ms (" << annealing.steps() << " steps, " << seconds << " s), gap "
              << 100 * (best->batchMs / annealed - 1) << " %\n";
    return 0;
}

} // namespace
} // namespace hefstudio::fit

int main(int argc, char **argv)
{
    if (argc != 4) {
        std::cerr << "partition_quality MODEL.onnx CHIP SECONDS\n";
        return 2;
    }
    return hefstudio::fit::compare(argv[1], argv[2], std::stod(argv[3]));
}
