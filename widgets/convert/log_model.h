// The last lines of a conversion's log in a ring: old lines leave when new ones come, so that a
// talkative run costs no more than a quiet one.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"

#include <QAbstractListModel>
#include <QTime>

#include <array>
#include <deque>
#include <vector>

namespace hefstudio {

class LogModel final : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { LevelRole = Qt::UserRole };

    explicit LogModel(int capacity = 5000, QObject *parent = nullptr);
    void reset();
    void append(const std::vector<LogLine> &lines);
    int count(LogLevel level) const { return m_counts[std::size_t(level)]; } // since reset
    QString text() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

Q_SIGNALS:
    void countsChanged();

private:
    struct Line {
        QString text;
        LogLevel level;
    };
    std::size_t m_capacity;
    std::deque<Line> m_lines;
    std::array<int, 3> m_counts{};
};

} // namespace hefstudio
