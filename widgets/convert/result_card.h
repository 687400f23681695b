// How a conversion ended: the file that was made and what to do with it, or why there is none.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"
#include "base/event.h"

#include <QWidget>

class QPushButton;
class QVBoxLayout;

namespace hefstudio {

class ResultCard final : public QWidget {
    Q_OBJECT
public:
    explicit ResultCard(QWidget *parent = nullptr);
    void showResult(const ConversionFinished &result, int contexts, double seconds);
    void showFailure(const QString &title, const Diagnostics &diagnostics);
    void clear();

Q_SIGNALS:
    void openRequested(const QString &file);
    void benchRequested(const QString &hef);
    void chipHefRequested();
    void backRequested();
    void fixRequested(const hefstudio::Fix &fix);
    void placeRequested(const hefstudio::Place &place);

private:
    QWidget *makeResult(const ConversionFinished &result, int contexts, double seconds);
    QPushButton *backButton();

    QVBoxLayout *m_column;
};

} // namespace hefstudio
