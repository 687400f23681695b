// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/fence.h"

#include "hef/message_check.h"
#include "hef/message_view.h"

#include <algorithm>
#include <array>
#include <map>

namespace hefstudio {

namespace {

constexpr std::uint32_t lockedEngine = 255; // fits the field's 8 bits, exists on no device
constexpr std::uint32_t mostEngines = 3;    // DMA engines of the largest device
constexpr int deepestMessage = 100;

// Releases before these cannot open the header version; what they would do does not matter.
constexpr std::uint32_t oldestHeaderVersion = 2;

// What the analysis in README.md covers. Others could switch on code paths nobody read.
constexpr std::array<std::uint32_t, 15> analysedExtensions{proto::DDR,
                                                           proto::PADDED_DDR_BUFFERS,
                                                           proto::IS_MULTI_CONTEXTS,
                                                           proto::HAILO_NET_FLOW,
                                                           proto::HAILO_NET_FLOW_YOLOV5_NMS,
                                                           proto::HAILO_NET_FLOW_YOLOX_NMS,
                                                           proto::HAILO_NET_FLOW_SSD_NMS,
                                                           proto::HAILO_NET_FLOW_IOU_NMS,
                                                           proto::HAILO_NET_FLOW_ARGMAX,
                                                           proto::HAILO_NET_FLOW_SOFTMAX,
                                                           proto::HAILO_NET_FLOW_YOLOV5_SEG_NMS,
                                                           proto::OUTPUT_SCALE_PER_FEATURE,
                                                           proto::PERIPH_CALCULATION_IN_HAILORT,
                                                           proto::HAILO_NET_FLOW_YOLOV8_NMS,
                                                           proto::HAILO_NET_FLOW_BBOX_DECODING};

enum class Transport { vdma, ethernet };

struct DeviceRule {
    std::string_view device;
    Transport transport;
    std::vector<std::uint32_t> acceptedArchs;
};

const std::vector<DeviceRule> &deviceRules()
{
    static const std::vector<DeviceRule> rules{
        {"Hailo-8 on PCIe, HailoRT 4.20 to 5.0", Transport::vdma, {1, 2, 3}},
        {"Hailo-8 on PCIe, HailoRT 5.1 and 5.2", Transport::vdma, {0, 1, 2, 3, 101, 102}},
        {"Hailo-8 on Ethernet, HailoRT 4.20 to 5.0", Transport::ethernet, {1, 2, 3}},
        {"Hailo-8L on PCIe, HailoRT 4.20 to 5.2", Transport::vdma, {3}},
        {"Hailo-8L on Ethernet, HailoRT 4.20 to 5.0", Transport::ethernet, {3}},
        {"Hailo-15H and Hailo-10H, HailoRT 4.20 to 5.2", Transport::vdma, {4, 5, 103, 104, 105}},
        {"Hailo-15M, HailoRT 4.20 to 5.2", Transport::vdma, {4}},
        {"Hailo-15L, HailoRT 4.20 to 5.2", Transport::vdma, {6, 106}},
        {"Hailo-12L, HailoRT 5.2", Transport::vdma, {108}},
    };
    return rules;
}

// Walks every message of the file, wherever a schema line keeps it, and notes what breaks a lock.
class Examiner {
public:
    explicit Examiner(std::string fileName) : m_fileName(std::move(fileName)) {}

    void walk(MessageId id, std::span<const std::byte> message, const std::string &path, int depth);
    void breach(std::string_view id, const std::string &path, const std::string &what)
    {
        // A vendor file breaks one lock a thousand times; every kind must still be named.
        constexpr std::ptrdiff_t enough = 8;
        if (std::ranges::count(m_breaches, id, &Diagnostic::id) < enough)
            m_breaches.push_back(
                Diagnostic(id, Place{.file = m_fileName, .keyPath = path}).with("what", what));
    }

    bool channelsLocked = true;
    bool triggersLocked = true;
    bool codeFree = true;
    int coreOps = 0;
    Diagnostics take() { return std::move(m_breaches); }

private:
    void visit(MessageId id, std::span<const std::byte> message, const std::string &path);
    void visitMetadata(const proto::ProtoHEFNetworkGroupMetadata &metadata,
                       const std::string &path);
    void visitCoreOp(const proto::ProtoHEFCoreOp &coreOp, const std::string &path);
    void requireMetadata(bool isThere, const std::string &path)
    {
        if (isThere)
            return;
        channelsLocked = false;
        breach("hef.fence-channel", path, "network_group_metadata is absent");
    }

    std::string m_fileName;
    Diagnostics m_breaches;
};

void Examiner::visitMetadata(const proto::ProtoHEFNetworkGroupMetadata &metadata,
                             const std::string &path)
{
    // The runtime reads a count of 0 as 1 and gives an unlisted channel engine 0.
    const std::uint32_t count = std::max(1U, metadata.cfg_channels_count());
    std::vector<bool> isListed(std::min(count, 256U), false);
    bool isLocked = count <= 255;
    for (const auto &channel : metadata.cfg_channels_config()) {
        isLocked &= channel.engine_id() == lockedEngine && channel.engine_id() >= mostEngines;
        isLocked &= channel.cfg_channel_index() < isListed.size();
        if (channel.cfg_channel_index() < isListed.size())
            isListed[channel.cfg_channel_index()] = true;
    }
    isLocked &= std::ranges::all_of(isListed, [](bool listedOnce) { return listedOnce; });
    if (isLocked)
        return;
    channelsLocked = false;
    breach("hef.fence-channel", path, "a configuration channel has an engine below 255");
}

void Examiner::visitCoreOp(const proto::ProtoHEFCoreOp &coreOp, const std::string &path)
{
    ++coreOps;
    requireMetadata(coreOp.has_network_group_metadata(), path);
    // Ethernet devices know no trigger but "none"; theirs is the only path that never looks at the
    // configuration channels.
    const proto::ProtoHEFOperation first = coreOp.preliminary_config().operation()[0];
    const bool isLocked =
        first.trigger().member() == proto::ProtoHEFTrigger::trigger_dma_idle_number;
    if (isLocked)
        return;
    triggersLocked = false;
    breach("hef.fence-trigger", path, "the preliminary configuration starts at once");
}

void Examiner::visit(MessageId id, std::span<const std::byte> message, const std::string &path)
{
    switch (id) {
    case MessageId::ProtoHEFNetworkGroupMetadata:
        return visitMetadata(proto::ProtoHEFNetworkGroupMetadata(message), path);
    case MessageId::ProtoHEFCoreOp:
        return visitCoreOp(proto::ProtoHEFCoreOp(message), path);
    case MessageId::ProtoHEFNetworkGroup:
        return requireMetadata(proto::ProtoHEFNetworkGroup(message).has_network_group_metadata(),
                               path);
    case MessageId::ProtoHEFContextSwitchInformation: {
        // Caches are allocated and mapped before the channels are looked at.
        const auto kind = proto::ProtoHEFContextSwitchInformation(message).edge_connection_type();
        if (kind != proto::PROTO__EDGE_CONNECTION_TYPE__BOUNDARY &&
            kind != proto::PROTO__EDGE_CONNECTION_TYPE__INTERMEDIATE &&
            kind != proto::PROTO__EDGE_CONNECTION_TYPE__DDR)
            breach("hef.fence-form", path, "an edge that is neither boundary nor a buffer");
        return;
    }
    default:
        return;
    }
}

void Examiner::walk(MessageId id, std::span<const std::byte> message, const std::string &path,
                    int depth)
{
    if (depth > deepestMessage)
        return breach("hef.fence-form", path, "nested too deeply");
    if (id == MessageId::ProtoHEFAction) {
        codeFree = false;
        return breach("hef.fence-code", path, "an action");
    }
    visit(id, message, path);
    std::map<std::uint32_t, int> entries;
    WireReader reader(message);
    WireField field;
    while (reader.next(field)) {
        const FieldInfo *info = messageInfo(id).field(field.number);
        const bool isPacked =
            info && info->isRepeated() && info->isNumber() && field.type == WireType::bytes;
        if (!info || (field.type != info->wireType() && !isPacked)) {
            breach("hef.fence-form", path, "a field this version does not know");
            continue;
        }
        if (info->kind != FieldKind::message)
            continue;
        std::string fieldPath = path;
        if (!fieldPath.empty())
            fieldPath += '.';
        fieldPath += info->name;
        if (info->isRepeated())
            fieldPath += '[' + std::to_string(entries[field.number]++) + ']';
        walk(info->message, field.payload, fieldPath, depth + 1);
    }
    if (reader.isBroken())
        breach("hef.fence-form", path, "bytes that are no message");
}

void checkForm(const HefFile &file, const proto::ProtoHEFHef &message, Examiner &examiner)
{
    const auto breach = [&](const char *path, const char *what) {
        examiner.breach("hef.fence-form", path, what);
    };
    if (file.header.version < oldestHeaderVersion)
        breach("", "a header version that releases without these checks can open");
    if (message.header().version() == 0)
        breach("header.version", "a message version under which extensions do not count");
    bool isNetFlow = false;
    for (const auto &extension : message.extensions()) {
        isNetFlow |= extension.type_index() == proto::HAILO_NET_FLOW;
        if (std::ranges::find(analysedExtensions, extension.type_index()) ==
            analysedExtensions.end())
            breach("extensions", "an extension outside the analysis");
    }
    if (!isNetFlow)
        breach("extensions", "no net-flow extension: other fields would be read");
    if (examiner.coreOps == 0)
        breach("network_groups", "no core op");
    for (const auto &resource : message.external_resources()) {
        const std::uint64_t available = file.declaredEnd() - file.ccwOrigin;
        if (resource.offset() > available || resource.size() > available - resource.offset())
            breach("external_resources", "a blob outside the file");
    }
}

// hw_arch must be one of the two forms the writer makes, and the message must have that form.
void checkArch(const proto::ProtoHEFHef &message, Examiner &examiner)
{
    const auto arch = message.header().hw_arch();
    const bool isMultiLayout = arch == proto::PROTO__HW_ARCH__HAILO8L;
    if (!isMultiLayout && arch != proto::PROTO__HW_ARCH__HAILO8) {
        examiner.breach("hef.fence-arch", "header.hw_arch", std::to_string(int(arch)));
        return;
    }
    for (const auto &group : message.network_groups()) {
        for (const auto &op : group.ops()) {
            if (op.member() != proto::ProtoHEFOp::core_op_number)
                continue;
            const bool hasLayouts = !op.core_op().partial_core_ops().empty();
            if (hasLayouts != isMultiLayout)
                examiner.breach("hef.fence-arch", "header.hw_arch",
                                "the core op has another chip's form");
        }
    }
}

} // namespace

std::string_view lockName(HefLock lock)
{
    switch (lock) {
    case HefLock::arch:
        return "arch";
    case HefLock::channels:
        return "channels";
    case HefLock::noCode:
        return "no-code";
    case HefLock::trigger:
        return "trigger";
    }
    return {};
}

FenceReport examineFence(const HefFile &file, const proto::ProtoHEFHef &message)
{
    Examiner examiner(file.name);
    // Given twice, a field could be one thing for us and another for the runtime.
    if (checkMessage(rootMessage, message.bytes()).state != MessageState::plain)
        examiner.breach("hef.fence-form", {}, "a field given twice");
    examiner.walk(rootMessage, message.bytes(), {}, 0);
    checkForm(file, message, examiner);
    checkArch(message, examiner);
    FenceReport report;
    const auto arch = static_cast<std::uint32_t>(message.header().hw_arch());
    for (const DeviceRule &rule : deviceRules()) {
        FenceVerdict verdict{.device = std::string(rule.device)};
        if (std::ranges::find(rule.acceptedArchs, arch) == rule.acceptedArchs.end())
            verdict.refusedBy.push_back(HefLock::arch);
        if (rule.transport == Transport::vdma && examiner.channelsLocked)
            verdict.refusedBy.push_back(HefLock::channels);
        if (rule.transport == Transport::ethernet && examiner.triggersLocked)
            verdict.refusedBy.push_back(HefLock::trigger);
        verdict.isCodeFree = examiner.codeFree;
        if (!verdict.isSafe())
            examiner.breach("hef.fence-open", "header.hw_arch", verdict.device);
        report.devices.push_back(std::move(verdict));
    }
    report.breaches = examiner.take();
    return report;
}

Result<void> checkFence(std::span<const std::byte> bytes, const std::string &name)
{
    auto file = parseHefContainer(bytes, name);
    if (!file)
        return passOn(std::move(file));
    if (auto verified = verifyHashes(*file); !verified)
        return verified;
    const proto::ProtoHEFHef message(file->of(file->proto));
    const MessageCheck check = checkMessage(rootMessage, message.bytes());
    if (check.state == MessageState::unreadable)
        return fail(Diagnostic("hef.proto-invalid",
                               Place{.file = name, .offset = file->proto.offset + check.offset}));
    FenceReport report = examineFence(*file, message);
    if (!report.holds())
        return fail(std::move(report.breaches));
    return {};
}

} // namespace hefstudio
