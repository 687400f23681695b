// A line or paragraph of plain text with a role (size) and a tone (colour), both taken from the
// theme when drawn, so that a theme change needs no work.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/fonts.h"
#include "theme/tokens.h"

#include <QLabel>

namespace hefstudio {

enum class Tone { normal, dim, faint, accent, ok, warn, bad };
const QColor &toneColor(const Tokens &tokens, Tone tone);

class TextLabel : public QLabel {
    Q_OBJECT
public:
    explicit TextLabel(const QString &text = {}, TextRole role = TextRole::body,
                       Tone tone = Tone::normal, QWidget *parent = nullptr);
    void setTone(Tone tone);
    // Long names keep both ends; the whole text becomes the tool tip.
    void setElidedInTheMiddle();
    void setText(const QString &text);
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    TextRole m_role;
    Tone m_tone;
    bool m_isElided = false;
};

} // namespace hefstudio
