// Paths and sizes as the window writes them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>
#include <filesystem>

namespace hefstudio {

inline std::filesystem::path toPath(const QString &text)
{
    return std::filesystem::path(text.toStdU16String());
}

inline QString fromPath(const std::filesystem::path &path)
{
    return QString::fromStdString(path.string());
}

// "1.24 MB", in the user's locale.
QString byteText(std::uint64_t bytes);
// "2.6 M", "812", in the user's locale.
QString countText(std::int64_t count);
QString secondsText(double seconds);

// The bundled sample: beside an installed program or in the tree it was built in; empty if absent.
QString sampleFolder();
// The converter that stands beside the window; empty if absent.
QString converterProgram();
// Calibration takes these pictures.
int pictureCount(const QString &folder, int atMost);
QStringList pictureFilters();

} // namespace hefstudio
