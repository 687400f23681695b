// The one project of the window: what the user chose for the open network, as a value with a
// history. Every edit of a setting can be undone; opening another network begins a new history.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "convert/conversion_choices.h"

#include <QObject>
#include <QUndoStack>

namespace hefstudio {

class Project final : public QObject {
    Q_OBJECT
public:
    explicit Project(QObject *parent = nullptr);

    const ConversionChoices &choices() const { return m_choices; }
    bool isOpen() const { return !m_choices.model.isEmpty(); }
    // A new network; nothing of the old history remains.
    void open(const ConversionChoices &choices);
    void close();
    // A change of settings. `what` names the setting in the Edit menu; changes of the same setting
    // in a row are one step back. Nothing happens where nothing differs.
    void edit(const ConversionChoices &choices, const QString &what);

    QUndoStack &history() { return m_history; }

Q_SIGNALS:
    void changed();

private:
    class Edit;
    void set(const ConversionChoices &choices);

    ConversionChoices m_choices;
    QUndoStack m_history;
};

} // namespace hefstudio
