// SPDX-License-Identifier: GPL-3.0-or-later
#include "progress_printer.h"

#include "base/diagnostic_catalogue.h"

#include <array>
#include <cstdio>
#include <ostream>

namespace hefstudio::cli {
namespace {

std::string secondsText(double seconds)
{
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%6.2f s", seconds);
    return buffer;
}

std::string percentText(double fraction)
{
    char buffer[16];
    std::snprintf(buffer, sizeof buffer, "%.0f %%", fraction * 100);
    return buffer;
}

std::string millisecondsText(double ms)
{
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.3f ms", ms);
    return buffer;
}

std::string padded(std::string text, std::size_t width)
{
    if (text.size() < width)
        text.append(width - text.size(), ' ');
    return text;
}

std::string ledgerText(const LedgerRow &row)
{
    std::string text =
        "  " + padded(row.setting, 24) + " asked " + row.asked + ", used " + row.used;
    if (!row.why.empty())
        text += ": " + row.why;
    return row.isLowered() ? "! " + text.substr(2) : text;
}

} // namespace

std::optional<ProgressStyle> progressStyleFromName(std::string_view name)
{
    static constexpr std::array<std::pair<std::string_view, ProgressStyle>, 4> names{{
        {"auto", ProgressStyle::automatic},
        {"plain", ProgressStyle::plain},
        {"json", ProgressStyle::json},
        {"none", ProgressStyle::none},
    }};
    for (const auto &[known, style] : names)
        if (known == name)
            return style;
    return std::nullopt;
}

ProgressPrinter::ProgressPrinter(Console &console, ProgressStyle style)
    : m_console(console), m_style(style)
{
    if (m_style == ProgressStyle::automatic && !console.isTerminal)
        m_style = ProgressStyle::plain;
}

ProgressPrinter::~ProgressPrinter()
{
    clearLive();
}

EventSink ProgressPrinter::sink()
{
    return [this](const Event &event) { (*this)(event); };
}

void ProgressPrinter::operator()(const Event &event)
{
    const std::lock_guard lock(m_mutex);
    if (m_style == ProgressStyle::json) {
        m_console.out << toJsonLine(event) << std::endl; // flushed: someone follows the pipe
        return;
    }
    print(event);
}

void ProgressPrinter::line(const std::string &text)
{
    clearLive();
    m_console.err << text << std::endl;
}

void ProgressPrinter::live(const std::string &text)
{
    if (m_style != ProgressStyle::automatic)
        return;
    const auto now = std::chrono::steady_clock::now();
    if (m_liveShown && now - m_lastLive < std::chrono::milliseconds(100))
        return;
    m_lastLive = now;
    m_liveShown = true;
    m_console.err << "\r\x1b[K" << text.substr(0, 110) << std::flush;
}

void ProgressPrinter::clearLive()
{
    if (m_liveShown)
        m_console.err << "\r\x1b[K" << std::flush;
    m_liveShown = false;
}

void ProgressPrinter::print(const Event &event)
{
    // Warnings and errors are shown even when progress is switched off.
    if (const auto *raised = std::get_if<DiagnosticRaised>(&event)) {
        clearLive();
        m_console.err << consoleText(raised->diagnostic) << std::flush;
        return;
    }
    if (m_style == ProgressStyle::none)
        return;
    if (const auto *started = std::get_if<StageStarted>(&event)) {
        live("  " + started->stage + " …");
    } else if (const auto *progress = std::get_if<StageProgress>(&event)) {
        const std::string count = progress->total > 0 ? std::to_string(progress->done) + " of " +
                                                            std::to_string(progress->total)
                                                      : std::to_string(progress->done);
        live("  " + padded(progress->stage, 10) + " " + count + "  " + progress->detail);
    } else if (const auto *finished = std::get_if<StageFinished>(&event)) {
        line("  " + padded(finished->stage, 10) + secondsText(finished->seconds) + "  " +
             finished->summary + (finished->fromCache ? " (kept from an earlier run)" : ""));
    } else if (const auto *iteration = std::get_if<PartitionIteration>(&event)) {
        if (iteration->isBest)
            line("  partition iteration " + std::to_string(iteration->iteration) + ": " +
                 std::to_string(iteration->contexts) + " contexts, predicted " +
                 millisecondsText(iteration->predictedFrameMs) +
                 (iteration->improvement > 0 ? ", " + percentText(iteration->improvement) + " better"
                                             : ""));
    } else if (const auto *context = std::get_if<ContextUpdated>(&event)) {
        line("  context " + std::to_string(context->context) + ": " +
             std::to_string(context->layers) + " layers, predicted " +
             millisecondsText(context->predictedMs) + ", control " + percentText(context->control) +
             ", compute " + percentText(context->compute) + ", weight memory " +
             percentText(context->weightMemory));
    } else if (const auto *entry = std::get_if<LedgerEntry>(&event)) {
        line(ledgerText(entry->row));
    } else if (const auto *log = std::get_if<LogLine>(&event)) {
        line("  " + log->text);
    }
}

} // namespace hefstudio::cli
