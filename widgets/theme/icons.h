// Icons drawn by us (resources/icons, one stroke style), in the colour of the theme at the moment
// of drawing: an icon made once stays right after a theme change.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QString>

namespace hefstudio {

// Dim at rest, text colour when selected or on, faint when disabled.
QIcon themedIcon(const QString &name);
QPixmap iconPixmap(const QString &name, const QColor &color, int size, double devicePixelRatio);

} // namespace hefstudio
