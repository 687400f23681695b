// A running or finished conversion: stages, partition search, contexts, ledger, clusters, log.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QPushButton;

namespace hefstudio {

class Card;
class ClusterGrid;
class ContextCards;
class ConversionRun;
class PartitionChart;
class ResultCard;
class TextLabel;

class RunPanel final : public QWidget {
    Q_OBJECT
public:
    explicit RunPanel(ConversionRun &run, QWidget *parent = nullptr);
    ResultCard *result() const { return m_result; }
    QPushButton *cancelButton() const { return m_cancel; }
    void setRunning(bool isRunning);
    // `left` below 0: not known; `memory` 0: not known.
    void setElapsed(double seconds, double left = -1, qint64 memory = 0);

private:
    QWidget *makeStages();
    QWidget *makeMapping();
    QWidget *makeLedger();
    void showMapping();
    void showWhy(int row);

    ConversionRun &m_run;
    ResultCard *m_result;
    QPushButton *m_cancel;
    TextLabel *m_elapsed;
    PartitionChart *m_chart;
    Card *m_chartCard;
    ContextCards *m_contexts;
    ClusterGrid *m_clusters;
    TextLabel *m_why;
};

} // namespace hefstudio
