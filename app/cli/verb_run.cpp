// hefc run: executes a HEF in the emulator, or a model in float.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "verb.h"

#include "base/diagnostic_json.h"
#include "base/npy.h"
#include "engine/float_engine.h"
#include "onnx/import.h"
#include "pipeline/emulated_hef.h"
#include "pipeline/stream_layout.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <ostream>

namespace hefstudio::cli {
namespace {

struct RunOptions {
    std::string file;
    std::vector<std::string> inputs;
    std::string outputFolder;
    bool raw = false;
    bool withHost = false;
    bool json = false;
    int repeat = 1;
    int threads = 0;
};

using NamedTensors = std::vector<std::pair<std::string, Tensor>>;

struct RunOutcome {
    NamedTensors outputs;
    std::vector<double> milliseconds; // execution only
};

// Runs once to warm up when timings are asked for, then `repeat` times.
template<class Run>
auto timed(const RunOptions &options, std::vector<double> &milliseconds, Run run)
{
    auto result = run();
    if (options.repeat <= 1 || !result)
        return result;
    for (int i = 0; i < options.repeat; ++i) {
        const auto start = std::chrono::steady_clock::now();
        result = run();
        const std::chrono::duration<double, std::milli> taken =
            std::chrono::steady_clock::now() - start;
        milliseconds.push_back(taken.count());
        if (!result)
            break;
    }
    return result;
}

Diagnostic mismatch(const std::string &file, const std::string &input, const std::string &wanted,
                    const Tensor &found)
{
    return Diagnostic("run.input-mismatch", Place{.file = file})
        .with("input", input)
        .with("wanted", wanted)
        .with("found", std::string(elementTypeName(found.type())) + " " + found.shape().text());
}

// A stream's array: [H,W,C] or [1,H,W,C] of the stream's integer type.
Result<Tensor> streamInput(const std::string &file, const EmulatedHef::Port &port)
{
    auto array = readNpy(file);
    if (!array)
        return passOn(std::move(array));
    const auto type = port.bits == 8 ? ElementType::uint8 : ElementType::uint16;
    const auto stream = toStreamLayout(Tensor(type, port.shape)).shape();
    auto dims = array->shape().dims();
    if (dims.size() + 1 == stream.rank())
        dims.insert(dims.begin(), 1);
    if (array->type() != type || Shape(dims) != stream)
        return fail(mismatch(file, port.name,
                             std::string(elementTypeName(type)) + " " + stream.text(), *array));
    return fromStreamLayout(std::move(*array).reshaped(stream), port.shape);
}

Result<Tensor> pictureInput(const std::string &file, const EmulatedHef &hef, std::size_t index)
{
    const auto *record = hef.record();
    if (!record || index >= record->inputs.size() || !record->inputs[index].isPicture)
        return fail(Diagnostic("run.no-contract", Place{.file = file}));
    const auto image = loadImage(file);
    if (!image)
        return std::unexpected(image.error());
    auto ready = preprocess(*image, record->inputs[index].preprocess);
    if (!ready)
        return passOn(std::move(ready));
    return std::move(ready->pixels);
}

Result<RunOutcome> runHef(const RunOptions &options, Console &console)
{
    const auto hef = EmulatedHef::open(options.file);
    if (!hef)
        return std::unexpected(hef.error());
    if (options.withHost && !hef->hasHostRemainder())
        return fail(Diagnostic("run.no-host", Place{.file = options.file}));
    if (options.inputs.size() != hef->inputs().size())
        return fail(Diagnostic("run.input-count", Place{.file = options.file})
                        .with("wanted", static_cast<std::int64_t>(hef->inputs().size()))
                        .with("found", static_cast<std::int64_t>(options.inputs.size())));
    std::vector<Tensor> inputs;
    for (std::size_t i = 0; i < options.inputs.size(); ++i) {
        const auto &file = options.inputs[i];
        auto input = hasPictureEnding(file) ? pictureInput(file, *hef, i)
                                            : streamInput(file, hef->inputs()[i]);
        if (!input)
            return passOn(std::move(input));
        inputs.push_back(std::move(*input));
    }
    RunOutcome outcome;
    const auto stored = timed(options, outcome.milliseconds,
                              [&] { return hef->run(inputs, options.threads, console.stop); });
    if (!stored)
        return std::unexpected(stored.error());
    if (options.withHost) {
        auto host = hef->runHost(hef->toReal(*stored));
        if (!host)
            return passOn(std::move(host));
        outcome.outputs = std::move(*host);
        return outcome;
    }
    const auto values = options.raw ? *stored : hef->toReal(*stored);
    for (std::size_t i = 0; i < values.size(); ++i)
        outcome.outputs.emplace_back(hef->outputs()[i].name, toStreamLayout(values[i]));
    return outcome;
}

Result<RunOutcome> runModel(const RunOptions &options, Console &console)
{
    const auto graph = importOnnx(options.file);
    if (!graph)
        return std::unexpected(graph.error());
    if (options.inputs.size() != (*graph)->inputs.size())
        return fail(Diagnostic("run.input-count", Place{.file = options.file})
                        .with("wanted", static_cast<std::int64_t>((*graph)->inputs.size()))
                        .with("found", static_cast<std::int64_t>(options.inputs.size())));
    std::vector<Tensor> inputs;
    for (std::size_t i = 0; i < options.inputs.size(); ++i) {
        const auto &info = (*graph)->tensor((*graph)->inputs[i]);
        if (hasPictureEnding(options.inputs[i]))
            return fail(Diagnostic("run.no-contract", Place{.file = options.inputs[i]}));
        auto array = readNpy(options.inputs[i]);
        if (!array)
            return passOn(std::move(array));
        if (array->shape() != info.shape)
            return fail(
                mismatch(options.inputs[i], info.name, "float32 " + info.shape.text(), *array));
        inputs.push_back(array->toFloat32());
    }
    auto engine = FloatEngine::create(*graph, {.threads = options.threads});
    if (!engine)
        return passOn(std::move(engine));
    RunOutcome outcome;
    auto values =
        timed(options, outcome.milliseconds, [&] { return engine->run(inputs, {}, console.stop); });
    if (!values)
        return passOn(std::move(values));
    for (std::size_t i = 0; i < values->size(); ++i)
        outcome.outputs.emplace_back((*graph)->tensor((*graph)->outputs[i]).name,
                                     std::move((*values)[i]));
    return outcome;
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    const auto middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

int runRun(const RunOptions &options, Console &console)
{
    const bool isHef = std::filesystem::path(options.file).extension() == ".hef";
    if (!isHef && (options.raw || options.withHost)) {
        console.err << "error: --raw and --with-host are for HEF files [cli.usage]\n";
        return 2;
    }
    std::error_code error;
    std::filesystem::create_directories(options.outputFolder, error);
    if (error)
        return report({Diagnostic("file.not-writable", Place{.file = options.outputFolder})
                           .with("reason", error.message())},
                      console);
    const auto outcome = isHef ? runHef(options, console) : runModel(options, console);
    if (!outcome)
        return report(outcome.error(), console);

    nlohmann::ordered_json json;
    if (!outcome->milliseconds.empty()) {
        json["median_ms"] = median(outcome->milliseconds);
        json["min_ms"] = std::ranges::min(outcome->milliseconds);
    }
    json["outputs"] = nlohmann::ordered_json::array();
    for (const auto &[name, tensor] : outcome->outputs) {
        const auto file = std::filesystem::path(options.outputFolder) / outputFileName(name);
        if (const auto written = writeNpy(file, tensor); !written)
            return report(written.error(), console);
        json["outputs"].push_back({{"name", name},
                                   {"shape", tensor.shape().dims()},
                                   {"dtype", elementTypeName(tensor.type())},
                                   {"file", file.string()}});
        if (!options.json)
            console.out << file.string() << "  " << elementTypeName(tensor.type()) << " "
                        << tensor.shape().text() << "\n";
    }
    if (options.json)
        console.out << jsonText(json) << "\n";
    else if (!outcome->milliseconds.empty())
        console.out << "median " << median(outcome->milliseconds) << " ms, fastest "
                    << std::ranges::min(outcome->milliseconds) << " ms, " << options.repeat
                    << " runs\n";
    return 0;
}

} // namespace

Verb declareRun(CLI::App &app)
{
    auto options = std::make_shared<RunOptions>();
    auto *command =
        app.add_subcommand("run", "Run an emulation HEF in integers, or a model in float");
    command->add_option("FILE", options->file, "A HEF or an ONNX model")->required();
    command
        ->add_option(
            "-i,--input", options->inputs,
            "A picture, or an .npy: NHWC integers for a HEF, the network's own for a model")
        ->required()
        ->allow_extra_args(false);
    command->add_option("-o,--output", options->outputFolder, "Folder for one .npy per output")
        ->required();
    command->add_flag("--raw", options->raw, "HEF: the stored integers instead of real numbers");
    command
        ->add_flag("--with-host", options->withHost, "HEF: also compute the part left to the host")
        ->excludes("--raw");
    command->add_option("--repeat", options->repeat, "Run this often after a warm-up and time it")
        ->check(CLI::Range(1, 1000000));
    command->add_option("--threads", options->threads, "Worker threads (default: all cores)")
        ->check(CLI::Range(1, 1024));
    command->add_flag("--json", options->json, "The outputs' names, shapes and timings as JSON");
    return {command, [options](Console &console) { return runRun(*options, console); }};
}

} // namespace hefstudio::cli
