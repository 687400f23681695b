// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/picture_strip.h"

#include "common/files.h"
#include "theme/style_drawing.h"

#include <QDir>
#include <QImageReader>
#include <QPainter>
#include <QPainterPath>

namespace hefstudio {

namespace {
constexpr std::size_t mostThumbnails = 12;
constexpr int mostCounted = 100000;
} // namespace

PictureStrip::PictureStrip(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

PictureStrip::Found PictureStrip::look(const QString &folder, const std::stop_token &stop)
{
    Found found;
    found.count = pictureCount(folder, mostCounted);
    const QStringList names = QDir(folder).entryList(pictureFilters(), QDir::Files, QDir::Name);
    for (const QString &name : names) {
        if (found.thumbnails.size() == mostThumbnails || stop.stop_requested())
            break;
        QImageReader reader(folder + QLatin1Char('/') + name);
        reader.setAutoTransform(true);
        const QSize size = reader.size();
        constexpr int pixels = side * 2; // sharp on dense screens
        if (size.isValid())
            reader.setScaledSize(size.scaled(pixels, pixels, Qt::KeepAspectRatioByExpanding));
        const QImage image = reader.read();
        if (image.isNull())
            continue;
        const int edge = std::min(image.width(), image.height());
        found.thumbnails.push_back(
            image.copy((image.width() - edge) / 2, (image.height() - edge) / 2, edge, edge)
                .scaled(pixels, pixels, Qt::IgnoreAspectRatio, Qt::SmoothTransformation));
    }
    return found;
}

void PictureStrip::setFolder(const QString &folder)
{
    m_thumbnails.clear();
    update();
    if (folder.isEmpty() || !QDir(folder).exists()) {
        m_job.cancel();
        Q_EMIT counted(0);
        return;
    }
    m_job.start([folder](const std::stop_token &stop) { return look(folder, stop); },
                [this](Found &&found) {
                    m_thumbnails = std::move(found.thumbnails);
                    update();
                    Q_EMIT counted(found.count);
                });
}

void PictureStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    const Tokens &tokens = tokensOf(palette());
    constexpr int gap = 6;
    const int fitting = std::max(1, (width() + gap) / (side + gap));
    for (int i = 0; i < fitting; ++i) {
        const QRectF cell(i * (side + gap), 0, side, side);
        if (std::size_t(i) >= m_thumbnails.size()) {
            if (m_thumbnails.empty())
                drawRounded(&painter, cell, tokens.raised, QColor(), 6);
            continue;
        }
        QPainterPath clip;
        clip.addRoundedRect(cell, 6, 6);
        painter.setClipPath(clip);
        painter.drawImage(cell, m_thumbnails[std::size_t(i)]);
        painter.setClipping(false);
    }
}

} // namespace hefstudio
