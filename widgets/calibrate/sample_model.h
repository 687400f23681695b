// The samples of a session as rows of the contact sheet: all of them, or those that are in, left
// out, or named by the doctor. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "calibrate/calibration_session.h"
#include "calibrate/thumbnail_store.h"

#include <QAbstractListModel>

namespace hefstudio {

class SampleModel final : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role {
        SampleRole = Qt::UserRole, // index in the set
        SeverityRole,              // of the gravest finding that names it; -1: none
    };
    enum class Filter { all, in, out, named };

    explicit SampleModel(CalibrationSession &session, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

    Filter filter() const { return m_filter; }
    void setFilter(Filter filter);
    // Only these samples, whatever the filter; all again with an empty list.
    void showOnly(std::vector<std::size_t> samples);
    std::size_t sampleAt(int row) const { return m_rows[std::size_t(row)]; }
    int rowOf(std::size_t sample) const; // -1: not shown
    // For painting, without the detour of a QVariant. Null while it is on its way.
    const QImage *thumbnail(int row) { return m_thumbnails.thumbnail(int(sampleAt(row))); }

private:
    void reset();
    void refresh();
    void rebuildRows();
    void readFindings();

    CalibrationSession &m_session;
    ThumbnailStore m_thumbnails;
    Filter m_filter = Filter::all;
    std::vector<std::size_t> m_only;
    std::vector<std::size_t> m_rows;     // sample by row, sorted
    std::vector<signed char> m_severity; // by sample
};

} // namespace hefstudio
