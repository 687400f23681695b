// Programs are started without a shell and stopped with all they started.
#include "vendor/process.h"

#include <gmock/gmock.h>

#include <csignal>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace hefstudio {
namespace {

struct Ran {
    Result<ProcessOutcome> outcome;
    std::string output;
};

Ran run(std::vector<std::string> command, ProcessRequest request = {}, std::stop_token stop = {})
{
    Ran ran;
    request.command = std::move(command);
    request.onOutput = [&](std::string_view bytes) { ran.output += bytes; };
    ran.outcome = runProcess(request, stop);
    return ran;
}

TEST(Process, HandsArgumentsOnAsTheyAre)
{
    const auto ran = run({"printf", "%s|", "a b", "$(id)", "-x", "line\nend", "'\""});
    ASSERT_TRUE(ran.outcome);
    EXPECT_EQ(ran.output, "a b|$(id)|-x|line\nend|'\"|");
    EXPECT_EQ(ran.outcome->exitCode, 0);
}

TEST(Process, GivesTheExitCodeAndBothStreams)
{
    const auto ran = run({"sh", "-c", "echo out; echo err >&2; exit 7"});
    ASSERT_TRUE(ran.outcome);
    EXPECT_EQ(ran.outcome->exitCode, 7);
    EXPECT_EQ(ran.output, "out\nerr\n");
}

TEST(Process, HasNoInputAndTheVariablesAskedFor)
{
    setenv("PYTHONPATH", "leaked", 1);
    const auto ran = run({"sh", "-c", "cat; echo \"$USER/${PYTHONPATH-none}/$PWD\""},
                         {.folder = "/", .variables = {{"USER", "me"}, {"PYTHONPATH", {}}}});
    unsetenv("PYTHONPATH");
    EXPECT_EQ(ran.output, "me/none//\n");
}

TEST(Process, SaysThatAProgramIsMissing)
{
    const auto ran = run({"no-such-program-anywhere"});
    ASSERT_FALSE(ran.outcome);
    EXPECT_EQ(ran.outcome.error().front().id, "vendor.program-missing");
    EXPECT_FALSE(run({}).outcome);
}

TEST(Process, EndsAtItsLimit)
{
    const auto ran = run({"sh", "-c", "exec sleep 100"}, {.limit = std::chrono::milliseconds(200)});
    ASSERT_TRUE(ran.outcome);
    EXPECT_TRUE(ran.outcome->timedOut);
    EXPECT_EQ(ran.outcome->exitCode, 128 + SIGTERM);
}

// The program's own child ignores the polite request; both end.
TEST(Process, StoppingEndsTheWholeGroup)
{
    std::stop_source source;
    std::string output;
    int grandchild = -1; // a descriptor that becomes readable when the process ends
    ProcessRequest request;
    request.command = {"sh", "-c", "sh -c 'trap \"\" TERM; echo $$; exec sleep 100' & wait"};
    request.onOutput = [&](std::string_view bytes) {
        output += bytes;
        if (output.ends_with('\n')) {
            grandchild = static_cast<int>(syscall(SYS_pidfd_open, std::stoi(output), 0));
            source.request_stop();
        }
    };
    const auto outcome = runProcess(request, source.get_token());
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().front().id, "cancelled");
    ASSERT_GE(grandchild, 0);
    pollfd entry{grandchild, POLLIN, 0};
    EXPECT_EQ(poll(&entry, 1, 5000), 1);
    close(grandchild);
}

} // namespace
} // namespace hefstudio
