// The loops for any machine: also what the wider sets are held against.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/integer_kernels.h"

#include "engine/integer_kernels.inl"

namespace hefstudio::integer_kernels {

const Kernels baseKernels = HEFSTUDIO_KERNELS("base");

} // namespace hefstudio::integer_kernels
