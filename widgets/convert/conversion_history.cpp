// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/conversion_history.h"

#include "base/file.h"
#include "common/files.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>

#include <cmath>

namespace hefstudio {

namespace {

// The one list of fields, for writing and reading.
template<class Choices, class Field> void eachText(Choices &choices, Field field)
{
    field("model", choices.model);
    field("output", choices.output);
    field("chip", choices.chip);
    field("preset", choices.preset);
    field("calibration", choices.calibration);
    field("normalize", choices.normalize);
    field("color", choices.color);
    field("resize", choices.resize);
    field("labels", choices.labels);
}

QJsonObject toJson(const PastConversion &entry)
{
    QJsonObject choices;
    eachText(entry.choices, [&](const char *key, const QString &value) {
        choices[QLatin1String(key)] = value;
    });
    QJsonObject shapes;
    for (auto shape = entry.choices.inputShapes.begin(); shape != entry.choices.inputShapes.end();
         ++shape)
        shapes[shape.key()] = shape.value();
    choices[QStringLiteral("input_shapes")] = shapes;
    choices[QStringLiteral("start_nodes")] = QJsonArray::fromStringList(entry.choices.startNodes);
    choices[QStringLiteral("end_nodes")] = QJsonArray::fromStringList(entry.choices.endNodes);
    QJsonObject stages;
    for (auto stage = entry.stages.begin(); stage != entry.stages.end(); ++stage)
        stages[stage.key()] = stage.value();
    QJsonObject json{{QStringLiteral("when"), entry.when.toString(Qt::ISODateWithMs)},
                     {QStringLiteral("choices"), choices},
                     {QStringLiteral("outcome"), entry.outcome},
                     {QStringLiteral("fault"), entry.fault},
                     {QStringLiteral("seconds"), entry.seconds},
                     {QStringLiteral("stages"), stages},
                     {QStringLiteral("pictures"), entry.pictures},
                     {QStringLiteral("bytes"), entry.bytes},
                     {QStringLiteral("sha256"), entry.sha256},
                     {QStringLiteral("contexts"), entry.contexts},
                     {QStringLiteral("fps"), entry.framesPerSecond}};
    if (std::isfinite(entry.snr))
        json[QStringLiteral("snr_db")] = entry.snr;
    if (std::isfinite(entry.mapRetained))
        json[QStringLiteral("map_retained")] = entry.mapRetained;
    return json;
}

QStringList texts(const QJsonValue &value)
{
    QStringList list;
    for (const QJsonValue &entry : value.toArray())
        list << entry.toString();
    return list;
}

PastConversion fromJson(const QJsonObject &json)
{
    PastConversion entry;
    const QJsonObject choices = json[QStringLiteral("choices")].toObject();
    eachText(entry.choices, [&](const char *key, QString &value) {
        value = choices[QLatin1String(key)].toString();
    });
    const QJsonObject shapes = choices[QStringLiteral("input_shapes")].toObject();
    for (auto shape = shapes.begin(); shape != shapes.end(); ++shape)
        entry.choices.inputShapes.insert(shape.key(), shape.value().toString());
    entry.choices.startNodes = texts(choices[QStringLiteral("start_nodes")]);
    entry.choices.endNodes = texts(choices[QStringLiteral("end_nodes")]);
    entry.when = QDateTime::fromString(json[QStringLiteral("when")].toString(), Qt::ISODateWithMs);
    entry.outcome = json[QStringLiteral("outcome")].toString();
    entry.fault = json[QStringLiteral("fault")].toString();
    entry.seconds = json[QStringLiteral("seconds")].toDouble();
    const QJsonObject stages = json[QStringLiteral("stages")].toObject();
    for (auto stage = stages.begin(); stage != stages.end(); ++stage)
        entry.stages.insert(stage.key(), stage.value().toDouble());
    entry.pictures = json[QStringLiteral("pictures")].toInt();
    entry.bytes = json[QStringLiteral("bytes")].toInteger();
    entry.sha256 = json[QStringLiteral("sha256")].toString();
    entry.contexts = json[QStringLiteral("contexts")].toInt();
    entry.framesPerSecond = json[QStringLiteral("fps")].toDouble();
    entry.snr = json[QStringLiteral("snr_db")].toDouble(qQNaN());
    entry.mapRetained = json[QStringLiteral("map_retained")].toDouble(qQNaN());
    return entry;
}

} // namespace

ConversionHistory::ConversionHistory(const QString &file, QObject *parent)
    : QObject(parent), m_file(file)
{
    load();
}

QString ConversionHistory::defaultFile()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation);
    return folder.isEmpty() ? QString() : QDir(folder).filePath(QStringLiteral("conversions.json"));
}

void ConversionHistory::load()
{
    QFile file(m_file);
    if (m_file.isEmpty() || !file.open(QIODevice::ReadOnly))
        return;
    const QJsonArray all = QJsonDocument::fromJson(file.readAll()).array();
    for (const QJsonValue &entry : all)
        if (m_entries.size() < mostEntries && entry.isObject())
            m_entries.push_back(fromJson(entry.toObject()));
}

void ConversionHistory::save() const
{
    if (m_file.isEmpty())
        return;
    QJsonArray all;
    for (const PastConversion &entry : m_entries)
        all.append(toJson(entry));
    QDir().mkpath(QFileInfo(m_file).absolutePath());
    const QByteArray text = QJsonDocument(all).toJson();
    // A history that cannot be written is no reason to bother anybody.
    (void)writeFileAtomically(toPath(m_file),
                              std::as_bytes(std::span(text.constData(), std::size_t(text.size()))));
}

void ConversionHistory::add(PastConversion entry)
{
    m_entries.insert(m_entries.begin(), std::move(entry));
    if (m_entries.size() > mostEntries)
        m_entries.resize(mostEntries);
    save();
    Q_EMIT changed();
}

void ConversionHistory::setComparison(std::size_t entry, double snr, double mapRetained)
{
    if (entry >= m_entries.size())
        return;
    m_entries[entry].snr = snr;
    m_entries[entry].mapRetained = mapRetained;
    save();
    Q_EMIT changed();
}

void ConversionHistory::clear()
{
    m_entries.clear();
    save();
    Q_EMIT changed();
}

QMap<QString, double> ConversionHistory::expectedStages(const ConversionChoices &choices,
                                                        int pictures) const
{
    QMap<QString, double> expected;
    // The same chip first: the partition differs, everything before it does not.
    for (const bool isSameChip : {true, false})
        for (const PastConversion &entry : m_entries) {
            if (entry.choices.model != choices.model || entry.choices.preset != choices.preset ||
                entry.outcome != QStringLiteral("done") ||
                (isSameChip && entry.choices.chip != choices.chip))
                continue;
            for (auto stage = entry.stages.begin(); stage != entry.stages.end(); ++stage) {
                const bool isPerPicture = stage.key() == QStringLiteral("calibrate");
                const double scale = isPerPicture && entry.pictures > 0 && pictures > 0
                                         ? double(pictures) / entry.pictures
                                         : 1;
                // Newer entries were seen first; older ones fill in stages that came from the cache.
                if (!expected.contains(stage.key()))
                    expected.insert(stage.key(), stage.value() * scale);
            }
        }
    return expected;
}

} // namespace hefstudio
