// A Diagnostic as a card: what happened, where, the next step, and a button for each fix that the
// window can carry out. The sentence is made here, so that it translates.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"

#include <QWidget>

namespace hefstudio {

QString causeText(const Diagnostic &diagnostic);
QString nextStepText(const Diagnostic &diagnostic);
// Whether the window knows how to carry it out; other fixes stay with the command line.
bool canApply(const Fix &fix);
QString fixText(const Fix &fix);

class DiagnosticCard final : public QWidget {
    Q_OBJECT
public:
    explicit DiagnosticCard(const Diagnostic &diagnostic, QWidget *parent = nullptr);

Q_SIGNALS:
    void fixRequested(const hefstudio::Fix &fix);
    // The user wants to see the node, layer or message the diagnostic is about.
    void placeRequested(const hefstudio::Place &place);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Severity m_severity;
};

} // namespace hefstudio
