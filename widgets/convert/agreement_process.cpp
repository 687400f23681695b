// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/agreement_process.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>

namespace hefstudio {

AgreementFigures agreementFrom(const QByteArray &comparisonJson)
{
    const QJsonObject json = QJsonDocument::fromJson(comparisonJson).object();
    AgreementFigures figures;
    const QJsonArray outputs = json[QStringLiteral("outputs")].toArray();
    for (const QJsonValue &output : outputs) {
        const double snr =
            output.toObject()[QStringLiteral("snr_accumulated_db")].toDouble(qQNaN());
        if (std::isfinite(snr) && !(figures.snr <= snr))
            figures.snr = snr;
    }
    figures.mapRetained = json[QStringLiteral("detection")]
                              .toObject()[QStringLiteral("map_retained")]
                              .toDouble(qQNaN());
    return figures;
}

AgreementProcess::AgreementProcess(QObject *parent) : QObject(parent)
{
    connect(&m_process, &QProcess::finished, this, [this](int exitCode) {
        Q_EMIT finished(exitCode == 0 ? agreementFrom(m_process.readAllStandardOutput())
                                      : AgreementFigures{});
    });
}

AgreementProcess::~AgreementProcess()
{
    m_process.disconnect(this);
    cancel();
}

void AgreementProcess::cancel()
{
    if (!isRunning())
        return;
    m_process.kill();
    m_process.waitForFinished(1000);
}

void AgreementProcess::start(const QString &program, const ConversionChoices &choices)
{
    QStringList arguments{QStringLiteral("compare"), choices.model, choices.output,
                          QStringLiteral("--images"), choices.calibration,
                          QStringLiteral("--json")};
    m_process.setStandardInputFile(QProcess::nullDevice());
    m_process.setStandardErrorFile(QProcess::nullDevice());
    m_process.start(program, arguments);
}

} // namespace hefstudio
