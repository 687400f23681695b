// hefc check: what of a model runs on the chip, what does not, and where it should end.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "input_shape_option.h"
#include "verb.h"

#include "base/diagnostic_catalogue.h"
#include "pipeline/model_check.h"
#include "pipeline/supported_operators.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iomanip>
#include <memory>
#include <ostream>

namespace hefstudio::cli {
namespace {

struct CheckOptions {
    std::string model;
    bool json = false;
    bool operators = false;
    std::string arch = "hailo8l";
    std::vector<std::string> inputShapes;
    std::vector<std::string> startNodes;
    std::vector<std::string> endNodes;
    std::string pictures;
    std::string normalize, color, resize;
};

void printPreflight(const Preflight &preflight, std::ostream &out)
{
    const bool isDetector = preflight.measure == PreflightMeasure::detections;
    const auto found = [&](const PreflightTrial &trial) {
        out << trial.found;
        if (isDetector)
            out << (trial.found == 1 ? " detection" : " detections");
        else
            out << " of " << preflight.pictures << " answered clearly";
        out << ", mean of the best " << (isDetector ? "scores " : "probabilities ") << std::fixed
            << std::setprecision(2) << trial.confidence;
    };
    out << "\nPreflight, float network, " << preflight.pictures
        << (preflight.pictures == 1 ? " picture\n" : " pictures\n");
    if (!preflight.isRanking()) {
        out << "  As stated: ";
        found(preflight.trials.front());
        out << "\n";
        return;
    }
    const bool hasStated = std::ranges::any_of(preflight.trials, &PreflightTrial::isStated);
    out << (hasStated ? "  Nothing is found with the values as stated. What other ways find:\n"
                      : "  Neither the file nor an option states the values. What ways find:\n");
    for (const auto &trial : preflight.trials) {
        out << "  --normalize " << normalizationText(trial.normalization) << " --color "
            << colorOrderName(trial.color) << (trial.isStated ? " (as stated): " : ": ");
        found(trial);
        out << "\n";
    }
    out << "  A guess from few pictures; whoever trained the network knows.\n";
}

void printFacts(const ModelCheck &check, std::ostream &out)
{
    for (const auto &fit : check.fits)
        out << "On " << fit.title << ": " << fit.contexts
            << (fit.contexts == 1 ? " context" : " contexts") << ", predicted "
            << static_cast<int>(fit.predictedFps) << " frames per second"
            << (fit.device == check.recommendedDevice ? "  (fits best)" : "") << "\n";
    if (!check.facts)
        return;
    const auto &facts = *check.facts;
    for (const auto &input : facts.inputs)
        out << "Input " << input.name << "  " << input.shape.text() << "\n";
    constexpr double million = 1e6;
    out << std::fixed << std::setprecision(2)
        << static_cast<double>(facts.multiplyAccumulates) / (1000 * million) << " GMAC, "
        << static_cast<double>(facts.parameters) / million << " million parameters in "
        << facts.layers << " layers; largest value " << facts.largestMap.name << "  "
        << facts.largestMap.shape.text() << "\n";
}

void printText(const ModelCheck &check, std::ostream &out)
{
    out << (check.isSupported ? "Supported: every operator can be converted.\n"
                              : "Not supported as it is.\n");
    printFacts(check, out);
    if (!check.operators.empty())
        out << "\nOperators\n";
    for (const auto &row : check.operators) {
        out << "  " << std::left << std::setw(22) << row.op << std::right << std::setw(5)
            << row.count << "  ";
        if (row.nodes.size() == 1) {
            out << verdictName(row.verdict);
        } else {
            bool isFirst = true;
            for (const auto &[verdict, count] : row.nodes) {
                out << (isFirst ? "" : ", ") << count << " " << verdictName(verdict);
                isFirst = false;
            }
        }
        out << "\n";
    }
    if (!check.ends.empty())
        out << "\nEnd nodes\n";
    std::string list;
    for (const auto &end : check.ends) {
        out << "  " << end.node << "  " << endNodeRoleName(end.role) << "  " << end.shape.text();
        if (end.stride > 0)
            out << "  stride " << end.stride;
        out << "\n    " << end.reason << "\n";
        list += (list.empty() ? "" : ",") + end.node;
    }
    if (!list.empty())
        out << "  --end-nodes " << list << "\n";
    if (check.preflight)
        printPreflight(*check.preflight, out);
    if (!check.diagnostics.empty())
        out << "\n";
    for (const auto &diagnostic : check.diagnostics)
        out << consoleText(diagnostic);
}

} // namespace

Verb declareCheck(CLI::App &app)
{
    auto options = std::make_shared<CheckOptions>();
    auto *command = app.add_subcommand("check", "Say what of a model can be converted");
    auto *model = command->add_option("MODEL", options->model, "An ONNX model");
    command
        ->add_flag("--operators", options->operators,
                   "The operators that are read and the limits of the chip, as Markdown")
        ->excludes(model);
    command->add_option("--arch", options->arch, "hailo8l, hailo8 or a board's name")
        ->capture_default_str();
    command
        ->add_option("--input-shape", options->inputShapes,
                     "NAME=1,3,640,640, for inputs the file leaves open")
        ->check(inputShapeValidator());
    command->add_option("--start-nodes", options->startNodes, "Where the chip's part begins")
        ->delimiter(',');
    command
        ->add_option("--end-nodes", options->endNodes,
                     "Where the chip's part ends (default: found by structure)")
        ->delimiter(',');
    auto *pictures = command->add_option(
        "--images", options->pictures,
        "Pictures, to look what the float network finds in the first four of them");
    command
        ->add_option("--normalize", options->normalize,
                     "For --images: MEAN/STD on the 0 to 255 scale, where the file does not say")
        ->needs(pictures)
        ->check([](const std::string &text) {
            return normalizationFromText(text) ? std::string() : "not MEAN/STD: " + text;
        });
    command->add_option("--color", options->color, "For --images: rgb, bgr or grey")
        ->needs(pictures)
        ->check(CLI::IsMember({"rgb", "bgr", "grey"}));
    command
        ->add_option("--resize", options->resize,
                     "For --images: letterbox, topleft, stretch or crop")
        ->needs(pictures)
        ->check(CLI::IsMember({"letterbox", "topleft", "stretch", "crop"}));
    command->add_flag("--json", options->json, "The answer as one JSON document");
    return {command, [options](Console &console) {
                if (options->operators) {
                    console.out << supportedOperatorsText();
                    return 0;
                }
                if (options->model.empty()) {
                    console.err << "error: MODEL is required [cli.usage]\n";
                    return 2;
                }
                ModelCheckOptions what{.inputShapes = {},
                                       .startNodes = options->startNodes,
                                       .endNodes = options->endNodes,
                                       .arch = options->arch,
                                       .pictures = options->pictures,
                                       .normalization = normalizationFromText(options->normalize),
                                       .color = colorOrderFromName(options->color),
                                       .resize = resizePolicyFromName(options->resize)};
                for (const auto &text : options->inputShapes)
                    what.inputShapes.insert(*parseInputShape(text));
                const auto check = checkModel(options->model, what, console.stop);
                if (options->json)
                    console.out << checkJson(check) << "\n";
                else
                    printText(check, console.out);
                if (check.isSupported)
                    return 0;
                // An unreadable file or an unknown chip is not a "no", it is no answer.
                const int code = exitCode(check.diagnostics);
                constexpr int usage = 2;
                return check.wasRead && code != usage ? 1 : code;
            }};
}

} // namespace hefstudio::cli
