// SPDX-License-Identifier: GPL-3.0-or-later
#include "recent_files.h"

#include <QFileInfo>
#include <QSettings>

namespace hefstudio {

namespace {
constexpr int mostFiles = 8;
constexpr QLatin1String key("recentFiles");
} // namespace

RecentFiles::RecentFiles(QWidget *parent) : QMenu(tr("Open &Recent"), parent)
{
    rebuild();
    connect(this, &QMenu::triggered, this, [this](QAction *action) {
        if (action->data().isValid()) {
            Q_EMIT fileChosen(action->data().toString());
        } else {
            QSettings().remove(key);
            rebuild();
        }
    });
}

void RecentFiles::add(const QString &file)
{
    const QString path = QFileInfo(file).absoluteFilePath();
    QStringList files = QSettings().value(key).toStringList();
    files.removeAll(path);
    files.prepend(path);
    while (files.size() > mostFiles)
        files.removeLast();
    QSettings().setValue(key, files);
    rebuild();
}

void RecentFiles::rebuild()
{
    clear();
    const QStringList files = QSettings().value(key).toStringList();
    for (const QString &file : files) {
        QString name = QFileInfo(file).fileName();
        QAction *action = addAction(name.replace(QLatin1Char('&'), QLatin1String("&&")));
        action->setData(file);
        action->setToolTip(file);
    }
    setToolTipsVisible(true);
    setEnabled(!files.isEmpty());
    if (!files.isEmpty()) {
        addSeparator();
        addAction(tr("&Clear List"));
    }
}

} // namespace hefstudio
