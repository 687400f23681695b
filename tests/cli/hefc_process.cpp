// SPDX-License-Identifier: GPL-3.0-or-later
#include "hefc_process.h"

#include <csignal>
#include <cstdlib>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

namespace {

struct Pipe {
    int ends[2] = {-1, -1};
    Pipe() { (void)!::pipe(ends); }
    ~Pipe()
    {
        closeWriter();
        ::close(ends[0]);
    }
    void closeWriter()
    {
        if (ends[1] >= 0)
            ::close(ends[1]);
        ends[1] = -1;
    }
};

// Tests neither find nor leave finished stages in the user's cache; those about it name a folder.
[[maybe_unused]] const int noUserCache = ::setenv("XDG_CACHE_HOME", "/dev/null", 1);

HefcResult runProcess(const std::vector<std::string> &arguments,
                      const std::function<void(pid_t, const std::string &)> &onOutput,
                      std::chrono::microseconds killAfter = std::chrono::microseconds::max())
{
    Pipe out;
    Pipe err;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out.ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err.ends[1], STDERR_FILENO);
    for (const int end : {out.ends[0], out.ends[1], err.ends[0], err.ends[1]})
        posix_spawn_file_actions_addclose(&actions, end);
    std::vector<std::string> all{HEFC_PROGRAM};
    all.insert(all.end(), arguments.begin(), arguments.end());
    std::vector<char *> argv;
    for (auto &argument : all)
        argv.push_back(argument.data());
    argv.push_back(nullptr);
    pid_t child = 0;
    HefcResult result;
    const int failed = posix_spawn(&child, HEFC_PROGRAM, &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0)
        return result;
    out.closeWriter();
    err.closeWriter();
    pollfd watched[] = {{out.ends[0], POLLIN, 0}, {err.ends[0], POLLIN, 0}};
    std::string *texts[] = {&result.out, &result.err};
    const auto start = std::chrono::steady_clock::now();
    const bool isKilled = killAfter != std::chrono::microseconds::max();
    for (int open = 2; open > 0;) {
        const auto left = std::chrono::ceil<std::chrono::nanoseconds>(
            start + (isKilled ? killAfter : std::chrono::microseconds()) -
            std::chrono::steady_clock::now());
        const timespec rest{.tv_sec = left.count() / 1'000'000'000,
                            .tv_nsec = left.count() % 1'000'000'000};
        if (isKilled && left.count() <= 0)
            ::kill(child, SIGKILL);
        ::ppoll(watched, 2, isKilled && left.count() > 0 ? &rest : nullptr, nullptr);
        for (int i = 0; i < 2; ++i) {
            if (watched[i].fd < 0 || watched[i].revents == 0)
                continue;
            char block[4096];
            const auto count = ::read(watched[i].fd, block, sizeof block);
            if (count <= 0) {
                watched[i].fd = -1;
                --open;
            } else {
                texts[i]->append(block, static_cast<std::size_t>(count));
                if (i == 0 && onOutput)
                    onOutput(child, result.out);
            }
        }
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    result.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return result;
}

} // namespace

HefcResult hefc(const std::vector<std::string> &arguments)
{
    return runProcess(arguments, {});
}

static HefcResult signalledAt(const std::vector<std::string> &arguments, const std::string &text,
                              int signal)
{
    bool sent = false;
    return runProcess(arguments, [&](pid_t child, const std::string &output) {
        if (!sent && output.find(text) != std::string::npos) {
            ::kill(child, signal);
            sent = true;
        }
    });
}

HefcResult hefcInterruptedAt(const std::vector<std::string> &arguments, const std::string &text)
{
    return signalledAt(arguments, text, SIGINT);
}

HefcResult hefcKilledAt(const std::vector<std::string> &arguments, const std::string &text)
{
    return signalledAt(arguments, text, SIGKILL);
}

HefcResult hefcKilledAfter(const std::vector<std::string> &arguments,
                           std::chrono::microseconds moment)
{
    return runProcess(arguments, {}, moment);
}

std::filesystem::path sampleFolder()
{
    return std::filesystem::path(HEFSTUDIO_SOURCE_DIR) / "resources" / "sample";
}

std::vector<std::string> sampleConversion(const std::filesystem::path &output)
{
    return {"convert", (sampleFolder() / "detector.onnx").string(),
            "--calib", (sampleFolder() / "pictures").string(),
            "-o",      output.string()};
}
