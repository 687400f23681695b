// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_palette.h"

#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/style_drawing.h"

#include <QAction>
#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace hefstudio {

namespace {

constexpr int paletteWidth = 560;
constexpr int rowHeight = 34;
constexpr int mostRows = 10;

class CommandDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        return {200, rowHeight};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override
    {
        const Tokens &tokens = tokensOf(option.palette);
        const QRectF row = QRectF(option.rect).adjusted(0, 1, 0, -1);
        if (option.state & QStyle::State_Selected)
            drawRounded(painter, row, mixed(tokens.panel, tokens.accent, 0.22), QColor());
        else if (option.state & QStyle::State_MouseOver)
            drawRounded(painter, row, tokens.raised, QColor());
        const bool isEnabled = index.flags() & Qt::ItemIsEnabled;
        QRect text = row.toRect().adjusted(12, 0, -12, 0);
        painter->setFont(fontFor(TextRole::smallCode));
        painter->setPen(tokens.faint);
        const QString shortcut = index.data(CommandModel::ShortcutRole).toString();
        painter->drawText(text, Qt::AlignVCenter | Qt::AlignRight, shortcut);
        text.setRight(text.right() - painter->fontMetrics().horizontalAdvance(shortcut) - 12);
        painter->setFont(option.font);
        painter->setPen(isEnabled ? tokens.text : tokens.faint);
        const QString name = index.data().toString();
        painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft,
                          option.fontMetrics.elidedText(name, Qt::ElideRight, text.width()));
        text.setLeft(text.left() + option.fontMetrics.horizontalAdvance(name) + 12);
        if (text.width() < 30)
            return;
        painter->setFont(fontFor(TextRole::small));
        painter->setPen(tokens.faint);
        painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft,
                          painter->fontMetrics().elidedText(
                              index.data(CommandModel::GroupRole).toString(), Qt::ElideRight,
                              text.width()));
    }
};

} // namespace

std::optional<int> matchScore(QStringView text, QStringView name)
{
    int score = 0;
    qsizetype at = 0;
    qsizetype previous = -2;
    for (const QChar wanted : text) {
        if (wanted.isSpace())
            continue;
        qsizetype found = -1;
        for (qsizetype i = at; i < name.size() && found < 0; ++i)
            if (name[i].toLower() == wanted.toLower())
                found = i;
        // The beginning of a later word beats a letter inside this one.
        for (qsizetype i = std::max<qsizetype>(found, 1); found >= 0 && i < name.size(); ++i)
            if (found != previous + 1 && !name[i - 1].isLetterOrNumber() &&
                name[i].toLower() == wanted.toLower()) {
                found = i;
                break;
            }
        if (found < 0)
            return std::nullopt;
        const bool beginsWord = found == 0 || !name[found - 1].isLetterOrNumber();
        score += found == previous + 1 ? 8 : beginsWord ? 6 : 1;
        previous = found;
        at = found + 1;
    }
    return score * 16 - int(std::min<qsizetype>(name.size(), 15));
}

void CommandModel::setCommands(std::vector<Command> commands)
{
    beginResetModel();
    m_commands = std::move(commands);
    m_shown.clear();
    for (std::size_t i = 0; i < m_commands.size(); ++i)
        m_shown.push_back(i);
    endResetModel();
}

void CommandModel::setFilter(const QString &text)
{
    std::vector<std::pair<int, std::size_t>> found;
    for (std::size_t i = 0; i < m_commands.size(); ++i) {
        std::optional<int> score = matchScore(text, m_commands[i].name);
        if (!score) {
            score = matchScore(text, QString(m_commands[i].group + QLatin1Char(' ') +
                                             m_commands[i].name));
            if (score)
                *score -= 100;
        }
        if (score)
            found.emplace_back(*score - (m_commands[i].action->isEnabled() ? 0 : 1000), i);
    }
    if (!text.trimmed().isEmpty())
        std::stable_sort(found.begin(), found.end(),
                         [](const auto &a, const auto &b) { return a.first > b.first; });
    beginResetModel();
    m_shown.clear();
    for (const auto &[score, command] : found)
        m_shown.push_back(command);
    endResetModel();
}

QAction *CommandModel::actionAt(int row) const
{
    return row >= 0 && row < int(m_shown.size()) ? m_commands[m_shown[std::size_t(row)]].action
                                                 : nullptr;
}

int CommandModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_shown.size());
}

QVariant CommandModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Command &command = m_commands[m_shown[std::size_t(index.row())]];
    const QString shortcut = command.action->shortcut().toString(QKeySequence::NativeText);
    switch (role) {
    case Qt::DisplayRole:
        return command.name;
    case Qt::ToolTipRole:
        return command.action->toolTip();
    case Qt::AccessibleTextRole:
        return QString(command.name + QStringLiteral(", ") + command.group +
                       (shortcut.isEmpty() ? QString() : QStringLiteral(", ") + shortcut));
    case GroupRole:
        return command.group;
    case ShortcutRole:
        return shortcut;
    default:
        return {};
    }
}

Qt::ItemFlags CommandModel::flags(const QModelIndex &index) const
{
    const QAction *action = actionAt(index.row());
    return action && action->isEnabled()
               ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren
               : Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
}

CommandPalette::CommandPalette(QWidget *window)
    : QWidget(window), m_model(new CommandModel(this)), m_search(new QLineEdit), m_list(new QListView)
{
    setObjectName(QStringLiteral("commandPalette"));
    setAccessibleName(tr("Commands"));
    m_search->setObjectName(QStringLiteral("commandSearch"));
    m_search->setAccessibleName(tr("Name of a command"));
    m_search->setPlaceholderText(tr("What do you want to do?"));
    m_search->addAction(themedIcon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    m_list->setObjectName(QStringLiteral("commandList"));
    m_list->setAccessibleName(tr("Commands"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new CommandDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setMouseTracking(true);
    m_list->setFocusPolicy(Qt::NoFocus);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    column->setSpacing(6);
    column->addWidget(m_search);
    column->addWidget(m_list);
    m_search->installEventFilter(this);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_model->setFilter(text);
        m_list->setCurrentIndex(m_model->index(0));
        fitHeight();
    });
    connect(m_list, &QListView::clicked, this, &CommandPalette::run);
    hide();
}

void CommandPalette::open(std::vector<Command> commands)
{
    m_returnTo = QApplication::focusWidget();
    m_model->setCommands(std::move(commands));
    m_search->clear();
    m_list->setCurrentIndex(m_model->index(0));
    const int wide = std::min(paletteWidth, parentWidget()->width() - 32);
    resize(wide, height());
    fitHeight();
    move((parentWidget()->width() - wide) / 2, 72);
    show();
    raise();
    m_search->setFocus(Qt::ShortcutFocusReason);
}

void CommandPalette::fitHeight()
{
    const int rows = std::clamp(m_model->rowCount(), 1, mostRows);
    resize(width(), m_search->sizeHint().height() + 6 + rows * rowHeight + 18);
}

void CommandPalette::close()
{
    if (!isVisible())
        return;
    const bool hadFocus = m_search->hasFocus();
    hide();
    if (hadFocus && m_returnTo)
        m_returnTo->setFocus(Qt::OtherFocusReason);
}

void CommandPalette::run(const QModelIndex &index)
{
    QAction *action = m_model->actionAt(index.row());
    if (!action || !action->isEnabled())
        return;
    close();
    action->trigger();
}

void CommandPalette::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = tokensOf(palette());
    drawRounded(&painter, rect(), tokens.panel, tokens.border, metrics::cardRadius);
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != m_search)
        return QWidget::eventFilter(watched, event);
    if (event->type() == QEvent::FocusOut) {
        const auto reason = static_cast<QFocusEvent *>(event)->reason();
        if (reason != Qt::PopupFocusReason && reason != Qt::ActiveWindowFocusReason)
            hide();
        return false;
    }
    if (event->type() != QEvent::KeyPress && event->type() != QEvent::ShortcutOverride)
        return false;
    const int key = static_cast<QKeyEvent *>(event)->key();
    if (event->type() == QEvent::ShortcutOverride) {
        // Escape and the arrows are ours while we are open, whatever a page does with them.
        if (key == Qt::Key_Escape || key == Qt::Key_Up || key == Qt::Key_Down)
            event->accept();
        return false;
    }
    const int row = m_list->currentIndex().row();
    const int rows = m_model->rowCount();
    switch (key) {
    case Qt::Key_Escape:
        close();
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        run(m_list->currentIndex());
        return true;
    case Qt::Key_Down:
        m_list->setCurrentIndex(m_model->index(std::min(row + 1, rows - 1)));
        return true;
    case Qt::Key_Up:
        m_list->setCurrentIndex(m_model->index(std::max(row - 1, 0)));
        return true;
    case Qt::Key_PageDown:
        m_list->setCurrentIndex(m_model->index(std::min(row + mostRows, rows - 1)));
        return true;
    case Qt::Key_PageUp:
        m_list->setCurrentIndex(m_model->index(std::max(row - mostRows, 0)));
        return true;
    default:
        return false;
    }
}

} // namespace hefstudio
