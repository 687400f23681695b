// hefc prepare: the chip's part of a model as ONNX that the vendor's parser reads, and the host's.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "input_shape_option.h"
#include "verb.h"

#include "base/diagnostic_catalogue.h"
#include "base/diagnostic_json.h"
#include "pipeline/prepare_model.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>

namespace hefstudio::cli {
namespace {

struct PrepareArguments {
    std::string model;
    std::string output;
    PrepareOptions options;
    std::vector<std::string> inputShapes;
    bool split = false;
    bool json = false;
};

// "net.onnx" → "net.host.onnx"
std::filesystem::path hostFile(const std::filesystem::path &output)
{
    auto file = output;
    return file.replace_extension(".host.onnx");
}

std::string jsonOf(const PreparedModel &prepared, const PrepareArguments &arguments)
{
    using Json = nlohmann::ordered_json;
    Json json{{"file", arguments.output}, {"end_nodes", Json::array()}};
    for (const auto &end : prepared.ends)
        json["end_nodes"].push_back({{"node", end.node},
                                     {"role", endNodeRoleName(end.role)},
                                     {"stride", end.stride},
                                     {"shape", end.shape.dims()},
                                     {"reason", end.reason}});
    if (arguments.split && !prepared.host.empty())
        json["host_file"] = hostFile(arguments.output).string();
    json["host_outputs"] = prepared.hostOutputs;
    json["diagnostics"] = toJson(prepared.warnings);
    return jsonText(json);
}

void printText(const PreparedModel &prepared, const PrepareArguments &arguments, Console &console)
{
    for (const auto &warning : prepared.warnings)
        console.err << consoleText(warning);
    console.out << arguments.output << ": the chip's part, with " << prepared.ends.size()
                << (prepared.ends.size() == 1 ? " output\n" : " outputs\n");
    for (const auto &end : prepared.ends)
        console.out << "  " << end.node << "  " << endNodeRoleName(end.role) << "  "
                    << end.shape.text() << "\n";
    if (prepared.host.empty())
        return;
    if (arguments.split)
        console.out << hostFile(arguments.output).string() << ": the host's part\n";
    else
        console.out << "The rest of the network is not in it; --split writes that, too.\n";
}

int runPrepare(PrepareArguments &arguments, Console &console)
{
    for (const auto &text : arguments.inputShapes)
        arguments.options.inputShapes.insert(*parseInputShape(text));
    if (const auto writable = checkWritable(arguments.output); !writable)
        return report(writable.error(), console);
    const auto prepared = prepareModel(arguments.model, arguments.options, console.stop, {});
    if (!prepared)
        return report(prepared.error(), console);
    // The host's part first: a chip's part on the disk means that all is there.
    if (arguments.split && !prepared->host.empty())
        if (const auto written = writeFileAtomically(hostFile(arguments.output), prepared->host);
            !written)
            return report(written.error(), console);
    if (const auto written = writeFileAtomically(arguments.output, prepared->onnx); !written)
        return report(written.error(), console);
    if (arguments.json)
        console.out << jsonOf(*prepared, arguments) << "\n";
    else
        printText(*prepared, arguments, console);
    return 0;
}

} // namespace

Verb declarePrepare(CLI::App &app)
{
    auto arguments = std::make_shared<PrepareArguments>();
    auto *command =
        app.add_subcommand("prepare", "Write the chip's part of a model for the vendor's parser");
    command->add_option("MODEL", arguments->model, "An ONNX model")->required();
    command->add_option("-o,--output", arguments->output, "The ONNX model to write")->required();
    command->add_flag("--split", arguments->split,
                      "Also write what stays on the host, as OUT.host.onnx");
    command
        ->add_option("--start-nodes", arguments->options.startNodes, "Where the chip's part begins")
        ->delimiter(',');
    command
        ->add_option("--end-nodes", arguments->options.endNodes,
                     "Where the chip's part ends (default: found by structure)")
        ->delimiter(',');
    command
        ->add_option("--input-shape", arguments->inputShapes,
                     "NAME=1,3,640,640, for inputs the file leaves open")
        ->check(inputShapeValidator());
    command->add_flag("--verify", arguments->options.verify,
                      "Prove every rewrite on the float engine");
    command->add_flag("--json", arguments->json, "The answer as one JSON document");
    return {command, [arguments](Console &console) { return runPrepare(*arguments, console); }};
}

} // namespace hefstudio::cli
