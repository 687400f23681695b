// Lists configuration words without pretending to know what they do: records of an address and so
// many words. Public source says only how a record is framed: little-endian word count less one,
// little-endian address, the words, filled up to whole 8 bytes; 8 zero bytes are a no-operation.
// That holds for Hailo-8 and 8L (checked on files of header versions 0, 1 and 2); the words of
// Hailo-15 are framed otherwise.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hefstudio {

struct CcwRecord {
    std::uint64_t offset = 0; // of the record, within the bytes given
    std::uint32_t address = 0;
    std::uint32_t words = 0; // 4 bytes each
};

struct CcwListing {
    std::vector<CcwRecord> records;
    std::uint64_t words = 0;        // of all records
    std::uint64_t noOperations = 0; // 8 bytes each
    std::uint64_t restBytes = 0;    // from the first place on that is no whole record
};

CcwListing listCcw(std::span<const std::byte> bytes);

} // namespace hefstudio
