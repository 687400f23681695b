// The checks that fail cheaply, before the run: a line each, and a card with its remedy for what is
// wrong. Looked at by a worker whenever the settings change.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/card.h"
#include "common/latest_job.h"
#include "convert/project.h"
#include "pipeline/preflight.h"

#include <QTimer>

#include <memory>

class QVBoxLayout;

namespace hefstudio {

class PreflightPanel final : public Card {
    Q_OBJECT
public:
    explicit PreflightPanel(Project &project, QWidget *parent = nullptr);
    void setGraph(std::shared_ptr<const Graph> graph);
    bool isUpToDate() const { return !m_job.isRunning() && !m_wait.isActive(); }

Q_SIGNALS:
    void counted(int samples); // of the calibration set
    void fixRequested(const hefstudio::Fix &fix);

private:
    void look();
    void show(const Preflight &found);

    Project &m_project;
    std::shared_ptr<const Graph> m_graph;
    LatestJob<Preflight> m_job;
    QTimer m_wait; // typing a path is many changes
    QWidget *m_content = nullptr;
};

} // namespace hefstudio
