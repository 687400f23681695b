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
    ProfileRequest request;
    bool json = false;
};

} // namespace

Verb declareProfile(CLI::App &app)
{
    auto options = std::make_shared<ProfileOptions>();
    auto *command = app.add_subcommand("profile", "Predict speed and use of the chip");
    command->add_option("FILE", options->request.file, "An ONNX model or a HEF")->required();
    command->add_option(
        "--arch", options->request.arch,
        "hailo8l, hailo8 or a board's name (default: the HEF's chip, else hailo8l)");
    command->add_option("--batch", options->request.batches, "Batch sizes (default: 1,8)")
        ->delimiter(',')
        ->check(CLI::Range(1, 4096));
    command->add_option("--device", options->request.deviceFile,
                        "A device model of your own (a copy of one in resources/devices)");
    command->add_option("--link", options->request.link,
                        "How the chip is connected, as the device model names it: \"PCIe Gen3 x4\" "
                        "(default), \"PCIe Gen2 x1\" (Raspberry Pi 5), …");
    command->add_option("--contexts", options->request.contexts, "Exactly this many contexts")
        ->check(CLI::Range(1, 256));
    command->add_option("--share", options->request.sharing,
                        "Other models that use the same device in turn");
    command->add_flag("--json", options->json, "The answer as one JSON document");
    return {command, [options](Console &console) {
                const auto profile =
                    profileFile(options->request, console.stop);
                if (!profile)
                    return report(profile.error(), console);
                console.out << (options->json ? profile->json : profile->text);
                return 0;
            }};
}

} // namespace hefstudio::cli
