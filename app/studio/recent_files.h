// The last opened files, newest first, kept between sessions: a model for the welcome page and a
// menu that shows the same.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>
#include <QMenu>
#include <QStringList>

namespace hefstudio {

class RecentFiles final : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { FileRole = Qt::UserRole, FolderRole, IconRole };

    explicit RecentFiles(QObject *parent = nullptr);
    void add(const QString &file);
    void clear();

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    QStringList m_files;
};

class RecentFilesMenu final : public QMenu {
    Q_OBJECT
public:
    RecentFilesMenu(RecentFiles &files, QWidget *parent = nullptr);

Q_SIGNALS:
    void fileChosen(const QString &file);

private:
    void rebuild();
    RecentFiles &m_files;
};

} // namespace hefstudio
