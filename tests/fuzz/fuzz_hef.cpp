// The whole HEF: header, message, blobs, everything that shows it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz_hef_views.h"

#include "hef/fence.h"

using namespace hefstudio;

void fuzzOne(std::span<const std::byte> bytes)
{
    const auto hef = Hef::fromBytes(Bytes(bytes.begin(), bytes.end()), "fuzz.hef");
    if (!hef)
        return;
    (void)verifyHashes(hef->container());
    for (const HefResource &resource : hef->resources())
        (void)hef->resource(resource.name);
    lookAtAll(*hef);
    (void)checkFence(bytes);
}
