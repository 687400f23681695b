// hefc inspect: what is in a HEF.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "verb.h"

#include "base/file.h"
#include "har/har_archive.h"
#include "har/har_inspect.h"
#include "hef/actions.h"
#include "hef/hef_reader.h"
#include "hef/inspect.h"
#include "hef/message_tree.h"
#include "hef/parse_hef_text.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>
#include <thread>
#include <utility>

namespace hefstudio::cli {
namespace {

struct InspectOptions {
    std::string file;
    bool json = false;
    bool tree = false;
    bool actions = false;
    bool sections = false;
    bool parseHef = false;
    bool parseStreams = false;
    bool parseVstreams = false;
    std::string as = "4.23";
};

bool isArchive(const std::string &file)
{
    const auto mapped = MappedFile::open(file);
    return mapped && looksLikeHar(mapped->bytes());
}

int inspectArchive(const InspectOptions &o, Console &console)
{
    const std::pair<bool, const char *> hefOnly[] = {{o.tree, "--tree"},
                                                     {o.actions, "--actions"},
                                                     {o.sections, "--sections"},
                                                     {o.parseHef, "--parse-hef"}};
    for (const auto &[isAsked, option] : hefOnly)
        if (isAsked)
            return report({Diagnostic("cli.hef-only", Place{.file = o.file})
                               .with("option", std::string(option))},
                          console);
    const auto archive = HarArchive::open(o.file);
    if (!archive)
        return report(archive.error(), console);
    const auto text = o.json ? harInspectJson(*archive) : harOverviewText(*archive);
    if (!text)
        return report(text.error(), console);
    console.out << *text;
    return 0;
}

} // namespace

Verb declareInspect(CLI::App &app)
{
    auto options = std::make_shared<InspectOptions>();
    auto *command = app.add_subcommand(
        "inspect", "Show what is in a HEF of any origin, or in a model archive (.har)");
    command->add_option("FILE", options->file, "The HEF, or a model archive")->required();
    auto *json = command->add_flag("--json", options->json,
                                   "Everything, as one JSON document; with --tree and --actions\n"
                                   "every field of the message and every action, too");
    auto *tree = command->add_flag("--tree", options->tree, "Every field of the message");
    auto *actions = command->add_flag("--actions", options->actions,
                                      "Every trigger and action, context by context");
    auto *sections =
        command->add_flag("--sections", options->sections, "What each byte of the file belongs to");
    sections->excludes(json); // the document has them anyway
    auto *parse = command->add_flag("--parse-hef", options->parseHef,
                                    "The text that HailoRT's parse-hef prints");
    for (auto *other : {json, tree, actions, sections})
        parse->excludes(other);
    command
        ->add_flag("--parse-streams", options->parseStreams, "With --parse-hef: list the streams")
        ->needs(parse);
    command
        ->add_flag("--parse-vstreams,!--no-parse-vstreams", options->parseVstreams,
                   "With --parse-hef: list the virtual streams (default)")
        ->needs(parse)
        ->default_val(true);
    command->add_option("--as", options->as, "With --parse-hef: whose text, 4.23 or 5.2")
        ->needs(parse)
        ->check(CLI::IsMember({"4.23", "5.2"}));
    return {command, [options](Console &console) {
                if (isArchive(options->file))
                    return inspectArchive(*options, console);
                const auto hef = Hef::open(options->file);
                if (!hef)
                    return report(hef.error(), console);
                // Hashing the file and reading its message need not wait for each other.
                const bool needsHash = options->json || options->parseHef ||
                                       !(options->tree || options->actions || options->sections);
                std::jthread hashing;
                if (needsHash)
                    hashing = std::jthread([hef = *hef] { (void)hef.hashFaults(); });
                if (options->json) {
                    console.out << hefInspectJson(
                        *hef, {.message = options->tree, .operations = options->actions});
                } else if (options->parseHef) {
                    const auto text = parseHefText(*hef, {.release = options->as == "5.2"
                                                                         ? ParseHefRelease::v5_2
                                                                         : ParseHefRelease::v4_23,
                                                          .streams = options->parseStreams,
                                                          .vstreams = options->parseVstreams});
                    if (!text)
                        return report(text.error(), console);
                    console.out << *text;
                } else if (options->tree || options->actions || options->sections) {
                    if (options->tree)
                        console.out << hefTreeText(*hef);
                    if (options->actions)
                        writeActions(*hef, [&](std::string_view text) { console.out << text; });
                    if (options->sections)
                        console.out << hefSectionsText(*hef);
                } else {
                    console.out << hefOverviewText(*hef);
                }
                return 0;
            }};
}

} // namespace hefstudio::cli
