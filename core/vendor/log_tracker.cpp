// SPDX-License-Identifier: GPL-3.0-or-later
#include "vendor/log_tracker.h"

#include <algorithm>
#include <charconv>

namespace hefstudio {
namespace {

using enum LogMeaning;

// A line without an end is cut here: the longest real one, a list of end nodes, has a few KiB.
constexpr std::size_t longestLine = std::size_t(64) << 10;
// Steps of the quantiser in 3.31 to 3.33; older releases have fewer.
constexpr int algorithmCount = 12;
constexpr int mostContexts = 4096;
// Smaller shortfalls of a layer's shift were seen in sound networks.
constexpr double notableShiftDelta = 0.2;

enum StageIndex : std::size_t { parse, optimise, partition, map, kernelStage, write };

int whole(std::string_view text, int fallback = 0)
{
    int value = fallback;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() ? value : fallback;
}

// "'a', 'b'" or "a b c" or "a, b" to names.
std::vector<std::string> namesIn(std::string_view text)
{
    std::vector<std::string> names;
    std::string name;
    for (const char c : text) {
        if (c == ',' || c == ' ' || c == '\'' || c == '[' || c == ']') {
            if (!name.empty())
                names.push_back(std::move(name));
            name.clear();
        } else {
            name += c;
        }
    }
    if (!name.empty() && name != ".")
        names.push_back(std::move(name));
    if (!names.empty() && names.back().ends_with('.') && names.back().size() > 1)
        names.back().pop_back();
    return names;
}

std::string joined(const std::vector<std::string> &names)
{
    std::string all;
    for (const auto &name : names)
        all += (all.empty() ? "" : ",") + name;
    return all;
}

// The number behind the last "context_"; a single-context run has none and is context 0.
int contextIn(std::string_view name)
{
    const auto at = name.rfind("context_");
    return at == name.npos ? 0 : std::clamp(whole(name.substr(at + 8)), 0, mostContexts - 1);
}

double fraction(std::string_view percent)
{
    return logNumber(percent).value_or(0) / 100;
}

// Starts of lines that may be glued to the text of a progress bar.
std::size_t nextGluedLine(std::string_view row, std::size_t from)
{
    std::size_t found = row.npos;
    for (const std::string_view marker : {"[info] ", "[warning] ", "[error] ", "<Hailo Model Zoo "})
        found = std::min(found, row.find(marker, from));
    return found;
}

} // namespace

VendorLogTracker::VendorLogTracker(EventSink sink) : m_sink(std::move(sink)) {}

void VendorLogTracker::feed(std::string_view bytes)
{
    for (const char c : bytes) {
        if (c == '\n' || c == '\r') {
            takeRow(m_open);
            m_open.clear();
        } else if (m_open.size() < longestLine) {
            m_open += c;
        }
    }
    // A prompt has no line end; nothing would follow it before the answer.
    if (m_open.ends_with("[Y/n]") && !m_facts.isWaitingForAnswer)
        take(parseLogLine(m_open));
}

void VendorLogTracker::finish()
{
    takeRow(m_open);
    m_open.clear();
    leave({});
}

void VendorLogTracker::takeRow(std::string_view row)
{
    const std::string clean = withoutColourCodes(row);
    std::string_view rest = clean;
    while (true) {
        const auto next = rest.empty() ? rest.npos : nextGluedLine(rest, 1);
        takeLine(rest.substr(0, next));
        if (next == rest.npos)
            break;
        rest.remove_prefix(next);
    }
}

void VendorLogTracker::takeLine(std::string_view text)
{
    const auto line = parseLogLine(text);
    if (line.text.empty())
        return;
    if (line.meaning == harmless)
        ++m_counts.harmless;
    else if (line.meaning == unknown)
        ++m_counts.unknown;
    else
        ++m_counts.understood;
    send(m_sink, LogLine{line.level, m_stage ? std::string(vendorStages[*m_stage]) : std::string(),
                         std::string(line.text)});
    take(line);
}

void VendorLogTracker::take(const ParsedLogLine &line)
{
    const auto &[first, second, third, fourth, fifth, sixth] = line.captured;
    switch (line.meaning) {
    case question: m_facts.isWaitingForAnswer = true; break;
    case toolVersion: m_facts.toolVersion = first; break;
    case memory:
        if (line.note == "recommended")
            raise(Diagnostic("vendor.little-memory")
                      .with("wanted", std::string(first) + " GB")
                      .with("found", std::string(second) + " GB")
                      .as(Severity::warning));
        break;
    case gpu: m_facts.usesGpu = line.note == "chosen"; break;
    case warnedDefault:
        if (line.note == "arch")
            raise(Diagnostic("vendor.default-chip").with("line", std::string(line.text)).as(
                Severity::warning));
        break;
    case failure: takeFailure(line); break;
    default:
        if (line.meaning >= parseStarted && line.meaning <= parseFinished)
            takeParsing(line);
        else if (line.meaning >= scriptLoaded && line.meaning <= optimiseFinished)
            takeQuantisation(line);
        else if (line.meaning >= compileStarted)
            takeCompilation(line);
    }
}

void VendorLogTracker::takeParsing(const ParsedLogLine &line)
{
    const auto &captured = line.captured;
    switch (line.meaning) {
    case parseStarted:
        m_facts.network = captured[1];
        m_facts.isWaitingForAnswer = false;
        enter(parse);
        break;
    case parseStep: progress(line.note == "restored" ? 1 : 2, 3, line.note); break;
    case parseSimplified:
        lower("model", "as given", "simplified by the compiler", "the first parse failed");
        break;
    case parseShapesDiffer:
        raise(Diagnostic("vendor.shapes-differ")
                  .with("reason", std::string(captured[0]))
                  .as(Severity::warning));
        break;
    case parseRetried:
        m_facts.recommendedEndNodes = namesIn(captured[0]);
        lower("end nodes", "as given", joined(m_facts.recommendedEndNodes),
              "the parser could not take what follows them");
        break;
    case nmsDetected: m_facts.nmsArchitecture = captured[0]; break;
    case nmsEndNodes: m_facts.recommendedEndNodes = namesIn(captured[0]); break;
    case endNodesRecommended: {
        m_facts.recommendedEndNodes = namesIn(captured[0]);
        const std::string names = joined(m_facts.recommendedEndNodes);
        raise(Diagnostic("vendor.end-nodes-recommended")
                  .with("nodes", names)
                  .withFix(Fix{"set-end-nodes", {{"nodes", names}}})
                  .as(Severity::warning));
        break;
    }
    case endNodes: m_facts.endNodes = namesIn(captured[0]); break;
    case parseFinished: leave(std::string(captured[1])); break;
    default: break;
    }
}

void VendorLogTracker::takeQuantisation(const ParsedLogLine &line)
{
    const auto &captured = line.captured;
    switch (line.meaning) {
    case optimiseStarted:
        m_algorithms = 0;
        enter(optimise);
        break;
    case levelDefault: m_facts.optimisationLevel = whole(captured[0], -1); break;
    case levelReduced:
        m_facts.optimisationLevel = whole(captured[0], -1);
        lower("optimisation level", "as in the script", std::string(captured[0]),
              std::string(captured[2]));
        break;
    case algorithmStarted: progress(m_algorithms, algorithmCount, captured[0]); break;
    case algorithmFinished:
    case algorithmSkipped:
        m_algorithms = std::min(m_algorithms + 1, algorithmCount);
        progress(m_algorithms, algorithmCount, captured[0]);
        break;
    case dataset:
        if (captured[1].empty() || captured[1] == "calibration")
            m_facts.calibrationEntries = whole(captured[0]);
        break;
    case bar: progress(whole(captured[3]), whole(captured[4]), captured[0]); break;
    case epoch: progress(whole(captured[0]) - 1, whole(captured[1]), "epoch"); break;
    case trainingBar: progress(whole(captured[0]), whole(captured[1]), "training"); break;
    case trainingCut:
        lower("fine-tuning", "all epochs", "stopped early", "it was interrupted");
        break;
    case calibrationRange:
        raise(Diagnostic("vendor.calibration-range")
                  .with("ranges", std::string(captured[0]))
                  .as(Severity::warning));
        break;
    case shiftMissing: {
        const double delta = logNumber(captured[1]).value_or(0);
        if (delta > m_facts.worstShiftDelta) {
            m_facts.worstShiftDelta = delta;
            m_facts.worstShiftLayer = captured[0];
        }
        break;
    }
    case bitsReduced:
        raise(Diagnostic("vendor.bits-reduced", Place{.layer = std::string(captured[0])})
                  .with("bits", std::string(captured[1]))
                  .as(Severity::warning));
        break;
    case noise:
        m_facts.noise.push_back({std::string(captured[0]), logNumber(captured[1]).value_or(0)});
        break;
    case diskNeeded:
        raise(Diagnostic("vendor.disk-needed")
                  .with("algorithm", std::string(captured[0]))
                  .with("size", std::string(captured[1]) + " GB")
                  .as(Severity::note));
        break;
    case optimiseFinished:
        if (m_facts.worstShiftDelta > notableShiftDelta)
            raise(Diagnostic("vendor.shift-missing", Place{.layer = m_facts.worstShiftLayer})
                      .with("delta", m_facts.worstShiftDelta)
                      .as(Severity::warning));
        leave(std::to_string(m_facts.calibrationEntries) + " pictures");
        break;
    default: break;
    }
}

void VendorLogTracker::takeCompilation(const ParsedLogLine &line)
{
    const auto &captured = line.captured;
    switch (line.meaning) {
    case compileStarted:
    case partitionStarted: enter(partition); break;
    case flow:
        if (captured[0] == "Single")
            m_facts.contexts = 1;
        break;
    case singleContextFailed:
        lower("contexts", "1", "several", "the network does not fit into one context");
        break;
    case partitionIteration:
        m_iteration = whole(captured[0]);
        if (!captured[1].empty())
            send(m_sink, PartitionIteration{m_iteration, whole(captured[1]), 0, false});
        break;
    case partitionFound:
        m_facts.contexts = whole(captured[0]);
        send(m_sink, PartitionIteration{m_iteration, m_facts.contexts, 0, true});
        break;
    case partitionSpinner: progress(0, 0, captured[1]); break;
    case partitionFinished:
        m_facts.partitionIterations = whole(captured[0]);
        m_facts.partitionSeconds = logSeconds(captured[1]).value_or(0);
        break;
    case partitionApplied:
        m_facts.contexts = whole(captured[0]);
        leave(std::to_string(m_facts.contexts) + " contexts");
        break;
    case attemptFinished: progress(whole(captured[0]) + 1, 0, "attempt"); break;
    case layerPassed: progress(0, 0, captured[0]); break;
    case mappingStarted: enter(map); break;
    case mappingWorker:
        if (m_stage != map)
            enter(map);
        progress(whole(captured[0]), whole(captured[1]) + 1, captured[3]);
        break;
    case utilisationOf: m_context = contextIn(captured[0]); break;
    case utilisationRow: takeUtilisation(line); break;
    case mappingFinished:
        m_facts.mappingSeconds = logSeconds(captured[0]).value_or(0);
        leave(std::string(captured[0]));
        break;
    case kernels:
        if (m_stage != kernelStage)
            enter(kernelStage);
        progress(contextIn(captured[0]), m_facts.contexts, captured[0]);
        break;
    case bandwidthStreams:
        m_facts.inputMbit = logNumber(captured[0]).value_or(0);
        m_facts.outputMbit = logNumber(captured[1]).value_or(0);
        break;
    case bandwidthDdr: m_facts.ddrMbit = logNumber(captured[0]).value_or(0); break;
    case bandwidthContexts: m_facts.interContextMbit = logNumber(captured[0]).value_or(0); break;
    case hefStarted: enter(write); break;
    case compileFinished:
        m_facts.kernelSeconds = logSeconds(captured[0]).value_or(0);
        m_facts.isFinished = true;
        leave(std::string(captured[0]));
        break;
    case stageFinished5: // 5.x names a stage only when it is over
        if (line.note == "write")
            m_facts.isFinished = true;
        leave(std::string(captured[1]));
        break;
    case saved:
        if (line.note == "hef")
            m_facts.hefPath = captured[0];
        else if (line.note == "har")
            m_facts.harPath = captured[0];
        break;
    case zooHef: m_facts.hefPath = captured[0]; break;
    case zooStarted: m_facts.network = captured[0]; break;
    default: break;
    }
}

void VendorLogTracker::takeUtilisation(const ParsedLogLine &line)
{
    const auto &captured = line.captured;
    const double control = fraction(captured[1]);
    const double compute = fraction(captured[3]);
    const double weights = fraction(captured[5]);
    if (captured[0] != "Total") {
        constexpr std::string_view prefix = "cluster_";
        if (captured[0].starts_with(prefix))
            send(m_sink, AllocationCell{m_context, whole(captured[0].substr(prefix.size())),
                                        std::max({control, compute, weights})});
        return;
    }
    if (m_facts.fills.size() <= static_cast<std::size_t>(m_context))
        m_facts.fills.resize(static_cast<std::size_t>(m_context) + 1);
    m_facts.fills[static_cast<std::size_t>(m_context)] = {control, compute, weights};
    ContextUpdated update;
    update.context = m_context;
    update.control = control;
    update.compute = compute;
    update.weightMemory = weights;
    send(m_sink, update);
}

void VendorLogTracker::takeFailure(const ParsedLogLine &line)
{
    m_facts.hasFailed = true;
    // One cause prints several lines; the first of a kind tells it, the others are its details.
    const auto same = std::ranges::find(m_diagnostics, line.note, &Diagnostic::id);
    if (same != m_diagnostics.end())
        return;
    raise(Diagnostic(line.note).with("line", std::string(line.text)));
}

void VendorLogTracker::enter(std::size_t stage)
{
    if (m_stage == stage)
        return;
    leave({});
    m_stage = stage;
    send(m_sink, StageStarted{std::string(vendorStages[stage]), static_cast<int>(stage),
                              static_cast<int>(vendorStages.size())});
}

void VendorLogTracker::leave(std::string summary)
{
    if (!m_stage)
        return;
    // The lines carry no clock; who feeds them adds the time.
    send(m_sink, StageFinished{std::string(vendorStages[*m_stage]), 0, std::move(summary), false});
    m_stage.reset();
}

void VendorLogTracker::progress(std::int64_t done, std::int64_t total, std::string_view detail)
{
    if (m_stage)
        send(m_sink, StageProgress{std::string(vendorStages[*m_stage]), done, total,
                                   std::string(detail)});
}

void VendorLogTracker::raise(Diagnostic diagnostic)
{
    send(m_sink, DiagnosticRaised{diagnostic});
    m_diagnostics.push_back(std::move(diagnostic));
}

void VendorLogTracker::lower(std::string setting, std::string asked, std::string used,
                             std::string why)
{
    send(m_sink, LedgerEntry{{std::move(setting), std::move(asked), std::move(used),
                              std::move(why)}});
}

} // namespace hefstudio
