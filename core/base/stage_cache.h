// Finished stages kept by the hash of what went into them, so that the next run resumes. The
// pipeline asks; how much is kept and where is the implementation's business.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/file.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hefstudio {

// `stage` is the stage's stable name; `digest` the SHA-256 over every input that shapes the value,
// the tool's build id included.
struct StageKey {
    std::string stage;
    std::string digest;
};

class StageCache {
public:
    virtual ~StageCache() = default;
    // Nothing when absent or damaged; a cache never makes a run fail.
    virtual std::optional<Bytes> load(const StageKey &key) = 0;
    virtual void store(const StageKey &key, std::span<const std::byte> value) = 0;
};

// One checksummed file per entry below `folder`, which may be shared by processes. When the entries
// take more than `mostBytes`, those that were used longest ago go.
class FolderStageCache final : public StageCache {
public:
    static constexpr std::uint64_t defaultBytes = std::uint64_t(2) << 30;

    struct Entry {
        std::filesystem::path file;
        std::string stage;
        std::uint64_t bytes = 0;
        std::filesystem::file_time_type used;
    };

    explicit FolderStageCache(std::filesystem::path folder, std::uint64_t mostBytes = defaultBytes)
        : m_folder(std::move(folder)), m_mostBytes(mostBytes)
    {
    }
    std::optional<Bytes> load(const StageKey &key) override;
    void store(const StageKey &key, std::span<const std::byte> value) override;

    // Last used first. Files that are none of ours are not entries.
    std::vector<Entry> entries() const;
    // Gives how many went.
    std::size_t clear();
    const std::filesystem::path &folder() const { return m_folder; }

private:
    std::filesystem::path fileFor(const StageKey &key) const;
    void makeRoom();
    std::filesystem::path m_folder;
    std::uint64_t m_mostBytes;
};

} // namespace hefstudio
