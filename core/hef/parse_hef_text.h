// The text HailoRT's `hailortcli parse-hef` prints for a file, letter by letter.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"

#include <optional>
#include <string>
#include <string_view>

namespace hefstudio {

class Hef;

enum class ParseHefRelease { v4_23, v5_2 };
// "4.23" or "5.2"; nothing else is known.
std::optional<ParseHefRelease> parseHefReleaseFromText(std::string_view text);

struct ParseHefOptions {
    ParseHefRelease release = ParseHefRelease::v4_23;
    bool streams = false; // --parse-streams
    bool vstreams = true; // --parse-vstreams
};

// Fails where HailoRT would refuse the file: with hef.hash-mismatch, hef.trailing-bytes, those of
// contentFaults(), and hef.network-without-stream.
Result<std::string> parseHefText(const Hef &hef, const ParseHefOptions &options = {});

} // namespace hefstudio
