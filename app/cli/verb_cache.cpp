// hefc cache: what is kept of earlier conversions, so that the next resumes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache_option.h"
#include "verb.h"

#include "base/diagnostic_json.h"

#include <CLI/CLI.hpp>

#include <map>
#include <memory>
#include <ostream>

namespace hefstudio::cli {
namespace {

struct CacheArguments {
    CacheOptions cache;
    bool isJson = false;
};

std::string megabytes(std::uint64_t bytes)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.1f MB", static_cast<double>(bytes) / 1e6);
    return text;
}

int runShow(const CacheArguments &arguments, Console &console)
{
    struct Sum {
        std::size_t entries = 0;
        std::uint64_t bytes = 0;
    };
    const auto cache = cacheFrom(arguments.cache);
    std::map<std::string, Sum> stages;
    Sum all;
    for (const auto &entry : cache ? cache->entries() : std::vector<FolderStageCache::Entry>()) {
        for (Sum *sum : {&stages[entry.stage], &all}) {
            ++sum->entries;
            sum->bytes += entry.bytes;
        }
    }
    const std::string folder = cache ? cache->folder().string() : std::string();
    if (arguments.isJson) {
        nlohmann::ordered_json json{{"folder", folder},
                                    {"limit_bytes", arguments.cache.megabytes << 20},
                                    {"entries", all.entries},
                                    {"bytes", all.bytes},
                                    {"stages", nlohmann::ordered_json::array()}};
        for (const auto &[stage, sum] : stages)
            json["stages"].push_back(
                {{"stage", stage}, {"entries", sum.entries}, {"bytes", sum.bytes}});
        console.out << jsonText(json) << "\n";
        return 0;
    }
    console.out << folder << ": " << all.entries
                << (all.entries == 1 ? " finished stage, " : " finished stages, ")
                << megabytes(all.bytes) << "\n";
    for (const auto &[stage, sum] : stages)
        console.out << "  " << stage << ": " << sum.entries << ", " << megabytes(sum.bytes) << "\n";
    return 0;
}

int runClear(const CacheArguments &arguments, Console &console)
{
    auto cache = cacheFrom(arguments.cache);
    const std::size_t gone = cache ? cache->clear() : 0;
    console.out << gone << (gone == 1 ? " finished stage" : " finished stages") << " removed\n";
    return 0;
}

} // namespace

Verb declareCache(CLI::App &app)
{
    auto arguments = std::make_shared<CacheArguments>();
    auto *command = app.add_subcommand("cache", "Finished stages kept for the next conversion");
    command->require_subcommand(1);
    auto *show = command->add_subcommand("show", "What is kept, and where");
    auto *clear = command->add_subcommand("clear", "Remove all of it");
    for (auto *verb : {show, clear})
        verb->add_option("--cache", arguments->cache.folder,
                         "Folder of finished stages (default: the user's cache)");
    show->add_flag("--json", arguments->isJson, "As JSON on standard output");
    return {command, [arguments, clear](Console &console) {
                return clear->parsed() ? runClear(*arguments, console)
                                       : runShow(*arguments, console);
            }};
}

} // namespace hefstudio::cli
