// A tool tip takes what looks like markup for markup. Names and messages come from files and from
// what other programs print: they are shown as the text they are.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QTextDocument>

namespace hefstudio {

inline QString plainToolTip(const QString &text)
{
    return Qt::mightBeRichText(text)
               ? QStringLiteral("<span>%1</span>").arg(text.toHtmlEscaped())
               : text;
}

} // namespace hefstudio
