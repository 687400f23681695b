// The fields of every struct of a program, in the order they are stored. Adding, removing or moving
// one changes the format: raise programVersion (encode.h).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "program/archive.h"
#include "program/program.h"

namespace hefstudio::program {

template<class Archive, class T, std::size_t size>
void describe(Archive &archive, std::array<T, size> &values)
{
    for (T &value : values)
        field(archive, value);
}

template<class Archive, class T, std::size_t size>
void describe(Archive &archive, const std::array<T, size> &values)
{
    for (const T &value : values)
        field(archive, value);
}

// The overload below is chosen by the struct; `T` is the struct or its const form.
template<class T, class Wanted>
concept Is = std::is_same_v<std::remove_const_t<T>, Wanted>;

void describe(auto &archive, Is<TensorQuantisation> auto &q)
{
    field(archive, q.scale);
    field(archive, q.zeroPoint);
    field(archive, q.bits);
}

void describe(auto &archive, Is<FixedPoint> auto &factor)
{
    field(archive, factor.multiplier);
    field(archive, factor.shift);
}

void describe(auto &archive, Is<FunctionTable> auto &table)
{
    field(archive, table.indexBits);
    field(archive, table.fractionBits);
    smoothNumbers(archive, table.points);
}

void describe(auto &archive, Is<OutputStage> auto &stage)
{
    const auto factor = [&](auto &value) { describe(archive, value); };
    list(archive, stage.rescale, factor);
    list(archive, stage.negative, factor);
    field(archive, stage.zeroPoint);
    field(archive, stage.low);
    field(archive, stage.high);
    optional(archive, stage.table, [&](auto &table) { describe(archive, table); });
    list(archive, stage.gain, factor);
    field(archive, stage.gainZeroPoint);
}

void describe(auto &archive, Is<Window> auto &window)
{
    describe(archive, window.kernel);
    describe(archive, window.stride);
    describe(archive, window.dilation);
    describe(archive, window.padBegin);
    describe(archive, window.padEnd);
}

void describe(auto &, Is<IntegerInput> auto &) {}

void describe(auto &archive, Is<IntegerConvolution> auto &form)
{
    describe(archive, form.window);
    field(archive, form.groups);
    shape(archive, form.weightShape);
    byteList(archive, form.weights);
    numbers(archive, form.bias);
    numbers(archive, form.padding);
    describe(archive, form.stage);
}

void describe(auto &archive, Is<IntegerTransposedConvolution> auto &form)
{
    describe(archive, form.window);
    describe(archive, form.outputPadding);
    field(archive, form.groups);
    shape(archive, form.weightShape);
    byteList(archive, form.weights);
    numbers(archive, form.bias);
    describe(archive, form.stage);
}

void describe(auto &archive, Is<IntegerFullyConnected> auto &form)
{
    shape(archive, form.weightShape);
    byteList(archive, form.weights);
    numbers(archive, form.bias);
    describe(archive, form.stage);
}

void describe(auto &archive, Is<IntegerMatMul> auto &form)
{
    describe(archive, form.stage);
}

void describe(auto &archive, Is<IntegerTable> auto &form)
{
    describe(archive, form.table);
    field(archive, form.low);
    field(archive, form.high);
}

void describe(auto &archive, Is<IntegerRescale> auto &form)
{
    describe(archive, form.stage);
}

void describe(auto &archive, Is<IntegerBinary> auto &form)
{
    enumeration(archive, form.operation, IntegerBinary::Operation::maximum);
    describe(archive, form.multipliers);
    describe(archive, form.stage);
}

void describe(auto &archive, Is<IntegerConcat> auto &form)
{
    field(archive, form.axis);
    describe(archive, form.stage);
}

void describe(auto &archive, Is<IntegerMaxPool> auto &form)
{
    describe(archive, form.window);
    describe(archive, form.stage);
}

void describe(auto &archive, Is<IntegerAveragePool> auto &form)
{
    describe(archive, form.window);
    field(archive, form.countIncludesPadding);
    describe(archive, form.stage);
}

void describe(auto &archive, Is<IntegerReduce> auto &form)
{
    enumeration(archive, form.reduction, Reduction::product);
    numbers(archive, form.axes);
    field(archive, form.keepDimensions);
    describe(archive, form.stage);
}

void describe(auto &archive, Is<IntegerResize::Axis> auto &axis)
{
    field(archive, axis.taps);
    field(archive, axis.fractionBits);
    smoothNumbers(archive, axis.index);
    numbers(archive, axis.weight);
}

void describe(auto &archive, Is<IntegerResize> auto &form)
{
    describe(archive, form.rows);
    describe(archive, form.columns);
    describe(archive, form.stage);
}

void describe(auto &archive, Is<IntegerSoftmax> auto &form)
{
    field(archive, form.axis);
    field(archive, form.stepBits);
    smoothNumbers(archive, form.exponential);
    describe(archive, form.stage);
}

void describe(auto &archive, Is<IntegerLayerNorm> auto &form)
{
    field(archive, form.axis);
    field(archive, form.subtractsMean);
    field(archive, form.epsilon);
    numbers(archive, form.gamma);
    numbers(archive, form.beta);
    describe(archive, form.stage);
}

void describe(auto &archive, Is<Slice> auto &slice)
{
    numbers(archive, slice.begin);
    numbers(archive, slice.size);
    numbers(archive, slice.step);
}

void describe(auto &archive, Is<Reshape> auto &reshape)
{
    numbers(archive, reshape.shape);
}

void describe(auto &archive, Is<Transpose> auto &transpose)
{
    numbers(archive, transpose.permutation);
}

void describe(auto &archive, Is<DepthToSpace> auto &move)
{
    field(archive, move.block);
    field(archive, move.depthMajor);
}

void describe(auto &archive, Is<SpaceToDepth> auto &move)
{
    field(archive, move.block);
}

void describe(auto &archive, Is<Broadcast> auto &broadcast)
{
    numbers(archive, broadcast.shape);
}

void describe(auto &archive, Is<IntegerPad> auto &pad)
{
    enumeration(archive, pad.mode, PadMode::edge);
    numbers(archive, pad.begin);
    numbers(archive, pad.end);
    field(archive, pad.value);
}

void describe(auto &archive, Is<IntegerGather> auto &gather)
{
    field(archive, gather.axis);
    shape(archive, gather.indexShape);
    smoothNumbers(archive, gather.indices);
}

void describe(auto &archive, Is<IntegerMove> auto &form)
{
    variant(archive, form.operation, [&](auto &operation) { describe(archive, operation); });
    describe(archive, form.stage);
}

// The element type follows the quantisation, the bytes are little endian.
void describe(auto &archive, Is<IntegerOperand> auto &operand)
{
    using Archive = std::remove_reference_t<decltype(archive)>;
    describe(archive, operand.quantisation);
    bool isConstant = operand.constant != nullptr;
    field(archive, isConstant);
    if (!isConstant)
        return;
    if constexpr (Archive::isReader) {
        Shape dims;
        shape(archive, dims);
        const auto bytes = archive.raw(archive.length());
        const std::size_t wide = operand.quantisation.bits == 16 ? 2 : 1;
        if (archive.isBroken() ||
            bytes.size() != static_cast<std::size_t>(dims.elementCount()) * wide) {
            archive.fail();
            return;
        }
        auto constant = std::make_shared<Tensor>(operand.quantisation.elementType(), dims);
        if (!bytes.empty() && constant->byteCount() == bytes.size())
            std::memcpy(constant->bytes().data(), bytes.data(), bytes.size());
        operand.constant = std::move(constant);
    } else {
        shape(archive, operand.constant->shape());
        archive.unsignedNumber(operand.constant->byteCount());
        archive.raw(operand.constant->bytes());
    }
}

void describe(auto &archive, Is<IntegerLayer> auto &layer)
{
    text(archive, layer.name);
    list(archive, layer.operands, [&](auto &operand) { describe(archive, operand); });
    describe(archive, layer.output);
    variant(archive, layer.form, [&](auto &form) { describe(archive, form); });
}

void describe(auto &archive, Is<ProgramValue> auto &value)
{
    text(archive, value.name);
    shape(archive, value.shape);
    describe(archive, value.quantisation);
}

void describe(auto &archive, Is<ProgramBuffer> auto &buffer)
{
    text(archive, buffer.name);
    shape(archive, buffer.shape);
    describe(archive, buffer.quantisation);
}

void describe(auto &archive, Is<BufferId> auto &id)
{
    using Archive = std::remove_reference_t<decltype(archive)>;
    if constexpr (Archive::isReader) {
        std::uint32_t index = 0;
        field(archive, index);
        id = BufferId(index);
    } else {
        const auto index = static_cast<std::uint32_t>(id.index());
        field(archive, index);
    }
}

void describe(auto &archive, Is<ProgramTransfer> auto &transfer)
{
    describe(archive, transfer.buffer);
    field(archive, transfer.value);
}

void describe(auto &archive, Is<ProgramKernel> auto &kernel)
{
    describe(archive, kernel.layer);
    numbers(archive, kernel.operands);
    field(archive, kernel.result);
}

inline constexpr std::size_t mostInContext = 1 << 16;

void describe(auto &archive, Is<ProgramContext> auto &context)
{
    const auto each = [&](auto &value) { describe(archive, value); };
    list(archive, context.values, each, mostInContext);
    list(archive, context.loads, each, mostInContext);
    list(archive, context.kernels, each, mostInContext);
    list(archive, context.stores, each, mostInContext);
}

// The part before the contexts; those have sections of their own.
void describeHead(auto &archive, Is<Program> auto &program)
{
    const auto each = [&](auto &value) { describe(archive, value); };
    text(archive, program.name);
    list(archive, program.buffers, each);
    list(archive, program.inputs, each);
    list(archive, program.outputs, each);
}

} // namespace hefstudio::program
