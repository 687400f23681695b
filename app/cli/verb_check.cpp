// hefc check: what of a model runs on the chip, what does not, and where it should end.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "input_shape_option.h"
#include "verb.h"

#include "base/diagnostic_catalogue.h"
#include "base/diagnostic_json.h"
#include "heads/end_nodes.h"
#include "pipeline/model_check.h"

#include <CLI/CLI.hpp>

#include <iomanip>
#include <memory>
#include <ostream>

namespace hefstudio::cli {
namespace {

struct CheckOptions {
    std::string model;
    bool json = false;
    std::string arch = "hailo8l";
    std::vector<std::string> inputShapes;
};

void printText(const ModelCheck &check, std::ostream &out)
{
    out << (check.isSupported ? "Supported: every operator can be converted.\n"
                              : "Not supported as it is.\n");
    if (check.fit)
        out << "On " << check.fit->device << ": " << check.fit->contexts
            << (check.fit->contexts == 1 ? " context" : " contexts") << ", predicted "
            << static_cast<int>(check.fit->predictedFps) << " frames per second\n";
    if (!check.operators.empty())
        out << "\nOperators\n";
    for (const auto &row : check.operators)
        out << "  " << std::left << std::setw(22) << row.op << std::right << std::setw(5)
            << row.count << "  " << row.verdict << "\n";
    if (!check.ends.empty())
        out << "\nEnd nodes\n";
    for (const auto &end : check.ends) {
        out << "  " << end.node << "  " << endNodeRoleName(end.role) << "  " << end.shape.text();
        if (end.stride > 0)
            out << "  stride " << end.stride;
        out << "\n    " << end.reason << "\n";
    }
    if (!check.diagnostics.empty())
        out << "\n";
    for (const auto &diagnostic : check.diagnostics)
        out << consoleText(diagnostic);
}

std::string jsonOf(const ModelCheck &check)
{
    using Json = nlohmann::ordered_json;
    Json json{{"supported", check.isSupported},
              {"operators", Json::array()},
              {"end_nodes", Json::array()}};
    for (const auto &row : check.operators)
        json["operators"].push_back(
            {{"op", row.op}, {"count", row.count}, {"verdict", row.verdict}});
    for (const auto &end : check.ends)
        json["end_nodes"].push_back({{"node", end.node},
                                     {"role", endNodeRoleName(end.role)},
                                     {"stride", end.stride},
                                     {"shape", end.shape.dims()},
                                     {"reason", end.reason}});
    if (check.fit)
        json["fit"] = {{"arch", check.fit->device},
                       {"contexts", check.fit->contexts},
                       {"predicted_fps", check.fit->predictedFps}};
    json["diagnostics"] = toJson(check.diagnostics);
    return jsonText(json);
}

} // namespace

Verb declareCheck(CLI::App &app)
{
    auto options = std::make_shared<CheckOptions>();
    auto *command = app.add_subcommand("check", "Say what of a model can be converted");
    command->add_option("MODEL", options->model, "An ONNX model")->required();
    command->add_option("--arch", options->arch, "hailo8l, hailo8 or a board's name")
        ->capture_default_str();
    command
        ->add_option("--input-shape", options->inputShapes,
                     "NAME=1,3,640,640, for inputs the file leaves open")
        ->check(inputShapeValidator());
    command->add_flag("--json", options->json, "The answer as one JSON document");
    return {command, [options](Console &console) {
                ModelCheckOptions what{.inputShapes = {}, .arch = options->arch};
                for (const auto &text : options->inputShapes)
                    what.inputShapes.insert(*parseInputShape(text));
                const auto check = checkModel(options->model, what, console.stop);
                if (options->json)
                    console.out << jsonOf(check) << "\n";
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
