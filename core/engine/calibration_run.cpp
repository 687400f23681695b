// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/calibration_run.h"

#include "base/thread_pool.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <mutex>
#include <optional>
#include <string>

namespace hefstudio {

void CalibrationStatistics::merge(const CalibrationStatistics &other)
{
    tensors.resize(std::max(tensors.size(), other.tensors.size()));
    channels.resize(std::max(channels.size(), other.channels.size()));
    for (std::size_t i = 0; i < other.tensors.size(); ++i)
        tensors[i].merge(other.tensors[i]);
    for (std::size_t i = 0; i < other.channels.size(); ++i)
        channels[i].merge(other.channels[i]);
    pictures += other.pictures;
}

namespace {

struct Worker {
    FloatEngine engine;
    CalibrationStatistics statistics;
    std::vector<float> room{};
};

// The failure of the picture that comes first, whichever worker meets one first.
class FirstFailure {
public:
    bool isBehind(std::size_t index) const { return index > m_index.load(); }
    void report(std::size_t index, Diagnostics diagnostics)
    {
        const std::lock_guard lock(m_mutex);
        if (index >= m_index.load())
            return;
        m_index = index;
        m_diagnostics = std::move(diagnostics);
    }
    std::optional<Diagnostics> take() { return std::move(m_diagnostics); }

private:
    std::mutex m_mutex;
    std::atomic<std::size_t> m_index = std::numeric_limits<std::size_t>::max();
    std::optional<Diagnostics> m_diagnostics;
};

// The values divided by the factors of their channels.
std::span<const float> divided(std::span<const float> values, const Shape &shape,
                               bool isChannelsLast, std::span<const float> scales,
                               std::vector<float> &room)
{
    room.assign(values.begin(), values.end());
    forEachChannelRun(std::span(room), shape, isChannelsLast,
                      [&](std::size_t channel, std::span<float> run) {
                          for (float &value : run)
                              value /= scales[channel];
                      });
    return room;
}

// Infinite values may be meant (masks of attention); what is no number never is, and every range
// behind it would be made of the other pictures alone.
Result<void> addPicture(const Graph &graph, Worker &worker, std::span<const Tensor> inputs,
                        const ChannelScales &scales, const std::string &name,
                        const std::stop_token &stop)
{
    CalibrationStatistics &statistics = worker.statistics;
    std::optional<Diagnostic> notANumber;
    const auto observe = [&](TensorId tensor, std::span<const float> values, bool isChannelsLast) {
        const Shape &shape = graph.tensor(tensor).shape;
        const auto own = scalesOf(scales, tensor.index());
        const std::uint64_t strange = statistics.tensors[tensor.index()].notFinite();
        if (own.empty()) {
            addToBoth(statistics.tensors[tensor.index()], statistics.channels[tensor.index()],
                      values, shape, isChannelsLast);
        } else {
            statistics.tensors[tensor.index()].add(
                divided(values, shape, isChannelsLast, own, worker.room));
            statistics.channels[tensor.index()].add(values, shape, isChannelsLast);
        }
        if (!notANumber && statistics.tensors[tensor.index()].notFinite() != strange &&
            std::ranges::any_of(values, [](float value) { return std::isnan(value); }))
            notANumber =
                Diagnostic("engine.not-a-number",
                           {.layer = graph.layer(graph.tensor(tensor).producer).name})
                    .with("sample", name);
    };
    auto outputs = worker.engine.runRaw(inputs, observe, stop);
    if (!outputs)
        return passOn(std::move(outputs));
    if (notANumber)
        return fail(std::move(*notANumber));
    ++statistics.pictures;
    return {};
}

} // namespace

Result<CalibrationStatistics> collectStatistics(std::shared_ptr<const Graph> graph,
                                                std::size_t pictureCount,
                                                const LoadInputs &loadInputs,
                                                const CalibrationRunOptions &options,
                                                std::stop_token stop, const EventSink &sink)
{
    auto engine =
        FloatEngine::create(graph, {.threads = 1, .isa = options.isa, .observeAll = true});
    if (!engine)
        return passOn(std::move(engine));
    CalibrationStatistics empty;
    empty.tensors.resize(graph->tensors.size());
    empty.channels.resize(graph->tensors.size());

    ThreadPool pool(options.threads);
    std::vector<Worker> workers;
    const std::size_t workerCount =
        std::clamp<std::size_t>(pictureCount, 1, static_cast<std::size_t>(pool.threads()));
    for (std::size_t i = 1; i < workerCount; ++i)
        workers.push_back({engine->sibling(), empty});
    workers.push_back({std::move(*engine), std::move(empty)});

    // At most as many pictures are under way as there are engines.
    std::mutex idleMutex;
    std::vector<Worker *> idle;
    for (Worker &worker : workers)
        idle.push_back(&worker);

    FirstFailure failure;
    std::mutex progressMutex;
    std::size_t done = 0;
    const auto runPicture = [&](std::size_t index, int) {
        if (failure.isBehind(index))
            return;
        auto inputs = loadInputs(index);
        if (!inputs) {
            failure.report(index, std::move(inputs.error()));
            return;
        }
        Worker *worker = nullptr;
        {
            const std::lock_guard lock(idleMutex);
            worker = idle.back();
            idle.pop_back();
        }
        const std::string name = options.nameOf ? options.nameOf(index) : std::to_string(index);
        auto added = addPicture(*graph, *worker, *inputs, options.scales, name, stop);
        {
            const std::lock_guard lock(idleMutex);
            idle.push_back(worker);
        }
        if (!added) {
            failure.report(index, std::move(added.error()));
            return;
        }
        const std::lock_guard lock(progressMutex);
        ++done;
        send(sink, StageProgress{"calibrate",
                                 static_cast<std::int64_t>(done),
                                 static_cast<std::int64_t>(pictureCount),
                                 {}});
    };
    const bool isComplete = pool.forEach(pictureCount, runPicture, stop);
    if (!isComplete || stop.stop_requested())
        return fail(Diagnostic("cancelled"));
    if (auto diagnostics = failure.take())
        return fail(std::move(*diagnostics));

    CalibrationStatistics all = std::move(workers.front().statistics);
    for (std::size_t i = 1; i < workers.size(); ++i)
        all.merge(workers[i].statistics);
    return all;
}

} // namespace hefstudio
