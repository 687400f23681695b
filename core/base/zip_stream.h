// A ZIP of stored members written piece by piece: for archives larger than the memory. Always in
// the ZIP64 form, sums behind the data, the time stamps of 1980-01-01: the same bytes for the same
// content. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/file.h"

#include <cstdint>
#include <string>
#include <vector>

namespace hefstudio {

class ZipStream {
public:
    // Diagnostics: those of AtomicFile, here and below.
    static Result<ZipStream> create(const std::filesystem::path &target);
    // Ends the member before it.
    Result<void> begin(const std::string &name);
    Result<void> write(std::span<const std::byte> bytes);
    // Ends the last member, writes the directory and puts the file in place.
    Result<void> commit();

private:
    explicit ZipStream(AtomicFile file) : m_file(std::move(file)) {}
    Result<void> put(const Bytes &bytes);
    Result<void> endMember();

    struct Member {
        std::string name;
        std::uint64_t offset = 0;
        std::uint64_t bytes = 0;
        std::uint32_t sum = 0;
    };
    AtomicFile m_file;
    std::vector<Member> m_members;
    bool m_isOpen = false;
    std::uint64_t m_position = 0;
};

} // namespace hefstudio
