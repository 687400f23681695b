// Compiled for machines that have AVX2 (CMakeLists.txt).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/integer_kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define HEFSTUDIO_KERNELS_AVX2

#include "engine/integer_kernels.inl"

namespace hefstudio::integer_kernels {

const Kernels avx2Kernels = HEFSTUDIO_KERNELS("avx2");

} // namespace hefstudio::integer_kernels
#endif
