// A path to type, drop or browse for.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLineEdit;
class QPushButton;

namespace hefstudio {

class PathField final : public QWidget {
    Q_OBJECT
public:
    enum class Kind { folder, hefToWrite };
    PathField(Kind kind, const QString &accessibleName, QWidget *parent = nullptr);
    QString path() const;
    void setPath(const QString &path);
    QLineEdit *edit() const { return m_edit; }

Q_SIGNALS:
    void pathChanged(const QString &path);

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void browse();
    Kind m_kind;
    QLineEdit *m_edit;
    QPushButton *m_button;
};

} // namespace hefstudio
