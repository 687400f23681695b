// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/files.h"

#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QLocale>

namespace hefstudio {

QString byteText(std::uint64_t bytes)
{
    return QLocale().formattedDataSize(qint64(bytes), 2, QLocale::DataSizeSIFormat);
}

QString countText(std::int64_t count)
{
    const QLocale locale;
    const double value = double(count);
    if (value >= 1e9)
        return QStringLiteral("%1 G").arg(locale.toString(value / 1e9, 'f', 2));
    if (value >= 1e6)
        return QStringLiteral("%1 M").arg(locale.toString(value / 1e6, 'f', value < 1e8 ? 2 : 0));
    if (value >= 1e4)
        return QStringLiteral("%1 k").arg(locale.toString(value / 1e3, 'f', value < 1e5 ? 1 : 0));
    return locale.toString(qlonglong(count));
}

QString secondsText(double seconds)
{
    if (seconds < 0.05)
        return QStringLiteral("< %1 s").arg(QLocale().toString(0.1, 'f', 1));
    return QStringLiteral("%1 s").arg(QLocale().toString(seconds, 'f', seconds < 10 ? 1 : 0));
}

QString sampleFolder()
{
    const QDir bin(QCoreApplication::applicationDirPath());
    for (const QString &place : {QStringLiteral("../share/hefstudio/sample"),
                                 QStringLiteral("../../../resources/sample")}) {
        const QString folder = QDir::cleanPath(bin.absoluteFilePath(place));
        if (QFileInfo::exists(folder + QStringLiteral("/detector.onnx")))
            return folder;
    }
    return {};
}

QString converterProgram()
{
    const QString program =
        QDir(QCoreApplication::applicationDirPath()).absoluteFilePath(QStringLiteral("hefc"));
    return QFileInfo(program).isExecutable() ? program : QString();
}

QStringList pictureFilters()
{
    return {QStringLiteral("*.jpg"), QStringLiteral("*.jpeg"), QStringLiteral("*.png"),
            QStringLiteral("*.bmp"), QStringLiteral("*.webp"), QStringLiteral("*.ppm")};
}

int pictureCount(const QString &folder, int atMost)
{
    if (folder.isEmpty())
        return 0;
    QDirIterator files(folder, pictureFilters(), QDir::Files);
    int count = 0;
    for (; count < atMost && files.hasNext(); ++count)
        files.next();
    return count;
}

} // namespace hefstudio
