// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef_world.h"

#include "base/hash.h"

#include <algorithm>

namespace hefstudio::test {

HefEdge boundary(std::string name, HefEdge::Direction direction, std::int64_t height,
                 std::int64_t width, std::int64_t features)
{
    HefEdge edge;
    edge.name = std::move(name);
    edge.direction = direction;
    edge.height = height;
    edge.width = width;
    edge.features = features;
    return edge;
}

// One picture in, one grid of 16-bit boxes and one vector out.
EmulationHefContent singleContext(HefChip chip)
{
    EmulationHefContent content;
    content.chip = chip;
    content.groupName = "tiny_emulation";
    content.toolVersion = "9.8.7";
    content.timestampMs = 1234;
    content.framesPerSecond = 100;
    content.latencySeconds = 0.01;
    HefContext context;
    context.edges.push_back(
        boundary("tiny_emulation/input_layer1", HefEdge::Direction::hostToDevice, 32, 48, 3));
    HefEdge boxes = boundary("tiny_emulation/boxes", HefEdge::Direction::deviceToHost, 5, 7, 21);
    boxes.dataBytes = 2;
    boxes.scale = 0.25F;
    boxes.zeroPoint = 100;
    boxes.limitLow = -25;
    boxes.limitHigh = 16358.75F;
    context.edges.push_back(boxes);
    HefEdge classes =
        boundary("tiny_emulation/classes", HefEdge::Direction::deviceToHost, 1, 1, 10);
    classes.isVector = true;
    context.edges.push_back(classes);
    content.contexts.push_back(context);
    content.sortedOutputs = {"tiny_emulation/classes", "tiny_emulation/boxes"};
    HefBlob blob;
    blob.name = "hefstudio.program";
    for (int i = 0; i < 101; ++i)
        blob.bytes.push_back(std::byte(i));
    content.blobs = {blob, {"hefstudio.notes", Bytes(1, std::byte(7))}};
    return content;
}

// The same network cut in three: "mid" goes from context 0 to 1 and 2, "late" from 1 to 2.
EmulationHefContent threeContexts(HefChip chip)
{
    EmulationHefContent content = singleContext(chip);
    const std::vector<HefEdge> edges = content.contexts[0].edges;
    const auto transfer = [](const char *name, HefEdge::Direction direction,
                             std::vector<int> others) {
        HefEdge edge = boundary(name, direction, 16, 24, 8);
        edge.kind = HefEdge::Kind::interContext;
        edge.connectedContexts = std::move(others);
        return edge;
    };
    using enum HefEdge::Direction;
    content.contexts = {
        {{edges[0], transfer("mid", deviceToHost, {1, 2})}},
        {{transfer("mid", hostToDevice, {0}), edges[1], transfer("late", deviceToHost, {2})}},
        {{transfer("mid", hostToDevice, {0}), transfer("late", hostToDevice, {1}), edges[2]}},
    };
    return content;
}

void putBigEndian(Bytes &to, std::size_t offset, std::uint64_t value, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        to[offset + i] = std::byte(value >> 8 * (count - 1 - i));
}

// A version 2 container around any message and section, hash included.
Bytes sealed(const oracle::ProtoHEFHef &message, std::span<const std::byte> ccws)
{
    constexpr std::size_t header = 44;
    const std::string text = message.SerializeAsString();
    Bytes bytes(header + text.size() + ccws.size());
    std::ranges::copy(asBytes(text), bytes.begin() + header);
    std::ranges::copy(ccws, bytes.begin() + std::ptrdiff_t(header + text.size()));
    putBigEndian(bytes, 0, hefMagic, 4);
    putBigEndian(bytes, 4, 2, 4);
    putBigEndian(bytes, 8, text.size(), 4);
    putBigEndian(bytes, 12, xxh3_64(std::span(bytes).subspan(44)), 8);
    putBigEndian(bytes, 20, ccws.size(), 8);
    return bytes;
}

oracle::ProtoHEFHef messageOf(const Bytes &bytes)
{
    const auto file = parseHefContainer(bytes, "tiny.hef");
    oracle::ProtoHEFHef message;
    if (file) {
        const auto body = file->of(file->proto);
        message.ParseFromArray(body.data(), static_cast<int>(body.size()));
    }
    return message;
}

oracle::ProtoHEFHef messageOf(const Hef &hef)
{
    oracle::ProtoHEFHef message;
    const auto body = hef.container().of(hef.container().proto);
    message.ParseFromArray(body.data(), static_cast<int>(body.size()));
    return message;
}

// The file with its message edited, as valid on the outside as before.
Bytes edited(const Bytes &bytes, const std::function<void(oracle::ProtoHEFHef &)> &edit)
{
    oracle::ProtoHEFHef message = messageOf(bytes);
    edit(message);
    const auto file = parseHefContainer(bytes, "tiny.hef");
    return sealed(message, file->of(file->ccws));
}

} // namespace hefstudio::test
