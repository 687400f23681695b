// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/layer_list.h"

#include "common/text_label.h"
#include "graph/layer_delegate.h"
#include "graph/layer_filter.h"
#include "graph/layer_list_model.h"
#include "theme/icons.h"

#include <QAction>
#include <QLineEdit>
#include <QListView>
#include <QLocale>
#include <QVBoxLayout>

namespace hefstudio {

LayerList::LayerList(QWidget *parent)
    : QWidget(parent),
      m_model(new LayerListModel(this)),
      m_proxy(new LayerFilter(this)),
      m_search(new QLineEdit),
      m_view(new QListView),
      m_count(new TextLabel({}, TextRole::small, Tone::faint))
{
    m_proxy->setSourceModel(m_model);

    m_search->setObjectName(QStringLiteral("layerSearch"));
    m_search->setPlaceholderText(tr("Find a layer"));
    m_search->setAccessibleName(tr("Find a layer"));
    m_search->setClearButtonEnabled(true);
    m_search->setToolTip(tr("Words that must all occur; op:conv, name:head and shape:80x80 look in one "
                            "place only"));
    m_search->addAction(themedIcon(QStringLiteral("search")), QLineEdit::LeadingPosition);

    m_view->setObjectName(QStringLiteral("layerList"));
    m_view->setAccessibleName(tr("Layers"));
    m_view->setModel(m_proxy);
    m_view->setItemDelegate(new LayerDelegate(m_view));
    m_view->setUniformItemSizes(true);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto *top = new QVBoxLayout;
    top->setContentsMargins(12, 0, 12, 4);
    top->addWidget(m_search);
    top->addWidget(m_count);
    column->addLayout(top);
    column->addWidget(m_view, 1);

    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_proxy->setQuery(text);
        showCount();
    });
    connect(m_search, &QLineEdit::returnPressed, this, [this] {
        if (m_proxy->rowCount() > 0)
            m_view->setCurrentIndex(m_proxy->index(0, 0));
        m_view->setFocus();
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &current) {
                if (!m_isFollowing && current.isValid())
                    Q_EMIT nodeChosen(m_proxy->mapToSource(current).row());
            });
}

void LayerList::setScene(std::shared_ptr<const GraphScene> scene)
{
    m_model->setScene(std::move(scene));
    showCount();
}

void LayerList::showCount()
{
    const QLocale locale;
    const int shown = m_proxy->rowCount();
    const int all = m_model->rowCount();
    m_count->setText(shown == all
                         ? tr("%1 layers").arg(locale.toString(all))
                         : tr("%1 of %2 layers").arg(locale.toString(shown), locale.toString(all)));
}

void LayerList::select(int node)
{
    m_isFollowing = true;
    if (node < 0) {
        m_view->clearSelection();
        m_view->setCurrentIndex({});
    } else {
        const QModelIndex index = m_proxy->mapFromSource(m_model->index(node, 0));
        m_view->setCurrentIndex(index);
        if (index.isValid())
            m_view->scrollTo(index);
    }
    m_isFollowing = false;
}

void LayerList::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

} // namespace hefstudio
