// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/result_card.h"

#include "common/tool_tip.h"
#include "common/badge.h"
#include "common/card.h"
#include "common/diagnostic_card.h"
#include "common/files.h"
#include "common/text_label.h"

#include <QDesktopServices>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QPushButton>
#include <QUrl>

namespace hefstudio {

ResultCard::ResultCard(QWidget *parent) : QWidget(parent), m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(8);
    hide();
}

void ResultCard::clear()
{
    while (QLayoutItem *item = m_column->takeAt(0)) {
        // Later: a button inside may be the one whose click leads here.
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
    hide();
}

QPushButton *ResultCard::backButton()
{
    auto *back = new QPushButton(tr("Change Settings"));
    back->setObjectName(QStringLiteral("changeSettings"));
    back->setAccessibleName(tr("Back to the settings"));
    connect(back, &QPushButton::clicked, this, &ResultCard::backRequested);
    return back;
}

QWidget *ResultCard::makeResult(const ConversionFinished &result, int contexts, double seconds)
{
    const QString file = QString::fromStdString(result.file);
    auto *card = new Card;
    card->setObjectName(QStringLiteral("resultCard"));
    auto *row = new QHBoxLayout;
    row->setSpacing(12);
    auto *words = new QVBoxLayout;
    words->setSpacing(3);
    auto *first = new QHBoxLayout;
    first->setSpacing(10);
    auto *name = new TextLabel(QFileInfo(file).fileName(), TextRole::title);
    name->setElidedInTheMiddle();
    name->setToolTip(plainToolTip(file));
    first->addWidget(name);
    if (result.isEmulation)
        first->addWidget(new Badge(tr("emulation HEF"), Tone::warn));
    first->addStretch();
    words->addLayout(first);
    QStringList facts{byteText(result.bytes)};
    if (contexts > 0)
        facts << tr("%n context(s)", nullptr, contexts);
    facts << tr("built in %1").arg(secondsText(seconds));
    QString text = facts.join(QStringLiteral(" · "));
    if (result.isEmulation)
        text += QStringLiteral(" — ") + tr("runs in the emulator, does not run on a chip");
    auto *second = new TextLabel(text, TextRole::body, Tone::dim);
    second->setObjectName(QStringLiteral("resultText"));
    second->setElidedInTheMiddle();
    words->addWidget(second);
    row->addLayout(words, 1);

    row->addWidget(backButton());
    if (result.isEmulation) {
        auto *chip = new QPushButton(tr("Get a Chip HEF…"));
        chip->setAccessibleName(tr("Get a HEF that runs on a chip"));
        chip->setObjectName(QStringLiteral("getChipHef"));
        connect(chip, &QPushButton::clicked, this, &ResultCard::chipHefRequested);
        row->addWidget(chip);
    }
    auto *folder = new QPushButton(tr("Show in Folder"));
    folder->setAccessibleName(folder->text());
    connect(folder, &QPushButton::clicked, this, [file] {
        QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(file).absolutePath()));
    });
    row->addWidget(folder);
    auto *bench = new QPushButton(tr("Try on Pictures"));
    bench->setObjectName(QStringLiteral("openInBench"));
    bench->setAccessibleName(bench->text());
    connect(bench, &QPushButton::clicked, this, [this, file] { Q_EMIT benchRequested(file); });
    row->addWidget(bench);
    auto *open = new QPushButton(tr("Open in Inspector"));
    open->setObjectName(QStringLiteral("openInInspector"));
    open->setAccessibleName(open->text());
    open->setProperty("primary", true);
    connect(open, &QPushButton::clicked, this, [this, file] { Q_EMIT openRequested(file); });
    row->addWidget(open);
    card->body()->addLayout(row);
    return card;
}

void ResultCard::showResult(const ConversionFinished &result, int contexts, double seconds)
{
    clear();
    m_column->addWidget(makeResult(result, contexts, seconds));
    show();
}

void ResultCard::showFailure(const QString &title, const Diagnostics &diagnostics)
{
    clear();
    auto *head = new Card;
    head->setObjectName(QStringLiteral("failureCard"));
    auto *row = new QHBoxLayout;
    auto *words = new TextLabel(title, TextRole::title);
    words->setObjectName(QStringLiteral("failureTitle"));
    row->addWidget(words, 1);
    row->addWidget(backButton());
    head->body()->addLayout(row);
    m_column->addWidget(head);
    constexpr std::size_t most = 4; // the log has all of them
    std::size_t shown = 0;
    for (const Diagnostic &diagnostic : diagnostics) {
        if (diagnostic.severity != Severity::error || shown == most)
            continue;
        ++shown;
        auto *card = new DiagnosticCard(diagnostic);
        connect(card, &DiagnosticCard::fixRequested, this, &ResultCard::fixRequested);
        connect(card, &DiagnosticCard::placeRequested, this, &ResultCard::placeRequested);
        m_column->addWidget(card);
    }
    show();
}

} // namespace hefstudio
