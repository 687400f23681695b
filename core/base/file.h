// Reading and writing files so that nothing is lost or half-written: reads are bounded, writes go
// beside the target and are renamed over it after fsync.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hefstudio {

using Bytes = std::vector<std::byte>;

inline std::span<const std::byte> asBytes(std::string_view text)
{
    return std::as_bytes(std::span(text.data(), text.size()));
}

// Diagnostics: file.not-found, file.is-directory, file.not-readable, file.empty (when
// `refuseEmpty`), file.too-large.
struct ReadLimits {
    std::uint64_t maxBytes = std::uint64_t(2) << 30;
    bool refuseEmpty = true;
};
Result<Bytes> readFile(const std::filesystem::path &file, const ReadLimits &limits = {});
Result<std::string> readTextFile(const std::filesystem::path &file, const ReadLimits &limits = {});

// A read-only view of a whole file; unmapped by the destructor. Same diagnostics as readFile.
class MappedFile {
public:
    static Result<MappedFile> open(const std::filesystem::path &file);
    ~MappedFile();
    MappedFile(MappedFile &&other) noexcept;
    MappedFile &operator=(MappedFile &&other) noexcept;
    std::span<const std::byte> bytes() const { return {m_data, m_size}; }

private:
    MappedFile(const std::byte *data, std::size_t size) : m_data(data), m_size(size) {}
    const std::byte *m_data = nullptr;
    std::size_t m_size = 0;
};

// Writes the target completely or not at all. Until commit() the file has no name, or, where the
// file system cannot do that, the name ".TARGET.part": what a killed process leaves of it is
// replaced by the next that writes the target. Diagnostics: file.not-writable, file.disk-full.
class AtomicFile {
public:
    static Result<AtomicFile> create(const std::filesystem::path &target);
    ~AtomicFile(); // removes the temporary file unless committed
    AtomicFile(AtomicFile &&other) noexcept;
    AtomicFile &operator=(AtomicFile &&) = delete;
    Result<void> write(std::span<const std::byte> bytes);
    Result<void> commit(); // fsync, rename, fsync of the folder

private:
    AtomicFile(int descriptor, std::filesystem::path temporary, std::filesystem::path target);
    int m_descriptor = -1;
    std::filesystem::path m_temporary; // empty: the file has no name yet
    std::filesystem::path m_target;
};

Result<void> writeFileAtomically(const std::filesystem::path &target,
                                 std::span<const std::byte> bytes);

// Fails early, before hours of work, when the target cannot be written later.
Result<void> checkWritable(const std::filesystem::path &target);

} // namespace hefstudio
