// The few fonts of the window, all derived from the system's: sizes are ratios, never pixels.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>

namespace hefstudio {

enum class TextRole {
    body,
    small,
    heading, // a card's caption
    title,   // the name of the thing a card is about
    display, // one per page at most
    code,    // names, figures
    smallCode,
};

// The system's font at no less than 13 px at 96 dpi.
QFont baseFont(const QFont &system);
QFont fontFor(TextRole role);

} // namespace hefstudio
