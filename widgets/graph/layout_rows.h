// The inner part of the layout: items in rows, linked between neighbouring rows only. order()
// reduces crossings, place() gives each item an x so that nothing overlaps and links are straight.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

namespace hefstudio {

class RowGraph {
public:
    enum class Kind : std::uint8_t { node, bend };
    struct Spacing {
        double nodeWidth = 0;
        double gap = 0;
    };

    explicit RowGraph(int rows) : m_rows(std::size_t(rows)) {}

    std::uint32_t addItem(int row, Kind kind);
    // `lower` lies one row below `upper`.
    void addLink(std::uint32_t upper, std::uint32_t lower);

    // Both answer false when stopped.
    bool order(const std::stop_token &stop);
    bool place(const Spacing &spacing, const std::stop_token &stop);

    std::uint32_t itemCount() const { return std::uint32_t(m_items.size()); }
    int row(std::uint32_t item) const { return m_items[item].row; }
    double x(std::uint32_t item) const { return m_items[item].x; } // of its centre

private:
    enum class Towards { upper, lower, both };
    struct Item {
        int row = 0;
        Kind kind = Kind::node;
        std::uint32_t position = 0; // within its row
        double x = 0;
        std::vector<std::uint32_t> upper, lower;
    };

    void sortRow(std::size_t row, Towards towards);
    std::int64_t crossings() const;
    void placeRow(std::size_t row, Towards towards, const Spacing &spacing);
    void straightenRow(std::size_t row, const Spacing &spacing);
    double distance(std::uint32_t left, std::uint32_t right, const Spacing &spacing) const;

    std::vector<Item> m_items;
    std::vector<std::vector<std::uint32_t>> m_rows; // items from left to right
};

} // namespace hefstudio
