// A program as bytes: a header, then one section for the head and one per context, each with its
// own digest. The layout is written down in README.md of this room.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/file.h"
#include "program/program.h"

#include <span>

namespace hefstudio {

inline constexpr std::uint32_t programVersion = 3;

// The program must pass verifyProgram(). Equal programs give equal bytes.
Bytes encodeProgram(const Program &program);

// Refuses everything that encodeProgram() does not write, and every program that verifyProgram()
// refuses; allocates no more than a small multiple of the bytes. Diagnostics: program.malformed,
// program.too-large, program.unknown-version, program.damaged, integer.invalid-layer.
Result<Program> decodeProgram(std::span<const std::byte> bytes);

} // namespace hefstudio
