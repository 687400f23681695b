// The strokes that StudioStyle and hand-drawn widgets share, so that a segmented control and a
// push button have the same edge, hover and focus.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/tokens.h"

#include <QStyle>

class QPainter;
class QStyleOption;
class QStyleOptionMenuItem;
class QStyleOptionTab;
class QStyleOptionSlider;

namespace hefstudio {

// A filled rounded rectangle with a one-pixel edge; an invalid colour leaves out that part.
void drawRounded(QPainter *painter, const QRectF &rect, const QColor &fill, const QColor &edge,
                 double radius = metrics::controlRadius);
// The two-pixel ring that shows keyboard focus.
void drawFocusRing(QPainter *painter, const QRectF &rect, const Tokens &tokens,
                   double radius = metrics::controlRadius);
// Fill of a raised control by its state.
QColor controlFill(const Tokens &tokens, QStyle::State state);

void drawMenuItem(QPainter *painter, const QStyleOptionMenuItem &item, const QStyle &style);
void drawTab(QPainter *painter, const QStyleOptionTab &tab);
void drawScrollBar(QPainter *painter, const QStyleOptionSlider &bar, const QRect &slider);

} // namespace hefstudio
