// Compares a finished HEF with its float network by `hefc compare`, in a process of its own, and
// keeps the two figures that the table of conversions shows.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "convert/conversion_choices.h"

#include <QObject>
#include <QProcess>

namespace hefstudio {

// The figures of `hefc compare --json`; NaN where it has none.
struct AgreementFigures {
    double snr = qQNaN();         // of the middle one of the outputs, dB
    double mapRetained = qQNaN(); // 0…1
};
AgreementFigures agreementFrom(const QByteArray &comparisonJson);

class AgreementProcess final : public QObject {
    Q_OBJECT
public:
    explicit AgreementProcess(QObject *parent = nullptr);
    ~AgreementProcess() override;
    void start(const QString &program, const ConversionChoices &choices);
    void cancel();
    bool isRunning() const { return m_process.state() != QProcess::NotRunning; }

Q_SIGNALS:
    void finished(const hefstudio::AgreementFigures &figures);

private:
    QProcess m_process;
};

} // namespace hefstudio
