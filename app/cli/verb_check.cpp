// hefc check: what of a model runs on the chip, what does not, and where it should end.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "input_shape_option.h"
#include "verb.h"

#include "base/diagnostic_catalogue.h"
#include "pipeline/model_check.h"
#include "pipeline/supported_operators.h"

#include <CLI/CLI.hpp>

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
};

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
                                       .arch = options->arch};
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
