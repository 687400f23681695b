// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/group_view.h"

#include <algorithm>

namespace hefstudio {

std::string KeyPath::text() const
{
    std::string text = parent ? parent->text() : std::string();
    if (!text.empty() && !field.empty())
        text += '.';
    text += field;
    if (index >= 0)
        text += '[' + std::to_string(index) + ']';
    return text;
}

void Findings::add(Diagnostic diagnostic, Severity severity)
{
    // A hostile file could have a million faults of the same kind; nobody reads them.
    constexpr std::size_t enough = 100;
    if (m_all.size() >= enough) {
        if (severity != Severity::error ||
            std::ranges::any_of(m_all, [](const auto &d) { return d.severity == Severity::error; }))
            return;
    }
    diagnostic.severity = severity;
    m_all.push_back(std::move(diagnostic));
}

bool Findings::fits(const KeyPath &path, std::string_view field, std::uint64_t value,
                    std::uint64_t limit)
{
    if (value <= limit)
        return true;
    error(at("hef.value-range", path.at(field))
              .with("field", std::string(field))
              .with("value", std::to_string(value))
              .with("limit", std::to_string(limit)));
    return false;
}

std::string printable(std::string_view text)
{
    constexpr std::size_t longest = 256;
    std::string clean;
    for (const char c : text.substr(0, longest))
        clean += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    if (text.size() > longest)
        clean += "…";
    return clean;
}

namespace {

// Net-flow core ops and legacy groups have the same fields under different message types.
template<class CoreOp> CoreOpSource sourceOf(const CoreOp &from, std::string keyPath)
{
    CoreOpSource source;
    source.metadata = from.network_group_metadata();
    source.preliminary = from.preliminary_config();
    source.contexts = from.contexts();
    source.fused = from.fused_layers_metadata();
    source.networkNames.assign(from.networks_names().begin(), from.networks_names().end());
    source.keyPath = std::move(keyPath);
    return source;
}

std::optional<proto::ProtoHEFCoreOp> findCoreOp(const proto::ProtoHEFNetworkGroup &group,
                                                int &position)
{
    position = 0;
    for (const proto::ProtoHEFOp &op : group.ops()) {
        if (op.member() == proto::ProtoHEFOp::core_op_number)
            return op.core_op();
        ++position;
    }
    return std::nullopt;
}

} // namespace

std::vector<CoreOpSource> coreOpsOf(const proto::ProtoHEFNetworkGroup &group,
                                    const FileTraits &traits, const KeyPath &path,
                                    Findings &findings)
{
    std::vector<CoreOpSource> sources;
    if (traits.isNetFlow) {
        int position = -1;
        const auto op = findCoreOp(group, position);
        if (!op) {
            findings.error(findings.at("hef.no-core-op", path.at("ops")));
            return sources;
        }
        const KeyPath ops = path.at("ops", position);
        const KeyPath opPath = ops.at("core_op");
        if (!traits.arch.isMultiLayout()) {
            sources.push_back(sourceOf(*op, opPath.text()));
        } else {
            int i = 0;
            for (const proto::ProtoHEFPartialCoreOp &partial : op->partial_core_ops()) {
                const KeyPath partialPath = opPath.at("partial_core_ops", i++);
                sources.push_back(sourceOf(partial.core_op(), partialPath.at("core_op").text()));
                sources.back().layout = partial.layout().partial_clusters_layout_bitmap();
            }
        }
    } else if (traits.arch.isMultiLayout()) {
        int i = 0;
        for (const proto::ProtoHEFPartialNetworkGroup &partial : group.partial_network_groups()) {
            const KeyPath partialPath = path.at("partial_network_groups", i++);
            sources.push_back(
                sourceOf(partial.network_group(), partialPath.at("network_group").text()));
            sources.back().layout = partial.layout().partial_clusters_layout_bitmap();
        }
    } else {
        sources.push_back(sourceOf(group, path.text()));
    }
    if (sources.empty())
        findings.error(findings.at("hef.missing-layouts", path)
                           .with("chip", std::string(traits.arch.productName())));
    for (const CoreOpSource &source : sources) {
        if (source.contexts.empty()) {
            const KeyPath here{nullptr, source.keyPath};
            findings.error(findings.at("hef.no-context-in-file", here));
        }
    }
    return sources;
}

} // namespace hefstudio
