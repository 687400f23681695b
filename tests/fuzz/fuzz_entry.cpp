// libFuzzer's door to fuzzOne.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz_target.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzzOne({reinterpret_cast<const std::byte *>(data), size});
    return 0;
}
