// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/vendor_job.h"

#include "device/device_model.h"
#include "pipeline/input_plan.h"
#include "pipeline/prepare_model.h"

#include <algorithm>

namespace hefstudio {

Result<ExportedJob> exportVendorJob(const ConversionSettings &settings,
                                    const std::filesystem::path &folder, std::stop_token stop,
                                    const EventSink &sink)
{
    if (settings.calibration.empty())
        return fail(Diagnostic("pipeline.no-calibration"));
    const auto device = findDevice(settings.arch);
    if (!device)
        return std::unexpected(device.error());
    auto set = CalibrationSet::open(settings.calibration);
    if (!set)
        return passOn(std::move(set));
    auto prepared = prepareModel(settings.model,
                                 {.inputShapes = settings.inputShapes,
                                  .startNodes = settings.startNodes,
                                  .endNodes = settings.endNodes,
                                  .verify = settings.verifyPasses},
                                 stop, sink);
    if (!prepared)
        return passOn(std::move(prepared));
    const Graph &graph = *prepared->graph;
    const auto plans = planInputs(graph, *set, settings);
    if (!plans)
        return std::unexpected(plans.error());

    VendorJob job;
    job.network = vendorNetworkName(settings.model.stem().string());
    job.arch = device->id;
    job.preset = settings.preset;
    job.onnx = std::move(prepared->onnx);
    job.hostOnnx = std::move(prepared->host);
    for (const auto &plan : plans->inputs)
        job.inputs.push_back({plan.inputName, plan.shape, plan.isPicture, plan.normalization});
    for (std::size_t i = 0; i < graph.outputs.size(); ++i) {
        const auto &tensor = graph.tensor(graph.outputs[i]);
        VendorJobOutput output{.name = tensor.name,
                               .node = tensor.name,
                               .role = std::string(endNodeRoleName(EndNodeRole::output)),
                               .shape = tensor.shape,
                               .activation = {}};
        if (i < prepared->ends.size()) {
            const auto &end = prepared->ends[i];
            output.node = end.node;
            output.role = endNodeRoleName(end.role);
            output.stride = end.stride;
            // Presets state 16 bits for what becomes coordinates, accurate for scores too.
            const bool isBox = end.role == EndNodeRole::box;
            const bool isScore =
                end.role == EndNodeRole::classes || end.role == EndNodeRole::objectness;
            if ((isBox && settings.preset != Preset::fast) ||
                (isScore && settings.preset == Preset::accurate))
                output.bits = 16;
        }
        job.outputs.push_back(std::move(output));
    }
    job.samples = set->size();
    job.load = [&](std::size_t sample, const VendorJobInput &input) -> Result<Tensor> {
        const auto plan = std::ranges::find(plans->inputs, input.name, &InputPlan::inputName);
        return set->load(sample, input.name, input.shape, plan->preprocess);
    };
    job.ledger = plans->ledger;
    for (auto &row : vendorEffortLedger(job))
        job.ledger.push_back(std::move(row));
    for (const auto &row : job.ledger)
        send(sink, LedgerEntry{row});

    const auto total = static_cast<std::int64_t>(job.samples * job.inputs.size());
    std::int64_t done = 0;
    send(sink, StageStarted{"export", 0, 1});
    if (auto written = writeJobBundle(folder, job, stop,
                                      [&](std::size_t) {
                                          send(sink, StageProgress{"export", ++done, total, {}});
                                      });
        !written)
        return std::unexpected(written.error());
    send(sink, StageFinished{"export", 0, std::to_string(job.samples) + " samples", false});
    return ExportedJob{job.network, job.samples, job.ledger, std::move(prepared->warnings)};
}

} // namespace hefstudio
