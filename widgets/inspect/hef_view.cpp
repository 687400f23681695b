// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/hef_view.h"

#include "common/card.h"
#include "common/diagnostic_card.h"
#include "common/files.h"
#include "common/segmented_control.h"
#include "common/text_label.h"
#include "hef/hef_metadata.h"
#include "hef/inspect.h"
#include "hef/parse_hef_text.h"
#include "inspect/action_model.h"
#include "inspect/buffer_diagram.h"
#include "inspect/hef_overview_panel.h"
#include "inspect/hef_tree_model.h"
#include "inspect/hex_view.h"
#include "theme/icons.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSaveFile>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QTreeView>

namespace hefstudio {

namespace {

// A column in the page's margins.
QVBoxLayout *columnIn(QWidget *page)
{
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(16, 12, 16, 16);
    column->setSpacing(10);
    return column;
}

void plainTable(QTableView *table)
{
    table->setFrameShape(QFrame::NoFrame);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setTextElideMode(Qt::ElideRight);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setTabKeyNavigation(false);
    table->verticalHeader()->hide();
    // Fixed rows: a hundred thousand of them scroll as ten do.
    table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table->verticalHeader()->setDefaultSectionSize(22);
    table->horizontalHeader()->setHighlightSections(false);
}

QString partName(const HefProgramPart &part)
{
    QString name = part.context ? HefView::tr("Context %1").arg(*part.context)
                                : HefView::tr("Start-up");
    if (part.layout != 0)
        name += HefView::tr(" · clusters %1").arg(part.layout, 0, 2);
    if (!part.group.empty())
        name += QStringLiteral(" · ") + QString::fromStdString(part.group);
    return name;
}

} // namespace

HefView::HefView(const HefOverview &overview, QWidget *parent)
    : QWidget(parent),
      m_overview(overview),
      m_parts(new SegmentedControl),
      m_stack(new QStackedWidget)
{
    setObjectName(QStringLiteral("hefView"));
    m_parts->setAccessibleName(tr("Parts of the HEF"));
    m_parts->addSegment(tr("Overview"), QStringLiteral("overview"));
    m_parts->addSegment(tr("Actions"), QStringLiteral("actions"));
    m_parts->addSegment(tr("Buffers"), QStringLiteral("buffers"));
    m_parts->addSegment(tr("Tree"), QStringLiteral("tree"));
    m_parts->addSegment(tr("Bytes"), QStringLiteral("hex"));
    m_parts->addSegment(tr("Metadata"), QStringLiteral("metadata"));
    connect(m_parts, &SegmentedControl::valueChanged, this, &HefView::showPart);

    auto *compare = new QPushButton(tr("Compare with…"));
    compare->setObjectName(QStringLiteral("compareHef"));
    compare->setAccessibleName(compare->text());
    connect(compare, &QPushButton::clicked, this, [this] {
        const QString other = QFileDialog::getOpenFileName(
            this, tr("Compare with"), QFileInfo(m_overview.file).absolutePath(),
            tr("HEF files (*.hef)"));
        if (!other.isEmpty())
            Q_EMIT compareRequested(other);
    });
    auto *menu = new QMenu(this);
    connect(menu->addAction(tr("Everything as &JSON…")), &QAction::triggered, this,
            &HefView::exportJson);
    connect(menu->addAction(tr("What &parse-hef prints…")), &QAction::triggered, this,
            &HefView::exportParseHef);
    auto *save = new QPushButton(tr("Export"));
    save->setObjectName(QStringLiteral("exportHef"));
    save->setAccessibleName(save->text());
    save->setMenu(menu);

    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(16, 10, 16, 0);
    bar->setSpacing(8);
    bar->addWidget(m_parts);
    bar->addStretch();
    bar->addWidget(compare);
    bar->addWidget(save);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(bar);
    column->addWidget(m_stack, 1);
    showPart(QStringLiteral("overview"));
}

void HefView::showPart(const QString &part)
{
    if (m_parts->value() != part)
        m_parts->setValue(part);
    for (int i = 0; i < m_stack->count(); ++i)
        if (m_stack->widget(i)->property("part") == part) {
            m_stack->setCurrentIndex(i);
            return;
        }
    QWidget *page = makePart(part);
    page->setProperty("part", part);
    m_stack->addWidget(page);
    m_stack->setCurrentWidget(page);
}

QWidget *HefView::makePart(const QString &part)
{
    if (part == QStringLiteral("actions"))
        return makeActions();
    if (part == QStringLiteral("buffers"))
        return makeBuffers();
    if (part == QStringLiteral("tree"))
        return makeTree();
    if (part == QStringLiteral("hex"))
        return makeHex();
    if (part == QStringLiteral("metadata"))
        return makeMetadata();
    auto *overview = new HefOverviewPanel(m_overview);
    connect(overview, &HefOverviewPanel::placeChosen, this, &HefView::showBytes);
    return overview;
}

QWidget *HefView::makeActions()
{
    auto *page = new QWidget;
    QVBoxLayout *column = columnIn(page);
    const auto parts =
        std::make_shared<std::vector<HefProgramPart>>(programPartsOf(*m_overview.hef));
    auto *head = new QHBoxLayout;
    auto *which = new QComboBox;
    which->setObjectName(QStringLiteral("programPart"));
    which->setAccessibleName(tr("Context"));
    which->view()->setAccessibleName(tr("Context"));
    which->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    for (const HefProgramPart &part : *parts)
        which->addItem(partName(part));
    head->addWidget(which);
    auto *count = new TextLabel({}, TextRole::body, Tone::dim);
    count->setObjectName(QStringLiteral("actionCount"));
    head->addWidget(count);
    head->addStretch();
    column->addLayout(head);
    auto *table = new QTableView;
    table->setObjectName(QStringLiteral("actions"));
    table->setAccessibleName(tr("Actions"));
    plainTable(table);
    auto *model = new ActionModel(*m_overview.hef, table);
    table->setModel(model);
    table->setColumnWidth(ActionModel::NumberColumn, 110);
    table->setColumnWidth(ActionModel::NameColumn, 230);
    table->horizontalHeader()->setSectionResizeMode(ActionModel::DetailsColumn,
                                                    QHeaderView::Stretch);
    table->setColumnWidth(ActionModel::BytesColumn, 90);
    auto *card = new Card;
    card->body()->addWidget(table);
    column->addWidget(card, 1);
    const auto show = [parts, model, count](int index) {
        if (index < 0 || index >= int(parts->size()))
            return;
        model->setPart((*parts)[std::size_t(index)]);
        count->setText(tr("%n row(s)", nullptr, model->rowCount()));
    };
    if (parts->empty())
        count->setText(tr("This file tells a device nothing."));
    connect(which, &QComboBox::currentIndexChanged, this, show);
    show(which->currentIndex());
    connect(table, &QTableView::activated, this, [this](const QModelIndex &index) {
        const QVariant offset = index.data(ActionModel::OffsetRole);
        if (offset.isValid())
            showBytes(offset.toULongLong(), index.data(ActionModel::SizeRole).toULongLong());
    });
    return page;
}

QWidget *HefView::makeBuffers()
{
    auto *page = new QWidget;
    QVBoxLayout *column = columnIn(page);
    for (const HefNetworkGroupView &group : m_overview.hef->groups()) {
        auto *card = new Card(tr("BETWEEN THE CONTEXTS OF %1")
                                  .arg(QString::fromStdString(group.name)));
        auto *diagram = new BufferDiagram;
        diagram->setGroup(group.contexts.size(), bufferArcs(group));
        card->body()->addWidget(diagram);
        std::vector<Fact> facts;
        for (const HefTransfer &transfer : group.transfers)
            if (transfer.direction == HefDirection::output && facts.size() < 200)
                facts.push_back({QString::fromStdString(transfer.name),
                                 tr("from context %1, %2 a frame")
                                     .arg(transfer.context)
                                     .arg(byteText(transfer.frameBytes))});
        if (!facts.empty()) {
            auto *list = new FactList;
            list->setFacts(std::move(facts));
            card->body()->addWidget(list);
        }
        column->addWidget(card);
    }
    column->addStretch();
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setAccessibleName(tr("Buffers between contexts"));
    scroll->setWidget(page);
    return scroll;
}

QWidget *HefView::makeTree()
{
    auto *page = new QWidget;
    QVBoxLayout *column = columnIn(page);
    auto *tree = new QTreeView;
    tree->setObjectName(QStringLiteral("messageTree"));
    tree->setAccessibleName(tr("Message of the HEF"));
    auto *model = new HefTreeModel(*m_overview.hef, tree);
    tree->setModel(model);
    tree->setUniformRowHeights(true);
    tree->setFrameShape(QFrame::NoFrame);
    tree->header()->resizeSection(HefTreeModel::NameColumn, 320);
    tree->header()->resizeSection(HefTreeModel::ValueColumn, 280);
    tree->header()->resizeSection(HefTreeModel::RemarkColumn, 300);
    auto *card = new Card;
    card->body()->addWidget(tree);
    column->addWidget(card, 1);
    connect(tree, &QTreeView::activated, this, [this](const QModelIndex &index) {
        const quint64 size = index.data(HefTreeModel::SizeRole).toULongLong();
        if (size > 0)
            showBytes(index.data(HefTreeModel::OffsetRole).toULongLong(), size);
    });
    return page;
}

QWidget *HefView::makeHex()
{
    auto *page = new QWidget;
    QVBoxLayout *column = columnIn(page);
    auto *head = new QHBoxLayout;
    auto *offset = new QLineEdit;
    offset->setObjectName(QStringLiteral("hexOffset"));
    offset->setAccessibleName(tr("Go to offset"));
    offset->setPlaceholderText(tr("Go to offset, 0x… or decimal"));
    offset->setMaximumWidth(260);
    head->addWidget(offset);
    auto *where = new TextLabel(
        tr("%1 bytes").arg(QLocale().toString(qulonglong(m_overview.bytes))), TextRole::body,
        Tone::dim);
    head->addWidget(where);
    head->addStretch();
    column->addLayout(head);
    m_hex = new HexView;
    m_hex->setBytes(m_overview.hef->container().bytes);
    auto *card = new Card;
    card->body()->addWidget(m_hex);
    column->addWidget(card, 1);
    connect(offset, &QLineEdit::returnPressed, this, [this, offset] {
        bool isNumber = false;
        const quint64 at = offset->text().trimmed().toULongLong(&isNumber, 0);
        if (isNumber && at < m_overview.bytes)
            m_hex->show(at, 1);
    });
    return page;
}

QWidget *HefView::makeMetadata()
{
    auto *page = new QWidget;
    QVBoxLayout *column = columnIn(page);
    auto metadata = std::make_shared<HefMetadata>(readHefMetadata(*m_overview.hef));
    if (!metadata->zip) {
        auto *none = new TextLabel(
            tr("This HEF carries no metadata: no ZIP with labels or decoding facts at its end."),
            TextRole::body, Tone::dim);
        none->setObjectName(QStringLiteral("noMetadata"));
        column->addWidget(none);
        column->addStretch();
        return page;
    }
    column->addWidget(new TextLabel(
        tr("A ZIP of %1 at offset %2, %3")
            .arg(byteText(metadata->zip->size))
            .arg(metadata->zip->offset)
            .arg(metadata->zip->isSealed ? tr("sealed into the header")
                                         : tr("appended behind the declared end")),
        TextRole::body, Tone::dim));
    for (const Diagnostic &problem : metadata->problems)
        column->addWidget(new DiagnosticCard(problem));
    auto *list = new QListWidget;
    list->setObjectName(QStringLiteral("metadataMembers"));
    list->setAccessibleName(tr("Files of the metadata"));
    list->setFrameShape(QFrame::NoFrame);
    auto *text = new QPlainTextEdit;
    text->setObjectName(QStringLiteral("metadataText"));
    text->setAccessibleName(tr("Content of the file"));
    text->setReadOnly(true);
    text->setFrameShape(QFrame::NoFrame);
    text->setFont(fontFor(TextRole::code));
    text->setLineWrapMode(QPlainTextEdit::NoWrap);
    for (const ArchiveMember &member : metadata->members)
        list->addItem(QString::fromStdString(member.name));
    connect(list, &QListWidget::currentRowChanged, this, [metadata, text](int row) {
        if (row < 0 || row >= int(metadata->members.size()))
            return;
        const Bytes &bytes = metadata->members[std::size_t(row)].bytes;
        constexpr std::size_t most = 1 << 20;
        text->setPlainText(QString::fromUtf8(reinterpret_cast<const char *>(bytes.data()),
                                             qsizetype(std::min(most, bytes.size()))));
    });
    auto *split = new QSplitter;
    split->setChildrenCollapsible(false);
    split->addWidget(list);
    split->addWidget(text);
    split->setStretchFactor(1, 1);
    split->setSizes({220, 800});
    auto *card = new Card;
    card->body()->addWidget(split);
    column->addWidget(card, 1);
    list->setCurrentRow(0);
    return page;
}

void HefView::showBytes(quint64 offset, quint64 size)
{
    showPart(QStringLiteral("hex"));
    m_hex->show(offset, size);
    m_hex->setFocus();
}

void HefView::save(const QString &title, const QString &suffix, const QByteArray &bytes)
{
    const QFileInfo info(m_overview.file);
    const QString file = QFileDialog::getSaveFileName(
        this, title, info.absolutePath() + QLatin1Char('/') + info.completeBaseName() + suffix);
    if (file.isEmpty())
        return;
    QSaveFile target(file);
    if (!target.open(QIODevice::WriteOnly) || target.write(bytes) != bytes.size() ||
        !target.commit())
        QMessageBox::warning(this, title, tr("%1 cannot be written.").arg(file));
}

void HefView::exportJson()
{
    save(tr("Export as JSON"), QStringLiteral(".json"),
         QByteArray::fromStdString(hefInspectJson(*m_overview.hef)));
}

void HefView::exportParseHef()
{
    const auto text = parseHefText(*m_overview.hef);
    if (!text) {
        QMessageBox::warning(this, tr("Export"),
                             tr("parse-hef refuses this file: %1")
                                 .arg(causeText(text.error().front())));
        return;
    }
    save(tr("Export what parse-hef prints"), QStringLiteral(".parse-hef.txt"),
         QByteArray::fromStdString(*text));
}

} // namespace hefstudio
