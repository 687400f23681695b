// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/project.h"

#include <QUndoCommand>

namespace hefstudio {

class Project::Edit final : public QUndoCommand {
public:
    Edit(Project &project, ConversionChoices after, const QString &what)
        : QUndoCommand(what),
          m_project(project),
          m_before(project.choices()),
          m_after(std::move(after))
    {
    }
    void undo() override { m_project.set(m_before); }
    void redo() override { m_project.set(m_after); }
    int id() const override { return 1; }
    bool mergeWith(const QUndoCommand *other) override
    {
        const auto *next = static_cast<const Edit *>(other);
        if (next->text() != text())
            return false;
        m_after = next->m_after;
        setObsolete(m_after == m_before);
        return true;
    }

private:
    Project &m_project;
    ConversionChoices m_before, m_after;
};

Project::Project(QObject *parent) : QObject(parent) {}

void Project::open(const ConversionChoices &choices)
{
    m_history.clear();
    set(choices);
}

void Project::close()
{
    ConversionChoices none;
    none.chip = m_choices.chip;
    open(none);
}

void Project::edit(const ConversionChoices &choices, const QString &what)
{
    if (choices == m_choices)
        return;
    if (isOpen())
        m_history.push(new Edit(*this, choices, what));
    else
        set(choices);
}

void Project::set(const ConversionChoices &choices)
{
    if (choices == m_choices)
        return;
    m_choices = choices;
    Q_EMIT changed();
}

} // namespace hefstudio
