// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibrate/thumbnail_store.h"

#include <algorithm>

namespace hefstudio {

namespace {

constexpr int cacheKilobytes = 256 * 1024;
constexpr std::size_t mostWanted = 400; // a few screens of them
constexpr int framesPerSecond = 30;

QImage decode(const CalibrationSet &set, int sample)
{
    const auto index = static_cast<std::size_t>(sample);
    if (!set.isArray()) {
        const auto image = loadThumbnail(set.pictures()[index], ThumbnailStore::side);
        return image ? toQImage(*image) : QImage();
    }
    const auto image = set.picture(index);
    if (!image)
        return {};
    const QImage whole = toQImage(*image);
    if (std::max(whole.width(), whole.height()) <= ThumbnailStore::side)
        return whole;
    return whole.scaled(ThumbnailStore::side, ThumbnailStore::side, Qt::KeepAspectRatio,
                        Qt::SmoothTransformation);
}

} // namespace

QImage toQImage(const Image &image)
{
    const QImage view(image.rgb.data(), image.width, image.height, image.width * 3,
                      QImage::Format_RGB888);
    // The format that painting is fastest from; also a copy of its own.
    return view.convertToFormat(QImage::Format_RGB32);
}

ThumbnailStore::ThumbnailStore(QObject *parent)
    : QObject(parent), m_queue(std::make_shared<Queue>()), m_cache(cacheKilobytes)
{
    m_pool.setMaxThreadCount(std::max(1, QThread::idealThreadCount() - 1));
    m_timer.setInterval(1000 / framesPerSecond);
    connect(&m_timer, &QTimer::timeout, this, &ThumbnailStore::collect);
}

ThumbnailStore::~ThumbnailStore()
{
    setSet(nullptr);
    m_pool.waitForDone();
}

void ThumbnailStore::setSet(std::shared_ptr<const CalibrationSet> set)
{
    {
        const std::scoped_lock lock(m_queue->mutex);
        ++m_queue->generation;
        m_queue->wanted.clear();
        m_queue->done.clear();
    }
    m_pending.clear();
    m_cache.clear();
    m_timer.stop();
    m_set = std::move(set);
}

const QImage *ThumbnailStore::thumbnail(int sample)
{
    if (const QImage *known = m_cache.object(sample))
        return known;
    if (!m_set || !m_pending.insert(sample).second)
        return nullptr;
    int generation = 0;
    {
        const std::scoped_lock lock(m_queue->mutex);
        generation = m_queue->generation;
        m_queue->wanted.push_back(sample);
        if (m_queue->wanted.size() > mostWanted) {
            m_pending.erase(m_queue->wanted.front());
            m_queue->wanted.erase(m_queue->wanted.begin());
        }
    }
    m_timer.start();
    m_pool.start([queue = m_queue, set = m_set, generation] {
        int next = 0;
        {
            const std::scoped_lock lock(queue->mutex);
            if (queue->generation != generation || queue->wanted.empty())
                return;
            next = queue->wanted.back();
            queue->wanted.pop_back();
        }
        QImage image = decode(*set, next);
        const std::scoped_lock lock(queue->mutex);
        if (queue->generation == generation)
            queue->done.emplace_back(next, std::move(image));
    });
    return nullptr;
}

void ThumbnailStore::collect()
{
    std::vector<std::pair<int, QImage>> done;
    {
        const std::scoped_lock lock(m_queue->mutex);
        done.swap(m_queue->done);
    }
    QList<int> samples;
    for (auto &[sample, image] : done) {
        m_pending.erase(sample);
        const int kilobytes = static_cast<int>(image.sizeInBytes() / 1024) + 1;
        m_cache.insert(sample, new QImage(std::move(image)), kilobytes);
        samples << sample;
    }
    if (m_pending.empty())
        m_timer.stop();
    if (!samples.isEmpty())
        Q_EMIT ready(samples);
}

} // namespace hefstudio
