// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/agreement_process.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cmath>
#include <vector>

namespace hefstudio {

AgreementFigures agreementFrom(const QByteArray &comparisonJson)
{
    const QJsonObject json = QJsonDocument::fromJson(comparisonJson).object();
    AgreementFigures figures;
    const QJsonArray outputs = json[QStringLiteral("outputs")].toArray();
    // The middle one: the weakest is often a score map that found nothing and so holds only noise.
    std::vector<double> ratios;
    for (const QJsonValue &output : outputs) {
        const double snr =
            output.toObject()[QStringLiteral("snr_accumulated_db")].toDouble(qQNaN());
        if (std::isfinite(snr))
            ratios.push_back(snr);
    }
    if (!ratios.empty()) {
        const auto middle = ratios.begin() + std::ptrdiff_t(ratios.size() / 2);
        std::ranges::nth_element(ratios, middle);
        figures.snr = *middle;
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
