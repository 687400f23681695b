// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/stage_cache.h"

#include "base/hash.h"

#include <cstring>

namespace hefstudio {

std::filesystem::path FolderStageCache::fileFor(const StageKey &key) const
{
    return m_folder / (key.stage + "-" + key.digest + ".stage");
}

std::optional<Bytes> FolderStageCache::load(const StageKey &key)
{
    auto bytes = readFile(fileFor(key));
    if (!bytes || bytes->size() < 8)
        return std::nullopt;
    std::uint64_t stored = 0;
    std::memcpy(&stored, bytes->data(), 8);
    if (xxh3_64(std::span(*bytes).subspan(8)) != stored)
        return std::nullopt;
    bytes->erase(bytes->begin(), bytes->begin() + 8);
    return std::move(*bytes);
}

void FolderStageCache::store(const StageKey &key, std::span<const std::byte> value)
{
    std::error_code ignored;
    std::filesystem::create_directories(m_folder, ignored);
    const std::uint64_t digest = xxh3_64(value);
    Bytes bytes(8);
    std::memcpy(bytes.data(), &digest, 8);
    bytes.insert(bytes.end(), value.begin(), value.end());
    // A cache that cannot be written costs time later, nothing else.
    (void)writeFileAtomically(fileFor(key), bytes);
}

} // namespace hefstudio
