// fps_fit FOLDER [--fit STEPS] [--starts N] [--threads N] [--quick]
// Without --fit: the built-in device models against the published figures. With it: constants fitted
// from the prior to all networks, and again without each family, which is then predicted.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "random_search.h"

#include <CLI/CLI.hpp>

#include <atomic>
#include <cmath>
#include <iostream>
#include <map>
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
    bool folds = true;
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

// The best of several starts, for all families and without each; the empty name is "none left out".
std::map<std::string, Point> fitAll(const Corpus &corpus, const std::vector<VendorRun> &runs,
                                    const Options &options)
{
    std::set<std::string> families{""};
    if (options.folds)
        for (const Network &network : corpus.networks)
            families.insert(network.family);
    struct Task {
        std::string family;
        std::uint64_t seed;
        Point point{};
        double loss = 0;
    };
    std::vector<Task> tasks;
    for (const std::string &family : families)
        for (int start = 0; start < options.starts; ++start)
            tasks.push_back({family, static_cast<std::uint64_t>(start + 1)});
    std::atomic<std::size_t> next = 0;
    {
        std::vector<std::jthread> workers;
        for (int i = 0; i < options.threads; ++i)
            workers.emplace_back([&] {
                for (std::size_t which = next++; which < tasks.size(); which = next++) {
                    Task &task = tasks[which];
                    const int steps = options.steps * (task.family.empty() ? 2 : 1);
                    task.point = randomSearch(
                        options.fromDevice ? pointOf(builtInDevices().front()) : priorPoint(),
                        corpus, runs,
                        {.steps = steps, .seed = task.seed, .leaveOut = task.family});
                    task.loss = loss(task.point, corpus, runs, task.family);
                    std::cerr << "fitted without '" << task.family << "' (start " << task.seed
                              << "): loss " << task.loss << "\n";
                }
            });
    }
    std::map<std::string, Point> points;
    std::map<std::string, double> losses;
    for (const Task &task : tasks)
        if (!points.contains(task.family) || task.loss < losses[task.family]) {
            points[task.family] = task.point;
            losses[task.family] = task.loss;
        }
    return points;
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
    const auto points = fitAll(corpus, runs, options);
    const Point &all = points.at("");
    for (std::size_t i = 0; i < all.size(); ++i)
        std::cout << "constant " << parameters()[i].name << " " << std::exp(all[i]) << "\n";
    std::cout << "\nfitted to all:\n";
    printAll(corpus, runs, devicesAt(all), false);
    if (!options.folds)
        return 0;
    std::cout << "\neach family left out of its fit:\n";
    Predictions leftOut;
    for (const Network &network : corpus.networks) {
        const std::vector<DeviceModel> devices = devicesAt(points.at(network.family));
        auto &row = leftOut.emplace_back();
        for (std::size_t chip = 0; chip < chips; ++chip)
            row[chip] = predict(network, devices[chip]);
    }
    printNetworks(corpus, leftOut, std::cout);
    printSummary(corpus, leftOut, std::cout);
    std::vector<Prediction> mapped;
    for (const VendorRun &run : runs)
        mapped.push_back(predictAtCaps(
            run, devicesAt(points.contains(run.family) ? points.at(run.family) : all)));
    printVendorRuns(runs, mapped, std::cout);
    return 0;
}

} // namespace
} // namespace hefstudio::fit

int main(int argc, char **argv)
{
    hefstudio::fit::Options options;
    CLI::App app("Fit of the device models' constants to published speeds");
    app.add_option("FOLDER", options.folder, "Exports named as in published.csv")->required();
    app.add_option("--fit", options.steps, "Steps of the search for each family left out");
    app.add_option("--starts", options.starts, "Searches per fit; the best counts");
    app.add_option("--threads", options.threads, "Searches at the same time");
    app.add_flag("--from-device", options.fromDevice, "Start from the built-in constants");
    app.add_flag("!--no-folds", options.folds, "Only the fit to all networks");
    CLI11_PARSE(app, argc, argv);
    return hefstudio::fit::run(options);
}
