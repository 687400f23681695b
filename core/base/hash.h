// Digests the file formats need. All are over bytes as they lie.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace hefstudio {

std::uint64_t xxh3_64(std::span<const std::byte> bytes); // seed 0, default secret
// zlib polynomial; `before` is the sum of the bytes before these.
std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t before = 0);
std::array<std::byte, 16> md5(std::span<const std::byte> bytes);
std::string sha256Hex(std::span<const std::byte> bytes); // 64 lower-case digits
Result<std::string> sha256HexOfFile(const std::filesystem::path &file);

// SHA-256 fed piece by piece.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256 &&) noexcept;
    Sha256 &operator=(Sha256 &&) noexcept;
    void add(std::span<const std::byte> bytes);
    std::string hex(); // ends the digest

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace hefstudio
