// Diagnostics as JSON, the same form in --json output, reports and progress lines:
// {"id","severity","place":{…},"message","next","arguments":{…},"notes":[…],"fixes":[…]}.
// Included by .cpp files only: it brings the JSON library in.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"

#include <nlohmann/json.hpp>

namespace hefstudio {

nlohmann::ordered_json toJson(const Diagnostic &diagnostic);
nlohmann::ordered_json toJson(const Diagnostics &diagnostics);
// Missing keys keep their defaults; a value of the wrong type is ignored.
Diagnostic diagnosticFromJson(const nlohmann::ordered_json &json);

// A JSON document of untrusted origin. Diagnostics: json.malformed with the byte offset.
Result<nlohmann::ordered_json> parseJson(std::string_view text, const std::string &nameForErrors);
// Deterministic text; bytes that are not UTF-8 are replaced instead of thrown at.
std::string jsonText(const nlohmann::ordered_json &json, int indent = 2);

} // namespace hefstudio
