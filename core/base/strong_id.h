// Typed indices: a LayerId cannot be passed where a TensorId is wanted.
// An id is a position in the vector that owns the thing; it says nothing outside that owner.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>

namespace hefstudio {

template<class Tag> class StrongId {
public:
    constexpr StrongId() = default;
    constexpr explicit StrongId(std::size_t index) : m_index(static_cast<std::uint32_t>(index)) {}

    static constexpr StrongId invalid() { return StrongId(); }
    constexpr bool isValid() const { return m_index != std::numeric_limits<std::uint32_t>::max(); }
    constexpr std::size_t index() const { return m_index; }

    friend constexpr auto operator<=>(StrongId, StrongId) = default;

private:
    std::uint32_t m_index = std::numeric_limits<std::uint32_t>::max();
};

using LayerId = StrongId<struct LayerTag>;
using TensorId = StrongId<struct TensorTag>;
using ContextId = StrongId<struct ContextTag>;
using ClusterId = StrongId<struct ClusterTag>;
using BufferId = StrongId<struct BufferTag>;

} // namespace hefstudio

template<class Tag> struct std::hash<hefstudio::StrongId<Tag>> {
    std::size_t operator()(hefstudio::StrongId<Tag> id) const noexcept { return id.index(); }
};
