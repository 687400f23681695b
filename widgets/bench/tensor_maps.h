// Draws one channel of two tensors and their difference; tells the values under the mouse.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QWidget>

#include <span>
#include <vector>

namespace hefstudio {

class TensorMaps final : public QWidget {
    Q_OBJECT
public:
    explicit TensorMaps(QWidget *parent = nullptr);
    // Rows × columns each; empty spans show nothing.
    void setChannel(int rows, int columns, std::span<const float> floatValues,
                    std::span<const float> hefValues);
    QSize sizeHint() const override { return {360, 150}; }
    QSize minimumSizeHint() const override { return {240, 110}; }

Q_SIGNALS:
    void pointed(const QString &values); // empty outside

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    QRectF placeOf(int map) const;

    int m_rows = 0, m_columns = 0;
    std::vector<float> m_float, m_hef;
    QImage m_images[3];
};

} // namespace hefstudio
