// The way from an emulation HEF to one that runs on a chip, where no vendor compiler is installed:
// what is needed, and the job folder for a machine that has it, written beside the HEF.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/latest_job.h"
#include "convert/conversion_choices.h"
#include "pipeline/vendor_job.h"

#include <QDialog>

class QPushButton;

namespace hefstudio {

class TextLabel;

class ChipHefDialog final : public QDialog {
    Q_OBJECT
public:
    ChipHefDialog(const ConversionChoices &choices, QWidget *parent = nullptr);
    // "<network>-job" beside the HEF.
    static QString jobFolder(const ConversionChoices &choices);
    bool isWriting() const { return m_job.isRunning(); }

private:
    void write();
    void written(Result<ExportedJob> &&job);

    ConversionChoices m_choices;
    LatestJob<Result<ExportedJob>> m_job;
    TextLabel *m_state;
    QPushButton *m_write;
};

} // namespace hefstudio
