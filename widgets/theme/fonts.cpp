// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/fonts.h"

#include <QApplication>
#include <QFontDatabase>
#include <QFontInfo>

namespace hefstudio {

QFont baseFont(const QFont &system)
{
    QFont font = system;
    // A desktop that states no font gets "Sans Serif"; there the better of the installed ones.
    const QString family = QFontInfo(system).family();
    const bool isStated = system.family() != QStringLiteral("Sans Serif") &&
                          system.family() != QStringLiteral("Sans") && !system.family().isEmpty();
    if (!isStated || family.startsWith(QStringLiteral("DejaVu")))
        for (const QString &better : {QStringLiteral("Inter"), QStringLiteral("Noto Sans")})
            if (QFontDatabase::hasFamily(better)) {
                font.setFamily(better);
                break;
            }
    constexpr double smallest = 9.75; // points: 13 px at 96 dpi
    font.setPointSizeF(std::max(smallest, QFontInfo(system).pointSizeF()));
    return font;
}

QFont fontFor(TextRole role)
{
    QFont font = QApplication::font();
    const double size = font.pointSizeF();
    switch (role) {
    case TextRole::body:
        break;
    case TextRole::small:
        font.setPointSizeF(size * 11.5 / 13);
        break;
    case TextRole::heading:
        font.setPointSizeF(size * 12 / 13);
        font.setWeight(QFont::DemiBold);
        break;
    case TextRole::title:
        font.setPointSizeF(size * 16 / 13);
        font.setWeight(QFont::DemiBold);
        break;
    case TextRole::display:
        font.setPointSizeF(size * 22 / 13);
        font.setWeight(QFont::DemiBold);
        break;
    case TextRole::code:
    case TextRole::smallCode:
        font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
        font.setPointSizeF(size * (role == TextRole::code ? 12.0 : 11.0) / 13);
        break;
    }
    return font;
}

} // namespace hefstudio
