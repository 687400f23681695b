// How fast the float engine runs a model, and where its time goes.
//   bench_float MODEL.onnx [--threads N] [--rounds N]   median and fastest run, peak memory
//   bench_float MODEL.onnx --profile                    one row per kernel and per slow layer
//   bench_float MODEL.onnx --statistics                 what calibration adds to a run
//   bench_float MODEL.onnx --growth                     processor time per picture, 64 against 1024
//   bench_float MODEL.onnx --serve                      runs once per line on standard input, for
//                                                       compare_onnxruntime.mjs
// Inputs are noise between 0 and 1, the same at every call.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/calibration_run.h"
#include "engine/float_engine.h"
#include "onnx/import.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace hefstudio;

struct Options {
    std::string model;
    int threads = 2;
    int rounds = 15;
    enum class Mode { time, profile, statistics, growth, serve } mode = Mode::time;
};

[[noreturn]] void leave(const std::string &model, const Diagnostics &diagnostics)
{
    std::fprintf(stderr, "%s: %s\n", model.c_str(), diagnostics.front().id.c_str());
    std::exit(3);
}

template<class Work> double millisecondsOf(const Work &work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double, std::milli> taken =
        std::chrono::steady_clock::now() - start;
    return taken.count();
}

// Processor time of this thread alone, so that a busy machine does not count.
double processorMilliseconds()
{
    std::timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return 1e3 * static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e6;
}

double medianOf(std::vector<double> values)
{
    std::ranges::sort(values);
    return values.empty() ? 0 : values[values.size() / 2];
}

// Of this process so far, in MB.
double peakMemory()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:"))
            return std::strtod(line.c_str() + 6, nullptr) / 1024;
    return 0;
}

std::vector<Tensor> noiseFor(const Graph &graph)
{
    std::vector<Tensor> inputs;
    std::uint32_t state = 1;
    for (const TensorId id : graph.inputs) {
        Tensor input(ElementType::float32, graph.tensor(id).shape);
        for (float &value : input.as<float>()) {
            state = state * 1664525U + 1013904223U;
            value = static_cast<float>(state >> 8) / 0x1p24F;
        }
        inputs.push_back(std::move(input));
    }
    return inputs;
}

class Bench {
public:
    Bench(Options options, std::shared_ptr<const Graph> graph)
        : m_options(std::move(options)), m_graph(std::move(graph)), m_inputs(noiseFor(*m_graph))
    {
    }

    FloatEngine engine(int threads, bool observeAll = false) const
    {
        auto made = FloatEngine::create(m_graph, {.threads = threads, .observeAll = observeAll});
        if (!made)
            leave(m_options.model, made.error());
        return std::move(*made);
    }

    double run(FloatEngine &engine) const
    {
        return millisecondsOf([&] {
            if (auto outputs = engine.run(m_inputs); !outputs)
                leave(m_options.model, outputs.error());
        });
    }

    void time() const
    {
        FloatEngine ours = engine(m_options.threads);
        run(ours);
        std::vector<double> times;
        for (int i = 0; i < m_options.rounds; ++i)
            times.push_back(run(ours));
        std::printf("%s: median %.2f ms, fastest %.2f ms, %.1f GMAC/s, %d threads, %s, peak %.0f "
                    "MB\n",
                    m_options.model.c_str(), medianOf(times), std::ranges::min(times),
                    static_cast<double>(multiplyAccumulates(*m_graph)) / 1e6 / medianOf(times),
                    m_options.threads, effectiveInstructionSet().c_str(), peakMemory());
    }

    void serve() const
    {
        FloatEngine ours = engine(m_options.threads);
        std::printf("ready %s\n", effectiveInstructionSet().c_str());
        std::fflush(stdout);
        for (std::string line; std::getline(std::cin, line);) {
            if (line == "memory")
                std::printf("%.1f\n", peakMemory());
            else
                std::printf("%.4f\n", run(ours));
            std::fflush(stdout);
        }
    }

    void profile() const
    {
        FloatEngine ours = engine(m_options.threads);
        std::vector<FloatEngine::StepTime> steps;
        std::vector<std::vector<double>> times;
        run(ours);
        for (int round = 0; round < m_options.rounds; ++round) {
            auto measured = ours.profile(m_inputs);
            if (!measured)
                leave(m_options.model, measured.error());
            steps = std::move(*measured);
            times.resize(steps.size());
            for (std::size_t i = 0; i < steps.size(); ++i)
                times[i].push_back(steps[i].seconds * 1e3);
        }
        struct Row {
            std::string name;
            double milliseconds = 0;
            double macs = 0;
            int count = 0;
        };
        std::map<std::string, Row> kernels;
        std::vector<Row> layers;
        double total = 0;
        std::map<std::string, double> macsOf;
        for (const Layer &layer : m_graph->layers)
            macsOf[layer.name] = static_cast<double>(multiplyAccumulates(*m_graph, layer));
        for (std::size_t i = 0; i < steps.size(); ++i) {
            const double spent = medianOf(times[i]);
            const double macs = std::exchange(macsOf[steps[i].layer], 0);
            total += spent;
            Row &row = kernels[steps[i].implementation];
            row.milliseconds += spent;
            row.macs += macs;
            ++row.count;
            layers.push_back({steps[i].layer + " (" + steps[i].implementation + ")", spent, macs, 1});
        }
        std::vector<Row> rows;
        for (auto &[name, row] : kernels) {
            row.name = name;
            rows.push_back(row);
        }
        const auto print = [total](std::vector<Row> &list, std::size_t most) {
            std::ranges::sort(list, std::greater(), &Row::milliseconds);
            list.resize(std::min(list.size(), most));
            for (const Row &row : list)
                std::printf("%8.3f ms %5.1f %% %4d x %7.1f GMAC/s  %s\n", row.milliseconds,
                            100 * row.milliseconds / total, row.count,
                            row.macs / 1e6 / row.milliseconds, row.name.c_str());
        };
        std::printf("%s: %.2f ms in %zu steps, %d threads, %s\n", m_options.model.c_str(), total,
                    steps.size(), m_options.threads, effectiveInstructionSet().c_str());
        print(rows, 40);
        std::printf("slowest layers\n");
        print(layers, 25);
    }

    // What one thread pays for all statistics of a picture, and what is left of the float rate.
    void statistics() const
    {
        FloatEngine ours = engine(1, true);
        run(ours);
        std::size_t elements = 0;
        const auto count = [&](TensorId, std::span<const float> values, bool) {
            elements += values.size();
        };
        if (auto outputs = ours.runRaw(m_inputs, count); !outputs)
            leave(m_options.model, outputs.error());
        std::vector<TensorStatistics> tensors(m_graph->tensors.size());
        std::vector<ChannelStatistics> channels(m_graph->tensors.size());
        double observing = 0;
        const auto observe = [&](TensorId id, std::span<const float> values, bool isLast) {
            const double start = processorMilliseconds();
            addToBoth(tensors[id.index()], channels[id.index()], values,
                      m_graph->tensor(id).shape, isLast);
            observing += processorMilliseconds() - start;
        };
        std::vector<double> costs;
        for (int i = 0; i < m_options.rounds; ++i) {
            observing = 0;
            if (auto outputs = ours.runRaw(m_inputs, observe); !outputs)
                leave(m_options.model, outputs.error());
            costs.push_back(observing);
        }
        const double perMillion = medianOf(costs) / (static_cast<double>(elements) / 1e6);
        FloatEngine whole = engine(m_options.threads);
        run(whole);
        constexpr std::size_t pictures = 16;
        const auto load = [this](std::size_t) -> Result<std::vector<Tensor>> { return m_inputs; };
        const auto calibrate = [&] {
            auto all = collectStatistics(m_graph, pictures, load, {.threads = m_options.threads});
            if (!all)
                leave(m_options.model, all.error());
        };
        calibrate();
        std::vector<double> ratios, rates;
        for (int i = 0; i < m_options.rounds; ++i) {
            double plain = 0;
            for (std::size_t k = 0; k < pictures; ++k)
                plain += run(whole);
            const double calibrating = millisecondsOf(calibrate);
            ratios.push_back(plain / calibrating);
            rates.push_back(1e3 * pictures / calibrating);
        }
        std::printf("%s: statistics %.3f ms per million values (%.2f M values, one thread); "
                    "calibration %.1f pictures/s, %.3f x the float rate (%d threads, %s)\n",
                    m_options.model.c_str(), perMillion, static_cast<double>(elements) / 1e6,
                    medianOf(rates), medianOf(ratios), m_options.threads,
                    effectiveInstructionSet().c_str());
    }

    void growth() const
    {
        const auto load = [this](std::size_t) -> Result<std::vector<Tensor>> { return m_inputs; };
        const auto processorTime = [&](std::size_t pictures) {
            const std::clock_t start = std::clock();
            auto all = collectStatistics(m_graph, pictures, load, {.threads = m_options.threads});
            if (!all)
                leave(m_options.model, all.error());
            return 1e3 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC /
                   static_cast<double>(pictures);
        };
        processorTime(4);
        const double few = processorTime(64);
        const double before = peakMemory();
        const double many = processorTime(1024);
        std::printf("%s: %.3f ms of processor time per picture at 64, %.3f at 1024 (%.3f x); peak "
                    "%.0f MB, then %.0f MB\n",
                    m_options.model.c_str(), few, many, many / few, before, peakMemory());
    }

private:
    Options m_options;
    std::shared_ptr<const Graph> m_graph;
    std::vector<Tensor> m_inputs;
};

} // namespace

int main(int argc, char **argv)
{
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        const auto number = [&] { return i + 1 < argc ? std::max(1, std::atoi(argv[++i])) : 1; };
        if (argument == "--threads")
            options.threads = number();
        else if (argument == "--rounds")
            options.rounds = number();
        else if (argument == "--profile")
            options.mode = Options::Mode::profile;
        else if (argument == "--statistics")
            options.mode = Options::Mode::statistics;
        else if (argument == "--growth")
            options.mode = Options::Mode::growth;
        else if (argument == "--serve")
            options.mode = Options::Mode::serve;
        else
            options.model = argument;
    }
    if (options.model.empty()) {
        std::fprintf(stderr, "usage: bench_float MODEL.onnx [--threads N] [--rounds N] "
                             "[--profile|--statistics|--growth|--serve]\n");
        return 2;
    }
    auto graph = importOnnx(options.model);
    if (!graph)
        leave(options.model, graph.error());
    const Bench bench(options, std::move(*graph));
    switch (options.mode) {
    case Options::Mode::time:
        bench.time();
        break;
    case Options::Mode::profile:
        bench.profile();
        break;
    case Options::Mode::statistics:
        bench.statistics();
        break;
    case Options::Mode::growth:
        bench.growth();
        break;
    case Options::Mode::serve:
        bench.serve();
        break;
    }
    return 0;
}
