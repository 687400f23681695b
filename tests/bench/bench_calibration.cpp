// What the calibration doctor promises, measured: the time and memory of a large set, and for each
// fault planted in 1, 10 and 100 % of a set whether it is found and how many of the pictures are
// named.
//   bench_calibration time [--count 1024] [--side 640]
//   bench_calibration faults [--count 300] [--pictures FOLDER]
// Without a folder the pictures are drawn; with one, each photograph gives four crops.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/thread_pool.h"
#include "planted_faults.h"
#include "temporary_folder.h"

#include <chrono>
#include <cstdio>
#include <cstring>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace hefstudio;

namespace {

struct Arguments {
    std::string what = "faults";
    std::size_t count = 0;
    int side = 640;
    std::string pictures;
};

Arguments parse(int argc, char **argv)
{
    Arguments arguments;
    if (argc > 1)
        arguments.what = argv[1];
    for (int i = 2; i + 1 < argc; i += 2) {
        if (std::strcmp(argv[i], "--count") == 0)
            arguments.count = std::strtoul(argv[i + 1], nullptr, 10);
        if (std::strcmp(argv[i], "--side") == 0)
            arguments.side = std::atoi(argv[i + 1]);
        if (std::strcmp(argv[i], "--pictures") == 0)
            arguments.pictures = argv[i + 1];
    }
    if (arguments.count == 0)
        arguments.count = arguments.what == "time" ? 1024 : 300;
    return arguments;
}

// The memory of drawing them does not count: that is done by a child process.
void measureTime(const Arguments &arguments)
{
    const TemporaryFolder folder;
    if (const pid_t child = ::fork(); child == 0) {
        ThreadPool pool;
        pool.forEach(arguments.count, [&](std::size_t i, int) {
            (void)saveImage(folder / ("picture" + std::to_string(i) + ".jpg"),
                            landscape(i, arguments.side, arguments.side));
        });
        ::_exit(0);
    } else {
        ::waitpid(child, nullptr, 0);
    }
    const auto set = CalibrationSet::open(folder.path());
    if (!set)
        return;
    const auto start = std::chrono::steady_clock::now();
    const auto looks = lookAtSet(*set, 2, {}, {});
    const auto middle = std::chrono::steady_clock::now();
    std::vector<std::size_t> all(set->size());
    std::iota(all.begin(), all.end(), std::size_t(0));
    const auto findings = judge(*set, *looks, all, {});
    const std::chrono::duration<double> looking = middle - start;
    const std::chrono::duration<double> judging = std::chrono::steady_clock::now() - middle;
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    std::printf("%zu pictures of %d × %d, 2 threads: looked at in %.2f s, judged in %.3f s, "
                "peak memory %.0f MB\n",
                set->size(), arguments.side, arguments.side, looking.count(), judging.count(),
                static_cast<double>(usage.ru_maxrss) / 1024);
    for (const Finding &finding : findings)
        std::printf("  says %s (%zu)\n", finding.diagnostic.id.c_str(), finding.samples.size());
}

// Four crops of each photograph that share no pixel.
std::vector<Image> cropsOf(const std::string &folder, std::size_t most)
{
    std::vector<Image> crops;
    const auto set = CalibrationSet::open(folder);
    for (std::size_t i = 0; set && i < set->size() && crops.size() < most; ++i) {
        const auto image = set->picture(i);
        if (!image)
            continue;
        const int width = image->width / 2;
        const int height = image->height / 2;
        for (int corner = 0; corner < 4 && crops.size() < most; ++corner) {
            Image crop{width, height, {}};
            const int left = corner % 2 * width;
            const int top = corner / 2 * height;
            for (int y = 0; y < height; ++y) {
                const std::uint8_t *row =
                    &image->rgb[(static_cast<std::size_t>(top + y) * image->width + left) * 3];
                crop.rgb.insert(crop.rgb.end(), row, row + std::size_t(width) * 3);
            }
            crops.push_back(std::move(crop));
        }
    }
    return crops;
}

// How near the good pictures come to the doctor's limits.
void printSpread(const char *what, const SetLooks &looks, double PictureMeasures::*value)
{
    std::vector<double> values;
    for (const SampleLook &look : looks.samples)
        if (look.measures)
            values.push_back((*look.measures).*value);
    std::ranges::sort(values);
    std::printf("%s:", what);
    for (const double share : {0.0, 0.01, 0.1, 0.5, 0.9, 0.99, 1.0})
        std::printf(" %.3f", values[static_cast<std::size_t>(
                                 share * static_cast<double>(values.size() - 1))]);
    std::printf("\n");
}

void measureFaults(const Arguments &arguments)
{
    const TemporaryFolder folder;
    std::vector<Image> pictures;
    if (!arguments.pictures.empty())
        pictures = cropsOf(arguments.pictures, arguments.count);
    else
        for (std::size_t i = 0; i < arguments.count; ++i)
            pictures.push_back(landscape(i, 320, 240));
    PlantedSet set(folder / "set", std::move(pictures));
    std::printf("%zu good pictures raise:", set.size());
    for (const Finding &finding : set.judgeNow(set.goodLooks()))
        std::printf(" %s(%zu)", finding.diagnostic.id.c_str(), finding.samples.size());
    std::printf("\nleast, 1, 10, 50, 90, 99 %%, most\n");
    printSpread("  colour order", set.goodLooks(), &PictureMeasures::colorOrder);
    printSpread("  blur", set.goodLooks(), &PictureMeasures::blur);
    printSpread("  contrast", set.goodLooks(), &PictureMeasures::contrast);
    std::printf("%-28s %9s %9s %9s   named wrongly, other warnings\n", "fault", "1 %", "10 %",
                "100 %");
    for (const PlantedFault &fault : plantedFaults(3)) {
        std::printf("%-28s", fault.name);
        std::string rest;
        for (const double share : {0.01, 0.1, 1.0}) {
            const auto count = std::max<std::size_t>(
                1, static_cast<std::size_t>(share * static_cast<double>(set.size())));
            const auto outcome = set.outcomeOf(fault, count);
            std::printf(" %3s %4.0f%%", outcome.isFound ? "yes" : "NO", outcome.named * 100);
            rest += " " + std::to_string(outcome.wrongly);
            for (const std::string &other : outcome.others)
                rest += " " + other;
            rest += ";";
        }
        std::printf("  %s\n", rest.c_str());
        std::fflush(stdout);
    }
}

} // namespace

int main(int argc, char **argv)
{
    const Arguments arguments = parse(argc, argv);
    if (arguments.what == "time")
        measureTime(arguments);
    else
        measureFaults(arguments);
}
