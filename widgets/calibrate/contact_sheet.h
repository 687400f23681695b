// The samples of a set in a grid, thousands of them. Space takes the selected ones out or puts
// them back, Delete takes them out.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "calibrate/sample_model.h"

#include <QListView>

namespace hefstudio {

class ContactSheet final : public QListView {
    Q_OBJECT
public:
    ContactSheet(SampleModel &model, CalibrationSession &session, QWidget *parent = nullptr);

Q_SIGNALS:
    void currentSampleChanged(int sample); // -1: none

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;

private:
    std::vector<std::size_t> selectedSamples() const;
    SampleModel &m_samples;
    CalibrationSession &m_session;
};

} // namespace hefstudio
