// hefc check: what of a model runs on the chip, what does not, and where it should end.
// SPDX-License-Identifier: GPL-3.0-or-later
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
    std::vector<std::string> inputShapes;
};

void printText(const ModelCheck &check, std::ostream &out)
{
    out << (check.isSupported ? "Supported: every operator can be converted.\n"
                              : "Not supported as it is.\n");
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
    json["diagnostics"] = toJson(check.diagnostics);
    return jsonText(json);
}

} // namespace

Verb declareCheck(CLI::App &app)
{
    auto options = std::make_shared<CheckOptions>();
    auto *command = app.add_subcommand("check", "Say what of a model can be converted");
    command->add_option("MODEL", options->model, "An ONNX model")->required();
    command->add_flag("--json", options->json, "The answer as one JSON document");
    return {command, [options](Console &console) {
                const auto check = checkModel(options->model, {});
                if (options->json)
                    console.out << jsonOf(check) << "\n";
                else
                    printText(check, console.out);
                if (check.isSupported)
                    return 0;
                // An unreadable file is not a "no", it is no answer.
                const int code = exitCode(check.diagnostics);
                return check.wasRead || code == 0 ? 1 : code;
            }};
}

} // namespace hefstudio::cli
