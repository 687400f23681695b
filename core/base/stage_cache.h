// Finished stages kept by the hash of what went into them, so that the next run resumes. The
// pipeline asks; how much is kept and where is the implementation's business.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/file.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

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

// One checksummed file per entry below `folder`.
class FolderStageCache final : public StageCache {
public:
    explicit FolderStageCache(std::filesystem::path folder) : m_folder(std::move(folder)) {}
    std::optional<Bytes> load(const StageKey &key) override;
    void store(const StageKey &key, std::span<const std::byte> value) override;

private:
    std::filesystem::path fileFor(const StageKey &key) const;
    std::filesystem::path m_folder;
};

} // namespace hefstudio
