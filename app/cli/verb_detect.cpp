// hefc detect: what a detector finds in pictures, as JSON and drawn over them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "verb.h"

#include "base/diagnostic_json.h"
#include "base/file.h"
#include "base/thread_pool.h"
#include "pipeline/detector.h"
#include "report/overlay.h"

#include <CLI/CLI.hpp>

#include <cmath>
#include <memory>
#include <ostream>

namespace hefstudio::cli {
namespace {

struct DetectOptions {
    std::string file;
    std::string pictures;
    std::string outputFolder;
    std::string normalize, color, resize, labels;
    std::string suppression{"class_aware"};
    double score = 0.25;
    double iou = 0.45;
    int threads = 0;
    bool json = false;
};

struct Looked {
    std::string name;
    Detections detections;
    Diagnostics faults;
};

// Three digits after the point say all there is to say about scores and pixels.
double rounded(double value)
{
    return std::round(value * 1000) / 1000;
}

nlohmann::ordered_json rowJson(const Detection &found)
{
    return {found.classIndex, rounded(found.score),
            nlohmann::ordered_json{rounded(found.box.x1), rounded(found.box.y1),
                                   rounded(found.box.x2), rounded(found.box.y2)}};
}

// What boxes alone do not say, in the order of the rows.
nlohmann::ordered_json extrasJson(const Detections &detections)
{
    auto list = nlohmann::ordered_json::array();
    for (const Detection &found : detections) {
        nlohmann::ordered_json extra = nlohmann::ordered_json::object();
        for (const Keypoint &point : found.keypoints)
            extra["keypoints"].push_back(
                {rounded(point.x), rounded(point.y), rounded(point.score)});
        if (found.angle)
            extra["angle"] = rounded(*found.angle);
        list.push_back(std::move(extra));
    }
    return list;
}

bool hasExtras(const HeadLayout &head)
{
    return head.keypoints.count > 0 || head.scales.front().part(HeadRole::angle) != nullptr;
}

SuppressionScope scopeNamed(const std::string &name)
{
    for (const auto scope : {SuppressionScope::agnostic, SuppressionScope::none})
        if (suppressionScopeName(scope) == name)
            return scope;
    return SuppressionScope::perClass;
}

ConversionSettings settingsFrom(const DetectOptions &options)
{
    ConversionSettings settings;
    settings.model = options.file;
    settings.labels = options.labels;
    settings.normalization = normalizationFromText(options.normalize);
    settings.color = colorOrderFromName(options.color);
    settings.resize = resizePolicyFromName(options.resize);
    return settings;
}

int runDetect(const DetectOptions &options, Console &console)
{
    std::error_code error;
    std::filesystem::create_directories(options.outputFolder, error);
    if (error)
        return report({Diagnostic("file.not-writable", Place{.file = options.outputFolder})
                           .with("reason", error.message())},
                      console);
    const auto set = CalibrationSet::open(options.pictures);
    if (!set)
        return report(set.error(), console);
    if (set->isArray())
        return report({Diagnostic("detect.no-pictures", Place{.file = options.pictures})}, console);
    const auto network = PictureNetwork::open(options.file, settingsFrom(options), *set);
    if (!network)
        return report(network.error(), console);
    if (!network->head())
        return report({Diagnostic("detect.no-head", Place{.file = options.file})}, console);
    const HeadLayout &head = *network->head();
    const SuppressionOptions suppression{.scope = scopeNamed(options.suppression),
                                         .scoreThreshold = options.score,
                                         .iouThreshold = options.iou};

    std::vector<Looked> pictures(set->size());
    ThreadPool pool(options.threads);
    const auto look = [&](std::size_t index, int) {
        Looked &looked = pictures[index];
        looked.name = set->relativeNameOf(index);
        const auto keep = [&](auto &&failed) { looked.faults = std::move(failed.error()); };
        auto picture = loadImage(set->pictures()[index]);
        if (!picture)
            return keep(std::move(picture));
        auto result = detectIn(*network, *picture, suppression, console.stop);
        if (!result)
            return keep(std::move(result));
        looked.detections = std::move(result->detections);
        const auto drawn = overlay(*picture, looked.detections, network->labels(), result->masks,
                                   result->placement, {head.inputWidth, head.inputHeight});
        const auto file = std::filesystem::path(options.outputFolder) / looked.name;
        std::error_code ignored;
        std::filesystem::create_directories(file.parent_path(), ignored);
        auto target = file;
        if (target.extension() != ".png")
            target.replace_extension(".jpg");
        if (auto saved = saveImage(target, drawn); !saved)
            keep(std::move(saved));
    };
    if (!pool.forEach(pictures.size(), look, console.stop))
        return report({Diagnostic("cancelled")}, console);

    nlohmann::ordered_json json;
    json["file"] = std::filesystem::path(options.file).filename().string();
    json["predicted"] = network->isHef();
    json["head"] = {{"encoding", boxCodingName(head.boxes)}, {"evidence", head.evidence}};
    json["labels"] = network->labels();
    json["images"] = nlohmann::ordered_json::object();
    std::size_t count = 0;
    for (const Looked &looked : pictures) {
        if (!looked.faults.empty())
            return report(looked.faults, console);
        auto rows = nlohmann::ordered_json::array();
        for (const Detection &found : looked.detections)
            rows.push_back(rowJson(found));
        count += looked.detections.size();
        json["images"][looked.name] = std::move(rows);
        if (hasExtras(head))
            json["extras"][looked.name] = extrasJson(looked.detections);
    }
    const auto text = jsonText(json) + "\n";
    const auto target = std::filesystem::path(options.outputFolder) / "detections.json";
    if (const auto written = writeFileAtomically(target, asBytes(text)); !written)
        return report(written.error(), console);
    if (options.json)
        console.out << text;
    else
        console.out << count << " detections in " << pictures.size()
                    << " pictures: " << target.string() << "\n"
                    << head.evidence << "\n";
    return 0;
}

} // namespace

Verb declareDetect(CLI::App &app)
{
    auto options = std::make_shared<DetectOptions>();
    auto *command = app.add_subcommand("detect", "Find objects in pictures with a HEF or a model");
    command->add_option("FILE", options->file, "An emulation HEF or an ONNX detector")->required();
    command->add_option("--images", options->pictures, "A folder of pictures, or one")->required();
    command
        ->add_option("-o,--output", options->outputFolder,
                     "Folder for the pictures with boxes and detections.json")
        ->required();
    command->add_option("--score", options->score, "Weakest score that counts (default: 0.25)")
        ->check(CLI::Range(0.0, 1.0));
    command->add_option("--iou", options->iou, "Overlap that makes two boxes one (default: 0.45)")
        ->check(CLI::Range(0.0, 1.0));
    command
        ->add_option("--suppress", options->suppression,
                     "Which boxes suppress each other: class_aware, class_agnostic or none")
        ->check(CLI::IsMember({"class_aware", "class_agnostic", "none"}));
    command
        ->add_option("--normalize", options->normalize,
                     "Model: MEAN/STD on the 0 to 255 scale; a HEF knows its own")
        ->check([](const std::string &text) {
            return normalizationFromText(text) ? std::string() : "not MEAN/STD: " + text;
        });
    command->add_option("--color", options->color, "Model: rgb, bgr or grey")
        ->check(CLI::IsMember({"rgb", "bgr", "grey"}));
    command->add_option("--resize", options->resize, "Model: letterbox, topleft, stretch or crop")
        ->check(CLI::IsMember({"letterbox", "topleft", "stretch", "crop"}));
    command->add_option("--labels", options->labels, "A text file with one class name a line");
    command->add_option("--threads", options->threads, "Worker threads (default: all cores)")
        ->check(CLI::Range(1, 1024));
    command->add_flag("--json", options->json, "Print detections.json");
    return {command, [options](Console &console) { return runDetect(*options, console); }};
}

} // namespace hefstudio::cli
