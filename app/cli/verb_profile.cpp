// hefc profile: predicted speed and use of the chip, of a model or of a HEF.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "verb.h"

#include "pipeline/model_profile.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>

namespace hefstudio::cli {
namespace {

struct ProfileOptions {
    std::string file;
    std::string arch;
    std::vector<int> batches{1, 8};
    bool json = false;
};

} // namespace

Verb declareProfile(CLI::App &app)
{
    auto options = std::make_shared<ProfileOptions>();
    auto *command = app.add_subcommand("profile", "Predict speed and use of the chip");
    command->add_option("FILE", options->file, "An ONNX model or a HEF")->required();
    command->add_option(
        "--arch", options->arch,
        "hailo8l, hailo8 or a board's name (default: the HEF's chip, else hailo8l)");
    command->add_option("--batch", options->batches, "Batch sizes (default: 1,8)")
        ->delimiter(',')
        ->check(CLI::Range(1, 4096));
    command->add_flag("--json", options->json, "The answer as one JSON document");
    return {command, [options](Console &console) {
                const auto profile =
                    profileFile(options->file, options->arch, options->batches, console.stop);
                if (!profile)
                    return report(profile.error(), console);
                console.out << (options->json ? profile->json : profile->text);
                return 0;
            }};
}

} // namespace hefstudio::cli
