// An array of samples written one after the other to an .npy or .npz.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/npy.h"
#include "base/zip_stream.h"

#include <variant>

namespace hefstudio {

class SampleWriter {
public:
    // By the target's ending; `name` is the array's in an .npz. Diagnostics: those of AtomicFile.
    static Result<SampleWriter> create(const std::filesystem::path &target,
                                       const std::string &name, ElementType type,
                                       const Shape &shape);
    Result<void> write(std::span<const std::byte> sample);
    Result<void> commit();

private:
    using File = std::variant<AtomicFile, ZipStream>;
    explicit SampleWriter(File file) : m_file(std::move(file)) {}
    File m_file;
};

} // namespace hefstudio
