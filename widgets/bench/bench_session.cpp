// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/bench_session.h"

#include "common/files.h"

#include <cstring>

namespace hefstudio {

QImage toImage(const Image &picture)
{
    QImage image(picture.width, picture.height, QImage::Format_RGB888);
    const auto row = static_cast<std::size_t>(picture.width) * 3;
    for (int y = 0; y < picture.height && !image.isNull(); ++y)
        std::memcpy(image.scanLine(y), picture.rgb.data() + static_cast<std::size_t>(y) * row, row);
    return image;
}

BenchSession::BenchSession(QObject *parent) : QObject(parent) {}

BenchSession::~BenchSession() = default;

void BenchSession::clear()
{
    m_looking.cancel();
    m_details.cancel();
    m_pictures.clear();
    m_labels.clear();
    m_faults.clear();
    m_bench.reset();
    m_wanted = 0;
    Q_EMIT changed();
}

void BenchSession::start(const QString &hef, const ConversionSettings &settings,
                         std::vector<std::filesystem::path> pictures)
{
    clear();
    if (pictures.empty())
        return;
    m_wanted = int(pictures.size());
    m_looking.startStaged(
        [hef = toPath(hef), settings, pictures = std::move(pictures)](
            const std::stop_token &stop, const LatestJob<Step>::Report &report) {
            Step last;
            auto opened = ResultBench::open(hef, settings, pictures.front());
            if (!opened) {
                last.faults = std::move(opened.error());
                return last;
            }
            const auto bench = std::make_shared<const ResultBench>(std::move(*opened));
            for (const auto &file : pictures) {
                if (stop.stop_requested())
                    break;
                Step step{.pictures = {},
                          .labels = bench->labels(),
                          .isDetector = bench->isDetector(),
                          .faults = {},
                          .bench = bench};
                auto looked = bench->look(file, stop);
                if (looked) {
                    forgetValues(*looked);
                    step.pictures.push_back(std::move(*looked));
                } else {
                    step.faults = std::move(looked.error());
                }
                report(std::move(step));
            }
            last.labels = bench->labels();
            last.isDetector = bench->isDetector();
            last.bench = bench;
            return last;
        },
        [this](Step &&step) { take(std::move(step)); },
        [this](Step &&step) { take(std::move(step)); });
    Q_EMIT changed();
}

void BenchSession::take(Step &&step)
{
    if (step.bench) {
        m_bench = std::move(step.bench);
        m_labels = std::move(step.labels);
        m_isDetector = step.isDetector;
    }
    for (BenchPicture &picture : step.pictures)
        m_pictures.push_back(std::move(picture));
    m_faults.insert(m_faults.end(), step.faults.begin(), step.faults.end());
    Q_EMIT changed();
}

void BenchSession::loadDetails(std::size_t picture)
{
    if (picture >= m_pictures.size() || !m_bench)
        return;
    m_details.start(
        [bench = m_bench, file = m_pictures[picture].file](const std::stop_token &stop) {
            Details details;
            const auto image = loadImage(file);
            if (!image)
                return details;
            details.image = toImage(*image);
            if (auto looked = bench->look(*image, stop))
                details.outputs = std::move(looked->outputs);
            return details;
        },
        [this, picture](Details &&details) {
            Q_EMIT detailsArrived(picture, details.image, details.outputs);
        });
}

} // namespace hefstudio
