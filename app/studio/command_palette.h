// Every action of the window by name: type a few letters, Up and Down choose, Return does it. Lies
// over the window and goes away when it loses the focus.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>
#include <QPointer>
#include <QWidget>

#include <optional>
#include <vector>

class QAction;
class QLineEdit;
class QListView;

namespace hefstudio {

struct Command {
    QString name;  // without mnemonics
    QString group; // "File", "View › Theme"
    QAction *action = nullptr;
};

// The commands that match a text, best first.
class CommandModel final : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { GroupRole = Qt::UserRole, ShortcutRole };

    using QAbstractListModel::QAbstractListModel;
    void setCommands(std::vector<Command> commands);
    void setFilter(const QString &text);
    QAction *actionAt(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    std::vector<Command> m_commands;
    std::vector<std::size_t> m_shown;
};

// How well `text` matches `name`: every character in order, better where words begin and where
// characters follow each other; nothing when one is missing.
std::optional<int> matchScore(QStringView text, QStringView name);

class CommandPalette final : public QWidget {
    Q_OBJECT
public:
    explicit CommandPalette(QWidget *window);
    void open(std::vector<Command> commands);

protected:
    void paintEvent(QPaintEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void run(const QModelIndex &index);
    void close();
    void fitHeight();

    CommandModel *m_model;
    QLineEdit *m_search;
    QListView *m_list;
    QPointer<QWidget> m_returnTo; // had the focus before
};

} // namespace hefstudio
