// A small pill that names a state: a word, and a colour as the second cue.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/text_label.h"

namespace hefstudio {

class Badge final : public QWidget {
    Q_OBJECT
public:
    explicit Badge(const QString &text = {}, Tone tone = Tone::dim, QWidget *parent = nullptr);
    void set(const QString &text, Tone tone);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_text;
    Tone m_tone;
};

} // namespace hefstudio
