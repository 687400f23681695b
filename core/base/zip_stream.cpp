// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/zip_stream.h"

#include "base/hash.h"

namespace hefstudio {
namespace {

// PKWARE's APPNOTE.TXT 6.3, sections 4.3 and 4.5.3.
constexpr std::uint32_t localMark = 0x04034b50;
constexpr std::uint32_t sumMark = 0x08074b50;
constexpr std::uint32_t entryMark = 0x02014b50;
constexpr std::uint32_t end64Mark = 0x06064b50;
constexpr std::uint32_t locatorMark = 0x07064b50;
constexpr std::uint32_t endMark = 0x06054b50;
constexpr int zip64Version = 45;
constexpr int sumsBehindUtf8 = 1 << 3 | 1 << 11;
constexpr int firstDosDate = 1 << 5 | 1; // 1980-01-01
constexpr std::uint32_t see64 = 0xFFFFFFFF;
constexpr int zip64Extra = 1;

class Record {
public:
    Record &number(std::uint64_t value, int count)
    {
        for (int i = 0; i < count; ++i)
            m_bytes.push_back(static_cast<std::byte>(value >> (8 * i)));
        return *this;
    }
    Record &text(std::string_view text)
    {
        const auto bytes = asBytes(text);
        m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
        return *this;
    }
    const Bytes &bytes() const { return m_bytes; }

private:
    Bytes m_bytes;
};

// What the local header and the directory entry have in common.
void facts(Record &record, std::uint32_t sum, std::uint64_t nameBytes, int extraBytes)
{
    record.number(zip64Version, 2)
        .number(sumsBehindUtf8, 2)
        .number(0, 2) // stored
        .number(0, 2) // midnight
        .number(firstDosDate, 2)
        .number(sum, 4)
        .number(see64, 4)
        .number(see64, 4)
        .number(nameBytes, 2)
        .number(static_cast<std::uint64_t>(extraBytes), 2);
}

} // namespace

Result<ZipStream> ZipStream::create(const std::filesystem::path &target)
{
    auto file = AtomicFile::create(target);
    if (!file)
        return passOn(std::move(file));
    return ZipStream(std::move(*file));
}

Result<void> ZipStream::put(const Bytes &bytes)
{
    m_position += bytes.size();
    return m_file.write(bytes);
}

Result<void> ZipStream::begin(const std::string &name)
{
    if (auto ended = endMember(); !ended)
        return ended;
    m_members.push_back({.name = name, .offset = m_position, .bytes = 0, .sum = 0});
    m_isOpen = true;
    constexpr int extraBytes = 20;
    Record header;
    header.number(localMark, 4);
    facts(header, 0, name.size(), extraBytes);
    header.text(name).number(zip64Extra, 2).number(16, 2).number(0, 8).number(0, 8);
    return put(header.bytes());
}

Result<void> ZipStream::write(std::span<const std::byte> bytes)
{
    Member &member = m_members.back();
    member.sum = crc32(bytes, member.sum);
    member.bytes += bytes.size();
    m_position += bytes.size();
    return m_file.write(bytes);
}

Result<void> ZipStream::endMember()
{
    if (!m_isOpen)
        return {};
    m_isOpen = false;
    const Member &member = m_members.back();
    Record sums;
    sums.number(sumMark, 4).number(member.sum, 4).number(member.bytes, 8).number(member.bytes, 8);
    return put(sums.bytes());
}

Result<void> ZipStream::commit()
{
    if (auto ended = endMember(); !ended)
        return ended;
    const std::uint64_t start = m_position;
    Record directory;
    constexpr int extraBytes = 28;
    for (const Member &member : m_members) {
        directory.number(entryMark, 4).number(zip64Version, 2);
        facts(directory, member.sum, member.name.size(), extraBytes);
        directory.number(0, 2)  // no comment
            .number(0, 2)       // first disk
            .number(0, 2)       // no text
            .number(0, 4)       // no attributes
            .number(see64, 4)   // where it begins
            .text(member.name)
            .number(zip64Extra, 2)
            .number(24, 2)
            .number(member.bytes, 8)
            .number(member.bytes, 8)
            .number(member.offset, 8);
    }
    if (auto done = put(directory.bytes()); !done)
        return done;
    const std::uint64_t size = m_position - start;
    const std::uint64_t end64 = m_position;
    constexpr std::uint64_t end64Rest = 44; // of the record behind this number
    Record end;
    end.number(end64Mark, 4)
        .number(end64Rest, 8)
        .number(zip64Version, 2)
        .number(zip64Version, 2)
        .number(0, 4)
        .number(0, 4)
        .number(m_members.size(), 8)
        .number(m_members.size(), 8)
        .number(size, 8)
        .number(start, 8);
    end.number(locatorMark, 4).number(0, 4).number(end64, 8).number(1, 4);
    end.number(endMark, 4)
        .number(0, 2)
        .number(0, 2)
        .number(0xFFFF, 2)
        .number(0xFFFF, 2)
        .number(see64, 4)
        .number(see64, 4)
        .number(0, 2);
    if (auto done = put(end.bytes()); !done)
        return done;
    return m_file.commit();
}

} // namespace hefstudio
