// SPDX-License-Identifier: GPL-3.0-or-later
#include "vendor/alls_editor.h"

#include "common/diagnostic_card.h"
#include "theme/fonts.h"
#include "theme/style_drawing.h"
#include "vendor/alls_commands.h"
#include "vendor/alls_completion.h"
#include "vendor/alls_highlighter.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QKeyEvent>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QStandardItemModel>
#include <QTextBlock>
#include <QVBoxLayout>

#include <algorithm>
#include <charconv>

namespace hefstudio {

namespace {

constexpr int checkDelay = 400; // milliseconds behind the last key
constexpr int lineRole = Qt::UserRole;

// "line 3" or "line 3, column 7" of a diagnostic's place; 0 where there is none.
int lineOf(const Diagnostic &diagnostic)
{
    constexpr std::string_view mark = "line ";
    const std::string &path = diagnostic.place.keyPath;
    int line = 0;
    if (path.starts_with(mark))
        std::from_chars(path.data() + mark.size(), path.data() + path.size(), line);
    return line;
}

} // namespace

AllsEditor::AllsEditor(QWidget *parent)
    : QWidget(parent),
      m_edit(new QPlainTextEdit),
      m_list(new QListWidget),
      m_highlighter(new AllsHighlighter(m_edit->document(), tokensOf(palette()))),
      m_completer(new QCompleter(this)),
      m_words(new QStandardItemModel(this))
{
    m_edit->setObjectName(QStringLiteral("allsText"));
    m_edit->setAccessibleName(tr("Model script"));
    m_edit->setFont(fontFor(TextRole::code));
    m_edit->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_edit->setTabChangesFocus(true);
    m_edit->setPlaceholderText(
        tr("One statement a line, for instance\nallocator_param(timeout=5h)"));
    m_edit->installEventFilter(this);
    m_list->setObjectName(QStringLiteral("allsFindings"));
    m_list->setAccessibleName(tr("What the check found"));
    m_list->setWordWrap(true);
    m_list->hide();

    m_completer->setModel(m_words);
    m_completer->setWidget(m_edit);
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    connect(m_completer, qOverload<const QString &>(&QCompleter::activated), this,
            &AllsEditor::insert);

    m_checkTimer.setSingleShot(true);
    m_checkTimer.setInterval(checkDelay);
    connect(&m_checkTimer, &QTimer::timeout, this, &AllsEditor::checkNow);
    connect(m_edit, &QPlainTextEdit::textChanged, this, [this] {
        m_checkTimer.start();
        Q_EMIT textChanged();
    });
    connect(m_list, &QListWidget::itemActivated, this,
            [this](QListWidgetItem *item) { goTo(m_list->row(item)); });
    connect(m_list, &QListWidget::itemClicked, this,
            [this](QListWidgetItem *item) { goTo(m_list->row(item)); });

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(8);
    column->addWidget(m_edit, 1);
    column->addWidget(m_list);
    setFocusProxy(m_edit);
}

QString AllsEditor::text() const
{
    return m_edit->toPlainText();
}

void AllsEditor::setText(const QString &text)
{
    m_edit->setPlainText(text);
    checkNow();
}

void AllsEditor::checkNow()
{
    m_checkTimer.stop();
    const auto script = parseAlls(text().toStdString());
    m_findings = script ? lintAlls(*script) : script.error();
    m_list->clear();
    for (const Diagnostic &finding : m_findings) {
        const int line = lineOf(finding);
        auto *item = new QListWidgetItem(
            line > 0 ? tr("Line %1: %2 %3")
                           .arg(line)
                           .arg(causeText(finding), nextStepText(finding))
                     : causeText(finding));
        item->setData(lineRole, line);
        m_list->addItem(item);
    }
    m_list->setVisible(!m_findings.empty());
    // As high as its lines, up to a few: the script is what one came for.
    constexpr int mostHeight = 120;
    const int lines = m_list->count() * (2 * fontMetrics().height() + 4);
    m_list->setFixedHeight(std::min(mostHeight, lines + 2 * m_list->frameWidth()));
    Q_EMIT checked(int(m_findings.size()));
}

void AllsEditor::goTo(int row)
{
    const int line = m_list->item(row)->data(lineRole).toInt();
    const QTextBlock block = m_edit->document()->findBlockByNumber(line - 1);
    if (!block.isValid())
        return;
    m_edit->setTextCursor(QTextCursor(block));
    m_edit->setFocus();
}

void AllsEditor::complete()
{
    QTextCursor cursor = m_edit->textCursor();
    const QString before = m_edit->toPlainText().left(cursor.position());
    const AllsCompletions found = completeAlls(before.toStdString());
    m_prefix = int(found.prefix);
    m_words->clear();
    for (const AllsCompletion &each : found.words) {
        auto *item = new QStandardItem(QString::fromStdString(each.word));
        item->setToolTip(QString::fromStdString(each.about));
        m_words->appendRow(item);
    }
    QAbstractItemView *popup = m_completer->popup();
    if (found.words.empty()) {
        popup->hide();
        return;
    }
    QRect at = m_edit->cursorRect();
    at.setWidth(popup->sizeHintForColumn(0) + popup->verticalScrollBar()->sizeHint().width() + 16);
    m_completer->complete(at);
}

void AllsEditor::insert(const QString &word)
{
    QTextCursor cursor = m_edit->textCursor();
    cursor.movePosition(QTextCursor::Left, QTextCursor::KeepAnchor, m_prefix);
    cursor.insertText(word);
    m_edit->setTextCursor(cursor);
}

bool AllsEditor::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != m_edit || event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const auto *key = static_cast<QKeyEvent *>(event);
    const bool isOpen = m_completer->popup()->isVisible();
    if (isOpen && (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter ||
                   key->key() == Qt::Key_Tab || key->key() == Qt::Key_Escape)) {
        event->ignore(); // the list's own
        return true;
    }
    if (key->key() == Qt::Key_Space && key->modifiers() == Qt::ControlModifier) {
        complete();
        return true;
    }
    // While a word grows the list follows it; it opens from the second letter on.
    const bool isLetter = !key->text().isEmpty() && key->text().front().isLetter();
    if (isLetter || (isOpen && key->key() == Qt::Key_Backspace))
        QTimer::singleShot(0, this, [this, isOpen] {
            const QString before = m_edit->toPlainText().left(m_edit->textCursor().position());
            if (isOpen || completeAlls(before.toStdString()).prefix >= 2)
                complete();
        });
    return false;
}

void AllsEditor::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        m_highlighter->setTokens(tokensOf(palette()));
    QWidget::changeEvent(event);
}

} // namespace hefstudio
