// SPDX-License-Identifier: GPL-3.0-or-later
#include "recent_files.h"

#include <QDir>
#include <QFileInfo>
#include <QSettings>

namespace hefstudio {

namespace {
constexpr int mostFiles = 8;
constexpr QLatin1String key("recentFiles");

QString folderText(const QString &file)
{
    QString folder = QFileInfo(file).absolutePath();
    const QString home = QDir::homePath();
    if (folder == home || folder.startsWith(home + QLatin1Char('/')))
        folder.replace(0, home.size(), QStringLiteral("~"));
    return folder;
}
} // namespace

RecentFiles::RecentFiles(QObject *parent)
    : QAbstractListModel(parent), m_files(QSettings().value(key).toStringList())
{
}

void RecentFiles::add(const QString &file)
{
    const QString path = QFileInfo(file).absoluteFilePath();
    if (!m_files.isEmpty() && m_files.first() == path)
        return;
    beginResetModel();
    m_files.removeAll(path);
    m_files.prepend(path);
    while (m_files.size() > mostFiles)
        m_files.removeLast();
    endResetModel();
    QSettings().setValue(key, m_files);
}

void RecentFiles::clear()
{
    beginResetModel();
    m_files.clear();
    endResetModel();
    QSettings().remove(key);
}

int RecentFiles::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_files.size());
}

QVariant RecentFiles::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const QString &file = m_files[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return QFileInfo(file).fileName();
    case Qt::AccessibleTextRole:
        return tr("%1 in %2").arg(QFileInfo(file).fileName(), folderText(file));
    case Qt::ToolTipRole:
    case FileRole:
        return file;
    case FolderRole:
        return folderText(file);
    case IconRole:
        return file.endsWith(QLatin1String(".hef"), Qt::CaseInsensitive)
                   ? QStringLiteral("chip")
                   : file.endsWith(QLatin1String(".json"), Qt::CaseInsensitive)
                         ? QStringLiteral("recipe")
                         : QStringLiteral("graph");
    default:
        return {};
    }
}

RecentFilesMenu::RecentFilesMenu(RecentFiles &files, QWidget *parent)
    : QMenu(tr("Open &Recent"), parent), m_files(files)
{
    rebuild();
    connect(&m_files, &QAbstractItemModel::modelReset, this, &RecentFilesMenu::rebuild);
    connect(this, &QMenu::triggered, this, [this](QAction *action) {
        if (action->data().isValid())
            Q_EMIT fileChosen(action->data().toString());
    });
}

void RecentFilesMenu::rebuild()
{
    clear();
    for (int row = 0; row < m_files.rowCount(); ++row) {
        const QModelIndex index = m_files.index(row);
        QString name = index.data().toString();
        QAction *action = addAction(name.replace(QLatin1Char('&'), QLatin1String("&&")));
        action->setData(index.data(RecentFiles::FileRole));
        action->setToolTip(index.data(Qt::ToolTipRole).toString());
    }
    setToolTipsVisible(true);
    setEnabled(m_files.rowCount() > 0);
    if (m_files.rowCount() > 0) {
        addSeparator();
        // Queued: the list must not go away under the menu that reports the click.
        connect(addAction(tr("&Clear List")), &QAction::triggered, &m_files, &RecentFiles::clear,
                Qt::QueuedConnection);
    }
}

} // namespace hefstudio
