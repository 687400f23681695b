// The left end of the status bar: back end, chip, threads, and the memory the program holds.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>

namespace hefstudio {

class TextLabel;

class StatusFacts final : public QWidget {
    Q_OBJECT
public:
    explicit StatusFacts(QWidget *parent = nullptr);
    void setDevice(const QString &device);
    void setThreads(int threads);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void showMemory();
    TextLabel *m_device;
    TextLabel *m_threads;
    TextLabel *m_memory;
    QTimer m_tick;
};

} // namespace hefstudio
