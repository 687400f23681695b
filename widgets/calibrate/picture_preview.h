// One sample beside what the chip gets of it, with the values of the pixel under the mouse in both;
// the arrow keys move it too. Decoded by a worker.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "calibration/calibration_set.h"
#include "common/latest_job.h"

#include <QImage>
#include <QWidget>

#include <memory>
#include <optional>

namespace hefstudio {

class PicturePreview final : public QWidget {
    Q_OBJECT
public:
    explicit PicturePreview(QWidget *parent = nullptr);
    // `how` says what the chip gets; nothing: no network is open.
    void show(std::shared_ptr<const CalibrationSet> set, int sample,
              const std::optional<PreprocessOptions> &how);
    void clear();
    // The pixel pointed at, of the original; for tests and the keyboard.
    std::optional<QPoint> probe() const { return m_probe; }
    // What stands under the pictures.
    QString probeText() const;
    QSize sizeHint() const override { return {420, 250}; }
    QSize minimumSizeHint() const override { return {240, 190}; }

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    struct Side {
        QRect frame;  // where the picture may be
        QRect target; // where it is
    };
    struct Shown {
        QImage original;
        QImage result; // null without a network
        PreprocessGeometry geometry;
        Diagnostics faults;
    };
    Side original() const;
    Side result() const;
    std::optional<QPoint> resultPixel() const;
    void setProbe(std::optional<QPoint> pixel);

    Shown m_shown;
    std::optional<PreprocessOptions> m_how;
    std::optional<QPoint> m_probe;
    bool m_isEmpty = true;
    LatestJob<Shown> m_job;
};

} // namespace hefstudio
