// Small pictures of a set's samples, decoded by workers when they are first asked for. What was
// asked for last is decoded first, since that is what is in sight; what scrolled away long ago is
// forgotten. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "calibration/calibration_set.h"

#include <QCache>
#include <QImage>
#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <memory>
#include <mutex>
#include <set>
#include <vector>

namespace hefstudio {

// 8-bit RGB without padding as Qt has it.
QImage toQImage(const Image &image);

class ThumbnailStore final : public QObject {
    Q_OBJECT
public:
    static constexpr int side = 192; // sharp on dense screens

    explicit ThumbnailStore(QObject *parent = nullptr);
    ~ThumbnailStore() override;

    void setSet(std::shared_ptr<const CalibrationSet> set);
    // Null while it is on its way; ready() follows. An empty image for a sample that has none.
    const QImage *thumbnail(int sample);

Q_SIGNALS:
    void ready(const QList<int> &samples); // at most thirty times a second

private:
    // Outlives the store in the workers that still run.
    struct Queue {
        std::mutex mutex;
        std::vector<int> wanted; // the last first
        std::vector<std::pair<int, QImage>> done;
        int generation = 0;
    };
    void collect();

    std::shared_ptr<const CalibrationSet> m_set;
    std::shared_ptr<Queue> m_queue;
    std::set<int> m_pending;
    QCache<int, QImage> m_cache;
    QThreadPool m_pool;
    QTimer m_timer;
};

} // namespace hefstudio
