// What is known about the running or last conversion: the models that views show, fed by events.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"
#include "convert/ledger_model.h"
#include "convert/log_model.h"
#include "convert/stage_model.h"

#include <QObject>

#include <map>
#include <optional>
#include <vector>

namespace hefstudio {

class ConversionRun final : public QObject {
    Q_OBJECT
public:
    explicit ConversionRun(QObject *parent = nullptr);
    void reset();
    void apply(const std::vector<Event> &events);
    void failRunning() { m_stages.failRunning(); }

    StageModel &stages() { return m_stages; }
    LedgerModel &ledger() { return m_ledger; }
    LogModel &log() { return m_log; }
    const std::vector<ContextUpdated> &contexts() const { return m_contexts; }
    // By (context, cluster).
    const std::map<std::pair<int, int>, double> &cells() const { return m_cells; }
    const std::vector<PartitionIteration> &iterations() const { return m_iterations; }
    const Diagnostics &diagnostics() const { return m_diagnostics; }
    const std::optional<ConversionFinished> &result() const { return m_result; }

Q_SIGNALS:
    void mappingChanged(); // contexts, cells or iterations

private:
    StageModel m_stages;
    LedgerModel m_ledger;
    LogModel m_log;
    std::vector<ContextUpdated> m_contexts;
    std::map<std::pair<int, int>, double> m_cells;
    std::vector<PartitionIteration> m_iterations;
    Diagnostics m_diagnostics;
    std::optional<ConversionFinished> m_result;
};

} // namespace hefstudio
