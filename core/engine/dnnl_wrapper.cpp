// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dnnl_wrapper.h"

#include <oneapi/dnnl/dnnl.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <omp.h>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hefstudio::dnnl_wrapper {

namespace {

using dnnl::memory;
using Dims = memory::dims;
using Tag = memory::format_tag;
constexpr auto f32 = memory::data_type::f32;

// One engine for the whole call chain of a kernel. Engines of the library are handles to the same
// CPU, so each kernel may have its own.
dnnl::engine cpu()
{
    return {dnnl::engine::kind::cpu, 0};
}

memory::desc pictureDesc(const PictureSize &size)
{
    return {{size.batch, size.channels, size.height, size.width}, f32, Tag::nhwc};
}

// The library's elementwise operations that make up a function; empty when it has none.
struct EltwiseStep {
    dnnl::algorithm algorithm;
    float alpha = 0;
    float beta = 0;
};

std::vector<EltwiseStep> eltwiseSteps(const ScalarFunction &function)
{
    using dnnl::algorithm;
    const float alpha = function.alpha, beta = function.beta;
    switch (function.function) {
    case Function::relu:
        return {{algorithm::eltwise_relu, 0, 0}};
    case Function::leakyRelu:
        return {{algorithm::eltwise_relu, alpha, 0}};
    case Function::clip:
        return {{algorithm::eltwise_clip, alpha, beta}};
    case Function::sigmoid:
        return {{algorithm::eltwise_logistic, 0, 0}};
    case Function::tanh:
        return {{algorithm::eltwise_tanh, 0, 0}};
    case Function::hardSigmoid:
        return {{algorithm::eltwise_linear, alpha, beta}, {algorithm::eltwise_clip, 0, 1}};
    case Function::hardSwish: // 3.x reads the parameters, 2.x has these fixed
        return {{algorithm::eltwise_hardswish, 1.0F / 6.0F, 0.5F}};
    case Function::silu:
        return {{algorithm::eltwise_swish, 1, 0}};
    case Function::gelu:
        return {{algorithm::eltwise_gelu_erf, 0, 0}};
    case Function::geluTanh:
        return {{algorithm::eltwise_gelu_tanh, 0, 0}};
    case Function::elu:
        return {{algorithm::eltwise_elu, alpha, 0}};
    case Function::mish:
        return {{algorithm::eltwise_mish, 0, 0}};
    case Function::softplus: // 3.x reads alpha
        return {{algorithm::eltwise_soft_relu, 1, 0}};
    case Function::exp:
        return {{algorithm::eltwise_exp, 0, 0}};
    case Function::log:
        return {{algorithm::eltwise_log, 0, 0}};
    case Function::sqrt:
        return {{algorithm::eltwise_sqrt, 0, 0}};
    case Function::abs:
        return {{algorithm::eltwise_abs, 0, 0}};
    case Function::negate:
        return {{algorithm::eltwise_linear, -1, 0}};
    case Function::affine:
        return {{algorithm::eltwise_linear, alpha, beta}};
    default:
        return {};
    }
}

// User scratch memory: the library's own would be one per thread and never freed.
dnnl::primitive_attr attributesWith(const ScalarFunction &activation)
{
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    dnnl::post_ops postOps;
    for (const EltwiseStep &step : eltwiseSteps(activation)) {
#if DNNL_VERSION_MAJOR >= 3
        postOps.append_eltwise(step.algorithm, step.alpha, step.beta);
#else
        postOps.append_eltwise(1.0F, step.algorithm, step.alpha, step.beta);
#endif
    }
    attributes.set_post_ops(postOps);
    return attributes;
}

// A primitive with the descriptions of what it reads and writes, and the constants it owns.
class PrimitiveKernel final : public Kernel {
public:
    template<class Description>
    PrimitiveKernel(const dnnl::engine &engine, const Description &description)
        : m_engine(engine),
          m_primitive(description),
          m_scratch(description.scratchpad_desc()),
          m_implementation(description.impl_info_str())
    {
    }

    void setSource(memory::desc desc) { m_source = std::move(desc); }
    void setSecond(memory::desc desc) { m_second = std::move(desc); }
    void setDestination(memory::desc desc) { m_destination = std::move(desc); }
    void addConstant(int argument, memory value)
    {
        m_constants.emplace(argument, std::move(value));
    }

    std::size_t scratchBytes() const override { return m_scratch.get_size(); }
    const char *implementation() const override { return m_implementation.c_str(); }

    BoundKernel bind(const Buffers &buffers) const override
    {
        auto bound = std::make_shared<Bound>(dnnl::stream(m_engine));
        const auto add = [&](int argument, memory value) {
            bound->arguments.push_back({argument, value.get()});
            bound->kept.push_back(std::move(value));
        };
        const auto addBuffer = [&](int argument, const memory::desc &desc, const void *data) {
            if (desc.get_size() > 0)
                add(argument, memory(desc, m_engine, const_cast<void *>(data)));
        };
        for (const auto &[argument, value] : m_constants)
            add(argument, value);
        addBuffer(DNNL_ARG_SRC, m_source, buffers.source);
        addBuffer(DNNL_ARG_WEIGHTS, m_second, buffers.second);
        bound->destination = memory(m_destination, m_engine, buffers.destination);
        add(DNNL_ARG_DST, bound->destination);
        if (m_scratch.get_size() > 0) {
            bound->scratch = memory(m_scratch, m_engine, nullptr);
            add(DNNL_ARG_SCRATCHPAD, bound->scratch);
        }
        return [primitive = m_primitive, bound](std::byte *scratch, float *elsewhere) {
            if (bound->scratch)
                bound->scratch.set_data_handle(scratch);
            if (elsewhere)
                bound->destination.set_data_handle(elsewhere);
            // Past the C++ interface, which builds this list anew at every call.
            dnnl_primitive_execute(primitive.get(), bound->stream.get(),
                                   static_cast<int>(bound->arguments.size()),
                                   bound->arguments.data());
        };
    }

private:
    struct Bound {
        explicit Bound(dnnl::stream ownStream) : stream(std::move(ownStream)) {}
        dnnl::stream stream;
        memory scratch, destination;
        std::vector<memory> kept;
        std::vector<dnnl_exec_arg_t> arguments;
    };

    dnnl::engine m_engine;
    dnnl::primitive m_primitive;
    memory::desc m_scratch, m_source, m_second, m_destination;
    std::unordered_map<int, memory> m_constants;
    std::string m_implementation;
};

// The library's reference kernels take seconds for a picture; the caller's loops are better.
template<class Description> bool isFast(const Description &description)
{
    return description && !std::string_view(description.impl_info_str()).starts_with("ref");
}

memory packed(const dnnl::engine &engine, const memory::desc &from, std::span<const float> values,
              const memory::desc &to)
{
    memory plain(from, engine, const_cast<float *>(values.data()));
    memory result(to, engine);
    dnnl::stream stream(engine);
    dnnl::reorder(plain, result).execute(stream, plain, result);
    stream.wait();
    return result;
}

} // namespace

struct PackedWeights {
    std::vector<memory> forms;

    const memory *find(const memory::desc &desc) const
    {
        for (const memory &form : forms)
            if (form.get_desc() == desc)
                return &form;
        return nullptr;
    }
};

PackedWeightsPointer makePackedWeights()
{
    return std::make_shared<PackedWeights>();
}

namespace {

memory packedOnce(const PackedWeightsPointer &store, const dnnl::engine &engine,
                  const memory::desc &from, std::span<const float> values, const memory::desc &to)
{
    if (!store)
        return packed(engine, from, values, to);
    if (const memory *there = store->find(to))
        return *there;
    store->forms.push_back(packed(engine, from, values, to));
    return store->forms.back();
}

template<class Make> KernelPointer guarded(const Make &make)
{
    try {
        return make();
    } catch (const dnnl::error &) { // "no implementation" is an answer here, not a failure
        return nullptr;
    }
}

// Window numbers as the library wants them: a dilation of 0 means none.
struct Geometry {
    Dims strides, kernel, dilation, padBegin, padEnd;
    explicit Geometry(const Window &window)
        : strides{window.stride[0], window.stride[1]},
          kernel{window.kernel[0], window.kernel[1]},
          dilation{window.dilation[0] - 1, window.dilation[1] - 1},
          padBegin{window.padBegin[0], window.padBegin[1]},
          padEnd{window.padEnd[0], window.padEnd[1]}
    {
    }
    // The library insists that padding, window and output fit exactly at the far end.
    void fitEnd(std::int64_t in, std::int64_t out, std::size_t axis)
    {
        const std::int64_t reach =
            (out - 1) * strides[axis] + (kernel[axis] - 1) * (dilation[axis] + 1) + 1;
        padEnd[axis] = std::max<std::int64_t>(0, reach - in - padBegin[axis]);
    }
};

template<class Primitive>
KernelPointer convolutionKernel(const ConvolutionSettings &settings, dnnl::algorithm algorithm,
                                const memory::desc &weightsFrom, const Geometry &geometry)
{
    const dnnl::engine engine = cpu();
    const memory::desc source = pictureDesc(settings.source);
    const memory::desc destination = pictureDesc(settings.destination);
    const memory::desc weights(
#if DNNL_VERSION_MAJOR >= 3
        weightsFrom.get_dims(),
#else
        weightsFrom.dims(),
#endif
        f32, Tag::any);
    const memory::desc bias = settings.bias.empty()
                                  ? memory::desc()
                                  : memory::desc({settings.destination.channels}, f32, Tag::a);
    const dnnl::primitive_attr attributes = attributesWith(settings.activation);
#if DNNL_VERSION_MAJOR >= 3
    const typename Primitive::primitive_desc description(
        engine, dnnl::prop_kind::forward_inference, algorithm, source, weights, bias, destination,
        geometry.strides, geometry.dilation, geometry.padBegin, geometry.padEnd, attributes, true);
#else
    const typename Primitive::desc operation(dnnl::prop_kind::forward_inference, algorithm, source,
                                             weights, bias, destination, geometry.strides,
                                             geometry.dilation, geometry.padBegin, geometry.padEnd);
    const typename Primitive::primitive_desc description(operation, attributes, engine, true);
#endif
    if (!isFast(description))
        return nullptr;
    auto kernel = std::make_unique<PrimitiveKernel>(engine, description);
    kernel->setSource(source);
    kernel->setDestination(destination);
    kernel->addConstant(DNNL_ARG_WEIGHTS,
                        packedOnce(settings.packed, engine, weightsFrom, settings.weights,
                                   description.weights_desc()));
    if (!settings.bias.empty())
        kernel->addConstant(DNNL_ARG_BIAS,
                            packed(engine, bias, settings.bias, description.bias_desc()));
    return kernel;
}

} // namespace

KernelPointer makeConvolution(const ConvolutionSettings &settings)
{
    return guarded([&]() -> KernelPointer {
        const std::int64_t groups = settings.groups;
        const std::int64_t outputs = settings.destination.channels;
        const std::int64_t inputs = settings.source.channels / groups;
        const auto [kh, kw] = settings.window.kernel;
        const memory::desc weights =
            groups == 1 ? memory::desc({outputs, inputs, kh, kw}, f32, Tag::oihw)
                        : memory::desc({groups, outputs / groups, inputs, kh, kw}, f32, Tag::goihw);
        Geometry geometry(settings.window);
        geometry.fitEnd(settings.source.height, settings.destination.height, 0);
        geometry.fitEnd(settings.source.width, settings.destination.width, 1);
        return convolutionKernel<dnnl::convolution_forward>(
            settings, dnnl::algorithm::convolution_direct, weights, geometry);
    });
}

KernelPointer makeTransposedConvolution(const ConvolutionSettings &settings)
{
    return guarded([&]() -> KernelPointer {
        const std::int64_t groups = settings.groups;
        const std::int64_t outputs = settings.destination.channels / groups;
        const std::int64_t inputs = settings.source.channels / groups;
        const auto [kh, kw] = settings.window.kernel;
        const memory::desc weights =
            groups == 1 ? memory::desc({outputs, inputs, kh, kw}, f32, Tag::iohw)
                        : memory::desc({groups, outputs, inputs, kh, kw}, f32, Tag::giohw);
        Geometry geometry(settings.window);
        const auto fit = [&](std::int64_t in, std::int64_t out, std::size_t axis) {
            const std::int64_t full = (in - 1) * geometry.strides[axis] +
                                      (geometry.kernel[axis] - 1) * (geometry.dilation[axis] + 1) +
                                      1;
            geometry.padEnd[axis] = full - geometry.padBegin[axis] - out;
        };
        fit(settings.source.height, settings.destination.height, 0);
        fit(settings.source.width, settings.destination.width, 1);
        return convolutionKernel<dnnl::deconvolution_forward>(
            settings, dnnl::algorithm::deconvolution_direct, weights, geometry);
    });
}

KernelPointer makePool(Pool pool, const PictureSize &sourceSize, const PictureSize &destinationSize,
                       const Window &window)
{
    return guarded([&]() -> KernelPointer {
        const dnnl::engine engine = cpu();
        const memory::desc source = pictureDesc(sourceSize);
        const memory::desc destination = pictureDesc(destinationSize);
        Geometry geometry(window);
        geometry.fitEnd(sourceSize.height, destinationSize.height, 0);
        geometry.fitEnd(sourceSize.width, destinationSize.width, 1);
        const dnnl::algorithm algorithm = pool == Pool::maximum ? dnnl::algorithm::pooling_max
                                          : pool == Pool::average
                                              ? dnnl::algorithm::pooling_avg_exclude_padding
                                              : dnnl::algorithm::pooling_avg_include_padding;
        const dnnl::primitive_attr attributes = attributesWith({});
#if DNNL_VERSION_MAJOR >= 3
        const dnnl::pooling_forward::primitive_desc description(
            engine, dnnl::prop_kind::forward_inference, algorithm, source, destination,
            geometry.strides, geometry.kernel, geometry.dilation, geometry.padBegin,
            geometry.padEnd, attributes, true);
#else
        const dnnl::pooling_v2_forward::desc operation(
            dnnl::prop_kind::forward_inference, algorithm, source, destination, geometry.strides,
            geometry.kernel, geometry.dilation, geometry.padBegin, geometry.padEnd);
        const dnnl::pooling_v2_forward::primitive_desc description(operation, attributes, engine,
                                                                   true);
#endif
        if (!isFast(description))
            return nullptr;
        auto kernel = std::make_unique<PrimitiveKernel>(engine, description);
        kernel->setSource(source);
        kernel->setDestination(destination);
        return kernel;
    });
}

KernelPointer makeProduct(const ProductSettings &settings)
{
    return guarded([&]() -> KernelPointer {
        const dnnl::engine engine = cpu();
        const auto dense = [](const Shape &shape) {
            return memory::desc(shape.dims(), f32, Dims(shape.strides()));
        };
        const bool isPacked = !settings.weights.empty();
        const memory::desc source = dense(settings.left);
        const memory::desc destination = dense(settings.destination);
        const memory::desc right =
            isPacked ? memory::desc(settings.right.dims(), f32, Tag::any) : dense(settings.right);
        memory::desc bias;
        if (!settings.bias.empty()) {
            Shape row(std::vector<std::int64_t>(settings.destination.rank(), 1));
            row[row.rank() - 1] = settings.destination.back();
            bias = dense(row);
        }
        const dnnl::primitive_attr attributes = attributesWith(settings.activation);
#if DNNL_VERSION_MAJOR >= 3
        const dnnl::matmul::primitive_desc description =
            settings.bias.empty()
                ? dnnl::matmul::primitive_desc(engine, source, right, destination, attributes, true)
                : dnnl::matmul::primitive_desc(engine, source, right, bias, destination, attributes,
                                               true);
#else
        const dnnl::matmul::desc operation =
            settings.bias.empty() ? dnnl::matmul::desc(source, right, destination)
                                  : dnnl::matmul::desc(source, right, bias, destination);
        const dnnl::matmul::primitive_desc description(operation, attributes, engine, true);
#endif
        if (!isFast(description))
            return nullptr;
        auto kernel = std::make_unique<PrimitiveKernel>(engine, description);
        kernel->setSource(source);
        kernel->setDestination(destination);
        if (isPacked) {
            const std::int64_t depth = settings.right[0], columns = settings.right[1];
            const memory::desc transposed({depth, columns}, f32, Tag::ba);
            kernel->addConstant(DNNL_ARG_WEIGHTS,
                                packedOnce(settings.packed, engine, transposed, settings.weights,
                                           description.weights_desc()));
        } else {
            kernel->setSecond(right);
        }
        if (!settings.bias.empty())
            kernel->addConstant(DNNL_ARG_BIAS, packed(engine, bias, settings.bias, bias));
        return kernel;
    });
}

namespace {

// Several steps in a row: the first from source to destination, the others in place.
class ChainKernel final : public Kernel {
public:
    explicit ChainKernel(std::vector<KernelPointer> kernels) : m_kernels(std::move(kernels)) {}
    std::size_t scratchBytes() const override
    {
        std::size_t most = 0;
        for (const KernelPointer &kernel : m_kernels)
            most = std::max(most, kernel->scratchBytes());
        return most;
    }
    const char *implementation() const override { return m_kernels.front()->implementation(); }
    BoundKernel bind(const Buffers &buffers) const override
    {
        std::vector<BoundKernel> calls;
        Buffers current = buffers;
        for (const KernelPointer &kernel : m_kernels) {
            calls.push_back(kernel->bind(current));
            current.source = buffers.destination;
        }
        return [calls = std::move(calls)](std::byte *scratch, float *) {
            for (const BoundKernel &call : calls)
                call(scratch, nullptr);
        };
    }

private:
    std::vector<KernelPointer> m_kernels;
};

} // namespace

KernelPointer makeElementwise(const ScalarFunction &function, std::int64_t count)
{
    return guarded([&]() -> KernelPointer {
        const dnnl::engine engine = cpu();
        const memory::desc data({count}, f32, Tag::a);
        const dnnl::primitive_attr attributes = attributesWith({});
        std::vector<KernelPointer> kernels;
        for (const EltwiseStep &step : eltwiseSteps(function)) {
#if DNNL_VERSION_MAJOR >= 3
            const dnnl::eltwise_forward::primitive_desc description(
                engine, dnnl::prop_kind::forward_inference, step.algorithm, data, data, step.alpha,
                step.beta, attributes, true);
#else
            const dnnl::eltwise_forward::desc operation(
                dnnl::prop_kind::forward_inference, step.algorithm, data, step.alpha, step.beta);
            const dnnl::eltwise_forward::primitive_desc description(operation, attributes, engine,
                                                                    true);
#endif
            if (!isFast(description))
                return nullptr;
            auto kernel = std::make_unique<PrimitiveKernel>(engine, description);
            kernel->setSource(data);
            kernel->setDestination(data);
            kernels.push_back(std::move(kernel));
        }
        if (kernels.empty())
            return nullptr;
        if (kernels.size() == 1)
            return std::move(kernels.front());
        return std::make_unique<ChainKernel>(std::move(kernels));
    });
}

bool canFuse(const ScalarFunction &function)
{
    return function.function == Function::identity || !eltwiseSteps(function).empty();
}

void limitInstructionSet(InstructionSet isa)
{
    // "avx512" sets no limit: float kernels do not use what lies above AVX-512 proper, while the
    // integer kernels of the same process want their VNNI and AMX.
    if (isa == InstructionSet::avx2)
        dnnl_set_max_cpu_isa(dnnl_cpu_isa_avx2);
}

ThreadScope::ThreadScope(int threads) : m_before(omp_get_max_threads())
{
    omp_set_num_threads(std::max(1, threads));
}

ThreadScope::~ThreadScope()
{
    omp_set_num_threads(m_before);
}

} // namespace hefstudio::dnnl_wrapper

namespace hefstudio {

std::string effectiveInstructionSet()
{
    const int isa = static_cast<int>(dnnl_get_effective_cpu_isa());
    const auto includes = [isa](int level) { return (isa & level) == level; };
    if (includes(dnnl_cpu_isa_avx512_core))
        return "avx512";
    if (includes(dnnl_cpu_isa_avx2))
        return "avx2";
    return includes(dnnl_cpu_isa_avx) ? "avx" : "sse41";
}

} // namespace hefstudio
