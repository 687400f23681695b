// What HailoRT answers to a file with a given finding: the status number its call returns, or that
// it crashes. As read and tried with 4.23.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"

#include <optional>
#include <string>

namespace hefstudio {

enum class RuntimeStatus {
    crash = -1, // an assertion or a bad access, no clean status
    invalidArgument = 2,
    invalidOperation = 6,
    notImplemented = 7,
    internalFailure = 8,
    openFileFailure = 13,
    fileOperationFailure = 14,
    invalidHef = 26,
    notFound = 61,
    hefFileCorrupted = 91,
    hefNotSupported = 92,
};

// Nothing for what HailoRT lets pass.
std::optional<RuntimeStatus> runtimeStatusOf(const Diagnostic &finding);
std::string runtimeStatusText(RuntimeStatus status); // "26 HAILO_INVALID_HEF", "crash"

} // namespace hefstudio
