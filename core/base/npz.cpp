// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/archive.h"
#include "base/npy.h"

namespace hefstudio {
namespace {

std::unexpected<Diagnostics> malformed(const std::string &file, std::string reason)
{
    return fail(Diagnostic("npz.malformed", Place{.file = file}).with("reason", std::move(reason)));
}

// Calibration sets may well be large and monotonous.
constexpr ArchiveLimits npzLimits{.freeBytes = std::uint64_t(1) << 30};

std::string arrayName(std::string member)
{
    if (member.ends_with(".npy"))
        member.resize(member.size() - 4);
    return member;
}

} // namespace

Result<NamedTensors> parseNpz(std::span<const std::byte> bytes, const std::string &nameForErrors,
                              OtherArrays others)
{
    auto members = readArchive(bytes, ArchiveForm::zip, nameForErrors, npzLimits);
    if (!members) {
        if (members.error().front().id == "archive.malformed")
            return malformed(nameForErrors, "it is no ZIP archive, or a damaged one");
        return passOn(std::move(members));
    }
    NamedTensors tensors;
    for (ArchiveMember &member : *members) {
        auto tensor = parseNpy(member.bytes, nameForErrors + ":" + member.name);
        member.bytes = Bytes();
        if (!tensor && others == OtherArrays::leaveOut &&
            tensor.error().front().id == "npy.unsupported-type")
            continue;
        if (!tensor)
            return passOn(std::move(tensor));
        tensors.insert_or_assign(arrayName(std::move(member.name)), std::move(*tensor));
    }
    if (tensors.empty())
        return malformed(nameForErrors, "it holds no array");
    return tensors;
}

Result<NamedTensors> readNpz(const std::filesystem::path &file)
{
    const auto mapped = MappedFile::open(file);
    if (!mapped)
        return std::unexpected(mapped.error());
    return parseNpz(mapped->bytes(), file.string());
}

Result<Bytes> npzBytes(const NamedTensors &tensors)
{
    std::vector<ArchiveMember> members;
    for (const auto &[name, tensor] : tensors)
        members.push_back({name + ".npy", npyBytes(tensor)});
    return zipBytes(members);
}

Result<void> writeNpz(const std::filesystem::path &file, const NamedTensors &tensors)
{
    const auto bytes = npzBytes(tensors);
    if (!bytes)
        return std::unexpected(bytes.error());
    return writeFileAtomically(file, *bytes);
}

} // namespace hefstudio
