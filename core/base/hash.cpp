// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"

#include "base/file.h"

#include <openssl/evp.h>
#include <xxhash.h>

namespace hefstudio {
namespace {

std::string hexText(std::span<const unsigned char> bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const unsigned char byte : bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

// Table k gives what a byte does when k more bytes follow it: eight bytes are folded in at once.
constexpr std::size_t crcStride = 8;
constexpr std::array<std::array<std::uint32_t, 256>, crcStride> crcTables = [] {
    std::array<std::array<std::uint32_t, 256>, crcStride> tables{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit)
            value = (value >> 1) ^ ((value & 1) ? 0xEDB88320U : 0U);
        tables[0][i] = value;
    }
    for (std::size_t k = 1; k < crcStride; ++k) {
        for (std::uint32_t i = 0; i < 256; ++i)
            tables[k][i] = tables[k - 1][i] >> 8 ^ tables[0][tables[k - 1][i] & 0xFF];
    }
    return tables;
}();

} // namespace

std::uint64_t xxh3_64(std::span<const std::byte> bytes)
{
    return XXH3_64bits(bytes.data(), bytes.size());
}

std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t before)
{
    const auto at = [&](std::size_t i) { return std::to_integer<std::uint32_t>(bytes[i]); };
    std::uint32_t crc = ~before;
    std::size_t i = 0;
    for (; bytes.size() - i >= crcStride; i += crcStride) {
        const std::uint32_t low =
            crc ^ (at(i) | at(i + 1) << 8 | at(i + 2) << 16 | at(i + 3) << 24);
        crc = crcTables[7][low & 0xFF] ^ crcTables[6][low >> 8 & 0xFF] ^
              crcTables[5][low >> 16 & 0xFF] ^ crcTables[4][low >> 24] ^ crcTables[3][at(i + 4)] ^
              crcTables[2][at(i + 5)] ^ crcTables[1][at(i + 6)] ^ crcTables[0][at(i + 7)];
    }
    for (; i < bytes.size(); ++i)
        crc = (crc >> 8) ^ crcTables[0][(crc ^ at(i)) & 0xFF];
    return ~crc;
}

std::array<std::byte, 16> md5(std::span<const std::byte> bytes)
{
    std::array<std::byte, 16> digest{};
    unsigned int length = 0;
    EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char *>(digest.data()),
               &length, EVP_md5(), nullptr);
    return digest;
}

struct Sha256::State {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    State() { EVP_DigestInit_ex(context, EVP_sha256(), nullptr); }
    State(const State &) = delete;
    State &operator=(const State &) = delete;
    ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : m_state(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256 &&) noexcept = default;
Sha256 &Sha256::operator=(Sha256 &&) noexcept = default;

void Sha256::add(std::span<const std::byte> bytes)
{
    EVP_DigestUpdate(m_state->context, bytes.data(), bytes.size());
}

std::string Sha256::hex()
{
    std::array<unsigned char, 32> digest{};
    unsigned int length = 0;
    EVP_DigestFinal_ex(m_state->context, digest.data(), &length);
    return hexText(digest);
}

std::string sha256Hex(std::span<const std::byte> bytes)
{
    Sha256 sha;
    sha.add(bytes);
    return sha.hex();
}

Result<std::string> sha256HexOfFile(const std::filesystem::path &file)
{
    auto mapped = MappedFile::open(file);
    if (!mapped)
        return passOn(std::move(mapped));
    return sha256Hex(mapped->bytes());
}

} // namespace hefstudio
