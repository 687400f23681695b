// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/diagnostic_card.h"

#include "base/diagnostic_catalogue.h"
#include "calibration/repair.h"
#include "common/link_button.h"
#include "common/text_label.h"
#include "theme/icons.h"
#include "theme/style_drawing.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>

namespace hefstudio {

namespace {

std::string translated(const char *source)
{
    return QCoreApplication::translate("Diagnostics", source).toStdString();
}

Tone toneOf(Severity severity)
{
    switch (severity) {
    case Severity::note:
        return Tone::accent;
    case Severity::warning:
        return Tone::warn;
    case Severity::error:
        return Tone::bad;
    }
    return Tone::bad;
}

} // namespace

QString causeText(const Diagnostic &diagnostic)
{
    return QString::fromStdString(causeSentence(diagnostic, translated));
}

QString nextStepText(const Diagnostic &diagnostic)
{
    return QString::fromStdString(nextStepSentence(diagnostic, translated));
}

bool canApply(const Fix &fix)
{
    if (fix.kind == "set-input-shape" || fix.kind == "cut-before" || fix.kind == "set-end-nodes")
        return !fix.values.empty();
    if (fix.kind == "leave-out-samples" || isRepair(fix))
        return true;
    return fix.kind == "set-option" && !fix.values.empty() &&
           (fix.values.front().first == "--normalize" || fix.values.front().first == "--color");
}

QString fixText(const Fix &fix)
{
    const auto value = [&fix](std::string_view key) {
        for (const auto &[name, text] : fix.values)
            if (name == key)
                return QString::fromStdString(text);
        return QString();
    };
    if (fix.kind == "set-input-shape")
        return QCoreApplication::translate("DiagnosticCard", "Set the shape of %1 to %2")
            .arg(value("input"), value("shape"));
    if (fix.kind == "cut-before")
        return QCoreApplication::translate("DiagnosticCard", "Cut before %1").arg(value("node"));
    if (fix.kind == "set-end-nodes")
        return QCoreApplication::translate("DiagnosticCard", "End at %1").arg(value("nodes"));
    if (fix.kind == "leave-out-samples")
        return QCoreApplication::translate("DiagnosticCard", "Leave out %n picture(s)", nullptr,
                                           value("count").toInt());
    if (fix.kind == "transpose-samples")
        return QCoreApplication::translate("DiagnosticCard", "Put channels last");
    if (fix.kind == "swap-channels")
        return QCoreApplication::translate("DiagnosticCard", "Exchange red and blue");
    if (fix.kind == "scale-samples")
        return QCoreApplication::translate("DiagnosticCard", "Scale to %1 … %2")
            .arg(value("low").toDouble())
            .arg(value("high").toDouble());
    if (fix.kind == "convert-samples")
        return QCoreApplication::translate("DiagnosticCard", "Convert to %n channel(s)", nullptr,
                                           value("channels").toInt());
    if (fix.kind == "resize-samples")
        return QCoreApplication::translate("DiagnosticCard", "Resize to %1 × %2")
            .arg(value("width"), value("height"));
    if (fix.values.front().first == "--color")
        return QCoreApplication::translate("DiagnosticCard", "Take the pictures as %1")
            .arg(value("--color").toUpper());
    const QString when = value("when");
    return QCoreApplication::translate("DiagnosticCard", "Normalise by %1")
               .arg(value("--normalize")) +
           (when.isEmpty() ? QString() : QStringLiteral(": ") + when);
}

DiagnosticCard::DiagnosticCard(const Diagnostic &diagnostic, QWidget *parent)
    : QWidget(parent), m_severity(diagnostic.severity)
{
    setObjectName(QStringLiteral("diagnostic"));
    setProperty("diagnosticId", QString::fromStdString(diagnostic.id));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(48, 12, 16, 12);
    column->setSpacing(4);

    const QString cause = causeText(diagnostic);
    setAccessibleName(cause);
    auto *first = new QHBoxLayout;
    auto *sentence = new TextLabel(cause, TextRole::body);
    sentence->setWordWrap(true);
    first->addWidget(sentence, 1);
    first->addWidget(
        new TextLabel(QString::fromStdString(diagnostic.id), TextRole::smallCode, Tone::faint), 0,
        Qt::AlignTop);
    column->addLayout(first);

    const QString place = QString::fromStdString(placeText(diagnostic.place));
    if (!place.isEmpty()) {
        const bool leadsSomewhere = !diagnostic.place.node.empty() ||
                                    !diagnostic.place.layer.empty() ||
                                    !diagnostic.place.keyPath.empty();
        if (leadsSomewhere) {
            auto *link = new LinkButton(place);
            link->setObjectName(QStringLiteral("place"));
            link->setAccessibleName(tr("Show %1").arg(place));
            connect(link, &QAbstractButton::clicked, this,
                    [this, where = diagnostic.place] { Q_EMIT placeRequested(where); });
            column->addWidget(link);
        } else {
            auto *where = new TextLabel(place, TextRole::smallCode, Tone::dim);
            where->setElidedInTheMiddle();
            column->addWidget(where);
        }
    }
    const QString step = nextStepText(diagnostic);
    if (!step.isEmpty()) {
        auto *next = new TextLabel(step, TextRole::body, Tone::dim);
        next->setWordWrap(true);
        column->addWidget(next);
    }
    for (const Diagnostic &note : diagnostic.notes) {
        auto *text =
            new TextLabel(QStringLiteral("· ") + causeText(note), TextRole::small, Tone::dim);
        text->setWordWrap(true);
        column->addWidget(text);
    }
    for (const Fix &fix : diagnostic.fixes) {
        if (!canApply(fix))
            continue;
        auto *row = new QHBoxLayout;
        row->setContentsMargins(0, 4, 0, 0);
        auto *button = new QPushButton(fixText(fix));
        button->setObjectName(QStringLiteral("fix"));
        button->setAccessibleName(button->text());
        connect(button, &QPushButton::clicked, this, [this, fix] { Q_EMIT fixRequested(fix); });
        row->addWidget(button);
        row->addStretch();
        column->addLayout(row);
    }
}

void DiagnosticCard::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = tokensOf(palette());
    const QColor &color = toneColor(tokens, toneOf(m_severity));
    drawRounded(&painter, rect(), mixed(tokens.panel, color, 0.06), mixed(tokens.line, color, 0.7),
                metrics::cardRadius);
    const QString icon = m_severity == Severity::error     ? QStringLiteral("error")
                         : m_severity == Severity::warning ? QStringLiteral("warning")
                                                           : QStringLiteral("info");
    painter.drawPixmap(16, 12, iconPixmap(icon, color, 20, devicePixelRatioF()));
}

} // namespace hefstudio
