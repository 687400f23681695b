// The bytes of a file, sixteen a line, with offsets and text; only the lines in sight are made. A
// range can be marked; the arrow keys and Page keys scroll.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractScrollArea>

#include <cstddef>
#include <span>

namespace hefstudio {

class HexView final : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit HexView(QWidget *parent = nullptr);
    // The bytes must outlive the view.
    void setBytes(std::span<const std::byte> bytes);
    // Marks a range and scrolls to it; size 0 only scrolls.
    void show(std::uint64_t offset, std::uint64_t size);
    using QAbstractScrollArea::show;
    std::uint64_t firstVisible() const;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    int lineHeight() const;
    void updateBar();

    std::span<const std::byte> m_bytes;
    std::uint64_t m_markOffset = 0, m_markSize = 0;
};

} // namespace hefstudio
