// hefc metadata: labels and decoding facts inside a HEF of any origin.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "verb.h"

#include "base/file.h"
#include "hef/hef_metadata.h"
#include "hef/hef_reader.h"
#include "hef/inspect.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>

namespace hefstudio::cli {
namespace {

struct MetadataOptions {
    std::string file;
    std::string output;
    std::string document;
    std::string labels;
    bool json = false;
    bool plain = false;
};

int show(const MetadataOptions &o, Console &console)
{
    const auto hef = Hef::open(o.file);
    if (!hef)
        return report(hef.error(), console);
    const HefMetadata metadata = readHefMetadata(*hef);
    if (!metadata.zip && !o.json)
        return report({Diagnostic("metadata.none", Place{.file = o.file})}, console);
    console.out << (o.json ? hefMetadataJson(*hef) : hefMetadataText(*hef));
    return 0;
}

// Members of the ZIP as files; their names were checked to stay inside the folder.
int extract(const MetadataOptions &o, Console &console)
{
    const auto hef = Hef::open(o.file);
    if (!hef)
        return report(hef.error(), console);
    const auto members = membersOfZip(hef->container());
    if (!members)
        return report(members.error(), console);
    if (members->empty())
        return report({Diagnostic("metadata.none", Place{.file = o.file})}, console);
    for (const ArchiveMember &member : *members) {
        const auto target = std::filesystem::path(o.output) / member.name;
        std::error_code failed;
        std::filesystem::create_directories(target.parent_path(), failed);
        if (auto written = writeFileAtomically(target, member.bytes); !written)
            return report(written.error(), console);
        console.out << target.string() << ": " << member.bytes.size() << " bytes\n";
    }
    return 0;
}

// The changed file takes the place of the given one unless another is named.
int write(const MetadataOptions &o, const Result<Bytes> &bytes, Console &console)
{
    if (!bytes)
        return report(bytes.error(), console);
    const std::string &target = o.output.empty() ? o.file : o.output;
    if (auto written = writeFileAtomically(target, *bytes); !written)
        return report(written.error(), console);
    console.out << target << ": " << bytes->size() << " bytes\n";
    return 0;
}

int attach(const MetadataOptions &o, Console &console)
{
    const auto hef = Hef::open(o.file);
    if (!hef)
        return report(hef.error(), console);
    constexpr ReadLimits limits{.maxBytes = std::uint64_t(16) << 20};
    MetadataToAttach metadata;
    metadata.placement = o.plain ? ZipPlacement::appended : ZipPlacement::sealed;
    if (!o.document.empty()) {
        const auto text = readTextFile(o.document, limits);
        if (!text)
            return report(text.error(), console);
        auto model = parseMetadata(*text, o.document);
        if (!model)
            return report(model.error(), console);
        metadata.model = std::move(*model);
    }
    if (!o.labels.empty()) {
        const auto text = readTextFile(o.labels, limits);
        if (!text)
            return report(text.error(), console);
        metadata.labels = labelsFromText(*text);
    }
    return write(o, attachMetadata(*hef, std::move(metadata)), console);
}

int detach(const MetadataOptions &o, Console &console)
{
    const auto hef = Hef::open(o.file);
    if (!hef)
        return report(hef.error(), console);
    return write(o, detachMetadata(*hef), console);
}

} // namespace

Verb declareMetadata(CLI::App &app)
{
    auto options = std::make_shared<MetadataOptions>();
    auto *command = app.add_subcommand(
        "metadata", "Labels and decoding facts in a HEF of any origin: show, extract, attach, "
                    "detach");
    command->require_subcommand(1);
    const auto sub = [&](const char *name, const char *help) {
        auto *one = command->add_subcommand(name, help);
        one->add_option("FILE", options->file, "The HEF")->required();
        return one;
    };
    auto *showing = sub("show", "What the file says about its model");
    showing->add_flag("--json", options->json, "As one JSON document");
    auto *extracting = sub("extract", "Write edgefirst.json, labels.txt and what else is there");
    extracting->add_option("-o,--output", options->output, "The folder to write into")->required();
    auto *attaching = sub("attach", "Put metadata in, sealed so that every HailoRT takes the file");
    attaching->add_option("--metadata", options->document,
                          "An edgefirst.json (default: what the file holds, else what the HEF "
                          "itself tells)");
    attaching->add_option("--labels", options->labels, "A text file with one class name a line");
    attaching->add_flag("--plain", options->plain,
                        "Only append the ZIP: most releases of HailoRT then refuse the file");
    auto *detaching = sub("detach", "Give the file back as it was before, to the byte");
    for (auto *one : {attaching, detaching})
        one->add_option("-o,--output", options->output, "Where to write (default: FILE itself)");
    return {command, [options, showing, extracting, attaching](Console &console) {
                if (showing->parsed())
                    return show(*options, console);
                if (extracting->parsed())
                    return extract(*options, console);
                return attaching->parsed() ? attach(*options, console) : detach(*options, console);
            }};
}

} // namespace hefstudio::cli
