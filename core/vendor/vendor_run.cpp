// SPDX-License-Identifier: GPL-3.0-or-later
#include "vendor/vendor_run.h"

#include "base/diagnostic_json.h"
#include "base/file.h"
#include "base/hash.h"
#include "vendor/process.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstring>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <set>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hefstudio {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

constexpr const char *lockName = ".lock";
constexpr const char *logName = "console.log";
constexpr const char *recordName = "run.json";
constexpr const char *resultName = "result.json";
constexpr const char *recordFormat = "hefstudio-run-1";

constexpr int pollMilliseconds = 50; // new lines and a stop request are seen within this
constexpr auto patience = std::chrono::seconds(2);
constexpr auto engineLimit = std::chrono::seconds(30);
constexpr int answers = 64; // questions of the compiler's own check that are answered with yes

class Descriptor {
public:
    explicit Descriptor(int value = -1) : m_value(value) {}
    ~Descriptor()
    {
        if (m_value >= 0)
            close(m_value);
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    int get() const { return m_value; }
    explicit operator bool() const { return m_value >= 0; }

private:
    int m_value;
};

std::unexpected<Diagnostics> notWritable(const fs::path &file)
{
    return fail(Diagnostic("file.not-writable", Place{.file = file.string()})
                    .with("reason", std::string(std::strerror(errno))));
}

// A mount's source may hold commas and quotes: the engines read the fields as CSV.
std::string csvField(const std::string &text)
{
    std::string field = "\"";
    for (const char c : text)
        field += c == '"' ? std::string("\"\"") : std::string(1, c);
    return field + "\"";
}

std::string containerName(const fs::path &job)
{
    char name[32];
    std::snprintf(name, sizeof name, "hefstudio-%016llx",
                  static_cast<unsigned long long>(xxh3_64(asBytes(job.string()))));
    return name;
}

fs::path wholePath(const fs::path &folder)
{
    std::error_code error;
    auto whole = fs::canonical(folder, error);
    return error ? fs::absolute(folder) : whole;
}

std::vector<std::pair<std::string, std::optional<std::string>>>
environmentVariables(const VendorRunRequest &request, const fs::path &results)
{
    std::vector<std::pair<std::string, std::optional<std::string>>> variables = {
        // Another environment's packages must not be mixed in.
        {"PYTHONPATH", {}},
        {"PYTHONHOME", {}},
        {"PYTHONSTARTUP", {}},
        {"PYTHONNOUSERSITE", "1"},
        {"PYTHONUNBUFFERED", "1"},
    };
    if (request.toolchain.isContainer())
        return variables;
    // Large temporary files belong where the results are, not into a small /tmp.
    variables.emplace_back("TMPDIR", (results / "tmp").string());
    const fs::path bin = fs::path(request.toolchain.python).parent_path();
    const char *path = std::getenv("PATH");
    if (bin.is_absolute())
        variables.emplace_back("PATH", bin.string() + (path ? ":" + std::string(path) : ""));
    if (!std::getenv("USER"))
        variables.emplace_back("USER", "hefstudio");
    if (!std::getenv("HOME"))
        variables.emplace_back("HOME", (results / "home").string());
    for (const auto &name : toolchainFacts().machine.mustBeUnset)
        variables.emplace_back(name, std::nullopt);
    return variables;
}

// Something to answer questions with: standard input that says yes, then ends.
int answersFile()
{
    const int file = memfd_create("answers", MFD_CLOEXEC);
    if (file < 0)
        return -1;
    std::string text;
    for (int i = 0; i < answers; ++i)
        text += "y\n";
    if (write(file, text.data(), text.size()) < 0 || lseek(file, 0, SEEK_SET) < 0) {
        close(file);
        return -1;
    }
    return file;
}

// Who has the run's lock open as the descriptor it was started with: the run's process groups.
std::set<pid_t> groupsHolding(const fs::path &lock)
{
    std::set<pid_t> groups;
    std::error_code error;
    for (fs::directory_iterator entry("/proc", error), end; !error && entry != end;
         entry.increment(error)) {
        pid_t process = 0;
        const std::string name = entry->path().filename();
        const auto [stop, fault] = std::from_chars(name.data(), name.data() + name.size(), process);
        if (fault != std::errc() || stop != name.data() + name.size() || process == getpid())
            continue;
        std::error_code unreadable;
        const auto target = fs::read_symlink(
            entry->path() / "fd" / std::to_string(keptDescriptor), unreadable);
        if (unreadable || target != lock)
            continue;
        if (const pid_t group = getpgid(process); group > 1 && group != getpgrp())
            groups.insert(group);
    }
    return groups;
}

std::set<pid_t> groupsOf(const VendorRun &run)
{
    auto groups = groupsHolding(vendorResultsFolder(wholePath(run.job)) / lockName);
    // A child that was not waited for keeps its number, so the group is certainly ours.
    if (run.process > 1)
        groups.insert(run.process);
    return groups;
}

// The engine ends what the killed client leaves.
void removeContainer(const VendorRun &run)
{
    if (run.container.empty())
        return;
    // Its failure is the usual case: the container went with its command.
    (void)runProcess({.command = {std::string(toolchainKindName(run.toolchain.kind)), "rm", "-f",
                                  run.container},
                      .limit = engineLimit},
                     {});
}

Result<void> writeRecord(const VendorRun &run)
{
    const Json json{{"format", recordFormat},
                    {"started_ms", run.startedMs},
                    {"container", run.container},
                    {"toolchain",
                     {{"name", run.toolchain.name},
                      {"kind", toolchainKindName(run.toolchain.kind)},
                      {"python", run.toolchain.python},
                      {"image", run.toolchain.image},
                      {"image_digest", run.toolchain.imageDigest},
                      {"compiler", run.toolchain.compilerVersion}}}};
    return writeFileAtomically(vendorResultsFolder(run.job) / recordName,
                               asBytes(jsonText(json) + "\n"));
}

// Reads what the log has gained.
class LogReader {
public:
    explicit LogReader(const fs::path &file) : m_file(open(file.c_str(), O_RDONLY | O_CLOEXEC)) {}

    bool feed(VendorLogTracker &tracker)
    {
        bool any = false;
        std::array<char, 16384> buffer{};
        for (;;) {
            const auto got = m_file ? read(m_file.get(), buffer.data(), buffer.size()) : 0;
            if (got <= 0)
                return any;
            any = true;
            const std::string_view bytes(buffer.data(), static_cast<std::size_t>(got));
            tracker.feed(bytes);
            m_tail = (m_tail + std::string(bytes));
            if (m_tail.size() > 4096)
                m_tail.erase(0, m_tail.size() - 4096);
        }
    }
    // The last line that says something, for a message.
    std::string lastLine() const
    {
        std::string_view text = m_tail;
        while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
            text.remove_suffix(1);
        const auto from = text.find_last_of("\r\n");
        const auto line = withoutColourCodes(text.substr(from == text.npos ? 0 : from + 1));
        return std::string(parseLogLine(line).text).substr(0, 400);
    }

private:
    Descriptor m_file;
    std::string m_tail;
};

bool hasError(const Diagnostics &diagnostics)
{
    return std::ranges::any_of(diagnostics, [](const Diagnostic &diagnostic) {
        return diagnostic.severity == Severity::error;
    });
}

Diagnostics whyItEnded(const VendorRun &run, int status, const VendorLogTracker &tracker,
                       const std::string &lastLine)
{
    // A container's end by signal is told by its exit code.
    const int code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    Diagnostics found = tracker.diagnostics();
    if (hasError(found))
        return found;
    const Place place{.file = run.job.string()};
    constexpr int engineRefused = 125; // docker and podman: the container was not started
    if (!run.container.empty() && code == engineRefused)
        found.push_back(Diagnostic("vendor.engine-unusable", place)
                            .with("engine", std::string(toolchainKindName(run.toolchain.kind)))
                            .with("reason", lastLine));
    else if (code > 128)
        found.push_back(Diagnostic("vendor.run-killed", place)
                            .with("signal", std::int64_t(code - 128))
                            .with("line", lastLine));
    else
        found.push_back(Diagnostic("vendor.run-failed", place).with("line", lastLine));
    return found;
}

} // namespace

fs::path vendorResultsFolder(const fs::path &job)
{
    return job / "results";
}

std::vector<std::string> vendorRunCommand(const VendorRunRequest &request,
                                          const std::string &container)
{
    const auto &toolchain = request.toolchain;
    const fs::path job = wholePath(request.job);
    std::vector<std::string> command;
    if (toolchain.isContainer()) {
        const std::string user = std::to_string(getuid()) + ":" + std::to_string(getgid());
        command = {std::string(toolchainKindName(toolchain.kind)),
                   "run", "--rm", "--interactive", "--pull", "never", "--name", container};
        // All files shall belong to the caller. Root of a rootless engine is the caller.
        if (toolchain.kind == ToolchainKind::podman)
            command.insert(command.end(), {"--userns", "keep-id", "--security-opt", "label=disable"});
        else
            command.insert(command.end(), {"--user", request.isRootless ? "0:0" : user});
        if (request.usesGpu)
            command.insert(command.end(), {"--gpus", "all"});
        command.insert(command.end(),
                       {"--mount", "type=bind," + csvField("source=" + job.string()) + ",target=/job",
                        "--workdir", "/job/results", "--env", "HOME=/job/results/home", "--env",
                        "USER=hefstudio", "--env", "TMPDIR=/job/results/tmp", "--env",
                        "PYTHONUNBUFFERED=1", toolchain.image, toolchain.python,
                        "/job/convert.py"});
    } else {
        command = {toolchain.python, (job / "convert.py").string()};
    }
    if (request.resumes)
        command.push_back("--resume");
    return command;
}

Result<VendorRun> startVendorRun(const VendorRunRequest &request)
{
    std::error_code error;
    if (!fs::exists(request.job / "job.json", error))
        return fail(Diagnostic("vendor.no-job", Place{.file = request.job.string()}));
    const fs::path job = wholePath(request.job);
    const fs::path results = vendorResultsFolder(job);
    for (const char *folder : {"home", "tmp"})
        if (!fs::create_directories(results / folder, error) && error)
            return fail(Diagnostic("file.not-writable", Place{.file = results.string()})
                            .with("reason", error.message()));
    const Descriptor lock(
        open((results / lockName).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!lock)
        return notWritable(results / lockName);
    if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
        return fail(Diagnostic("vendor.run-active", Place{.file = request.job.string()}));

    VendorRun run{.job = job,
                  .toolchain = request.toolchain,
                  .container = request.toolchain.isContainer() ? containerName(job) : std::string(),
                  .process = 0,
                  .startedMs = std::chrono::duration_cast<std::chrono::milliseconds>(
                                   std::chrono::system_clock::now().time_since_epoch())
                                   .count()};
    // What an earlier run said is not said by this one.
    for (const char *old : {logName, resultName})
        fs::remove(results / old, error);
    const Descriptor log(open((results / logName).c_str(),
                              O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644));
    if (!log)
        return notWritable(results / logName);
    if (auto written = writeRecord(run); !written)
        return passOn(std::move(written));
    removeContainer(run); // of the same name, left by a machine that lost power
    const Descriptor input(answersFile());
    const auto process = startDetached({.command = vendorRunCommand(request, run.container),
                                        .folder = results,
                                        .variables = environmentVariables(request, results)},
                                       {.input = input.get(),
                                        .output = log.get(),
                                        .kept = lock.get()});
    if (!process)
        return std::unexpected(process.error());
    run.process = *process;
    return run;
}

Result<VendorRun> attachVendorRun(const fs::path &job)
{
    const fs::path whole = wholePath(job);
    const fs::path file = vendorResultsFolder(whole) / recordName;
    std::error_code error;
    if (!fs::exists(file, error))
        return fail(Diagnostic("vendor.no-run", Place{.file = job.string()}));
    const auto text = readTextFile(file, {.maxBytes = 1 << 20});
    if (!text)
        return std::unexpected(text.error());
    const auto json = parseJson(*text, file.string());
    if (!json)
        return std::unexpected(json.error());
    const auto word = [](const Json &object, const char *key) {
        const auto found = object.is_object() ? object.find(key) : object.end();
        return found != object.end() && found->is_string() ? found->get<std::string>()
                                                           : std::string();
    };
    const auto started = json->is_object() ? json->find("started_ms") : json->end();
    if (word(*json, "format") != recordFormat || started == json->end() ||
        !started->is_number_integer())
        return fail(Diagnostic("vendor.no-run", Place{.file = job.string()}));
    VendorRun run{.job = whole,
                  .toolchain = {},
                  .container = {},
                  .process = 0,
                  .startedMs = started->get<std::int64_t>()};
    if (const auto toolchain = json->find("toolchain"); toolchain != json->end()) {
        run.toolchain = {.name = word(*toolchain, "name"),
                         .kind = toolchainKindFromName(word(*toolchain, "kind"))
                                     .value_or(ToolchainKind::python),
                         .python = word(*toolchain, "python"),
                         .image = word(*toolchain, "image"),
                         .imageDigest = word(*toolchain, "image_digest"),
                         .compilerVersion = word(*toolchain, "compiler"),
                         .zooVersion = {},
                         .pythonVersion = {},
                         .numpyVersion = {}};
    }
    // Never a name that the record chooses: stopping removes the container of that name.
    if (run.toolchain.isContainer())
        run.container = containerName(whole);
    return run;
}

bool isVendorRunActive(const fs::path &job)
{
    const fs::path lock = vendorResultsFolder(wholePath(job)) / lockName;
    const Descriptor file(open(lock.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    return file && flock(file.get(), LOCK_SH | LOCK_NB) != 0;
}

void stopVendorRun(const VendorRun &run)
{
    // Remembered: members of a group that do not hold the lock outlive the one that does.
    const auto groups = groupsOf(run);
    for (const pid_t group : groups)
        kill(-group, SIGTERM);
    const auto asked = Clock::now();
    removeContainer(run);
    while (isVendorRunActive(run.job) && Clock::now() - asked < patience)
        poll(nullptr, 0, pollMilliseconds);
    for (const pid_t group : groups)
        kill(-group, SIGKILL);
    while (isVendorRunActive(run.job) && Clock::now() - asked < 2 * patience)
        poll(nullptr, 0, pollMilliseconds);
    removeContainer(run); // which a client that was just starting may have made meanwhile
}

Result<VendorRunEnd> followVendorRun(const VendorRun &run, std::chrono::milliseconds limit,
                                     std::stop_token stop, const EventSink &sink)
{
    VendorLogTracker tracker(sink);
    LogReader log(vendorResultsFolder(run.job) / logName);
    const auto elapsed = [&] {
        return std::chrono::system_clock::now().time_since_epoch() -
               std::chrono::milliseconds(run.startedMs);
    };
    int status = 0;
    bool isWaitedFor = run.process == 0;
    bool timedOut = false, stopped = false;
    for (;;) {
        // Asked before reading: what was written until the end is then read after it.
        const bool isActive = isVendorRunActive(run.job);
        const bool gained = log.feed(tracker);
        if (!isActive)
            break;
        stopped = stop.stop_requested();
        timedOut = !stopped && limit.count() > 0 && elapsed() >= limit;
        if (stopped || timedOut) {
            stopVendorRun(run);
            break;
        }
        if (!gained)
            poll(nullptr, 0, pollMilliseconds);
    }
    // The lock is free, so all that held it is gone or has been killed; what closed it early goes now.
    if (!isWaitedFor) {
        kill(-run.process, SIGKILL);
        isWaitedFor = waitpid(run.process, &status, 0) == run.process;
    }
    log.feed(tracker);
    tracker.finish();
    std::error_code error;
    for (const char *folder : {"home", "tmp"})
        fs::remove_all(vendorResultsFolder(run.job) / folder, error);
    const bool hasResult = fs::exists(vendorResultsFolder(run.job) / resultName, error);
    if (!hasResult)
        removeContainer(run);
    if (stopped || (!hasResult && stop.stop_requested()))
        return fail(Diagnostic("cancelled"));
    if (timedOut)
        return fail(Diagnostic("vendor.run-timeout", Place{.file = run.job.string()})
                        .with("minutes",
                              std::int64_t(std::chrono::ceil<std::chrono::minutes>(limit).count())));
    if (!hasResult)
        return fail(whyItEnded(run, status, tracker, log.lastLine()));
    return VendorRunEnd{tracker.facts(), tracker.counts(), tracker.diagnostics()};
}

} // namespace hefstudio
