// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/conversion_choices.h"

#include "common/files.h"
#include "device/device_model.h"
#include "recipe/recipe.h"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

namespace hefstudio {

QStringList convertArguments(const ConversionChoices &settings, const QString &report)
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
    option("--start-nodes", settings.startNodes.join(QLatin1Char(',')));
    option("--end-nodes", settings.endNodes.join(QLatin1Char(',')));
    if (settings.threads > 0)
        option("--threads", QString::number(settings.threads));
    option("--report", report);
    if (settings.savesRecipe)
        option("--save-recipe", recipeBeside(settings.output));
    arguments << QStringLiteral("--progress") << QStringLiteral("json");
    return arguments;
}

QString recipeBeside(const QString &output)
{
    const QFileInfo file(output);
    return file.absoluteDir().filePath(file.completeBaseName() + QStringLiteral(".hefrecipe.json"));
}

ConversionSettings settingsOf(const ConversionChoices &choices)
{
    ConversionSettings settings;
    settings.model = toPath(choices.model);
    settings.output = toPath(choices.output);
    settings.arch = choices.chip.toStdString();
    settings.preset = presetFromName(choices.preset.toStdString()).value_or(Preset::fast);
    settings.calibration = toPath(choices.calibration);
    settings.labels = toPath(choices.labels);
    settings.normalization = normalizationFromText(choices.normalize.toStdString());
    settings.color = colorOrderFromName(choices.color.toStdString());
    settings.resize = resizePolicyFromName(choices.resize.toStdString());
    for (auto shape = choices.inputShapes.begin(); shape != choices.inputShapes.end(); ++shape) {
        std::vector<std::int64_t> dims;
        for (const QString &dim : shape.value().split(QLatin1Char(',')))
            dims.push_back(dim.toLongLong());
        settings.inputShapes.emplace(shape.key().toStdString(), std::move(dims));
    }
    for (const QString &node : choices.startNodes)
        settings.startNodes.push_back(node.toStdString());
    for (const QString &node : choices.endNodes)
        settings.endNodes.push_back(node.toStdString());
    settings.threads = choices.threads;
    return settings;
}

Result<ConversionChoices> choicesFromRecipe(const QString &file)
{
    const auto roots = readRecipeRoots(userRootsFile());
    if (!roots)
        return std::unexpected(roots.error());
    const auto recipe = readRecipe(toPath(file), *roots);
    if (!recipe)
        return std::unexpected(recipe.error());
    const ConversionSettings &from = recipe->settings;
    const auto text = [](std::string_view view) {
        return QString::fromUtf8(view.data(), qsizetype(view.size()));
    };
    ConversionChoices choices;
    choices.model = fromPath(from.model);
    choices.output = from.output.empty() ? defaultOutput(choices.model) : fromPath(from.output);
    if (const auto device = findDevice(from.arch))
        choices.chip = text(device->id);
    choices.preset = text(presetName(from.preset));
    choices.calibration = fromPath(from.calibration);
    if (from.normalization)
        choices.normalize = text(normalizationText(*from.normalization));
    if (from.color)
        choices.color = text(colorOrderName(*from.color));
    if (from.resize)
        choices.resize = text(resizePolicyName(*from.resize));
    choices.labels = fromPath(from.labels);
    for (const auto &[name, shape] : from.inputShapes) {
        QStringList dims;
        for (const std::int64_t dim : shape)
            dims << QString::number(dim);
        choices.inputShapes.insert(text(name), dims.join(QLatin1Char(',')));
    }
    for (const std::string &node : from.startNodes)
        choices.startNodes << text(node);
    for (const std::string &node : from.endNodes)
        choices.endNodes << text(node);
    return choices;
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
