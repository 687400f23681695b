// The last opened files, newest first, kept between sessions and shown as a menu.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMenu>

namespace hefstudio {

class RecentFiles final : public QMenu {
    Q_OBJECT
public:
    explicit RecentFiles(QWidget *parent = nullptr);
    void add(const QString &file);

Q_SIGNALS:
    void fileChosen(const QString &file);

private:
    void rebuild();
};

} // namespace hefstudio
