// A model script in an editor of its own: opened, changed, checked and saved. Saving is whole or
// not at all; closing with changes asks.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

namespace hefstudio {

class AllsEditor;
class TextLabel;

class ScriptDialog final : public QDialog {
    Q_OBJECT
public:
    // A file that does not exist yet is an empty script.
    explicit ScriptDialog(const QString &file, QWidget *parent = nullptr);

    AllsEditor *editor() const { return m_editor; }
    bool save();
    void reject() override;

Q_SIGNALS:
    void saved(const QString &file);

private:
    QString m_file;
    QString m_savedText;
    AllsEditor *m_editor;
    TextLabel *m_state;
};

} // namespace hefstudio
