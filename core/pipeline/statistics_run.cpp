// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/statistics_run.h"

#include "base/hash.h"
#include "pipeline/prepared_network.h"

namespace hefstudio {
namespace {

std::string joined(const std::vector<std::string> &names)
{
    std::string text;
    for (const std::string &name : names)
        text += (text.empty() ? "" : ",") + name;
    return text;
}

} // namespace

Result<StatisticsFile> takeStatistics(const ConversionSettings &settings, const Shard &shard,
                                      std::stop_token stop, const EventSink &sink)
{
    auto digest = sha256HexOfFile(settings.model);
    if (!digest)
        return passOn(std::move(digest));
    const auto imported = importModel(settings.model, settings.inputShapes);
    if (!imported)
        return std::unexpected(imported.error());
    const auto set = CalibrationSet::open(settings.calibration);
    if (!set)
        return std::unexpected(set.error());
    const auto cut = cutForDevice(*imported, settings);
    if (!cut)
        return std::unexpected(cut.error());
    const auto plans = planInputs(*cut->device, *set, settings);
    if (!plans)
        return std::unexpected(plans.error());
    auto graph = rewriteForDevice(cut->device, *plans, false, stop, sink);
    if (!graph)
        return passOn(std::move(graph));
    CalibrationRequest request{.graph = *graph,
                               .set = *set,
                               .plans = *plans,
                               .onBadImage = settings.onBadImage,
                               .threads = settings.threads,
                               .isa = instructionSetFromName(settings.isa),
                               .shard = shard};
    auto outcome = runCalibration(request, stop, sink);
    if (!outcome)
        return passOn(std::move(outcome));

    StatisticsFile file;
    file.basis = {{"model", *digest},
                  {"end_nodes", joined(settings.endNodes)},
                  {"instruction_set", effectiveInstructionSet()}};
    for (const LedgerRow &row : plans->ledger)
        file.basis.emplace_back(row.setting, row.used);
    file.setSize = outcome->usableSamples;
    for (std::size_t i = 0; i < outcome->samples.size(); ++i)
        file.samples.push_back({outcome->sampleIndices[i], outcome->samples[i].first,
                                outcome->samples[i].second});
    for (const TensorInfo &tensor : (*graph)->tensors)
        file.tensors.emplace_back(tensor.name, tensor.shape.dims());
    file.statistics = std::move(outcome->statistics);
    return file;
}

} // namespace hefstudio
