// The safetensors container: a JSON table of names, types, shapes and offsets, then the bytes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"
#include "base/tensor.h"

#include <filesystem>
#include <map>
#include <span>
#include <string>

namespace hefstudio {

// Diagnostics: safetensors.malformed, those of readFile. Tensors of types without a counterpart
// here are an error too.
Result<std::map<std::string, Tensor>> parseSafetensors(std::span<const std::byte> bytes,
                                                       const std::string &nameForErrors);
Result<std::map<std::string, Tensor>> readSafetensors(const std::filesystem::path &file);

} // namespace hefstudio
