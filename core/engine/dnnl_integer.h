// oneDNN's sums of products in integers: u8 × s8 → s32, without bias, scale or post-operation, for
// with any of these the library goes through float and errs above 2^24. Only on machines with
// AVX-512 VNNI or AMX, and only after selfTest() found every bit right: below VNNI the library
// saturates. The companion of dnnl_wrapper.h; nothing else knows the library.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/dnnl_wrapper.h"
#include "engine/integer_instruction_set.h"
#include "graph/layer.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

namespace hefstudio::dnnl_integer {

// May run on several threads at once, each with its own scratch (64-byte aligned); every call keeps
// to the thread that makes it (dnnl_wrapper::ThreadScope of one thread around it).
class Sums {
public:
    virtual ~Sums() = default;
    virtual std::size_t scratchBytes() const = 0;
    virtual void run(const std::uint8_t *source, const void *second, std::int32_t *destination,
                     std::byte *scratch) const = 0;
    virtual const char *implementation() const = 0;
};
using SumsPointer = std::unique_ptr<Sums>;

// Null when the library has nothing better than plain loops. Channels-last source and sums; padding
// counts as the stored integer 0. Weights in ONNX order [O, C/groups, kh, kw].
struct Convolution {
    dnnl_wrapper::PictureSize source, destination;
    Window window;
    std::int64_t groups = 1;
    std::span<const std::int8_t> weights;
};
SumsPointer makeConvolution(const Convolution &settings);

// source [batch, M, K] u8 × second [batch, K, N] s8, the second given to run().
struct Product {
    std::int64_t batch = 1, rows = 1, depth = 1, columns = 1;
};
SumsPointer makeProduct(const Product &settings);

// Is the library allowed under this limit, at its level of this process?
bool isAllowed(IntegerInstructionSet limit);

// What is tested, once per process, before the first use.
enum class Kind { pointwise, window, product };
bool isExact(Kind kind);

// The test: sums of K ≥ 4608 terms, odd and above 2^24, every one compared. Takes the makers so that
// a test can hand in one that errs.
using MakeConvolution = std::function<SumsPointer(const Convolution &)>;
using MakeProduct = std::function<SumsPointer(const Product &)>;
bool selfTest(Kind kind, const MakeConvolution &convolution, const MakeProduct &product);

} // namespace hefstudio::dnnl_integer
