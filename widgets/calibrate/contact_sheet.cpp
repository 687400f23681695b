// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibrate/contact_sheet.h"

#include "calibrate/sample_delegate.h"

#include <QKeyEvent>
#include <QScrollBar>

#include <algorithm>

namespace hefstudio {

ContactSheet::ContactSheet(SampleModel &model, CalibrationSession &session, QWidget *parent)
    : QListView(parent), m_samples(model), m_session(session)
{
    setObjectName(QStringLiteral("contactSheet"));
    setAccessibleName(tr("Pictures of the set"));
    setFrameShape(QFrame::NoFrame);
    setFlow(QListView::LeftToRight);
    setWrapping(true);
    setResizeMode(QListView::Adjust);
    setUniformItemSizes(true);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setMouseTracking(true);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setItemDelegate(new SampleDelegate(model, this));
    setModel(&model);
    setGridSize(SampleDelegate::cellSize(fontMetrics()));
    verticalScrollBar()->setAccessibleName(tr("Scroll the pictures"));
}

std::vector<std::size_t> ContactSheet::selectedSamples() const
{
    std::vector<std::size_t> samples;
    for (const QModelIndex &index : selectionModel()->selectedIndexes())
        samples.push_back(m_samples.sampleAt(index.row()));
    std::ranges::sort(samples);
    return samples;
}

void ContactSheet::keyPressEvent(QKeyEvent *event)
{
    const bool isToggle = event->key() == Qt::Key_Space;
    if (!isToggle && event->key() != Qt::Key_Delete) {
        QListView::keyPressEvent(event);
        return;
    }
    const auto samples = selectedSamples();
    if (samples.empty())
        return;
    const bool areAllIn =
        std::ranges::all_of(samples, [this](std::size_t s) { return m_session.isIn(s); });
    m_session.setIn(samples, isToggle && !areAllIn);
}

void ContactSheet::changeEvent(QEvent *event)
{
    QListView::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        setGridSize(SampleDelegate::cellSize(fontMetrics()));
}

void ContactSheet::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QListView::currentChanged(current, previous);
    Q_EMIT currentSampleChanged(current.isValid() ? int(m_samples.sampleAt(current.row())) : -1);
}

} // namespace hefstudio
