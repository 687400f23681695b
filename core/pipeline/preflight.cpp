// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/preflight.h"

#include "base/file.h"
#include "calibration/calibration_set.h"
#include "device/device_model.h"
#include "pipeline/calibration_check.h"
#include "pipeline/conversion.h"
#include "pipeline/input_plan.h"

#include <algorithm>

namespace hefstudio {
namespace {

constexpr std::size_t randomSamples = 64;
constexpr std::uint64_t leastRoom = std::uint64_t(64) << 20;

} // namespace

bool Preflight::isReady() const
{
    return std::ranges::none_of(
        problems, [](const Diagnostic &problem) { return problem.severity == Severity::error; });
}

Preflight preflight(const Graph &graph, const ConversionSettings &settings, std::stop_token stop)
{
    Preflight result;
    const auto collect = [&result](auto &&outcome) {
        if (!outcome)
            result.problems.insert(result.problems.end(), outcome.error().begin(),
                                   outcome.error().end());
        return outcome.has_value();
    };
    collect(findDevice(settings.arch));
    const auto output =
        settings.output.empty() ? defaultOutput(settings.model) : settings.output;
    result.isOutputWritable = collect(checkWritable(output));
    std::error_code failed;
    const auto folder = output.has_parent_path() ? output.parent_path() : ".";
    if (const auto space = std::filesystem::space(folder, failed); !failed) {
        result.freeBytes = space.available;
        std::error_code ignored;
        const auto modelBytes = std::filesystem::file_size(settings.model, ignored);
        const auto wanted = ignored ? leastRoom : std::max<std::uint64_t>(leastRoom, modelBytes);
        if (space.available < wanted)
            result.problems.push_back(
                Diagnostic("pipeline.little-space", Place{.file = output.string()})
                    .with("megabytes", static_cast<std::int64_t>(space.available >> 20))
                    .as(Severity::warning));
    }
    if (!settings.labels.empty())
        collect(readTextFile(settings.labels, {.maxBytes = 1 << 20}));
    if (settings.calibration.empty()) {
        result.problems.push_back(Diagnostic("pipeline.no-calibration"));
        return result;
    }
    const auto set = settings.calibration == randomCalibration
                         ? Result<CalibrationSet>(
                               CalibrationSet::random(randomSamples, settings.seed))
                         : CalibrationSet::open(settings.calibration);
    if (!collect(set) || stop.stop_requested())
        return result;
    result.samples = set->size();
    result.ignoredFiles = set->ignoredFiles().size();
    const auto plans = planInputs(graph, *set, settings);
    result.isInputKnown = collect(plans);
    if (plans && !stop.stop_requested())
        collect(checkCalibration(*set, *plans, settings, [&result](const Event &event) {
            if (const auto *raised = std::get_if<DiagnosticRaised>(&event))
                result.problems.push_back(raised->diagnostic);
        }));
    return result;
}

} // namespace hefstudio
