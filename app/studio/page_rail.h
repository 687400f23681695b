// The pages of the window, one button each, at its left edge. Up and down move between them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QButtonGroup>
#include <QWidget>

class QVBoxLayout;

namespace hefstudio {

class RailButton final : public QAbstractButton {
    Q_OBJECT
public:
    RailButton(const QString &icon, const QString &text, QWidget *parent = nullptr);
    QSize sizeHint() const override { return {72, fontMetrics().height() + 42}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_icon;
};

class PageRail final : public QWidget {
    Q_OBJECT
public:
    explicit PageRail(QWidget *parent = nullptr);
    void addPage(const QString &icon, const QString &text, const QString &name);
    void setCurrent(int page);

Q_SIGNALS:
    void pageChosen(int page);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QVBoxLayout *m_column;
    QButtonGroup *m_group;
};

} // namespace hefstudio
