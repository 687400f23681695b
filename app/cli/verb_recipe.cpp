// hefc recipe: what a recipe says, and the job for the vendor's compiler that it describes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "progress_printer.h"
#include "verb.h"

#include "base/diagnostic_catalogue.h"
#include "pipeline/vendor_job.h"
#include "recipe/recipe.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>

namespace hefstudio::cli {
namespace {

struct RecipeArguments {
    std::string recipe;
    std::string output;
    std::string progress = "auto";
};

int runExport(const RecipeArguments &arguments, Console &console)
{
    const auto recipe = readRecipe(arguments.recipe);
    if (!recipe)
        return report(recipe.error(), console);
    const auto style = progressStyleFromName(arguments.progress).value_or(ProgressStyle::automatic);
    const auto exported = [&] {
        ProgressPrinter printer(console, style);
        return exportVendorJob(recipe->settings, arguments.output, console.stop, printer.sink());
    }();
    if (!exported)
        return report(exported.error(), console);
    for (const auto &warning : exported->warnings)
        console.err << consoleText(warning);
    console.out << arguments.output << ": a job for the Hailo Dataflow Compiler, with "
                << exported->samples << (exported->samples == 1 ? " sample" : " samples") << "\n";
    for (const auto &row : exported->ledger)
        if (row.isLowered())
            console.out << "  " << row.setting << ": " << row.asked << " asked, " << row.used
                        << " used: " << row.why << "\n";
    console.out << "Run it where the compiler is: " << arguments.output
                << "/run.sh --python … or --docker …\n";
    return 0;
}

} // namespace

Verb declareRecipe(CLI::App &app)
{
    auto arguments = std::make_shared<RecipeArguments>();
    auto *command = app.add_subcommand("recipe", "Work with recipe files");
    command->require_subcommand(1);
    auto *exportJob = command->add_subcommand(
        "export", "Write a job folder for the vendor's compiler: the way to a chip HEF");
    exportJob->add_option("RECIPE", arguments->recipe, "A recipe (hefc convert --save-recipe)")
        ->required();
    exportJob->add_option("-o,--output", arguments->output, "The folder to write")->required();
    exportJob->add_option("--progress", arguments->progress, "auto, plain, json or none")
        ->check(CLI::IsMember({"auto", "plain", "json", "none"}))
        ->capture_default_str();
    return {command, [arguments](Console &console) { return runExport(*arguments, console); }};
}

} // namespace hefstudio::cli
