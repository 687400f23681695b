// Shared by the files of the integer reference; nobody else includes it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/thread_pool.h"
#include "ops/integer_layer.h"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace hefstudio::integer {

// What one run works on: the operands with constants filled in.
struct Run {
    const IntegerLayer &layer;
    std::span<const Tensor *const> inputs;
    const Shape &outputShape;
    ThreadPool *pool;

    const TensorQuantisation &quantisation(std::size_t slot) const
    {
        return layer.operands[slot].quantisation;
    }
    // Operand `slot` as q − zeroPoint.
    std::vector<std::int32_t> centred(std::size_t slot) const;
    // Operand `slot` as stored.
    std::vector<std::int32_t> stored(std::size_t slot) const;
    // work(index) for index in [0, count), on the pool when there is one.
    void forEach(std::int64_t count, const std::function<void(std::int64_t)> &work) const;
};

// The output tensor under construction.
class Output {
public:
    Output(const IntegerLayer &layer, const Shape &shape);
    void put(std::int64_t index, std::int32_t value)
    {
        if (m_wide)
            m_wide[index] = static_cast<std::uint16_t>(value);
        else
            m_narrow[index] = static_cast<std::uint8_t>(value);
    }
    Tensor take() && { return std::move(m_tensor); }

private:
    Tensor m_tensor;
    std::uint8_t *m_narrow = nullptr;
    std::uint16_t *m_wide = nullptr;
};

// A shape as [outer, axis, inner].
struct AxisView {
    std::int64_t outer = 1, size = 1, inner = 1;
};
AxisView viewAlong(const Shape &shape, std::size_t axis);
// [N, C, H, W]; absent trailing dimensions are 1.
std::array<std::int64_t, 4> planes(const Shape &shape);

// For each output position of `shape`, the offset in a broadcast operand: strides with 0 for
// broadcast dimensions, aligned at the end.
std::vector<std::int64_t> broadcastStrides(const Shape &operand, const Shape &shape);
// The offset of every output element, in output order.
std::vector<std::int64_t> stridedOffsets(const Shape &shape, std::int64_t base,
                                         std::span<const std::int64_t> strides);

Tensor runConvolution(const IntegerConvolution &form, const Run &run);
Tensor runTransposedConvolution(const IntegerTransposedConvolution &form, const Run &run);
Tensor runFullyConnected(const IntegerFullyConnected &form, const Run &run);
Tensor runMatMul(const IntegerMatMul &form, const Run &run);
Tensor runTable(const IntegerTable &form, const Run &run);
Tensor runRescale(const IntegerRescale &form, const Run &run);
Tensor runBinary(const IntegerBinary &form, const Run &run);
Tensor runConcat(const IntegerConcat &form, const Run &run);
Tensor runMaxPool(const IntegerMaxPool &form, const Run &run);
Tensor runAveragePool(const IntegerAveragePool &form, const Run &run);
Tensor runReduce(const IntegerReduce &form, const Run &run);
Tensor runResize(const IntegerResize &form, const Run &run);
Tensor runSoftmax(const IntegerSoftmax &form, const Run &run);
Tensor runLayerNorm(const IntegerLayerNorm &form, const Run &run);
Tensor runMove(const IntegerMove &form, const Run &run);

} // namespace hefstudio::integer
