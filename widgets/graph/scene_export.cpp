// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/scene_export.h"

#include <QImage>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>

#include <cmath>

namespace hefstudio {

namespace {

constexpr double margin = 40;
constexpr double mostPixels = 64e6;
constexpr double longestSide = 16000;

void draw(QPainter &painter, const GraphScene &scene, const SceneColors &colors,
          const Tokens &tokens, const QRectF &area, double zoom, bool asVectors)
{
    painter.fillRect(QRectF(QPointF(), area.size() * zoom), tokens.background);
    painter.scale(zoom, zoom);
    painter.translate(-area.topLeft());
    ScenePainter::View view;
    view.visible = area;
    view.zoom = zoom;
    view.colors = colors.slots.empty() ? nullptr : &colors;
    view.asVectors = asVectors;
    ScenePainter().paint(painter, scene, view, tokens);
}

} // namespace

bool exportScene(const QString &file, const GraphScene &scene, const SceneColors &colors,
                 const Tokens &tokens)
{
    const QRectF area = scene.bounds().adjusted(-margin, -margin, margin, margin);
    QSaveFile target(file);
    if (!target.open(QIODevice::WriteOnly))
        return false;
    if (file.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive)) {
        QSvgGenerator generator;
        generator.setOutputDevice(&target);
        generator.setSize(area.size().toSize());
        generator.setViewBox(QRectF(QPointF(), area.size()));
        QPainter painter(&generator);
        draw(painter, scene, colors, tokens, area, 1, true);
        painter.end();
        return target.commit();
    }
    const double zoom =
        std::min({2.0, std::sqrt(mostPixels / (area.width() * area.height())),
                  longestSide / std::max(area.width(), area.height())});
    QImage image((area.size() * zoom).toSize(), QImage::Format_RGB32);
    if (image.isNull())
        return false;
    QPainter painter(&image);
    draw(painter, scene, colors, tokens, area, zoom, false);
    painter.end();
    return image.save(&target, "PNG") && target.commit();
}

} // namespace hefstudio
