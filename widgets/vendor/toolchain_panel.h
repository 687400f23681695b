// The user's compilers of chip HEFs and whether this machine can run them: the list, what the
// doctor found, and the ways to add one. Programs are asked on a thread of the pool.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/latest_job.h"
#include "vendor/doctor.h"

#include <QWidget>

class QListWidget;
class QPushButton;
class QVBoxLayout;

namespace hefstudio {

class Badge;
class TextLabel;

class ToolchainPanel final : public QWidget {
    Q_OBJECT
public:
    // `listFile`: the user's list; the machine is asked through `machine`, so that a test has one.
    explicit ToolchainPanel(std::filesystem::path listFile = toolchainListFile(),
                            std::function<HostMachine()> machine = readHostMachine,
                            QWidget *parent = nullptr);

    void examine(); // asks the list and the machine again
    void search();  // looks for compilers that are not in the list
    // Asks the environment or image and takes it into the list when it is a compiler.
    void addEnvironment(const QString &python);
    void addImage(ToolchainKind kind, const QString &image);
    void removeSelected();

    const std::vector<Toolchain> &toolchains() const { return m_toolchains; }
    bool isBusy() const { return m_examination.isRunning() || m_probe.isRunning(); }

Q_SIGNALS:
    void examined(bool canCompile);
    void changed(); // the list

private:
    void askForEnvironment();
    void askForImage();
    void takeProbe(Result<Toolchain> probed);
    void takeFound(std::vector<Toolchain> found);
    void showList();
    void showReport(const DoctorReport &report);
    void showProblem(const Diagnostics &problems);
    bool save();
    void setBusy(const QString &what);

    std::filesystem::path m_listFile;
    std::function<HostMachine()> m_machine;
    std::vector<Toolchain> m_toolchains;
    LatestJob<Result<DoctorReport>> m_examination;
    LatestJob<Result<Toolchain>> m_probe;
    LatestJob<std::vector<Toolchain>> m_search;

    Badge *m_verdict;
    TextLabel *m_state;
    QListWidget *m_list;
    QPushButton *m_remove;
    QVBoxLayout *m_checks;
};

} // namespace hefstudio
