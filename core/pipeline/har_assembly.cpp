// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/har_assembly.h"

#include "base/version.h"
#include "har/har_writer.h"

namespace hefstudio {
namespace {

// Weights and bias of the forms that have them.
struct TakeWeights {
    HarLayerIntegers &integers;

    template<class Form> void operator()(const Form &form) const
    {
        if constexpr (requires {
                          form.weights.size() + form.bias.size() + form.weightShape.rank();
                      }) {
            using Weight = typename decltype(form.weights)::value_type;
            integers.weights =
                Tensor::of<Weight>(form.weightShape, std::span<const Weight>(form.weights));
            integers.bias =
                Tensor::of<std::int32_t>(Shape{static_cast<std::int64_t>(form.bias.size())},
                                         std::span<const std::int32_t>(form.bias));
        }
    }
};

} // namespace

Result<Bytes> optimizedArchive(std::shared_ptr<const Graph> parsed, const QuantizedGraph &quantized,
                               const std::string &model, const std::string &arch)
{
    OptimizedModel state{.index = {.state = "quantized_model",
                                   .modelName = model,
                                   .sdkVersion = std::string(toolName) + " " + toolVersion,
                                   .hwArch = arch,
                                   .optimizationLevel = {},
                                   .compressionLevel = {}},
                         .parsed = std::move(parsed),
                         .optimized = quantized.graph,
                         .integers = {}};
    for (const Layer &layer : quantized.graph->layers) {
        const TensorQuantisation &out = quantized.of(layer.output);
        HarLayerIntegers integers{.bits = out.bits,
                                  .outputScale = static_cast<double>(out.scale),
                                  .outputZeroPoint = static_cast<double>(out.zeroPoint),
                                  .outputLow = static_cast<double>(out.real(0)),
                                  .outputHigh = static_cast<double>(out.real(out.maximum())),
                                  .weights = {},
                                  .bias = {}};
        if (!layer.inputs.empty() && layer.inputs.front().isValid()) {
            const TensorQuantisation &in = quantized.of(layer.inputs.front());
            integers.inputScale = static_cast<double>(in.scale);
            integers.inputZeroPoint = static_cast<double>(in.zeroPoint);
        }
        std::visit(TakeWeights{integers}, quantized.layer(layer.id).form);
        state.integers.emplace(layer.name, std::move(integers));
    }
    return harBytes(state);
}

} // namespace hefstudio
