// Compiled for machines that have AVX-512 with VNNI and VBMI (CMakeLists.txt).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/integer_kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define HEFSTUDIO_KERNELS_AVX512
#define HEFSTUDIO_KERNELS_VNNI

#include "engine/integer_kernels.inl"

namespace hefstudio::integer_kernels {

const Kernels vnniKernels = HEFSTUDIO_KERNELS("vnni");

} // namespace hefstudio::integer_kernels
#endif
