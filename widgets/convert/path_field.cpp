// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/path_field.h"

#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QUrl>

namespace hefstudio {

PathField::PathField(Kind kind, const QString &accessibleName, QWidget *parent)
    : QWidget(parent), m_kind(kind), m_edit(new QLineEdit), m_button(new QPushButton(tr("Browse…")))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_edit, 1);
    row->addWidget(m_button);
    m_edit->setAccessibleName(accessibleName);
    m_edit->setClearButtonEnabled(true);
    // The field itself would insert the URL's text.
    m_edit->setAcceptDrops(false);
    m_button->setAccessibleName(tr("Browse: %1").arg(accessibleName));
    setAcceptDrops(kind == Kind::folder);
    connect(m_edit, &QLineEdit::textChanged, this, &PathField::pathChanged);
    connect(m_button, &QPushButton::clicked, this, &PathField::browse);
}

QString PathField::path() const
{
    return m_edit->text().trimmed();
}

void PathField::setPath(const QString &path)
{
    m_edit->setText(path);
}

void PathField::browse()
{
    const QString chosen =
        m_kind == Kind::folder
            ? QFileDialog::getExistingDirectory(this, m_edit->accessibleName(), path())
            : QFileDialog::getSaveFileName(this, m_edit->accessibleName(), path(),
                                           tr("HEF files (*.hef)"));
    if (!chosen.isEmpty())
        setPath(chosen);
}

void PathField::dragEnterEvent(QDragEnterEvent *event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (urls.size() == 1 && QFileInfo(urls.first().toLocalFile()).isDir())
        event->acceptProposedAction();
}

void PathField::dropEvent(QDropEvent *event)
{
    setPath(event->mimeData()->urls().first().toLocalFile());
    event->acceptProposedAction();
}

} // namespace hefstudio
