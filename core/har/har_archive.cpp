// SPDX-License-Identifier: GPL-3.0-or-later
#include "har/har_archive.h"

#include "base/diagnostic_json.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;

struct PartName {
    HarPart part;
    std::string_view key;
    std::string_view suffix;
};
constexpr std::array<PartName, 12> partNames{{
    {HarPart::network, "hn", ".hn"},
    {HarPart::chipWeights, "params_translated", ".q.npz"},
    {HarPart::modelScript, "model_script", ".alls"},
    {HarPart::hef, "hef", ".hef"},
    {HarPart::autoScript, "auto_model_script", ".auto.alls"},
    {HarPart::nativeNetwork, "native_hn", ".native.hn"},
    {HarPart::floatNetwork, "fp_hn", ".fp.hn"},
    {HarPart::weights, "params", ".npz"},
    {HarPart::floatWeights, "params_fp_opt", ".fpo.npz"},
    {HarPart::optimizerState, "params_hailo_optimized", ".ho.npz"},
    {HarPart::optimizerFlags, "params_statistics", ".stats.npz"},
    {HarPart::originalModelReport, "original_model_meta", ".original_model_meta.json"},
}};

const PartName &nameOf(HarPart part)
{
    return *std::ranges::find(partNames, part, &PartName::part);
}

constexpr std::string_view indexSuffix = ".metadata.json";

// Weights in four states; more than any network this tool maps.
constexpr ArchiveLimits harLimits{.maxMembers = 4096,
                                  .maxMemberBytes = std::uint64_t(4) << 30,
                                  .maxTotalBytes = std::uint64_t(8) << 30,
                                  .freeBytes = std::uint64_t(256) << 20};

std::string textMember(const Json &json, const char *key)
{
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<std::int64_t> level(const Json &json, const char *key)
{
    const auto found = json.find(key);
    if (found == json.end() || !found->is_number_integer())
        return std::nullopt;
    return found->get<std::int64_t>();
}

} // namespace

std::string_view harPartKey(HarPart part)
{
    return nameOf(part).key;
}

std::string_view harPartSuffix(HarPart part)
{
    return nameOf(part).suffix;
}

std::span<const HarPart> allHarParts()
{
    static const auto parts = [] {
        std::array<HarPart, partNames.size()> all{};
        std::ranges::transform(partNames, all.begin(), &PartName::part);
        return all;
    }();
    return parts;
}

struct HarArchive::State {
    std::string name;
    std::optional<MappedFile> mapped;
    Bytes owned;
    HarIndex index;
    std::vector<HarMember> members;
    std::map<HarPart, std::string> partMembers;

    std::span<const std::byte> bytes() const { return mapped ? mapped->bytes() : owned; }
};

Result<HarArchive> HarArchive::open(const std::filesystem::path &file)
{
    auto mapped = MappedFile::open(file);
    if (!mapped)
        return passOn(std::move(mapped));
    auto state = std::make_shared<State>();
    state->name = file.string();
    state->mapped = std::move(*mapped);
    return parse(std::move(state));
}

Result<HarArchive> HarArchive::fromBytes(Bytes bytes, const std::string &name)
{
    auto state = std::make_shared<State>();
    state->name = name;
    state->owned = std::move(bytes);
    return parse(std::move(state));
}

Result<HarArchive> HarArchive::parse(std::shared_ptr<State> state)
{
    constexpr std::uint64_t longestIndex = std::uint64_t(1) << 20;
    auto found = readArchive(state->bytes(), ArchiveForm::tar, state->name, harLimits,
                             [&](const std::string &name, std::uint64_t bytes) {
                                 state->members.push_back({name, bytes, {}});
                                 return name.ends_with(indexSuffix) && bytes <= longestIndex;
                             });
    if (!found)
        return passOn(std::move(found));
    if (found->empty())
        return fail(Diagnostic("har.no-index", Place{.file = state->name}));
    // The name of the archive itself says nothing, and several would contradict each other.
    if (found->size() > 1)
        return fail(Diagnostic("har.malformed", Place{.file = state->name})
                        .with("reason", std::string("it has several indices")));
    const ArchiveMember &member = found->front();
    const auto json =
        parseJson({reinterpret_cast<const char *>(member.bytes.data()), member.bytes.size()},
                  state->name + ":" + member.name);
    if (!json)
        return std::unexpected(json.error());
    if (!json->is_object())
        return fail(Diagnostic("har.malformed", Place{.file = state->name})
                        .with("reason", std::string("the index is no JSON object")));
    HarIndex &index = state->index;
    index.state = textMember(*json, "state");
    index.modelName = textMember(*json, "model_name");
    index.sdkVersion = textMember(*json, "sdk_version");
    index.hwArch = textMember(*json, "hw_arch");
    if (const auto flavour = json->find("mo_flavor");
        flavour != json->end() && flavour->is_object()) {
        index.optimizationLevel = level(*flavour, "optimization_level");
        index.compressionLevel = level(*flavour, "compression_level");
    }
    for (const PartName &part : partNames) {
        const std::string name = textMember(*json, std::string(part.key).c_str());
        const auto stands = std::ranges::find(state->members, name, &HarMember::name);
        if (name.empty() || stands == state->members.end())
            continue;
        stands->part = part.part;
        state->partMembers[part.part] = name;
    }
    return HarArchive(std::move(state));
}

const std::string &HarArchive::name() const
{
    return m_state->name;
}

const HarIndex &HarArchive::index() const
{
    return m_state->index;
}

const std::vector<HarMember> &HarArchive::members() const
{
    return m_state->members;
}

bool HarArchive::has(HarPart part) const
{
    return m_state->partMembers.contains(part);
}

std::vector<HarPart> HarArchive::parts() const
{
    std::vector<HarPart> found;
    for (const PartName &part : partNames)
        if (has(part.part))
            found.push_back(part.part);
    return found;
}

Result<Bytes> HarArchive::read(HarPart part) const
{
    const auto missing = [&] {
        return fail(Diagnostic("har.no-part", Place{.file = name()})
                        .with("part", std::string(harPartSuffix(part))));
    };
    const auto member = m_state->partMembers.find(part);
    if (member == m_state->partMembers.end())
        return missing();
    auto found = readArchive(
        m_state->bytes(), ArchiveForm::tar, name(), harLimits,
        [&](const std::string &candidate, std::uint64_t) { return candidate == member->second; });
    if (!found)
        return passOn(std::move(found));
    if (found->empty())
        return missing();
    return std::move(found->front().bytes);
}

Result<std::string> HarArchive::readText(HarPart part) const
{
    auto bytes = read(part);
    if (!bytes)
        return passOn(std::move(bytes));
    return std::string(reinterpret_cast<const char *>(bytes->data()), bytes->size());
}

bool looksLikeHar(std::span<const std::byte> begin)
{
    constexpr std::size_t markOffset = 257;
    constexpr std::string_view tarMark = "ustar";
    const auto startsWith = [&](std::initializer_list<unsigned> mark) {
        return begin.size() >= mark.size() &&
               std::equal(mark.begin(), mark.end(), begin.begin(),
                          [](unsigned a, std::byte b) { return std::byte(a) == b; });
    };
    const bool isTar = begin.size() >= markOffset + tarMark.size() &&
                       std::memcmp(begin.data() + markOffset, tarMark.data(), tarMark.size()) == 0;
    return isTar || startsWith({0x1f, 0x8b}) || startsWith({'B', 'Z', 'h'}) ||
           startsWith({0xfd, '7', 'z', 'X', 'Z'}) || startsWith({0x28, 0xb5, 0x2f, 0xfd});
}

} // namespace hefstudio
