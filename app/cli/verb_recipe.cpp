// hefc recipe: what a recipe will do, whether it still gives the bytes it was locked with, what
// differs between two, and the job for the vendor's compiler that it describes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "progress_printer.h"
#include "root_option.h"
#include "verb.h"

#include "base/diagnostic_catalogue.h"
#include "base/diagnostic_json.h"
#include "base/file.h"
#include "base/version.h"
#include "pipeline/recipe_verify.h"
#include "pipeline/stage_store.h"
#include "pipeline/vendor_job.h"
#include "recipe/recipe_diff.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>

namespace hefstudio::cli {
namespace {

using Json = nlohmann::ordered_json;

struct RecipeArguments {
    std::string recipe;
    std::string other;
    std::string output;
    std::string progress = "auto";
    std::vector<std::string> roots;
    std::string pictures = "auto";
    int threads = 0;
    bool isJson = false;
};

Result<Recipe> readFor(const RecipeArguments &arguments, const std::string &file)
{
    const auto roots = rootsFrom(arguments.roots);
    if (!roots)
        return std::unexpected(roots.error());
    return readRecipe(file, *roots);
}

int runExport(const RecipeArguments &arguments, Console &console)
{
    const auto recipe = readFor(arguments, arguments.recipe);
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

// ---- show ----

void printRow(Console &console, const char *name, const std::string &value)
{
    std::string label(name);
    label.resize(14, ' ');
    if (!value.empty())
        console.out << "  " << label << value << "\n";
}

std::string joined(const std::vector<std::string> &names)
{
    std::string text;
    for (const auto &name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

std::string presence(const std::filesystem::path &path)
{
    std::error_code ignored;
    if (path.empty() || path == randomCalibration)
        return path.string();
    return path.string() + (std::filesystem::exists(path, ignored) ? "" : " (not there)");
}

int runShow(const RecipeArguments &arguments, Console &console)
{
    const auto recipe = readFor(arguments, arguments.recipe);
    if (!recipe)
        return report(recipe.error(), console);
    const ConversionSettings &s = recipe->settings;
    if (arguments.isJson) {
        const auto roots = rootsFrom(arguments.roots);
        const auto text = recipeText(arguments.recipe, *recipe, *roots);
        if (!text)
            return report(text.error(), console);
        console.out << *text; // in today's version, whatever the file's
        return 0;
    }
    console.out << arguments.recipe << ": a recipe of version " << recipe->version
                << (recipe->lock ? ", locked" : ", never converted") << "\n"
                << (s.backend == BackendKind::vendor
                        ? "It drives the vendor's compiler to make a chip HEF.\n"
                        : "It makes an emulation HEF, which does not run on a chip.\n");
    printRow(console, "model", presence(s.model));
    printRow(console, "calibration", presence(s.calibration));
    printRow(console, "labels", presence(s.labels));
    printRow(console, "chip or board", s.arch);
    printRow(console, "preset", std::string(presetName(s.preset)));
    printRow(console, "start nodes", joined(s.startNodes));
    printRow(console, "end nodes", joined(s.endNodes));
    printRow(console, "normalize", s.normalization ? normalizationText(*s.normalization) : "");
    printRow(console, "color", s.color ? std::string(colorOrderName(*s.color)) : "");
    printRow(console, "resize", s.resize ? std::string(resizePolicyName(*s.resize)) : "");
    printRow(console, "contexts", s.contexts ? std::to_string(*s.contexts) : "");
    printRow(console, "NMS", s.nms == HostNms::none ? "" : std::string(hostNmsName(s.nms)));
    for (const auto &[layer, choice] : s.layers)
        printRow(console, "layer",
                 layer + ": " + (choice.bits ? std::to_string(*choice.bits) + " bits " : "") +
                     choice.observer.value_or(""));
    printRow(console, "seed", std::to_string(s.seed));
    if (const auto &lock = recipe->lock) {
        console.out << "Locked by version " << lock->toolVersion << " with " << lock->isa << ":\n";
        printRow(console, "model", lock->modelSha256);
        printRow(console, "calibration", std::to_string(lock->calibration.size()) + " files");
        printRow(console, "frozen", lock->frozenFile);
        printRow(console, "result", lock->resultSha256);
    }
    console.out << "Nothing was run. hefc convert " << arguments.recipe << " does it.\n";
    return 0;
}

// ---- verify ----

Json checkJson(const RebuildCheck &check)
{
    Json json{{"ran", check.ran}};
    if (check.ran)
        json["same"] = check.isEqual;
    else
        json["why_not"] = check.whyNot;
    if (!check.differingStage.empty())
        json["differing_stage"] = check.differingStage;
    return json;
}

void printCheck(Console &console, const char *way, const RebuildCheck &check)
{
    console.out << "  " << way << ": "
                << (!check.ran        ? "not tried, " + check.whyNot
                    : check.isEqual ? std::string("the same bytes")
                                    : "stage " + check.differingStage + " differs")
                << "\n";
}

Diagnostics faultsOf(const RecipeCheck &check, const RecipeArguments &arguments,
                     const RecipeLock &lock)
{
    Diagnostics faults;
    if (!check.differingInput.empty())
        faults.push_back(Diagnostic("recipe.input-differs", Place{.file = arguments.recipe})
                             .with("input", check.differingInput +
                                                (check.isInputMissing ? " (it is not there)" : "")));
    for (const auto &[way, rebuilt] : {std::pair("from the lock", &check.fromLock),
                                       std::pair("from the pictures", &check.fromPictures)})
        if (rebuilt->ran && !rebuilt->isEqual)
            faults.push_back(Diagnostic("recipe.stage-differs", Place{.file = arguments.recipe})
                                 .with("way", std::string(way))
                                 .with("stage", rebuilt->differingStage)
                                 .with("version", lock.toolVersion)
                                 .with("here", std::string(toolVersion)));
    return faults;
}

int runVerify(const RecipeArguments &arguments, Console &console)
{
    const auto recipe = readFor(arguments, arguments.recipe);
    if (!recipe)
        return report(recipe.error(), console);
    using Pictures = RecipeVerifyOptions::Pictures;
    const RecipeVerifyOptions options{.pictures = arguments.pictures == "always" ? Pictures::always
                                                  : arguments.pictures == "never"
                                                      ? Pictures::never
                                                      : Pictures::whereBuildMatches,
                                      .threads = arguments.threads};
    const auto style = progressStyleFromName(arguments.progress).value_or(ProgressStyle::automatic);
    const auto check = [&] {
        ProgressPrinter printer(console, style);
        return verifyRecipe(arguments.recipe, *recipe, options, console.stop, printer.sink());
    }();
    if (!check)
        return report(check.error(), console);
    const Diagnostics faults = faultsOf(*check, arguments, *recipe->lock);
    if (arguments.isJson) {
        Json json{{"verified", check->isVerified()},
                  {"inputs", {{"same", check->differingInput.empty()}}},
                  {"from_lock", checkJson(check->fromLock)},
                  {"from_pictures", checkJson(check->fromPictures)},
                  {"diagnostics", toJson(faults)}};
        if (!check->differingInput.empty())
            json["inputs"]["differing"] = check->differingInput;
        console.out << jsonText(json) << "\n";
        return check->isVerified() ? 0 : 1;
    }
    for (const auto &fault : faults)
        console.err << consoleText(fault);
    if (check->differingInput.empty()) {
        console.out << "  inputs: as locked\n";
        printCheck(console, "from the lock", check->fromLock);
        printCheck(console, "from the pictures", check->fromPictures);
    }
    console.out << arguments.recipe << (check->isVerified() ? ": verified" : ": not verified")
                << "\n";
    return check->isVerified() ? 0 : 1;
}

// ---- diff ----

int runDiff(const RecipeArguments &arguments, Console &console)
{
    std::string texts[2];
    const std::string *files[] = {&arguments.recipe, &arguments.other};
    for (int i = 0; i < 2; ++i) {
        if (const auto recipe = readFor(arguments, *files[i]); !recipe)
            return report(recipe.error(), console);
        auto text = readTextFile(*files[i]);
        if (!text)
            return report(text.error(), console);
        texts[i] = std::move(*text);
    }
    const auto differences = diffRecipes(texts[0], texts[1]);
    if (arguments.isJson) {
        Json json{{"same", differences.empty()}, {"differences", Json::array()}};
        for (const auto &difference : differences)
            json["differences"].push_back(
                {{"path", difference.keyPath}, {"a", difference.a}, {"b", difference.b}});
        console.out << jsonText(json) << "\n";
        return differences.empty() ? 0 : 1;
    }
    const auto shown = [](const std::string &text) {
        return text.empty() ? std::string("(not stated)") : text.substr(0, 200);
    };
    for (const auto &difference : differences)
        console.out << "  " << difference.keyPath << ": " << shown(difference.a) << " → "
                    << shown(difference.b) << "\n";
    console.out << (differences.empty() ? "The recipes are the same.\n" : "");
    return differences.empty() ? 0 : 1;
}

} // namespace

Verb declareRecipe(CLI::App &app)
{
    auto a = std::make_shared<RecipeArguments>();
    auto *command = app.add_subcommand("recipe", "Show, verify, compare and export recipes");
    command->require_subcommand(1);
    auto *show = command->add_subcommand("show", "What a recipe will do; runs nothing");
    auto *verify = command->add_subcommand(
        "verify", "Rebuild and compare with the lock: from its numbers and from the pictures");
    auto *diff = command->add_subcommand("diff", "What differs between two recipes");
    auto *exportJob = command->add_subcommand(
        "export", "Write a job folder for the vendor's compiler: the way to a chip HEF");
    for (auto *verb : {show, verify, diff, exportJob}) {
        verb->add_option("RECIPE", a->recipe, "A recipe (hefc convert --save-recipe)")->required();
        addRootOption(*verb, a->roots);
    }
    diff->add_option("OTHER", a->other, "The recipe to compare with")->required();
    exportJob->add_option("-o,--output", a->output, "The folder to write")->required();
    for (auto *verb : {show, verify, diff})
        verb->add_flag("--json", a->isJson, "As JSON on standard output");
    for (auto *verb : {verify, exportJob})
        verb->add_option("--progress", a->progress, "auto, plain, json or none")
            ->check(CLI::IsMember({"auto", "plain", "json", "none"}))
            ->capture_default_str();
    verify->add_option("--threads", a->threads, "Worker threads (default: all cores)")
        ->check(CLI::Range(1, 1024));
    verify
        ->add_option("--pictures", a->pictures,
                     "Rebuild from the pictures, too: auto (where build and instructions match), "
                     "always or never")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->capture_default_str();
    return {command, [a, show, verify, diff](Console &console) {
                if (show->parsed())
                    return runShow(*a, console);
                if (verify->parsed())
                    return runVerify(*a, console);
                return diff->parsed() ? runDiff(*a, console) : runExport(*a, console);
            }};
}

} // namespace hefstudio::cli
