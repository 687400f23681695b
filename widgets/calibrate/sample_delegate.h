// A cell of the contact sheet: the picture, its name, what the doctor thinks of it, and whether it
// is in. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace hefstudio {

class SampleModel;

class SampleDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    explicit SampleDelegate(SampleModel &model, QObject *parent = nullptr);
    static QSize cellSize(const QFontMetrics &metrics);

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

protected:
    bool editorEvent(QEvent *event, QAbstractItemModel *model, const QStyleOptionViewItem &option,
                     const QModelIndex &index) override;

private:
    static QRect checkRect(const QRect &cell);
    SampleModel &m_model;
};

} // namespace hefstudio
