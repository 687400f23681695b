// What a page shows while it has nothing: an icon, one sentence that says what to do, and the
// buttons to do it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAction;
class QHBoxLayout;
class QPushButton;

namespace hefstudio {

class EmptyState final : public QWidget {
    Q_OBJECT
public:
    EmptyState(const QString &icon, const QString &title, const QString &sentence,
               QWidget *parent = nullptr);
    enum class Weight { primary, normal };
    // The button triggers the action, so that menu and button cannot differ.
    QPushButton *addAction(QAction *action, Weight weight);

private:
    QHBoxLayout *m_buttons;
};

// A push button that triggers and mirrors an action.
QPushButton *buttonFor(QAction *action, QWidget *parent = nullptr);

} // namespace hefstudio
