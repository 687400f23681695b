// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/actions.h"

#include "hef/field_text.h"
#include "hef/group_view.h"

#include <array>
#include <map>

namespace hefstudio {

namespace {

std::string hex32(std::uint32_t value)
{
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "0x%08x", value);
    return text.data();
}

// The one message a oneof holds, and its field.
const FieldInfo *memberOf(MessageId id, std::uint32_t number, std::span<const std::byte> message,
                          std::span<const std::byte> &content)
{
    const FieldInfo *field = messageInfo(id).field(number);
    if (!field)
        return nullptr;
    WireReader reader(message);
    WireField wire;
    while (reader.next(wire)) {
        if (wire.number == number && wire.type == WireType::bytes) {
            content = wire.payload;
            return field;
        }
    }
    return nullptr;
}

std::string memberLine(MessageId id, std::uint32_t number, std::span<const std::byte> message)
{
    std::span<const std::byte> content;
    const FieldInfo *field = memberOf(id, number, message, content);
    return field ? messageLine(field->message, content) : std::string();
}

struct Totals {
    std::size_t operations = 0;
    std::size_t actions = 0;
    std::map<std::uint32_t, HefChannelUse> channels;
};

Totals totalsOf(const Hef &hef, const HefProgramPart &part)
{
    Totals totals;
    for (const auto &operation : part.operations) {
        ++totals.operations;
        for (const auto &action : operation.actions()) {
            ++totals.actions;
            const std::uint32_t kind = action.member();
            const bool hasWords = kind == proto::ProtoHEFAction::write_data_ccw_number ||
                                  kind == proto::ProtoHEFAction::write_data_ccw_ptr_number;
            if (!hasWords)
                continue;
            const auto words = readAction(hef, action).words;
            HefChannelUse &use = totals.channels[words->channel];
            ++use.actions;
            use.bytes += words->size;
        }
    }
    return totals;
}

std::string titleOf(const HefProgramPart &part)
{
    std::string text = "Network group " + printable(part.group);
    if (part.layout != 0)
        text += ", layout " + std::to_string(part.layout) + " (" + clustersText(part.layout) + ")";
    text += part.context ? ", context " + std::to_string(*part.context) : ", start-up";
    if (!part.name.empty())
        text += " '" + printable(part.name) + "'";
    return text + "\n";
}

std::string wordsText(const Hef &hef, const HefWords &words)
{
    std::string text = "channel " + std::to_string(words.channel) + ", " + bytesText(words.size);
    if (!words.isInside)
        return text + " outside the configuration section\n";
    text += " at " + groupedText(words.offset);
    const auto records = recordsOf(hef, words);
    if (!records)
        return text + '\n';
    const CcwListing &listing = *records;
    text += ": " + countedText(listing.records.size(), "record") + ", " +
            countedText(listing.words, "word");
    if (listing.noOperations > 0)
        text += ", " + countedText(listing.noOperations, "no-operation");
    if (listing.restBytes > 0)
        text += ", then " + bytesText(listing.restBytes) + " that are no whole record";
    text += '\n';
    for (const CcwRecord &record : listing.records)
        text +=
            "        " + hex32(record.address) + "  " + countedText(record.words, "word") + '\n';
    return text;
}

} // namespace

std::vector<HefProgramPart> programPartsOf(const Hef &hef)
{
    std::vector<HefProgramPart> parts;
    const FileTraits traits = fileTraitsOf(hef.container(), hef.message());
    for (const proto::ProtoHEFNetworkGroup &group : hef.message().network_groups()) {
        Findings unused(hef.name()); // checks() has said it already
        for (const CoreOpSource &source : coreOpsOf(group, traits, KeyPath(), unused)) {
            HefProgramPart part;
            part.group = source.metadata.network_group_name();
            part.layout = source.layout;
            part.operations = source.preliminary.operation();
            parts.push_back(part);
            part.context = 0;
            for (const proto::ProtoHEFContext &context : source.contexts) {
                part.name = context.metadata().name();
                part.operations = context.operations();
                part.edges.clear();
                for (const proto::ProtoHEFEdgeLayer &edge : context.metadata().edge_layers())
                    part.edges.push_back(edge);
                parts.push_back(part);
                ++*part.context;
            }
        }
    }
    return parts;
}

std::optional<CcwListing> recordsOf(const Hef &hef, const HefWords &words)
{
    if (!words.isInside || !hef.arch().isHailo8Family())
        return std::nullopt;
    return listCcw(words.of);
}

std::string triggerText(const proto::ProtoHEFTrigger &trigger)
{
    const std::uint32_t member = trigger.member();
    if (member == proto::ProtoHEFTrigger::trigger_none_number)
        return "at once";
    const FieldInfo *field = messageInfo(proto::ProtoHEFTrigger::id).field(member);
    if (!field)
        return "without a trigger";
    return std::string(field->name) + ' ' +
           memberLine(proto::ProtoHEFTrigger::id, member, trigger.bytes());
}

HefAction readAction(const Hef &hef, const proto::ProtoHEFAction &action)
{
    using Action = proto::ProtoHEFAction;
    HefAction result;
    const std::uint32_t kind = action.member();
    result.name = actionName(kind);
    if (kind == Action::write_data_ccw_number) {
        const auto inlined = action.write_data_ccw();
        HefWords words;
        words.channel = inlined.cfg_channel_index();
        words.of = inlined.data();
        words.size = words.of.size();
        words.isInside = true;
        const auto file = hef.container().bytes;
        if (!words.of.empty() && words.of.data() >= file.data() &&
            words.of.data() < file.data() + file.size())
            words.offset = static_cast<std::uint64_t>(words.of.data() - file.data());
        result.words = words;
    } else if (kind == Action::write_data_ccw_ptr_number) {
        const auto pointer = action.write_data_ccw_ptr();
        const HefSection section = hef.container().ccws;
        HefWords words;
        words.channel = pointer.cfg_channel_index();
        words.size = pointer.size();
        words.isInside =
            pointer.offset() <= section.size && words.size <= section.size - pointer.offset();
        if (words.isInside) {
            words.offset = section.offset + pointer.offset();
            words.of = hef.container().of({words.offset, words.size});
        }
        result.words = words;
    } else {
        result.details = memberLine(Action::id, kind, action.bytes());
    }
    return result;
}

std::string bufferText(const proto::ProtoHEFEdgeLayer &edge)
{
    static constexpr std::array kinds{"host", "other contexts", "host memory, same context",
                                      "cache"};
    const bool isMux = edge.edge_layer_type() == proto::PROTO__EDGE_LAYER_TYPE__MUX;
    if (edge.edge_layer_type() == proto::PROTO__EDGE_LAYER_TYPE__PLANES)
        return printable(edge.layer_planes().name()) + " " +
               countedText(edge.layer_planes().planes().size(), "plane");
    const auto base =
        isMux ? edge.layer_mux().edge_layer_base() : edge.layer_info().edge_layer_base();
    std::string text = printable(isMux ? edge.layer_mux().name() : edge.layer_info().name());
    text +=
        edge.direction() == proto::PROTO__EDGE_LAYER_DIRECTION__HOST_TO_DEVICE ? " in, " : " out, ";
    const auto link = edge.context_switch_info();
    const auto kind = static_cast<std::size_t>(link.edge_connection_type());
    text += kind < kinds.size() ? kinds[kind] : "unknown kind";
    if (link.edge_connection_type() == proto::PROTO__EDGE_CONNECTION_TYPE__INTERMEDIATE) {
        for (const auto &other : link.connected_contexts())
            text += ' ' + std::to_string(other.index()) + " stream " +
                    std::to_string(other.sys_index());
    }
    text += ", stream " + std::to_string(base.sys_index()) + ", engine " +
            std::to_string(base.engine_id()) + ", " + groupedText(base.core_buffers_per_frame()) +
            " x " + bytesText(base.core_bytes_per_buffer());
    if (base.max_shmifo_size() != 0)
        text += ", FIFO " + groupedText(base.max_shmifo_size());
    for (const auto &place : base.buffer_indices())
        text += ", buffer " + std::to_string(place.index()) + " of cluster " +
                std::to_string(place.cluster_index());
    return text;
}

void writeActions(const Hef &hef, const std::function<void(std::string_view)> &out)
{
    for (const HefProgramPart &part : programPartsOf(hef)) {
        out(titleOf(part));
        const Totals totals = totalsOf(hef, part);
        std::string text = "  " + countedText(totals.operations, "operation") + ", " +
                           countedText(totals.actions, "action") + '\n';
        for (const auto &[channel, use] : totals.channels)
            text += "  configuration channel " + std::to_string(channel) + ": " +
                    countedText(use.actions, "action") + ", " + bytesText(use.bytes) + ", " +
                    countedText(use.bytes / 4, "word") + '\n';
        for (const auto &edge : part.edges)
            text += "  buffers of " + bufferText(edge) + '\n';
        out(text);
        std::size_t position = 0;
        for (const proto::ProtoHEFOperation &operation : part.operations) {
            out("  operation " + std::to_string(position++) + ", " +
                triggerText(operation.trigger()) + '\n');
            for (const proto::ProtoHEFAction &action : operation.actions()) {
                const HefAction read = readAction(hef, action);
                std::string line = "    " + std::string(read.name);
                if (read.words)
                    line += "  " + wordsText(hef, *read.words);
                else
                    line += (read.details.empty() ? "" : "  ") + read.details + '\n';
                out(line);
            }
        }
    }
}

} // namespace hefstudio
