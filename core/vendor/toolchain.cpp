// SPDX-License-Identifier: GPL-3.0-or-later
#include "vendor/toolchain.h"

#include "base/diagnostic_json.h"
#include "base/file.h"
#include "vendor/job_files.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <stdexcept>

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;
constexpr int listVersion = 1;

std::vector<std::string> texts(const Json &list)
{
    return list.get<std::vector<std::string>>();
}

VersionNumber versionAt(const Json &object, const char *key)
{
    return versionNumber(object.at(key).get<std::string>());
}

// The document is part of the program and checked by its tests: a fault in it is ours.
ToolchainFacts readFacts()
{
    const auto files = toolchainFiles();
    const auto file = std::ranges::find(files, "toolchains.json", &JobFile::name);
    const Json json = Json::parse(file->content);
    ToolchainFacts facts;
    for (const auto &entry : json.at("releases")) {
        CompilerRelease release{.from = versionAt(entry, "from"),
                                .below = versionAt(entry, "below"),
                                .chips = texts(entry.at("chips")),
                                .pythonFrom = versionAt(entry.at("python"), "from"),
                                .pythonBelow = versionAt(entry.at("python"), "below"),
                                .numpyBelow = {}};
        if (entry.contains("numpy_below"))
            release.numpyBelow = versionAt(entry, "numpy_below");
        facts.releases.push_back(std::move(release));
    }
    const Json &machine = json.at("machine");
    facts.machine = {.architecture = machine.at("architecture"),
                     .cpuFlags = texts(machine.at("cpu_flags")),
                     .memoryNeededGb = machine.at("memory_needed_gb"),
                     .memoryRecommendedGb = machine.at("memory_recommended_gb"),
                     .diskGb = machine.at("disk_gb"),
                     .programs = texts(machine.at("programs")),
                     .mustBeUnset = texts(machine.at("must_be_unset"))};
    facts.imageNameParts = texts(json.at("images").at("name_parts"));
    facts.imagePythons = texts(json.at("images").at("pythons"));
    facts.environmentFolders = texts(json.at("environments").at("folders"));
    facts.packages = json.at("packages").dump();
    return facts;
}

std::unexpected<Diagnostics> malformed(const std::filesystem::path &file, std::string keyPath)
{
    return fail(Diagnostic("vendor.toolchain-list",
                           Place{.file = file.string(), .keyPath = std::move(keyPath)}));
}

std::string joined(const std::vector<std::string> &words)
{
    std::string all;
    for (const auto &word : words)
        all += (all.empty() ? "" : ", ") + word;
    return all;
}

} // namespace

VersionNumber versionNumber(std::string_view text)
{
    VersionNumber version;
    for (int *part : {&version.major, &version.minor, &version.patch}) {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *part);
        if (error != std::errc())
            break;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (!text.starts_with('.'))
            break;
        text.remove_prefix(1);
    }
    return version;
}

const CompilerRelease *ToolchainFacts::releaseOf(std::string_view version) const
{
    const auto number = versionNumber(version);
    const auto found = std::ranges::find_if(releases, [&](const CompilerRelease &release) {
        return release.from <= number && number < release.below;
    });
    return found == releases.end() ? nullptr : &*found;
}

bool ToolchainFacts::knowsChip(std::string_view arch) const
{
    return std::ranges::any_of(releases, [&](const CompilerRelease &release) {
        return std::ranges::find(release.chips, arch) != release.chips.end();
    });
}

const ToolchainFacts &toolchainFacts()
{
    static const ToolchainFacts facts = readFacts();
    return facts;
}

std::string_view toolchainKindName(ToolchainKind kind)
{
    switch (kind) {
    case ToolchainKind::python: return "python";
    case ToolchainKind::docker: return "docker";
    case ToolchainKind::podman: return "podman";
    }
    return {};
}

std::optional<ToolchainKind> toolchainKindFromName(std::string_view name)
{
    for (const auto kind : {ToolchainKind::python, ToolchainKind::docker, ToolchainKind::podman})
        if (toolchainKindName(kind) == name)
            return kind;
    return std::nullopt;
}

std::vector<std::string> Toolchain::chips() const
{
    if (const auto *release = toolchainFacts().releaseOf(compilerVersion))
        return release->chips;
    std::vector<std::string> all;
    for (const auto &release : toolchainFacts().releases)
        for (const auto &chip : release.chips)
            if (std::ranges::find(all, chip) == all.end())
                all.push_back(chip);
    return all;
}

bool Toolchain::serves(std::string_view arch) const
{
    const auto served = chips();
    return std::ranges::find(served, arch) != served.end();
}

bool isToolchainName(std::string_view name)
{
    return !name.empty() && name.size() <= 64 && name.front() != '-' && name.front() != '.' &&
           std::ranges::all_of(name, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_' || c == '.';
           });
}

std::filesystem::path toolchainListFile()
{
    const char *config = std::getenv("XDG_CONFIG_HOME");
    const char *home = std::getenv("HOME");
    std::filesystem::path folder = config && *config == '/' ? std::filesystem::path(config)
                                   : home && *home ? std::filesystem::path(home) / ".config"
                                                   : std::filesystem::path(".config");
    return folder / "hefstudio" / "toolchains.json";
}

Result<std::vector<Toolchain>> readToolchains(const std::filesystem::path &file)
{
    std::error_code error;
    if (!std::filesystem::exists(file, error))
        return std::vector<Toolchain>();
    const auto text = readTextFile(file, {.maxBytes = 1 << 20});
    if (!text)
        return std::unexpected(text.error());
    const auto json = parseJson(*text, file.string());
    if (!json)
        return std::unexpected(json.error());
    if (!json->is_object() || json->value("hefstudio_toolchains", 0) != listVersion)
        return malformed(file, "hefstudio_toolchains");
    const auto entries = json->find("toolchains");
    if (entries == json->end() || !entries->is_array())
        return malformed(file, "toolchains");
    std::vector<Toolchain> list;
    for (std::size_t i = 0; i < entries->size(); ++i) {
        const Json &entry = (*entries)[i];
        const std::string at = "toolchains[" + std::to_string(i) + "]";
        if (!entry.is_object())
            return malformed(file, at);
        const auto word = [&](const char *key) {
            const auto found = entry.find(key);
            return found != entry.end() && found->is_string() ? found->get<std::string>()
                                                              : std::string();
        };
        const auto kind = toolchainKindFromName(word("kind"));
        if (!kind)
            return malformed(file, at + ".kind");
        Toolchain toolchain{.name = word("name"),
                            .kind = *kind,
                            .python = word("python"),
                            .image = word("image"),
                            .imageDigest = word("image_digest"),
                            .compilerVersion = word("compiler"),
                            .zooVersion = word("zoo"),
                            .pythonVersion = word("python_version"),
                            .numpyVersion = word("numpy")};
        if (!isToolchainName(toolchain.name))
            return malformed(file, at + ".name");
        // Neither may be taken for an option by the program that gets it.
        if (toolchain.python.empty() || toolchain.python.starts_with('-'))
            return malformed(file, at + ".python");
        if (toolchain.isContainer() && (toolchain.image.empty() || toolchain.image.starts_with('-')))
            return malformed(file, at + ".image");
        list.push_back(std::move(toolchain));
    }
    return list;
}

Result<void> writeToolchains(const std::filesystem::path &file,
                             const std::vector<Toolchain> &toolchains)
{
    Json json{{"hefstudio_toolchains", listVersion}, {"toolchains", Json::array()}};
    for (const auto &toolchain : toolchains) {
        Json entry{{"name", toolchain.name}, {"kind", toolchainKindName(toolchain.kind)}};
        const auto add = [&](const char *key, const std::string &value) {
            if (!value.empty())
                entry[key] = value;
        };
        add("python", toolchain.python);
        add("image", toolchain.image);
        add("image_digest", toolchain.imageDigest);
        add("compiler", toolchain.compilerVersion);
        add("zoo", toolchain.zooVersion);
        add("python_version", toolchain.pythonVersion);
        add("numpy", toolchain.numpyVersion);
        json["toolchains"].push_back(std::move(entry));
    }
    std::error_code error;
    std::filesystem::create_directories(file.parent_path(), error);
    return writeFileAtomically(file, asBytes(jsonText(json) + "\n"));
}

Result<Toolchain> chooseToolchain(const std::vector<Toolchain> &toolchains,
                                  const std::string &name, const std::string &arch)
{
    if (toolchains.empty())
        return fail(Diagnostic("vendor.no-toolchain"));
    const auto otherChip = [&](const Toolchain &toolchain) {
        return fail(Diagnostic("vendor.toolchain-other-chip")
                        .with("name", toolchain.name)
                        .with("version", toolchain.compilerVersion)
                        .with("chips", joined(toolchain.chips()))
                        .with("arch", arch));
    };
    if (!name.empty()) {
        const auto found = std::ranges::find(toolchains, name, &Toolchain::name);
        if (found == toolchains.end()) {
            std::vector<std::string> names;
            for (const auto &toolchain : toolchains)
                names.push_back(toolchain.name);
            return fail(Diagnostic("vendor.toolchain-unknown")
                            .with("name", name)
                            .with("known", joined(names)));
        }
        if (!found->serves(arch))
            return otherChip(*found);
        return *found;
    }
    const auto found = std::ranges::find_if(
        toolchains, [&](const Toolchain &toolchain) { return toolchain.serves(arch); });
    if (found == toolchains.end())
        return otherChip(toolchains.front());
    return *found;
}

} // namespace hefstudio
