// Model scripts (.alls) of the Dataflow Compiler: read without losing a byte, changed statement by
// statement, written back. Unknown commands are kept: each compiler release adds some.
//
// Grammar as seen in public scripts: one statement a line, `targets = scope.command(args)`; a
// statement goes on over line ends while a bracket is open; `#` starts a comment.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hefstudio {

struct AllsValue {
    enum class Kind {
        number, // 0.5, -1e-5, a duration such as 25m
        word,   // a name or a switch: enabled, conv12, net/conv12
        text,   // in quotes; `text` holds what stands between them
        glob,   // {net/conv*}; `text` holds what stands between the braces
        list,
    };
    Kind kind = Kind::word;
    std::string text; // as written; empty for a list
    std::vector<AllsValue> items;

    static AllsValue word(std::string name) { return {Kind::word, std::move(name), {}}; }
    static AllsValue quoted(std::string text) { return {Kind::text, std::move(text), {}}; }
    static AllsValue number(double value);
    static AllsValue list(std::vector<AllsValue> items) { return {Kind::list, {}, std::move(items)}; }

    // Of a plain number; nothing for a duration or any other kind.
    std::optional<double> asNumber() const;
    friend bool operator==(const AllsValue &, const AllsValue &) = default;
};

struct AllsArgument {
    std::string key; // empty for a positional argument
    AllsValue value;
    friend bool operator==(const AllsArgument &, const AllsArgument &) = default;
};

struct AllsStatement {
    std::vector<std::string> targets; // left of "="; "{}" as it stands
    std::string scope;                // "context_0" of context_0.place(…)
    std::string command;
    std::vector<AllsArgument> arguments;

    const AllsValue *argument(std::string_view key) const; // null where absent
    const AllsValue *positional(std::size_t index) const;
    friend bool operator==(const AllsStatement &, const AllsStatement &) = default;
};

// One piece of the file: a statement with the blanks and comments around it, or lines without one.
struct AllsPiece {
    std::string source; // verbatim, line end included
    std::optional<AllsStatement> statement;
    int line = 0; // 1-based, of the statement's first character
};

struct AllsScript {
    std::vector<AllsPiece> pieces;

    std::vector<const AllsPiece *> statements() const;
    std::string text() const; // what was read, byte for byte, with the pieces appended since
    void append(AllsStatement statement);
    void appendComment(std::string_view text); // one line, "# " is put before it
};

// `file` is named in the place of diagnostics. Diagnostics: vendor.script-syntax with line and
// column in the key path, vendor.script-too-large (4 MiB, 64 open brackets).
Result<AllsScript> parseAlls(std::string_view text, const std::filesystem::path &file = {});
Result<AllsScript> readAlls(const std::filesystem::path &file);

// In the form of the vendor's own scripts: name = command(positional, key=value)
std::string formatAlls(const AllsStatement &statement);

} // namespace hefstudio
