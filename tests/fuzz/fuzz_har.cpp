// Model archives, and their networks on their own.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz_target.h"

#include "har/har_check.h"
#include "har/har_inspect.h"
#include "har/hn_network.h"

using namespace hefstudio;

void fuzzOne(std::span<const std::byte> bytes)
{
    const std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    if (const auto network = parseHn(text, "fuzz.hn"))
        if (const auto hn = graphOfHn(*network, {}, "fuzz.hn"))
            requireThat(verify(*hn->graph).has_value(), "the graph is sound");
    const auto archive = HarArchive::fromBytes(Bytes(bytes.begin(), bytes.end()), "fuzz.har");
    if (!archive)
        return;
    for (const HarPart part : archive->parts())
        (void)archive->read(part);
    (void)harOverviewText(*archive);
    (void)harInspectJson(*archive);
    if (const auto check = checkHar(*archive)) {
        (void)harCheckText(*archive, *check);
        (void)harCheckJson(*archive, *check);
    }
}
