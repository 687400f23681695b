// The log as plain lines with counts by level; the level buttons filter, Copy takes all of it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/card.h"

class QListView;
class QPushButton;
class QSortFilterProxyModel;

namespace hefstudio {

class LogModel;

class LogView final : public Card {
    Q_OBJECT
public:
    explicit LogView(LogModel &model, QWidget *parent = nullptr);

private:
    void showCounts();
    void follow();

    LogModel &m_model;
    QSortFilterProxyModel *m_proxy;
    QListView *m_view;
    QPushButton *m_levels[3];
    bool m_isAtEnd = true;
};

} // namespace hefstudio
