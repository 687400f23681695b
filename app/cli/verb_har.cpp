// hefc har: the vendor's model archives.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "input_shape_option.h"
#include "verb.h"

#include "base/file.h"
#include "har/har_archive.h"
#include "har/har_check.h"
#include "pipeline/har_comparison.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace hefstudio::cli {
namespace {

struct HarOptions {
    std::string file;
    std::string output;
    bool all = false;
    std::string model;
    std::string input;
    std::vector<std::string> shapes;
    bool json = false;
};

// "<model>.hef", whatever characters the model's name has.
std::string fileName(const HarArchive &archive, HarPart part)
{
    std::string name;
    for (const char c : archive.index().modelName)
        name += c == '/' || c == '\\' || static_cast<unsigned char>(c) < 0x20 ? '_' : c;
    if (name.empty() || name.front() == '.')
        name = "model" + name;
    return name + std::string(harPartSuffix(part));
}

// The HEF and the scripts, or every part that is known. The report about the original model names
// paths of its maker's machine and stays inside.
int extract(const HarOptions &o, Console &console)
{
    const auto archive = HarArchive::open(o.file);
    if (!archive)
        return report(archive.error(), console);
    const auto isWanted = [&](HarPart part) {
        return part != HarPart::originalModelReport &&
               (o.all || part == HarPart::hef || part == HarPart::modelScript ||
                part == HarPart::autoScript);
    };
    int written = 0;
    for (const HarPart part : archive->parts()) {
        if (!isWanted(part))
            continue;
        const auto bytes = archive->read(part);
        if (!bytes)
            return report(bytes.error(), console);
        std::error_code failed;
        std::filesystem::create_directories(o.output, failed);
        const auto target = std::filesystem::path(o.output) / fileName(*archive, part);
        if (auto done = writeFileAtomically(target, *bytes); !done)
            return report(done.error(), console);
        console.out << target.string() << ": " << bytes->size() << " bytes\n";
        ++written;
    }
    if (written == 0)
        return report({Diagnostic("har.no-part", Place{.file = o.file})
                           .with("part", std::string("HEF and no script"))},
                      console);
    return 0;
}

int check(const HarOptions &o, Console &console)
{
    const auto archive = HarArchive::open(o.file);
    if (!archive)
        return report(archive.error(), console);
    const auto checked = checkHar(*archive);
    if (!checked)
        return report(checked.error(), console);
    console.out << (o.json ? harCheckJson(*archive, *checked) : harCheckText(*archive, *checked));
    return 0;
}

int compare(const HarOptions &o, Console &console)
{
    HarComparisonRequest request{.model = o.model, .archive = o.file, .input = o.input};
    for (const std::string &text : o.shapes)
        if (auto shape = parseInputShape(text))
            request.inputShapes.insert(*shape);
    const auto compared = compareHar(request, console.stop);
    if (!compared)
        return report(compared.error(), console);
    console.out << (o.json ? harComparisonJson(request, *compared) : harComparisonText(*compared));
    return 0;
}

} // namespace

Verb declareHar(CLI::App &app)
{
    auto options = std::make_shared<HarOptions>();
    auto *command = app.add_subcommand("har", "Model archives of the vendor's compiler");
    command->require_subcommand(1);
    auto *extracting = command->add_subcommand("extract", "Write the HEF and the scripts inside");
    extracting->add_option("FILE", options->file, "The archive (.har)")->required();
    extracting->add_option("-o,--output", options->output, "The folder to write into")->required();
    extracting->add_flag("--all", options->all, "Networks and weights of every state as well");
    auto *checking = command->add_subcommand(
        "check", "Compute every integer of a quantised archive again from its float weights and\n"
                 "statistics, and say how far they agree");
    checking->add_option("FILE", options->file, "The archive (.har)")->required();
    checking->add_flag("--json", options->json, "As one JSON document");
    auto *comparing = command->add_subcommand(
        "compare",
        "Run the archive's network and the ONNX it was made from in float, side by side");
    comparing->add_option("MODEL", options->model, "The ONNX model")->required();
    comparing->add_option("FILE", options->file, "The archive (.har)")->required();
    comparing->add_option("--input", options->input,
                          "An .npy in the shape of the model's input (default: noise)");
    comparing->add_option("--input-shape", options->shapes, "Where the model leaves it open")
        ->check(inputShapeValidator());
    comparing->add_flag("--json", options->json, "As one JSON document");
    return {command, [options, checking, comparing](Console &console) {
                if (checking->parsed())
                    return check(*options, console);
                if (comparing->parsed())
                    return compare(*options, console);
                return extract(*options, console);
            }};
}

} // namespace hefstudio::cli
