// What `hefc inspect` says about a file: an overview for people and a complete JSON document whose
// form is fixed by resources/schemas/inspect.schema.json. Both verify the checksums.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace hefstudio {

class Hef;

// The verdict in one word, and in one sentence.
enum class HefIntegrity {
    intact,  // checksums hold, HailoRT loads it
    damaged, // a checksum does not hold
    refused, // checksums hold, HailoRT refuses what is inside
};
HefIntegrity integrityOf(const Hef &hef);

std::string hefOverviewText(const Hef &hef);
// What the document has beyond the overview; both can be as long as the file.
struct HefInspectParts {
    bool message = false;    // key "message": every field
    bool operations = false; // key "operations": every trigger and action
};
// Two spaces of indent, ends with a newline.
std::string hefInspectJson(const Hef &hef, HefInspectParts parts = {});
// Every byte of the file, by what it belongs to.
std::string hefSectionsText(const Hef &hef);

// The metadata alone: the key "metadata" of the document above, and the overview's part.
std::string hefMetadataJson(const Hef &hef);
std::string hefMetadataText(const Hef &hef); // empty when there is none

} // namespace hefstudio
