// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/diagnostic_catalogue.h"

#include <algorithm>
#include <cstdio>

namespace hefstudio {
namespace {

// ENTRY is also what lupdate looks for (see translations/CMakeLists.txt), hence one macro for all
// rooms and one file per room.
#define ENTRY(id, blame, cause, nextStep) CatalogueEntry{id, blame, cause, nextStep},
constexpr CatalogueEntry catalogue[] = {
#include "base/catalogue/base.inc"
#include "base/catalogue/bundle.inc"
#include "base/catalogue/calibration.inc"
#include "base/catalogue/cli.inc"
#include "base/catalogue/device.inc"
#include "base/catalogue/engine.inc"
#include "base/catalogue/graph.inc"
#include "base/catalogue/har.inc"
#include "base/catalogue/heads.inc"
#include "base/catalogue/hef.inc"
#include "base/catalogue/mapping.inc"
#include "base/catalogue/metadata.inc"
#include "base/catalogue/onnx.inc"
#include "base/catalogue/ops.inc"
#include "base/catalogue/passes.inc"
#include "base/catalogue/pipeline.inc"
#include "base/catalogue/profile.inc"
#include "base/catalogue/program.inc"
#include "base/catalogue/quantize.inc"
#include "base/catalogue/recipe.inc"
#include "base/catalogue/report.inc"
#include "base/catalogue/vendor.inc"
};
#undef ENTRY

std::string argumentText(const DiagnosticArgument &argument)
{
    if (const auto *text = std::get_if<std::string>(&argument))
        return *text;
    if (const auto *number = std::get_if<std::int64_t>(&argument))
        return std::to_string(*number);
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.6g", std::get<double>(argument));
    return buffer;
}

std::string fillIn(std::string text, const Diagnostic &diagnostic)
{
    std::string filled;
    filled.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto close = text[at] == '{' ? text.find('}', at) : std::string::npos;
        if (close == std::string::npos) {
            filled += text[at++];
            continue;
        }
        const auto name = text.substr(at + 1, close - at - 1);
        const auto found = std::ranges::find_if(diagnostic.arguments,
                                                [&](const auto &a) { return a.first == name; });
        filled += found == diagnostic.arguments.end() ? "?" : argumentText(found->second);
        at = close + 1;
    }
    return filled;
}

std::string sentence(const Diagnostic &diagnostic, const char *CatalogueEntry::*part,
                     const Translate &translate)
{
    const CatalogueEntry *entry = findCatalogueEntry(diagnostic.id);
    if (!entry)
        return part == &CatalogueEntry::cause ? diagnostic.id : std::string();
    const char *source = entry->*part;
    return fillIn(translate && *source ? translate(source) : source, diagnostic);
}

} // namespace

std::span<const CatalogueEntry> diagnosticCatalogue()
{
    return catalogue;
}

const CatalogueEntry *findCatalogueEntry(std::string_view id)
{
    const auto *found =
        std::ranges::find_if(catalogue, [&](const CatalogueEntry &e) { return id == e.id; });
    return found == std::end(catalogue) ? nullptr : found;
}

std::string causeSentence(const Diagnostic &diagnostic, const Translate &translate)
{
    return sentence(diagnostic, &CatalogueEntry::cause, translate);
}

std::string nextStepSentence(const Diagnostic &diagnostic, const Translate &translate)
{
    return sentence(diagnostic, &CatalogueEntry::nextStep, translate);
}

std::string placeText(const Place &place)
{
    std::string text = place.file;
    const auto append = [&text](const std::string &part) {
        if (!text.empty())
            text += ", ";
        text += part;
    };
    if (place.offset)
        append("byte " + std::to_string(*place.offset));
    if (!place.node.empty())
        append("node '" + place.node + "'");
    if (!place.layer.empty())
        append("layer '" + place.layer + "'");
    if (!place.keyPath.empty())
        append("key " + place.keyPath);
    return text;
}

std::string consoleText(const Diagnostic &diagnostic, const Translate &translate)
{
    static constexpr const char *names[] = {"note", "warning", "error"};
    std::string text = names[static_cast<int>(diagnostic.severity)];
    text += ": ";
    if (const auto place = placeText(diagnostic.place); !place.empty())
        text += place + ": ";
    text += causeSentence(diagnostic, translate) + " [" + diagnostic.id + "]\n";
    if (const auto next = nextStepSentence(diagnostic, translate); !next.empty())
        text += "  next: " + next + "\n";
    for (const auto &fix : diagnostic.fixes) {
        text += "  fix: " + fix.kind;
        for (const auto &[key, value] : fix.values)
            text += " " + key + "=" + value;
        text += "\n";
    }
    for (const auto &note : diagnostic.notes)
        text += "  " + consoleText(note, translate);
    return text;
}

int exitCode(const Diagnostics &diagnostics)
{
    for (const auto &diagnostic : diagnostics) {
        if (diagnostic.severity != Severity::error)
            continue;
        const auto *entry = findCatalogueEntry(diagnostic.id);
        switch (entry ? entry->blame : Blame::conversion) {
        case Blame::conversion:
            return 1;
        case Blame::usage:
            return 2;
        case Blame::badInput:
            return 3;
        case Blame::inputOutput:
            return 4;
        case Blame::cancelled:
            return 130;
        }
    }
    return diagnostics.empty() ? 0 : 1;
}

} // namespace hefstudio
