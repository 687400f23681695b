// The colours of the window, as few as there are: every widget, the style and the canvas take
// theirs from here. Three levels of text, three states, five categories; nothing else.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>

#include <array>

namespace hefstudio {

struct Tokens {
    QColor background; // canvas, page
    QColor panel;      // cards, bars, docks
    QColor raised;     // buttons, fields, meters
    QColor line;       // hairlines
    QColor border;     // of fields and buttons
    QColor text, dim, faint;
    QColor accent, onAccent;
    QColor ok, warn, bad;
    // Precision, context, operator: an order that colour-blind people can tell apart.
    std::array<QColor, 5> categories;
    bool isDark = false;
};

inline const Tokens &darkTokens()
{
    static const Tokens tokens{
        .background = QColor(0x15, 0x18, 0x1d),
        .panel = QColor(0x1b, 0x1f, 0x26),
        .raised = QColor(0x23, 0x28, 0x33),
        .line = QColor(0x2d, 0x34, 0x40),
        .border = QColor(0x6a, 0x75, 0x88),
        .text = QColor(0xe6, 0xe9, 0xef),
        .dim = QColor(0x98, 0xa2, 0xb3),
        .faint = QColor(0x89, 0x93, 0xa5),
        .accent = QColor(0x4f, 0x9c, 0xf9),
        .onAccent = QColor(0x15, 0x18, 0x1d),
        .ok = QColor(0x45, 0xc0, 0x8a),
        .warn = QColor(0xe8, 0xb0, 0x4b),
        .bad = QColor(0xef, 0x6a, 0x6a),
        .categories = {QColor(0x4f, 0x9c, 0xf9), QColor(0xe8, 0xb0, 0x4b), QColor(0x45, 0xc0, 0x8a),
                       QColor(0xa7, 0x8b, 0xfa), QColor(0x4d, 0xd0, 0xc8)},
        .isDark = true,
    };
    return tokens;
}

inline const Tokens &lightTokens()
{
    static const Tokens tokens{
        .background = QColor(0xf4, 0xf6, 0xf9),
        .panel = QColor(0xff, 0xff, 0xff),
        .raised = QColor(0xee, 0xf1, 0xf6),
        .line = QColor(0xd9, 0xde, 0xe7),
        .border = QColor(0x7d, 0x88, 0x9b),
        .text = QColor(0x1b, 0x24, 0x30),
        .dim = QColor(0x56, 0x62, 0x7a),
        .faint = QColor(0x5f, 0x6a, 0x7e),
        .accent = QColor(0x1a, 0x63, 0xd6),
        .onAccent = QColor(0xff, 0xff, 0xff),
        .ok = QColor(0x12, 0x7a, 0x52),
        .warn = QColor(0x95, 0x5d, 0x00),
        .bad = QColor(0xbf, 0x34, 0x34),
        .categories = {QColor(0x1a, 0x63, 0xd6), QColor(0x95, 0x5d, 0x00), QColor(0x12, 0x7a, 0x52),
                       QColor(0x6d, 0x45, 0xd6), QColor(0x0b, 0x72, 0x85)},
        .isDark = false,
    };
    return tokens;
}

// The tokens a palette was made from, by its lightness: a widget asks with its own palette and
// follows a theme change without being told.
inline const Tokens &tokensOf(const QPalette &palette)
{
    return palette.color(QPalette::Window).lightness() < 128 ? darkTokens() : lightTokens();
}

// A share of `top` laid over `base`; opaque, so that it can be drawn in any order.
inline QColor mixed(const QColor &base, const QColor &top, double share)
{
    return QColor::fromRgbF(float(base.redF() + (top.redF() - base.redF()) * share),
                            float(base.greenF() + (top.greenF() - base.greenF()) * share),
                            float(base.blueF() + (top.blueF() - base.blueF()) * share));
}

namespace metrics {
inline constexpr int cardRadius = 10;
inline constexpr int controlRadius = 7;
inline constexpr int step = 4; // every distance is a multiple
inline constexpr int controlHeight = 30;
} // namespace metrics

} // namespace hefstudio
