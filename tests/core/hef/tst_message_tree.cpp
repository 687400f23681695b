// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/message_tree.h"

#include "hef_world.h"
#include "shared_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hefstudio {

namespace {

using testing::HasSubstr;

Hef opened(Bytes bytes)
{
    return *Hef::fromBytes(std::move(bytes), "tiny.hef");
}

const HefTreeItem *named(const HefMessageTree &tree, const std::vector<HefTreeItem> &items,
                         std::string_view name)
{
    const auto found =
        std::ranges::find_if(items, [&](const HefTreeItem &i) { return tree.name(i) == name; });
    return found == items.end() ? nullptr : &*found;
}

// The place of a field by its path of names.
std::optional<HefTreeItem> at(const HefMessageTree &tree, std::initializer_list<const char *> path)
{
    HefTreeItem item = tree.root();
    for (const char *name : path) {
        const auto children = tree.children(item);
        const HefTreeItem *found = named(tree, children, name);
        if (!found)
            return std::nullopt;
        item = *found;
    }
    return item;
}

TEST(MessageTree, NamesExplainsAndPlacesFields)
{
    const Bytes bytes = *emulationHefBytes(test::threeContexts(HefChip::hailo8l));
    const HefMessageTree tree(opened(bytes));
    const auto arch = at(tree, {"header", "hw_arch"});
    ASSERT_TRUE(arch);
    EXPECT_EQ(tree.type(*arch), "ProtoHEFHwArch");
    EXPECT_EQ(tree.value(*arch), "3 PROTO__HW_ARCH__HAILO8L");
    EXPECT_EQ(tree.remark(*arch), "Hailo-8L");
    const HefSection place = tree.place(*arch);
    ASSERT_EQ(place.size, 2U);
    EXPECT_EQ(bytes[place.offset], std::byte(1 << 3)); // field 1, a varint
    EXPECT_EQ(bytes[place.offset + 1], std::byte(3));

    const auto layout = at(tree, {"network_groups[0]", "ops[0]", "core_op", "partial_core_ops[1]",
                                  "layout", "partial_clusters_layout_bitmap"});
    ASSERT_TRUE(layout);
    EXPECT_EQ(tree.remark(*layout), "clusters 2, 3, 6, 7");
    const auto format = at(tree, {"network_groups[0]", "ops[0]", "core_op", "partial_core_ops[0]",
                                  "core_op", "contexts[1]", "metadata", "edge_layers[1]",
                                  "layer_info", "edge_layer_base", "format"});
    ASSERT_TRUE(format);
    EXPECT_EQ(tree.remark(*format), "NHCW on the device, NHWC on the host");
    const auto extension = at(tree, {"extensions[2]", "type_index"});
    ASSERT_TRUE(extension);
    EXPECT_THAT(tree.remark(*extension), HasSubstr("IS_MULTI_CONTEXTS"));
    EXPECT_FALSE(at(tree, {"header", "sdk_version"}));
}

TEST(MessageTree, ShowsWhatTheSchemaDoesNotKnow)
{
    const Bytes strange = test::edited(
        *emulationHefBytes(test::singleContext(HefChip::hailo8)), [](oracle::ProtoHEFHef &hef) {
            hef.GetReflection()->MutableUnknownFields(&hef)->AddLengthDelimited(4000, "later");
        });
    const HefMessageTree tree(opened(strange));
    const auto unknown = at(tree, {"field 4000"});
    ASSERT_TRUE(unknown);
    EXPECT_EQ(tree.value(*unknown), "5 bytes: 6c 61 74 65 72");
    EXPECT_THAT(tree.remark(*unknown), HasSubstr("not in the schema"));
}

TEST(MessageTree, TextEscapesWhatATerminalWouldObey)
{
    const Bytes nasty = test::edited(
        *emulationHefBytes(test::singleContext(HefChip::hailo8)),
        [](oracle::ProtoHEFHef &hef) { hef.mutable_header()->set_sdk_version_str("a\x1b[2J\"b"); });
    EXPECT_THAT(hefTreeText(opened(nasty)), HasSubstr(R"(sdk_version_str: "a\x1b[2J\"b")"));
}

// The tree has every field protobuf sees, in the same number, in real files too.
std::size_t fieldsOf(const google::protobuf::Message &message)
{
    std::vector<const google::protobuf::FieldDescriptor *> fields;
    const auto *reflection = message.GetReflection();
    reflection->ListFields(message, &fields);
    std::size_t count = 0;
    for (const auto *field : fields) {
        const bool isMessage =
            field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE;
        const bool isPacked = field->is_repeated() && field->is_packable();
        const int entries =
            field->is_repeated() && !isPacked ? reflection->FieldSize(message, field) : 1;
        count += std::size_t(entries);
        for (int i = 0; isMessage && i < entries; ++i)
            count +=
                fieldsOf(field->is_repeated() ? reflection->GetRepeatedMessage(message, field, i)
                                              : reflection->GetMessage(message, field));
    }
    return count;
}

std::size_t itemsOf(const HefMessageTree &tree, const HefTreeItem &item)
{
    std::size_t count = 0;
    for (const HefTreeItem &child : tree.children(item)) {
        EXPECT_TRUE(child.field) << tree.name(child);
        count += 1 + itemsOf(tree, child);
    }
    return count;
}

TEST(MessageTree, HasAsManyFieldsAsProtobufSees)
{
    const Hef own = opened(*emulationHefBytes(test::threeContexts(HefChip::hailo8l)));
    const HefMessageTree tree(own);
    EXPECT_EQ(itemsOf(tree, tree.root()), fieldsOf(test::messageOf(own)));

    REQUIRE_SHARED_FOLDER(shared);
    for (const char *name :
         {"arcface_mobilefacenet-hailo8-v1", "fast_depth-hailo8l-v0", "scrfd_2.5g-hailo15h-v3"}) {
        const auto hef = Hef::open(shared / "hefs" / (std::string(name) + ".hef"));
        ASSERT_TRUE(hef) << name;
        const oracle::ProtoHEFHef message = test::messageOf(*hef);
        const HefMessageTree real(*hef);
        std::size_t items = 0;
        std::size_t unknown = 0;
        const auto count = [&](const auto &self, const HefTreeItem &item) -> void {
            for (const HefTreeItem &child : real.children(item)) {
                ++(child.field ? items : unknown);
                self(self, child);
            }
        };
        count(count, real.root());
        EXPECT_EQ(items, fieldsOf(message)) << name << ", unknown: " << unknown;
    }
}

} // namespace

} // namespace hefstudio
