// What makes an integer layer safe to run: shapes by the one shape inference, then the sizes of its
// tables and the bounds that keep its sums inside 64 bits.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/checked.h"
#include "ops/integer_layer.h"
#include "ops/shape_inference.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hefstudio {

namespace {

constexpr std::int64_t mostPaddedElements = std::int64_t(1) << 30;
constexpr std::int64_t mostNormalised = std::int64_t(1) << 15;
constexpr std::int64_t mostTerms = std::int64_t(1) << 30; // of one sum of products
constexpr std::int32_t mostTapWeight = 1 << 13;
constexpr std::int64_t mostBeta = std::int64_t(1) << 60;

class Check {
public:
    Check(const IntegerLayer &layer, std::span<const Shape> operands, const Shape &outputShape)
        : m_layer(layer), m_operands(operands), m_output(outputShape)
    {
    }

    Result<void> run() const
    {
        if (m_operands.size() != m_layer.operands.size())
            return broken("operand count");
        if (!isSane(m_layer.output))
            return broken("output quantisation");
        for (std::size_t slot = 0; slot < m_operands.size(); ++slot) {
            const IntegerOperand &operand = m_layer.operands[slot];
            if (!isSane(operand.quantisation))
                return broken("operand quantisation");
            if (operand.constant &&
                (operand.constant->type() != operand.quantisation.elementType() ||
                 operand.constant->shape() != m_operands[slot]))
                return broken("constant operand");
        }
        return std::visit(*this, m_layer.form);
    }

    Result<void> operator()(const IntegerInput &) const
    {
        if (!m_operands.empty())
            return broken("operand count");
        if (!checkedElementCount(m_output.dims()))
            return broken("output shape");
        return {};
    }
    Result<void> operator()(const IntegerConvolution &form) const
    {
        if (auto ok = shapes(Convolution{form.window, form.groups, {}}, &form.weightShape); !ok)
            return ok;
        const Shape &x = m_operands[0];
        const auto height = x[2] + form.window.padBegin[0] + form.window.padEnd[0];
        const auto width = x[3] + form.window.padBegin[1] + form.window.padEnd[1];
        const auto plane = checkedMul(height, width);
        const auto padded = plane ? checkedMul(*plane, x[1]) : plane;
        if (!padded || *padded > mostPaddedElements)
            return broken("padding");
        if (!form.padding.empty() && (static_cast<std::int64_t>(form.padding.size()) != x[1] ||
                                      !areStored(form.padding, m_layer.operands[0].quantisation)))
            return broken("padding");
        return weights(form, form.weightShape[0], form.weightShape[0]);
    }
    Result<void> operator()(const IntegerTransposedConvolution &form) const
    {
        const TransposedConvolution attributes{form.window, form.outputPadding, form.groups};
        if (auto ok = shapes(attributes, &form.weightShape); !ok)
            return ok;
        return weights(form, m_output[1], m_output[1]);
    }
    Result<void> operator()(const IntegerFullyConnected &form) const
    {
        if (auto ok = shapes(FullyConnected{}, &form.weightShape); !ok)
            return ok;
        return weights(form, form.weightShape[0], form.weightShape[0]);
    }
    Result<void> operator()(const IntegerMatMul &form) const
    {
        if (auto ok = shapes(MatMul{}); !ok)
            return ok;
        if (m_operands[0].back() > mostTerms)
            return broken("operand shape");
        return stage(form.stage, 1);
    }
    Result<void> operator()(const IntegerTable &form) const
    {
        if (auto ok = shapes(Elementwise{}); !ok)
            return ok;
        if (form.table.indexBits != m_layer.operands[0].quantisation.bits || !isSane(form.table) ||
            !areLimits(form.low, form.high))
            return broken("table");
        return {};
    }
    Result<void> operator()(const IntegerRescale &form) const
    {
        if (auto ok = shapes(Elementwise{}); !ok)
            return ok;
        return stage(form.stage, m_output.rank() > 1 ? m_output[1] : 1);
    }
    Result<void> operator()(const IntegerBinary &form) const
    {
        if (auto ok = shapes(Binary{}); !ok)
            return ok;
        return stage(form.stage, 1);
    }
    Result<void> operator()(const IntegerConcat &form) const
    {
        if (auto ok = shapes(Concat{form.axis}); !ok)
            return ok;
        return stage(form.stage, static_cast<std::int64_t>(m_operands.size()));
    }
    Result<void> operator()(const IntegerMaxPool &form) const
    {
        if (auto ok = shapes(MaxPool{form.window}); !ok)
            return ok;
        return stage(form.stage, 1);
    }
    Result<void> operator()(const IntegerAveragePool &form) const
    {
        if (auto ok = shapes(AveragePool{form.window, form.countIncludesPadding}); !ok)
            return ok;
        const auto area = checkedMul(form.window.kernel[0], form.window.kernel[1]);
        if (!area)
            return broken("window");
        return stage(form.stage, form.countIncludesPadding ? 1 : *area);
    }
    Result<void> operator()(const IntegerReduce &form) const
    {
        if (auto ok = shapes(Reduce{form.reduction, form.axes, form.keepDimensions}); !ok)
            return ok;
        if (form.reduction == Reduction::product)
            return broken("reduction");
        return stage(form.stage, 1);
    }
    Result<void> operator()(const IntegerResize &form) const
    {
        if (m_operands.size() != 1 || m_operands[0].rank() != 4 || m_output.rank() != 4 ||
            m_operands[0][0] != m_output[0] || m_operands[0][1] != m_output[1] ||
            !checkedElementCount(m_output.dims()))
            return broken("shapes");
        if (!isSane(form.rows, m_operands[0][2], m_output[2]) ||
            !isSane(form.columns, m_operands[0][3], m_output[3]))
            return broken("taps");
        return stage(form.stage, 1);
    }
    Result<void> operator()(const IntegerSoftmax &form) const
    {
        if (auto ok = shapes(Softmax{form.axis, false}); !ok)
            return ok;
        constexpr std::int32_t one = 1 << 15;
        const bool isInRange = std::ranges::all_of(
            form.exponential, [](std::int32_t e) { return e >= 0 && e <= one; });
        if (form.exponential.empty() || form.exponential.size() > 65536 || !isInRange ||
            form.exponential.front() != one || form.stepBits < 0 || form.stepBits > 15)
            return broken("table");
        return stage(form.stage, 1);
    }
    Result<void> operator()(const IntegerLayerNorm &form) const
    {
        if (auto ok = shapes(LayerNormalization{form.axis, 0}); !ok)
            return ok;
        std::int64_t count = 1;
        for (auto i = static_cast<std::size_t>(form.axis); i < m_output.rank(); ++i)
            count *= m_output[i];
        const bool isBetaSmall = std::ranges::all_of(
            form.beta, [](std::int64_t b) { return b >= -mostBeta && b <= mostBeta; });
        if (count > mostNormalised || form.epsilon < 1 || form.epsilon > mostBeta || !isBetaSmall ||
            static_cast<std::int64_t>(form.gamma.size()) != count ||
            form.beta.size() != form.gamma.size())
            return broken("normalisation");
        return stage(form.stage, 1);
    }
    Result<void> operator()(const IntegerMove &form) const
    {
        if (auto ok = std::visit([this](const auto &move) { return moved(move); }, form.operation);
            !ok)
            return ok;
        return stage(form.stage, 1);
    }

private:
    std::unexpected<Diagnostics> broken(std::string what) const
    {
        return fail(Diagnostic("integer.invalid-layer", Place{.layer = m_layer.name})
                        .with("kind", std::string(kindName(m_layer.form)))
                        .with("what", std::move(what)));
    }

    // The operands' shapes, plus that of weights or indices, must infer the output's shape.
    Result<void> shapes(const Attributes &attributes, const Shape *extra = nullptr) const
    {
        std::vector<const Shape *> all;
        for (const Shape &shape : m_operands)
            all.push_back(&shape);
        if (extra)
            all.push_back(extra);
        const Result<Shape> inferred = inferShape(attributes, all);
        if (!inferred || *inferred != m_output)
            return broken("shapes");
        return {};
    }
    template<class Attributes_> Result<void> moved(const Attributes_ &attributes) const
    {
        return shapes(attributes);
    }
    Result<void> moved(const IntegerPad &pad) const
    {
        if (auto ok = shapes(Pad{pad.mode, pad.begin, pad.end, 0}); !ok)
            return ok;
        if (!areStored(std::span(&pad.value, 1), m_layer.operands[0].quantisation))
            return broken("padding");
        return {};
    }
    Result<void> moved(const IntegerGather &gather) const
    {
        if (auto ok = shapes(Gather{gather.axis}, &gather.indexShape); !ok)
            return ok;
        const std::int64_t size = m_operands[0][static_cast<std::size_t>(gather.axis)];
        const bool isInside = std::ranges::all_of(
            gather.indices, [size](std::int64_t i) { return i >= 0 && i < size; });
        if (!isInside || checkedElementCount(gather.indexShape.dims()) !=
                             static_cast<std::int64_t>(gather.indices.size()))
            return broken("indices");
        return {};
    }

    template<class Form>
    Result<void> weights(const Form &form, std::int64_t outputs, std::int64_t factors) const
    {
        const auto count = checkedElementCount(form.weightShape.dims());
        if (!count || *count != static_cast<std::int64_t>(form.weights.size()) ||
            *count > mostTerms)
            return broken("weights");
        if (static_cast<std::int64_t>(form.bias.size()) != outputs)
            return broken("bias");
        return stage(form.stage, factors);
    }
    Result<void> stage(const OutputStage &stage, std::int64_t factors) const
    {
        const auto isCount = [factors](std::size_t count) {
            return count == 1 || static_cast<std::int64_t>(count) == factors;
        };
        const auto isFactor = [](const FixedPoint &factor) {
            return factor.shift >= 0 && factor.shift <= FixedPoint::maximumShift &&
                   factor.multiplier != std::numeric_limits<std::int32_t>::min();
        };
        if (!isCount(stage.rescale.size()) || !std::ranges::all_of(stage.rescale, isFactor) ||
            (!stage.negative.empty() &&
             (!isCount(stage.negative.size()) || !std::ranges::all_of(stage.negative, isFactor))))
            return broken("factors");
        if (!areLimits(stage.low, stage.high))
            return broken("limits");
        if (stage.table && !isSane(*stage.table))
            return broken("table");
        const bool hasGain = !stage.gain.empty();
        if (hasGain && (!stage.table || !isCount(stage.gain.size()) ||
                        !std::ranges::all_of(stage.gain, isFactor)))
            return broken("gain");
        if (stage.gainZeroPoint < 0 ||
            stage.gainZeroPoint > (hasGain ? m_layer.output.maximum() : 0))
            return broken("gain");
        return {};
    }
    bool areLimits(std::int32_t low, std::int32_t high) const
    {
        return low >= 0 && low <= high && high <= m_layer.output.maximum();
    }
    static bool isSane(const TensorQuantisation &quantisation)
    {
        return (quantisation.bits == 8 || quantisation.bits == 16) &&
               std::isfinite(quantisation.scale) && quantisation.scale > 0 &&
               quantisation.zeroPoint >= 0 && quantisation.zeroPoint <= quantisation.maximum();
    }
    static bool isSane(const FunctionTable &table)
    {
        return (table.indexBits == 8 || table.indexBits == 16) && table.fractionBits >= 0 &&
               table.fractionBits <= 15 && table.points.size() == table.pointCount();
    }
    static bool isSane(const IntegerResize::Axis &axis, std::int64_t in, std::int64_t out)
    {
        const auto entries = checkedMul<std::int64_t>(axis.taps, out);
        return axis.taps >= 1 && axis.taps <= 4 && axis.fractionBits >= 0 &&
               axis.fractionBits <= 11 && entries == static_cast<std::int64_t>(axis.index.size()) &&
               axis.weight.size() == axis.index.size() &&
               std::ranges::all_of(axis.index, [in](std::int32_t i) { return i >= 0 && i < in; }) &&
               std::ranges::all_of(axis.weight, [](std::int32_t w) {
                   return w >= -mostTapWeight && w <= mostTapWeight;
               });
    }
    static bool areStored(std::span<const std::int32_t> values, const TensorQuantisation &as)
    {
        return std::ranges::all_of(values,
                                   [&](std::int32_t v) { return v >= 0 && v <= as.maximum(); });
    }

    const IntegerLayer &m_layer;
    std::span<const Shape> m_operands;
    const Shape &m_output;
};

} // namespace

Result<void> checkIntegerLayer(const IntegerLayer &layer, std::span<const Shape> operands,
                               const Shape &outputShape)
{
    return Check(layer, operands, outputShape).run();
}

} // namespace hefstudio
