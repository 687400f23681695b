// One picture with the boxes of the float network and of the HEF: side by side, or one over the
// other with a line between them that is dragged or moved by the arrow keys. Boxes without a
// partner are dashed and marked.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pipeline/result_bench.h"

#include <QImage>
#include <QWidget>

#include <string>
#include <vector>

namespace hefstudio {

class BenchView final : public QWidget {
    Q_OBJECT
public:
    enum class Mode { sideBySide, swipe };
    explicit BenchView(QWidget *parent = nullptr);

    void setPicture(const QImage &image);
    void setBoxes(BenchAgreement agreement, std::vector<std::string> labels);
    void setMode(Mode mode);
    Mode mode() const { return m_mode; }
    double swipe() const { return m_swipe; } // 0…1 of the width
    QSize sizeHint() const override { return {640, 420}; }
    QSize minimumSizeHint() const override { return {280, 200}; }

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    // Where the picture lies inside a part of the widget.
    QRectF placed(const QRectF &room) const;
    void paintSide(QPainter &painter, const QRectF &target, const std::vector<BenchBox> &boxes,
                   const QString &title, bool isLeft) const;
    void setSwipe(double swipe);

    Mode m_mode = Mode::sideBySide;
    double m_swipe = 0.5;
    QImage m_image;
    BenchAgreement m_agreement;
    std::vector<std::string> m_labels;
};

} // namespace hefstudio
