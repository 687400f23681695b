// SPDX-License-Identifier: GPL-3.0-or-later
#include "verb_calib_stats.h"

#include "input_shape_option.h"
#include "progress_printer.h"

#include "base/diagnostic_json.h"
#include "base/file.h"
#include "pipeline/statistics_run.h"

#include <CLI/CLI.hpp>

#include <charconv>
#include <memory>
#include <ostream>

namespace hefstudio::cli {
namespace {

struct StatsOptions {
    ConversionSettings settings;
    std::string model, source, output, shard, normalize, color, resize;
    std::string onBadImage = "stop", progress = "auto";
    std::vector<std::string> inputShapes;
    bool json = false;
};

struct MergeOptions {
    std::vector<std::string> files;
    std::string output;
    bool json = false;
};

// "2/4": the second of four.
std::optional<Shard> shardFromText(std::string_view text)
{
    std::size_t number = 0, count = 0;
    const char *end = text.data() + text.size();
    const auto [slash, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || slash == end || *slash != '/')
        return {};
    const auto [rest, otherError] = std::from_chars(slash + 1, end, count);
    if (otherError != std::errc() || rest != end || number < 1 || number > count ||
        count > 1'000'000)
        return {};
    return Shard{.index = number - 1, .count = count};
}

const CLI::Validator shardValid(
    [](const std::string &text) {
        return shardFromText(text)
                   ? std::string()
                   : "'" + text + "' is no shard like 1/2 (the first of two)";
    },
    "I/N");

const CLI::Validator normalizationValid(
    [](const std::string &text) {
        return normalizationFromText(text)
                   ? std::string()
                   : "'" + text + "' is not MEAN/STD, for instance 0/255 or 127/128";
    },
    "MEAN/STD");

int write(const StatisticsFile &file, const std::string &output, bool asJson, Console &console)
{
    const std::string text = statisticsText(file);
    if (const auto written = writeFileAtomically(output, asBytes(text)); !written)
        return report(written.error(), console);
    if (asJson)
        console.out << jsonText({{"file", output},
                                 {"samples", file.samples.size()},
                                 {"set_size", file.setSize},
                                 {"tensors", file.tensors.size()},
                                 {"complete", file.isComplete()}})
                    << "\n";
    else
        console.out << output << ": " << file.samples.size() << " of " << file.setSize
                    << " samples, " << file.tensors.size() << " tensors"
                    << (file.isComplete() ? "\n" : "; merge it with the other shards\n");
    return 0;
}

int runStats(const StatsOptions &options, Console &console)
{
    const auto style = progressStyleFromName(options.progress).value_or(ProgressStyle::automatic);
    ProgressPrinter printer(console, style);
    ConversionSettings settings = options.settings;
    settings.model = options.model;
    settings.calibration = options.source;
    settings.normalization = normalizationFromText(options.normalize);
    settings.color = colorOrderFromName(options.color);
    settings.resize = resizePolicyFromName(options.resize);
    settings.onBadImage =
        options.onBadImage == "skip" ? BadImagePolicy::skip : BadImagePolicy::stop;
    for (const auto &text : options.inputShapes)
        settings.inputShapes.insert(*parseInputShape(text));
    if (const auto writable = checkWritable(options.output); !writable)
        return report(writable.error(), console);
    const Shard shard = options.shard.empty() ? Shard{} : *shardFromText(options.shard);
    const auto file = takeStatistics(settings, shard, console.stop, printer.sink());
    if (!file)
        return report(file.error(), console);
    return write(*file, options.output, options.json, console);
}

int runMerge(const MergeOptions &options, Console &console)
{
    std::vector<StatisticsFile> files;
    for (const std::string &name : options.files) {
        const auto text = readTextFile(name);
        if (!text)
            return report(text.error(), console);
        auto file = readStatisticsText(*text, name);
        if (!file)
            return report(file.error(), console);
        files.push_back(std::move(*file));
    }
    const auto merged = mergeStatistics(files, options.files);
    if (!merged)
        return report(merged.error(), console);
    return write(*merged, options.output, options.json, console);
}

Verb declareStats(CLI::App &calib)
{
    auto o = std::make_shared<StatsOptions>();
    auto *command = calib.add_subcommand(
        "stats", "Run a set, or a shard of it, through a model and write what was seen");
    command->add_option("MODEL", o->model, "The ONNX model")->required();
    command
        ->add_option("SRC", o->source,
                     "The whole set: a folder of pictures, an .npy, .npz or .safetensors")
        ->required();
    command->add_option("-o,--output", o->output, "The statistics to write (JSON)")->required();
    command
        ->add_option("--shard", o->shard,
                     "Only this part of the set, 1/4 to 4/4; hefc calib merge joins the parts")
        ->check(shardValid);
    command
        ->add_option("--end-nodes", o->settings.endNodes,
                     "Where the chip's part ends (default: found by structure)")
        ->delimiter(',');
    command
        ->add_option("--input-shape", o->inputShapes,
                     "NAME=1,3,640,640, for inputs the file leaves open")
        ->check(inputShapeValidator());
    command
        ->add_option("--normalize", o->normalize,
                     "MEAN/STD on the 0 to 255 scale; folded into the network")
        ->check(normalizationValid);
    command->add_option("--color", o->color, "Colour order the network expects: rgb, bgr or grey")
        ->check(CLI::IsMember({"rgb", "bgr", "grey"}));
    command->add_option("--resize", o->resize, "letterbox, topleft, stretch or crop")
        ->check(CLI::IsMember({"letterbox", "topleft", "stretch", "crop"}));
    command->add_option("--on-bad-image", o->onBadImage, "What a broken picture does: stop or skip")
        ->check(CLI::IsMember({"stop", "skip"}));
    command
        ->add_option("--threads", o->settings.threads,
                     "Worker threads (default: all cores); never changes the result")
        ->check(CLI::Range(1, 1024));
    command
        ->add_option("--isa", o->settings.isa,
                     "Instruction set of the float kernels: auto, avx2 or avx512")
        ->check(CLI::IsMember({"auto", "avx2", "avx512"}));
    command->add_option("--progress", o->progress, "auto, plain, json or none")
        ->check(CLI::IsMember({"auto", "plain", "json", "none"}));
    command->add_flag("--json", o->json, "What was written, as JSON");
    return {command, [o](Console &console) { return runStats(*o, console); }};
}

Verb declareMerge(CLI::App &calib)
{
    auto o = std::make_shared<MergeOptions>();
    auto *command = calib.add_subcommand(
        "merge", "Join the statistics of shards; all of them give the bytes of one run");
    command->add_option("FILE", o->files, "Files of hefc calib stats, in any order")->required();
    command->add_option("-o,--output", o->output, "The statistics to write (JSON)")->required();
    command->add_flag("--json", o->json, "What was written, as JSON");
    return {command, [o](Console &console) { return runMerge(*o, console); }};
}

} // namespace

std::vector<Verb> declareCalibStatistics(CLI::App &calib)
{
    return {declareStats(calib), declareMerge(calib)};
}

} // namespace hefstudio::cli
