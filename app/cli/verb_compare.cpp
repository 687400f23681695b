// hefc compare: what a conversion did to a network, stage by stage, layer by layer and in what it
// finds.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "verb.h"

#include "base/file.h"
#include "pipeline/comparison_run.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>

namespace hefstudio::cli {
namespace {

struct CompareOptions {
    std::string model;
    std::vector<std::string> hefs;
    std::string pictures, recorded, truth, html;
    std::size_t layerPictures = 4;
    int threads = 0;
    bool json = false;
};

int runCompare(const CompareOptions &options, Console &console)
{
    if (!options.html.empty())
        if (const auto writable = checkWritable(options.html); !writable)
            return report(writable.error(), console);
    ComparisonRequest request{.model = options.model,
                              .hefs = {options.hefs.begin(), options.hefs.end()},
                              .pictures = options.pictures,
                              .recorded = options.recorded,
                              .annotations = options.truth,
                              .layerPictures = options.layerPictures,
                              .threads = options.threads};
    const auto comparison = compareNetworks(request, console.stop);
    if (!comparison)
        return report(comparison.error(), console);
    if (!options.html.empty()) {
        const auto html = comparisonHtml(*comparison);
        if (const auto written = writeFileAtomically(options.html, asBytes(html)); !written)
            return report(written.error(), console);
    }
    if (options.json) {
        console.out << comparisonJson(*comparison);
        return 0;
    }
    if (!comparison->remarks.empty())
        report(comparison->remarks, console);
    console.out << comparisonText(*comparison);
    return 0;
}

} // namespace

Verb declareCompare(CLI::App &app)
{
    auto options = std::make_shared<CompareOptions>();
    auto *command = app.add_subcommand(
        "compare", "Compare a model with its emulation HEF, or with two, on pictures");
    command->add_option("MODEL", options->model, "The ONNX model")->required();
    command->add_option("HEF", options->hefs, "One HEF made from it, or two for a verdict")
        ->required()
        ->expected(1, 2);
    command
        ->add_option("--images", options->pictures,
                     "A folder of pictures, one, or an .npy of samples")
        ->required();
    command->add_option("--recorded", options->recorded,
                        "Outputs recorded elsewhere: <picture>/<output>.npy, a stage of their own");
    command->add_option("--truth", options->truth,
                        "Boxes that people drew: COCO's JSON or a folder of YOLO text files");
    command->add_option("--html", options->html, "Write the report as one HTML file");
    command
        ->add_option("--layer-images", options->layerPictures,
                     "Pictures to look at layer by layer (default: 4)")
        ->check(CLI::Range(0, 100000));
    command->add_option("--threads", options->threads, "Worker threads (default: all cores)")
        ->check(CLI::Range(1, 1024));
    command->add_flag("--json", options->json, "Print the report as JSON");
    return {command, [options](Console &console) { return runCompare(*options, console); }};
}

} // namespace hefstudio::cli
