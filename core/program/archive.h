// Writing and reading the same description: a function template names the fields of a struct once,
// Writer appends them, Reader fills them and never reads past its bytes or allocates more than they
// can hold. Numbers are variable-length (seven bits a byte, sign in the lowest bit).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/file.h"
#include "base/tensor.h"

#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace hefstudio::program {

class Writer {
public:
    static constexpr bool isReader = false;

    void unsignedNumber(std::uint64_t value)
    {
        while (value >= 0x80) {
            byte(static_cast<std::uint8_t>(value | 0x80));
            value >>= 7;
        }
        byte(static_cast<std::uint8_t>(value));
    }
    void byte(std::uint8_t value) { m_bytes.push_back(std::byte(value)); }
    void raw(std::span<const std::byte> bytes)
    {
        m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
    }
    Bytes take() && { return std::move(m_bytes); }

    void number(std::int64_t value)
    {
        const auto bits = static_cast<std::uint64_t>(value);
        unsignedNumber((bits << 1) ^ (value < 0 ? ~std::uint64_t(0) : 0));
    }

private:
    Bytes m_bytes;
};

class Reader {
public:
    static constexpr bool isReader = true;

    explicit Reader(std::span<const std::byte> bytes) : m_bytes(bytes) {}

    // After the first fault every read gives zero and every list is empty.
    bool isBroken() const { return m_isBroken; }
    bool isAtEnd() const { return m_bytes.empty(); }
    std::size_t remaining() const { return m_bytes.size(); }
    void fail()
    {
        m_isBroken = true;
        m_bytes = {};
    }

    std::uint8_t byte()
    {
        if (m_bytes.empty()) {
            fail();
            return 0;
        }
        const auto value = std::to_integer<std::uint8_t>(m_bytes.front());
        m_bytes = m_bytes.subspan(1);
        return value;
    }
    std::uint64_t unsignedNumber()
    {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            const std::uint8_t next = byte();
            const std::uint64_t bits = next & 0x7F;
            if (shift == 63 && bits > 1)
                break;
            value |= bits << shift;
            if ((next & 0x80) == 0) {
                if (next == 0 && shift > 0)
                    break; // a longer form of a shorter number: not ours
                return value;
            }
        }
        fail();
        return 0;
    }
    std::int64_t number()
    {
        const std::uint64_t value = unsignedNumber();
        return static_cast<std::int64_t>((value >> 1) ^ (0 - (value & 1)));
    }
    // The length of a list whose elements take at least one byte each.
    std::size_t length()
    {
        const std::uint64_t count = unsignedNumber();
        if (count > m_bytes.size()) {
            fail();
            return 0;
        }
        return static_cast<std::size_t>(count);
    }
    std::span<const std::byte> raw(std::size_t count)
    {
        if (count > m_bytes.size()) {
            fail();
            return {};
        }
        const auto taken = m_bytes.first(count);
        m_bytes = m_bytes.subspan(count);
        return taken;
    }

private:
    std::span<const std::byte> m_bytes;
    bool m_isBroken = false;
};

// ---- one function per kind of field, both ways ------------------------------------------------

template<class Archive, class T>
requires std::is_integral_v<std::remove_const_t<T>> &&
    (!std::is_same_v<std::remove_const_t<T>, bool>)void field(Archive &archive, T &value)
{
    if constexpr (Archive::isReader) {
        const std::int64_t read = archive.number();
        if (!std::in_range<T>(read))
            archive.fail();
        else
            value = static_cast<T>(read);
    } else {
        archive.number(static_cast<std::int64_t>(value));
    }
}

template<class Archive, class T>
requires std::is_same_v < std::remove_const_t<T>,
bool > void field(Archive &archive, T &value)
{
    if constexpr (Archive::isReader) {
        const std::uint8_t read = archive.byte();
        if (read > 1)
            archive.fail();
        value = read == 1;
    } else {
        archive.byte(value ? 1 : 0);
    }
}

template<class Archive, class T>
requires std::is_same_v < std::remove_const_t<T>,
float > void field(Archive &archive, T &value)
{
    if constexpr (Archive::isReader) {
        std::uint32_t bits = 0;
        for (int shift = 0; shift < 32; shift += 8)
            bits |= std::uint32_t(archive.byte()) << shift;
        value = std::bit_cast<float>(bits);
    } else {
        const auto bits = std::bit_cast<std::uint32_t>(value);
        for (int shift = 0; shift < 32; shift += 8)
            archive.byte(static_cast<std::uint8_t>(bits >> shift));
    }
}

// An enumeration whose last enumerator is `last`.
template<class Archive, class T>
void enumeration(Archive &archive, T &value, std::remove_const_t<T> last)
{
    if constexpr (Archive::isReader) {
        const std::uint8_t read = archive.byte();
        if (read > static_cast<std::uint8_t>(last))
            archive.fail();
        else
            value = static_cast<T>(read);
    } else {
        archive.byte(static_cast<std::uint8_t>(value));
    }
}

// A list with a function for its elements. Large elements get a limit: they may take much more
// memory than bytes.
template<class Archive, class List, class Element>
void list(Archive &archive, List &values, const Element &element, std::size_t most = SIZE_MAX)
{
    if constexpr (Archive::isReader) {
        const std::size_t count = archive.length();
        if (count > most)
            archive.fail();
        values.clear();
        for (std::size_t i = 0; i < count && !archive.isBroken(); ++i)
            element(values.emplace_back());
    } else {
        archive.unsignedNumber(values.size());
        for (auto &value : values)
            element(value);
    }
}

template<class Archive, class List> void numbers(Archive &archive, List &values)
{
    list(archive, values, [&](auto &value) { field(archive, value); });
}

// Each number as the difference from the one before: short where a table is smooth.
template<class Archive, class List> void smoothNumbers(Archive &archive, List &values)
{
    std::int64_t previous = 0;
    list(archive, values, [&](auto &value) {
        if constexpr (Archive::isReader) {
            using Value = std::remove_reference_t<decltype(value)>;
            const std::int64_t difference = archive.number();
            std::int64_t next = 0;
            if (__builtin_add_overflow(previous, difference, &next) || !std::in_range<Value>(next))
                archive.fail();
            else
                value = static_cast<Value>(next);
            previous = value;
        } else {
            archive.number(static_cast<std::int64_t>(value) - previous);
            previous = value;
        }
    });
}

// Bytes as they lie: weights.
template<class Archive, class List> void byteList(Archive &archive, List &values)
{
    if constexpr (Archive::isReader) {
        const auto bytes = archive.raw(archive.length());
        values.resize(bytes.size());
        if (!bytes.empty())
            std::memcpy(values.data(), bytes.data(), bytes.size());
    } else {
        archive.unsignedNumber(values.size());
        archive.raw(std::as_bytes(std::span(values.data(), values.size())));
    }
}

template<class Archive, class T> void text(Archive &archive, T &value)
{
    byteList(archive, value);
}

template<class Archive, class T> void shape(Archive &archive, T &value)
{
    if constexpr (Archive::isReader) {
        std::vector<std::int64_t> dims;
        numbers(archive, dims);
        if (!checkedElementCount(dims)) {
            archive.fail();
            dims.clear();
        }
        value = Shape(std::move(dims));
    } else {
        numbers(archive, value.dims());
    }
}

template<class Archive, class T, class Describe>
void optional(Archive &archive, T &value, const Describe &describe)
{
    bool isThere = value.has_value();
    field(archive, isThere);
    if constexpr (Archive::isReader) {
        value.reset();
        if (isThere)
            value.emplace();
    }
    if (isThere)
        describe(*value);
}

template<class Archive, class Variant, class Describe, std::size_t... index>
void alternatives(Archive &archive, Variant &value, const Describe &describe,
                  std::index_sequence<index...>)
{
    if constexpr (Archive::isReader) {
        const std::uint8_t which = archive.byte();
        const bool isKnown = ((which == index && (value.template emplace<index>(), true)) || ...);
        if (!isKnown) {
            archive.fail();
            return;
        }
    } else {
        archive.byte(static_cast<std::uint8_t>(value.index()));
    }
    std::visit(describe, value);
}

template<class Archive, class Variant, class Describe>
void variant(Archive &archive, Variant &value, const Describe &describe)
{
    alternatives(archive, value, describe,
                 std::make_index_sequence<std::variant_size_v<std::remove_const_t<Variant>>>());
}

} // namespace hefstudio::program
