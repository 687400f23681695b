// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/message_check.h"

namespace hefstudio {

namespace {

constexpr int deepestMessage = 100;

bool isUtf8(std::span<const std::byte> text)
{
    const auto at = [&](std::size_t i) { return std::to_integer<unsigned>(text[i]); };
    for (std::size_t i = 0; i < text.size();) {
        const unsigned first = at(i);
        if (first < 0x80) {
            ++i;
            continue;
        }
        const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (first < 0xc2 || first > 0xf4 || text.size() - i < length)
            return false;
        const unsigned second = at(i + 1);
        // No overlong forms, no surrogates, nothing above U+10FFFF.
        const unsigned low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        const unsigned high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < low || second > high)
            return false;
        for (std::size_t k = 2; k < length; ++k) {
            if ((at(i + k) & 0xc0) != 0x80)
                return false;
        }
        i += length;
    }
    return true;
}

class Checker {
public:
    explicit Checker(std::span<const std::byte> all) : m_all(all) {}

    bool check(MessageId id, std::span<const std::byte> bytes, int depth);
    MessageCheck result() const { return m_result; }

private:
    bool unreadable(std::span<const std::byte> at)
    {
        if (m_result.state != MessageState::unreadable && !at.empty())
            m_result.offset = static_cast<std::size_t>(at.data() - m_all.data());
        m_result.state = MessageState::unreadable;
        return false;
    }
    bool checkPacked(const FieldInfo &info, const WireField &field);
    bool checkField(const FieldInfo &info, const WireField &field, int depth);

    std::span<const std::byte> m_all;
    MessageCheck m_result;
};

bool Checker::checkPacked(const FieldInfo &info, const WireField &field)
{
    if (info.wireType() == WireType::fixed32 || info.wireType() == WireType::fixed64) {
        const std::size_t width = info.wireType() == WireType::fixed32 ? 4 : 8;
        return field.payload.size() % width == 0 || unreadable(field.whole);
    }
    std::uint64_t value = 0;
    for (std::size_t at = 0; at < field.payload.size();) {
        if (!readVarint(field.payload, at, value))
            return unreadable(field.whole);
    }
    return true;
}

bool Checker::checkField(const FieldInfo &info, const WireField &field, int depth)
{
    if (field.type != info.wireType()) {
        const bool isPacked = info.isRepeated() && info.isNumber() && field.type == WireType::bytes;
        return !isPacked || checkPacked(info, field);
    }
    if (info.kind == FieldKind::message)
        return check(info.message, field.payload, depth + 1);
    if (info.kind == FieldKind::string && !isUtf8(field.payload))
        return unreadable(field.whole);
    return true;
}

bool Checker::check(MessageId id, std::span<const std::byte> bytes, int depth)
{
    if (depth > deepestMessage)
        return unreadable(bytes);
    const MessageInfo &message = messageInfo(id);
    std::uint64_t seen = 0; // bit 0: some member of the oneof
    WireReader reader(bytes);
    WireField field;
    std::span<const std::byte> last = bytes.first(0);
    while (reader.next(field)) {
        last = field.whole;
        const FieldInfo *info = message.field(field.number);
        if (!info)
            continue;
        if (!checkField(*info, field, depth))
            return false;
        if (info->isRepeated() || field.type != info->wireType())
            continue;
        const std::uint64_t bit = std::uint64_t(1)
                                  << (info->label == FieldLabel::member ? 0 : field.number);
        if ((seen & bit) != 0)
            m_result.state = MessageState::overlaid;
        seen |= bit;
    }
    if (!reader.isBroken())
        return true;
    const auto end = static_cast<std::size_t>(last.data() + last.size() - bytes.data());
    return unreadable(bytes.subspan(last.empty() ? 0 : end));
}

} // namespace

MessageCheck checkMessage(MessageId id, std::span<const std::byte> bytes)
{
    Checker checker(bytes);
    checker.check(id, bytes, 0);
    return checker.result();
}

} // namespace hefstudio
