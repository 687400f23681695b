// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/inspect.h"

#include "base/diagnostic_catalogue.h"
#include "hef/actions.h"
#include "hef/compatibility.h"
#include "hef/fence.h"
#include "hef/hef_reader.h"
#include "hef/message_tree.h"
#include "hef/message_view.h"
#include "hef/metadata_inspect.h"
#include "hef/runtime_status.h"
#include "hef/section_map.h"

#include <nlohmann/json.hpp>

namespace hefstudio {

namespace {

using Json = nlohmann::ordered_json;

const char *directionName(HefDirection direction)
{
    return direction == HefDirection::input ? "input" : "output";
}

const char *checksumName(HefChecksum kind)
{
    switch (kind) {
    case HefChecksum::md5:
        return "md5";
    case HefChecksum::crc32:
        return "crc32";
    case HefChecksum::xxh3:
        return "xxh3";
    }
    return "";
}

const char *transferName(HefTransfer::Kind kind)
{
    switch (kind) {
    case HefTransfer::Kind::interContext:
        return "inter-context";
    case HefTransfer::Kind::ddr:
        return "ddr";
    case HefTransfer::Kind::cache:
        return "cache";
    }
    return "";
}

Json shapeJson(const HefShape &shape)
{
    return Json{shape.height, shape.width, shape.features};
}

Json quantisationJson(const HefQuantisation &q)
{
    Json json{
        {"scale", q.scale}, {"zero_point", q.zeroPoint}, {"limits", Json{q.limitLow, q.limitHigh}}};
    if (!q.scales.empty()) {
        json["scales"] = q.scales;
        json["zero_points"] = q.zeroPoints;
    }
    return json;
}

Json nmsJson(const std::optional<HefNmsShape> &nms)
{
    if (!nms)
        return nullptr;
    return {{"classes", nms->classes}, {"boxes_per_class", nms->boxesPerClass}};
}

Json streamJson(const HefStream &s, std::uint32_t fifoLimit)
{
    return {{"name", s.name},
            {"direction", directionName(s.direction)},
            {"network", s.network},
            {"context", s.context},
            {"type", typeText(s.type)},
            {"order", orderText(s.order)},
            {"shape", shapeJson(s.userShape)},
            {"hardware_shape", shapeJson(s.hardwareShape(fifoLimit))},
            {"frame_bytes", s.frameBytes(fifoLimit)},
            {"index", s.index},
            {"engine", s.engine},
            {"core_bytes_per_buffer", s.coreBytesPerBuffer},
            {"core_buffers_per_frame", s.coreBuffersPerFrame},
            {"quantization", quantisationJson(s.quantisation)},
            {"nms", nmsJson(s.nms)},
            {"original_names", s.originalNames}};
}

Json vstreamJson(const HefVStream &v)
{
    return {{"name", v.name},
            {"network", v.network},
            {"type", typeText(v.type)},
            {"order", orderText(v.order)},
            {"shape", shapeJson(v.shape)},
            {"frame_bytes", v.frameBytes()},
            {"quantization", quantisationJson(v.quantisation)},
            {"nms", nmsJson(v.nms)},
            {"from_host_op", v.fromHostOp}};
}

Json contextJson(const HefContextView &context)
{
    Json actions = Json::object();
    for (const auto &[kind, count] : context.actions)
        actions[kind] = count;
    Json channels = Json::array();
    for (const auto &[channel, use] : context.channels)
        channels.push_back({{"channel", channel}, {"actions", use.actions}, {"bytes", use.bytes}});
    return {{"name", context.name},
            {"operations", context.operations},
            {"actions", std::move(actions)},
            {"config_bytes", context.configBytes},
            {"config_channels", std::move(channels)},
            {"boundary_inputs", context.boundaryInputs},
            {"boundary_outputs", context.boundaryOutputs}};
}

Json transferJson(const HefTransfer &t)
{
    return {{"name", t.name},
            {"kind", transferName(t.kind)},
            {"direction", directionName(t.direction)},
            {"context", t.context},
            {"connected_contexts", t.connectedContexts},
            {"type", typeText(t.type)},
            {"order", orderText(t.order)},
            {"shape", shapeJson(t.userShape)},
            {"padded_shape", shapeJson(t.paddedShape)},
            {"frame_bytes", t.frameBytes},
            {"index", t.index},
            {"core_bytes_per_buffer", t.coreBytesPerBuffer},
            {"core_buffers_per_frame", t.coreBuffersPerFrame},
            {"host_rows", t.hostRows}};
}

template<class List, class ToJson> Json listJson(const List &list, ToJson toJson)
{
    Json json = Json::array();
    for (const auto &item : list)
        json.push_back(toJson(item));
    return json;
}

Json groupJson(const HefNetworkGroupView &group, bool isEmulation, std::uint32_t fifoLimit)
{
    Json json;
    json["name"] = group.name;
    json["networks"] = group.networks;
    json["layouts"] = group.layouts;
    json["net_flow"] = group.isNetFlow;
    json["contexts_count"] = group.contexts.size();
    json["contexts"] = listJson(group.contexts, contextJson);
    json["preliminary"] = contextJson(group.preliminary);
    json["inputs"] = listJson(group.inputs, vstreamJson);
    json["outputs"] = listJson(group.outputs, vstreamJson);
    json["streams"] =
        listJson(group.streams, [&](const HefStream &s) { return streamJson(s, fifoLimit); });
    json["transfers"] = listJson(group.transfers, transferJson);
    json["host_ops"] = listJson(group.hostOps, [](const HefHostOp &op) {
        return Json{{"kind", op.kind},
                    {"name", op.name},
                    {"text", op.text},
                    {"inputs", op.inputs},
                    {"output", op.output}};
    });
    json["config_channels"] = listJson(group.configChannels, [](const HefConfigChannel &channel) {
        return Json{{"index", channel.index},
                    {"engine", channel.engine ? Json(*channel.engine) : Json(nullptr)}};
    });
    json["sorted_outputs"] = group.sortedOutputs;
    // What the compiler believed, ours or the vendor's; neither was measured.
    json["estimate"] = {{"fps", group.framesPerSecond},
                        {"latency_ms", group.latencySeconds * 1000},
                        {"by", isEmulation ? "HEF Studio, predicted" : "the compiler, predicted"}};
    return json;
}

Json diagnosticJson(const Diagnostic &d)
{
    const auto status = runtimeStatusOf(d);
    return {{"id", d.id},
            {"hailort_status", status ? Json(runtimeStatusText(*status)) : Json(nullptr)},
            {"severity", d.severity == Severity::error ? "error" : "warning"},
            {"place", d.place.keyPath},
            {"message", causeSentence(d)}};
}

Json integrityJson(const Hef &hef)
{
    static constexpr const char *names[] = {"intact", "damaged", "refused"};
    Json problems = Json::array();
    for (const Diagnostic &d : hef.hashFaults())
        problems.push_back(diagnosticJson(d));
    for (const Diagnostic &d : hef.checks())
        problems.push_back(diagnosticJson(d));
    return {{"verdict", names[static_cast<int>(integrityOf(hef))]},
            {"checksum_ok", hef.hashFaults().empty()},
            {"loads", hef.loads()},
            {"problems", std::move(problems)}};
}

Json fenceJson(const Hef &hef)
{
    if (!hef.hasProgram())
        return nullptr;
    const FenceReport report = examineFence(hef.container(), hef.message());
    Json json{{"holds", report.holds()}};
    json["devices"] = listJson(report.devices, [](const FenceVerdict &verdict) {
        Json locks = Json::array();
        for (const HefLock lock : verdict.refusedBy)
            locks.push_back(lockName(lock));
        if (verdict.isCodeFree)
            locks.push_back(lockName(HefLock::noCode));
        return Json{
            {"device", verdict.device}, {"locks", std::move(locks)}, {"safe", verdict.isSafe()}};
    });
    json["breaches"] = listJson(report.breaches, diagnosticJson);
    return json;
}

Json compatibilityJson(const Hef &hef)
{
    const HefCompatibility compatibility = compatibilityOf(hef);
    return {
        {"releases",
         listJson(compatibility.releases,
                  [](const HefRelease &r) {
                      return Json{{"version", r.version}, {"opens", r.opens}, {"reason", r.reason}};
                  })},
        {"chips", listJson(compatibility.chips, [](const HefChipVerdict &c) {
             return Json{{"chip", c.chip},
                         {"accepts", c.accepts},
                         {"reason", c.reason},
                         {"releases", c.releases}};
         })}};
}

Json headerJson(const Hef &hef)
{
    const HefFile &file = hef.container();
    return {{"version", file.header.version},
            {"header_bytes", file.header.headerBytes},
            {"proto_bytes", file.proto.size},
            {"padding_bytes", file.paddingBytes},
            {"ccw_bytes", file.ccws.size},
            {"additional_info_bytes", file.additionalInfo.size},
            {"tail_bytes", file.tail.size},
            {"file_bytes", file.bytes.size()},
            {"checksum_kind", checksumName(file.header.checksum)},
            {"checksum", file.header.storedChecksum},
            {"message_version", hef.message().header().version()},
            {"timestamp_ms", hef.timestampMs()}};
}

// A message as an object: repeated fields as arrays, bytes as where they lie, what the schema does
// not know under "unknown".
Json messageJson(const HefMessageTree &tree, const HefTreeItem &message);

Json bytesJson(const HefMessageTree &tree, const HefTreeItem &item)
{
    const HefSection place = tree.place(item);
    Json json{{"bytes", item.wire.payload.size()}};
    if (place.size > 0)
        json["offset"] = place.end() - item.wire.payload.size();
    return json;
}

template<class T> Json numbersJson(const HefTreeItem &item)
{
    // Packed or not, as a message of this one field would be read.
    Json json = Json::array();
    struct Reader : MessageView {
        using MessageView::MessageView;
        using MessageView::readNumbers;
    };
    for (const T value : Reader(item.wire.whole).template readNumbers<T>(item.wire.number))
        json.push_back(value);
    return json;
}

Json numbersJson(const HefTreeItem &item)
{
    switch (item.field->kind) {
    case FieldKind::int32:
        return numbersJson<std::int32_t>(item);
    case FieldKind::uint64:
        return numbersJson<std::uint64_t>(item);
    case FieldKind::boolean:
        return numbersJson<bool>(item);
    case FieldKind::float32:
        return numbersJson<float>(item);
    case FieldKind::float64:
        return numbersJson<double>(item);
    default:
        return numbersJson<std::uint32_t>(item);
    }
}

Json valueJson(const HefMessageTree &tree, const HefTreeItem &item)
{
    if (item.isMessage())
        return messageJson(tree, item);
    if (item.field->kind == FieldKind::string)
        return asText(item.wire.payload);
    if (item.field->kind == FieldKind::bytes)
        return bytesJson(tree, item);
    return numbersJson(item);
}

Json messageJson(const HefMessageTree &tree, const HefTreeItem &message)
{
    Json json = Json::object();
    for (const HefTreeItem &item : tree.children(message)) {
        if (!item.field) {
            Json unknown{{"number", item.wire.number},
                         {"wire_type", static_cast<int>(item.wire.type)}};
            if (item.wire.type == WireType::bytes || item.wire.type == WireType::group)
                unknown.update(bytesJson(tree, item));
            else
                unknown["value"] = item.wire.value;
            json["unknown"].push_back(std::move(unknown));
            continue;
        }
        Json value = valueJson(tree, item);
        const std::string name(item.field->name);
        const bool isList = item.field->isRepeated();
        if (isList && value.is_array()) {
            for (Json &each : value)
                json[name].push_back(std::move(each));
        } else if (isList) {
            json[name].push_back(std::move(value));
        } else if (value.is_array() && !item.isMessage()) {
            json[name] = value.at(0); // a single number
        } else {
            json[name] = std::move(value);
        }
    }
    return json;
}

Json actionJson(const Hef &hef, const proto::ProtoHEFAction &action)
{
    const HefAction read = readAction(hef, action);
    Json json{{"action", read.name}};
    if (!read.words) {
        json["details"] = read.details;
        return json;
    }
    json["channel"] = read.words->channel;
    json["bytes"] = read.words->size;
    json["offset"] = read.words->isInside ? Json(read.words->offset) : Json(nullptr);
    const auto listing = recordsOf(hef, *read.words);
    if (!listing)
        return json;
    json["records"] = listJson(listing->records, [](const CcwRecord &record) {
        return Json{{"address", record.address}, {"words", record.words}};
    });
    json["no_operations"] = listing->noOperations;
    json["rest_bytes"] = listing->restBytes;
    return json;
}

Json partJson(const Hef &hef, const HefProgramPart &part)
{
    Json json{{"group", part.group},
              {"layout", part.layout},
              {"context", part.context ? Json(*part.context) : Json(nullptr)},
              {"name", part.name}};
    json["buffers"] = listJson(part.edges, bufferText);
    json["operations"] = listJson(part.operations, [&](const proto::ProtoHEFOperation &operation) {
        return Json{
            {"trigger", triggerText(operation.trigger())},
            {"actions", listJson(operation.actions(), [&](const proto::ProtoHEFAction &action) {
                 return actionJson(hef, action);
             })}};
    });
    return json;
}

Json resourcesJson(const Hef &hef)
{
    return listJson(hef.resources(), [&](const HefResource &r) {
        return Json{{"name", r.name},
                    {"offset", r.offset},
                    {"bytes", r.size},
                    {"intact", r.isInside && hef.resource(r.name).has_value()}};
    });
}

} // namespace

HefIntegrity integrityOf(const Hef &hef)
{
    if (!hef.hashFaults().empty())
        return HefIntegrity::damaged;
    return hef.loads() ? HefIntegrity::intact : HefIntegrity::refused;
}

std::string hefInspectJson(const Hef &hef, HefInspectParts parts)
{
    const std::uint32_t fifoLimit = hef.arch().isHailo8Family() ? 65536 : 8192;
    Json json;
    json["file"] = hef.name();
    json["emulation"] = hef.isEmulation();
    json["header"] = headerJson(hef);
    json["arch"] = hef.arch().name();
    json["chip"] = hef.arch().productName();
    json["sdk_version"] = hef.sdkVersion();
    json["extensions"] = listJson(hef.extensions(), [](const HefExtension &e) {
        return Json{{"type", e.type}, {"name", e.name}, {"optional", e.isOptional}};
    });
    json["network_groups"] = listJson(hef.groups(), [&](const HefNetworkGroupView &group) {
        return groupJson(group, hef.hasProgram(), fifoLimit);
    });
    json["resources"] = resourcesJson(hef);
    json["integrity"] = integrityJson(hef);
    json["compatibility"] = compatibilityJson(hef);
    json["fence"] = fenceJson(hef);
    json["metadata"] = metadataInspectJson(hef);
    json["sections"] = listJson(sectionMapOf(hef), [](const HefMapEntry &entry) {
        return Json{{"name", entry.name},
                    {"offset", entry.place.offset},
                    {"bytes", entry.place.size},
                    {"level", entry.level},
                    {"remark", entry.remark}};
    });
    if (parts.operations)
        json["operations"] = listJson(
            programPartsOf(hef), [&](const HefProgramPart &part) { return partJson(hef, part); });
    if (parts.message) {
        const HefMessageTree tree(hef);
        json["message"] = messageJson(tree, tree.root());
    }
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

} // namespace hefstudio
