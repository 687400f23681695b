// SPDX-License-Identifier: GPL-3.0-or-later
#include "vendor/toolchain_panel.h"

#include "common/tool_tip.h"
#include "common/badge.h"
#include "common/card.h"
#include "common/diagnostic_card.h"
#include "common/text_label.h"
#include "vendor/toolchain_search.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>

#include <algorithm>

namespace hefstudio {

namespace {

QString qt(const std::string &text)
{
    return QString::fromStdString(text);
}

QString joined(const std::vector<std::string> &words)
{
    QStringList list;
    for (const auto &word : words)
        list << qt(word);
    return list.join(QStringLiteral(", "));
}

Tone toneOf(DoctorVerdict verdict)
{
    switch (verdict) {
    case DoctorVerdict::fine: return Tone::ok;
    case DoctorVerdict::note: return Tone::faint;
    case DoctorVerdict::warning: return Tone::warn;
    case DoctorVerdict::failure: return Tone::bad;
    }
    return Tone::faint;
}

void clear(QLayout *layout)
{
    while (QLayoutItem *item = layout->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

// A name that is free, from the place the compiler was found at.
std::string freeName(const std::string &wanted, const std::vector<Toolchain> &taken)
{
    std::string name = wanted;
    for (int i = 2; std::ranges::find(taken, name, &Toolchain::name) != taken.end(); ++i)
        name = wanted + "-" + std::to_string(i);
    return name;
}

QPushButton *button(const QString &text, const char *name)
{
    auto *made = new QPushButton(text);
    made->setObjectName(QLatin1String(name));
    return made;
}

} // namespace

ToolchainPanel::ToolchainPanel(std::filesystem::path listFile,
                               std::function<HostMachine()> machine, QWidget *parent)
    : QWidget(parent),
      m_listFile(std::move(listFile)),
      m_machine(std::move(machine)),
      m_verdict(new Badge),
      m_state(new TextLabel({}, TextRole::small, Tone::dim)),
      m_list(new QListWidget),
      m_remove(button(tr("Remove"), "removeToolchain")),
      m_checks(new QVBoxLayout)
{
    m_list->setObjectName(QStringLiteral("toolchains"));
    m_list->setAccessibleName(tr("Compilers"));
    m_list->setMaximumHeight(140);
    m_state->setObjectName(QStringLiteral("toolchainState"));
    m_state->setWordWrap(true);

    auto *environment = button(tr("Add environment…"), "addEnvironment");
    auto *image = button(tr("Add image…"), "addImage");
    auto *look = button(tr("Search"), "searchToolchains");
    auto *again = button(tr("Examine again"), "examineToolchains");
    connect(environment, &QPushButton::clicked, this, &ToolchainPanel::askForEnvironment);
    connect(image, &QPushButton::clicked, this, &ToolchainPanel::askForImage);
    connect(look, &QPushButton::clicked, this, &ToolchainPanel::search);
    connect(again, &QPushButton::clicked, this, &ToolchainPanel::examine);
    connect(m_remove, &QPushButton::clicked, this, &ToolchainPanel::removeSelected);
    connect(m_list, &QListWidget::currentRowChanged, this,
            [this](int row) { m_remove->setEnabled(row >= 0); });

    auto *compilers = new Card(tr("COMPILERS OF CHIP HEFS"));
    compilers->captionRow()->addWidget(m_verdict);
    compilers->body()->addWidget(m_list);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    for (QPushButton *each : {environment, image, look, m_remove})
        buttons->addWidget(each);
    buttons->addStretch();
    compilers->body()->addLayout(buttons);
    compilers->body()->addWidget(m_state);

    auto *machineCard = new Card(tr("THIS MACHINE"));
    machineCard->captionRow()->addWidget(again);
    auto *inner = new QWidget;
    m_checks->setContentsMargins(0, 0, 8, 0);
    m_checks->setSpacing(6);
    inner->setLayout(m_checks);
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(inner);
    scroll->setAccessibleName(tr("What the examination found"));
    machineCard->body()->addWidget(scroll);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(12);
    column->addWidget(compilers);
    column->addWidget(machineCard, 1);

    if (auto list = readToolchains(m_listFile))
        m_toolchains = std::move(*list);
    else
        showProblem(list.error());
    showList();
}

void ToolchainPanel::setBusy(const QString &what)
{
    m_state->setTone(Tone::dim);
    m_state->setText(what);
}

void ToolchainPanel::showProblem(const Diagnostics &problems)
{
    m_state->setTone(Tone::bad);
    m_state->setText(causeText(problems.front()) + QLatin1Char(' ') +
                     nextStepText(problems.front()));
}

void ToolchainPanel::showList()
{
    m_list->clear();
    for (const auto &toolchain : m_toolchains) {
        const QString version = toolchain.compilerVersion.empty()
                                    ? tr("version unknown")
                                    : tr("version %1").arg(qt(toolchain.compilerVersion));
        const QString place =
            toolchain.isContainer()
                ? QString::fromUtf8(toolchainKindName(toolchain.kind).data()) + QLatin1Char(' ') +
                      qt(toolchain.image)
                : qt(toolchain.python);
        auto *item = new QListWidgetItem(
            tr("%1 — %2, for %3").arg(qt(toolchain.name), version, joined(toolchain.chips())));
        item->setToolTip(plainToolTip(place));
        m_list->addItem(item);
    }
    m_remove->setEnabled(false);
    m_list->setVisible(!m_toolchains.empty());
    m_remove->setVisible(!m_toolchains.empty());
    if (m_toolchains.empty())
        setBusy(tr("None yet. Hailo's Dataflow Compiler is had at hailo.ai/developer-zone; add the "
                   "Python of its environment or its container image."));
}

void ToolchainPanel::showReport(const DoctorReport &report)
{
    clear(m_checks);
    for (const auto &check : report.checks) {
        // That the list is empty stands above already.
        if (!check.problem || check.id == "toolchains")
            continue;
        // What is merely worth knowing is a line; the rest is a card with its remedy.
        if (check.verdict == DoctorVerdict::note) {
            auto *line = new TextLabel(causeText(*check.problem) + QLatin1Char(' ') +
                                           nextStepText(*check.problem),
                                       TextRole::small, Tone::faint);
            line->setWordWrap(true);
            m_checks->addWidget(line);
        } else {
            m_checks->insertWidget(0, new DiagnosticCard(*check.problem));
        }
    }
    QStringList fine;
    for (const auto &check : report.checks)
        if (check.verdict == DoctorVerdict::fine)
            fine << qt((check.subject.empty() ? "" : check.subject + ": ") + check.id + " " +
                       check.found);
    auto *all = new TextLabel(tr("Fine: %1").arg(fine.join(QStringLiteral(", "))), TextRole::small,
                              toneOf(DoctorVerdict::fine));
    all->setWordWrap(true);
    all->setObjectName(QStringLiteral("fineChecks"));
    m_checks->addWidget(all);
    m_checks->addStretch();
    m_verdict->set(report.canCompile() ? tr("ready") : tr("not ready"),
                   report.canCompile() ? Tone::ok : Tone::warn);
    Q_EMIT examined(report.canCompile());
}

void ToolchainPanel::examine()
{
    m_verdict->set(tr("asking…"), Tone::dim);
    m_examination.start(
        [toolchains = m_toolchains, machine = m_machine](const std::stop_token &stop) {
            return examineAll(toolchains, {}, machine(), {}, stop);
        },
        [this](Result<DoctorReport> &&report) {
            if (report)
                showReport(*report);
            else
                showProblem(report.error());
        });
}

void ToolchainPanel::search()
{
    setBusy(tr("Looking for environments and images…"));
    m_search.start(
        [](const std::stop_token &stop) { return searchToolchains(usualFolders(), stop); },
        [this](std::vector<Toolchain> &&found) { takeFound(std::move(found)); });
}

void ToolchainPanel::takeFound(std::vector<Toolchain> found)
{
    int added = 0;
    for (auto &toolchain : found) {
        const bool isKnown = std::ranges::any_of(m_toolchains, [&](const Toolchain &known) {
            return known.kind == toolchain.kind && known.image == toolchain.image &&
                   (known.isContainer() || known.python == toolchain.python);
        });
        if (isKnown)
            continue;
        toolchain.name = freeName(toolchain.name, m_toolchains);
        m_toolchains.push_back(std::move(toolchain));
        ++added;
    }
    if (added > 0 && !save())
        return;
    showList();
    setBusy(added > 0 ? tr("%n compiler(s) found and added.", nullptr, added)
                      : tr("No other compiler was found."));
    if (added > 0)
        examine();
}

void ToolchainPanel::askForEnvironment()
{
    const QString file = QFileDialog::getOpenFileName(
        this, tr("The environment's interpreter (bin/python)"), QDir::homePath());
    if (!file.isEmpty())
        addEnvironment(file);
}

void ToolchainPanel::askForImage()
{
    bool isTaken = false;
    const QString image = QInputDialog::getText(
        this, tr("Add image"), tr("The image's name, as \"docker images\" shows it:"),
        QLineEdit::Normal, {}, &isTaken);
    if (isTaken && !image.trimmed().isEmpty())
        addImage(ToolchainKind::docker, image.trimmed());
}

void ToolchainPanel::addEnvironment(const QString &python)
{
    setBusy(tr("Asking %1…").arg(python));
    m_probe.start([python = python.toStdString()](
                      const std::stop_token &stop) { return probePython(python, stop); },
                  [this](Result<Toolchain> &&probed) { takeProbe(std::move(probed)); });
}

void ToolchainPanel::addImage(ToolchainKind kind, const QString &image)
{
    setBusy(tr("Asking %1…").arg(image));
    m_probe.start(
        [kind, image = image.toStdString()](const std::stop_token &stop) {
            return probeImage(probeEngine(kind, stop), image, {}, stop);
        },
        [this](Result<Toolchain> &&probed) { takeProbe(std::move(probed)); });
}

void ToolchainPanel::takeProbe(Result<Toolchain> probed)
{
    if (!probed)
        return showProblem(probed.error());
    probed->name = freeName(probed->name, m_toolchains);
    m_toolchains.push_back(std::move(*probed));
    if (!save())
        return;
    showList();
    setBusy(tr("Added."));
    examine();
}

void ToolchainPanel::removeSelected()
{
    const int row = m_list->currentRow();
    if (row < 0 || row >= int(m_toolchains.size()))
        return;
    m_toolchains.erase(m_toolchains.begin() + row);
    if (save())
        showList();
    examine();
}

bool ToolchainPanel::save()
{
    if (auto written = writeToolchains(m_listFile, m_toolchains); !written) {
        showProblem(written.error());
        return false;
    }
    Q_EMIT changed();
    return true;
}

} // namespace hefstudio
