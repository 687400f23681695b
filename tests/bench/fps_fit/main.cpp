// fps_fit FOLDER [--fit STEPS] [--folds N] [--starts N] [--threads N] [--from-device]
// Without --fit: the built-in device models against the published figures. With it: constants fitted
// to all networks. With --folds, too: the families are dealt into N groups, and the networks of each
// group are predicted with constants fitted, from the prior, without any of its families.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "random_search.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <iostream>
#include <set>
#include <thread>

namespace hefstudio::fit {
namespace {

struct Options {
    std::filesystem::path folder;
    int steps = 0;
    int starts = 2;
    int threads = 2;
    bool fromDevice = false;
    int folds = 0;
};

std::vector<DeviceModel> devicesAt(const Point &point)
{
    std::vector<DeviceModel> devices = builtInDevices();
    for (DeviceModel &device : devices)
        apply(point, device);
    return devices;
}

Predictions predictAll(const Corpus &corpus, const std::vector<DeviceModel> &devices, bool exactly)
{
    Predictions all;
    for (const Network &network : corpus.networks) {
        auto &row = all.emplace_back();
        for (std::size_t chip = 0; chip < chips; ++chip)
            row[chip] = exactly ? predictExactly(network, devices[chip])
                                : predict(network, devices[chip]);
    }
    return all;
}

void printAll(const Corpus &corpus, const std::vector<VendorRun> &runs,
              const std::vector<DeviceModel> &devices, bool exactly)
{
    const Predictions predictions = predictAll(corpus, devices, exactly);
    printNetworks(corpus, predictions, std::cout);
    printSummary(corpus, predictions, std::cout);
    std::vector<Prediction> mapped;
    for (const VendorRun &run : runs)
        mapped.push_back(predictAtCaps(run, devices));
    printVendorRuns(runs, mapped, std::cout);
}

struct Task {
    std::set<std::string> leaveOut;
    std::uint64_t seed = 1;
    Point start;
    Point point{};
    double loss = 0;
};

void work(std::vector<Task> &tasks, const Corpus &corpus, const std::vector<VendorRun> &runs,
          const Options &options)
{
    std::atomic<std::size_t> next = 0;
    std::vector<std::jthread> workers;
    for (int i = 0; i < options.threads; ++i)
        workers.emplace_back([&] {
            for (std::size_t which = next++; which < tasks.size(); which = next++) {
                Task &task = tasks[which];
                task.point = randomSearch(
                    task.start, corpus, runs,
                    {.steps = options.steps, .seed = task.seed, .leaveOut = task.leaveOut});
                task.loss = loss(task.point, corpus, runs, task.leaveOut);
                std::cerr << "fitted without " << task.leaveOut.size() << " families (start "
                          << task.seed << "): loss " << task.loss << "\n";
            }
        });
}

// The best of several starts.
Point fit(const Point &start, const std::set<std::string> &leaveOut, const Corpus &corpus,
          const std::vector<VendorRun> &runs, const Options &options)
{
    std::vector<Task> tasks;
    for (int i = 0; i < options.starts; ++i)
        tasks.push_back({leaveOut, static_cast<std::uint64_t>(i + 1), start});
    work(tasks, corpus, runs, options);
    return std::ranges::min_element(tasks, {}, &Task::loss)->point;
}

std::vector<std::set<std::string>> dealtFamilies(const Corpus &corpus, int groups)
{
    std::set<std::string> families;
    for (const Network &network : corpus.networks)
        families.insert(network.family);
    std::vector<std::set<std::string>> dealt(static_cast<std::size_t>(groups));
    std::size_t next = 0;
    for (const std::string &family : families)
        dealt[next++ % dealt.size()].insert(family);
    return dealt;
}

void crossValidate(const Corpus &corpus, const std::vector<VendorRun> &runs, const Options &options)
{
    const auto groups = dealtFamilies(corpus, options.folds);
    std::vector<Task> tasks;
    for (const auto &group : groups)
        tasks.push_back({group, 1, priorPoint()});
    work(tasks, corpus, runs, options);
    const auto devicesWithout = [&](const std::string &family) {
        for (const Task &task : tasks)
            if (task.leaveOut.contains(family))
                return devicesAt(task.point);
        return devicesAt(tasks.front().point); // a family without published figures
    };
    Predictions leftOut;
    for (const Network &network : corpus.networks) {
        const std::vector<DeviceModel> devices = devicesWithout(network.family);
        auto &row = leftOut.emplace_back();
        for (std::size_t chip = 0; chip < chips; ++chip)
            row[chip] = predictExactly(network, devices[chip]);
    }
    std::cout << "\neach family left out of its fit:\n";
    printNetworks(corpus, leftOut, std::cout);
    printSummary(corpus, leftOut, std::cout);
    std::vector<Prediction> mapped;
    for (const VendorRun &run : runs)
        mapped.push_back(predictAtCaps(run, devicesWithout(run.family)));
    printVendorRuns(runs, mapped, std::cout);
}

int run(const Options &options)
{
    const std::filesystem::path here = std::filesystem::path(HEFSTUDIO_FPS_FIT_DIR);
    Corpus corpus = loadCorpus(here / "published.csv", options.folder);
    const std::vector<VendorRun> runs =
        loadVendorRuns(here / "vendor_runs.csv", options.folder, corpus.failures);
    for (const std::string &failure : corpus.failures)
        std::cout << "left out: " << failure << "\n";
    if (options.steps == 0) {
        printAll(corpus, runs, builtInDevices(), true);
        return corpus.networks.empty() ? 1 : 0;
    }
    if (options.folds > 1) {
        crossValidate(corpus, runs, options);
        return 0;
    }
    const Point all =
        fit(options.fromDevice ? pointOf(builtInDevices().front()) : priorPoint(), {}, corpus, runs,
            options);
    for (std::size_t i = 0; i < all.size(); ++i)
        std::cout << "constant " << parameters()[i].name << " " << std::exp(all[i]) << "\n";
    std::cout << "\nfitted to all:\n";
    printAll(corpus, runs, devicesAt(all), true);
    return 0;
}

} // namespace
} // namespace hefstudio::fit

int main(int argc, char **argv)
{
    hefstudio::fit::Options options;
    CLI::App app("Fit of the device models' constants to published speeds");
    app.add_option("FOLDER", options.folder, "Exports named as in published.csv")->required();
    app.add_option("--fit", options.steps, "Steps of a search");
    app.add_option("--starts", options.starts, "Searches per fit; the best counts");
    app.add_option("--threads", options.threads, "Searches at the same time");
    app.add_flag("--from-device", options.fromDevice, "Start from the built-in constants");
    app.add_option("--folds", options.folds, "Groups that the families are dealt into");
    CLI11_PARSE(app, argc, argv);
    return hefstudio::fit::run(options);
}
