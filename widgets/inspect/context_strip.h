// The contexts of a HEF side by side, each as wide as what it holds.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/hef_overview.h"

#include <QWidget>

namespace hefstudio {

class ContextStrip final : public QWidget {
    Q_OBJECT
public:
    explicit ContextStrip(std::vector<ContextShare> contexts, QWidget *parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {120, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    std::vector<QRectF> cells() const;
    std::vector<ContextShare> m_contexts;
};

} // namespace hefstudio
