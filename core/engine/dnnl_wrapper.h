// The place that knows oneDNN (2.6 and 3.x, whose interfaces differ); dnnl_integer.h is its companion
// for integers. It makes float kernels whose weights are packed once; a kernel can be bound to
// buffers any number of times and the bindings may run side by side. Pictures are dense
// channels-last (NHWC) throughout: on AVX-512 oneDNN's best float convolutions (brgconv) want it, on
// AVX2 they lose little by it, channels need no padding, and every other layer can work on it with
// plain loops. Measured with one thread on Skylake: 3×3 256→256 at 20×20 reaches 141 GFLOP/s
// channels-last, 124 in nChw16c, 100 in nchw; only depthwise is slower than in nChw16c, by about
// 30 %.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/float_engine.h"
#include "graph/layer.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <span>

namespace hefstudio::dnnl_wrapper {

// What a kernel reads and writes; unused pointers are null.
struct Buffers {
    const float *source = nullptr;
    const float *second = nullptr; // the right operand of a product of two values
    float *destination = nullptr;
};

// A kernel on its buffers. The scratch memory is given at each call, because one binding may run
// now on this thread, now on that one (never on two at once); 64-byte aligned. With `elsewhere` the
// result goes there instead of to the destination bound.
using BoundKernel = std::function<void(std::byte *scratch, float *elsewhere)>;

class Kernel {
public:
    virtual ~Kernel() = default;
    virtual std::size_t scratchBytes() const = 0;
    // The returned call runs on the thread that calls it, with that thread's number of threads.
    virtual BoundKernel bind(const Buffers &buffers) const = 0;
    virtual const char *implementation() const = 0; // the library's name for it, for measurements
};
using KernelPointer = std::unique_ptr<Kernel>;

// Packed weights of kernels made one after the other for parts of the same layer: a form that is
// there already is shared.
struct PackedWeights;
using PackedWeightsPointer = std::shared_ptr<PackedWeights>;
PackedWeightsPointer makePackedWeights();

struct PictureSize {
    std::int64_t batch = 1, channels = 1, height = 1, width = 1;
};

// Each returns null when the library has no kernel, or none that is better than plain loops.
// Weights and bias are dense in ONNX order and are not needed after the call; `bias` may be empty.
struct ConvolutionSettings {
    PictureSize source, destination;
    Window window; // padding is zero
    std::int64_t groups = 1;
    std::span<const float> weights, bias;
    ScalarFunction activation;    // ignored unless canFuse() says yes
    PackedWeightsPointer packed;  // null: the kernel's own
};
KernelPointer makeConvolution(const ConvolutionSettings &settings);
KernelPointer makeTransposedConvolution(const ConvolutionSettings &settings);

enum class Pool { maximum, average, averageWithPadding };
KernelPointer makePool(Pool pool, const PictureSize &source, const PictureSize &destination,
                       const Window &window);

// source [batch…,M,K] × right [batch…,K,N], dense, of equal rank; a batch dimension may be 1.
// With `weights` (in the order [N,K]) the right operand is packed here instead.
struct ProductSettings {
    Shape left, right, destination;
    std::span<const float> weights, bias;
    ScalarFunction activation;
    PackedWeightsPointer packed; // null: the kernel's own
};
KernelPointer makeProduct(const ProductSettings &settings);

// function(source) → destination, which may be the source itself.
KernelPointer makeElementwise(const ScalarFunction &function, std::int64_t count);

// Whether convolutions and products can apply the function to their result.
bool canFuse(const ScalarFunction &function);

// Must run before any kernel is made; later calls cannot change a level in use.
void limitInstructionSet(InstructionSet isa);

// Sets how many threads the library uses for calls of this thread while it lives.
class ThreadScope {
public:
    explicit ThreadScope(int threads);
    ~ThreadScope();
    ThreadScope(const ThreadScope &) = delete;
    ThreadScope &operator=(const ThreadScope &) = delete;

private:
    int m_before;
};

} // namespace hefstudio::dnnl_wrapper
