// One layer in integers: everything the emulator needs, nothing else. This is the arithmetic the
// program of an emulation HEF stores, and runIntegerReference() defines its bits (the rules are
// written down in core/quantize/README.md). Tensors are uint8 or uint16 in ONNX order;
// real value = scale · (q − zeroPoint). Every form computes an exact integer accumulator from
// (q − zeroPoint) of its operands and hands it to an OutputStage: one rounding per stored value.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"
#include "graph/layer.h"
#include "ops/fixed_point.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hefstudio {

class ThreadPool;

// How the integers of a tensor mean real numbers. `bits` is 8 or 16; the scale is a float32 because
// the HEF stores one.
struct TensorQuantisation {
    float scale = 1;
    std::int32_t zeroPoint = 0;
    int bits = 8;

    std::int32_t maximum() const { return bits == 8 ? 255 : 65535; }
    ElementType elementType() const { return bits == 8 ? ElementType::uint8 : ElementType::uint16; }
    float real(std::int32_t q) const { return static_cast<float>(q - zeroPoint) * scale; }
    friend bool operator==(const TensorQuantisation &, const TensorQuantisation &) = default;
};

// A function of one stored integer. 8-bit index: 256 results. 16-bit index: 513 points, 128 apart,
// linear in between; the points carry `fractionBits` more bits than the result, so that one
// rounding (half up) ends the interpolation.
struct FunctionTable {
    static constexpr int stepBits = 7; // distance of the points of a 16-bit index

    int indexBits = 8;
    int fractionBits = 0;
    std::vector<std::int32_t> points;

    std::size_t pointCount() const { return indexBits == 8 ? 256 : 513; }
    std::int32_t indexMaximum() const { return indexBits == 8 ? 255 : 65535; }
    std::int64_t at(std::int32_t index) const; // index in 0…indexMaximum()
    friend bool operator==(const FunctionTable &, const FunctionTable &) = default;
};

// From an exact accumulator to the stored integer:
//   v = zeroPoint + rescale(accumulator, accumulator < 0 && !negative.empty() ? negative : rescale)
//   without table: clamp(v, low, high)
//   with table:    clamp(table(clamp(v, 0, table.indexMaximum())), low, high)
//   with gain:     clamp(gainZeroPoint + rescale(table(…), gain), low, high)
// `rescale` holds one factor, or one per output channel (convolutions, fully connected, affine),
// per operand (concat) or per number of elements counted (average pool); `negative` is empty or
// alike. `gain` (one factor per output channel) stands behind a table only: channels of unlike
// magnitude leave one curved function on grids of their own.
struct OutputStage {
    std::vector<FixedPoint> rescale{{std::int32_t(1) << 30, 30}};
    std::vector<FixedPoint> negative;
    std::int32_t zeroPoint = 0;
    std::int32_t low = 0;
    std::int32_t high = 255;
    std::optional<FunctionTable> table;
    std::vector<FixedPoint> gain;
    std::int32_t gainZeroPoint = 0;

    std::int32_t finish(std::int64_t accumulator, std::size_t which = 0) const;
    friend bool operator==(const OutputStage &, const OutputStage &) = default;
};

// A network input: the stored integers come from outside.
struct IntegerInput {
    friend bool operator==(const IntegerInput &, const IntegerInput &) = default;
};
// accumulator = bias[o] + Σ (q − z)·w. The padding holds the integers `padding` (one per input
// channel; empty means the zero point, which is real 0). Bias keeps the zero point out, see
// foldedBias(). Weights [O, C/groups, kh, kw].
struct IntegerConvolution {
    Window window;
    std::int64_t groups = 1;
    Shape weightShape;
    std::vector<std::int8_t> weights;
    std::vector<std::int32_t> bias; // one per output channel
    std::vector<std::int32_t> padding;
    OutputStage stage;
    friend bool operator==(const IntegerConvolution &, const IntegerConvolution &) = default;
};
// As above with weights [C, O/groups, kh, kw]; padBegin and padEnd crop the output.
struct IntegerTransposedConvolution {
    Window window;
    std::array<std::int64_t, 2> outputPadding{0, 0};
    std::int64_t groups = 1;
    Shape weightShape;
    std::vector<std::int8_t> weights;
    std::vector<std::int32_t> bias;
    OutputStage stage;
    friend bool operator==(const IntegerTransposedConvolution &,
                           const IntegerTransposedConvolution &) = default;
};
// x […, K], weights [O, K].
struct IntegerFullyConnected {
    Shape weightShape;
    std::vector<std::int8_t> weights;
    std::vector<std::int32_t> bias;
    OutputStage stage;
    friend bool operator==(const IntegerFullyConnected &, const IntegerFullyConnected &) = default;
};
// accumulator = Σ (a − za)(b − zb); batch dimensions broadcast.
struct IntegerMatMul {
    OutputStage stage;
    friend bool operator==(const IntegerMatMul &, const IntegerMatMul &) = default;
};
// out = clamp(table(q), low, high); the table's index is the operand's integer.
struct IntegerTable {
    FunctionTable table;
    std::int32_t low = 0;
    std::int32_t high = 255;
    friend bool operator==(const IntegerTable &, const IntegerTable &) = default;
};
// accumulator = q − z: ReLU, clip and leaky ReLU by clamps and the negative factor; PReLU with one
// negative factor per channel (axis 1).
struct IntegerRescale {
    OutputStage stage;
    friend bool operator==(const IntegerRescale &, const IntegerRescale &) = default;
};
// With a = q0 − z0, b = q1 − z1 and NumPy broadcasting:
//   add m0·a + m1·b, minimum/maximum of m0·a and m1·b, multiply a·b,
//   divide floor((a·2^20 + |b|/2) / b), where b = 0 counts as 1.
// Subtract is an add with a negative m1.
struct IntegerBinary {
    enum class Operation : std::uint8_t { add, multiply, divide, minimum, maximum };
    static constexpr int quotientBits = 20;

    Operation operation = Operation::add;
    std::array<std::int32_t, 2> multipliers{1, 1};
    OutputStage stage;
    friend bool operator==(const IntegerBinary &, const IntegerBinary &) = default;
};
// accumulator = q_i − z_i with stage.rescale[i].
struct IntegerConcat {
    std::int64_t axis = 1;
    OutputStage stage;
    friend bool operator==(const IntegerConcat &, const IntegerConcat &) = default;
};
// accumulator = max q − z over the window's elements inside the picture (z when there is none).
struct IntegerMaxPool {
    Window window;
    OutputStage stage;
    friend bool operator==(const IntegerMaxPool &, const IntegerMaxPool &) = default;
};
// accumulator = Σ (q − z) over the elements inside the picture. stage.rescale holds one factor when
// the divisor is the whole window, else one per number of elements (first: one element).
struct IntegerAveragePool {
    Window window;
    bool countIncludesPadding = false;
    OutputStage stage;
    friend bool operator==(const IntegerAveragePool &, const IntegerAveragePool &) = default;
};
// Mean and sum: Σ (q − z). Max, min: of (q − z). l2: floor(√(Σ (q − z)²·2^16)).
struct IntegerReduce {
    static constexpr int rootBits = 8; // fraction bits of the l2 accumulator

    Reduction reduction = Reduction::mean;
    std::vector<std::int64_t> axes;
    bool keepDimensions = true;
    OutputStage stage;
    friend bool operator==(const IntegerReduce &, const IntegerReduce &) = default;
};
// Separable resampling of H and W: accumulator = Σ_ij rows.weight_i · columns.weight_j · (q_ij −
// z). Each axis lists `taps` (index, weight) pairs per output position; the weights of a position
// sum to 2^fractionBits. Nearest is one tap of weight 1.
struct IntegerResize {
    struct Axis {
        int taps = 1;
        int fractionBits = 0;
        std::vector<std::int32_t> index;
        std::vector<std::int32_t> weight;
        friend bool operator==(const Axis &, const Axis &) = default;
    };
    Axis rows;
    Axis columns;
    OutputStage stage;
    friend bool operator==(const IntegerResize &, const IntegerResize &) = default;
};
// Along `axis`: d = max q − q, e = exponential(d), S = Σ e, R = floor(2^47 / S),
// accumulator = e·R, that is probability · 2^47. `exponential` holds
// round(2^15·exp(−s·i·2^stepBits)); with stepBits 0 it is read directly, else linearly interpolated
// (half up); past its end it is the last point.
struct IntegerSoftmax {
    static constexpr int probabilityBits = 47;

    std::int64_t axis = 1;
    int stepBits = 0;
    std::vector<std::int32_t> exponential;
    OutputStage stage;
    friend bool operator==(const IntegerSoftmax &, const IntegerSoftmax &) = default;
};
// Over the C elements from `axis` on, with x = q − z, S1 = Σx (0 where the mean is not subtracted:
// the root mean square), S2 = Σx²:
//   V = max(C·S2 − S1², 0) + epsilon, shifted left by the even e that brings it into [2^62, 2^64),
//   root = floor(√V·2^(e/2)), t = floor((( C·x − S1)·2^(15 + e/2) + root/2) / root),
//   accumulator = t·gamma + beta.
struct IntegerLayerNorm {
    static constexpr int fractionBits = 15;

    std::int64_t axis = 1;
    bool subtractsMean = true;
    std::int64_t epsilon = 1;        // at least 1
    std::vector<std::int32_t> gamma; // C each
    std::vector<std::int64_t> beta;  // within ±2^60
    OutputStage stage;
    friend bool operator==(const IntegerLayerNorm &, const IntegerLayerNorm &) = default;
};
// Elements moved, not changed: accumulator = q − z of the element that arrives. Padding constants
// are stored integers of the operand.
struct IntegerPad {
    PadMode mode = PadMode::constant;
    std::vector<std::int64_t> begin;
    std::vector<std::int64_t> end;
    std::int32_t value = 0;
    friend bool operator==(const IntegerPad &, const IntegerPad &) = default;
};
struct IntegerGather {
    std::int64_t axis = 0;
    Shape indexShape;
    std::vector<std::int64_t> indices;
    friend bool operator==(const IntegerGather &, const IntegerGather &) = default;
};
struct IntegerMove {
    using Operation = std::variant<Slice, Reshape, Transpose, DepthToSpace, SpaceToDepth, Broadcast,
                                   IntegerPad, IntegerGather>;
    Operation operation;
    OutputStage stage;
    friend bool operator==(const IntegerMove &, const IntegerMove &) = default;
};

using IntegerForm =
    std::variant<IntegerInput, IntegerConvolution, IntegerTransposedConvolution,
                 IntegerFullyConnected, IntegerMatMul, IntegerTable, IntegerRescale, IntegerBinary,
                 IntegerConcat, IntegerMaxPool, IntegerAveragePool, IntegerReduce, IntegerResize,
                 IntegerSoftmax, IntegerLayerNorm, IntegerMove>;

std::string_view kindName(const IntegerForm &form); // "convolution", …: for reports and tests

// An operand that is either a value of the network or a constant in integers.
struct IntegerOperand {
    TensorQuantisation quantisation;
    std::shared_ptr<const Tensor> constant; // null for values; else of the quantisation's type

    friend bool operator==(const IntegerOperand &a, const IntegerOperand &b);
};

struct IntegerLayer {
    std::string name;
    std::vector<IntegerOperand> operands; // weights and biases are in the form, not here
    TensorQuantisation output;
    IntegerForm form;

    template<class Form> bool is() const { return std::holds_alternative<Form>(form); }
    template<class Form> const Form *as() const { return std::get_if<Form>(&form); }
    friend bool operator==(const IntegerLayer &, const IntegerLayer &) = default;
};

// The stage of a form; null for IntegerInput and IntegerTable.
const OutputStage *stageOf(const IntegerForm &form);
OutputStage *stageOf(IntegerForm &form);

// bias[o] − zeroPoint · Σ weights of o: the constant of accumulator = B[o] + Σ q·w. `outputs` rows
// of equal length; for fast executors.
std::vector<std::int64_t> foldedBias(std::span<const std::int8_t> weights,
                                     std::span<const std::int32_t> bias, std::int32_t zeroPoint);

// Is the layer well formed for operands of these shapes (constants included), and is this its
// output shape? A layer that passes runs without any access outside its tensors, whatever its
// numbers are. Diagnostics: integer.invalid-layer.
Result<void> checkIntegerLayer(const IntegerLayer &layer, std::span<const Shape> operands,
                               const Shape &outputShape);

// One pointer per operand; those of constants are ignored (null will do). The layer must have
// passed checkIntegerLayer() for these shapes. The pool only splits the work, the bits are the
// same.
Tensor runIntegerReference(const IntegerLayer &layer, std::span<const Tensor *const> inputs,
                           const Shape &outputShape, ThreadPool *pool = nullptr);

} // namespace hefstudio
