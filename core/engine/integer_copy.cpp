// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/integer_copy.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace hefstudio::integer_copy {

namespace {

using Index = std::int64_t;

struct Block {
    Index rows, fromRow, toRow, columns, fromColumn, toColumn;
};

template<class Element> void copyBlock(const Element *source, Element *destination, const Block &b)
{
    if (b.fromColumn == 1 && b.toColumn == 1) {
        for (Index r = 0; r < b.rows; ++r)
            std::memcpy(destination + r * b.toRow, source + r * b.fromRow,
                        static_cast<std::size_t>(b.columns) * sizeof(Element));
        return;
    }
    if (b.fromColumn == 0 && b.toColumn == 1) {
        for (Index r = 0; r < b.rows; ++r)
            std::fill_n(destination + r * b.toRow, b.columns, source[r * b.fromRow]);
        return;
    }
    if (b.toColumn == 1 && b.fromRow == 1) {
        // A transposition, in squares of a cache line.
        constexpr Index side = 32;
        for (Index r0 = 0; r0 < b.rows; r0 += side) {
            const Index rEnd = std::min(b.rows, r0 + side);
            for (Index c0 = 0; c0 < b.columns; c0 += side) {
                const Index cEnd = std::min(b.columns, c0 + side);
                for (Index c = c0; c < cEnd; ++c) {
                    const Element *from = source + c * b.fromColumn;
                    Element *to = destination + c;
                    for (Index r = r0; r < rEnd; ++r)
                        to[r * b.toRow] = from[r];
                }
            }
        }
        return;
    }
    for (Index r = 0; r < b.rows; ++r)
        for (Index c = 0; c < b.columns; ++c)
            destination[r * b.toRow + c * b.toColumn] = source[r * b.fromRow + c * b.fromColumn];
}

template<class Element>
void copyAxes(const loops::Copy &copy, std::size_t axis, const Element *source,
              Element *destination, Index first, Index last)
{
    const std::size_t rank = copy.sizes.size();
    if (axis + 2 == rank) {
        copyBlock(source + first * copy.from[axis], destination + first * copy.to[axis],
                  {last - first, copy.from[axis], copy.to[axis], copy.sizes[axis + 1],
                   copy.from[axis + 1], copy.to[axis + 1]});
        return;
    }
    for (Index i = first; i < last; ++i)
        copyAxes(copy, axis + 1, source + i * copy.from[axis], destination + i * copy.to[axis], 0,
                 copy.sizes[axis + 1]);
}

} // namespace

Plan prepare(std::span<const Index> sizes, loops::Strides from, loops::Strides to,
             std::size_t elementBytes)
{
    Plan plan{loops::prepareCopy(sizes, std::move(from), std::move(to)), elementBytes};
    while (plan.copy.sizes.size() < 2) {
        plan.copy.sizes.insert(plan.copy.sizes.begin(), 1);
        plan.copy.from.insert(plan.copy.from.begin(), 0);
        plan.copy.to.insert(plan.copy.to.begin(), 0);
    }
    return plan;
}

void run(const Plan &plan, const std::byte *source, std::byte *destination, Index first, Index last)
{
    if (plan.elementBytes == 1)
        copyAxes(plan.copy, 0, reinterpret_cast<const std::uint8_t *>(source),
                 reinterpret_cast<std::uint8_t *>(destination), first, last);
    else
        copyAxes(plan.copy, 0, reinterpret_cast<const std::uint16_t *>(source),
                 reinterpret_cast<std::uint16_t *>(destination), first, last);
}

} // namespace hefstudio::integer_copy
