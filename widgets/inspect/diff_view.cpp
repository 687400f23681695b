// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/diff_view.h"

#include "common/card.h"
#include "common/files.h"
#include "common/text_label.h"
#include "inspect/difference_model.h"
#include "inspect/hef_tree_model.h"

#include <QFileInfo>
#include <QHeaderView>
#include <QSplitter>
#include <QTableView>
#include <QTreeView>
#include <QVBoxLayout>

namespace hefstudio {

namespace {

// The index at the same rows in another tree, as far as it goes there; branches are opened.
QModelIndex sameIn(QTreeView &view, const QModelIndex &index)
{
    QAbstractItemModel &model = *view.model();
    std::vector<int> rows;
    for (QModelIndex at = index; at.isValid(); at = at.parent())
        rows.insert(rows.begin(), at.row());
    QModelIndex here;
    for (const int row : rows) {
        while (row >= model.rowCount(here) && model.canFetchMore(here))
            model.fetchMore(here);
        const QModelIndex next = model.index(row, 0, here);
        if (!next.isValid())
            break;
        here = next;
    }
    return here;
}

} // namespace

Result<HefComparison> compareHefs(const QString &first, const QString &second)
{
    auto a = Hef::open(toPath(first));
    if (!a)
        return passOn(std::move(a));
    auto b = Hef::open(toPath(second));
    if (!b)
        return passOn(std::move(b));
    HefDiff diff = diffHefs(*a, *b);
    return HefComparison{first, second, std::move(*a), std::move(*b), std::move(diff)};
}

DiffView::DiffView(const HefComparison &comparison, QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("diffView"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    auto *verdict = new Card(tr("%1 AND %2").arg(QFileInfo(comparison.firstFile).fileName(),
                                                 QFileInfo(comparison.secondFile).fileName()));
    auto *sentence =
        new TextLabel(QString::fromStdString(comparison.diff.sentence()), TextRole::title,
                      comparison.diff.isSame() ? Tone::ok : Tone::normal);
    sentence->setObjectName(QStringLiteral("diffVerdict"));
    sentence->setWordWrap(true);
    verdict->body()->addWidget(sentence);
    column->addWidget(verdict);

    auto *table = new QTableView;
    table->setObjectName(QStringLiteral("differences"));
    table->setAccessibleName(tr("Differences"));
    table->setModel(new DifferenceModel(comparison.diff, table));
    table->setFrameShape(QFrame::NoFrame);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setTextElideMode(Qt::ElideMiddle);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setTabKeyNavigation(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(24);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setSectionResizeMode(DifferenceModel::MeaningColumn,
                                                    QHeaderView::Stretch);
    table->setColumnWidth(DifferenceModel::PathColumn, 330);
    table->setColumnWidth(DifferenceModel::FirstColumn, 170);
    table->setColumnWidth(DifferenceModel::SecondColumn, 170);
    auto *list = new Card(tr("DIFFERENCES"));
    list->body()->addWidget(table);
    auto *split = new QSplitter(Qt::Vertical);
    split->setChildrenCollapsible(false);
    split->addWidget(list);
    split->addWidget(makeTrees(comparison));
    split->setSizes({300, 260});
    column->addWidget(split, 1);
}

QWidget *DiffView::makeTrees(const HefComparison &comparison)
{
    auto *row = new QSplitter;
    row->setChildrenCollapsible(false);
    const auto add = [&](const Hef &hef, const QString &file, const char *name) {
        auto *card = new Card(QFileInfo(file).fileName());
        auto *tree = new QTreeView;
        tree->setObjectName(QLatin1String(name));
        tree->setAccessibleName(tr("Message of %1").arg(QFileInfo(file).fileName()));
        tree->setModel(new HefTreeModel(hef, tree));
        tree->setUniformRowHeights(true);
        tree->setFrameShape(QFrame::NoFrame);
        tree->header()->resizeSection(HefTreeModel::NameColumn, 220);
        tree->hideColumn(HefTreeModel::TypeColumn);
        tree->hideColumn(HefTreeModel::RemarkColumn);
        card->body()->addWidget(tree);
        row->addWidget(card);
        return tree;
    };
    QTreeView *first = add(*comparison.first, comparison.firstFile, "firstTree");
    QTreeView *second = add(*comparison.second, comparison.secondFile, "secondTree");
    const auto link = [](QTreeView *from, QTreeView *to) {
        QObject::connect(from, &QTreeView::expanded, to,
                [to](const QModelIndex &index) { to->expand(sameIn(*to, index)); });
        QObject::connect(from, &QTreeView::collapsed, to,
                [to](const QModelIndex &index) { to->collapse(sameIn(*to, index)); });
        QObject::connect(from->selectionModel(), &QItemSelectionModel::currentChanged, to,
                [from, to](const QModelIndex &index) {
                    if (from->hasFocus())
                        to->setCurrentIndex(sameIn(*to, index.siblingAtColumn(0)));
                });
    };
    link(first, second);
    link(second, first);
    return row;
}

} // namespace hefstudio
