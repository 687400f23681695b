// hefc: the whole product without a window.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "verb.h"
#include "verb_calib_stats.h"

#include "base/diagnostic_catalogue.h"
#include "base/version.h"

#include <CLI/CLI.hpp>

#include <csignal>
#include <iostream>
#include <iterator>
#include <malloc.h>
#include <thread>
#include <unistd.h>

namespace hefstudio::cli {
namespace {

// Ctrl+C asks the work to stop; a second one ends the process at once. The signals are blocked
// before any other thread exists, so that only this one sees them.
class SignalWatch {
public:
    SignalWatch()
    {
        sigemptyset(&m_signals);
        sigaddset(&m_signals, SIGINT);
        sigaddset(&m_signals, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &m_signals, nullptr);
        std::thread([signals = m_signals, source = m_source]() mutable {
            int received = 0;
            sigwait(&signals, &received);
            source.request_stop();
            sigwait(&signals, &received);
            _exit(130);
        }).detach();
        // Writing to a closed pipe is an error of that write, not the end of the process.
        std::signal(SIGPIPE, SIG_IGN);
        // Likewise a file that grows past the user's limit.
        std::signal(SIGXFSZ, SIG_IGN);
    }
    std::stop_token token() const { return m_source.get_token(); }

private:
    sigset_t m_signals{};
    std::stop_source m_source;
};

int usageError(const CLI::App &app, const CLI::ParseError &error)
{
    // Help and version are no errors: CLI11 prints them and gives 0.
    if (error.get_exit_code() == 0)
        return app.exit(error);
    std::cerr << "error: " << error.what() << " [cli.usage]\n";
    const CLI::App *command = &app;
    for (const auto *sub : app.get_subcommands())
        command = sub;
    std::cerr << "  next: see " << (command == &app ? "hefc" : "hefc " + command->get_name())
              << " --help\n";
    return 2;
}

// Decoded pictures of ever other sizes fragment the allocator's heaps: memory then grows by up to
// 0.2 MB a picture although nothing is kept (tests/bench/conversion.sh shows it). Large blocks get
// pages of their own instead, which go back when freed; that costs a sixth more processor time.
void keepMemoryFlat()
{
    mallopt(M_MMAP_THRESHOLD, 64 * 1024);
}

int runMain(int argc, char **argv)
{
    keepMemoryFlat();
    CLI::App app(
        "HEF Studio's command line: from an ONNX network to a HEF, with the road visible.\n"
        "The built-in back end makes emulation HEFs: they open in every reader and run in\n"
        "the emulator, but never on a chip. The vendor back end drives the Hailo Dataflow\n"
        "Compiler, where you have it (hefc vendor), for HEFs that do.",
        "hefc");
    app.set_version_flag("--version", std::string(toolName) + " " + toolVersion);
    app.require_subcommand(1);
    app.footer("Exit codes: 0 done, 1 failed or the answer is no, 2 wrong arguments, 3 bad input\n"
               "file, 4 cannot read or write, 130 cancelled.");
    const Verb verbs[] = {
        declareConvert(app),
        declareCheck(app),
        declarePrepare(app),
        declareCalib(app),
        declareInspect(app),
        declareDiff(app),
        declareHar(app),
        declareRun(app),
        declareDetect(app),
        declareCompare(app),
        declareProfile(app),
        declareRecipe(app),
        declareMetadata(app),
        declareBundle(app),
        declareCache(app),
        declareVendor(app),
    };
    // Beside build and check.
    CLI::App *calib = app.get_subcommand("calib");
    const std::vector<Verb> statistics = declareCalibStatistics(*calib);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return usageError(app, error);
    }
    const SignalWatch watch;
    Console console{std::cout, std::cerr, isatty(STDERR_FILENO) != 0, watch.token()};
    std::vector<Verb> all = statistics;
    all.insert(all.end(), std::begin(verbs), std::end(verbs));
    for (const auto &verb : all)
        if (verb.command->parsed()) {
            const int code = verb.run(console);
            std::cout.flush();
            // A full disk behind standard output must not look like success.
            return code == 0 && !std::cout ? 4 : code;
        }
    return 2;
}

} // namespace

int report(const Diagnostics &diagnostics, Console &console)
{
    for (const auto &diagnostic : diagnostics)
        console.err << consoleText(diagnostic);
    return exitCode(diagnostics);
}

} // namespace hefstudio::cli

int main(int argc, char **argv)
{
    return hefstudio::cli::runMain(argc, argv);
}
