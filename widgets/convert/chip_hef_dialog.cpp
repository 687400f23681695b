// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/chip_hef_dialog.h"

#include "common/diagnostic_card.h"
#include "common/files.h"
#include "common/text_label.h"

#include <QDesktopServices>
#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>

namespace hefstudio {

ChipHefDialog::ChipHefDialog(const ConversionChoices &choices, QWidget *parent)
    : QDialog(parent), m_choices(choices)
{
    setObjectName(QStringLiteral("chipHefDialog"));
    setWindowTitle(tr("Get a Chip HEF"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 20, 24, 20);
    column->setSpacing(12);
    column->addWidget(new TextLabel(
        tr("What programs the chip is not public, so this program cannot write it."),
        TextRole::title));
    const QString words[] = {
        tr("A HEF that runs on a Hailo-8 or Hailo-8L is made by Hailo's Dataflow Compiler, version "
           "3.x, which Hailo gives to registered developers (hailo.ai, Developer Zone). It needs "
           "x86-64 Linux and Python."),
        tr("Write the job here and run it on a machine that has the compiler: the network prepared "
           "for its parser, the model script of your settings, the calibration samples as the chip "
           "will see them, and run.sh, which needs nothing of this program.")};
    for (const QString &text : words) {
        auto *label = new TextLabel(text, TextRole::body, Tone::dim);
        label->setWordWrap(true);
        column->addWidget(label);
    }
    m_state = new TextLabel(tr("It will be written to %1").arg(jobFolder(choices)), TextRole::body);
    m_state->setObjectName(QStringLiteral("jobState"));
    m_state->setWordWrap(true);
    column->addWidget(m_state);
    column->addStretch();
    auto *row = new QHBoxLayout;
    row->addStretch();
    auto *close = new QPushButton(tr("Close"));
    close->setObjectName(QStringLiteral("closeChipHef"));
    close->setAccessibleName(close->text());
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    row->addWidget(close);
    m_write = new QPushButton(tr("Write Job Folder"));
    m_write->setObjectName(QStringLiteral("writeJob"));
    m_write->setAccessibleName(m_write->text());
    m_write->setProperty("primary", true);
    m_write->setDefault(true);
    connect(m_write, &QPushButton::clicked, this, &ChipHefDialog::write);
    row->addWidget(m_write);
    column->addLayout(row);
    resize(560, 320);
}

QString ChipHefDialog::jobFolder(const ConversionChoices &choices)
{
    return QFileInfo(choices.output)
        .absoluteDir()
        .filePath(QFileInfo(choices.model).completeBaseName() + QStringLiteral("-job"));
}

void ChipHefDialog::write()
{
    m_write->setEnabled(false);
    m_state->setTone(Tone::dim);
    m_state->setText(tr("Writing …"));
    m_job.start(
        [settings = settingsOf(m_choices),
         folder = toPath(jobFolder(m_choices))](const std::stop_token &stop) {
            return exportVendorJob(settings, folder, stop, {});
        },
        [this](Result<ExportedJob> &&job) { written(std::move(job)); });
}

void ChipHefDialog::written(Result<ExportedJob> &&job)
{
    if (!job) {
        m_write->setEnabled(true);
        m_state->setTone(Tone::bad);
        m_state->setText(causeText(job.error().front()) + QLatin1Char(' ') +
                         nextStepText(job.error().front()));
        return;
    }
    const QString folder = jobFolder(m_choices);
    m_state->setTone(Tone::ok);
    m_state->setText(
        tr("Written, with %n sample(s). Run it where the compiler is: %1/run.sh --python … or "
           "--docker …",
           nullptr, int(job->samples))
            .arg(folder));
    m_write->setText(tr("Show in Folder"));
    m_write->setAccessibleName(m_write->text());
    m_write->setEnabled(true);
    m_write->disconnect(this);
    connect(m_write, &QPushButton::clicked, this,
            [folder] { QDesktopServices::openUrl(QUrl::fromLocalFile(folder)); });
}

} // namespace hefstudio
