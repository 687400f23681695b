// Runs the float network and a HEF on pictures, one after the other on a worker, and keeps what
// came of it. Answers of an older set of pictures are dropped.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/latest_job.h"
#include "pipeline/result_bench.h"

#include <QImage>
#include <QObject>

#include <optional>
#include <vector>

namespace hefstudio {

QImage toImage(const Image &picture);

class BenchSession final : public QObject {
    Q_OBJECT
public:
    explicit BenchSession(QObject *parent = nullptr);
    ~BenchSession() override;

    // Begins anew: opens both networks and looks at the pictures in order.
    void start(const QString &hef, const ConversionSettings &settings,
               std::vector<std::filesystem::path> pictures);
    void clear();
    bool isRunning() const { return m_looking.isRunning(); }
    int wanted() const { return m_wanted; } // pictures of this set

    const std::vector<BenchPicture> &pictures() const { return m_pictures; }
    const std::vector<std::string> &labels() const { return m_labels; }
    bool isDetector() const { return m_isDetector; }
    const Diagnostics &faults() const { return m_faults; }

    // Asks for the picture itself and its tensors; detailsArrived() answers unless something else
    // is asked for meanwhile.
    void loadDetails(std::size_t picture);

Q_SIGNALS:
    void changed(); // another picture, the end, or a failure
    void detailsArrived(std::size_t picture, const QImage &image,
                        const std::vector<hefstudio::BenchOutput> &outputs);

private:
    struct Step {
        std::vector<BenchPicture> pictures;
        std::vector<std::string> labels;
        bool isDetector = false;
        Diagnostics faults;
        std::shared_ptr<const ResultBench> bench;
    };
    struct Details {
        QImage image;
        std::vector<BenchOutput> outputs;
    };
    void take(Step &&step);

    std::vector<BenchPicture> m_pictures;
    std::vector<std::string> m_labels;
    std::shared_ptr<const ResultBench> m_bench;
    bool m_isDetector = false;
    Diagnostics m_faults;
    int m_wanted = 0;
    LatestJob<Step> m_looking;
    LatestJob<Details> m_details;
};

} // namespace hefstudio
