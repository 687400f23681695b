// hefc bundle: what a device needs to run a chip HEF.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "verb.h"

#include "base/file.h"
#include "hef/bundle.h"
#include "hef/hef_reader.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>

namespace hefstudio::cli {
namespace {

struct BundleOptions {
    std::string file;
    std::string output;
};

int bundle(const BundleOptions &o, Console &console)
{
    const auto hef = Hef::open(o.file);
    if (!hef)
        return report(hef.error(), console);
    const auto files = bundleFiles(*hef);
    if (!files)
        return report(files.error(), console);
    std::error_code failed;
    std::filesystem::create_directories(o.output, failed);
    for (const ArchiveMember &file : *files)
        if (auto written =
                writeFileAtomically(std::filesystem::path(o.output) / file.name, file.bytes);
            !written)
            return report(written.error(), console);
    console.out << o.output << ": " << files->size() << " files, begin with README.md\n";
    return 0;
}

} // namespace

Verb declareBundle(CLI::App &app)
{
    auto options = std::make_shared<BundleOptions>();
    auto *command = app.add_subcommand(
        "bundle", "Make a deployment kit of a chip HEF: labels, metadata, Python and C++ examples");
    command->add_option("FILE", options->file, "A HEF made by the vendor's compiler")->required();
    command->add_option("-o,--output", options->output, "The folder to write into")->required();
    return {command, [options](Console &console) { return bundle(*options, console); }};
}

} // namespace hefstudio::cli
