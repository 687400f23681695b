// Our table of the message against what protobuf makes of a schema file.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/schema.h"

#include "hef.pb.h"

#include <gtest/gtest.h>

namespace hefstudio {

namespace {

using google::protobuf::FieldDescriptor;

FieldKind kindOf(const FieldDescriptor &field)
{
    switch (field.type()) {
    case FieldDescriptor::TYPE_INT32:
        return FieldKind::int32;
    case FieldDescriptor::TYPE_UINT32:
        return FieldKind::uint32;
    case FieldDescriptor::TYPE_UINT64:
        return FieldKind::uint64;
    case FieldDescriptor::TYPE_BOOL:
        return FieldKind::boolean;
    case FieldDescriptor::TYPE_FLOAT:
        return FieldKind::float32;
    case FieldDescriptor::TYPE_DOUBLE:
        return FieldKind::float64;
    case FieldDescriptor::TYPE_STRING:
        return FieldKind::string;
    case FieldDescriptor::TYPE_ENUM:
        return FieldKind::enumeration;
    case FieldDescriptor::TYPE_MESSAGE:
        return FieldKind::message;
    default:
        return FieldKind::bytes;
    }
}

FieldLabel labelOf(const FieldDescriptor &field)
{
    if (field.is_repeated())
        return FieldLabel::repeated;
    if (field.real_containing_oneof())
        return FieldLabel::member;
    return field.has_optional_keyword() ? FieldLabel::optional : FieldLabel::singular;
}

const google::protobuf::FileDescriptor &file()
{
    return *oracle::ProtoHEFHef::descriptor()->file();
}

TEST(Schema, HasTheMessagesAndFieldsOfTheSchemaFile)
{
    ASSERT_EQ(allMessages().size(), std::size_t(file().message_type_count()));
    for (const MessageInfo &message : allMessages()) {
        const auto *expected = file().FindMessageTypeByName(std::string(message.name));
        ASSERT_TRUE(expected) << message.name;
        EXPECT_EQ(&messageInfo(message.id), &message);
        EXPECT_EQ(message.fields.size(), std::size_t(expected->field_count())) << message.name;
        EXPECT_LE(expected->real_oneof_decl_count(), 1) << message.name;
        for (const FieldInfo &field : message.fields) {
            const auto *found = expected->FindFieldByNumber(int(field.number));
            ASSERT_TRUE(found) << message.name << '.' << field.name;
            const std::string where = std::string(message.name) + '.' + std::string(field.name);
            EXPECT_EQ(found->name(), field.name) << where;
            EXPECT_EQ(kindOf(*found), field.kind) << where;
            EXPECT_EQ(labelOf(*found), field.label) << where;
            EXPECT_EQ(message.field(field.number), &field) << where;
            EXPECT_LT(field.number, 64U) << "sets of fields are 64 bits";
            EXPECT_FALSE(field.meaning.empty()) << where;
            if (field.kind == FieldKind::message) {
                EXPECT_EQ(messageInfo(field.message).name, found->message_type()->name()) << where;
            }
            if (field.kind == FieldKind::enumeration) {
                EXPECT_EQ(enumInfo(field.enumeration).name, found->enum_type()->name()) << where;
            }
        }
    }
}

TEST(Schema, HasTheEnumerationsOfTheSchemaFile)
{
    ASSERT_EQ(allEnums().size(), std::size_t(file().enum_type_count()));
    for (const EnumInfo &enumeration : allEnums()) {
        const auto *expected = file().FindEnumTypeByName(std::string(enumeration.name));
        ASSERT_TRUE(expected) << enumeration.name;
        EXPECT_EQ(enumeration.values.size(), std::size_t(expected->value_count()));
        for (const EnumValueInfo &value : enumeration.values) {
            const auto *found = expected->FindValueByName(std::string(value.name));
            ASSERT_TRUE(found) << value.name;
            EXPECT_EQ(std::uint32_t(found->number()), value.value) << value.name;
        }
    }
    // A value that changed its name answers with the newest one.
    const EnumInfo &archs = enumInfo(EnumId::ProtoHEFHwArch);
    EXPECT_EQ(archs.value(103)->name, "PROTO__HW_ARCH__HAILO1XH");
    EXPECT_EQ(archs.value(77), nullptr);
}

TEST(Schema, KnowsTheReleaseOfAField)
{
    const MessageInfo &action = messageInfo(MessageId::ProtoHEFAction);
    EXPECT_EQ(action.field("write_data_ccw_ptr")->since.text(), "4.18");
    EXPECT_EQ(action.field(19), nullptr);
    EXPECT_EQ(action.field("nothing"), nullptr);
}

} // namespace

} // namespace hefstudio
