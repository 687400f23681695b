// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dnnl_integer.h"

#include <oneapi/dnnl/dnnl.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hefstudio::dnnl_integer {

namespace {

using dnnl::memory;
using Dims = memory::dims;
using Tag = memory::format_tag;
using Type = memory::data_type;

class LibrarySums final : public Sums {
public:
    template<class Description>
    LibrarySums(dnnl::engine engine, const Description &description, memory::desc source,
                memory::desc second, memory::desc destination)
        : m_engine(std::move(engine)),
          m_primitive(description),
          m_source(std::move(source)),
          m_second(std::move(second)),
          m_destination(std::move(destination)),
          m_scratch(description.scratchpad_desc()),
          m_implementation(description.impl_info_str())
    {
    }
    void keepWeights(memory weights) { m_weights = std::move(weights); }

    std::size_t scratchBytes() const override { return m_scratch.get_size(); }
    const char *implementation() const override { return m_implementation.c_str(); }

    void run(const std::uint8_t *source, const void *second, std::int32_t *destination,
             std::byte *scratch) const override
    {
        // The library's arguments are not const; it does not write to inputs.
        const memory from(m_source, m_engine, const_cast<std::uint8_t *>(source));
        const memory to(m_destination, m_engine, destination);
        const memory spare(m_scratch, m_engine, scratch);
        const memory given =
            m_weights ? m_weights : memory(m_second, m_engine, const_cast<void *>(second));
        dnnl::stream stream(m_engine);
        const std::array<dnnl_exec_arg_t, 4> arguments{{{DNNL_ARG_SRC, from.get()},
                                                        {DNNL_ARG_WEIGHTS, given.get()},
                                                        {DNNL_ARG_DST, to.get()},
                                                        {DNNL_ARG_SCRATCHPAD, spare.get()}}};
        // The C call: the C++ one builds a map for each of the thousands of calls per picture.
        dnnl_primitive_execute(m_primitive.get(), stream.get(),
                               static_cast<int>(arguments.size()), arguments.data());
    }

private:
    dnnl::engine m_engine;
    dnnl::primitive m_primitive;
    memory::desc m_source, m_second, m_destination, m_scratch;
    memory m_weights;
    std::string m_implementation;
};

bool isFast(std::string_view implementation)
{
    return !implementation.starts_with("ref") && implementation.find("gemm:ref") == std::string_view::npos;
}

template<class Make> SumsPointer guarded(const Make &make)
{
    try {
        return make();
    } catch (const dnnl::error &) { // "no implementation" is an answer here, not a failure
        return nullptr;
    }
}

dnnl::primitive_attr attributes()
{
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    return attributes;
}

} // namespace

SumsPointer makeConvolution(const Convolution &settings)
{
    return guarded([&]() -> SumsPointer {
        const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
        const auto picture = [](const dnnl_wrapper::PictureSize &size, Type type) {
            return memory::desc({size.batch, size.channels, size.height, size.width}, type,
                                Tag::nhwc);
        };
        const memory::desc source = picture(settings.source, Type::u8);
        const memory::desc destination = picture(settings.destination, Type::s32);
        const Window &window = settings.window;
        const auto [kh, kw] = window.kernel;
        const std::int64_t groups = settings.groups;
        const std::int64_t outputs = settings.destination.channels;
        const std::int64_t inputs = settings.source.channels / groups;
        const Dims dims = groups == 1 ? Dims{outputs, inputs, kh, kw}
                                      : Dims{groups, outputs / groups, inputs, kh, kw};
        const memory::desc plain(dims, Type::s8, groups == 1 ? Tag::oihw : Tag::goihw);
        const memory::desc any(dims, Type::s8, Tag::any);
        const Dims strides{window.stride[0], window.stride[1]};
        const Dims dilation{window.dilation[0] - 1, window.dilation[1] - 1};
        const Dims begin{window.padBegin[0], window.padBegin[1]};
        const Dims end{window.padEnd[0], window.padEnd[1]};
#if DNNL_VERSION_MAJOR >= 3
        const dnnl::convolution_forward::primitive_desc description(
            engine, dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, source,
            any, memory::desc(), destination, strides, dilation, begin, end, attributes(), true);
#else
        const dnnl::convolution_forward::desc operation(
            dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, source, any,
            destination, strides, dilation, begin, end);
        const dnnl::convolution_forward::primitive_desc description(operation, attributes(), engine,
                                                                    true);
#endif
        if (!description || !isFast(description.impl_info_str()))
            return nullptr;
        auto sums = std::make_unique<LibrarySums>(engine, description, source, memory::desc(),
                                                  destination);
        memory from(plain, engine, const_cast<std::int8_t *>(settings.weights.data()));
        memory packed(description.weights_desc(), engine);
        dnnl::stream stream(engine);
        dnnl::reorder(from, packed).execute(stream, from, packed);
        stream.wait();
        sums->keepWeights(std::move(packed));
        return sums;
    });
}

SumsPointer makeProduct(const Product &settings)
{
    return guarded([&]() -> SumsPointer {
        const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
        const auto matrix = [&](std::int64_t rows, std::int64_t columns, Type type) {
            return memory::desc({settings.batch, rows, columns}, type, Tag::abc);
        };
        const memory::desc source = matrix(settings.rows, settings.depth, Type::u8);
        const memory::desc second = matrix(settings.depth, settings.columns, Type::s8);
        const memory::desc destination = matrix(settings.rows, settings.columns, Type::s32);
#if DNNL_VERSION_MAJOR >= 3
        const dnnl::matmul::primitive_desc description(engine, source, second, destination,
                                                       attributes(), true);
#else
        const dnnl::matmul::primitive_desc description({source, second, destination}, attributes(),
                                                       engine, true);
#endif
        if (!description || !isFast(description.impl_info_str()))
            return nullptr;
        return std::make_unique<LibrarySums>(engine, description, source, second, destination);
    });
}

bool isAllowed(IntegerInstructionSet limit)
{
    const int isa = static_cast<int>(dnnl_get_effective_cpu_isa());
    const auto includes = [isa](int level) { return (isa & level) == level; };
    constexpr int amx = dnnl_cpu_isa_avx512_core_amx;
    if (limit < IntegerInstructionSet::vnni || !includes(dnnl_cpu_isa_avx512_core_vnni))
        return false;
    return limit >= IntegerInstructionSet::amx || !includes(amx);
}

bool selfTest(Kind kind, const MakeConvolution &convolution, const MakeProduct &product)
{
    // 4609 or 4617 products of near 255·127: sums near 1.5·10^8, far above 2^24, and odd, so that a
    // detour through float would show.
    constexpr std::int64_t side = 6, outputs = 48;
    const std::int64_t kernel = kind == Kind::window ? 3 : 1;
    const std::int64_t channels = kind == Kind::window ? 513 : 4609;
    const std::int64_t depth = channels * kernel * kernel;
    const std::int64_t out = side - kernel + 1;
    std::vector<std::uint8_t> source(static_cast<std::size_t>(side * side * channels));
    for (std::size_t i = 0; i < source.size(); ++i)
        source[i] = static_cast<std::uint8_t>(255 - (i * 7 + i / 513) % 3);
    std::vector<std::int8_t> weights(static_cast<std::size_t>(outputs * depth));
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const auto row = static_cast<std::int64_t>(i) / depth;
        const int size = 127 - static_cast<int>((i * 5) % 2);
        weights[i] = static_cast<std::int8_t>(row % 3 == 2 ? -size : size);
    }
    const std::int64_t rows = out * out;
    std::vector<std::int32_t> found(static_cast<std::size_t>(rows * outputs), -1);
    std::vector<std::int8_t> turned; // [K, N], what a product takes
    SumsPointer sums;
    if (kind == Kind::product) {
        turned.resize(weights.size());
        for (std::int64_t o = 0; o < outputs; ++o)
            for (std::int64_t k = 0; k < depth; ++k)
                turned[static_cast<std::size_t>(k * outputs + o)] =
                    weights[static_cast<std::size_t>(o * depth + k)];
        sums = product({1, rows, depth, outputs});
    } else {
        Window window;
        window.kernel = {kernel, kernel};
        sums = convolution({{1, channels, side, side}, {1, outputs, out, out}, window, 1, weights});
    }
    if (!sums)
        return false;
    std::vector<std::byte> scratch(sums->scratchBytes() + 64);
    const auto misplaced = reinterpret_cast<std::uintptr_t>(scratch.data()) % 64;
    sums->run(source.data(), turned.data(), found.data(), scratch.data() + (64 - misplaced) % 64);

    for (std::int64_t row = 0; row < rows; ++row)
        for (std::int64_t o = 0; o < outputs; ++o) {
            std::int64_t sum = 0;
            for (std::int64_t c = 0; c < channels; ++c)
                for (std::int64_t ky = 0; ky < kernel; ++ky)
                    for (std::int64_t kx = 0; kx < kernel; ++kx) {
                        const std::int64_t pixel =
                            (row / out + ky) * side + row % out + kx;
                        const std::int64_t tap = (c * kernel + ky) * kernel + kx;
                        sum += static_cast<std::int64_t>(
                                   source[static_cast<std::size_t>(pixel * channels + c)]) *
                               weights[static_cast<std::size_t>(o * depth + tap)];
                    }
            if (found[static_cast<std::size_t>(row * outputs + o)] != sum)
                return false;
        }
    return true;
}

bool isExact(Kind kind)
{
    const auto test = [](Kind tested) {
        const dnnl_wrapper::ThreadScope one(1);
        return selfTest(tested, makeConvolution, makeProduct);
    };
    // The library and the machine do not change while the process runs.
    switch (kind) {
    case Kind::pointwise: {
        static const bool isRight = test(Kind::pointwise);
        return isRight;
    }
    case Kind::window: {
        static const bool isRight = test(Kind::window);
        return isRight;
    }
    case Kind::product: {
        static const bool isRight = test(Kind::product);
        return isRight;
    }
    }
    return false;
}

} // namespace hefstudio::dnnl_integer
