// SPDX-License-Identifier: GPL-3.0-or-later
#include "vendor/doctor.h"

#include "base/diagnostic_json.h"
#include "base/file.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <sys/utsname.h>
#include <unistd.h>

extern char **environ;

namespace hefstudio {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
constexpr double gigabyte = 1e9;

std::string gigabytes(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.1f GB", value);
    return text;
}

DoctorCheck fine(std::string id, std::string found, std::string subject = {})
{
    return {std::move(id), std::move(subject), DoctorVerdict::fine, std::move(found), {}};
}

DoctorCheck notFine(std::string id, DoctorVerdict verdict, std::string found, Diagnostic problem,
                    std::string subject = {})
{
    problem.severity = verdict == DoctorVerdict::failure   ? Severity::error
                       : verdict == DoctorVerdict::warning ? Severity::warning
                                                     : Severity::note;
    return {std::move(id), std::move(subject), verdict, std::move(found), std::move(problem)};
}

std::string joined(const std::vector<std::string> &words)
{
    std::string all;
    for (const auto &word : words)
        all += (all.empty() ? "" : ", ") + word;
    return all;
}

std::string versionText(const VersionNumber &version)
{
    return std::to_string(version.major) + "." + std::to_string(version.minor);
}

// "MemTotal:       32780864 kB" of /proc/meminfo in units of 10^9 bytes.
double memoryOf(const std::string &text)
{
    const auto at = text.find("MemTotal:");
    return at == text.npos ? 0 : std::strtod(text.c_str() + at + 9, nullptr) * 1024 / gigabyte;
}

std::set<std::string> flagsOf(const std::string &text)
{
    const auto at = text.find("\nflags");
    const auto colon = at == text.npos ? at : text.find(':', at);
    if (colon == text.npos)
        return {};
    std::istringstream line(text.substr(colon + 1, text.find('\n', colon) - colon - 1));
    std::set<std::string> flags;
    for (std::string flag; line >> flag;)
        flags.insert(flag);
    return flags;
}

std::string procText(const char *file)
{
    return readTextFile(file, {.maxBytes = 4 << 20}).value_or(std::string());
}

// The folder itself, or the nearest above it that exists.
fs::path existing(fs::path folder)
{
    std::error_code error;
    folder = fs::absolute(folder.empty() ? fs::path(".") : folder, error);
    while (!fs::exists(folder, error) && folder.has_parent_path() &&
           folder != folder.parent_path())
        folder = folder.parent_path();
    return folder;
}

bool isOnPath(const std::string &program)
{
    const char *path = std::getenv("PATH");
    std::istringstream folders(path ? path : "");
    for (std::string folder; std::getline(folders, folder, ':');)
        if (access((fs::path(folder) / program).c_str(), X_OK) == 0)
            return true;
    return false;
}

class MachineExamination {
public:
    MachineExamination(const HostMachine &machine, const DoctorQuestion &question)
        : m_machine(machine), m_question(question), m_needs(toolchainFacts().machine)
    {
    }

    std::vector<DoctorCheck> run()
    {
        processor();
        memory();
        disk();
        variables();
        programs();
        gpu();
        return std::move(m_checks);
    }

private:
    std::string variable(const std::string &name) const
    {
        const auto found = m_machine.variables.find(name);
        return found == m_machine.variables.end() ? std::string() : found->second;
    }

    void processor()
    {
        if (m_machine.architecture != m_needs.architecture)
            m_checks.push_back(notFine("processor", DoctorVerdict::failure, m_machine.architecture,
                                       Diagnostic("vendor.doctor-processor")
                                           .with("found", m_machine.architecture)
                                           .with("wanted", m_needs.architecture)));
        else
            m_checks.push_back(fine("processor", m_machine.architecture));
        for (const auto &flag : m_needs.cpuFlags) {
            if (m_machine.cpuFlags.contains(flag))
                m_checks.push_back(fine("instructions", flag));
            else
                m_checks.push_back(
                    notFine("instructions", DoctorVerdict::failure, "no " + flag,
                            Diagnostic("vendor.doctor-instructions").with("flag", flag)));
        }
    }

    void memory()
    {
        const std::string found = gigabytes(m_machine.memoryGb);
        const Diagnostic problem = Diagnostic("vendor.doctor-memory")
                                       .with("found", found)
                                       .with("needed", gigabytes(m_needs.memoryNeededGb))
                                       .with("recommended", gigabytes(m_needs.memoryRecommendedGb));
        // A machine sold with 16 GB shows a little less.
        constexpr double tolerance = 0.95;
        if (m_machine.memoryGb < m_needs.memoryNeededGb * tolerance)
            m_checks.push_back(notFine("memory", DoctorVerdict::failure, found, problem));
        else if (m_machine.memoryGb < m_needs.memoryRecommendedGb * tolerance)
            m_checks.push_back(notFine("memory", DoctorVerdict::warning, found, problem));
        else
            m_checks.push_back(fine("memory", found));
    }

    void disk()
    {
        const fs::path work = existing(m_question.workFolder);
        const double room = m_machine.freeGb(work);
        // The array, its copy in the container, and what the compiler keeps of it.
        const double calibration = double(m_question.calibrationBytes) / gigabyte;
        const double least = calibration * 3 + 2;
        const auto problem = [&](const char *id) {
            return Diagnostic(id, Place{.file = work.string()})
                .with("found", gigabytes(room))
                .with("advised", gigabytes(m_needs.diskGb))
                .with("needed", gigabytes(least));
        };
        if (!m_machine.isWritable(work))
            m_checks.push_back(notFine("work-folder", DoctorVerdict::failure, work.string(),
                                       Diagnostic("file.not-writable", Place{.file = work.string()})
                                           .with("reason", std::string("permission denied"))));
        if (room < least)
            m_checks.push_back(notFine("disk", DoctorVerdict::failure, gigabytes(room),
                                       problem("vendor.doctor-disk-full")));
        else if (room < m_needs.diskGb)
            m_checks.push_back(notFine("disk", DoctorVerdict::warning, gigabytes(room),
                                       problem("vendor.doctor-disk")));
        else
            m_checks.push_back(fine("disk", gigabytes(room)));
    }

    void variables()
    {
        for (const char *name : {"USER", "HOME"}) {
            const std::string value = variable(name);
            const std::string id = name == std::string("USER") ? "user" : "home";
            if (value.empty())
                m_checks.push_back(notFine(id, DoctorVerdict::note, "not set",
                                           Diagnostic("vendor.doctor-variable")
                                               .with("name", std::string(name))));
            else if (id == "home" && !m_machine.isWritable(value))
                m_checks.push_back(notFine(id, DoctorVerdict::warning, value,
                                           Diagnostic("vendor.doctor-home").with("home", value)));
            else
                m_checks.push_back(fine(id, value));
        }
        if (const std::string temporary = variable("TMPDIR"); temporary.empty())
            m_checks.push_back(fine("temporary-folder", "the work folder's"));
        else if (!m_machine.isWritable(temporary))
            m_checks.push_back(
                notFine("temporary-folder", DoctorVerdict::warning, temporary,
                        Diagnostic("vendor.doctor-temporary").with("folder", temporary)));
        else
            m_checks.push_back(fine("temporary-folder", temporary));
        for (const char *name : {"PYTHONPATH", "PYTHONHOME"})
            if (const std::string value = variable(name); !value.empty())
                m_checks.push_back(notFine("python-variables", DoctorVerdict::note, value,
                                           Diagnostic("vendor.doctor-python-path")
                                               .with("name", std::string(name))
                                               .with("value", value)));
        std::vector<std::string> set;
        for (const auto &name : m_needs.mustBeUnset)
            if (!variable(name).empty())
                set.push_back(name);
        if (!set.empty())
            m_checks.push_back(
                notFine("tool-variables", DoctorVerdict::note, joined(set),
                        Diagnostic("vendor.doctor-tool-variables").with("names", joined(set))));
    }

    void programs()
    {
        for (const auto &program : m_needs.programs) {
            if (m_machine.hasProgram(program))
                m_checks.push_back(fine("program", program));
            else
                m_checks.push_back(
                    notFine("program", DoctorVerdict::note, "no " + program,
                            Diagnostic("vendor.doctor-program").with("program", program)));
        }
    }

    void gpu()
    {
        if (m_machine.gpus.contains("nvidia"))
            m_checks.push_back(fine("gpu", "NVIDIA"));
        else
            m_checks.push_back(
                notFine("gpu", DoctorVerdict::note, "none", Diagnostic("vendor.doctor-gpu")));
    }

    const HostMachine &m_machine;
    const DoctorQuestion &m_question;
    const MachineNeeds &m_needs;
    std::vector<DoctorCheck> m_checks;
};

} // namespace

HostMachine readHostMachine()
{
    HostMachine machine;
    utsname name{};
    if (uname(&name) == 0)
        machine.architecture = name.machine;
    machine.cpuFlags = flagsOf(procText("/proc/cpuinfo"));
    machine.memoryGb = memoryOf(procText("/proc/meminfo"));
    for (char **entry = environ; *entry; ++entry) {
        const std::string text = *entry;
        if (const auto equals = text.find('='); equals != text.npos)
            machine.variables[text.substr(0, equals)] = text.substr(equals + 1);
    }
    std::error_code error;
    if (fs::exists("/dev/nvidiactl", error))
        machine.gpus.insert("nvidia");
    machine.freeGb = [](const fs::path &folder) {
        std::error_code unknown;
        const auto space = fs::space(folder, unknown);
        return unknown ? 0 : double(space.available) / gigabyte;
    };
    machine.hasProgram = isOnPath;
    machine.isWritable = [](const fs::path &folder) {
        return access(folder.c_str(), W_OK | X_OK) == 0;
    };
    return machine;
}

std::string_view doctorVerdictName(DoctorVerdict verdict)
{
    switch (verdict) {
    case DoctorVerdict::fine: return "fine";
    case DoctorVerdict::note: return "note";
    case DoctorVerdict::warning: return "warning";
    case DoctorVerdict::failure: return "failure";
    }
    return {};
}

std::vector<DoctorCheck> examineMachine(const HostMachine &machine, const DoctorQuestion &question)
{
    return MachineExamination(machine, question).run();
}

std::vector<DoctorCheck> examineEngine(const ContainerEngine &engine)
{
    const std::string name(toolchainKindName(engine.kind));
    if (!engine.isInstalled)
        return {notFine("engine", DoctorVerdict::note, "not installed",
                        Diagnostic("vendor.doctor-engine-absent").with("engine", name), name)};
    if (engine.isForbidden)
        return {notFine("engine-user", DoctorVerdict::failure, engine.trouble,
                        Diagnostic("vendor.doctor-engine-forbidden").with("engine", name), name)};
    if (!engine.isRunning)
        return {notFine("engine", DoctorVerdict::failure, engine.trouble,
                        Diagnostic("vendor.doctor-engine-stopped")
                            .with("engine", name)
                            .with("reason", engine.trouble),
                        name)};
    return {fine("engine", engine.version, name),
            fine("engine-mode", engine.isRootless ? "rootless" : "with root", name)};
}

std::vector<DoctorCheck> examineToolchain(const Toolchain &known, const Result<Toolchain> &now)
{
    std::vector<DoctorCheck> checks;
    if (!now) {
        checks.push_back(
            notFine("compiler", DoctorVerdict::failure, "does not answer", now.error().front(),
                    known.name));
        return checks;
    }
    const auto &facts = toolchainFacts();
    const auto *release = facts.releaseOf(now->compilerVersion);
    if (now->compilerVersion.empty() || !release) {
        checks.push_back(notFine("compiler", DoctorVerdict::warning,
                                 now->compilerVersion.empty() ? "version not told"
                                                              : now->compilerVersion,
                                 Diagnostic("vendor.doctor-release")
                                     .with("version", now->compilerVersion),
                                 known.name));
        return checks;
    }
    checks.push_back(fine("compiler", now->compilerVersion, known.name));
    checks.push_back(fine("chips", joined(release->chips), known.name));
    const auto python = versionNumber(now->pythonVersion);
    const std::string wanted = versionText(release->pythonFrom) + " to " +
                               std::to_string(release->pythonBelow.major) + "." +
                               std::to_string(release->pythonBelow.minor - 1);
    if (python < release->pythonFrom || python >= release->pythonBelow)
        checks.push_back(notFine("python-version", DoctorVerdict::failure, now->pythonVersion,
                                 Diagnostic("vendor.doctor-python-version")
                                     .with("found", now->pythonVersion)
                                     .with("version", now->compilerVersion)
                                     .with("wanted", wanted),
                                 known.name));
    else
        checks.push_back(fine("python-version", now->pythonVersion, known.name));
    if (release->numpyBelow && !now->numpyVersion.empty() &&
        versionNumber(now->numpyVersion) >= *release->numpyBelow)
        checks.push_back(notFine("numpy", DoctorVerdict::failure, now->numpyVersion,
                                 Diagnostic("vendor.doctor-numpy")
                                     .with("found", now->numpyVersion)
                                     .with("below", std::to_string(release->numpyBelow->major)),
                                 known.name));
    if (now->compilerVersion != known.compilerVersion || now->imageDigest != known.imageDigest)
        checks.push_back(notFine("changed", DoctorVerdict::note, now->compilerVersion,
                                 Diagnostic("vendor.doctor-changed").with("name", known.name),
                                 known.name));
    return checks;
}

bool DoctorReport::canCompile() const
{
    return !usable.empty() && std::ranges::none_of(checks, [](const DoctorCheck &check) {
        return check.subject.empty() && check.verdict == DoctorVerdict::failure;
    });
}

Result<DoctorReport> examineAll(const std::vector<Toolchain> &toolchains, const std::string &name,
                                const HostMachine &machine, const DoctorQuestion &question,
                                std::stop_token stop)
{
    if (!name.empty() &&
        std::ranges::find(toolchains, name, &Toolchain::name) == toolchains.end()) {
        std::vector<std::string> names;
        for (const auto &toolchain : toolchains)
            names.push_back(toolchain.name);
        return fail(Diagnostic("vendor.toolchain-unknown")
                        .with("name", name)
                        .with("known", names.empty() ? "none" : joined(names)));
    }
    DoctorReport report;
    const auto add = [&](std::vector<DoctorCheck> checks) {
        const bool isSound = std::ranges::none_of(
            checks, [](const DoctorCheck &c) { return c.verdict == DoctorVerdict::failure; });
        std::ranges::move(checks, std::back_inserter(report.checks));
        return isSound;
    };
    add(examineMachine(machine, question));
    std::map<ToolchainKind, ContainerEngine> engines;
    for (const auto kind : {ToolchainKind::docker, ToolchainKind::podman}) {
        engines[kind] = probeEngine(kind, stop);
        auto checks = examineEngine(engines[kind]);
        // An engine that no toolchain needs may be as it is.
        if (std::ranges::find(toolchains, kind, &Toolchain::kind) == toolchains.end())
            for (auto &check : checks)
                if (check.problem) {
                    check.verdict = DoctorVerdict::note;
                    check.problem->severity = Severity::note;
                }
        add(std::move(checks));
    }
    for (const auto &toolchain : toolchains) {
        if (!name.empty() && toolchain.name != name)
            continue;
        if (stop.stop_requested())
            return fail(Diagnostic("cancelled"));
        auto now = toolchain.isContainer()
                       ? probeImage(engines[toolchain.kind], toolchain.image, toolchain.python, stop)
                       : probePython(toolchain.python, stop);
        if (add(examineToolchain(toolchain, now)) && now) {
            now->name = toolchain.name;
            report.usable.push_back(std::move(*now));
        }
    }
    if (toolchains.empty())
        report.checks.push_back(notFine("toolchains", DoctorVerdict::failure, "none",
                                        Diagnostic("vendor.no-toolchain"), "toolchains"));
    return report;
}

std::string doctorJson(const DoctorReport &report)
{
    Json json{{"can_compile", report.canCompile()},
              {"checks", Json::array()},
              {"toolchains", Json::array()}};
    for (const auto &check : report.checks)
        json["checks"].push_back({{"id", check.id},
                                  {"subject", check.subject},
                                  {"verdict", doctorVerdictName(check.verdict)},
                                  {"found", check.found},
                                  {"problem", check.problem ? toJson(*check.problem) : Json()}});
    for (const auto &toolchain : report.usable)
        json["toolchains"].push_back({{"name", toolchain.name},
                                      {"compiler", toolchain.compilerVersion},
                                      {"chips", toolchain.chips()}});
    return jsonText(json);
}

} // namespace hefstudio
