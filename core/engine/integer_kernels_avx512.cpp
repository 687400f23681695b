// Compiled for machines that have AVX-512 F, BW, DQ and VL (CMakeLists.txt).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/integer_kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define HEFSTUDIO_KERNELS_AVX512

#include "engine/integer_kernels.inl"

namespace hefstudio::integer_kernels {

const Kernels avx512Kernels = HEFSTUDIO_KERNELS("avx512");

} // namespace hefstudio::integer_kernels
#endif
