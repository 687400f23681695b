// SPDX-License-Identifier: GPL-3.0-or-later
#include "status_facts.h"

#include "common/files.h"
#include "common/text_label.h"

#include <QFile>
#include <QHBoxLayout>

#include <unistd.h>

namespace hefstudio {

namespace {

// Resident memory of this process in bytes; 0 where the system does not say.
std::uint64_t residentBytes()
{
    QFile statm(QStringLiteral("/proc/self/statm"));
    if (!statm.open(QIODevice::ReadOnly))
        return 0;
    const QList<QByteArray> fields = statm.readAll().split(' ');
    const long page = ::sysconf(_SC_PAGESIZE);
    return fields.size() > 1 && page > 0 ? fields[1].toULongLong() * std::uint64_t(page) : 0;
}

TextLabel *fact()
{
    return new TextLabel({}, TextRole::small, Tone::dim);
}

} // namespace

StatusFacts::StatusFacts(QWidget *parent)
    : QWidget(parent), m_device(fact()), m_threads(fact()), m_memory(fact())
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(16);
    m_device->setObjectName(QStringLiteral("statusDevice"));
    m_memory->setObjectName(QStringLiteral("statusMemory"));
    m_memory->setToolTip(tr("Memory that this window holds"));
    for (TextLabel *label : {new TextLabel(tr("Built-in back end"), TextRole::small, Tone::dim),
                             m_device, m_threads, m_memory})
        row->addWidget(label);
    m_tick.setInterval(2000);
    connect(&m_tick, &QTimer::timeout, this, &StatusFacts::showMemory);
}

void StatusFacts::setDevice(const QString &device)
{
    m_device->setText(device);
}

void StatusFacts::setThreads(int threads)
{
    m_threads->setText(tr("%n thread(s)", nullptr, threads));
}

void StatusFacts::showMemory()
{
    const std::uint64_t bytes = residentBytes();
    m_memory->setText(bytes > 0 ? tr("memory %1").arg(byteText(bytes)) : QString());
}

void StatusFacts::showEvent(QShowEvent *)
{
    showMemory();
    m_tick.start();
}

void StatusFacts::hideEvent(QHideEvent *)
{
    m_tick.stop();
}

} // namespace hefstudio
