// What the user chose for one conversion, and the converter's arguments that say the same.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"
#include "recipe/settings.h"

#include <QMap>
#include <QString>
#include <QStringList>

namespace hefstudio {

// An empty field leaves the decision to the converter, which reads it from the model or asks.
struct ConversionChoices {
    QString model;
    QString output;
    QString chip = QStringLiteral("hailo8l");
    QString preset = QStringLiteral("fast");
    QString calibration;                // folder
    QString normalize;                  // "MEAN/STD", lists joined by commas
    QString color;                      // "rgb", "bgr", "grey"
    QString resize;                     // "letterbox", "topleft", "stretch", "crop"
    QString labels;                     // file
    QMap<QString, QString> inputShapes; // name → "1,3,640,640"
    QStringList startNodes, endNodes;   // ONNX nodes; empty: found by structure
    int threads = 0;                    // 0: all cores; never part of the result
    bool savesRecipe = false;           // with its lock, beside the HEF

    friend bool operator==(const ConversionChoices &, const ConversionChoices &) = default;
};

// `report`: where the converter writes what came of it; empty: nowhere.
QStringList convertArguments(const ConversionChoices &settings, const QString &report = {});
// The same for work inside this process.
ConversionSettings settingsOf(const ConversionChoices &choices);
// "<output>.hefrecipe.json" beside the HEF.
QString recipeBeside(const QString &output);

// A recipe's choices. Diagnostics: those of readRecipe().
Result<ConversionChoices> choicesFromRecipe(const QString &file);

// "<model>.emulation.hef" beside the model, or in the user's documents where that cannot be
// written.
QString defaultOutput(const QString &model);

} // namespace hefstudio
