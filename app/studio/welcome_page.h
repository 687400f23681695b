// What the window shows first: the way from a network to a HEF in three steps, the sample, and the
// files worked on last.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAction;
class QListView;
class QStackedWidget;

namespace hefstudio {

class RecentFiles;

class WelcomePage final : public QWidget {
    Q_OBJECT
public:
    struct Actions {
        QAction *open;
        QAction *openSample;
        QAction *openHef;
    };
    WelcomePage(const Actions &actions, RecentFiles &recent, QWidget *parent = nullptr);

Q_SIGNALS:
    void fileChosen(const QString &file);

private:
    QWidget *makeSteps(const Actions &actions);
    QWidget *makeRecent(RecentFiles &recent);

    QListView *m_recent;
    QStackedWidget *m_recentStack;
};

} // namespace hefstudio
