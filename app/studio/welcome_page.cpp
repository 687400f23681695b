// SPDX-License-Identifier: GPL-3.0-or-later
#include "welcome_page.h"

#include "base/version.h"
#include "common/card.h"
#include "common/empty_state.h"
#include "common/text_label.h"
#include "recent_files.h"
#include "theme/icons.h"
#include "theme/style_drawing.h"

#include <QAction>
#include <QHBoxLayout>
#include <QListView>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QStyledItemDelegate>

namespace hefstudio {

namespace {

constexpr int columnWidth = 1040;

// The number of a step in a ring.
class StepNumber final : public QWidget {
public:
    explicit StepNumber(int number) : m_number(number)
    {
        setFont(fontFor(TextRole::title));
        setFixedSize(32, 32);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const Tokens &tokens = tokensOf(palette());
        painter.setPen(QPen(tokens.accent, 1.5));
        painter.drawEllipse(QRectF(rect()).adjusted(1.5, 1.5, -1.5, -1.5));
        painter.setPen(tokens.accent);
        painter.drawText(rect(), Qt::AlignCenter, QLocale().toString(m_number));
    }

private:
    int m_number;
};

// Icon, name, and the folder at the right.
class RecentDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const override
    {
        return {200, option.fontMetrics.height() + 18};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override
    {
        const Tokens &tokens = tokensOf(option.palette);
        const QRectF row = QRectF(option.rect).adjusted(0, 1, 0, -1);
        const bool isCurrent = option.state & QStyle::State_Selected;
        if (isCurrent || (option.state & QStyle::State_MouseOver))
            drawRounded(painter, row, isCurrent ? mixed(tokens.panel, tokens.accent, 0.18) : tokens.raised,
                        QColor());
        if ((option.state & QStyle::State_HasFocus) &&
            option.widget->window()->testAttribute(Qt::WA_KeyboardFocusChange))
            drawFocusRing(painter, row, tokens);
        const int size = 18;
        painter->drawPixmap(
            QPointF(row.left() + 10, row.center().y() - size / 2.0),
            iconPixmap(index.data(RecentFiles::IconRole).toString(), tokens.dim, size,
                       option.widget->devicePixelRatioF()));
        const QRect text = row.toRect().adjusted(38, 0, -12, 0);
        painter->setFont(option.font);
        painter->setPen(tokens.text);
        const QString name =
            option.fontMetrics.elidedText(index.data().toString(), Qt::ElideMiddle, text.width() / 2);
        painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft, name);
        const QFont small = fontFor(TextRole::small);
        const int rest = text.width() - option.fontMetrics.horizontalAdvance(name) - 24;
        painter->setFont(small);
        painter->setPen(tokens.dim);
        painter->drawText(text, Qt::AlignVCenter | Qt::AlignRight,
                          QFontMetrics(small).elidedText(
                              index.data(RecentFiles::FolderRole).toString(), Qt::ElideMiddle, rest));
    }
};

QWidget *makeStep(int number, const QString &title, const QString &sentence,
                  const QList<QWidget *> &buttons)
{
    auto *card = new Card;
    card->setAccessibleName(title);
    auto *head = new QHBoxLayout;
    head->setSpacing(12);
    head->addWidget(new StepNumber(number));
    auto *heading = new TextLabel(title, TextRole::title);
    heading->setWordWrap(true);
    head->addWidget(heading, 1);
    card->body()->addLayout(head);
    auto *text = new TextLabel(sentence, TextRole::body, Tone::dim);
    text->setWordWrap(true);
    text->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    card->body()->addWidget(text);
    card->body()->addStretch();
    if (!buttons.isEmpty()) {
        auto *row = new QHBoxLayout;
        row->setSpacing(8);
        for (QWidget *button : buttons)
            row->addWidget(button);
        row->addStretch();
        card->body()->addLayout(row);
    }
    return card;
}

} // namespace

WelcomePage::WelcomePage(const Actions &actions, RecentFiles &recent, QWidget *parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("welcomePage"));
    auto *content = new QWidget;
    auto *centre = new QHBoxLayout(content);
    centre->setContentsMargins(32, 24, 32, 24);
    auto *box = new QWidget;
    box->setMaximumWidth(columnWidth);
    centre->addStretch(1);
    centre->addWidget(box, 100);
    centre->addStretch(1);
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    column->addStretch(1);
    column->addWidget(new TextLabel(tr("From a network to a HEF"), TextRole::display));
    auto *sentence = new TextLabel(
        tr("Open a trained network, give it pictures, and watch what becomes of it: which layers "
           "the chip gets, in how many contexts, how exactly, and how fast."),
        TextRole::body, Tone::dim);
    sentence->setWordWrap(true);
    column->addWidget(sentence);
    column->addSpacing(8);
    column->addWidget(makeSteps(actions));
    column->addWidget(makeRecent(recent), 2);
    auto *honest = new TextLabel(
        tr("The built-in back end writes emulation HEFs: every reader opens them, the emulator runs "
           "them bit for bit, no chip does."),
        TextRole::small, Tone::faint);
    honest->setWordWrap(true);
    column->addWidget(honest);
    column->addStretch(1);

    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setAccessibleName(tr("Start"));
    scroll->setWidget(content);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(scroll);
}

QWidget *WelcomePage::makeSteps(const Actions &actions)
{
    auto *row = new QWidget;
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    QList<QWidget *> first;
    if (actions.openSample->isEnabled()) {
        QPushButton *sample = buttonFor(actions.openSample);
        sample->setObjectName(QStringLiteral("welcomeSample"));
        sample->setProperty("primary", true);
        first << sample;
    }
    QPushButton *open = buttonFor(actions.open);
    open->setObjectName(QStringLiteral("welcomeOpen"));
    open->setProperty("primary", first.isEmpty());
    first << open;
    QPushButton *hef = buttonFor(actions.openHef);
    hef->setObjectName(QStringLiteral("welcomeOpenHef"));
    layout->addWidget(makeStep(1, tr("Open a network"),
                               tr("An ONNX file, by drop or here. The sample is a small detector "
                                  "that brings pictures and labels."),
                               first),
                      1);
    layout->addWidget(makeStep(2, tr("Choose chip and pictures"),
                               tr("A folder of pictures like those the camera will see sets the "
                                  "range of every layer. Then: Build Emulation HEF."),
                               {}),
                      1);
    layout->addWidget(makeStep(3, tr("Look inside"),
                               tr("Contexts, streams, bytes, predicted speed. Any HEF can be "
                                  "looked into, ours or the vendor's."),
                               {hef}),
                      1);
    return row;
}

QWidget *WelcomePage::makeRecent(RecentFiles &recent)
{
    auto *card = new Card(tr("RECENT WORK"));
    m_recent = new QListView;
    m_recent->setObjectName(QStringLiteral("recentWork"));
    m_recent->setAccessibleName(tr("Recent work"));
    m_recent->setModel(&recent);
    m_recent->setItemDelegate(new RecentDelegate(m_recent));
    m_recent->setUniformItemSizes(true);
    m_recent->setFrameShape(QFrame::NoFrame);
    m_recent->setMouseTracking(true);
    m_recent->setMinimumHeight(96);
    m_recentStack = new QStackedWidget;
    auto *none = new TextLabel(tr("Files you open appear here, ready to be opened again."),
                               TextRole::body, Tone::faint);
    none->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_recentStack->addWidget(none);
    m_recentStack->addWidget(m_recent);
    card->body()->addWidget(m_recentStack, 1);
    const auto show = [this, &recent] {
        m_recentStack->setCurrentIndex(recent.rowCount() > 0 ? 1 : 0);
    };
    show();
    connect(&recent, &QAbstractItemModel::modelReset, this, show);
    connect(m_recent, &QListView::activated, this, [this](const QModelIndex &index) {
        Q_EMIT fileChosen(index.data(RecentFiles::FileRole).toString());
    });
    connect(m_recent, &QListView::clicked, this, [this](const QModelIndex &index) {
        Q_EMIT fileChosen(index.data(RecentFiles::FileRole).toString());
    });
    return card;
}

} // namespace hefstudio
