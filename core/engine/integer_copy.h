// Stored integers to other places: one routine for every transposition, slice and broadcast, on
// either layout of a picture.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/loops.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace hefstudio::integer_copy {

// Of elements of one or two bytes. The outermost axis of `copy` can be cut for several threads.
struct Plan {
    loops::Copy copy;
    std::size_t elementBytes = 1;

    std::int64_t parts() const { return copy.sizes.empty() ? 0 : copy.sizes.front(); }
};
Plan prepare(std::span<const std::int64_t> sizes, loops::Strides from, loops::Strides to,
             std::size_t elementBytes);
// Parts [first, last) of the outermost axis.
void run(const Plan &plan, const std::byte *source, std::byte *destination, std::int64_t first,
         std::int64_t last);

} // namespace hefstudio::integer_copy
