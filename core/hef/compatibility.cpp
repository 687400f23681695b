// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/compatibility.h"

#include "hef/hef_reader.h"
#include "hef/message_view.h"

#include <algorithm>
#include <array>

namespace hefstudio {

namespace {

using Release = SchemaRelease;

constexpr std::array releases{Release{4, 17}, Release{4, 18}, Release{4, 19}, Release{4, 20},
                              Release{4, 21}, Release{4, 22}, Release{4, 23}, Release{5, 0},
                              Release{5, 1},  Release{5, 2}};

constexpr Release never{1000, 0};

// First release that opens each header version.
constexpr std::array firstForHeader{Release{4, 17}, Release{4, 18}, Release{4, 20}, Release{4, 21}};

// First release that knows a mandatory extension; 4.17 for all older ones.
Release firstForExtension(std::uint32_t type)
{
    switch (type) {
    case proto::CCW_PTR_SQUEEZE:
    case proto::EXTERNAL_RESOURCES:
    case proto::SHARED_CONFIG:
        return {4, 21};
    case proto::STRICT_RUNTIME_VERSIONING:
        return {5, 0};
    case proto::CSM_CRC:
    case proto::ENABLE_CONFIG_CHANNELS:
        return {5, 1};
    default:
        // 7 and 8 belong to no mandatory list, and what is newer than the table to none of these.
        const bool isKnown = type <= proto::STRICT_RUNTIME_VERSIONING && type != proto::TEST_ONE &&
                             type != proto::MULTI_NETWORK_VARIABLE_BATCH_SIZE;
        return isKnown ? Release{4, 17} : never;
    }
}

std::string needsExtension(std::uint32_t type)
{
    const std::string extension = "extension " + std::to_string(type);
    const Release first = firstForExtension(type);
    return first == never ? extension + " is known to no release up to " + releases.back().text()
                          : extension + " needs " + first.text();
}

// By the history of the header's enumeration.
bool knowsArch(HefArch arch, Release release)
{
    return std::ranges::any_of(enumInfo(EnumId::ProtoHEFHwArch).values,
                               [&](const EnumValueInfo &value) {
                                   return value.value == arch.value && value.since <= release &&
                                          (!value.gone || release < *value.gone);
                               });
}

// Why a release opens the file, when it does.
std::string whyOpens(const Hef &hef)
{
    const HefFile &file = hef.container();
    std::string text = "header version " + std::to_string(file.header.version) + " is read since " +
                       firstForHeader[file.header.version].text();
    std::string extensions;
    for (const HefExtension &extension : hef.extensions()) {
        if (!extension.isOptional)
            extensions += (extensions.empty() ? "" : ", ") + std::to_string(extension.type);
    }
    return extensions.empty() ? text : text + "; it knows the extensions " + extensions;
}

std::string archList(const std::vector<std::uint32_t> &archs)
{
    std::string text;
    for (const std::uint32_t arch : archs)
        text += (text.empty() ? "" : ", ") + std::to_string(arch);
    return text;
}

bool usesAction(const Hef &hef, const char *kind)
{
    return std::ranges::any_of(hef.groups(), [&](const HefNetworkGroupView &group) {
        return group.preliminary.actions.contains(kind) ||
               std::ranges::any_of(group.contexts, [&](const HefContextView &context) {
                   return context.actions.contains(kind);
               });
    });
}

constexpr Release split{5, 1}; // the chips of 4.x are no longer driven from here on

// An error of checks() that this release lets pass.
bool letsPass(const Diagnostic &finding, Release release)
{
    if (finding.id == "hef.arch-unknown")
        return !(release < split);
    // From 5.0 a stream without scales per feature takes its one scale.
    return finding.id == "hef.vectors-missing" && !(release < Release{5, 0});
}

bool hasOperations(const Hef &hef)
{
    return std::ranges::any_of(hef.groups(), [](const HefNetworkGroupView &group) {
        return group.preliminary.operations > 0 ||
               std::ranges::any_of(group.contexts, [](const HefContextView &context) {
                   return context.operations > 0;
               });
    });
}

// Configuration words that several contexts share have to lie at page borders, as in version 3.
bool refusesSharedWords(const Hef &hef, Release release)
{
    return release.major == 4 && hef.container().header.version < 3 &&
           hef.hasExtension(proto::SHARED_CONFIG) && hasOperations(hef);
}

bool usesNewActions(const Hef &hef)
{
    return usesAction(hef, "allow_config_channels") || usesAction(hef, "disable_data_channels");
}

std::string whyNot(const Hef &hef, Release release)
{
    const HefFile &file = hef.container();
    for (const HefExtension &extension : hef.extensions()) {
        if (!extension.isOptional && release < firstForExtension(extension.type))
            return needsExtension(extension.type);
    }
    if (release < split && !knowsArch(hef.arch(), release))
        return "hw_arch " + std::to_string(hef.arch().value) + " is unknown to it";
    if (!hef.loads() && !contentFaults(hef, releases.back()).empty())
        return "every release refuses its content";
    if (!contentFaults(hef, release).empty() && !refusesSharedWords(hef, release) &&
        !usesNewActions(hef))
        return "it refuses the content";
    if (release < firstForHeader[file.header.version])
        return "header version " + std::to_string(file.header.version) + " needs " +
               firstForHeader[file.header.version].text();
    if (refusesSharedWords(hef, release))
        return "extension 32 needs header version 3";
    if (release < split && usesNewActions(hef))
        return "its actions need 5.1";
    const bool toleratesTail = file.header.protoHash && release >= split;
    if (file.tail.size > 0 && !toleratesTail)
        return "bytes follow the end that the header states";
    return {};
}

struct Chip {
    const char *name;
    std::vector<std::uint32_t> accepted;
    int major; // release line that drives the chip
};

const std::vector<Chip> &chips()
{
    static const std::vector<Chip> all{
        {"Hailo-8", {1, 2, 3}, 4},
        {"Hailo-8L", {3}, 4},
        {"Hailo-15H", {103, 104, 105, 4}, 5},
        {"Hailo-10H", {103, 104, 105, 4}, 5},
        {"Hailo-15M", {4}, 5},
        {"Hailo-15L", {6, 106}, 5},
        {"Hailo-12L", {108}, 5},
    };
    return all;
}

} // namespace

std::string HefCompatibility::releasesText() const
{
    std::string text;
    for (std::size_t i = 0; i < releases.size();) {
        if (!releases[i].opens) {
            ++i;
            continue;
        }
        std::size_t last = i;
        while (last + 1 < releases.size() && releases[last + 1].opens)
            ++last;
        text += text.empty() ? "" : ", ";
        text += releases[i].version;
        if (last > i)
            text += " to " + releases[last].version;
        i = last + 1;
    }
    return text.empty() ? "no known release" : text;
}

std::string HefCompatibility::chipsText() const
{
    std::string text;
    for (const HefChipVerdict &chip : chips) {
        if (chip.accepts)
            text += (text.empty() ? "" : ", ") + chip.chip;
    }
    return text.empty() ? "no chip" : text;
}

HefCompatibility compatibilityOf(const Hef &hef)
{
    HefCompatibility result;
    for (const Release &release : releases) {
        const std::string reason = whyNot(hef, release);
        result.releases.push_back(
            {release.text(), reason.empty(), reason.empty() ? whyOpens(hef) : reason});
    }
    for (const Chip &chip : chips()) {
        HefChipVerdict verdict{.chip = chip.name};
        const bool isListed =
            std::ranges::find(chip.accepted, hef.arch().value) != chip.accepted.end();
        std::vector<std::string> opening;
        for (const HefRelease &r : result.releases) {
            if (r.opens && r.version.front() == char('0' + chip.major))
                opening.push_back(r.version);
        }
        const std::string rule = "the chip takes hw_arch " + archList(chip.accepted) +
                                 "; the file has " + std::to_string(hef.arch().value) + " (" +
                                 std::string(hef.arch().productName()) + ")";
        if (hef.isEmulation())
            verdict.reason = "emulation HEF: it holds no code for a chip";
        else if (hef.hasProgram())
            verdict.reason = "emulation HEF with a broken fence: not to be used";
        else if (!isListed)
            verdict.reason = rule;
        else if (opening.empty())
            verdict.reason =
                "no HailoRT " + std::to_string(chip.major) + ".x release opens the file";
        verdict.accepts = verdict.reason.empty();
        if (verdict.accepts) {
            verdict.reason = rule;
            verdict.releases = std::move(opening);
        }
        result.chips.push_back(std::move(verdict));
    }
    return result;
}

Diagnostics contentFaults(const Hef &hef, SchemaRelease release)
{
    Diagnostics faults;
    std::ranges::copy_if(hef.checks(), std::back_inserter(faults), [&](const Diagnostic &d) {
        return d.severity == Severity::error && !letsPass(d, release);
    });
    const auto add = [&](Diagnostic fault) { faults.push_back(std::move(fault)); };
    if (release < split && usesNewActions(hef))
        add(Diagnostic("hef.action-refused", Place{.file = hef.name()})
                .with("action", std::string("that starts or stops channels")));
    if (refusesSharedWords(hef, release))
        add(Diagnostic("hef.shared-words", Place{.file = hef.name()}));
    for (const HefExtension &extension : hef.extensions())
        if (const Release first = firstForExtension(extension.type);
            !extension.isOptional && release < first && first != never)
            add(Diagnostic("hef.extension-newer", Place{.file = hef.name()})
                    .with("type", std::int64_t(extension.type))
                    .with("name", extension.name)
                    .with("since", first.text()));
    return faults;
}

} // namespace hefstudio
