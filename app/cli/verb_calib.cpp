// hefc calib: build a calibration set out of pictures, videos and arrays; check one.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "input_shape_option.h"
#include "progress_printer.h"
#include "verb.h"

#include "base/diagnostic_catalogue.h"
#include "base/diagnostic_json.h"
#include "calibration/export_set.h"
#include "calibration/open_sources.h"
#include "calibration/selection.h"
#include "calibration/set_file.h"
#include "pipeline/set_check.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <iomanip>
#include <memory>
#include <numeric>
#include <ostream>
#include <set>

namespace hefstudio::cli {
namespace {

constexpr const char *sourcesHelp =
    "Folders (with all below), pictures, videos, a data.yaml, a SET.json, or one .npy, .npz or "
    ".safetensors";

struct CalibOptions {
    std::vector<std::string> sources;
    std::string model, reference, normalize, color, resize, size;
    std::vector<std::string> inputShapes;
    double every = 1;
    bool scenes = false;
    int threads = 0;
    bool json = false;
    std::string progress = "auto";
    // build
    std::string output, strategy = "random";
    std::size_t count = 0;
    std::uint64_t seed = 1;
    std::vector<std::string> leaveOut, remove, keep;
    bool fix = false;
};

const CLI::Validator sizeValid(
    [](const std::string &text) {
        int width = 0;
        int height = 0;
        const char *end = text.data() + text.size();
        const auto [x, error] = std::from_chars(text.data(), end, width);
        const bool isSplit = error == std::errc() && x != end && *x == 'x';
        const auto [rest, otherError] =
            std::from_chars(isSplit ? x + 1 : end, end, height);
        constexpr int most = 1 << 14;
        const bool isSize = isSplit && otherError == std::errc() && rest == end && width > 0 &&
                            height > 0 && width <= most && height <= most;
        return isSize ? std::string() : "'" + text + "' is no size like 640x640";
    },
    "WIDTHxHEIGHT");

const CLI::Validator normalizationValid(
    [](const std::string &text) {
        return normalizationFromText(text)
                   ? std::string()
                   : "'" + text + "' is not MEAN/STD, for instance 0/255 or 127/128";
    },
    "MEAN/STD");

void declareCommon(CLI::App &command, CalibOptions &o)
{
    command.add_option("SRC", o.sources, sourcesHelp)->required();
    command.add_option("--every", o.every, "Of videos: seconds between two frames (default: 1)")
        ->check(CLI::Range(0.0, 86400.0));
    command.add_flag("--scenes", o.scenes, "Of videos: only frames unlike the one before");
    command.add_option("--model", o.model,
                       "The ONNX model the set is for: its input is the measure, and what it finds "
                       "decides about colours");
    command
        .add_option("--input-shape", o.inputShapes,
                    "NAME=1,3,640,640, for inputs the model leaves open")
        ->check(inputShapeValidator());
    command
        .add_option("--normalize", o.normalize,
                    "MEAN/STD on the 0 to 255 scale that the model was trained on")
        ->check(normalizationValid);
    command.add_option("--color", o.color, "Colour order the model expects: rgb, bgr or grey")
        ->check(CLI::IsMember({"rgb", "bgr", "grey"}));
    command.add_option("--resize", o.resize, "letterbox, topleft, stretch or crop")
        ->check(CLI::IsMember({"letterbox", "topleft", "stretch", "crop"}));
    command.add_option("--threads", o.threads, "Worker threads (default: all cores)")
        ->check(CLI::Range(1, 1024));
    command.add_option("--progress", o.progress, "auto, plain, json or none")
        ->check(CLI::IsMember({"auto", "plain", "json", "none"}));
    command.add_flag("--json", o.json, "The answer as one JSON document");
}

std::vector<std::filesystem::path> pathsOf(const std::vector<std::string> &texts)
{
    return {texts.begin(), texts.end()};
}

SetCheckOptions checkOptionsFrom(const CalibOptions &o)
{
    SetCheckOptions options{.settings = {}, .reference = o.reference, .threads = o.threads};
    options.settings.model = o.model;
    options.settings.normalization = normalizationFromText(o.normalize);
    options.settings.color = colorOrderFromName(o.color);
    options.settings.resize = resizePolicyFromName(o.resize);
    for (const auto &text : o.inputShapes)
        options.settings.inputShapes.insert(*parseInputShape(text));
    return options;
}

// Where the frames of videos go that are looked at once; nowhere without videos.
std::filesystem::path placeForFrames(const std::vector<std::filesystem::path> &sources,
                                     WorkFolder &work)
{
    return std::ranges::any_of(sources, hasVideoEnding) ? work.path() : std::filesystem::path();
}

void printFindings(const CalibrationSet &set, const std::vector<Finding> &findings,
                   std::ostream &out)
{
    for (const Finding &finding : findings) {
        out << consoleText(finding.diagnostic);
        constexpr std::size_t most = 5;
        for (std::size_t i = 0; i < std::min(most, finding.samples.size()); ++i)
            out << "    " << set.relativeNameOf(finding.samples[i]) << "\n";
        if (finding.samples.size() > most)
            out << "    and " << finding.samples.size() - most << " more; --json names all\n";
    }
}

int runCheck(const CalibOptions &o, Console &console)
{
    const SetCheckOptions options = checkOptionsFrom(o);
    ProgressPrinter progress(console, *progressStyleFromName(o.json ? "none" : o.progress));
    WorkFolder frames;
    const auto sources = pathsOf(o.sources);
    const auto set =
        openSources(sources, placeForFrames(sources, frames), {.everySeconds = o.every, .onlySceneChanges = o.scenes},
                    console.stop, progress.sink());
    if (!set)
        return report(set.error(), console);
    const auto check = checkSet(*set, options, console.stop, progress.sink());
    if (!check)
        return report(check.error(), console);
    if (o.json) {
        console.out << setCheckJson(*set, *check) << "\n";
    } else {
        console.out << set->size() << (set->isArray() ? " samples" : " pictures") << " in "
                    << set->source().string() << ": "
                    << (check->isFine() ? "nothing to mend\n" : "not as it should be\n");
        printFindings(*set, check->findings, console.out);
    }
    return check->isFine() ? 0 : 1;
}

// Which samples go on: all but those of the findings named, then by name.
class Choice {
public:
    Choice(const CalibrationSet &set, const CalibOptions &o) : m_set(set), m_options(o) {}

    Result<std::vector<std::size_t>> samples(const SetCheck *check, const std::stop_token &stop)
    {
        std::set<std::size_t> out;
        if (check)
            for (const Finding &finding : check->findings)
                if (leavesOut(finding) && isNamed(finding.diagnostic.id))
                    out.insert(finding.samples.begin(), finding.samples.end());
        std::vector<std::size_t> kept, left;
        for (std::size_t i = 0; i < m_set.size(); ++i) {
            const std::string name = m_set.relativeNameOf(i);
            const bool isKept = matches(m_options.keep, name);
            if (isKept)
                kept.push_back(i);
            else if (!out.contains(i) && !matches(m_options.remove, name))
                left.push_back(i);
        }
        const std::size_t wanted = m_options.count == 0 ? left.size() + kept.size()
                                                        : m_options.count;
        const std::size_t more = wanted > kept.size() ? wanted - kept.size() : 0;
        if (more < left.size()) {
            auto chosen = choose(left, more, check, stop);
            if (!chosen)
                return chosen;
            left = std::move(*chosen);
        }
        left.insert(left.end(), kept.begin(), kept.end());
        std::ranges::sort(left);
        return left;
    }

private:
    bool isNamed(std::string_view id) const
    {
        constexpr std::string_view room = "calib.";
        return std::ranges::any_of(m_options.leaveOut, [&](const std::string &wanted) {
            return wanted == "all" || wanted == id || wanted == id.substr(room.size());
        });
    }
    static bool matches(const std::vector<std::string> &names, const std::string &name)
    {
        return std::ranges::any_of(names, [&](const std::string &each) {
            return name == each || std::filesystem::path(name).filename() == each;
        });
    }
    Result<std::vector<std::size_t>> choose(const std::vector<std::size_t> &from,
                                            std::size_t count, const SetCheck *check,
                                            const std::stop_token &stop) const
    {
        std::vector<std::size_t> chosen;
        const auto strategy = *selectionStrategyFromName(m_options.strategy);
        if (strategy == SelectionStrategy::random)
            chosen = selectRandom(from.size(), count, m_options.seed);
        if (strategy == SelectionStrategy::diverse) {
            std::vector<PictureFeatures> features;
            for (const std::size_t sample : from) {
                const auto &measures = check->looks.samples[sample].measures;
                features.push_back(measures ? measures->features : PictureFeatures{});
            }
            chosen = selectDiverse(features, count, m_options.seed, stop);
        }
        if (strategy == SelectionStrategy::perClass) {
            if (!check->looks.labels)
                return fail(
                    Diagnostic("calib.no-labels", Place{.file = m_set.source().string()}));
            std::vector<std::vector<int>> classes;
            for (const std::size_t sample : from)
                classes.push_back(
                    check->looks.labels->classes[sample].value_or(std::vector<int>()));
            chosen = selectPerClass(classes, count, m_options.seed);
        }
        for (std::size_t &sample : chosen)
            sample = from[sample];
        return chosen;
    }

    const CalibrationSet &m_set;
    const CalibOptions &m_options;
};

int reportRepair(const CalibOptions &o, const Result<std::vector<Fix>> &made, Console &console)
{
    if (!made)
        return report(made.error(), console);
    if (o.json) {
        nlohmann::ordered_json json{{"output", made->empty() ? "" : o.output},
                                    {"fixes", nlohmann::ordered_json::array()}};
        for (const Fix &fix : *made)
            json["fixes"].push_back(fix.kind);
        console.out << jsonText(json) << "\n";
        return 0;
    }
    if (made->empty())
        console.out << "The set needs no repair; nothing was written.\n";
    else
        console.out << "Repaired";
    for (std::size_t i = 0; i < made->size(); ++i)
        console.out << (i == 0 ? ": " : ", ") << (*made)[i].kind;
    if (!made->empty())
        console.out << " → " << o.output << "\n";
    return 0;
}

// The size, order and policy that arrays are written with: the model's, else those stated.
Result<PreprocessOptions> preprocessFor(const CalibrationSet &set, const CalibOptions &o,
                                        SetCheckOptions options, std::string &inputName)
{
    PreprocessOptions how{.color = options.settings.color.value_or(ColorOrder::rgb),
                          .resize = options.settings.resize.value_or(ResizePolicy::letterbox)};
    if (how.color == ColorOrder::grey)
        how.channels = 1;
    if (!o.size.empty()) {
        const auto x = o.size.find('x');
        std::from_chars(o.size.data(), o.size.data() + x, how.width);
        std::from_chars(o.size.data() + x + 1, o.size.data() + o.size.size(), how.height);
    } else if (!o.model.empty()) {
        // Which values the network takes is not asked here: raw pictures are written.
        if (!options.settings.normalization)
            options.settings.normalization = Normalization{};
        const auto network = networkInputFor(set, options.settings);
        if (!network)
            return std::unexpected(network.error());
        how = network->plans.inputs.front().preprocess;
        inputName = network->plans.inputs.front().inputName;
    }
    return how;
}

int runBuild(const CalibOptions &o, Console &console)
{
    const SetCheckOptions options = checkOptionsFrom(o);
    const std::filesystem::path target = o.output;
    const auto form = exportFormOf(target);
    if (!form) {
        console.err << "error: -o: a folder, or a file that ends in .json, .npy or .npz "
                       "[cli.usage]\n";
        return 2;
    }
    ProgressPrinter progress(console, *progressStyleFromName(o.json ? "none" : o.progress));
    WorkFolder work;
    // A list names files that must still be there tomorrow.
    auto frames = target;
    frames.replace_extension();
    frames += "_frames";
    const auto sources = pathsOf(o.sources);
    auto set = openSources(sources, *form == ExportForm::list ? frames : placeForFrames(sources, work),
                           {.everySeconds = o.every, .onlySceneChanges = o.scenes}, console.stop,
                           progress.sink());
    if (!set)
        return report(set.error(), console);
    if (o.fix) {
        if (!set->isArray() || (*form != ExportForm::npy && *form != ExportForm::npz)) {
            console.err << "error: --fix takes an array and writes an .npy or .npz [cli.usage]\n";
            return 2;
        }
        return reportRepair(
            o, repairSet(*set, options, target, console.stop, progress.sink()), console);
    }
    std::optional<SetCheck> check;
    if (!o.leaveOut.empty() || (o.count > 0 && o.strategy != "random")) {
        auto done = checkSet(*set, options, console.stop, progress.sink());
        if (!done)
            return report(done.error(), console);
        check = std::move(*done);
    }
    const auto samples = Choice(*set, o).samples(check ? &*check : nullptr, console.stop);
    if (!samples)
        return report(samples.error(), console);
    if (samples->empty())
        return report({Diagnostic("calib.nothing-left")}, console);
    ExportRequest request{.target = target,
                          .form = *form,
                          .preprocess = {},
                          .inputName = {},
                          .sources = sources,
                          .strategy = o.count > 0 ? o.strategy : "all",
                          .seed = o.seed,
                          .threads = o.threads};
    if (*form == ExportForm::npy || *form == ExportForm::npz) {
        auto how = preprocessFor(*set, o, options, request.inputName);
        if (!how)
            return report(how.error(), console);
        request.preprocess = *how;
    }
    const auto exported =
        exportSet(set->chosen(*samples), request, console.stop, progress.sink());
    if (!exported)
        return report(exported.error(), console);
    if (o.json) {
        console.out << jsonText(nlohmann::ordered_json{
                           {"output", exported->target.string()},
                           {"manifest", exported->manifest.string()},
                           {"samples", exported->samples},
                           {"left_out", set->size() - exported->samples},
                           {"strategy", request.strategy},
                           {"seed", request.seed},
                           {"bytes", exported->bytes}})
                    << "\n";
    } else {
        console.out << exported->samples << " of " << set->size() << " samples → "
                    << exported->target.string();
        if (exported->manifest != exported->target)
            console.out << ", manifest " << exported->manifest.string();
        console.out << "\n";
    }
    return 0;
}

void declareBuild(CLI::App &command, CalibOptions &o)
{
    declareCommon(command, o);
    command
        .add_option("-o,--output", o.output,
                    "A list (.json), an array (.npy, .npz) or a new folder of copies")
        ->required();
    command.add_option("--count", o.count, "Samples to choose (default: all)")
        ->check(CLI::Range(std::size_t(1), std::size_t(10'000'000)));
    command.add_option("--strategy", o.strategy, "How to choose: random, diverse or per-class")
        ->capture_default_str()
        ->check(CLI::IsMember({"random", "diverse", "per-class"}));
    command.add_option("--seed", o.seed, "Seed of the choice")->capture_default_str();
    command.add_option("--size", o.size, "Of pictures in an array, where no --model says it")
        ->check(sizeValid);
    command
        .add_option("--leave-out", o.leaveOut,
                    "Samples that calib check names, by finding: duplicates,blurred,… or all")
        ->delimiter(',');
    command.add_option("--remove", o.remove, "Samples by name")->delimiter(',');
    command.add_option("--keep", o.keep, "Samples by name, whatever else is said")
        ->delimiter(',');
    command.add_flag("--fix", o.fix,
                     "Of an array: write it again in the form that --model takes (layout, colours, "
                     "values, size)");
}

} // namespace

Verb declareCalib(CLI::App &app)
{
    auto options = std::make_shared<CalibOptions>();
    auto *command = app.add_subcommand("calib", "Build and check calibration sets; collect their statistics");
    command->require_subcommand(1);
    auto *build = command->add_subcommand(
        "build", "Choose samples and write them as a list, a folder or an array");
    declareBuild(*build, *options);
    auto *check =
        command->add_subcommand("check", "Say what would spoil a set; exit 1 if anything");
    declareCommon(*check, *options);
    check->add_option("--reference", options->reference,
                      "A folder like what the network will meet: strangers to it are named");
    return {command, [options, build](Console &console) {
                return build->parsed() ? runBuild(*options, console) : runCheck(*options, console);
            }};
}

} // namespace hefstudio::cli
