// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_kind.h"

#include "calibration/image.h"
#include "calibration/video_frames.h"
#include "common/files.h"

#include <QDir>
#include <QFileInfo>

namespace hefstudio {

namespace {

// Pictures, videos, arrays and descriptions of data sets, by their ending.
bool isSamples(const QString &path)
{
    static const QStringList endings{QStringLiteral("npy"), QStringLiteral("npz"),
                                     QStringLiteral("safetensors"), QStringLiteral("yaml"),
                                     QStringLiteral("yml")};
    return endings.contains(QFileInfo(path).suffix().toLower()) ||
           hasPictureEnding(toPath(path)) || hasVideoEnding(toPath(path));
}

} // namespace

FileKind kindOf(const QString &path)
{
    if (QFileInfo(path).isDir())
        return FileKind::folder;
    QFile file(path);
    if (file.open(QIODevice::ReadOnly) && file.read(4) == QByteArray("\1HEF", 4))
        return FileKind::hef;
    if (path.endsWith(QLatin1String(".hef"), Qt::CaseInsensitive))
        return FileKind::hef;
    if (path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive)) {
        // A list of samples says so in its first line.
        constexpr qint64 enough = 256;
        file.seek(0);
        return file.isOpen() && file.read(enough).contains("hefstudio-calibration-set")
                   ? FileKind::samples
                   : FileKind::recipe;
    }
    return isSamples(path) ? FileKind::samples : FileKind::network;
}

QStringList filesToOpen(const QString &folder)
{
    constexpr int most = 8;
    if (pictureCount(folder, 1) > 0)
        return {};
    const QDir dir(folder);
    QStringList files;
    const QStringList networks = dir.entryList({QStringLiteral("*.onnx")}, QDir::Files, QDir::Name);
    if (!networks.isEmpty())
        files << dir.absoluteFilePath(networks.first());
    for (const QString &hef : dir.entryList({QStringLiteral("*.hef")}, QDir::Files, QDir::Name))
        if (files.size() < most)
            files << dir.absoluteFilePath(hef);
    return files;
}

} // namespace hefstudio
