// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/diff_fields.h"

#include "hef/message_tree.h"
#include "hef/message_view.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace hefstudio {

namespace {

constexpr std::size_t enough = 100;

// Compared by the views already, whole or by this field.
bool isShownElsewhere(MessageId message, std::uint32_t number)
{
    using namespace proto;
    static const std::set<std::pair<MessageId, std::uint32_t>> fields{
        {ProtoHEFHeader::id, ProtoHEFHeader::hw_arch_number},
        {ProtoHEFHeader::id, ProtoHEFHeader::timestamp_number},
        {ProtoHEFHeader::id, ProtoHEFHeader::sdk_version_str_number},
        {ProtoHEFHef::id, ProtoHEFHef::extensions_number},
        {ProtoHEFHef::id, ProtoHEFHef::optional_extensions_number},
        {ProtoHEFHef::id, ProtoHEFHef::external_resources_number},
        {ProtoHEFContext::id, ProtoHEFContext::operations_number},
        {ProtoHEFPreliminaryConfig::id, ProtoHEFPreliminaryConfig::operation_number},
        {ProtoHEFNetworkGroupMetadata::id, ProtoHEFNetworkGroupMetadata::network_group_name_number},
        {ProtoHEFNetworkGroupMetadata::id, ProtoHEFNetworkGroupMetadata::bottleneck_fps_number},
        {ProtoHEFNetworkGroupMetadata::id, ProtoHEFNetworkGroupMetadata::latency_number},
        {ProtoHEFNetworkGroupMetadata::id, ProtoHEFNetworkGroupMetadata::cfg_channels_count_number},
        {ProtoHEFNetworkGroupMetadata::id,
         ProtoHEFNetworkGroupMetadata::cfg_channels_config_number},
        {ProtoHEFEdgeLayerInfo::id, ProtoHEFEdgeLayerInfo::numeric_info_number},
    };
    // Shapes and transfer sizes of a stream, but not where its buffers lie.
    const bool isShape = message == ProtoHEFEdgeLayerBase::id &&
                         number != ProtoHEFEdgeLayerBase::buffer_indices_number &&
                         number != ProtoHEFEdgeLayerBase::additional_info_number;
    return isShape || fields.contains({message, number});
}

class FieldDiffer {
public:
    FieldDiffer(const Hef &a, const Hef &b, const std::vector<HefDifference> &said) : m_a(a), m_b(b)
    {
        for (const HefDifference &difference : said)
            m_quoted.insert(difference.a + '\n' + difference.b);
    }

    void run()
    {
        walk(m_a.root(), m_b.root(), {});
        if (m_count > enough)
            m_differences.push_back(
                {"message", {}, {}, std::to_string(m_count - enough) + " further fields"});
    }
    std::vector<HefDifference> take() { return std::move(m_differences); }

private:
    using Key = std::tuple<std::uint32_t, int, WireType>; // number, entry, how it travels

    // The fields of a message by what identifies them; unknown ones by number and occurrence.
    static std::map<Key, HefTreeItem> byKey(const HefMessageTree &tree, const HefTreeItem &message)
    {
        std::map<Key, HefTreeItem> items;
        for (const HefTreeItem &item : tree.children(message)) {
            Key key{item.wire.number, item.index, item.wire.type};
            while (!item.field && items.contains(key))
                ++std::get<1>(key);
            items.emplace(key, item);
        }
        return items;
    }

    void walk(const HefTreeItem &a, const HefTreeItem &b, const std::string &path)
    {
        const auto inA = byKey(m_a, a);
        const auto inB = byKey(m_b, b);
        std::set<Key> keys;
        for (const auto *map : {&inA, &inB}) {
            for (const auto &[key, item] : *map)
                keys.insert(key);
        }
        for (const Key &key : keys) {
            const auto x = inA.find(key);
            const auto y = inB.find(key);
            const bool isOnlyB = x == inA.end();
            const HefTreeItem &some = isOnlyB ? y->second : x->second;
            if (isShownElsewhere(some.parent, some.wire.number))
                continue;
            const std::string here =
                (path.empty() ? "" : path + '.') + (isOnlyB ? m_b : m_a).name(some);
            if (isOnlyB || y == inB.end())
                compareValues(isOnlyB ? nullptr : &some, isOnlyB ? &some : nullptr, here);
            else if (!std::ranges::equal(x->second.wire.whole, y->second.wire.whole)) {
                if (some.isMessage())
                    walk(x->second, y->second, here);
                else
                    compareValues(&x->second, &y->second, here);
            }
        }
    }

    void compareValues(const HefTreeItem *a, const HefTreeItem *b, const std::string &path)
    {
        const auto text = [](const HefMessageTree &tree, const HefTreeItem *item) {
            if (!item)
                return std::string();
            return item->isMessage() ? "present" : tree.value(*item);
        };
        HefDifference difference{path, text(m_a, a), text(m_b, b), {}};
        const HefTreeItem &some = a ? *a : *b;
        const bool isOfPad = some.parent == MessageId::ProtoHEFEdgeLayerNumericInfo ||
                             some.parent == MessageId::ProtoHEFPad;
        if (isOfPad && m_quoted.contains(difference.a + '\n' + difference.b))
            return;
        difference.meaning = some.field ? std::string(some.field->meaning) : "an unknown field";
        const std::string name = path.substr(path.rfind('.') + 1);
        if (!m_said.insert(name + '\n' + difference.a + '\n' + difference.b).second)
            return; // the same change in another form of the core op
        if (++m_count <= enough)
            m_differences.push_back(std::move(difference));
    }

    HefMessageTree m_a;
    HefMessageTree m_b;
    std::set<std::string> m_said;
    std::set<std::string> m_quoted;
    std::size_t m_count = 0;
    std::vector<HefDifference> m_differences;
};

} // namespace

std::vector<HefDifference> diffRemainingFields(const Hef &a, const Hef &b,
                                               const std::vector<HefDifference> &said)
{
    FieldDiffer differ(a, b, said);
    differ.run();
    return differ.take();
}

} // namespace hefstudio
