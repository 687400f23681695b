// hefc vendor: the user's own compilers of chip HEFs, whether this machine can run them, and jobs
// that run or ran elsewhere.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "duration_option.h"
#include "progress_printer.h"
#include "verb.h"

#include "base/diagnostic_catalogue.h"
#include "base/diagnostic_json.h"
#include "base/file.h"
#include "pipeline/vendor_conversion.h"
#include "recipe/recipe.h"
#include "vendor/doctor.h"
#include "vendor/vendor_run.h"
#include "vendor/zoo_network.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <ostream>

namespace hefstudio::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct VendorArguments {
    std::string list;
    std::string name, python, docker, podman, imagePython;
    std::string work, job, output, recipe, limit, model, script, calibration;
    std::string progress = "auto";
    bool json = false, search = false;

    fs::path listFile() const { return list.empty() ? toolchainListFile() : fs::path(list); }
};

std::string placeOf(const Toolchain &toolchain)
{
    return toolchain.isContainer()
               ? std::string(toolchainKindName(toolchain.kind)) + " " + toolchain.image
               : toolchain.python;
}

std::string joined(const std::vector<std::string> &words)
{
    std::string all;
    for (const auto &word : words)
        all += (all.empty() ? "" : ", ") + word;
    return all;
}

void printToolchain(const Toolchain &toolchain, std::ostream &out)
{
    out << toolchain.name << ": "
        << (toolchain.compilerVersion.empty() ? "compiler of unknown version"
                                              : "compiler " + toolchain.compilerVersion)
        << " for " << joined(toolchain.chips()) << "\n  " << placeOf(toolchain) << "\n";
}

int runDoctor(const VendorArguments &arguments, Console &console)
{
    const auto toolchains = readToolchains(arguments.listFile());
    if (!toolchains)
        return report(toolchains.error(), console);
    const auto found = examineAll(*toolchains, arguments.name, readHostMachine(),
                                  {.workFolder = arguments.work}, console.stop);
    if (!found)
        return report(found.error(), console);
    if (arguments.json) {
        console.out << doctorJson(*found) << "\n";
        return found->canCompile() ? 0 : 1;
    }
    for (const auto &check : found->checks) {
        console.out << doctorVerdictName(check.verdict) << "\t"
                    << (check.subject.empty() ? "" : check.subject + ": ") << check.id << ": "
                    << check.found << "\n";
        if (check.problem) {
            console.out << "\t  " << causeSentence(*check.problem) << "\n";
            if (const auto next = nextStepSentence(*check.problem); !next.empty())
                console.out << "\t  next: " << next << "\n";
        }
    }
    console.out << (found->canCompile()
                        ? "This machine can make chip HEFs: hefc convert --backend vendor.\n"
                        : "This machine cannot make chip HEFs yet.\n");
    return found->canCompile() ? 0 : 1;
}

int runList(const VendorArguments &arguments, Console &console)
{
    auto toolchains = readToolchains(arguments.listFile());
    if (!toolchains)
        return report(toolchains.error(), console);
    std::vector<Toolchain> found;
    if (arguments.search) {
        found = searchToolchains(usualFolders(), console.stop);
        std::erase_if(found, [&](const Toolchain &toolchain) {
            return std::ranges::any_of(*toolchains, [&](const Toolchain &known) {
                return known.kind == toolchain.kind && known.image == toolchain.image &&
                       (known.isContainer() || known.python == toolchain.python);
            });
        });
    }
    if (arguments.json) {
        const auto asJson = [](const std::vector<Toolchain> &list) {
            Json json = Json::array();
            for (const auto &toolchain : list)
                json.push_back({{"name", toolchain.name},
                                {"kind", toolchainKindName(toolchain.kind)},
                                {"python", toolchain.python},
                                {"image", toolchain.image},
                                {"image_digest", toolchain.imageDigest},
                                {"compiler", toolchain.compilerVersion},
                                {"python_version", toolchain.pythonVersion},
                                {"chips", toolchain.chips()}});
            return json;
        };
        Json json{{"toolchains", asJson(*toolchains)}};
        if (arguments.search)
            json["found"] = asJson(found);
        console.out << jsonText(json) << "\n";
        return 0;
    }
    if (toolchains->empty())
        console.out << "No toolchain is known. hefc vendor list --search looks for some, "
                       "hefc vendor add takes one into the list.\n";
    for (const auto &toolchain : *toolchains)
        printToolchain(toolchain, console.out);
    if (arguments.search && found.empty())
        console.out << "No other was found.\n";
    for (const auto &toolchain : found) {
        console.out << "found, not in the list:\n";
        printToolchain(toolchain, console.out);
    }
    return 0;
}

int runAdd(const VendorArguments &arguments, Console &console)
{
    if (!isToolchainName(arguments.name))
        return report({Diagnostic("vendor.toolchain-name").with("name", arguments.name)}, console);
    auto toolchains = readToolchains(arguments.listFile());
    if (!toolchains)
        return report(toolchains.error(), console);
    if (std::ranges::find(*toolchains, arguments.name, &Toolchain::name) != toolchains->end())
        return report({Diagnostic("vendor.toolchain-exists").with("name", arguments.name)},
                      console);
    const auto inContainer = [&](ToolchainKind kind, const std::string &image) {
        return probeImage(probeEngine(kind, console.stop), image, arguments.imagePython,
                          console.stop);
    };
    auto toolchain = !arguments.docker.empty()   ? inContainer(ToolchainKind::docker, arguments.docker)
                     : !arguments.podman.empty() ? inContainer(ToolchainKind::podman, arguments.podman)
                                                 : probePython(arguments.python, console.stop);
    if (!toolchain)
        return report(toolchain.error(), console);
    toolchain->name = arguments.name;
    if (!toolchain->isContainer() && toolchain->python.find('/') != std::string::npos) {
        // A link of an environment must stay one: it is how Python finds its packages.
        std::error_code error;
        toolchain->python = fs::absolute(toolchain->python, error).lexically_normal().string();
    }
    printToolchain(*toolchain, console.out);
    toolchains->push_back(std::move(*toolchain));
    if (auto written = writeToolchains(arguments.listFile(), *toolchains); !written)
        return report(written.error(), console);
    return 0;
}

int runRemove(const VendorArguments &arguments, Console &console)
{
    auto toolchains = readToolchains(arguments.listFile());
    if (!toolchains)
        return report(toolchains.error(), console);
    if (std::erase_if(*toolchains,
                      [&](const Toolchain &t) { return t.name == arguments.name; }) == 0) {
        std::vector<std::string> names;
        for (const auto &toolchain : *toolchains)
            names.push_back(toolchain.name);
        return report({Diagnostic("vendor.toolchain-unknown")
                           .with("name", arguments.name)
                           .with("known", names.empty() ? "none" : joined(names))},
                      console);
    }
    if (auto written = writeToolchains(arguments.listFile(), *toolchains); !written)
        return report(written.error(), console);
    console.out << arguments.name << " is no longer in the list; nothing of it was deleted.\n";
    return 0;
}

// "net.hef" of "net.hef.job", else NETWORK.hef beside the folder.
fs::path outputOf(const VendorArguments &arguments)
{
    if (!arguments.output.empty())
        return arguments.output;
    fs::path folder = fs::path(arguments.job).lexically_normal();
    if (!folder.has_filename())
        folder = folder.parent_path();
    fs::path output = folder;
    if (output.extension() == ".job")
        output.replace_extension();
    return output.extension() == ".hef" ? output : fs::path(output.string() + ".hef");
}

int tellResult(const Result<FinishedVendorRun> &run, const Toolchain &toolchain,
               const fs::path &output, const VendorArguments &arguments, Console &console)
{
    if (!run)
        return report(run.error(), console);
    if (!arguments.recipe.empty())
        if (auto done = completeRecipe(arguments.recipe, *run, toolchain); !done)
            return report(done.error(), console);
    const auto &result = run->result;
    if (arguments.json) {
        console.out << vendorResultJson(result) << "\n";
        return 0;
    }
    if (arguments.progress == "json")
        return 0;
    console.out << output.string() << ": " << result.hef.size() << " bytes, a chip HEF for "
                << result.arch << "\n";
    for (const auto &row : result.comparison)
        console.out << "  " << row.what << ": " << row.found << " by the compiler, "
                    << row.predicted << " predicted\n";
    for (const auto &row : result.noise)
        console.out << "  " << row.layer << ": " << row.snrDb << " dB signal to noise\n";
    for (const auto &row : run->ledger)
        if (row.isLowered())
            console.out << "  " << row.setting << ": " << row.asked << " asked, " << row.used
                        << " used: " << row.why << "\n";
    return 0;
}

int runImport(const VendorArguments &arguments, Console &console)
{
    const fs::path output = outputOf(arguments);
    const auto run = [&] {
        ProgressPrinter printer(console,
                                arguments.json ? ProgressStyle::none : ProgressStyle::automatic);
        return importVendorRun(arguments.job, output, printer.sink());
    }();
    return tellResult(run, attachVendorRun(arguments.job).value_or(VendorRun()).toolchain, output,
                      arguments, console);
}

int runAttach(const VendorArguments &arguments, Console &console)
{
    const auto attached = attachVendorRun(arguments.job);
    if (!attached)
        return report(attached.error(), console);
    const fs::path output = outputOf(arguments);
    const auto run = [&] {
        ProgressPrinter printer(console, progressStyleFromName(arguments.progress)
                                             .value_or(ProgressStyle::automatic));
        return finishVendorRun(
            arguments.job, output,
            {.limit = durationFromText(arguments.limit).value_or(std::chrono::minutes(0))},
            console.stop, printer.sink());
    }();
    return tellResult(run, attached->toolchain, output, arguments, console);
}

int runStop(const VendorArguments &arguments, Console &console)
{
    const auto run = attachVendorRun(arguments.job);
    if (!run)
        return report(run.error(), console);
    if (!isVendorRunActive(run->job)) {
        console.out << "The run has ended already.\n";
        return 0;
    }
    stopVendorRun(*run);
    console.out << "The run was stopped; finished stages are kept in " << arguments.job << "\n";
    return 0;
}

// The script's rest is written beside the recipe, whose own script it becomes.
int runRecipe(const VendorArguments &arguments, Console &console)
{
    auto network = readZooNetwork(arguments.job, arguments.script);
    if (!network)
        return report(network.error(), console);
    Recipe recipe{.settings = std::move(network->settings), .lock = {}};
    recipe.settings.model = arguments.model;
    recipe.settings.calibration = arguments.calibration;
    recipe.settings.backend = BackendKind::vendor;
    const fs::path output = arguments.output;
    if (!network->script.pieces.empty()) {
        recipe.settings.vendor.script = fs::path(output).replace_extension(".alls");
        if (auto written = writeFileAtomically(recipe.settings.vendor.script,
                                               asBytes(network->script.text()));
            !written)
            return report(written.error(), console);
    }
    if (auto written = writeRecipe(output, recipe); !written)
        return report(written.error(), console);
    for (const auto &warning : network->warnings)
        console.err << consoleText(warning);
    console.out << output.string() << ": " << network->name << " for " << recipe.settings.arch
                << (recipe.settings.vendor.script.empty()
                        ? std::string()
                        : ", with the rest of its script in " +
                              recipe.settings.vendor.script.filename().string())
                << "\n";
    return 0;
}

using Arguments = std::shared_ptr<VendorArguments>;

void declareToolchainVerbs(CLI::App &command, const Arguments &a)
{
    auto *doctor = command.add_subcommand(
        "doctor", "Can this machine run the vendor's compiler, and what is missing?");
    doctor->add_option("NAME", a->name, "One toolchain of the list (default: all)");
    doctor->add_option("--work", a->work, "The folder jobs will be written to (default: this one)");
    doctor->add_flag("--json", a->json, "Print the checks as JSON");

    auto *list = command.add_subcommand("list", "The toolchains you have added");
    list->add_flag("--search", a->search,
                   "Look for others: suite images, Python environments of the usual names");
    list->add_flag("--json", a->json, "Print the list as JSON");

    auto *add = command.add_subcommand("add", "Take a compiler into the list, after asking it");
    add->add_option("NAME", a->name, "A name of your choice")->required();
    auto *where = add->add_option_group("where", "Where the compiler is");
    where->add_option("--python", a->python, "The interpreter of its environment: venv/bin/python");
    where->add_option("--docker", a->docker, "Its image, as \"docker images\" names it");
    where->add_option("--podman", a->podman, "Its image, as \"podman images\" names it");
    where->require_option(1);
    add->add_option("--image-python", a->imagePython,
                    "The interpreter inside of the image (default: the usual places are tried)");

    command.add_subcommand("remove", "Take a compiler out of the list")
        ->add_option("NAME", a->name, "Its name")
        ->required();
}

void declareJobVerbs(CLI::App &command, const Arguments &a)
{
    const auto declareJob = [&](const char *name, const char *about) {
        auto *verb = command.add_subcommand(name, about);
        verb->add_option("JOB", a->job, "The folder of the job")->required();
        return verb;
    };
    const auto declareResult = [&](CLI::App *verb) {
        verb->add_option("-o,--output", a->output, "The HEF to write (default: beside the job)");
        verb->add_option("--recipe", a->recipe, "Complete the lock of this recipe with the result");
    };
    auto *import = declareJob("import", "Take the result of a job that ran elsewhere");
    declareResult(import);
    import->add_flag("--json", a->json, "Print result and comparison as JSON");

    auto *attach = declareJob("attach", "Follow a run that goes on, and finish it");
    declareResult(attach);
    attach->add_option("--time-limit", a->limit, "Stop the run after this time: 90m, 5h")
        ->check(durationValidator());
    attach->add_option("--progress", a->progress, "auto, plain, json or none")
        ->check(CLI::IsMember({"auto", "plain", "json", "none"}));

    auto *recipe = command.add_subcommand(
        "recipe", "Make a recipe of a model-zoo style network file and its script");
    recipe->add_option("NETWORK", a->job, "The network's YAML file")->required();
    recipe->add_option("--model", a->model, "The ONNX model, below the recipe's folder")->required();
    recipe->add_option("--script", a->script, "Its model script (default: the one the file names)");
    recipe->add_option("--calib", a->calibration,
                       "Calibration pictures, below the recipe's folder");
    recipe->add_option("-o,--output", a->output, "The recipe to write")->required();

    declareJob("stop", "End a run that goes on; finished stages are kept");
}

} // namespace

Verb declareVendor(CLI::App &app)
{
    auto arguments = std::make_shared<VendorArguments>();
    auto *command =
        app.add_subcommand("vendor", "The vendor's compiler, the way to HEFs that run on the chip");
    command->require_subcommand(1);
    command->add_option("--list-file", arguments->list,
                        "The list of toolchains (default: in your configuration folder)");
    declareToolchainVerbs(*command, arguments);
    declareJobVerbs(*command, arguments);
    return {command, [arguments, command](Console &console) {
                constexpr std::pair<const char *, int (*)(const VendorArguments &, Console &)>
                    verbs[] = {{"doctor", runDoctor}, {"list", runList},     {"add", runAdd},
                               {"remove", runRemove}, {"import", runImport}, {"attach", runAttach},
                               {"stop", runStop},
                               {"recipe", runRecipe}};
                for (const auto &[name, run] : verbs)
                    if (command->got_subcommand(name))
                        return run(*arguments, console);
                return 2;
            }};
}

} // namespace hefstudio::cli
