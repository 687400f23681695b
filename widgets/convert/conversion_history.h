// What was converted before on this machine: with which settings, how it ended, which file came out
// and how long each stage took. Kept in the user's data folder; the longest past entries go.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "convert/conversion_choices.h"

#include <QDateTime>
#include <QMap>
#include <QObject>

#include <optional>
#include <vector>

namespace hefstudio {

struct PastConversion {
    QDateTime when;
    ConversionChoices choices;
    QString outcome; // "done", "failed", "cancelled", "crashed"
    QString fault;   // id of the first diagnostic of a failure
    double seconds = 0;
    // Of stages that ran; those taken from the cache say nothing about the next run.
    QMap<QString, double> stages;
    int pictures = 0; // of the calibration
    qint64 bytes = 0;
    QString sha256;
    int contexts = 0;
    double framesPerSecond = 0; // predicted
    // Of a comparison with the float network; NaN where none was made.
    double snr = qQNaN();
    double mapRetained = qQNaN();
};

class ConversionHistory final : public QObject {
    Q_OBJECT
public:
    static constexpr std::size_t mostEntries = 200;

    // An empty file name keeps nothing. A file that cannot be read counts as empty.
    explicit ConversionHistory(const QString &file = {}, QObject *parent = nullptr);
    // In the user's data folder.
    static QString defaultFile();

    const std::vector<PastConversion> &entries() const { return m_entries; } // newest first
    void add(PastConversion entry);
    void setComparison(std::size_t entry, double snr, double mapRetained);
    void clear();

    // Seconds of each stage to be expected: those of the newest run of the same network with the
    // same preset and chip, the calibration scaled to the number of pictures; else of the same
    // network with another chip. Empty when nothing like it ran.
    QMap<QString, double> expectedStages(const ConversionChoices &choices, int pictures) const;

Q_SIGNALS:
    void changed();

private:
    void load();
    void save() const;
    QString m_file;
    std::vector<PastConversion> m_entries;
};

} // namespace hefstudio
