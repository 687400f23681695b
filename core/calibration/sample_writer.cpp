// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/sample_writer.h"

namespace hefstudio {

Result<SampleWriter> SampleWriter::create(const std::filesystem::path &target,
                                          const std::string &name, ElementType type,
                                          const Shape &shape)
{
    const Bytes header = npyHeader(type, shape);
    if (target.extension() == ".npz") {
        auto zip = ZipStream::create(target);
        if (!zip)
            return passOn(std::move(zip));
        if (auto begun = zip->begin((name.empty() ? "images" : name) + ".npy"); !begun)
            return passOn(std::move(begun));
        if (auto written = zip->write(header); !written)
            return passOn(std::move(written));
        return SampleWriter(std::move(*zip));
    }
    auto file = AtomicFile::create(target);
    if (!file)
        return passOn(std::move(file));
    if (auto written = file->write(header); !written)
        return passOn(std::move(written));
    return SampleWriter(std::move(*file));
}

Result<void> SampleWriter::write(std::span<const std::byte> sample)
{
    return std::visit([&](auto &file) { return file.write(sample); }, m_file);
}

Result<void> SampleWriter::commit()
{
    return std::visit([](auto &file) { return file.commit(); }, m_file);
}

} // namespace hefstudio
