// A few pictures of a folder, small, in a row: proof that it is the right folder. Decoded by a
// worker; a newer folder drops the older answer.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/latest_job.h"

#include <QImage>
#include <QWidget>

#include <vector>

namespace hefstudio {

class PictureStrip final : public QWidget {
    Q_OBJECT
public:
    explicit PictureStrip(QWidget *parent = nullptr);
    void setFolder(const QString &folder);
    QSize sizeHint() const override { return {300, side + 2}; }
    QSize minimumSizeHint() const override { return {side, side + 2}; }

Q_SIGNALS:
    void counted(int pictures);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    static constexpr int side = 60;
    struct Found {
        int count = 0;
        std::vector<QImage> thumbnails;
    };
    static Found look(const QString &folder, const std::stop_token &stop);

    LatestJob<Found> m_job;
    std::vector<QImage> m_thumbnails;
};

} // namespace hefstudio
