// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/hef_reader.h"

#include "base/hash.h"
#include "hef/fence.h"
#include "hef/group_view.h"
#include "hef/message_check.h"
#include "hef/message_node.h"
#include "hef/message_view.h"

#include <algorithm>
#include <mutex>
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

FileTraits fileTraitsOf(const HefFile &file, const proto::ProtoHEFHef &message)
{
    FileTraits traits;
    traits.headerVersion = file.header.version;
    traits.arch.value = static_cast<std::uint32_t>(message.header().hw_arch());
    traits.ccwBytes = file.ccws.size;
    if (message.header().version() == 0)
        return traits; // extensions do not count
    for (const auto &extension : message.extensions()) {
        traits.isNetFlow |= extension.type_index() == netFlow;
        traits.hasVectors |= extension.type_index() == proto::OUTPUT_SCALE_PER_FEATURE;
        traits.hasNmsBurst |= extension.type_index() == proto::NMS_OUTPUT_BURST;
    }
    for (const auto &extension : message.optional_extensions()) {
        traits.isMultiNetwork |= extension.type_index() == proto::MULTI_NETWORK_VARIABLE_BATCH_SIZE;
        traits.compilerPads |= extension.type_index() == proto::HW_PADDING;
    }
    return traits;
}

struct Hef::State {
    std::optional<MappedFile> mapped;
    Bytes owned;
    HefFile file;
    std::span<const std::byte> messageBytes; // of the file, or of `merged`
    Bytes merged;                            // the message when the file gives fields twice

    // What follows is read when it is first looked at.
    struct Content {
        std::vector<HefExtension> extensions;
        std::vector<HefNetworkGroupView> groups;
        std::vector<HefResource> resources;
        Diagnostics checks;
        bool isEmulation = false;
    };
    const Content &content() const
    {
        std::call_once(m_contentRead, [this] { readContent(m_content); });
        return m_content;
    }
    const Diagnostics &hashFaults() const
    {
        std::call_once(m_hashed, [this] {
            if (auto verified = verifyHashes(file); !verified)
                m_hashFaults = std::move(verified.error());
        });
        return m_hashFaults;
    }

private:
    void readContent(Content &to) const;

    mutable std::once_flag m_contentRead;
    mutable Content m_content;
    mutable std::once_flag m_hashed;
    mutable Diagnostics m_hashFaults;
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

    return Hef(std::move(state));
}

void Hef::State::readContent(Content &to) const
{
    Findings findings(file.name);
    const KeyPath root;
    const proto::ProtoHEFHef message(messageBytes);
    to.extensions = readExtensions(message);
    const FileTraits traits = fileTraitsOf(file, message);
    if (!traits.arch.isKnown())
        findings.error(findings.at("hef.arch-unknown", root.at("header.hw_arch"))
                           .with("value", std::int64_t(traits.arch.value)));
    std::set<std::string> names;
    int position = 0;
    for (const proto::ProtoHEFNetworkGroup &group : message.network_groups()) {
        const KeyPath path = root.at("network_groups", position++);
        to.groups.push_back(readNetworkGroup(group, traits, path, findings));
        if (!names.insert(to.groups.back().name).second)
            findings.error(findings.at("hef.duplicate-group", path)
                               .with("name", printable(to.groups.back().name)));
    }
    checkExtensions(message, to.extensions, findings);
    to.resources = readResources(file, message, findings);
    to.checks = findings.take();
    to.isEmulation =
        std::ranges::any_of(to.resources,
                            [](const auto &r) { return r.name == hefProgramResourceName; }) &&
        examineFence(file, message).holds();
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
    return m_state->content().groups;
}
const std::vector<HefExtension> &Hef::extensions() const
{
    return m_state->content().extensions;
}
bool Hef::hasExtension(std::uint32_t type) const
{
    return listed(m_state->content().extensions, type, false);
}
const Diagnostics &Hef::checks() const
{
    return m_state->content().checks;
}
const Diagnostics &Hef::hashFaults() const
{
    return m_state->hashFaults();
}
bool Hef::loads() const
{
    return std::ranges::none_of(m_state->content().checks,
                                [](const Diagnostic &d) { return d.severity == Severity::error; });
}
const std::vector<HefResource> &Hef::resources() const
{
    return m_state->content().resources;
}

Result<std::span<const std::byte>> Hef::resource(std::string_view name) const
{
    const auto found = std::ranges::find(m_state->content().resources, name, &HefResource::name);
    const auto diagnostic = [&](std::string_view id) {
        return Diagnostic(id, Place{.file = this->name()}).with("name", printable(name));
    };
    if (found == m_state->content().resources.end())
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
    return std::ranges::any_of(m_state->content().resources, [](const HefResource &r) {
        return r.name == hefProgramResourceName;
    });
}
bool Hef::isEmulation() const
{
    return m_state->content().isEmulation;
}

} // namespace hefstudio
