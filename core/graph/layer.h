// What a layer is: one attribute struct per kind, held in a variant. Every value between layers is
// float32; what ONNX computes as an integer or a boolean (indices, comparisons) is held as its
// float, which is exact up to 2^24. Operand shapes are in ONNX
// order (N, C, H, W); the comment at each struct gives the inputs in order and the formula. Sizes
// follow the ONNX operator of the same name unless said otherwise; padding is always explicit here
// (auto_pad, ceil_mode and negative axes are resolved by the importer).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strong_id.h"
#include "base/tensor.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hefstudio {

// Elementwise functions of one argument. alpha and beta as in the comment, else unused.
enum class Function {
    identity,
    relu,
    leakyRelu, // x < 0 ? alpha·x : x
    clip,      // min(max(x, alpha), beta)
    sigmoid,
    tanh,
    hardSigmoid, // clip(alpha·x + beta, 0, 1)
    hardSwish,   // x·hardSigmoid(x) with alpha = 1/6, beta = 1/2
    silu,        // x·sigmoid(x)
    gelu,        // x/2·(1 + erf(x/√2))
    geluTanh,    // the tanh form of gelu
    elu,         // x < 0 ? alpha·(eˣ − 1) : x
    mish,        // x·tanh(log(1 + eˣ))
    softplus,
    exp,
    log,
    sqrt,
    reciprocal,
    abs,
    negate,
    floor,
    ceil,
    round,
    erf,
    sign,
    power,  // x^alpha
    affine, // alpha·x + beta
    swish,  // x·sigmoid(alpha·x)
    celu,   // max(x, 0) + min(0, alpha·(exp(x/alpha) − 1))
    thresholdedRelu, // x > alpha ? x : 0
    softsign,        // x/(1 + |x|)
    shrink,          // x > alpha ? x − beta : x < −alpha ? x + beta : 0
    sin,
    cos,
    tan,
    asin,
    acos,
    atan,
    sinh,
    cosh,
    asinh,
    acosh,
    atanh,
    truncate,   // towards zero: what a cast to an integer does
    logicalNot, // x == 0 ? 1 : 0
    isNan,
    isInfinite, // alpha ≠ 0 counts +∞, beta ≠ 0 counts −∞
};
std::string_view functionName(Function function);
std::optional<Function> functionFromName(std::string_view name);

struct ScalarFunction {
    Function function = Function::identity;
    float alpha = 0;
    float beta = 0;

    friend bool operator==(const ScalarFunction &, const ScalarFunction &) = default;
};

// Geometry of a 2-D sliding window; [0] is height, [1] is width.
struct Window {
    std::array<std::int64_t, 2> kernel{1, 1};
    std::array<std::int64_t, 2> stride{1, 1};
    std::array<std::int64_t, 2> dilation{1, 1};
    std::array<std::int64_t, 2> padBegin{0, 0};
    std::array<std::int64_t, 2> padEnd{0, 0};

    friend bool operator==(const Window &, const Window &) = default;
};

// x [N,C,H,W], weights [O,C/groups,kh,kw], optional bias [O]. Depthwise when groups == C.
// `padValues` (empty or one per input channel) is what the padding holds; empty means zero. It
// comes from folding the input normalisation: the padding of a raw picture is its mean.
struct Convolution {
    Window window;
    std::int64_t groups = 1;
    std::vector<float> padValues;
    friend bool operator==(const Convolution &, const Convolution &) = default;
};
// x [N,C,H,W], weights [C,O/groups,kh,kw], optional bias [O]. padBegin/padEnd crop the output.
struct TransposedConvolution {
    Window window;
    std::array<std::int64_t, 2> outputPadding{0, 0};
    std::int64_t groups = 1;
    friend bool operator==(const TransposedConvolution &, const TransposedConvolution &) = default;
};
// x […,K], weights [O,K] (already transposed to this form), optional bias [O] → […,O].
struct FullyConnected {
    friend bool operator==(const FullyConnected &, const FullyConnected &) = default;
};
// a […,M,K], b […,K,N], batch dimensions broadcast.
struct MatMul {
    friend bool operator==(const MatMul &, const MatMul &) = default;
};
// x [N,C,…], scale [C], shift [C], mean [C], variance [C] (all constant).
struct BatchNormalization {
    float epsilon = 1e-5F;
    friend bool operator==(const BatchNormalization &, const BatchNormalization &) = default;
};
// x; gamma and beta [dims from axis on], either may be an invalid tensor id.
struct LayerNormalization {
    std::int64_t axis = -1; // normalised from this (non-negative) axis to the last
    float epsilon = 1e-5F;
    friend bool operator==(const LayerNormalization &, const LayerNormalization &) = default;
};
// x → function(x).
struct Elementwise {
    ScalarFunction function;
    friend bool operator==(const Elementwise &, const Elementwise &) = default;
};
// x [N,C,…], slope broadcastable (constant): x < 0 ? slope·x : x.
struct ParametricRelu {
    friend bool operator==(const ParametricRelu &, const ParametricRelu &) = default;
};
// From `less` on, results are 0 or 1; the logical ones take any number but 0 for true.
// `modulo` has the sign of the dividend (C's fmod), `floorModulo` that of the divisor;
// `truncatedDivide` is the division of integers.
enum class BinaryOperator {
    add,
    subtract,
    multiply,
    divide,
    minimum,
    maximum,
    power,
    modulo,
    truncatedDivide,
    floorModulo,
    less,
    lessOrEqual,
    greater,
    greaterOrEqual,
    equal,
    logicalAnd,
    logicalOr,
    logicalXor,
};
std::string_view binaryOperatorName(BinaryOperator op);
// a, b with NumPy broadcasting; either may be constant.
struct Binary {
    BinaryOperator op = BinaryOperator::add;
    friend bool operator==(const Binary &, const Binary &) = default;
};
// x [N,C,H,W]; padding never wins.
struct MaxPool {
    Window window;
    friend bool operator==(const MaxPool &, const MaxPool &) = default;
};
struct AveragePool {
    Window window;
    bool countIncludesPadding = false;
    friend bool operator==(const AveragePool &, const AveragePool &) = default;
};
enum class Reduction { mean, sum, max, min, l2, product };
std::string_view reductionName(Reduction reduction);
// x reduced over `axes` (ascending, non-negative). A global pool is a mean or max over H and W
// that keeps dimensions.
struct Reduce {
    Reduction reduction = Reduction::mean;
    std::vector<std::int64_t> axes;
    bool keepDimensions = true;
    friend bool operator==(const Reduce &, const Reduce &) = default;
};
// Any number of inputs joined along `axis` (non-negative).
struct Concat {
    std::int64_t axis = 1;
    friend bool operator==(const Concat &, const Concat &) = default;
};
// One entry per dimension: out[i] = in[begin + i·step], `size` elements. Split becomes slices.
struct Slice {
    std::vector<std::int64_t> begin;
    std::vector<std::int64_t> size;
    std::vector<std::int64_t> step; // never 0, may be negative
    friend bool operator==(const Slice &, const Slice &) = default;
};
// The target is the output tensor's shape (Flatten, Squeeze, Unsqueeze, Reshape).
struct Reshape {
    std::vector<std::int64_t> shape;
    friend bool operator==(const Reshape &, const Reshape &) = default;
};
// out dimension i is in dimension permutation[i].
struct Transpose {
    std::vector<std::int64_t> permutation;
    friend bool operator==(const Transpose &, const Transpose &) = default;
};
enum class ResizeMode { nearest, linear, cubic };
enum class ResizeCoordinates {
    halfPixel,
    asymmetric,
    alignCorners,
    pytorchHalfPixel,
    tfHalfPixelForNearest,
};
enum class NearestRounding { roundPreferFloor, roundPreferCeil, floor, ceil };
// x [N,C,H,W] resized over H and W. `scale` is output/input as the model states it (ONNX: the
// coordinate formulas use the stated scale, not the ratio of the rounded sizes).
struct Resize {
    ResizeMode mode = ResizeMode::nearest;
    ResizeCoordinates coordinates = ResizeCoordinates::halfPixel;
    NearestRounding rounding = NearestRounding::roundPreferFloor;
    std::array<float, 2> scale{1, 1};
    std::array<std::int64_t, 2> size{1, 1};
    float cubicCoefficient = -0.75F;
    bool excludesOutside = false; // cubic: taps outside weigh nothing, the others share it
    friend bool operator==(const Resize &, const Resize &) = default;
};
// Along one (non-negative) axis.
struct Softmax {
    std::int64_t axis = -1;
    bool logarithm = false;
    friend bool operator==(const Softmax &, const Softmax &) = default;
};
enum class PadMode { constant, reflect, edge };
// One entry per dimension; negative entries crop.
struct Pad {
    PadMode mode = PadMode::constant;
    std::vector<std::int64_t> begin;
    std::vector<std::int64_t> end;
    float value = 0;
    friend bool operator==(const Pad &, const Pad &) = default;
};
// [N,C,H,W] ↔ [N,C/b²,H·b,W·b]; `depthMajor` is ONNX mode DCR, else CRD.
struct DepthToSpace {
    std::int64_t block = 2;
    bool depthMajor = true;
    friend bool operator==(const DepthToSpace &, const DepthToSpace &) = default;
};
struct SpaceToDepth {
    std::int64_t block = 2;
    friend bool operator==(const SpaceToDepth &, const SpaceToDepth &) = default;
};
// x, indices: out = x.take(indices, axis). Constant indices are int64 and non-negative; computed
// ones are floats, and those outside count from the end (negative) or give 0.
struct Gather {
    std::int64_t axis = 0;
    friend bool operator==(const Gather &, const Gather &) = default;
};
// x broadcast to the output shape (Expand, Tile by whole dimensions of 1).
struct Broadcast {
    std::vector<std::int64_t> shape;
    friend bool operator==(const Broadcast &, const Broadcast &) = default;
};
// x; gamma [dims from axis on] may be an invalid tensor id: x/√(mean(x²) + epsilon)·gamma over the
// dimensions from `axis` (non-negative) to the last.
struct RmsNormalization {
    std::int64_t axis = -1;
    float epsilon = 1e-5F;
    friend bool operator==(const RmsNormalization &, const RmsNormalization &) = default;
};
// condition, a, b with NumPy broadcasting: condition ≠ 0 ? a : b.
struct Select {
    friend bool operator==(const Select &, const Select &) = default;
};
// The index of the largest (or smallest) element along `axis`; of equal ones the first or the last.
struct ArgReduce {
    std::int64_t axis = 0;
    bool smallest = false;
    bool takesLast = false;
    bool keepDimensions = true;
    friend bool operator==(const ArgReduce &, const ArgReduce &) = default;
};
// The `count` largest (smallest) elements along `axis`, best first, equal ones by index; their
// values or their indices (two layers where a network wants both).
struct TopK {
    enum class Result { values, indices };
    std::int64_t axis = 0;
    std::int64_t count = 1;
    bool smallest = false;
    Result result = Result::values;
    friend bool operator==(const TopK &, const TopK &) = default;
};
// x, indices of the same rank: out[i…] = x[i… with i[axis] = indices[i…]]. Indices as in Gather.
struct GatherElements {
    std::int64_t axis = 0;
    friend bool operator==(const GatherElements &, const GatherElements &) = default;
};
// x, indices […, K]: the last dimension of the indices is a place in x behind the first
// `batchDimensions`, which both operands share.
struct GatherNd {
    std::int64_t batchDimensions = 0;
    friend bool operator==(const GatherNd &, const GatherNd &) = default;
};
enum class ScatterReduction { none, add, multiply, maximum, minimum };
std::string_view scatterReductionName(ScatterReduction reduction);
// x, indices, updates: a copy of x with x[i… with i[axis] = indices[i…]] = updates[i…].
struct ScatterElements {
    std::int64_t axis = 0;
    ScatterReduction reduction = ScatterReduction::none;
    friend bool operator==(const ScatterElements &, const ScatterElements &) = default;
};
// x, indices […, K], updates: a copy of x with the updates at the places.
struct ScatterNd {
    ScatterReduction reduction = ScatterReduction::none;
    friend bool operator==(const ScatterNd &, const ScatterNd &) = default;
};
// Running sums along `axis`; exclusive sums leave the element itself out.
struct CumulativeSum {
    std::int64_t axis = 0;
    bool isExclusive = false;
    bool isReverse = false;
    friend bool operator==(const CumulativeSum &, const CumulativeSum &) = default;
};
// x [N,C,H,W], grid [N,h,w,2] of (x, y) in −1…1: x sampled at the grid's places.
enum class GridPadding { zeros, border, reflection };
struct GridSample {
    ResizeMode mode = ResizeMode::linear;
    GridPadding padding = GridPadding::zeros;
    bool alignCorners = false;
    friend bool operator==(const GridSample &, const GridSample &) = default;
};
// x [N,C,H,W], boxes [R,4] as x1, y1, x2, y2, picture of each box [R] → [R,C,h,w].
struct RoiAlign {
    std::array<std::int64_t, 2> size{1, 1};
    std::int64_t samplingRatio = 0; // 0: as many as the bin has cells
    float spatialScale = 1;
    bool usesMaximum = false;
    bool halfPixel = true;
    friend bool operator==(const RoiAlign &, const RoiAlign &) = default;
};
// RNN, LSTM and GRU as ONNX defines them, D directions, hidden size S, G gates (1, 4: iofc,
// 3: zrh): x [T,N,I], w [D,G·S,I], r [D,G·S,S]; optional b [D,2·G·S], initial hidden state [D,N,S],
// initial cell state [D,N,S], peepholes [D,3·S].
enum class RecurrentCell { rnn, lstm, gru };
struct Recurrent {
    enum class Direction { forward, reverse, both };
    enum class Result { sequence, lastHidden, lastCell }; // [T,D,N,S], [D,N,S], [D,N,S]
    RecurrentCell cell = RecurrentCell::rnn;
    Direction direction = Direction::forward;
    Result result = Result::sequence;
    std::int64_t hiddenSize = 1;
    // Of each direction: 1 (rnn), 3 (lstm) or 2 (gru) functions.
    std::vector<ScalarFunction> activations;
    float clip = 0; // of what goes into a function; 0 is none
    bool resetsAfterProduct = false; // gru: linear_before_reset
    bool couplesInputAndForget = false;
    friend bool operator==(const Recurrent &, const Recurrent &) = default;
};
// A graph input: no inputs, one output.
struct Input {
    friend bool operator==(const Input &, const Input &) = default;
};

using Attributes =
    std::variant<Input, Convolution, TransposedConvolution, FullyConnected, MatMul,
                 BatchNormalization, LayerNormalization, Elementwise, ParametricRelu, Binary,
                 MaxPool, AveragePool, Reduce, Concat, Slice, Reshape, Transpose, Resize, Softmax,
                 Pad, DepthToSpace, SpaceToDepth, Gather, Broadcast, RmsNormalization, Select,
                 ArgReduce, TopK, GatherElements, GatherNd, ScatterElements, ScatterNd,
                 CumulativeSum, GridSample, RoiAlign, Recurrent>;

// "convolution", "concat", … stable: used in files, JSON and translations.
std::string_view kindName(const Attributes &attributes);

struct Layer {
    LayerId id;
    std::string name; // unique within its graph
    Attributes attributes;
    std::vector<TensorId> inputs; // an absent optional input is TensorId::invalid()
    TensorId output;              // every layer has exactly one output
    // Applied to the result before it is stored (fused by core/passes); identity when none.
    ScalarFunction activation;
    // ONNX node names this layer came from, kept through every rewrite.
    std::vector<std::string> origin;

    template<class Kind> bool is() const { return std::holds_alternative<Kind>(attributes); }
    template<class Kind> const Kind *as() const { return std::get_if<Kind>(&attributes); }
    std::string_view kind() const { return kindName(attributes); }
    bool hasActivation() const { return activation.function != Function::identity; }
};

} // namespace hefstudio
