// Finds vendor compilers on this machine: container engines and the suite images they hold, and
// Python environments with the compiler's package. Looking starts programs with a time limit and
// changes nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "vendor/toolchain.h"

#include <stop_token>

namespace hefstudio {

struct ContainerEngine {
    ToolchainKind kind = ToolchainKind::docker;
    bool isInstalled = false;
    bool isRunning = false; // answers, and lets this user in
    bool isForbidden = false; // runs, but not for this user
    // Its root is this user: files that root makes inside of a container belong to the user.
    bool isRootless = false;
    std::string version;
    std::string trouble; // what it said when it did not answer
};

ContainerEngine probeEngine(ToolchainKind kind, std::stop_token stop);

// Images whose names look like the vendor's, "name:tag".
std::vector<std::string> suiteImages(const ContainerEngine &engine, std::stop_token stop);

// What an interpreter has. Diagnostics: vendor.program-missing, vendor.python-broken,
// vendor.no-client, cancelled.
Result<Toolchain> probePython(const std::string &python, std::stop_token stop);
// The same inside of an image; without `python` the usual places are tried. Diagnostics also:
// vendor.engine-unusable, vendor.no-image.
Result<Toolchain> probeImage(const ContainerEngine &engine, const std::string &image,
                             const std::string &python, std::stop_token stop);

// Interpreters that exist in environments of the usual names, below each of the folders and one
// level deeper. Sorted.
std::vector<std::string> findEnvironments(const std::vector<std::filesystem::path> &folders);
// The active environment's, the working folder and the home folder.
std::vector<std::filesystem::path> usualFolders();

// Everything found; named by place ("venv_hailo", "docker-suite-2025-10"), names unique.
std::vector<Toolchain> searchToolchains(const std::vector<std::filesystem::path> &folders,
                                        std::stop_token stop);

} // namespace hefstudio
