// Everything that shows a HEF, for the targets that open one.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fuzz_target.h"

#include "hef/actions.h"
#include "hef/hef_diff.h"
#include "hef/hef_reader.h"
#include "hef/inspect.h"
#include "hef/message_tree.h"
#include "hef/parse_hef_text.h"

inline void lookAtAll(const hefstudio::Hef &hef)
{
    using namespace hefstudio;
    for (const ParseHefRelease release : {ParseHefRelease::v4_23, ParseHefRelease::v5_2})
        (void)parseHefText(hef, {.release = release, .streams = true});
    (void)hefOverviewText(hef);
    (void)hefInspectJson(hef, {.message = true, .operations = true});
    (void)hefSectionsText(hef);
    (void)hefTreeText(hef);
    writeActions(hef, [](std::string_view) {});
    requireThat(diffHefs(hef, hef).isSame(), "a file is the same as itself");
}
