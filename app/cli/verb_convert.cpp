// hefc convert: from a model (or a recipe) and pictures to a HEF.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache_option.h"
#include "duration_option.h"
#include "input_shape_option.h"
#include "progress_printer.h"
#include "root_option.h"
#include "verb.h"

#include "base/diagnostic_catalogue.h"
#include "base/file.h"
#include "base/hash.h"
#include "pipeline/conversion.h"
#include "pipeline/recipe_verify.h"
#include "pipeline/stage_store.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <optional>
#include <ostream>

namespace hefstudio::cli {
namespace {

struct ConvertOptions {
    std::string model;
    ConversionSettings settings;
    std::string output, arch, preset, calibration, normalize, color, resize, labels, archive;
    std::string backend = "builtin", onBadImage = "stop", progress = "auto";
    std::vector<std::string> inputShapes;
    int contexts = 0;
    std::string nms;
    std::optional<double> nmsScore, nmsIou;
    std::optional<int> nmsPerClass;
    std::string report, saveRecipe;
    std::vector<std::string> roots;
    CacheOptions cache;
    bool fromLock = false;
    std::string timeLimit, reader;
    VendorBackend vendor;
};

const CLI::Validator normalizationTextValid(
    [](const std::string &text) {
        return normalizationFromText(text)
                   ? std::string()
                   : "'" + text + "' is not MEAN/STD, for instance 0/255 or 127/128";
    },
    "MEAN/STD");

void declareOptions(CLI::App &command, ConvertOptions &o)
{
    command.add_option("MODEL", o.model, "An ONNX model, or a recipe (.json)")->required();
    command.add_option("-o,--output", o.output,
                       "The HEF to write (default: MODEL.emulation.hef, or MODEL.hef with\n"
                       "--backend vendor, beside the model)");
    command.add_option("--arch", o.arch, "hailo8l, hailo8 or a board's name (default: hailo8l)");
    command.add_option("--preset", o.preset, "fast, balanced or accurate (default: fast)")
        ->check(CLI::IsMember({"fast", "balanced", "accurate"}));
    command.add_option("--calib", o.calibration,
                       "Calibration: a folder of pictures, a SET.json, a data.yaml, an .npy or .npz, or random (noise)");
    command.add_option("--start-nodes", o.settings.startNodes, "Where the chip's part begins")
        ->delimiter(',');
    command
        .add_option("--end-nodes", o.settings.endNodes,
                    "Where the chip's part ends (default: found by structure)")
        ->delimiter(',');
    command
        .add_option("--input-shape", o.inputShapes,
                    "NAME=1,3,640,640, for inputs the file leaves open")
        ->check(inputShapeValidator());
    command
        .add_option("--normalize", o.normalize,
                    "MEAN/STD on the 0 to 255 scale; folded into the network")
        ->check(normalizationTextValid);
    command.add_option("--color", o.color, "Colour order the network expects: rgb, bgr or grey")
        ->check(CLI::IsMember({"rgb", "bgr", "grey"}));
    command.add_option("--resize", o.resize, "letterbox, topleft, stretch or crop")
        ->check(CLI::IsMember({"letterbox", "topleft", "stretch", "crop"}));
    command.add_option("--labels", o.labels, "A text file with one class name a line");
    command
        .add_option("--backend", o.backend,
                    "builtin (emulation HEF) or vendor (chip HEF, by your own compiler)")
        ->check(CLI::IsMember({"builtin", "vendor"}));
    command.add_option("--toolchain", o.vendor.toolchain,
                       "Which compiler of hefc vendor list (default: the first that serves the chip)");
    command.add_option("--time-limit", o.timeLimit, "Stop the vendor's compiler after this: 90m, 5h")
        ->check(durationValidator());
    command.add_flag("--gpu", o.vendor.usesGpu, "Give the vendor's container the GPUs");
    command
        .add_option("--nms", o.nms,
                    "What HailoRT shall do with a detector's outputs: none (default) or hailort")
        ->check(CLI::IsMember({"none", "hailort"}));
    command
        .add_option("--reader", o.reader,
                    "Who reads the outputs; --nms follows: own (raw, per scale), rpicam-apps\n"
                    "(HailoRT's NMS by class) or metadata (raw, decoded by what the HEF says)")
        ->check(CLI::IsMember({"own", "rpicam-apps", "metadata"}));
    command.add_option("--nms-score", o.nmsScore, "Weakest score of --nms hailort (default: 0.2)")
        ->check(CLI::Range(0.0, 1.0));
    command.add_option("--nms-iou", o.nmsIou, "Overlap of --nms hailort (default: 0.6)")
        ->check(CLI::Range(0.0, 1.0));
    command
        .add_option("--nms-per-class", o.nmsPerClass,
                    "Boxes of a class that --nms hailort keeps (default: 100)")
        ->check(CLI::Range(1, 10000));
    command.add_option("--contexts", o.contexts, "Exactly this many contexts")
        ->check(CLI::Range(1, 1000));
    command
        .add_option("--on-bad-image", o.onBadImage,
                    "What a broken calibration picture does: stop or skip")
        ->check(CLI::IsMember({"stop", "skip"}));
    command.add_option("--report", o.report, "Write stages, ledger and result as JSON");
    command.add_option("--har", o.archive,
                       "Write the optimised network, its weights and integers as an archive");
    command.add_option("--save-recipe", o.saveRecipe,
                       "Write a recipe that rebuilds the same bytes");
    command.add_option("--progress", o.progress, "auto, plain, json or none")
        ->check(CLI::IsMember({"auto", "plain", "json", "none"}));
    command
        .add_option("--threads", o.settings.threads,
                    "Worker threads (default: all cores); never changes the result")
        ->check(CLI::Range(1, 1024));
    command
        .add_option("--isa", o.settings.isa,
                    "Instruction set of the float kernels: auto, avx2 or avx512")
        ->check(CLI::IsMember({"auto", "avx2", "avx512"}));
    command.add_flag("--verify", o.settings.verifyPasses,
                     "Prove every rewrite on the float engine");
    command.add_option("--seed", o.settings.seed, "Seed of every search (default: 1)");
    addRootOption(command, o.roots);
    addCacheOptions(command, o.cache);
    command.add_flag("--from-lock", o.fromLock,
                     "Of a recipe: rebuild from its lock's frozen numbers, without pictures");
}

bool isRecipe(const ConvertOptions &o)
{
    return std::filesystem::path(o.model).extension() == ".json";
}

// rpicam-apps and hailo-apps take HailoRT's lists by class and nothing else.
HostNms nmsWantedBy(const std::string &reader)
{
    return reader == "rpicam-apps" ? HostNms::hailort : HostNms::none;
}

// Options given on the command line win over a recipe's.
ConversionSettings settingsFrom(const ConvertOptions &o, const std::optional<Recipe> &recipe)
{
    ConversionSettings s;
    if (recipe) {
        s = recipe->settings;
        s.threads = o.settings.threads;
        s.isa = o.settings.isa;
        s.verifyPasses = o.settings.verifyPasses;
    } else {
        s = o.settings;
        s.model = o.model;
    }
    const auto override = [](auto &to, const std::string &text) {
        if (!text.empty())
            to = text;
    };
    override(s.output, o.output);
    override(s.arch, o.arch);
    override(s.calibration, o.calibration);
    override(s.labels, o.labels);
    override(s.archive, o.archive);
    if (!o.settings.startNodes.empty())
        s.startNodes = o.settings.startNodes;
    if (!o.settings.endNodes.empty())
        s.endNodes = o.settings.endNodes;
    for (const auto &text : o.inputShapes)
        s.inputShapes.insert_or_assign(parseInputShape(text)->first, parseInputShape(text)->second);
    if (!o.preset.empty())
        s.preset = *presetFromName(o.preset);
    if (!o.normalize.empty())
        s.normalization = normalizationFromText(o.normalize);
    if (!o.color.empty())
        s.color = colorOrderFromName(o.color);
    if (!o.resize.empty())
        s.resize = resizePolicyFromName(o.resize);
    if (o.backend == "vendor")
        s.backend = BackendKind::vendor;
    if (!o.nms.empty())
        s.nms = *hostNmsFromName(o.nms);
    else if (!o.reader.empty())
        s.nms = nmsWantedBy(o.reader);
    s.nmsScore = o.nmsScore.value_or(s.nmsScore);
    s.nmsIou = o.nmsIou.value_or(s.nmsIou);
    s.nmsPerClass = o.nmsPerClass.value_or(s.nmsPerClass);
    if (o.contexts > 0)
        s.contexts = o.contexts;
    if (o.onBadImage == "skip")
        s.onBadImage = BadImagePolicy::skip;
    return s;
}

void printChipSummary(const ConversionResult &result, Console &console)
{
    const auto &report = result.report;
    console.out << result.file.string() << ": " << report.bytes << " bytes, " << report.contexts
                << (report.contexts == 1 ? " context" : " contexts") << ", "
                << static_cast<int>(report.predictedFps)
                << " frames per second by the compiler's own estimate\n"
                << "This is a chip HEF. Kit with programs that run and decode it: hefc bundle "
                << result.file.string() << " -o KIT\n";
    for (const auto &row : report.ledger)
        if (row.isLowered())
            console.out << "  " << row.setting << ": " << row.asked << " asked, " << row.used
                        << " used: " << row.why << "\n";
}

void printSummary(const ConversionResult &result, Console &console)
{
    const auto &report = result.report;
    if (!report.isEmulation)
        return printChipSummary(result, console);
    console.out << result.file.string() << ": " << report.bytes << " bytes, " << report.layers
                << " layers, " << report.contexts
                << (report.contexts == 1 ? " context" : " contexts") << ", predicted "
                << static_cast<int>(report.predictedFps) << " frames per second\n";
    if (!report.hostOutputs.empty())
        console.out
            << "The end of the network is left to the host: hefc run --with-host computes it.\n";
    console.out
        << "This is an emulation HEF: it opens in every reader and runs with hefc run, but not on "
           "a chip.\nFor a chip HEF, use --backend vendor where you have the Hailo Dataflow Compiler "
           "(hefc vendor add),\nor keep a recipe (--save-recipe) and write the job for another "
           "machine: hefc recipe export RECIPE.json -o JOB\n";
}

int runConvert(const ConvertOptions &options, Console &console)
{
    const auto style = progressStyleFromName(options.progress).value_or(ProgressStyle::automatic);
    ProgressPrinter printer(console, style);
    const auto sink = printer.sink();
    const auto stopWith = [&](const Diagnostics &diagnostics) {
        if (style == ProgressStyle::json)
            for (const auto &diagnostic : diagnostics)
                sink(DiagnosticRaised{diagnostic});
        return style == ProgressStyle::json ? exitCode(diagnostics) : report(diagnostics, console);
    };
    const auto roots = rootsFrom(options.roots);
    if (!roots)
        return stopWith(roots.error());
    std::optional<Recipe> recipe;
    std::optional<FrozenNetwork> frozen;
    if (isRecipe(options)) {
        auto read = readRecipe(options.model, *roots);
        if (!read)
            return stopWith(read.error());
        recipe = std::move(*read);
    }
    if (options.fromLock) {
        auto read = readFrozenOf(options.model, recipe.value_or(Recipe{}));
        if (!read)
            return stopWith(read.error());
        frozen = std::move(*read);
    }
    const ConversionSettings settings = settingsFrom(options, recipe);
    if (!options.reader.empty() && settings.nms != nmsWantedBy(options.reader))
        sink(DiagnosticRaised{Diagnostic("vendor.reader-mismatch")
                                  .with("reader", options.reader)
                                  .with("nms", std::string(hostNmsName(settings.nms)))
                                  .with("wanted", std::string(hostNmsName(
                                                      nmsWantedBy(options.reader))))
                                  .as(Severity::warning)});
    // Side files fail before the work, not after it.
    for (const auto &file : {options.report, options.saveRecipe})
        if (!file.empty())
            if (const auto writable = checkWritable(file); !writable)
                return stopWith(writable.error());
    if (!options.saveRecipe.empty())
        if (const auto kept = checkRecipePaths(options.saveRecipe, settings, *roots); !kept)
            return stopWith(kept.error());

    auto vendor = options.vendor;
    vendor.limit = durationFromText(options.timeLimit).value_or(std::chrono::minutes(0));
    auto cache = cacheFrom(options.cache);
    const auto result = convert(settings, console.stop, sink,
                                {.cache = cache ? &*cache : nullptr,
                                 .fillsLock = !options.saveRecipe.empty(),
                                 .frozen = frozen ? &*frozen : nullptr,
                                 .writesFiles = true,
                                 .vendor = std::move(vendor)});
    if (!result)
        return stopWith(result.error());
    if (!options.report.empty()) {
        const auto json = reportJson(*result, settings);
        if (const auto written = writeFileAtomically(options.report, asBytes(json)); !written)
            return stopWith(written.error());
    }
    if (!options.saveRecipe.empty())
        if (const auto written =
                writeLockedRecipe(options.saveRecipe, settings, *result, *roots);
            !written)
            return stopWith(written.error());
    if (style != ProgressStyle::json)
        printSummary(*result, console);
    return 0;
}

} // namespace

Verb declareConvert(CLI::App &app)
{
    auto options = std::make_shared<ConvertOptions>();
    auto *command = app.add_subcommand("convert", "Convert an ONNX model to a HEF");
    declareOptions(*command, *options);
    return {command, [options](Console &console) { return runConvert(*options, console); }};
}

} // namespace hefstudio::cli
