// A panel with rounded corners and an optional caption; children go into body().
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QVBoxLayout>
#include <QWidget>

class QHBoxLayout;

namespace hefstudio {

class TextLabel;

class Card : public QWidget {
    Q_OBJECT
public:
    explicit Card(const QString &caption = {}, QWidget *parent = nullptr);
    QVBoxLayout *body() const { return m_body; }
    // The caption's row, for a badge or a button at its right; only with a caption.
    QHBoxLayout *captionRow() const { return m_captionRow; }
    void setCaption(const QString &caption);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QVBoxLayout *m_body;
    QHBoxLayout *m_captionRow = nullptr;
    TextLabel *m_caption = nullptr;
};

} // namespace hefstudio
