// One choice out of a few, all visible: buttons joined into one control. Left and right move the
// choice, as in a group of radio buttons.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QButtonGroup>

namespace hefstudio {

class SegmentButton final : public QAbstractButton {
    Q_OBJECT
public:
    enum class Position { first, middle, last, only };
    explicit SegmentButton(const QString &text, QWidget *parent = nullptr);
    void setPosition(Position position);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Position m_position = Position::only;
};

class SegmentedControl final : public QWidget {
    Q_OBJECT
public:
    explicit SegmentedControl(QWidget *parent = nullptr);
    // `value` is what value() returns while this segment is chosen; the first one added is.
    SegmentButton *addSegment(const QString &text, const QString &value);
    QString value() const;
    void setValue(const QString &value);

Q_SIGNALS:
    void valueChanged(const QString &value);

private:
    QButtonGroup *m_group;
};

} // namespace hefstudio
