// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/log_model.h"

#include "theme/tokens.h"

#include <QGuiApplication>

namespace hefstudio {

LogModel::LogModel(int capacity, QObject *parent)
    : QAbstractListModel(parent), m_capacity(std::size_t(std::max(1, capacity)))
{
}

void LogModel::reset()
{
    beginResetModel();
    m_lines.clear();
    m_counts = {};
    endResetModel();
    Q_EMIT countsChanged();
}

void LogModel::append(const std::vector<LogLine> &lines)
{
    if (lines.empty())
        return;
    const QString time = QTime::currentTime().toString(QStringLiteral("HH:mm:ss"));
    for (const LogLine &line : lines)
        ++m_counts[std::size_t(line.level)];
    const std::size_t first = lines.size() > m_capacity ? lines.size() - m_capacity : 0;
    const std::size_t added = lines.size() - first;
    if (m_lines.size() + added > m_capacity) {
        const std::size_t leaving = m_lines.size() + added - m_capacity;
        beginRemoveRows({}, 0, int(leaving) - 1);
        m_lines.erase(m_lines.begin(), m_lines.begin() + std::ptrdiff_t(leaving));
        endRemoveRows();
    }
    beginInsertRows({}, int(m_lines.size()), int(m_lines.size() + added) - 1);
    for (std::size_t i = first; i < lines.size(); ++i) {
        const QString stage = QString::fromStdString(lines[i].stage);
        m_lines.push_back({QStringLiteral("%1  %2%3")
                               .arg(time, stage.isEmpty() ? stage : stage.leftJustified(10),
                                    QString::fromStdString(lines[i].text)),
                           lines[i].level});
    }
    endInsertRows();
    Q_EMIT countsChanged();
}

QString LogModel::text() const
{
    QStringList all;
    for (const Line &line : m_lines)
        all << line.text;
    return all.join(QLatin1Char('\n'));
}

int LogModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_lines.size());
}

QVariant LogModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Line &line = m_lines[std::size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return line.text;
    case LevelRole:
        return int(line.level);
    case Qt::ForegroundRole: {
        const Tokens &tokens = tokensOf(QGuiApplication::palette());
        return line.level == LogLevel::error     ? tokens.bad
               : line.level == LogLevel::warning ? tokens.warn
                                                 : tokens.dim;
    }
    default:
        return {};
    }
}

} // namespace hefstudio
