// Where finished stages are kept between runs: --cache FOLDER, --no-cache, and the user's own cache
// folder where neither is given.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/stage_cache.h"

#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace hefstudio::cli {

struct CacheOptions {
    std::string folder;
    bool isOff = false;
    std::uint64_t megabytes = FolderStageCache::defaultBytes >> 20;
};

void addCacheOptions(CLI::App &command, CacheOptions &options);
// $XDG_CACHE_HOME/hefstudio/stages, or the same below ~/.cache; empty without a home.
std::filesystem::path userCacheFolder();
// Nothing when it is off or there is no place for it.
std::optional<FolderStageCache> cacheFrom(const CacheOptions &options);

} // namespace hefstudio::cli
