// The message of a HEF without the container around it, so that no input is lost on its header.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz_hef_views.h"

#include "hef/fence.h"

using namespace hefstudio;

void fuzzOne(std::span<const std::byte> bytes)
{
    // A version 2 header that declares the input as the message and nothing behind it.
    constexpr std::size_t headerBytes = 44;
    Bytes file(headerBytes);
    const auto put = [&file](std::size_t offset, std::uint64_t value, int count) {
        for (int i = 0; i < count; ++i)
            file[offset + static_cast<std::size_t>(i)] = std::byte(value >> 8 * (count - 1 - i));
    };
    put(0, hefMagic, 4);
    put(4, 2, 4);
    put(8, bytes.size(), 4);
    file.insert(file.end(), bytes.begin(), bytes.end());
    const auto hef = Hef::fromBytes(file, "fuzz.hef");
    if (!hef)
        return;
    lookAtAll(*hef);
    (void)checkFence(file);
}
