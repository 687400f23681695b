// A model script to read and to write: highlighted, completed while typing, and checked a moment
// after the last key; what is doubtful stands below, and a click on it goes to its line.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"

#include <QTimer>
#include <QWidget>

class QCompleter;
class QListWidget;
class QPlainTextEdit;
class QStandardItemModel;

namespace hefstudio {

class AllsHighlighter;

class AllsEditor final : public QWidget {
    Q_OBJECT
public:
    explicit AllsEditor(QWidget *parent = nullptr);

    QString text() const;
    void setText(const QString &text);
    // What the check found last, syntax faults included.
    const Diagnostics &findings() const { return m_findings; }
    void checkNow();

Q_SIGNALS:
    void textChanged();
    void checked(int findings);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void complete();
    void insert(const QString &word);
    void goTo(int row);

    QPlainTextEdit *m_edit;
    QListWidget *m_list;
    AllsHighlighter *m_highlighter;
    QCompleter *m_completer;
    QStandardItemModel *m_words;
    QTimer m_checkTimer;
    Diagnostics m_findings;
    int m_prefix = 0;
};

} // namespace hefstudio
