// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/stage_digest.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/version.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <link.h>
#include <set>
#include <sys/stat.h>

namespace hefstudio {
namespace {

void addPart(Sha256 &digest, std::span<const std::byte> part)
{
    const std::uint64_t length = part.size();
    digest.add(std::as_bytes(std::span(&length, 1)));
    digest.add(part);
}

// Libraries whose arithmetic reaches a result: file name, size and time of those that are loaded.
std::set<std::string> arithmeticLibraries()
{
    std::set<std::string> facts;
    dl_iterate_phdr(
        [](dl_phdr_info *info, std::size_t, void *collected) {
            constexpr std::array<std::string_view, 3> wanted{"libdnnl.", "libm.", "libc."};
            const auto name = std::filesystem::path(info->dlpi_name).filename().string();
            struct stat file {};
            if (std::ranges::any_of(wanted, [&](auto w) { return name.starts_with(w); }) &&
                ::stat(info->dlpi_name, &file) == 0)
                static_cast<std::set<std::string> *>(collected)->insert(
                    name + " " + std::to_string(file.st_size) + " " +
                    std::to_string(file.st_mtim.tv_sec));
            return 0;
        },
        &facts);
    return facts;
}

// In pieces, so that a set of gigabytes does not delay an answer to `stop`.
Result<std::string> digestOfFile(const std::filesystem::path &file, const std::stop_token &stop)
{
    const auto mapped = MappedFile::open(file);
    if (!mapped)
        return std::unexpected(mapped.error());
    constexpr std::size_t piece = std::size_t(16) << 20;
    Sha256 digest;
    for (std::size_t at = 0; at < mapped->bytes().size(); at += piece) {
        if (stop.stop_requested())
            return fail(Diagnostic("cancelled"));
        digest.add(mapped->bytes().subspan(at, std::min(piece, mapped->bytes().size() - at)));
    }
    return digest.hex();
}

} // namespace

std::string digestOfParts(std::initializer_list<std::string_view> parts)
{
    Sha256 digest;
    for (const std::string_view part : parts)
        addPart(digest, asBytes(part));
    return digest.hex();
}

std::string graphDigest(const Graph &graph)
{
    Sha256 digest;
    addPart(digest, asBytes(printGraph(graph)));
    for (const TensorInfo &tensor : graph.tensors) {
        addPart(digest, asBytes(tensor.name));
        const auto &dims = tensor.shape.dims();
        addPart(digest, std::as_bytes(std::span(dims.data(), dims.size())));
        if (tensor.constant)
            addPart(digest, tensor.constant->bytes());
    }
    for (const TensorId id : graph.outputs)
        addPart(digest, asBytes(graph.tensor(id).name));
    return digest.hex();
}

std::string plansDigest(std::span<const InputPlan> plans)
{
    std::string text;
    for (const InputPlan &plan : plans) {
        const auto &p = plan.preprocess;
        text += plan.inputName + "\n";
        for (const std::int64_t size : plan.shape)
            text += std::to_string(size) + " ";
        text += plan.isPicture ? normalizationText(plan.normalization) : std::string("real");
        for (const int number : {p.width, p.height, p.channels, static_cast<int>(p.color),
                                 static_cast<int>(p.resize), static_cast<int>(p.padValue)})
            text += " " + std::to_string(number);
        text += "\n";
    }
    return sha256Hex(asBytes(text));
}

std::string buildDigest()
{
    Sha256 digest;
    addPart(digest, asBytes(toolVersion));
    if (const auto program = MappedFile::open("/proc/self/exe"))
        addPart(digest, program->bytes());
    for (const std::string &library : arithmeticLibraries())
        addPart(digest, asBytes(library));
    return digest.hex();
}

Result<std::vector<std::pair<std::string, std::string>>> calibrationDigests(const CalibrationSet &set,
                                                                            std::stop_token stop)
{
    std::vector<std::pair<std::string, std::string>> files;
    if (set.isRandom())
        return files;
    const auto add = [&](const std::filesystem::path &file, std::string name) -> Result<void> {
        auto digest = digestOfFile(file, stop);
        if (!digest && digest.error().front().id == "cancelled")
            return passOn(std::move(digest));
        files.emplace_back(std::move(name), digest.value_or(std::string()));
        return {};
    };
    if (set.isArray()) {
        if (auto added = add(set.source(), set.source().filename().string()); !added)
            return passOn(std::move(added));
        return files;
    }
    for (std::size_t i = 0; i < set.size(); ++i)
        if (auto added = add(set.pictures()[i], set.relativeNameOf(i)); !added)
            return passOn(std::move(added));
    return files;
}

} // namespace hefstudio
