// Names and values in two columns, one row a fact, drawn rather than built of widgets: it changes
// with every selection. Values are elided in the middle; the whole is in the tool tip.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <vector>

namespace hefstudio {

struct Fact {
    QString name;
    QString value;
};

class FactList final : public QWidget {
    Q_OBJECT
public:
    explicit FactList(QWidget *parent = nullptr);
    void setFacts(std::vector<Fact> facts);
    const std::vector<Fact> &facts() const { return m_facts; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    int rowHeight() const;
    std::vector<Fact> m_facts;
};

} // namespace hefstudio
