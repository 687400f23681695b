// The bytes of a HEF from the first to the last: which part each belongs to, gaps included.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/hef_container.h"

#include <string>
#include <vector>

namespace hefstudio {

class Hef;

struct HefMapEntry {
    std::string name; // "header", "message", "message: mapping", "words of channel 0"
    HefSection place;
    int level = 0;      // entries of level 1 lie inside the level 0 entry before them
    std::string remark; // "3 blobs", "no one points here"
};

// Level 0 entries follow each other without a gap and cover the file; level 1 entries of one parent
// do so too, except inside the message, whose fields have tags between them.
std::vector<HefMapEntry> sectionMapOf(const Hef &hef);

} // namespace hefstudio
