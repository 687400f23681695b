// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_kind.h"

#include "common/files.h"

#include <QDir>
#include <QFileInfo>

namespace hefstudio {

FileKind kindOf(const QString &path)
{
    if (QFileInfo(path).isDir())
        return FileKind::folder;
    QFile file(path);
    if (file.open(QIODevice::ReadOnly) && file.read(4) == QByteArray("\1HEF", 4))
        return FileKind::hef;
    if (path.endsWith(QLatin1String(".hef"), Qt::CaseInsensitive))
        return FileKind::hef;
    return path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive) ? FileKind::recipe
                                                                      : FileKind::network;
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
