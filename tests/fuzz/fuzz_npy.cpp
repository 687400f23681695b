// NumPy arrays and archives of them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz_target.h"

#include "base/npy.h"

using namespace hefstudio;

void fuzzOne(std::span<const std::byte> bytes)
{
    if (const auto tensor = parseNpy(bytes, "fuzz.npy")) {
        const auto again = parseNpy(npyBytes(*tensor), "again.npy");
        requireThat(again && *again == *tensor, "what was written is what was read");
    }
    (void)parseNpz(bytes, "fuzz.npz", OtherArrays::leaveOut);
}
