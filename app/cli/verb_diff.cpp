// hefc diff: what differs between two HEFs. Exit 0 when nothing does, 1 when something does.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "verb.h"

#include "hef/hef_diff.h"
#include "hef/hef_reader.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>

namespace hefstudio::cli {
namespace {

struct DiffOptions {
    std::string a;
    std::string b;
    bool json = false;
};

} // namespace

Verb declareDiff(CLI::App &app)
{
    auto options = std::make_shared<DiffOptions>();
    auto *command = app.add_subcommand("diff", "Say what differs between two HEFs; exit 1 if so");
    command->add_option("A", options->a, "A HEF")->required();
    command->add_option("B", options->b, "Another")->required();
    command->add_flag("--json", options->json, "As one JSON document");
    return {command, [options](Console &console) {
                const auto a = Hef::open(options->a);
                if (!a)
                    return report(a.error(), console);
                const auto b = Hef::open(options->b);
                if (!b)
                    return report(b.error(), console);
                const HefDiff diff = diffHefs(*a, *b);
                console.out << (options->json ? hefDiffJson(*a, *b, diff) : hefDiffText(diff));
                return diff.isSame() ? 0 : 1;
            }};
}

} // namespace hefstudio::cli
