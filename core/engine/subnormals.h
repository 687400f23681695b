// Numbers below 10⁻³⁸ count as zero on this thread while one of these lives. A network that drives
// an activation far into its flat side (SiLU at −80) makes them by the million, and each costs the
// processor a hundred times an ordinary multiplication.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace hefstudio {

class SubnormalsAreZero {
public:
#if defined(__x86_64__)
    SubnormalsAreZero() : m_before(_mm_getcsr())
    {
        constexpr unsigned flushResults = 0x8000, flushOperands = 0x0040;
        _mm_setcsr(m_before | flushResults | flushOperands);
    }
    ~SubnormalsAreZero() { _mm_setcsr(m_before); }
#else
    SubnormalsAreZero() {}
    ~SubnormalsAreZero() {}
#endif
    SubnormalsAreZero(const SubnormalsAreZero &) = delete;
    SubnormalsAreZero &operator=(const SubnormalsAreZero &) = delete;

private:
    [[maybe_unused]] unsigned m_before = 0;
};

} // namespace hefstudio
