// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibrate/sample_model.h"

#include "common/diagnostic_card.h"
#include "common/files.h"

#include <algorithm>

namespace hefstudio {

SampleModel::SampleModel(CalibrationSession &session, QObject *parent)
    : QAbstractListModel(parent), m_session(session)
{
    connect(&m_session, &CalibrationSession::looked, this, &SampleModel::reset);
    connect(&m_session, &CalibrationSession::judged, this, &SampleModel::refresh);
    connect(&m_thumbnails, &ThumbnailStore::ready, this, [this](const QList<int> &samples) {
        for (const int sample : samples)
            if (const int row = rowOf(std::size_t(sample)); row >= 0)
                Q_EMIT dataChanged(index(row), index(row), {Qt::DecorationRole});
    });
    reset();
}

int SampleModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant SampleModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const std::size_t sample = sampleAt(index.row());
    const CalibrationSet &set = *m_session.set();
    switch (role) {
    case Qt::DisplayRole: {
        const QString name = QString::fromStdString(set.relativeNameOf(sample));
        return name.mid(name.lastIndexOf(QLatin1Char('/')) + 1);
    }
    case Qt::ToolTipRole: {
        QString text = QString::fromStdString(set.nameOf(sample));
        for (const Finding &finding : m_session.findings())
            if (std::ranges::binary_search(finding.samples, sample))
                text += QLatin1Char('\n') + causeText(finding.diagnostic);
        return text;
    }
    case Qt::AccessibleTextRole: {
        const QString name = QString::fromStdString(set.relativeNameOf(sample));
        return m_session.isIn(sample) ? name : tr("%1, left out").arg(name);
    }
    case Qt::CheckStateRole:
        return m_session.isIn(sample) ? Qt::Checked : Qt::Unchecked;
    case SampleRole:
        return QVariant::fromValue(qulonglong(sample));
    case SeverityRole:
        return int(m_severity[sample]);
    default:
        return {};
    }
}

bool SampleModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::CheckStateRole || !index.isValid())
        return false;
    m_session.setIn({sampleAt(index.row())}, value.toInt() == Qt::Checked);
    return true;
}

Qt::ItemFlags SampleModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable |
           Qt::ItemNeverHasChildren;
}

void SampleModel::setFilter(Filter filter)
{
    beginResetModel();
    m_filter = filter;
    m_only.clear();
    rebuildRows();
    endResetModel();
}

void SampleModel::showOnly(std::vector<std::size_t> samples)
{
    beginResetModel();
    m_only = std::move(samples);
    rebuildRows();
    endResetModel();
}

int SampleModel::rowOf(std::size_t sample) const
{
    const auto found = std::ranges::lower_bound(m_rows, sample);
    return found != m_rows.end() && *found == sample ? int(found - m_rows.begin()) : -1;
}

void SampleModel::reset()
{
    beginResetModel();
    m_thumbnails.setSet(m_session.set());
    m_only.clear();
    readFindings();
    rebuildRows();
    endResetModel();
}

void SampleModel::refresh()
{
    readFindings();
    // Rows stay where they are while samples are being left out; only the filter's next choice
    // removes them from sight.
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
}

void SampleModel::readFindings()
{
    m_severity.assign(m_session.set() ? m_session.set()->size() : 0, -1);
    for (const Finding &finding : m_session.findings())
        for (const std::size_t sample : finding.samples)
            m_severity[sample] =
                std::max(m_severity[sample], static_cast<signed char>(finding.diagnostic.severity));
}

void SampleModel::rebuildRows()
{
    m_rows.clear();
    if (!m_only.empty()) {
        m_rows = m_only;
        return;
    }
    for (std::size_t i = 0; i < m_severity.size(); ++i) {
        const bool isShown = m_filter == Filter::all ||
                             (m_filter == Filter::in && m_session.isIn(i)) ||
                             (m_filter == Filter::out && !m_session.isIn(i)) ||
                             (m_filter == Filter::named && m_severity[i] >= 0);
        if (isShown)
            m_rows.push_back(i);
    }
}

} // namespace hefstudio
