// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/layout_rows.h"

#include <algorithm>
#include <numeric>

namespace hefstudio {

std::uint32_t RowGraph::addItem(int row, Kind kind)
{
    const auto id = std::uint32_t(m_items.size());
    auto &items = m_rows[std::size_t(row)];
    m_items.push_back({row, kind, std::uint32_t(items.size()), 0, {}, {}});
    items.push_back(id);
    return id;
}

void RowGraph::addLink(std::uint32_t upper, std::uint32_t lower)
{
    m_items[upper].lower.push_back(lower);
    m_items[lower].upper.push_back(upper);
}

void RowGraph::sortRow(std::size_t row, Towards towards)
{
    auto &items = m_rows[row];
    if (items.size() < 2)
        return;
    std::vector<std::pair<double, std::uint32_t>> keyed;
    keyed.reserve(items.size());
    for (const std::uint32_t id : items) {
        const Item &item = m_items[id];
        const auto &links = towards == Towards::upper ? item.upper : item.lower;
        double key = item.position;
        if (!links.empty()) {
            key = 0;
            for (const std::uint32_t other : links)
                key += m_items[other].position;
            key /= double(links.size());
        }
        keyed.emplace_back(key, id);
    }
    std::stable_sort(keyed.begin(), keyed.end(),
                     [](const auto &a, const auto &b) { return a.first < b.first; });
    for (std::size_t i = 0; i < items.size(); ++i) {
        items[i] = keyed[i].second;
        m_items[items[i]].position = std::uint32_t(i);
    }
}

// Inversions between neighbouring rows, counted with a Fenwick tree.
std::int64_t RowGraph::crossings() const
{
    std::int64_t total = 0;
    std::vector<std::int64_t> tree;
    std::vector<std::uint32_t> ends;
    for (std::size_t row = 0; row + 1 < m_rows.size(); ++row) {
        tree.assign(m_rows[row + 1].size() + 1, 0);
        std::int64_t seen = 0;
        for (const std::uint32_t id : m_rows[row]) {
            ends.clear();
            for (const std::uint32_t other : m_items[id].lower)
                ends.push_back(m_items[other].position);
            for (const std::uint32_t end : ends) {
                std::int64_t notRight = 0;
                for (std::size_t i = end + 1; i > 0; i -= i & (~i + 1))
                    notRight += tree[i];
                total += seen - notRight;
            }
            for (const std::uint32_t end : ends) {
                for (std::size_t i = end + 1; i < tree.size(); i += i & (~i + 1))
                    ++tree[i];
                ++seen;
            }
        }
    }
    return total;
}

bool RowGraph::order(const std::stop_token &stop)
{
    auto best = m_rows;
    std::int64_t fewest = crossings();
    constexpr int sweeps = 6;
    for (int sweep = 0; sweep < sweeps && fewest > 0; ++sweep) {
        for (std::size_t i = 1; i < m_rows.size(); ++i) {
            if (stop.stop_requested())
                return false;
            if (sweep % 2 == 0)
                sortRow(i, Towards::upper);
            else
                sortRow(m_rows.size() - 1 - i, Towards::lower);
        }
        const std::int64_t now = crossings();
        if (now < fewest) {
            fewest = now;
            best = m_rows;
        }
    }
    m_rows = std::move(best);
    for (const auto &items : m_rows)
        for (std::size_t i = 0; i < items.size(); ++i)
            m_items[items[i]].position = std::uint32_t(i);
    return !stop.stop_requested();
}

double RowGraph::distance(std::uint32_t left, std::uint32_t right, const Spacing &spacing) const
{
    const auto half = [&](std::uint32_t id) {
        return m_items[id].kind == Kind::node ? spacing.nodeWidth / 2 : 0;
    };
    const bool bothBends = m_items[left].kind == Kind::bend && m_items[right].kind == Kind::bend;
    return half(left) + half(right) + (bothBends ? spacing.gap * 0.6 : spacing.gap);
}

// Each item wants to stand over the mean of its links; the closest positions that keep order and
// distance are an isotonic regression, found by merging blocks that would overlap.
void RowGraph::placeRow(std::size_t row, Towards towards, const Spacing &spacing)
{
    const auto &items = m_rows[row];
    struct Block {
        double weightedSum, weight;
        std::size_t count;
        double mean() const { return weightedSum / weight; }
    };
    std::vector<Block> blocks;
    std::vector<double> offset(items.size(), 0);
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i > 0)
            offset[i] = offset[i - 1] + distance(items[i - 1], items[i], spacing);
        const Item &item = m_items[items[i]];
        double sum = 0;
        double weight = 0;
        const auto add = [&](const std::vector<std::uint32_t> &links) {
            for (const std::uint32_t other : links) {
                // The same from both ends of a link: else every side branch pushes the trunk aside.
                const int bends = (item.kind == Kind::bend) + (m_items[other].kind == Kind::bend);
                const double pull = bends == 2 ? 6 : bends == 1 ? 2 : 1;
                sum += pull * m_items[other].x;
                weight += pull;
            }
        };
        if (towards != Towards::lower)
            add(item.upper);
        if (towards != Towards::upper)
            add(item.lower);
        const double target = weight > 0 ? sum / weight : item.x;
        const double strength = weight > 0 ? weight : 0.1;
        blocks.push_back({(target - offset[i]) * strength, strength, 1});
        while (blocks.size() > 1 && blocks[blocks.size() - 2].mean() > blocks.back().mean()) {
            const Block last = blocks.back();
            blocks.pop_back();
            blocks.back().weightedSum += last.weightedSum;
            blocks.back().weight += last.weight;
            blocks.back().count += last.count;
        }
    }
    std::size_t i = 0;
    for (const Block &block : blocks)
        for (std::size_t k = 0; k < block.count; ++k, ++i)
            m_items[items[i]].x = block.mean() + offset[i];
}

// A link that is the only one on both of its ends becomes straight where the row has room: chains
// stand upright instead of in small steps.
void RowGraph::straightenRow(std::size_t row, const Spacing &spacing)
{
    const auto &items = m_rows[row];
    for (std::size_t i = 0; i < items.size(); ++i) {
        Item &item = m_items[items[i]];
        if (item.upper.size() != 1 || m_items[item.upper[0]].lower.size() != 1)
            continue;
        const double wanted = m_items[item.upper[0]].x;
        const bool fitsLeft =
            i == 0 || wanted - m_items[items[i - 1]].x >= distance(items[i - 1], items[i], spacing);
        const bool fitsRight =
            i + 1 == items.size() ||
            m_items[items[i + 1]].x - wanted >= distance(items[i], items[i + 1], spacing);
        if (fitsLeft && fitsRight)
            item.x = wanted;
    }
}

bool RowGraph::place(const Spacing &spacing, const std::stop_token &stop)
{
    for (const auto &items : m_rows) {
        double x = 0;
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (i > 0)
                x += distance(items[i - 1], items[i], spacing);
            m_items[items[i]].x = x;
        }
        for (const std::uint32_t id : items)
            m_items[id].x -= x / 2;
    }
    constexpr int sweeps = 16;
    for (int sweep = 0; sweep < sweeps; ++sweep)
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            if (stop.stop_requested())
                return false;
            if (sweep >= 4)
                placeRow(sweep % 2 == 0 ? i : m_rows.size() - 1 - i, Towards::both, spacing);
            else if (sweep % 2 == 0)
                placeRow(i, Towards::upper, spacing);
            else
                placeRow(m_rows.size() - 1 - i, Towards::lower, spacing);
        }
    for (std::size_t row = 0; row < m_rows.size(); ++row)
        straightenRow(row, spacing);
    return true;
}

} // namespace hefstudio
