// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/message_node.h"

#include <algorithm>
#include <cassert>

namespace hefstudio {

namespace {

constexpr int deepestMessage = 100; // as protobuf

} // namespace

const FieldInfo &MessageNode::info(std::uint32_t number) const
{
    const FieldInfo *found = messageInfo(m_id).field(number);
    assert(found); // numbers come from the schema's own constants
    return *found;
}

std::optional<MessageNode> MessageNode::decode(MessageId id, std::span<const std::byte> bytes,
                                               MessageForm form)
{
    MessageNode node(id);
    if (!node.read(bytes, form, 0))
        return std::nullopt;
    return node;
}

bool MessageNode::read(std::span<const std::byte> bytes, MessageForm form, int depth)
{
    if (depth > deepestMessage)
        return false;
    WireReader reader(bytes);
    WireField field;
    while (reader.next(field)) {
        if (!readField(field, form, depth))
            return false;
    }
    return !reader.isBroken();
}

bool MessageNode::readField(const WireField &from, MessageForm form, int depth)
{
    const FieldInfo *known = messageInfo(m_id).field(from.number);
    if (known && known->wireType() != from.type)
        known = nullptr; // travels as an unknown field; packed numbers are bytes all the same
    const bool merges = known && form == MessageForm::merged && !known->isRepeated();
    if (merges && known->label == FieldLabel::member)
        clearOtherMembers(from.number);
    Field *to = merges ? find(from.number, from.type) : nullptr;
    if (!to) {
        m_fields.push_back({});
        to = &m_fields.back();
    }
    to->number = from.number;
    to->type = from.type;
    to->value = from.value;
    if (known && known->kind == FieldKind::message) {
        if (!std::holds_alternative<std::unique_ptr<MessageNode>>(to->content))
            to->content = std::make_unique<MessageNode>(known->message);
        return std::get<std::unique_ptr<MessageNode>>(to->content)
            ->read(from.payload, form, depth + 1);
    }
    to->content = from.type == WireType::group ? from.whole : from.payload;
    return true;
}

void MessageNode::clearOtherMembers(std::uint32_t number)
{
    std::erase_if(m_fields, [&](const Field &field) {
        const FieldInfo *other = messageInfo(m_id).field(field.number);
        return field.number != number && other && other->label == FieldLabel::member &&
               field.type == other->wireType();
    });
}

MessageNode::Field *MessageNode::find(std::uint32_t number, WireType type)
{
    const auto found = std::ranges::find_if(
        m_fields, [&](const Field &field) { return field.number == number && field.type == type; });
    return found == m_fields.end() ? nullptr : &*found;
}

// Behind the last field that is not higher: in a file of ordered fields the order stays.
MessageNode::Field &MessageNode::insert(std::uint32_t number, WireType type)
{
    auto at = m_fields.end();
    while (at != m_fields.begin() && std::prev(at)->number > number)
        --at;
    at = m_fields.insert(at, Field{});
    at->number = number;
    at->type = type;
    return *at;
}

void MessageNode::setNumber(std::uint32_t number, std::uint64_t value)
{
    const FieldInfo &field = info(number);
    assert(!field.isRepeated() && field.isNumber());
    Field *found = find(number, field.wireType());
    if (value == 0 && field.label == FieldLabel::singular) {
        clear(number);
        return;
    }
    (found ? *found : insert(number, field.wireType())).value = value;
}

void MessageNode::addNumber(std::uint32_t number, std::uint64_t value)
{
    const FieldInfo &field = info(number);
    assert(field.isRepeated() && field.isNumber());
    Field *found = find(number, WireType::bytes);
    Field &packed = found ? *found : insert(number, WireType::bytes);
    if (const auto *borrowed = std::get_if<std::span<const std::byte>>(&packed.content))
        packed.content = Bytes(borrowed->begin(), borrowed->end());
    Bytes &bytes = std::get<Bytes>(packed.content);
    switch (field.wireType()) {
    case WireType::fixed32:
        appendFixed(bytes, value, 4);
        break;
    case WireType::fixed64:
        appendFixed(bytes, value, 8);
        break;
    default:
        appendVarint(bytes, value);
        break;
    }
}

void MessageNode::setBytes(std::uint32_t number, std::span<const std::byte> bytes)
{
    if (bytes.empty()) {
        clear(number);
        return;
    }
    Field *found = find(number, WireType::bytes);
    (found ? *found : insert(number, WireType::bytes)).content = Bytes(bytes.begin(), bytes.end());
}

void MessageNode::addBytes(std::uint32_t number, std::span<const std::byte> bytes)
{
    insert(number, WireType::bytes).content = Bytes(bytes.begin(), bytes.end());
}

MessageNode &MessageNode::child(std::uint32_t number)
{
    const FieldInfo &field = info(number);
    assert(field.kind == FieldKind::message && !field.isRepeated());
    if (field.label == FieldLabel::member)
        clearOtherMembers(number);
    if (Field *found = find(number, WireType::bytes))
        return *std::get<std::unique_ptr<MessageNode>>(found->content);
    auto made = std::make_unique<MessageNode>(field.message);
    MessageNode &result = *made;
    insert(number, WireType::bytes).content = std::move(made);
    return result;
}

MessageNode &MessageNode::addChild(std::uint32_t number)
{
    const FieldInfo &field = info(number);
    assert(field.kind == FieldKind::message && field.isRepeated());
    auto made = std::make_unique<MessageNode>(field.message);
    MessageNode &result = *made;
    insert(number, WireType::bytes).content = std::move(made);
    return result;
}

MessageNode *MessageNode::childAt(std::uint32_t number, std::size_t index)
{
    for (Field &field : m_fields) {
        if (field.number == number && field.type == WireType::bytes && index-- == 0)
            return std::get<std::unique_ptr<MessageNode>>(field.content).get();
    }
    return nullptr;
}

std::size_t MessageNode::count(std::uint32_t number) const
{
    return static_cast<std::size_t>(std::ranges::count(m_fields, number, &Field::number));
}

void MessageNode::clear(std::uint32_t number)
{
    std::erase_if(m_fields, [&](const Field &field) { return field.number == number; });
}

void MessageNode::eraseAt(std::uint32_t number, std::size_t index)
{
    std::erase_if(m_fields,
                  [&](const Field &field) { return field.number == number && index-- == 0; });
}

namespace {

std::size_t tagBytes(std::uint32_t number)
{
    return varintBytes(std::uint64_t(number) << 3);
}

} // namespace

std::size_t MessageNode::measure() const
{
    m_size = 0;
    for (const Field &field : m_fields) {
        std::size_t content = 0;
        if (const auto *message = std::get_if<std::unique_ptr<MessageNode>>(&field.content))
            content = (*message)->measure();
        else if (const auto *own = std::get_if<Bytes>(&field.content))
            content = own->size();
        else
            content = std::get<std::span<const std::byte>>(field.content).size();
        switch (field.type) {
        case WireType::varint:
            m_size += tagBytes(field.number) + varintBytes(field.value);
            break;
        case WireType::fixed64:
            m_size += tagBytes(field.number) + 8;
            break;
        case WireType::fixed32:
            m_size += tagBytes(field.number) + 4;
            break;
        case WireType::bytes:
            m_size += tagBytes(field.number) + varintBytes(content) + content;
            break;
        default:
            m_size += content;
            break;
        }
    }
    return m_size;
}

void MessageNode::write(Bytes &to) const
{
    for (const Field &field : m_fields) {
        const auto *message = std::get_if<std::unique_ptr<MessageNode>>(&field.content);
        std::span<const std::byte> content;
        if (const auto *own = std::get_if<Bytes>(&field.content))
            content = *own;
        else if (const auto *borrowed = std::get_if<std::span<const std::byte>>(&field.content))
            content = *borrowed;
        if (field.type != WireType::group)
            appendTag(to, field.number, field.type);
        if (field.type == WireType::varint)
            appendVarint(to, field.value);
        else if (field.type == WireType::fixed64)
            appendFixed(to, field.value, 8);
        else if (field.type == WireType::fixed32)
            appendFixed(to, field.value, 4);
        else if (field.type == WireType::bytes)
            appendVarint(to, message ? (*message)->m_size : content.size());
        if (message)
            (*message)->write(to);
        else
            to.insert(to.end(), content.begin(), content.end());
    }
}

Bytes MessageNode::encode() const
{
    Bytes bytes;
    bytes.reserve(measure());
    write(bytes);
    return bytes;
}

} // namespace hefstudio
