// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/stage_cache.h"

#include "base/hash.h"

#include <algorithm>
#include <cstring>

namespace hefstudio {
namespace {

constexpr const char *entryEnding = ".stage";

} // namespace

std::filesystem::path FolderStageCache::fileFor(const StageKey &key) const
{
    return m_folder / (key.stage + "-" + key.digest + entryEnding);
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
    std::error_code ignored;
    std::filesystem::last_write_time(fileFor(key), std::filesystem::file_time_type::clock::now(),
                                     ignored);
    return std::move(*bytes);
}

void FolderStageCache::store(const StageKey &key, std::span<const std::byte> value)
{
    if (value.size() > m_mostBytes)
        return;
    std::error_code ignored;
    std::filesystem::create_directories(m_folder, ignored);
    const std::uint64_t digest = xxh3_64(value);
    // A cache that cannot be written costs time later, nothing else.
    auto file = AtomicFile::create(fileFor(key));
    if (!file || !file->write(std::as_bytes(std::span(&digest, 1))) || !file->write(value) ||
        !file->commit())
        return;
    makeRoom();
}

std::vector<FolderStageCache::Entry> FolderStageCache::entries() const
{
    std::vector<Entry> found;
    std::error_code error;
    for (std::filesystem::directory_iterator at(m_folder, error), end; !error && at != end;
         at.increment(error)) {
        std::error_code gone; // another process makes room, too
        const auto name = at->path().stem().string();
        const auto dash = name.rfind('-');
        if (at->path().extension() != entryEnding || dash == std::string::npos)
            continue;
        const Entry entry{at->path(), name.substr(0, dash), at->file_size(gone),
                          at->last_write_time(gone)};
        if (!gone)
            found.push_back(entry);
    }
    std::ranges::sort(found, [](const Entry &a, const Entry &b) { return a.used > b.used; });
    return found;
}

void FolderStageCache::makeRoom()
{
    std::uint64_t total = 0;
    std::error_code ignored;
    for (const Entry &entry : entries()) {
        total += entry.bytes;
        if (total > m_mostBytes)
            std::filesystem::remove(entry.file, ignored);
    }
}

std::size_t FolderStageCache::clear()
{
    std::size_t gone = 0;
    std::error_code ignored;
    for (const Entry &entry : entries())
        gone += std::filesystem::remove(entry.file, ignored) ? 1 : 0;
    return gone;
}

} // namespace hefstudio
