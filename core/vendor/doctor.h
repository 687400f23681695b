// Can this machine run the vendor's compiler, and if not, what is missing? Each check says what was
// found; a check that is not fine carries a diagnostic with the cause and what to do. What is needed
// is data (toolchains.json). Looking changes nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "vendor/toolchain_search.h"

#include <cstdint>
#include <functional>
#include <map>
#include <set>

namespace hefstudio {

// What the checks ask of the machine; a test makes its own.
struct HostMachine {
    std::string architecture; // "x86_64"
    std::set<std::string> cpuFlags;
    double memoryGb = 0;
    std::map<std::string, std::string> variables;
    std::set<std::string> gpus; // "nvidia"
    std::function<double(const std::filesystem::path &)> freeGb;
    std::function<bool(const std::string &)> hasProgram;
    std::function<bool(const std::filesystem::path &)> isWritable;
};
HostMachine readHostMachine();

enum class DoctorVerdict { fine, note, warning, failure };
std::string_view doctorVerdictName(DoctorVerdict verdict);

struct DoctorCheck {
    std::string id;      // stable: "cpu", "memory", "python-version", …
    std::string subject; // a toolchain's or an engine's name; empty: the machine
    DoctorVerdict verdict = DoctorVerdict::fine;
    std::string found; // "32.1 GB", "3.10.12"
    std::optional<Diagnostic> problem;
};

struct DoctorQuestion {
    std::filesystem::path workFolder; // where jobs are written; empty: the working folder
    std::uint64_t calibrationBytes = 0; // of the array a job will write; 0: not known
};

std::vector<DoctorCheck> examineMachine(const HostMachine &machine, const DoctorQuestion &question);
std::vector<DoctorCheck> examineEngine(const ContainerEngine &engine);
// `now` is what the probe says today, `known` what the list says.
std::vector<DoctorCheck> examineToolchain(const Toolchain &known, const Result<Toolchain> &now);

struct DoctorReport {
    std::vector<DoctorCheck> checks;
    std::vector<Toolchain> usable; // as probed now
    // The machine has no failure and some toolchain has none.
    bool canCompile() const;
};

// Probes every toolchain of the list, or the named one. Diagnostics: vendor.toolchain-unknown,
// cancelled.
Result<DoctorReport> examineAll(const std::vector<Toolchain> &toolchains, const std::string &name,
                                const HostMachine &machine, const DoctorQuestion &question,
                                std::stop_token stop);

std::string doctorJson(const DoctorReport &report);

} // namespace hefstudio
