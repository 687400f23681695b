// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/inspect_page.h"

#include "common/diagnostic_card.h"
#include "common/empty_state.h"
#include "common/text_label.h"
#include "inspect/hef_view.h"

#include <QAction>
#include <QFileInfo>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

namespace hefstudio {

namespace {

QWidget *makeErrors(const QString &file, const Diagnostics &diagnostics)
{
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setAccessibleName(InspectPage::tr("What stands in the way"));
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(24, 24, 24, 24);
    column->setSpacing(12);
    column->addWidget(new TextLabel(
        InspectPage::tr("%1 cannot be opened").arg(QFileInfo(file).fileName()), TextRole::title));
    for (const Diagnostic &diagnostic : diagnostics)
        column->addWidget(new DiagnosticCard(diagnostic));
    column->addStretch();
    scroll->setWidget(content);
    return scroll;
}

} // namespace

InspectPage::InspectPage(QAction *open, QWidget *parent)
    : QWidget(parent), m_stack(new QStackedWidget), m_tabs(new QTabWidget)
{
    auto *empty = new EmptyState(QStringLiteral("inspect"), tr("Look inside a HEF"),
                                 tr("Drop HEF files here, ours or the vendor's, or open one: chip, "
                                    "versions, contexts, streams and whether it is intact."));
    empty->addAction(open, EmptyState::Weight::primary);
    m_stack->addWidget(empty);
    m_tabs->setObjectName(QStringLiteral("hefTabs"));
    m_tabs->setAccessibleName(tr("Opened HEFs"));
    m_tabs->setTabsClosable(true);
    m_tabs->setMovable(true);
    m_tabs->setDocumentMode(true);
    m_tabs->setElideMode(Qt::ElideMiddle);
    m_tabs->tabBar()->setAccessibleName(tr("Opened HEFs"));
    m_tabs->tabBar()->setExpanding(false);
    m_stack->addWidget(m_tabs);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_stack);
    connect(m_tabs, &QTabWidget::tabCloseRequested, this, &InspectPage::closeTab);
    connect(m_tabs, &QTabWidget::currentChanged, this, &InspectPage::currentChanged);
}

void InspectPage::openFile(const QString &file)
{
    const QString path = QFileInfo(file).absoluteFilePath();
    auto &job = m_jobs[path];
    if (!job)
        job = std::make_unique<LatestJob<Result<HefOverview>>>();
    job->start([path](const std::stop_token &) { return readOverview(path); },
               [this, path](Result<HefOverview> &&overview) { showFile(path, std::move(overview)); });
}

void InspectPage::setTab(const QString &key, const QString &title, QWidget *page)
{
    int at = m_tabs->count();
    for (int i = 0; i < m_tabs->count(); ++i)
        if (m_tabs->tabToolTip(i) == key)
            at = i;
    if (at < m_tabs->count()) {
        QWidget *old = m_tabs->widget(at);
        m_tabs->removeTab(at);
        old->deleteLater();
    }
    m_tabs->insertTab(at, page, title);
    m_tabs->setTabToolTip(at, key);
    m_tabs->setCurrentIndex(at);
    m_stack->setCurrentWidget(m_tabs);
}

void InspectPage::showFile(const QString &file, Result<HefOverview> &&overview)
{
    QWidget *page = nullptr;
    if (overview) {
        auto *view = new HefView(*overview);
        connect(view, &HefView::compareRequested, this,
                [this, file](const QString &other) { compare(file, other); });
        page = view;
    } else {
        page = makeErrors(file, overview.error());
    }
    setTab(file, QFileInfo(file).fileName(), page);
    if (overview)
        Q_EMIT opened(file);
    Q_EMIT currentChanged();
}

void InspectPage::compare(const QString &first, const QString &second)
{
    m_comparison.start(
        [first, second](const std::stop_token &) { return compareHefs(first, second); },
        [this, first, second](Result<HefComparison> &&comparison) {
            const QString title = tr("%1 ↔ %2").arg(QFileInfo(first).completeBaseName(),
                                                    QFileInfo(second).completeBaseName());
            setTab(first + QLatin1Char('\n') + second, title,
                   comparison ? static_cast<QWidget *>(new DiffView(*comparison))
                              : makeErrors(second, comparison.error()));
            Q_EMIT currentChanged();
        });
}

void InspectPage::closeTab(int index)
{
    QWidget *page = m_tabs->widget(index);
    m_jobs.erase(m_tabs->tabToolTip(index));
    m_tabs->removeTab(index);
    page->deleteLater();
    if (m_tabs->count() == 0)
        m_stack->setCurrentIndex(0);
    Q_EMIT currentChanged();
}

const HefOverview *InspectPage::current() const
{
    if (m_stack->currentWidget() != m_tabs)
        return nullptr;
    const auto *view = qobject_cast<const HefView *>(m_tabs->currentWidget());
    return view ? &view->overview() : nullptr;
}

} // namespace hefstudio
