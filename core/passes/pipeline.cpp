// SPDX-License-Identifier: GPL-3.0-or-later
#include "passes/pipeline.h"

#include "engine/float_engine.h"
#include "passes/cancel_transposes.h"
#include "passes/fold_batch_normalization.h"
#include "passes/fold_constant_arithmetic.h"
#include "passes/fold_padding.h"
#include "passes/fuse_activations.h"
#include "passes/lower_reductions.h"
#include "passes/recognise_activations.h"
#include "passes/recognise_normalizations.h"
#include "passes/remove_no_ops.h"
#include "passes/simplify_joins.h"
#include "passes/simplify_movement.h"

namespace hefstudio {
namespace {

Result<std::vector<Tensor>> evaluateByEngine(const std::shared_ptr<const Graph> &graph,
                                             std::span<const Tensor> inputs, std::stop_token stop)
{
    Result<FloatEngine> engine = FloatEngine::create(graph);
    if (!engine)
        return passOn(std::move(engine));
    return engine->run(inputs, {}, std::move(stop));
}

Result<void> proveSameMeaning(const NamedPass &pass, const std::shared_ptr<const Graph> &before,
                              const std::shared_ptr<const Graph> &after, const Evaluate &evaluate)
{
    std::vector<Tensor> inputsAfter = pseudoRandomInputs(*after, 1);
    std::vector<Tensor> inputsBefore =
        pass.inputsBefore ? pass.inputsBefore(*before, inputsAfter) : inputsAfter;
    Result<std::vector<Tensor>> outputsBefore = evaluate(before, inputsBefore);
    if (!outputsBefore)
        return passOn(std::move(outputsBefore));
    Result<std::vector<Tensor>> outputsAfter = evaluate(after, inputsAfter);
    if (!outputsAfter)
        return passOn(std::move(outputsAfter));
    const auto difference = meaningfulDifference(*before, *outputsBefore, *outputsAfter);
    if (!difference && outputsBefore->size() == outputsAfter->size())
        return {};
    const Difference shown = difference.value_or(Difference{});
    return fail(Diagnostic("passes.meaning-changed", Place{.layer = shown.output})
                    .with("pass", pass.name)
                    .with("output", shown.output)
                    .with("difference", shown.largest)
                    .with("magnitude", shown.magnitude));
}

} // namespace

std::vector<NamedPass> preparePasses()
{
    return {
        {"remove-no-ops", removeNoOps},
        {"lower-reductions", lowerReductions},
        {"simplify-movement", simplifyMovement},
        {"simplify-joins", simplifyJoins},
        {"recognise-normalizations", recogniseNormalizations},
        // Before any folding: the patterns are written in plain arithmetic.
        {"recognise-activations", recogniseActivations},
        {"cancel-transposes", cancelTransposes},
        {"fold-batch-normalization", foldBatchNormalization},
        {"fold-constant-arithmetic", foldConstantArithmetic},
        {"fold-padding", foldPadding},
        {"fuse-activations", fuseActivations},
        {"remove-left-over-no-ops", removeNoOps},
    };
}

NamedPass normalizationPass(std::vector<InputNormalization> normalizations)
{
    NamedPass pass{.name = "fold-normalization", .run = {}};
    pass.run = [normalizations](const Graph &graph) {
        return foldNormalization(graph, normalizations);
    };
    pass.inputsBefore = [normalizations](const Graph &before, std::vector<Tensor> inputs) {
        for (const InputNormalization &one : normalizations) {
            for (std::size_t i = 0; i < inputs.size(); ++i) {
                if (before.tensor(before.inputs[i]).name != one.input)
                    continue;
                const std::span<float> values = inputs[i].as<float>();
                const auto channels = static_cast<std::size_t>(inputs[i].shape()[1]);
                const std::size_t perChannel =
                    static_cast<std::size_t>(inputs[i].shape()[2] * inputs[i].shape()[3]);
                for (std::size_t k = 0; k < values.size(); ++k) {
                    const std::size_t channel = k / perChannel % channels;
                    values[k] = (values[k] - one.mean[one.mean.size() == 1 ? 0 : channel]) /
                                one.deviation[one.deviation.size() == 1 ? 0 : channel];
                }
            }
        }
        return inputs;
    };
    return pass;
}

Result<std::shared_ptr<const Graph>> runPasses(std::shared_ptr<const Graph> graph,
                                               std::span<const NamedPass> passes,
                                               const PassOptions &options, std::stop_token stop,
                                               const EventSink &sink)
{
    Evaluate evaluate = options.evaluate;
    if (!evaluate)
        evaluate = [stop](const std::shared_ptr<const Graph> &subject,
                          std::span<const Tensor> inputs) {
            return evaluateByEngine(subject, inputs, stop);
        };
    std::int64_t done = 0;
    for (const NamedPass &pass : passes) {
        if (stop.stop_requested())
            return fail(Diagnostic("cancelled"));
        send(sink, StageProgress{.stage = "rewrite",
                                 .done = done++,
                                 .total = static_cast<std::int64_t>(passes.size()),
                                 .detail = pass.name});
        Result<std::shared_ptr<const Graph>> changed = pass.run(*graph);
        if (!changed)
            return changed;
        if (Result<void> sound = verify(**changed); !sound)
            return passOn(std::move(sound));
        if (options.verify)
            if (Result<void> same = proveSameMeaning(pass, graph, *changed, evaluate); !same)
                return passOn(std::move(same));
        graph = std::move(*changed);
    }
    return graph;
}

} // namespace hefstudio
