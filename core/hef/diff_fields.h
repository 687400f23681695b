// Room-internal: the part of a comparison that no view has, field by field of the message.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/hef_diff.h"

namespace hefstudio {

// Entries of repeated messages are matched by position. Triggers and actions, and what the views of
// hef_reader.h show, are left out; the same change in several forms of a core op is said once;
// after 100 changes a last one counts the rest.
// `said` is what the views had to say: pads repeat the streams, and are not quoted again.
std::vector<HefDifference> diffRemainingFields(const Hef &a, const Hef &b,
                                               const std::vector<HefDifference> &said);

} // namespace hefstudio
