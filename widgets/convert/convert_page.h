// The Convert page: settings first, then the run, then its result. Owns the child process.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "convert/conversion_process.h"
#include "convert/conversion_run.h"

#include <QElapsedTimer>
#include <QWidget>

class QAction;
class QStackedWidget;

namespace hefstudio {

class RunPanel;
class SetupPanel;

class ConvertPage final : public QWidget {
    Q_OBJECT
public:
    ConvertPage(QAction *open, QAction *openSample, QWidget *parent = nullptr);

    // A new model: its settings start afresh except for what the user chose for the last one.
    void setModel(const ConversionChoices &settings);
    ConversionChoices settings() const;
    void setChip(const QString &chip) { m_chip = chip; }
    bool hasModel() const { return m_hasModel; }
    bool isRunning() const { return m_process.isRunning(); }
    void build();

Q_SIGNALS:
    void runningChanged(bool isRunning);
    // The page shows a result, whose own button is the next step.
    void resultShown(bool isShown);
    void openRequested(const QString &file);
    void fixRequested(const hefstudio::Fix &fix);

private:
    void ended(ConversionProcess::Outcome outcome, int exitCode);

    QStackedWidget *m_stack;
    ConversionRun m_run;
    SetupPanel *m_setup;
    RunPanel *m_panel;
    ConversionProcess m_process;
    QElapsedTimer m_clock;
    QTimer m_tick;
    QString m_chip = QStringLiteral("hailo8l");
    bool m_hasModel = false;
};

} // namespace hefstudio
