// Disjoint sets of indices; the smallest index of a set leads it, so the outcome does not depend on
// the order of joins. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace hefstudio {

class Groups {
public:
    explicit Groups(std::size_t count) : m_parent(count)
    {
        std::iota(m_parent.begin(), m_parent.end(), std::size_t(0));
    }

    std::size_t find(std::size_t i)
    {
        while (m_parent[i] != i)
            i = m_parent[i] = m_parent[m_parent[i]];
        return i;
    }
    std::size_t join(std::size_t a, std::size_t b)
    {
        a = find(a);
        b = find(b);
        m_parent[std::max(a, b)] = std::min(a, b);
        return std::min(a, b);
    }

private:
    std::vector<std::size_t> m_parent;
};

} // namespace hefstudio
