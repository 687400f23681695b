// What the doctor found, the gravest first, each with the way to see and to mend it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "calibration/set_examination.h"

#include <QScrollArea>

class QVBoxLayout;

namespace hefstudio {

class TextLabel;

class DoctorPanel final : public QScrollArea {
    Q_OBJECT
public:
    explicit DoctorPanel(QWidget *parent = nullptr);
    // `allowed`: what the number of samples is enough for.
    void show(const std::vector<Finding> &findings, const QString &allowed);

Q_SIGNALS:
    void showSamplesRequested(int finding);
    void fixRequested(int finding, const hefstudio::Fix &fix);

private:
    TextLabel *m_summary;
    QVBoxLayout *m_cards;
};

} // namespace hefstudio
