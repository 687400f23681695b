// SPDX-License-Identifier: GPL-3.0-or-later
#include "vendor/script_dialog.h"

#include "base/file.h"
#include "common/diagnostic_card.h"
#include "common/files.h"
#include "common/text_label.h"
#include "vendor/alls_editor.h"

#include <QDialogButtonBox>
#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>
#include <QVBoxLayout>

namespace hefstudio {

ScriptDialog::ScriptDialog(const QString &file, QWidget *parent)
    : QDialog(parent),
      m_file(file),
      m_editor(new AllsEditor),
      m_state(new TextLabel({}, TextRole::small, Tone::dim))
{
    setObjectName(QStringLiteral("scriptDialog"));
    setWindowTitle(tr("Model script %1").arg(QFileInfo(file).fileName()));
    resize(760, 560);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Close);
    buttons->button(QDialogButtonBox::Save)->setProperty("primary", true);
    for (QAbstractButton *button : buttons->buttons())
        button->setAccessibleName(button->text().remove(QLatin1Char('&')));
    connect(buttons, &QDialogButtonBox::accepted, this, &ScriptDialog::save);
    connect(buttons, &QDialogButtonBox::rejected, this, &ScriptDialog::reject);
    connect(m_editor, &AllsEditor::checked, this, [this](int findings) {
        m_state->setTone(findings > 0 ? Tone::warn : Tone::dim);
        m_state->setText(findings > 0 ? tr("%n remark(s)", nullptr, findings)
                                      : tr("Nothing to remark. Ctrl+Space completes."));
    });
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(20, 20, 20, 16);
    column->setSpacing(12);
    column->addWidget(m_editor, 1);
    column->addWidget(m_state);
    column->addWidget(buttons);
    if (QFileInfo::exists(file)) {
        if (const auto text = readTextFile(toPath(file), {.maxBytes = 4 << 20, .refuseEmpty = false}))
            m_savedText = QString::fromStdString(*text);
        else
            m_state->setText(causeText(text.error().front()));
    }
    m_editor->setText(m_savedText);
}

bool ScriptDialog::save()
{
    const QString text = m_editor->text();
    if (const auto written = writeFileAtomically(toPath(m_file), asBytes(text.toStdString()));
        !written) {
        m_state->setTone(Tone::bad);
        m_state->setText(causeText(written.error().front()));
        return false;
    }
    m_savedText = text;
    m_state->setText(tr("Saved."));
    Q_EMIT saved(m_file);
    return true;
}

void ScriptDialog::reject()
{
    if (m_editor->text() != m_savedText) {
        const auto answer = QMessageBox::question(
            this, windowTitle(), tr("Save the changes to the script?"),
            QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, QMessageBox::Save);
        if (answer == QMessageBox::Cancel || (answer == QMessageBox::Save && !save()))
            return;
    }
    QDialog::reject();
}

} // namespace hefstudio
