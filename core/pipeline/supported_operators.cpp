// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/supported_operators.h"

#include "onnx/import.h"
#include "ops/parser_limits.h"

#include <string_view>

namespace hefstudio {
namespace {

// The operators of ONNX up to operator set 22, but for training, sequences, strings and control.
constexpr std::string_view onnxOperators[] = {"Abs",
                                              "Acos",
                                              "Acosh",
                                              "Add",
                                              "AffineGrid",
                                              "And",
                                              "ArgMax",
                                              "ArgMin",
                                              "Asin",
                                              "Asinh",
                                              "Atan",
                                              "Atanh",
                                              "AveragePool",
                                              "BatchNormalization",
                                              "BitShift",
                                              "BitwiseAnd",
                                              "BitwiseNot",
                                              "BitwiseOr",
                                              "BitwiseXor",
                                              "Cast",
                                              "CastLike",
                                              "Ceil",
                                              "Celu",
                                              "CenterCropPad",
                                              "Clip",
                                              "Col2Im",
                                              "Compress",
                                              "Concat",
                                              "Constant",
                                              "ConstantOfShape",
                                              "Conv",
                                              "ConvInteger",
                                              "ConvTranspose",
                                              "Cos",
                                              "Cosh",
                                              "CumSum",
                                              "DFT",
                                              "DeformConv",
                                              "DepthToSpace",
                                              "DequantizeLinear",
                                              "Det",
                                              "Div",
                                              "Dropout",
                                              "DynamicQuantizeLinear",
                                              "Einsum",
                                              "Elu",
                                              "Equal",
                                              "Erf",
                                              "Exp",
                                              "Expand",
                                              "EyeLike",
                                              "Flatten",
                                              "Floor",
                                              "GRU",
                                              "Gather",
                                              "GatherElements",
                                              "GatherND",
                                              "Gelu",
                                              "Gemm",
                                              "GlobalAveragePool",
                                              "GlobalLpPool",
                                              "GlobalMaxPool",
                                              "Greater",
                                              "GreaterOrEqual",
                                              "GridSample",
                                              "GroupNormalization",
                                              "HardSigmoid",
                                              "HardSwish",
                                              "Hardmax",
                                              "Identity",
                                              "If",
                                              "InstanceNormalization",
                                              "IsInf",
                                              "IsNaN",
                                              "LRN",
                                              "LSTM",
                                              "LayerNormalization",
                                              "LeakyRelu",
                                              "Less",
                                              "LessOrEqual",
                                              "Log",
                                              "LogSoftmax",
                                              "Loop",
                                              "LpNormalization",
                                              "LpPool",
                                              "MatMul",
                                              "MatMulInteger",
                                              "Max",
                                              "MaxPool",
                                              "MaxRoiPool",
                                              "MaxUnpool",
                                              "Mean",
                                              "MeanVarianceNormalization",
                                              "Min",
                                              "Mish",
                                              "Mod",
                                              "Mul",
                                              "Multinomial",
                                              "Neg",
                                              "NonMaxSuppression",
                                              "NonZero",
                                              "Not",
                                              "OneHot",
                                              "Or",
                                              "PRelu",
                                              "Pad",
                                              "Pow",
                                              "QLinearConv",
                                              "QLinearMatMul",
                                              "QuantizeLinear",
                                              "RMSNormalization",
                                              "RNN",
                                              "Range",
                                              "Reciprocal",
                                              "ReduceL1",
                                              "ReduceL2",
                                              "ReduceLogSum",
                                              "ReduceLogSumExp",
                                              "ReduceMax",
                                              "ReduceMean",
                                              "ReduceMin",
                                              "ReduceProd",
                                              "ReduceSum",
                                              "ReduceSumSquare",
                                              "Relu",
                                              "Reshape",
                                              "Resize",
                                              "ReverseSequence",
                                              "RoiAlign",
                                              "Round",
                                              "Scan",
                                              "ScatterElements",
                                              "ScatterND",
                                              "Selu",
                                              "Shape",
                                              "Shrink",
                                              "Sigmoid",
                                              "Sign",
                                              "Sin",
                                              "Sinh",
                                              "Size",
                                              "Slice",
                                              "Softmax",
                                              "Softplus",
                                              "Softsign",
                                              "SpaceToDepth",
                                              "Split",
                                              "Sqrt",
                                              "Squeeze",
                                              "Sub",
                                              "Sum",
                                              "Swish",
                                              "Tan",
                                              "Tanh",
                                              "ThresholdedRelu",
                                              "Tile",
                                              "TopK",
                                              "Transpose",
                                              "Trilu",
                                              "Unique",
                                              "Unsqueeze",
                                              "Upsample",
                                              "Where",
                                              "Xor"};

std::string operatorList(bool areRead)
{
    std::string text;
    for (const auto op : onnxOperators)
        if (isOperatorSupported("", op) == areRead)
            text += (text.empty() ? "" : ", ") + std::string(op);
    return text;
}

std::string limitTable(std::span<const LayerLimit> limits)
{
    std::string text = "| layers | limit |\n| --- | --- |\n";
    for (const auto &limit : limits)
        text += "| " + (limit.kind.empty() ? "all" : std::string(limit.kind)) + " | " +
                std::string(limit.text) + " |\n";
    return text;
}

} // namespace

std::string supportedOperatorsText()
{
    return "# Supported operators\n\n"
           "This page is made by `hefc check --operators` from the tables that the program itself "
           "works with; a test\ncompares the two. `hefc check MODEL.onnx` says of each node of a "
           "model what becomes of it.\n\n"
           "## Operators that are read\n\n" +
           operatorList(true) +
           ".\n\n"
           "Some of them only where their operands are constants or their shapes are known "
           "beforehand: then they are folded\naway. A form of an operator that is not read is "
           "named in the message, with the node.\n\n"
           "## Operators that are not read\n\n" +
           operatorList(false) +
           ".\n\n"
           "Behind the end nodes they do no harm: that part goes to the host as the file has "
           "it.\n\n"
           "## What holds for layers on the chip\n\n"
           "A layer that breaks one of these stays on the host, and the chip's part ends before "
           "it.\n\n" +
           limitTable(chipLimits()) +
           "\n## What the vendor's parser is known to refuse\n\n"
           "`hefc prepare` rewrites what it can and warns of the rest; newer parsers read "
           "more.\n\n" +
           limitTable(parserLimits());
}

} // namespace hefstudio
