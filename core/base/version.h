// The product's version, written into files and reports.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace hefstudio {

inline constexpr const char *toolName = "HEF Studio";
inline constexpr const char *toolVersion = "0.1.0";

} // namespace hefstudio
