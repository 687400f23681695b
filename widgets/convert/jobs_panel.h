// The queue and the history of conversions: several networks or presets one after the other, and
// what came of each, to compare.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/card.h"
#include "convert/conversion_table.h"

class QCheckBox;
class QPushButton;
class QTableView;

namespace hefstudio {

class JobsPanel final : public Card {
    Q_OBJECT
public:
    explicit JobsPanel(ConversionTable &table, QWidget *parent = nullptr);
    // Whether finished conversions are to be compared with the float network.
    bool wantsComparison() const;
    void setRunning(bool isRunning);

Q_SIGNALS:
    void addRequested();           // the project's settings, as they are
    void addPresetsRequested();    // the same once for each preset
    void runRequested();
    void removeRequested(int row); // of the queue
    void openRequested(const QString &file);
    void settingsRequested(const hefstudio::ConversionChoices &choices);

private:
    void showButtons();
    int currentRow() const;

    ConversionTable &m_table;
    QTableView *m_view;
    QCheckBox *m_compare;
    QPushButton *m_add, *m_addPresets, *m_run, *m_remove, *m_open, *m_reuse;
    bool m_isRunning = false;
};

} // namespace hefstudio
