// NumPy's .npy (versions 1–3, C or Fortran order, little or big endian) and .npz files as tensors.
// Diagnostics: npy.malformed, npy.unsupported-type, npz.malformed, archive.* (limits and names of
// an .npz), plus those of file.h.
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

// What the header says, checked against the bytes that follow it: for arrays too large to copy.
struct NpyLayout {
    ElementType type = ElementType::float32;
    Shape shape;
    bool isFortranOrder = false; // of rank 2 and more
    bool isSwapped = false;      // big endian
    std::size_t dataStart = 0;
};
Result<NpyLayout> parseNpyLayout(std::span<const std::byte> bytes,
                                 const std::string &nameForErrors);

Result<Tensor> parseNpy(std::span<const std::byte> bytes, const std::string &nameForErrors);
Result<Tensor> readNpy(const std::filesystem::path &file);
// Version 1.0, C order, little endian. The header alone serves arrays that are written in pieces.
Bytes npyHeader(ElementType type, const Shape &shape);
Bytes npyBytes(const Tensor &tensor);
Result<void> writeNpy(const std::filesystem::path &file, const Tensor &tensor);

using NamedTensors = std::map<std::string, Tensor>;

// What becomes of an array whose elements are no numbers (texts, records).
enum class OtherArrays { refuse, leaveOut };

Result<NamedTensors> parseNpz(std::span<const std::byte> bytes, const std::string &nameForErrors,
                              OtherArrays others = OtherArrays::refuse);
Result<NamedTensors> readNpz(const std::filesystem::path &file);
// Deterministic: entries in map order, stored, the time stamps of 1980-01-01.
Result<Bytes> npzBytes(const NamedTensors &tensors);
Result<void> writeNpz(const std::filesystem::path &file, const NamedTensors &tensors);

} // namespace hefstudio
