// Names the document the page is about and holds what belongs to the project: the chip and the
// button that builds.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAction;
class QPushButton;

namespace hefstudio {

class SegmentedControl;
class TextLabel;

class ContextBar final : public QWidget {
    Q_OBJECT
public:
    ContextBar(QAction *build, QAction *openHef, QWidget *parent = nullptr);
    enum class Controls { none, project, hef };
    void showDocument(const QString &name, const QString &facts, Controls controls);
    // Only one button of the window is the main one.
    void setBuildPrimary(bool isPrimary);
    SegmentedControl *chip() const { return m_chip; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    TextLabel *m_name;
    TextLabel *m_facts;
    SegmentedControl *m_chip;
    QPushButton *m_build;
    QPushButton *m_openHef;
};

} // namespace hefstudio
