// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/log_view.h"

#include "common/text_label.h"
#include "convert/log_model.h"
#include "theme/icons.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QListView>
#include <QLocale>
#include <QPushButton>
#include <QScrollBar>
#include <QSortFilterProxyModel>

namespace hefstudio {

namespace {

class LevelFilter final : public QSortFilterProxyModel {
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    void setLowest(int level)
    {
        m_lowest = level;
        invalidateFilter();
    }

    void setWanted(const QString &text)
    {
        m_wanted = text;
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override
    {
        const QModelIndex index = sourceModel()->index(row, 0, parent);
        return index.data(LogModel::LevelRole).toInt() >= m_lowest &&
               (m_wanted.isEmpty() ||
                index.data(Qt::DisplayRole).toString().contains(m_wanted, Qt::CaseInsensitive));
    }

private:
    int m_lowest = 0;
    QString m_wanted;
};

} // namespace

LogView::LogView(LogModel &model, QWidget *parent)
    : Card(tr("LOG"), parent), m_model(model), m_view(new QListView)
{
    auto *filter = new LevelFilter(this);
    m_proxy = filter;
    m_proxy->setSourceModel(&model);
    const QString names[] = {tr("all"), tr("warnings"), tr("errors")};
    int at = 1;
    for (int level = 0; level < 3; ++level) {
        auto *button = new QPushButton;
        button->setCheckable(true);
        button->setAutoExclusive(true);
        button->setChecked(level == 0);
        button->setProperty("quiet", true);
        button->setAccessibleName(tr("Show %1").arg(names[level]));
        connect(button, &QPushButton::toggled, this, [filter, level](bool isOn) {
            if (isOn)
                filter->setLowest(level);
        });
        m_levels[level] = button;
        captionRow()->insertWidget(at++, button);
    }
    auto *search = new QLineEdit;
    search->setObjectName(QStringLiteral("logSearch"));
    search->setAccessibleName(tr("Search the log"));
    search->setPlaceholderText(tr("Search"));
    search->setClearButtonEnabled(true);
    search->setMaximumWidth(180);
    connect(search, &QLineEdit::textChanged, this,
            [filter](const QString &text) { filter->setWanted(text.trimmed()); });
    captionRow()->addWidget(search);
    auto *copy = new QPushButton(themedIcon(QStringLiteral("copy")), tr("Copy"));
    copy->setAccessibleName(tr("Copy the log"));
    copy->setProperty("quiet", true);
    connect(copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_model.text()); });
    captionRow()->addWidget(copy);

    m_view->setObjectName(QStringLiteral("log"));
    m_view->setAccessibleName(tr("Log"));
    m_view->setModel(m_proxy);
    m_view->setProperty("compact", true);
    m_view->setUniformItemSizes(true);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setFont(fontFor(TextRole::smallCode));
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    body()->addWidget(m_view, 1);
    body()->setContentsMargins(16, 6, 12, 8);
    body()->setSpacing(2);

    connect(m_proxy, &QAbstractItemModel::rowsAboutToBeInserted, this, [this] {
        const QScrollBar *bar = m_view->verticalScrollBar();
        m_isAtEnd = bar->value() >= bar->maximum() - 4;
    });
    connect(m_proxy, &QAbstractItemModel::rowsInserted, this, &LogView::follow);
    connect(&model, &LogModel::countsChanged, this, &LogView::showCounts);
    showCounts();
}

void LogView::follow()
{
    // Who scrolled up to read stays there.
    if (m_isAtEnd)
        m_view->scrollToBottom();
}

void LogView::showCounts()
{
    const QLocale locale;
    const int info = m_model.count(LogLevel::info);
    const int warnings = m_model.count(LogLevel::warning);
    const int errors = m_model.count(LogLevel::error);
    m_levels[0]->setText(tr("all %1").arg(locale.toString(info + warnings + errors)));
    m_levels[1]->setText(tr("warnings %1").arg(locale.toString(warnings)));
    m_levels[2]->setText(tr("errors %1").arg(locale.toString(errors)));
}

} // namespace hefstudio
