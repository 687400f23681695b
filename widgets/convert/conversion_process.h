// Runs the converter as a child process and turns its lines into events. The child has its own
// process group and a lower priority; a crash costs the job, not the window. Events wait in a
// mailbox that is emptied at most 30 times a second: of each stage's progress and of each context
// only the latest state is handed on, everything else completely and in order.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"
#include "convert/conversion_choices.h"

#include <QByteArray>
#include <QObject>
#include <QProcess>
#include <QTimer>

#include <vector>

namespace hefstudio {

class ConversionProcess final : public QObject {
    Q_OBJECT
public:
    enum class Outcome { done, failed, cancelled, crashed };
    Q_ENUM(Outcome)

    explicit ConversionProcess(QObject *parent = nullptr);
    ~ConversionProcess() override; // ends a child that still runs

    void start(const QString &program, const ConversionChoices &settings,
               const QString &report = {});
    // Asks first; who does not answer at once is killed, which costs nothing: files are whole or
    // absent, and finished stages are kept.
    void cancel();
    // What the child has in memory, in bytes; 0 when unknown.
    qint64 residentBytes() const;
    bool isRunning() const { return m_process.state() != QProcess::NotRunning; }

Q_SIGNALS:
    void eventsArrived(const std::vector<hefstudio::Event> &events);
    void finished(hefstudio::ConversionProcess::Outcome outcome, int exitCode);

private:
    void readLines(QByteArray &rest, const QByteArray &bytes, LogLevel levelOfPlainText);
    void post(Event event);
    void drain();
    void ended();
    void signalGroup(int signal);

    QProcess m_process;
    QByteArray m_outputRest, m_errorRest;
    std::vector<Event> m_mailbox;
    QTimer m_drainTimer;
    QTimer m_killTimer;
    qint64 m_group = 0;
    bool m_isCancelled = false;
    bool m_isReported = true;
};

} // namespace hefstudio
