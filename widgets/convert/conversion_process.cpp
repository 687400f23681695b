// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/conversion_process.h"

#include <QFile>

#include <csignal>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace hefstudio {

namespace {

constexpr int drainIntervalMs = 1000 / 30;
constexpr int patienceMs = 120;
constexpr qsizetype longestLine = 1 << 20; // a line without an end must not eat the memory

// Whether `event` makes `older` worthless: then it takes its place.
bool replaces(const Event &event, const Event &older)
{
    if (const auto *now = std::get_if<StageProgress>(&event)) {
        const auto *before = std::get_if<StageProgress>(&older);
        return before && before->stage == now->stage;
    }
    if (const auto *now = std::get_if<ContextUpdated>(&event)) {
        const auto *before = std::get_if<ContextUpdated>(&older);
        return before && before->context == now->context;
    }
    return false;
}

} // namespace

ConversionProcess::ConversionProcess(QObject *parent) : QObject(parent)
{
    m_drainTimer.setInterval(drainIntervalMs);
    connect(&m_drainTimer, &QTimer::timeout, this, &ConversionProcess::drain);
    m_killTimer.setSingleShot(true);
    m_killTimer.setInterval(patienceMs);
    connect(&m_killTimer, &QTimer::timeout, this, [this] { signalGroup(SIGKILL); });

    connect(&m_process, &QProcess::readyReadStandardOutput, this,
            [this] { readLines(m_outputRest, m_process.readAllStandardOutput(), LogLevel::info); });
    connect(&m_process, &QProcess::readyReadStandardError, this, [this] {
        readLines(m_errorRest, m_process.readAllStandardError(), LogLevel::warning);
    });
    connect(&m_process, &QProcess::finished, this, &ConversionProcess::ended);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            ended();
    });
    m_process.setChildProcessModifier([] {
        // Runs in the child between fork and exec: only async-signal-safe calls.
        ::setpgid(0, 0);
        ::setpriority(PRIO_PROCESS, 0, 10);
        ::prctl(PR_SET_PDEATHSIG, SIGTERM); // a window that dies takes its job along
    });
}

ConversionProcess::~ConversionProcess()
{
    m_process.disconnect(this);
    if (!isRunning())
        return;
    signalGroup(SIGKILL);
    m_process.waitForFinished(1000);
}

void ConversionProcess::start(const QString &program, const ConversionChoices &settings,
                              const QString &report)
{
    if (isRunning())
        return;
    m_isCancelled = false;
    m_isReported = false;
    m_outputRest.clear();
    m_errorRest.clear();
    m_mailbox.clear();
    m_process.setStandardInputFile(QProcess::nullDevice());
    m_process.start(program, convertArguments(settings, report));
    m_group = m_process.processId();
    m_drainTimer.start();
}

void ConversionProcess::cancel()
{
    if (!isRunning() || m_isCancelled)
        return;
    m_isCancelled = true;
    signalGroup(SIGINT);
    m_killTimer.start();
}

qint64 ConversionProcess::residentBytes() const
{
    QFile facts(QStringLiteral("/proc/%1/statm").arg(m_group));
    if (!isRunning() || m_group <= 0 || !facts.open(QIODevice::ReadOnly))
        return 0;
    const QList<QByteArray> pages = facts.readAll().split(' ');
    return pages.size() > 1 ? pages[1].toLongLong() * ::sysconf(_SC_PAGESIZE) : 0;
}

void ConversionProcess::signalGroup(int signal)
{
    if (m_group <= 0)
        return;
    if (::kill(pid_t(-m_group), signal) != 0)
        ::kill(pid_t(m_group), signal); // before the child made its group
}

void ConversionProcess::readLines(QByteArray &rest, const QByteArray &bytes, LogLevel plain)
{
    rest += bytes;
    qsizetype from = 0;
    for (qsizetype end; (end = rest.indexOf('\n', from)) >= 0; from = end + 1) {
        const std::string_view line(rest.constData() + from, std::size_t(end - from));
        if (auto event = eventFromJsonLine(line))
            post(std::move(*event));
        else if (!line.empty())
            post(LogLine{plain, {}, std::string(line)});
    }
    rest.remove(0, from);
    if (rest.size() > longestLine)
        rest.clear();
}

void ConversionProcess::post(Event event)
{
    for (Event &waiting : m_mailbox)
        if (replaces(event, waiting)) {
            waiting = std::move(event);
            return;
        }
    m_mailbox.push_back(std::move(event));
}

void ConversionProcess::drain()
{
    if (m_mailbox.empty())
        return;
    std::vector<Event> events;
    events.swap(m_mailbox);
    Q_EMIT eventsArrived(events);
}

void ConversionProcess::ended()
{
    if (m_isReported)
        return;
    m_isReported = true;
    m_killTimer.stop();
    m_drainTimer.stop();
    readLines(m_outputRest, m_process.readAllStandardOutput() + '\n', LogLevel::info);
    readLines(m_errorRest, m_process.readAllStandardError() + '\n', LogLevel::warning);
    drain();
    const bool isNormal = m_process.error() != QProcess::FailedToStart &&
                          m_process.exitStatus() == QProcess::NormalExit;
    const int code = isNormal ? m_process.exitCode() : -1;
    const Outcome outcome = m_isCancelled && code != 0 ? Outcome::cancelled
                            : !isNormal                ? Outcome::crashed
                            : code == 0                ? Outcome::done
                                                       : Outcome::failed;
    Q_EMIT finished(outcome, code);
}

} // namespace hefstudio
