// Reading, checking and writing messages, judged by protobuf.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/message_check.h"
#include "hef/message_edit.h"
#include "hef/message_node.h"
#include "hef_world.h"
#include "shared_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace hefstudio {

namespace {

Bytes bytesOf(std::string_view text)
{
    const auto view = asBytes(text);
    return Bytes(view.begin(), view.end());
}

// What protobuf has read and written again; nothing when it refuses.
std::optional<Bytes> byProtobuf(std::span<const std::byte> bytes)
{
    oracle::ProtoHEFHef message;
    if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
        return std::nullopt;
    return bytesOf(message.SerializeAsString());
}

Bytes rewritten(std::span<const std::byte> bytes)
{
    const auto node = MessageNode::decode(rootMessage, bytes);
    return node ? node->encode() : Bytes();
}

MessageState stateOf(std::span<const std::byte> bytes)
{
    return checkMessage(rootMessage, bytes).state;
}

TEST(Message, OurFilesComeBackByteForByte)
{
    for (const HefChip chip : {HefChip::hailo8, HefChip::hailo8l}) {
        const auto bytes = emulationHefBytes(test::threeContexts(chip));
        const auto file = parseHefContainer(*bytes, "tiny.hef");
        const auto message = file->of(file->proto);
        EXPECT_EQ(stateOf(message), MessageState::plain);
        EXPECT_THAT(rewritten(message), testing::ElementsAreArray(message));
        EXPECT_EQ(byProtobuf(message), Bytes(message.begin(), message.end())) << "canonical";
    }
}

TEST(Message, RealFilesComeBackByteForByte)
{
    REQUIRE_SHARED_FOLDER(shared);
    for (const char *name : {"fast_depth-hailo8l-v0", "arcface_mobilefacenet-hailo8-v1",
                             "arcface_mobilefacenet-hailo8-v2", "scrfd_2.5g-hailo15h-v3"}) {
        const auto hef = Hef::open(shared / "hefs" / (std::string(name) + ".hef"));
        ASSERT_TRUE(hef) << name;
        const auto message = hef->container().of(hef->container().proto);
        EXPECT_EQ(stateOf(message), MessageState::plain) << name;
        EXPECT_TRUE(std::ranges::equal(rewritten(message), message)) << name;
    }
}

TEST(Message, UnknownFieldsOfEveryKindAreKept)
{
    // Field 90 as varint, fixed, bytes and a group with a group inside; a known number that comes
    // with the wrong type.
    Bytes bytes;
    appendTag(bytes, 90, WireType::varint);
    appendVarint(bytes, ~std::uint64_t(0));
    appendTag(bytes, 90, WireType::fixed32);
    appendFixed(bytes, 7, 4);
    appendTag(bytes, 90, WireType::fixed64);
    appendFixed(bytes, 8, 8);
    appendTag(bytes, 90, WireType::bytes);
    appendVarint(bytes, 2);
    bytes.insert(bytes.end(), {std::byte(1), std::byte(2)});
    appendTag(bytes, 90, WireType::group);
    appendTag(bytes, 3, WireType::group);
    appendTag(bytes, 3, WireType::groupEnd);
    appendTag(bytes, 90, WireType::groupEnd);
    appendTag(bytes, proto::ProtoHEFHef::mapping_number, WireType::varint);
    appendVarint(bytes, 1);
    EXPECT_EQ(stateOf(bytes), MessageState::plain);
    EXPECT_EQ(rewritten(bytes), bytes);
    EXPECT_EQ(byProtobuf(bytes), bytes);
    EXPECT_TRUE(proto::ProtoHEFHef(bytes).mapping().empty());
}

// header { hw_arch: 3 } … header { version: 5 }, and two members of one oneof.
TEST(Message, FieldsGivenTwiceAreMergedAsProtobufDoes)
{
    oracle::ProtoHEFHef first;
    first.mutable_header()->set_hw_arch(oracle::PROTO__HW_ARCH__HAILO8L);
    first.mutable_header()->set_timestamp(1);
    auto *action = first.add_network_groups()->mutable_preliminary_config()->add_operation();
    action->add_actions()->mutable_enable_lcu()->set_lcu_index(4);
    oracle::ProtoHEFHef second;
    second.mutable_header()->set_version(5);
    second.mutable_header()->set_timestamp(2);
    const Bytes overlaid = bytesOf(first.SerializeAsString() + second.SerializeAsString());
    ASSERT_EQ(stateOf(overlaid), MessageState::overlaid);
    const auto node = MessageNode::decode(rootMessage, overlaid, MessageForm::merged);
    ASSERT_TRUE(node);
    const Bytes merged = node->encode();
    EXPECT_EQ(stateOf(merged), MessageState::plain);
    const proto::ProtoHEFHef hef(merged);
    EXPECT_EQ(hef.header().hw_arch(), proto::PROTO__HW_ARCH__HAILO8L);
    EXPECT_EQ(hef.header().version(), 5U);
    EXPECT_EQ(hef.header().timestamp(), 2U);
    EXPECT_EQ(rewritten(overlaid), overlaid) << "as written stays as written";

    oracle::ProtoHEFAction one;
    one.mutable_enable_lcu()->set_lcu_index(4);
    oracle::ProtoHEFAction other;
    other.mutable_none();
    const Bytes two = bytesOf(one.SerializeAsString() + other.SerializeAsString());
    const auto last = MessageNode::decode(MessageId::ProtoHEFAction, two, MessageForm::merged);
    EXPECT_EQ(last->encode(), bytesOf(other.SerializeAsString()));
}

TEST(Message, WhatProtobufRefusesIsRefused)
{
    const auto whole = emulationHefBytes(test::threeContexts(HefChip::hailo8l));
    const auto file = parseHefContainer(*whole, "tiny.hef");
    const auto message = file->of(file->proto);
    // Every prefix, and flipped bytes: accepted or not, and read the same, as protobuf has it.
    const auto agree = [](std::span<const std::byte> bytes) {
        const auto expected = byProtobuf(bytes);
        const MessageState state = stateOf(bytes);
        EXPECT_EQ(state != MessageState::unreadable, expected.has_value());
        if (!expected || state == MessageState::unreadable)
            return;
        const auto node = MessageNode::decode(rootMessage, bytes, MessageForm::merged);
        ASSERT_TRUE(node);
        EXPECT_EQ(byProtobuf(node->encode()), expected);
    };
    for (std::size_t size = 0; size < message.size(); ++size)
        agree(message.first(size));
    std::mt19937 random(5);
    for (int round = 0; round < 3000; ++round) {
        Bytes bytes(message.begin(), message.end());
        for (unsigned i = 0, flips = 1 + random() % 3; i < flips; ++i)
            bytes[random() % bytes.size()] = std::byte(random() & 0xff);
        agree(bytes);
    }
}

TEST(Message, NestingIsBoundedAsInProtobuf)
{
    // mux in mux in mux …
    for (const int depth : {40, 48, 49, 60}) {
        oracle::ProtoHEFEdgeLayerMux mux;
        auto *inner = &mux;
        for (int i = 0; i < depth; ++i)
            inner = inner->add_predecessors()->mutable_layer_mux();
        oracle::ProtoHEFHef hef;
        *hef.add_network_groups()
             ->add_contexts()
             ->mutable_metadata()
             ->add_edge_layers()
             ->mutable_layer_mux() = mux;
        const Bytes bytes = bytesOf(hef.SerializeAsString());
        EXPECT_EQ(stateOf(bytes) != MessageState::unreadable, byProtobuf(bytes).has_value())
            << depth;
    }
}

TEST(Message, TextMustBeUtf8)
{
    for (const std::string_view text :
         {"plain", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xc0\x80", "\xed\xa0\x80",
          "\xf4\x90\x80\x80", "\xe2\x82", "\xff", "\x80"}) {
        Bytes header;
        appendTag(header, proto::ProtoHEFHeader::sdk_version_str_number, WireType::bytes);
        appendVarint(header, text.size());
        header.insert(header.end(), asBytes(text).begin(), asBytes(text).end());
        Bytes bytes;
        appendTag(bytes, proto::ProtoHEFHef::header_number, WireType::bytes);
        appendVarint(bytes, header.size());
        bytes.insert(bytes.end(), header.begin(), header.end());
        EXPECT_EQ(stateOf(bytes) != MessageState::unreadable, byProtobuf(bytes).has_value());
    }
}

TEST(Message, EditsWriteWhatProtobufWrites)
{
    MessageNode root(rootMessage);
    const edit::ProtoHEFHef hef(root);
    hef.mutable_header().set_version(5); // later fields first: the writer sorts
    hef.mutable_header().set_hw_arch(proto::PROTO__HW_ARCH__HAILO8L);
    const auto group = hef.add_network_groups();
    group.add_networks_names("b");
    group.add_networks_names("a");
    group.mutable_network_group_metadata().set_bottleneck_fps(-0.5);
    const auto edge = group.add_contexts().mutable_metadata().add_edge_layers();
    edge.set_pad_index(0); // presence counts
    edge.mutable_layer_mux().set_name("gone");
    edge.mutable_layer_info().set_transposed(true); // the other member of the oneof
    edge.mutable_context_switch_info().set_cache_id(-1);
    const auto numeric = edge.mutable_layer_info().mutable_numeric_info();
    numeric.set_qp_scale(0.25F);
    numeric.set_qp_zp(0); // not written
    for (const double scale : {1.5, 0.0, -2.0})
        numeric.add_qp_scales(scale);

    oracle::ProtoHEFHef expected;
    expected.mutable_header()->set_version(5);
    expected.mutable_header()->set_hw_arch(oracle::PROTO__HW_ARCH__HAILO8L);
    auto *g = expected.add_network_groups();
    g->add_networks_names("b");
    g->add_networks_names("a");
    g->mutable_network_group_metadata()->set_bottleneck_fps(-0.5);
    auto *e = g->add_contexts()->mutable_metadata()->add_edge_layers();
    e->set_pad_index(0);
    e->mutable_layer_info()->set_transposed(true);
    e->mutable_context_switch_info()->set_cache_id(-1);
    e->mutable_layer_info()->mutable_numeric_info()->set_qp_scale(0.25F);
    for (const double scale : {1.5, 0.0, -2.0})
        e->mutable_layer_info()->mutable_numeric_info()->add_qp_scales(scale);
    EXPECT_EQ(root.encode(), bytesOf(expected.SerializeAsString()));

    const Bytes bytes = root.encode();
    const proto::ProtoHEFNetworkGroup view = proto::ProtoHEFHef(bytes).network_groups()[0];
    const auto layer = view.contexts()[0].metadata().edge_layers()[0];
    EXPECT_TRUE(layer.has_pad_index());
    EXPECT_EQ(layer.member(), proto::ProtoHEFEdgeLayer::layer_info_number);
    EXPECT_EQ(layer.context_switch_info().cache_id(), -1);
    EXPECT_THAT(layer.layer_info().numeric_info().qp_scales(), testing::ElementsAre(1.5, 0, -2));
    EXPECT_THAT(
        std::vector<std::string>(view.networks_names().begin(), view.networks_names().end()),
        testing::ElementsAre("b", "a"));
}

} // namespace

} // namespace hefstudio
