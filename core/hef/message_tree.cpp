// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/message_tree.h"

#include "hef/ccw.h"
#include "hef/field_text.h"
#include "hef/message_view.h"

#include <map>

namespace hefstudio {

namespace {

// What a number means beyond itself, by the field it stands in.
std::string numberRemark(const HefTreeItem &item, const Hef &hef)
{
    using namespace proto;
    const std::uint64_t value = item.wire.value;
    const auto is = [&](MessageId message, std::uint32_t number) {
        return item.parent == message && item.field->number == number;
    };
    if (is(MessageId::ProtoHEFHeader, ProtoHEFHeader::hw_arch_number))
        return std::string(HefArch{static_cast<std::uint32_t>(value)}.productName());
    if (item.field->kind == FieldKind::enumeration) {
        const auto *known =
            enumInfo(item.field->enumeration).value(static_cast<std::uint32_t>(value));
        return known ? std::string(known->meaning) : "a value this version does not know";
    }
    if (is(MessageId::ProtoHEFHeader, ProtoHEFHeader::timestamp_number))
        return dateText(value);
    if (is(MessageId::ProtoHEFExtension, ProtoHEFExtension::type_index_number) ||
        is(MessageId::ProtoHEFOptionalExtension, ProtoHEFOptionalExtension::type_index_number)) {
        const auto *known =
            enumInfo(EnumId::ProtoHEFExtensionType).value(static_cast<std::uint32_t>(value));
        return known ? std::string(known->name) + ", " + std::string(known->meaning) + ", since " +
                           known->since.text()
                     : "an extension this version does not know";
    }
    if (is(MessageId::ProtoHEFEdgeLayerBase, ProtoHEFEdgeLayerBase::format_number)) {
        const auto layout = layoutFromCode(static_cast<std::uint32_t>(value));
        return layout ? std::string(orderText(layout->device)) + " on the device, " +
                            std::string(orderText(layout->host)) + " on the host"
                      : "a layout this version does not know";
    }
    if (is(MessageId::ProtoHEFPhysicalLayout,
           ProtoHEFPhysicalLayout::partial_clusters_layout_bitmap_number))
        return clustersText(static_cast<std::uint32_t>(value));
    if (is(MessageId::ProtoHEFContextSwitchInformation,
           ProtoHEFContextSwitchInformation::buffers_number) &&
        value == 0xffffffff)
        return "unused";
    if (is(MessageId::ProtoHEFActionWriteDataCcwPtr,
           ProtoHEFActionWriteDataCcwPtr::offset_number) &&
        value <= hef.container().bytes.size())
        return "byte " + groupedText(hef.container().ccwOrigin + value) + " of the file";
    return {};
}

void appendTree(const HefMessageTree &tree, const HefTreeItem &item, std::size_t level,
                std::string &text)
{
    for (const HefTreeItem &child : tree.children(item)) {
        text.append(2 * level, ' ');
        text += tree.name(child);
        if (child.isMessage()) {
            text += " {\n";
            appendTree(tree, child, level + 1, text);
            text.append(2 * level, ' ');
            text += "}\n";
            continue;
        }
        text += ": " + tree.value(child);
        const std::string remark = tree.remark(child);
        if (!remark.empty())
            text += "  (" + remark + ")";
        text += '\n';
    }
}

} // namespace

HefTreeItem HefMessageTree::root() const
{
    HefTreeItem item;
    item.wire.type = WireType::bytes;
    item.wire.payload = m_hef.messageBytes();
    item.wire.whole = item.wire.payload;
    return item;
}

std::vector<HefTreeItem> HefMessageTree::children(const HefTreeItem &item) const
{
    std::vector<HefTreeItem> all;
    if (!item.isMessage())
        return all;
    const MessageInfo &message = messageInfo(item.message());
    std::map<std::uint32_t, int> entries;
    WireReader reader(item.wire.payload);
    WireField wire;
    while (reader.next(wire)) {
        HefTreeItem child;
        child.parent = item.message();
        child.wire = wire;
        const FieldInfo *field = message.field(wire.number);
        const bool isPacked =
            field && field->isRepeated() && field->isNumber() && wire.type == WireType::bytes;
        if (field && (field->wireType() == wire.type || isPacked))
            child.field = field;
        if (child.field && field->isRepeated() && !isPacked)
            child.index = entries[wire.number]++;
        all.push_back(child);
    }
    return all;
}

std::string HefMessageTree::name(const HefTreeItem &item) const
{
    if (item.parent == MessageId::none)
        return std::string(messageInfo(rootMessage).name);
    if (!item.field)
        return "field " + std::to_string(item.wire.number);
    std::string name(item.field->name);
    if (item.index >= 0)
        name += '[' + std::to_string(item.index) + ']';
    return name;
}

std::string HefMessageTree::type(const HefTreeItem &item) const
{
    if (item.isMessage())
        return std::string(messageInfo(item.message()).name);
    return item.field ? fieldTypeText(*item.field) : "unknown";
}

std::string HefMessageTree::value(const HefTreeItem &item) const
{
    if (item.isMessage())
        return {};
    return item.field ? fieldValueText(*item.field, item.wire) : unknownValueText(item.wire);
}

std::string HefMessageTree::remark(const HefTreeItem &item) const
{
    if (item.isMessage())
        return {};
    if (!item.field)
        return "not in the schema up to HailoRT 5.2";
    if (item.wire.type == WireType::varint)
        return numberRemark(item, m_hef);
    if (item.parent == MessageId::ProtoHEFActionWriteDataCcw && m_hef.arch().isHailo8Family()) {
        const CcwListing listing = listCcw(item.wire.payload);
        if (listing.restBytes == 0 && !listing.records.empty())
            return countedText(listing.records.size(), "record") + ", " +
                   countedText(listing.words, "word");
    }
    return {};
}

HefSection HefMessageTree::place(const HefTreeItem &item) const
{
    const auto &file = m_hef.container();
    const std::byte *begin = item.wire.whole.data();
    if (begin < file.bytes.data() || begin > file.bytes.data() + file.bytes.size())
        return {};
    return {static_cast<std::uint64_t>(begin - file.bytes.data()), item.wire.whole.size()};
}

std::string hefTreeText(const Hef &hef)
{
    const HefMessageTree tree(hef);
    std::string text;
    appendTree(tree, tree.root(), 0, text);
    return text;
}

} // namespace hefstudio
