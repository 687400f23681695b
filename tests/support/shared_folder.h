// Real networks and photographs for tests, where the developer has them: the folder named by the
// HEFSTUDIO_SHARED environment variable, else "shared" beside the source tree. Tests that need it
// skip, and say so, when it is absent.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>

inline std::optional<std::filesystem::path> sharedFolder()
{
    const char *named = std::getenv("HEFSTUDIO_SHARED");
    const std::filesystem::path folder =
        named ? std::filesystem::path(named)
              : std::filesystem::path(HEFSTUDIO_SOURCE_DIR).parent_path() / "shared";
    if (std::filesystem::is_directory(folder / "models"))
        return folder;
    return std::nullopt;
}

#define REQUIRE_SHARED_FOLDER(variable)                                                            \
    const auto variable##Optional = sharedFolder();                                                \
    if (!variable##Optional)                                                                       \
        GTEST_SKIP() << "the folder with shared models is absent";                                 \
    const std::filesystem::path variable = *variable##Optional
