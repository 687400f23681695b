// SPDX-License-Identifier: GPL-3.0-or-later
#include "program/encode.h"

#include "base/hash.h"
#include "program/describe.h"

#include <algorithm>
#include <array>

namespace hefstudio {

namespace {

using program::Reader;
using program::Writer;

constexpr std::string_view magic = "HEFSPROG";
constexpr std::size_t prologueBytes = 8 + 4 + 4; // magic, version, number of sections
constexpr std::size_t entryBytes = 8 + 8;        // length and digest of a section
constexpr std::size_t mostKernels = 1 << 17; // of all contexts: a kernel is far larger in memory

template<class T> void appendLittle(Bytes &bytes, T value)
{
    for (std::size_t i = 0; i < sizeof(T); ++i)
        bytes.push_back(std::byte(static_cast<std::uint8_t>(value >> (8 * i))));
}

template<class T> T littleAt(std::span<const std::byte> bytes, std::size_t offset)
{
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i)
        value |= static_cast<T>(std::to_integer<std::uint8_t>(bytes[offset + i])) << (8 * i);
    return value;
}

std::unexpected<Diagnostics> malformed(std::size_t offset, std::string what)
{
    return fail(
        Diagnostic("program.malformed", Place{.offset = offset}).with("what", std::move(what)));
}

std::unexpected<Diagnostics> damaged(std::size_t offset, std::string section)
{
    return fail(
        Diagnostic("program.damaged", Place{.offset = offset}).with("section", std::move(section)));
}

std::string sectionName(std::size_t index)
{
    return index == 0 ? "head" : "context " + std::to_string(index - 1);
}

} // namespace

Bytes encodeProgram(const Program &program)
{
    std::vector<Bytes> sections;
    Writer head;
    program::describeHead(head, program);
    sections.push_back(std::move(head).take());
    for (const ProgramContext &context : program.contexts) {
        Writer writer;
        program::describe(writer, context);
        sections.push_back(std::move(writer).take());
    }
    Bytes bytes;
    for (const std::byte byte : asBytes(magic))
        bytes.push_back(byte);
    appendLittle(bytes, programVersion);
    appendLittle(bytes, static_cast<std::uint32_t>(sections.size()));
    for (const Bytes &section : sections) {
        appendLittle(bytes, static_cast<std::uint64_t>(section.size()));
        appendLittle(bytes, xxh3_64(section));
    }
    appendLittle(bytes, xxh3_64(bytes));
    for (const Bytes &section : sections)
        bytes.insert(bytes.end(), section.begin(), section.end());
    return bytes;
}

Result<Program> decodeProgram(std::span<const std::byte> bytes)
{
    if (bytes.size() < prologueBytes || !std::ranges::equal(bytes.first(8), asBytes(magic)))
        return malformed(0, "it does not begin as a kernel program");
    const auto version = littleAt<std::uint32_t>(bytes, 8);
    if (version != programVersion)
        return fail(Diagnostic("program.unknown-version", Place{.offset = 8})
                        .with("found", std::int64_t(version))
                        .with("known", std::int64_t(programVersion)));
    const std::size_t count = littleAt<std::uint32_t>(bytes, 12);
    if (count == 0 || count > (bytes.size() - prologueBytes) / entryBytes)
        return malformed(12, "it names more sections than it has bytes");
    const std::size_t tableEnd = prologueBytes + count * entryBytes;
    if (bytes.size() - tableEnd < 8)
        return malformed(tableEnd, "it ends inside its header");
    if (littleAt<std::uint64_t>(bytes, tableEnd) != xxh3_64(bytes.first(tableEnd)))
        return damaged(tableEnd, "header");

    Program program;
    std::size_t kernels = 0;
    std::size_t offset = tableEnd + 8;
    for (std::size_t index = 0; index < count; ++index) {
        const std::size_t entry = prologueBytes + index * entryBytes;
        const auto length = littleAt<std::uint64_t>(bytes, entry);
        if (length > bytes.size() - offset)
            return malformed(entry, "a section reaches past the end");
        const auto section = bytes.subspan(offset, static_cast<std::size_t>(length));
        if (littleAt<std::uint64_t>(bytes, entry + 8) != xxh3_64(section))
            return damaged(offset, sectionName(index));
        Reader reader(section);
        if (index == 0)
            program::describeHead(reader, program);
        else
            program::describe(reader, program.contexts.emplace_back());
        if (reader.isBroken() || !reader.isAtEnd())
            return malformed(offset,
                             "the numbers of section " + sectionName(index) + " do not fit");
        offset += section.size();
        if (index > 0)
            kernels += program.contexts.back().kernels.size();
        if (kernels > mostKernels)
            return malformed(offset, "it has more kernels than any network");
    }
    if (offset != bytes.size())
        return malformed(offset, "bytes follow the last section");
    if (auto ok = verifyProgram(program); !ok)
        return passOn(std::move(ok));
    return program;
}

} // namespace hefstudio
