// How full each context makes the chip: control, compute and weight memory as stacks of what every
// cluster contributes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "profile/model_estimate.h"

#include <QWidget>

namespace hefstudio {

class UtilisationChart final : public QWidget {
    Q_OBJECT
public:
    explicit UtilisationChart(QWidget *parent = nullptr);
    void setEstimate(std::shared_ptr<const ModelEstimate> estimate);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    int rowHeight() const { return fontMetrics().height() + 6; }
    std::shared_ptr<const ModelEstimate> m_estimate;
};

} // namespace hefstudio
