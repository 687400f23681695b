// What went wrong, as a value: a stable id, a place, typed arguments, notes and machine-applicable
// fixes. The sentence is made at the edge (diagnostic_catalogue.h), so that it translates and tests
// compare ids instead of prose. Every function that can fail on user input returns a Result.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <expected>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace hefstudio {

enum class Severity { note, warning, error };

// How the process ends when this diagnostic stops it (DESIGN "Command line"): the blame decides.
enum class Blame {
    conversion,  // exit 1: the work itself failed
    usage,       // exit 2: wrong arguments
    badInput,    // exit 3: the file given is at fault
    inputOutput, // exit 4: cannot read or write
    cancelled,   // exit 130
};

// Where: any part may be empty. `file` as the user gave it; `offset` in bytes from its start.
struct Place {
    std::string file;
    std::optional<std::uint64_t> offset;
    std::string node;    // ONNX node name
    std::string layer;   // layer of our graph
    std::string keyPath; // path inside a JSON document or message, "calibration.count"

    friend bool operator==(const Place &, const Place &) = default;
};

using DiagnosticArgument = std::variant<std::int64_t, double, std::string>;

// A change the user can accept with one click or one flag. `kind` is stable:
// "set-input-shape", "cut-before", "set-end-nodes", "set-option".
struct Fix {
    std::string kind;
    std::vector<std::pair<std::string, std::string>> values;

    friend bool operator==(const Fix &, const Fix &) = default;
};

struct Diagnostic {
    std::string id; // stable, "room.what", listed in diagnostic_catalogue.cpp
    Severity severity = Severity::error;
    Place place;
    std::vector<std::pair<std::string, DiagnosticArgument>>
        arguments; // named in the catalogue text
    std::vector<Diagnostic> notes;
    std::vector<Fix> fixes;

    Diagnostic() = default;
    explicit Diagnostic(std::string_view stableId, Place where = {})
        : id(stableId), place(std::move(where))
    {
    }

    Diagnostic &&with(std::string name, DiagnosticArgument value) &&
    {
        arguments.emplace_back(std::move(name), std::move(value));
        return std::move(*this);
    }
    Diagnostic &&withFix(Fix fix) &&
    {
        fixes.push_back(std::move(fix));
        return std::move(*this);
    }
    Diagnostic &&withNote(Diagnostic note) &&
    {
        note.severity = Severity::note;
        notes.push_back(std::move(note));
        return std::move(*this);
    }
    Diagnostic &&as(Severity wanted) &&
    {
        severity = wanted;
        return std::move(*this);
    }
};

using Diagnostics = std::vector<Diagnostic>;

// A value, or everything that stands in its way (never an empty list).
template<class T> using Result = std::expected<T, Diagnostics>;

inline std::unexpected<Diagnostics> fail(Diagnostic diagnostic)
{
    Diagnostics all;
    all.push_back(std::move(diagnostic));
    return std::unexpected(std::move(all));
}

inline std::unexpected<Diagnostics> fail(Diagnostics diagnostics)
{
    return std::unexpected(std::move(diagnostics));
}

// Hands the failure of one Result on as the failure of another type.
template<class T> std::unexpected<Diagnostics> passOn(Result<T> &&failed)
{
    return std::unexpected(std::move(failed.error()));
}

} // namespace hefstudio
