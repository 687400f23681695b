// A vendor compiler that the user has: where it is, its version, and the chips it serves. Which
// release serves what, and what a machine needs, is data (resources/vendor/toolchains.json). The
// user's own list lives in a file of their configuration folder; nothing else of the program may
// say how a compiler is started, a recipe least of all.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hefstudio {

// "3.33.0" in parts; missing parts are 0, what is no number ends it.
struct VersionNumber {
    int major = 0, minor = 0, patch = 0;
    friend auto operator<=>(const VersionNumber &, const VersionNumber &) = default;
};
VersionNumber versionNumber(std::string_view text);

// What the facts say of one span of releases.
struct CompilerRelease {
    VersionNumber from, below;
    std::vector<std::string> chips;
    VersionNumber pythonFrom, pythonBelow;
    std::optional<VersionNumber> numpyBelow;
};

struct MachineNeeds {
    std::string architecture;
    std::vector<std::string> cpuFlags;
    double memoryNeededGb = 0, memoryRecommendedGb = 0, diskGb = 0;
    std::vector<std::string> programs;
    std::vector<std::string> mustBeUnset; // variables that upset the compiler's own check
};

struct ToolchainFacts {
    std::vector<CompilerRelease> releases;
    MachineNeeds machine;
    std::vector<std::string> imageNameParts;
    std::vector<std::string> imagePythons;      // where images keep their interpreter; best first
    std::vector<std::string> environmentFolders; // usual names
    std::string packages; // JSON, handed to the probe as it is

    const CompilerRelease *releaseOf(std::string_view version) const; // null: not known
    bool knowsChip(std::string_view arch) const;
};
const ToolchainFacts &toolchainFacts();

enum class ToolchainKind { python, docker, podman };
std::string_view toolchainKindName(ToolchainKind kind);
std::optional<ToolchainKind> toolchainKindFromName(std::string_view name);

struct Toolchain {
    std::string name; // of the user's choice: letters, digits, '-', '_' and '.'
    ToolchainKind kind = ToolchainKind::python;
    std::string python; // the interpreter; in a container: inside of it
    std::string image;  // containers only
    // As the probe found them; empty where it could not tell.
    std::string imageDigest;
    std::string compilerVersion;
    std::string zooVersion;
    std::string pythonVersion;
    std::string numpyVersion;

    // By version; every chip of every release where it is not known.
    std::vector<std::string> chips() const;
    bool serves(std::string_view arch) const;
    bool isContainer() const { return kind != ToolchainKind::python; }
    friend bool operator==(const Toolchain &, const Toolchain &) = default;
};

bool isToolchainName(std::string_view name);

// $XDG_CONFIG_HOME/hefstudio/toolchains.json, else below ~/.config.
std::filesystem::path toolchainListFile();

// An absent file is an empty list. Diagnostics: vendor.toolchain-list with the key path, those of
// readTextFile and parseJson.
Result<std::vector<Toolchain>> readToolchains(const std::filesystem::path &file);
Result<void> writeToolchains(const std::filesystem::path &file,
                             const std::vector<Toolchain> &toolchains);

// The toolchain of that name, or without one the first that serves the chip. Diagnostics:
// vendor.no-toolchain, vendor.toolchain-unknown, vendor.toolchain-other-chip.
Result<Toolchain> chooseToolchain(const std::vector<Toolchain> &toolchains,
                                  const std::string &name, const std::string &arch);

} // namespace hefstudio
