// One card a context: predicted time and how full its resources are; cards wrap to the width.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"

#include <QWidget>

#include <vector>

namespace hefstudio {

class ContextCards final : public QWidget {
    Q_OBJECT
public:
    explicit ContextCards(QWidget *parent = nullptr);
    void setContexts(std::vector<ContextUpdated> contexts);
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override { return {320, heightForWidth(width())}; }
    QSize minimumSizeHint() const override { return {cardWidth, cardHeight()}; }

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    static constexpr int cardWidth = 152;
    static constexpr int gap = 12;
    int cardHeight() const;
    int columns(int width) const;
    void paintCard(QPainter &painter, const QRect &card, const ContextUpdated &context) const;

    std::vector<ContextUpdated> m_contexts;
};

} // namespace hefstudio
