// The parts of lowering, one function per layer kind; only lower*.cpp includes this.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "quantize/lower.h"
#include "quantize/tables.h"

#include <string>
#include <vector>

namespace hefstudio::lowering {

// What one layer's lowering looks at.
struct Part {
    const Lowering &all;
    const Layer &layer;
    std::vector<float> &weightScales; // filled by layers with weights

    const TensorInfo &input(std::size_t slot) const { return all.graph.inputOf(layer, slot); }
    bool hasInput(std::size_t slot) const { return all.graph.hasInput(layer, slot); }
    const TensorInfo &output() const { return all.graph.outputOf(layer); }
    const TensorQuantisation &outputQuantisation() const
    {
        return all.tensors[layer.output.index()];
    }
    // Scale of operand `slot`, a value or a constant operand as quantised for this layer.
    double outputScale() const { return static_cast<double>(outputQuantisation().scale); }
    // Factors of the channels of operand `slot` and of the output; empty: all 1.
    std::span<const float> inputChannelScales(std::size_t slot) const
    {
        return scalesOf(all.scales, layer.inputs[slot].index());
    }
    std::span<const float> outputChannelScales() const
    {
        return scalesOf(all.scales, layer.output.index());
    }
    // The constant behind `slot` as float32; empty when absent.
    std::vector<float> constant(std::size_t slot) const;
    // The layer's operands, values and constants (16 bit), of the first `count` inputs.
    std::vector<IntegerOperand> operands(std::size_t count) const;
    // A stage for accumulators of one scale, with the layer's fused activation.
    OutputStage stage(double accumulatorScale, double accumulatorBound) const;
    IntegerLayer made(std::vector<IntegerOperand> operands, IntegerForm form) const;
    std::unexpected<Diagnostics> unsupported(std::string why) const;
};

double scaleOf(const IntegerOperand &operand);
double boundOf(const IntegerOperand &operand); // largest real magnitude

Result<IntegerLayer> lower(const Part &part, const Convolution &kind);
Result<IntegerLayer> lower(const Part &part, const TransposedConvolution &kind);
Result<IntegerLayer> lower(const Part &part, const FullyConnected &kind);
Result<IntegerLayer> lower(const Part &part, const MatMul &kind);
Result<IntegerLayer> lower(const Part &part, const BatchNormalization &kind);
Result<IntegerLayer> lower(const Part &part, const LayerNormalization &kind);
Result<IntegerLayer> lower(const Part &part, const RmsNormalization &kind);
Result<IntegerLayer> lower(const Part &part, const Elementwise &kind);
Result<IntegerLayer> lower(const Part &part, const ParametricRelu &kind);
Result<IntegerLayer> lower(const Part &part, const Binary &kind);
Result<IntegerLayer> lower(const Part &part, const MaxPool &kind);
Result<IntegerLayer> lower(const Part &part, const AveragePool &kind);
Result<IntegerLayer> lower(const Part &part, const Reduce &kind);
Result<IntegerLayer> lower(const Part &part, const Concat &kind);
Result<IntegerLayer> lower(const Part &part, const Resize &kind);
Result<IntegerLayer> lower(const Part &part, const Softmax &kind);
Result<IntegerLayer> lower(const Part &part, const Pad &kind);
Result<IntegerLayer> lower(const Part &part, const Gather &kind);
Result<IntegerLayer> lowerMove(const Part &part, IntegerMove::Operation operation);

} // namespace hefstudio::lowering
