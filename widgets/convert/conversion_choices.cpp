// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/conversion_choices.h"

#include "common/files.h"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

namespace hefstudio {

QStringList convertArguments(const ConversionChoices &settings)
{
    QStringList arguments{
        QStringLiteral("convert"), settings.model, QStringLiteral("-o"),       settings.output,
        QStringLiteral("--arch"),  settings.chip,  QStringLiteral("--preset"), settings.preset};
    const auto option = [&arguments](const char *name, const QString &value) {
        if (!value.isEmpty())
            arguments << QLatin1String(name) << value;
    };
    option("--calib", settings.calibration);
    option("--normalize", settings.normalize);
    option("--color", settings.color);
    option("--resize", settings.resize);
    option("--labels", settings.labels);
    for (auto shape = settings.inputShapes.begin(); shape != settings.inputShapes.end(); ++shape)
        option("--input-shape", shape.key() + QLatin1Char('=') + shape.value());
    arguments << QStringLiteral("--progress") << QStringLiteral("json");
    return arguments;
}

QString defaultOutput(const QString &model)
{
    const QFileInfo file(model);
    const QString name = file.completeBaseName() + QStringLiteral(".emulation.hef");
    const QString sample = sampleFolder();
    const bool isSample =
        !sample.isEmpty() && file.canonicalPath() == QFileInfo(sample).canonicalFilePath();
    // The sample's folder belongs to the program.
    if (!isSample && QFileInfo(file.absolutePath()).isWritable())
        return file.absoluteDir().absoluteFilePath(name);
    QString documents = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    if (!QFileInfo(documents).isWritable())
        documents = QDir::homePath();
    return QDir(documents).absoluteFilePath(name);
}

} // namespace hefstudio
