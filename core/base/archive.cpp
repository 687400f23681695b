// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/archive.h"

#include "base/hash.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <set>

namespace hefstudio {
namespace {

struct CloseReader {
    void operator()(archive *a) const { archive_read_free(a); }
};
struct CloseWriter {
    void operator()(archive *a) const { archive_write_free(a); }
};
struct FreeEntry {
    void operator()(archive_entry *e) const { archive_entry_free(e); }
};
using Reader = std::unique_ptr<archive, CloseReader>;

Diagnostic at(std::string_view id, const std::string &file)
{
    return Diagnostic(id, Place{.file = file});
}

std::unexpected<Diagnostics> malformed(const std::string &file, std::string reason)
{
    return fail(at("archive.malformed", file).with("reason", std::move(reason)));
}

// Only filters libarchive computes itself: it would start programs for some of the others.
Reader openReader(std::span<const std::byte> bytes, ArchiveForm form)
{
    Reader reader(archive_read_new());
    if (form == ArchiveForm::zip) {
        archive_read_support_format_zip_seekable(reader.get());
    } else {
        archive_read_support_filter_gzip(reader.get());
        archive_read_support_filter_bzip2(reader.get());
        archive_read_support_filter_xz(reader.get());
        archive_read_support_filter_zstd(reader.get());
        archive_read_support_format_tar(reader.get());
    }
    if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK)
        return nullptr;
    return reader;
}

// Text of an archive fit for a message.
std::string printableName(std::string_view name)
{
    constexpr std::size_t longest = 200;
    std::string text;
    for (const char c : name.substr(0, longest))
        text += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    return text;
}

class Growth {
public:
    Growth(const ArchiveLimits &limits, std::uint64_t packedBytes)
        : m_limits(limits),
          m_most(std::min(limits.maxTotalBytes,
                          limits.freeBytes +
                              limits.maxGrowth * std::min(packedBytes, limits.maxTotalBytes)))
    {
    }
    bool take(std::uint64_t count, std::uint64_t memberBytes)
    {
        m_total += count;
        return m_total <= m_most && memberBytes <= m_limits.maxMemberBytes;
    }
    std::uint64_t most() const { return m_most; }

private:
    const ArchiveLimits &m_limits;
    std::uint64_t m_most;
    std::uint64_t m_total = 0;
};

Result<Bytes> readMember(archive *reader, const std::string &name, Growth &growth,
                         const std::string &file)
{
    Bytes bytes;
    std::byte block[65536];
    for (;;) {
        const auto count = archive_read_data(reader, block, sizeof block);
        if (count < 0)
            return malformed(file, "'" + printableName(name) + "' is damaged");
        if (count == 0)
            return bytes;
        bytes.insert(bytes.end(), block, block + count);
        if (!growth.take(static_cast<std::uint64_t>(count), bytes.size()))
            return fail(at("archive.too-large", file)
                            .with("what", "'" + printableName(name) + "'")
                            .with("limit", static_cast<std::int64_t>(growth.most())));
    }
}

Result<void> append(archive *writer, const ArchiveMember &member)
{
    const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
    archive_entry_set_pathname(entry.get(), member.name.c_str());
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(member.bytes.size()));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    archive_entry_set_mtime(entry.get(), 0, 0);
    if (archive_write_header(writer, entry.get()) != ARCHIVE_OK ||
        archive_write_data(writer, member.bytes.data(), member.bytes.size()) !=
            static_cast<la_ssize_t>(member.bytes.size()))
        return malformed(member.name, "it cannot be written");
    return {};
}

void putLittleEndian(Bytes &to, std::uint64_t value, int count)
{
    for (int i = 0; i < count; ++i)
        to.push_back(static_cast<std::byte>(value >> (8 * i)));
}

constexpr std::uint32_t localMark = 0x04034b50;
constexpr std::uint32_t entryMark = 0x02014b50;
constexpr std::uint32_t endMark = 0x06054b50;
constexpr int formatVersion = 20;        // 2.0, the oldest
constexpr int utf8Names = 1 << 11;       // general purpose flag
constexpr int firstDosDate = 1 << 5 | 1; // 1980-01-01

// What the local header and the directory entry have in common.
void putFacts(Bytes &to, const ArchiveMember &member)
{
    putLittleEndian(to, formatVersion, 2);
    putLittleEndian(to, utf8Names, 2);
    putLittleEndian(to, 0, 2); // stored
    putLittleEndian(to, 0, 2); // midnight
    putLittleEndian(to, firstDosDate, 2);
    putLittleEndian(to, crc32(member.bytes), 4);
    putLittleEndian(to, member.bytes.size(), 4);
    putLittleEndian(to, member.bytes.size(), 4);
    putLittleEndian(to, member.name.size(), 2);
    putLittleEndian(to, 0, 2); // no extra field
}

void putText(Bytes &to, std::string_view text)
{
    const auto bytes = asBytes(text);
    to.insert(to.end(), bytes.begin(), bytes.end());
}

} // namespace

bool isSafeMemberName(std::string_view name)
{
    const bool hasDrive = name.size() > 2 && name[1] == ':' && name[2] == '/';
    if (name.empty() || name.front() == '/' || hasDrive ||
        name.find('\\') != std::string_view::npos || name.find('\0') != std::string_view::npos)
        return false;
    while (!name.empty()) {
        const auto end = std::min(name.find('/'), name.size());
        if (name.substr(0, end) == "..")
            return false;
        name.remove_prefix(std::min(end + 1, name.size()));
    }
    return true;
}

Result<std::vector<ArchiveMember>> readArchive(std::span<const std::byte> bytes, ArchiveForm form,
                                               const std::string &nameForErrors,
                                               const ArchiveLimits &limits,
                                               const ArchiveFilter &wanted)
{
    const Reader reader = openReader(bytes, form);
    if (!reader)
        return malformed(nameForErrors, form == ArchiveForm::zip ? "it is not a ZIP archive"
                                                                 : "it is not a tar archive");
    std::vector<ArchiveMember> members;
    std::set<std::string> names;
    Growth growth(limits, bytes.size());
    for (;;) {
        archive_entry *entry = nullptr;
        const int status = archive_read_next_header(reader.get(), &entry);
        if (status == ARCHIVE_EOF)
            return members;
        if (status < ARCHIVE_WARN)
            return malformed(nameForErrors, "an entry is damaged");
        if (names.size() >= limits.maxMembers)
            return fail(at("archive.too-large", nameForErrors)
                            .with("what", std::string("the list of members"))
                            .with("limit", static_cast<std::int64_t>(limits.maxMembers)));
        const char *path = archive_entry_pathname(entry);
        std::string name = path ? path : "";
        while (name.starts_with("./"))
            name.erase(0, 2);
        const auto named = [&](std::string_view id) {
            return fail(at(id, nameForErrors).with("name", printableName(name)));
        };
        if (archive_entry_filetype(entry) == AE_IFDIR)
            continue;
        if (!isSafeMemberName(name))
            return named("archive.unsafe-name");
        if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry))
            return named("archive.unsafe-member");
        if (!names.insert(name).second)
            return named("archive.duplicate");
        if (wanted && !wanted(name, static_cast<std::uint64_t>(
                          std::max<la_int64_t>(0, archive_entry_size(entry)))))
            continue;
        auto content = readMember(reader.get(), name, growth, nameForErrors);
        if (!content)
            return passOn(std::move(content));
        members.push_back({std::move(name), std::move(*content)});
    }
}

Result<Bytes> zipBytes(std::span<const ArchiveMember> members, std::uint64_t precedingBytes)
{
    constexpr std::uint64_t longest = std::numeric_limits<std::uint32_t>::max() - 1;
    constexpr std::size_t mostMembers = 65534;
    const auto tooLarge = [&] {
        return fail(Diagnostic("archive.too-large")
                        .with("what", std::string("the ZIP"))
                        .with("limit", static_cast<std::int64_t>(longest)));
    };
    if (members.size() > mostMembers)
        return tooLarge();
    Bytes zip;
    Bytes directory;
    for (const ArchiveMember &member : members) {
        const std::uint64_t offset = precedingBytes + zip.size();
        if (member.bytes.size() > longest || offset > longest - member.bytes.size() ||
            member.name.size() > 0xffff)
            return tooLarge();
        putLittleEndian(directory, entryMark, 4);
        putLittleEndian(directory, formatVersion, 2);
        putFacts(directory, member);
        putLittleEndian(directory, 0, 2); // no comment
        putLittleEndian(directory, 0, 2); // first disk
        putLittleEndian(directory, 0, 2); // no internal attributes
        putLittleEndian(directory, 0, 4); // no external attributes
        putLittleEndian(directory, offset, 4);
        putText(directory, member.name);
        putLittleEndian(zip, localMark, 4);
        putFacts(zip, member);
        putText(zip, member.name);
        zip.insert(zip.end(), member.bytes.begin(), member.bytes.end());
    }
    const std::uint64_t directoryOffset = precedingBytes + zip.size();
    if (directoryOffset + directory.size() > longest)
        return tooLarge();
    zip.insert(zip.end(), directory.begin(), directory.end());
    putLittleEndian(zip, endMark, 4);
    putLittleEndian(zip, 0, 4); // one disk
    putLittleEndian(zip, members.size(), 2);
    putLittleEndian(zip, members.size(), 2);
    putLittleEndian(zip, directory.size(), 4);
    putLittleEndian(zip, directoryOffset, 4);
    putLittleEndian(zip, 0, 2); // no comment
    return zip;
}

Result<Bytes> tarBytes(std::span<const ArchiveMember> members)
{
    Bytes bytes;
    const std::unique_ptr<archive, CloseWriter> writer(archive_write_new());
    archive_write_set_format_pax_restricted(writer.get());
    archive_write_open(
        writer.get(), &bytes, nullptr,
        [](archive *, void *client, const void *data, std::size_t size) -> la_ssize_t {
            const auto *from = static_cast<const std::byte *>(data);
            auto *to = static_cast<Bytes *>(client);
            to->insert(to->end(), from, from + size);
            return static_cast<la_ssize_t>(size);
        },
        nullptr);
    for (const ArchiveMember &member : members)
        if (auto written = append(writer.get(), member); !written)
            return passOn(std::move(written));
    archive_write_close(writer.get());
    return bytes;
}

} // namespace hefstudio
