// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache_option.h"

#include <CLI/CLI.hpp>

#include <cstdlib>

namespace hefstudio::cli {

void addCacheOptions(CLI::App &command, CacheOptions &options)
{
    auto *folder = command.add_option("--cache", options.folder,
                                      "Folder of finished stages (default: the user's cache)");
    command.add_flag("--no-cache", options.isOff, "Neither use nor keep finished stages")
        ->excludes(folder);
    command
        .add_option("--cache-limit", options.megabytes,
                    "Megabytes that finished stages may take (default: 2048)")
        ->check(CLI::Range(std::uint64_t(1), std::uint64_t(1) << 30));
}

std::filesystem::path userCacheFolder()
{
    const char *cache = std::getenv("XDG_CACHE_HOME");
    const char *home = std::getenv("HOME");
    if (cache && std::filesystem::path(cache).is_absolute())
        return std::filesystem::path(cache) / "hefstudio" / "stages";
    if (home && *home)
        return std::filesystem::path(home) / ".cache" / "hefstudio" / "stages";
    return {};
}

std::optional<FolderStageCache> cacheFrom(const CacheOptions &options)
{
    const auto folder =
        options.folder.empty() ? userCacheFolder() : std::filesystem::path(options.folder);
    if (options.isOff || folder.empty())
        return std::nullopt;
    return FolderStageCache(folder, options.megabytes << 20);
}

} // namespace hefstudio::cli
