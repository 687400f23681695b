// The whole HEF: header, message, blobs, everything that shows it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz_target.h"

#include "hef/fence.h"
#include "hef/hef_reader.h"
#include "hef/inspect.h"
#include "hef/parse_hef_text.h"

using namespace hefstudio;

void fuzzOne(std::span<const std::byte> bytes)
{
    const auto hef = Hef::fromBytes(Bytes(bytes.begin(), bytes.end()), "fuzz.hef");
    if (!hef)
        return;
    (void)verifyHashes(hef->container());
    for (const ParseHefRelease release : {ParseHefRelease::v4_23, ParseHefRelease::v5_2})
        (void)parseHefText(*hef, {.release = release, .streams = true});
    for (const HefResource &resource : hef->resources())
        (void)hef->resource(resource.name);
    (void)hefOverviewText(*hef);
    (void)hefInspectJson(*hef);
    (void)checkFence(bytes);
}
