// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/compatibility.h"

#include "hef/message_view.h"
#include "hef/hef_reader.h"

#include <algorithm>
#include <array>

namespace hefstudio {

namespace {

struct Release {
    int major;
    int minor;
    friend auto operator<=>(const Release &, const Release &) = default;
    std::string text() const { return std::to_string(major) + "." + std::to_string(minor); }
};

constexpr std::array releases{Release{4, 17}, Release{4, 18}, Release{4, 19}, Release{4, 20},
                              Release{4, 21}, Release{4, 22}, Release{4, 23}, Release{5, 0},
                              Release{5, 1},  Release{5, 2}};

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
        return {4, 17};
    }
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

std::string whyNot(const Hef &hef, Release release)
{
    const HefFile &file = hef.container();
    if (!hef.loads())
        return "every release refuses its content";
    if (release < firstForHeader[file.header.version])
        return "header version " + std::to_string(file.header.version) + " needs " +
               firstForHeader[file.header.version].text();
    for (const HefExtension &extension : hef.extensions()) {
        if (extension.isOptional)
            continue;
        if (release < firstForExtension(extension.type))
            return "extension " + std::to_string(extension.type) + " needs " +
                   firstForExtension(extension.type).text();
        const bool isOldShared =
            extension.type == proto::SHARED_CONFIG && file.header.version < 3 && release.major == 4;
        if (isOldShared)
            return "extension 32 needs header version 3";
    }
    constexpr Release split{5, 1};
    if (release < split &&
        (usesAction(hef, "allow_config_channels") || usesAction(hef, "disable_data_channels")))
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
        result.releases.push_back({release.text(), reason.empty(), reason});
    }
    for (const Chip &chip : chips()) {
        HefChipVerdict verdict{.chip = chip.name};
        const bool isListed =
            std::ranges::find(chip.accepted, hef.arch().value) != chip.accepted.end();
        const bool isOpened = std::ranges::any_of(result.releases, [&](const HefRelease &r) {
            return r.opens && r.version.front() == char('0' + chip.major);
        });
        if (hef.isEmulation())
            verdict.reason = "emulation HEF: it holds no code for a chip";
        else if (hef.hasProgram())
            verdict.reason = "emulation HEF with a broken fence: not to be used";
        else if (!isListed)
            verdict.reason = "compiled for " + std::string(hef.arch().productName());
        else if (!isOpened)
            verdict.reason =
                "no HailoRT " + std::to_string(chip.major) + ".x release opens the file";
        verdict.accepts = verdict.reason.empty();
        result.chips.push_back(std::move(verdict));
    }
    return result;
}

} // namespace hefstudio
