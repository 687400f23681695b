// SPDX-License-Identifier: GPL-3.0-or-later
#include "vendor/process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <map>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

namespace hefstudio {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto patience = std::chrono::seconds(2); // between asking and killing
constexpr int pollMilliseconds = 50;               // a stop request is seen within this

struct Pipe {
    int read = -1;
    int write = -1;
    Pipe()
    {
        std::array<int, 2> ends{};
        if (pipe2(ends.data(), O_CLOEXEC) == 0) {
            read = ends[0];
            write = ends[1];
        }
    }
    ~Pipe()
    {
        closeWrite();
        if (read >= 0)
            close(read);
    }
    Pipe(const Pipe &) = delete;
    Pipe &operator=(const Pipe &) = delete;
    void closeWrite()
    {
        if (write >= 0)
            close(write);
        write = -1;
    }
};

std::vector<std::string> environmentOf(const ProcessRequest &request)
{
    std::map<std::string, std::string> variables;
    for (char **entry = environ; *entry; ++entry) {
        const std::string_view text = *entry;
        const auto equals = text.find('=');
        if (equals != text.npos)
            variables.insert_or_assign(std::string(text.substr(0, equals)),
                                       std::string(text.substr(equals + 1)));
    }
    for (const auto &[name, value] : request.variables) {
        if (value)
            variables.insert_or_assign(name, *value);
        else
            variables.erase(name);
    }
    std::vector<std::string> lines;
    for (const auto &[name, value] : variables)
        lines.push_back(name + "=" + value);
    return lines;
}

std::vector<char *> pointers(std::vector<std::string> &texts)
{
    std::vector<char *> all;
    for (auto &text : texts)
        all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

// The child: own group or session, its streams, signals as at start.
int spawn(const ProcessRequest &request, const DetachedStreams &streams, bool ownSession,
          pid_t &child)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    if (streams.input >= 0)
        posix_spawn_file_actions_adddup2(&actions, streams.input, STDIN_FILENO);
    else
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, streams.output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, streams.output, STDERR_FILENO);
    if (streams.kept >= 0)
        posix_spawn_file_actions_adddup2(&actions, streams.kept, keptDescriptor);
    if (!request.folder.empty())
        posix_spawn_file_actions_addchdir_np(&actions, request.folder.c_str());
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none, usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE, SIGHUP})
        sigaddset(&usual, signal);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setpgroup(&attributes, 0);
    const short group = ownSession ? POSIX_SPAWN_SETSID : POSIX_SPAWN_SETPGROUP;
    posix_spawnattr_setflags(
        &attributes,
        static_cast<short>(group | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
    auto words = request.command;
    auto variables = environmentOf(request);
    const int error = posix_spawnp(&child, words.front().c_str(), &actions, &attributes,
                                   pointers(words).data(), pointers(variables).data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

std::unexpected<Diagnostics> notStarted(const ProcessRequest &request, int error)
{
    const bool isMissing = error == ENOENT || error == EACCES;
    return fail(Diagnostic(isMissing ? "vendor.program-missing" : "vendor.program-not-started")
                    .with("program", request.command.front())
                    .with("reason", std::string(std::strerror(error))));
}

bool namesProgram(const ProcessRequest &request)
{
    return !request.command.empty() && !request.command.front().empty();
}

} // namespace

Result<int> startDetached(const ProcessRequest &request, const DetachedStreams &streams)
{
    if (!namesProgram(request))
        return fail(Diagnostic("vendor.program-missing").with("program", std::string()));
    pid_t child = 0;
    if (const int error = spawn(request, streams, true, child); error != 0)
        return notStarted(request, error);
    return child;
}

Result<ProcessOutcome> runProcess(const ProcessRequest &request, std::stop_token stop)
{
    if (!namesProgram(request))
        return fail(Diagnostic("vendor.program-missing").with("program", std::string()));
    Pipe pipe;
    if (pipe.read < 0)
        return notStarted(request, errno);
    pid_t child = 0;
    if (const int error = spawn(request, {.output = pipe.write}, false, child); error != 0)
        return notStarted(request, error);
    pipe.closeWrite();

    ProcessOutcome outcome;
    const auto deadline = Clock::now() + request.limit;
    std::optional<Clock::time_point> asked;
    std::array<char, 16384> buffer{};
    // Ends when all of the group have closed the pipe, or were killed.
    while (true) {
        pollfd entry{pipe.read, POLLIN, 0};
        const int ready = poll(&entry, 1, pollMilliseconds);
        if (ready > 0) {
            const auto got = read(pipe.read, buffer.data(), buffer.size());
            if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN))
                break;
            if (got > 0 && request.onOutput)
                request.onOutput({buffer.data(), static_cast<std::size_t>(got)});
        }
        const auto now = Clock::now();
        outcome.timedOut = outcome.timedOut || now >= deadline;
        if (!asked && (stop.stop_requested() || outcome.timedOut)) {
            kill(-child, SIGTERM);
            asked = now;
        } else if (asked && now - *asked >= patience) {
            kill(-child, SIGKILL);
            break;
        }
    }
    // Whoever closed its outputs early may still run.
    int status = 0;
    while (true) {
        const pid_t ended = waitpid(child, &status, WNOHANG);
        if (ended == child || (ended < 0 && errno != EINTR))
            break;
        const auto now = Clock::now();
        outcome.timedOut = outcome.timedOut || now >= deadline;
        if (!asked && (stop.stop_requested() || outcome.timedOut)) {
            kill(-child, SIGTERM);
            asked = now;
        } else if (asked && now - *asked >= patience) {
            kill(-child, SIGKILL);
        }
        poll(nullptr, 0, pollMilliseconds);
    }
    kill(-child, SIGKILL); // what the program left behind in its group
    outcome.exitCode = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    if (stop.stop_requested())
        return fail(Diagnostic("cancelled"));
    return outcome;
}

} // namespace hefstudio
