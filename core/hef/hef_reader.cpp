// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/hef_reader.h"

#include "base/hash.h"
#include "hef/fence.h"
#include "hef/message_check.h"
#include "hef/message_node.h"
#include "hef/message_view.h"
#include "hef/group_view.h"

#include <algorithm>
#include <set>

namespace hefstudio {

namespace {

constexpr std::uint32_t netFlow = proto::HAILO_NET_FLOW;
constexpr std::uint32_t periph = proto::PERIPH_CALCULATION_IN_HAILORT;

bool listed(const std::vector<HefExtension> &extensions, std::uint32_t type, bool optional)
{
    return std::ranges::any_of(extensions, [&](const HefExtension &e) {
        return e.type == type && e.isOptional == optional;
    });
}

// Accepted by at least one release; 7 and 8 by none.
bool isKnownExtension(std::uint32_t type)
{
    return type <= 35 && type != 7 && type != 8;
}

void checkExtensions(const proto::ProtoHEFHef &message, const std::vector<HefExtension> &extensions,
                     Findings &findings)
{
    const KeyPath root;
    int i = -1;
    for (const proto::ProtoHEFExtension &extension : message.extensions()) {
        ++i;
        if (!isKnownExtension(extension.type_index()))
            findings.error(findings.at("hef.extension-unsupported", root.at("extensions", i))
                               .with("type", std::int64_t(extension.type_index()))
                               .with("name", printable(extension.name())));
    }
    // Extensions count only from message version 1 on.
    if (message.header().version() == 0 || !listed(extensions, periph, false))
        findings.error(findings.at("hef.extension-missing", root.at("extensions"))
                           .with("type", std::int64_t(periph)));
}

std::vector<HefExtension> readExtensions(const proto::ProtoHEFHef &message)
{
    std::vector<HefExtension> extensions;
    for (const auto &e : message.extensions())
        extensions.push_back({e.type_index(), printable(e.name()), false});
    for (const auto &e : message.optional_extensions())
        extensions.push_back({e.type_index(), printable(e.name()), true});
    return extensions;
}

FileTraits traitsOf(const HefFile &file, const proto::ProtoHEFHef &message,
                    const std::vector<HefExtension> &extensions)
{
    const bool count = message.header().version() > 0;
    FileTraits traits;
    traits.headerVersion = file.header.version;
    traits.arch.value = static_cast<std::uint32_t>(message.header().hw_arch());
    traits.ccwBytes = file.ccws.size;
    traits.isNetFlow = count && listed(extensions, netFlow, false);
    traits.hasVectors = count && listed(extensions, proto::OUTPUT_SCALE_PER_FEATURE, false);
    traits.hasNmsBurst = count && listed(extensions, proto::NMS_OUTPUT_BURST, false);
    traits.isMultiNetwork =
        count && listed(extensions, proto::MULTI_NETWORK_VARIABLE_BATCH_SIZE, true);
    traits.compilerPads = count && listed(extensions, proto::HW_PADDING, true);
    return traits;
}

std::vector<HefResource> readResources(const HefFile &file, const proto::ProtoHEFHef &message,
                                       Findings &findings)
{
    std::vector<HefResource> resources;
    const std::uint64_t available =
        file.declaredEnd() - std::min(file.ccwOrigin, file.declaredEnd());
    const KeyPath root;
    int i = 0;
    for (const proto::ProtoHEFExternalResource &entry : message.external_resources()) {
        HefResource resource;
        resource.name = entry.name();
        resource.size = entry.size();
        resource.storedHash = entry.xxhash();
        resource.isInside = file.header.version > 0 && entry.offset() <= available &&
                            entry.size() <= available - entry.offset();
        if (resource.isInside)
            resource.offset = file.ccwOrigin + entry.offset();
        else
            findings.warning(
                findings.at("hef.resource-out-of-range", root.at("external_resources", i))
                    .with("name", printable(entry.name())));
        resources.push_back(std::move(resource));
        ++i;
    }
    return resources;
}

} // namespace

struct Hef::State {
    std::optional<MappedFile> mapped;
    Bytes owned;
    HefFile file;
    std::span<const std::byte> messageBytes; // of the file, or of `merged`
    Bytes merged;                            // the message when the file gives fields twice
    std::vector<HefExtension> extensions;
    std::vector<HefNetworkGroupView> groups;
    std::vector<HefResource> resources;
    Diagnostics checks;
    bool isEmulation = false;
};

Result<Hef> Hef::open(const std::filesystem::path &file)
{
    auto mapped = MappedFile::open(file);
    if (!mapped)
        return passOn(std::move(mapped));
    auto state = std::make_shared<State>();
    state->mapped = std::move(*mapped);
    const auto bytes = state->mapped->bytes();
    return parse(std::move(state), bytes, file.string());
}

Result<Hef> Hef::fromBytes(Bytes bytes, const std::string &name)
{
    auto state = std::make_shared<State>();
    state->owned = std::move(bytes);
    const std::span<const std::byte> view = state->owned;
    return parse(std::move(state), view, name);
}

Result<Hef> Hef::parse(std::shared_ptr<State> state, std::span<const std::byte> bytes,
                       const std::string &name)
{
    auto file = parseHefContainer(bytes, name);
    if (!file)
        return passOn(std::move(file));
    state->file = std::move(*file);
    const auto protoBytes = state->file.of(state->file.proto);
    const MessageCheck check = checkMessage(rootMessage, protoBytes);
    if (check.state == MessageState::unreadable)
        return fail(
            Diagnostic("hef.proto-invalid",
                       Place{.file = name, .offset = state->file.proto.offset + check.offset}));
    state->messageBytes = protoBytes;
    if (check.state == MessageState::overlaid) {
        if (const auto node = MessageNode::decode(rootMessage, protoBytes, MessageForm::merged))
            state->merged = node->encode();
        state->messageBytes = state->merged;
    }

    Findings findings(name);
    const KeyPath root;
    const proto::ProtoHEFHef message(state->messageBytes);
    state->extensions = readExtensions(message);
    const FileTraits traits = traitsOf(state->file, message, state->extensions);
    if (!traits.arch.isKnown())
        findings.error(findings.at("hef.arch-unknown", root.at("header.hw_arch"))
                           .with("value", std::int64_t(traits.arch.value)));
    std::set<std::string> names;
    int position = 0;
    for (const proto::ProtoHEFNetworkGroup &group : message.network_groups()) {
        const KeyPath path = root.at("network_groups", position++);
        state->groups.push_back(readNetworkGroup(group, traits, path, findings));
        if (!names.insert(state->groups.back().name).second)
            findings.error(findings.at("hef.duplicate-group", path)
                               .with("name", printable(state->groups.back().name)));
    }
    checkExtensions(message, state->extensions, findings);
    state->resources = readResources(state->file, message, findings);
    state->checks = findings.take();
    state->isEmulation =
        std::ranges::any_of(state->resources,
                            [](const auto &r) { return r.name == hefProgramResourceName; }) &&
        examineFence(state->file, message).holds();
    return Hef(std::move(state));
}

const HefFile &Hef::container() const
{
    return m_state->file;
}
std::span<const std::byte> Hef::messageBytes() const
{
    return m_state->messageBytes;
}
proto::ProtoHEFHef Hef::message() const
{
    return proto::ProtoHEFHef(m_state->messageBytes);
}
HefArch Hef::arch() const
{
    return {static_cast<std::uint32_t>(message().header().hw_arch())};
}
std::string Hef::sdkVersion() const
{
    return printable(message().header().sdk_version_str());
}
std::uint64_t Hef::timestampMs() const
{
    return message().header().timestamp();
}
const std::vector<HefNetworkGroupView> &Hef::groups() const
{
    return m_state->groups;
}
const std::vector<HefExtension> &Hef::extensions() const
{
    return m_state->extensions;
}
bool Hef::hasExtension(std::uint32_t type) const
{
    return listed(m_state->extensions, type, false);
}
const Diagnostics &Hef::checks() const
{
    return m_state->checks;
}
bool Hef::loads() const
{
    return std::ranges::none_of(m_state->checks,
                                [](const Diagnostic &d) { return d.severity == Severity::error; });
}
const std::vector<HefResource> &Hef::resources() const
{
    return m_state->resources;
}

Result<std::span<const std::byte>> Hef::resource(std::string_view name) const
{
    const auto found = std::ranges::find(m_state->resources, name, &HefResource::name);
    const auto diagnostic = [&](std::string_view id) {
        return Diagnostic(id, Place{.file = this->name()}).with("name", printable(name));
    };
    if (found == m_state->resources.end())
        return fail(diagnostic("hef.no-such-resource"));
    if (!found->isInside)
        return fail(diagnostic("hef.resource-out-of-range"));
    const auto bytes = m_state->file.bytes.subspan(found->offset, found->size);
    if (found->storedHash != 0 && xxh3_64(bytes) != found->storedHash)
        return fail(diagnostic("hef.resource-hash"));
    return bytes;
}

bool Hef::hasProgram() const
{
    return std::ranges::any_of(
        m_state->resources, [](const HefResource &r) { return r.name == hefProgramResourceName; });
}
bool Hef::isEmulation() const
{
    return m_state->isEmulation;
}

} // namespace hefstudio
