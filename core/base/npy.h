// NumPy's .npy (versions 1–3, C or Fortran order, little or big endian) and .npz files as tensors.
// Diagnostics: npy.malformed, npy.unsupported-type, npz.malformed, plus those of file.h.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"
#include "base/file.h"
#include "base/tensor.h"

#include <filesystem>
#include <map>
#include <span>
#include <string>

namespace hefstudio {

Result<Tensor> parseNpy(std::span<const std::byte> bytes, const std::string &nameForErrors);
Result<Tensor> readNpy(const std::filesystem::path &file);
Bytes npyBytes(const Tensor &tensor); // version 1.0, C order, little endian
Result<void> writeNpy(const std::filesystem::path &file, const Tensor &tensor);

Result<std::map<std::string, Tensor>> readNpz(const std::filesystem::path &file);
// Deterministic: entries in map order, stored, zero time stamps.
Result<void> writeNpz(const std::filesystem::path &file,
                      const std::map<std::string, Tensor> &tensors);

} // namespace hefstudio
