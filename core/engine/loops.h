// Plain loops over dense float buffers for everything that is not a convolution or a product. All
// take sizes and strides in elements, axis by axis in the same order, so that one loop serves both
// layouts of a picture and every transposition, slice and broadcast. Axes are sorted, merged and
// checked once (prepare…), then run many times. The compiler makes each loop for several
// instruction sets; the results do not depend on which one runs.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/layer.h"
#include "ops/resize_taps.h"

#include <cstdint>
#include <span>
#include <vector>

namespace hefstudio::loops {

using Strides = std::vector<std::int64_t>;

// destination[Σ i·to] = source[Σ i·from] for all indices i below `sizes`. Offsets into the buffers
// are the caller's business; strides may be zero (source only) or negative (source only).
struct Copy {
    std::vector<std::int64_t> sizes;
    Strides from, to;
};
Copy prepareCopy(std::span<const std::int64_t> sizes, Strides from, Strides to);
void run(const Copy &copy, const float *source, float *destination);
// About so many parts that write different places, each with where it begins in the buffers.
struct CopyPart {
    Copy copy;
    std::int64_t from = 0, to = 0;
};
std::vector<CopyPart> split(const Copy &copy, std::int64_t parts);

enum class Combine { add, subtract, multiply, divide, minimum, maximum, parametricRelu };
// destination[i] = a[i] op b[i], with zero strides where an operand is broadcast. The strides of
// the destination say in which order it is written; it must be dense.
struct Combination {
    Combine op = Combine::add;
    std::vector<std::int64_t> sizes; // outermost first; always at least two
    Strides a, b, to;
};
Combination prepareCombination(Combine op, std::span<const std::int64_t> sizes, Strides a,
                               Strides b, Strides to);
void run(const Combination &combination, const float *a, const float *b, float *destination);
struct CombinationPart {
    Combination combination;
    std::int64_t a = 0, b = 0, to = 0;
};
std::vector<CombinationPart> split(const Combination &combination, std::int64_t parts);

// destination[Σ i·to] collects source[Σ i·from] over the axes whose `to` is zero. Sums in double.
struct Reducing {
    Reduction reduction = Reduction::mean;
    std::vector<std::int64_t> sizes;
    Strides from, to;
    std::int64_t results = 0;
    std::int64_t perResult = 0;
};
Reducing prepareReducing(Reduction reduction, std::span<const std::int64_t> sizes, Strides from,
                         Strides to);
// `sums` has one entry per result and is overwritten.
void run(const Reducing &reducing, const float *source, std::span<double> sums, float *destination);
struct ReducingPart {
    Reducing reducing;
    std::int64_t from = 0, to = 0;
};
std::vector<ReducingPart> split(const Reducing &reducing, std::int64_t parts);

// Channels-last pictures.
struct Resizing {
    std::int64_t batch = 1, channels = 1, inHeight = 1, inWidth = 1;
    std::vector<std::vector<ResizeTap>> rows, columns;
};
void run(const Resizing &resizing, const float *source, float *destination);

// Along the middle axis of outer × length × inner, whose steps are `stride` apart.
struct SoftmaxView {
    std::int64_t outer = 1, length = 1, inner = 1, stride = 1;
    bool logarithm = false;
};
void run(const SoftmaxView &view, const float *source, float *destination);

// Rows of `length` values; gamma and beta may be empty.
void normaliseRows(const float *source, std::int64_t rows, std::int64_t length, float epsilon,
                   std::span<const float> gamma, std::span<const float> beta, float *destination);

} // namespace hefstudio::loops
