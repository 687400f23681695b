// Published architectures and small worlds for the tests of the mapping, as they look after the
// passes: batch normalisation folded, activations fused. Weights are zeros: only shapes count here.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph_builder.h"

#include <string>
#include <vector>

namespace hefstudio {

class Network {
public:
    explicit Network(const std::string &name) : m_build(name) {}

    TensorId input(std::int64_t channels, std::int64_t height, std::int64_t width)
    {
        return m_build.input("images", {1, channels, height, width});
    }
    TensorId convolution(TensorId x, std::int64_t outputs, std::int64_t kernel,
                         std::int64_t stride = 1, std::int64_t groups = 1)
    {
        const Shape in = m_build.tensor(x).shape;
        const std::int64_t pad = (kernel - 1) / 2;
        const auto size = [&](std::int64_t n) { return (n + 2 * pad - kernel) / stride + 1; };
        const TensorId weights = m_build.constant(
            "w", Tensor(ElementType::float32, {outputs, in[1] / groups, kernel, kernel}));
        return m_build.layer(next("conv"),
                             Convolution{.window = {.kernel = {kernel, kernel},
                                                    .stride = {stride, stride},
                                                    .padBegin = {pad, pad},
                                                    .padEnd = {pad, pad}},
                                         .groups = groups},
                             {x, weights}, {1, outputs, size(in[2]), size(in[3])},
                             {.activation = {Function::relu}});
    }
    TensorId depthwise(TensorId x, std::int64_t kernel, std::int64_t stride)
    {
        const std::int64_t channels = shape(x)[1];
        return convolution(x, channels, kernel, stride, channels);
    }
    TensorId add(TensorId a, TensorId b)
    {
        return m_build.layer(next("add"), Binary{BinaryOperator::add}, {a, b}, shape(a));
    }
    TensorId maxPool(TensorId x, std::int64_t kernel, std::int64_t stride)
    {
        const Shape in = shape(x);
        const std::int64_t pad = (kernel - 1) / 2;
        const auto size = [&](std::int64_t n) { return (n + 2 * pad - kernel) / stride + 1; };
        return m_build.layer(next("pool"),
                             MaxPool{{.kernel = {kernel, kernel},
                                      .stride = {stride, stride},
                                      .padBegin = {pad, pad},
                                      .padEnd = {pad, pad}}},
                             {x}, {1, in[1], size(in[2]), size(in[3])});
    }
    TensorId globalMean(TensorId x)
    {
        return m_build.layer(next("mean"), Reduce{Reduction::mean, {2, 3}}, {x},
                             {1, shape(x)[1], 1, 1});
    }
    TensorId reshape(TensorId x, Shape to)
    {
        return m_build.layer(next("reshape"), Reshape{to.dims()}, {x}, to);
    }
    TensorId connected(TensorId x, std::int64_t outputs)
    {
        const std::int64_t inputs = shape(x).elementCount();
        const TensorId flat = reshape(x, {1, inputs});
        const TensorId weights =
            m_build.constant("w", Tensor(ElementType::float32, {outputs, inputs}));
        return m_build.layer(next("fc"), FullyConnected{}, {flat, weights}, {1, outputs});
    }
    TensorId concat(const std::vector<TensorId> &parts)
    {
        Shape joined = shape(parts[0]);
        joined[1] = 0;
        for (const TensorId part : parts)
            joined[1] += shape(part)[1];
        return m_build.layer(next("concat"), Concat{1}, parts, joined);
    }
    TensorId half(TensorId x, bool second)
    {
        Shape part = shape(x);
        part[1] /= 2;
        return m_build.layer(next("half"),
                             Slice{{0, second ? part[1] : 0, 0, 0}, part.dims(), {1, 1, 1, 1}}, {x},
                             part);
    }
    TensorId upsample(TensorId x)
    {
        const Shape in = shape(x);
        return m_build.layer(next("up"), Resize{.scale = {2, 2}, .size = {2 * in[2], 2 * in[3]}},
                             {x}, {1, in[1], 2 * in[2], 2 * in[3]});
    }
    void output(TensorId x) { m_build.output(x); }
    Graph finish() { return std::move(m_build).finish().value(); }

private:
    const Shape &shape(TensorId x) const { return m_build.tensor(x).shape; }
    std::string next(const std::string &kind) { return kind + std::to_string(++m_count); }

    GraphBuilder m_build;
    int m_count = 0;
};

// `layers` 3×3 convolutions in a row.
inline Graph chain(int layers, std::int64_t channels, std::int64_t size)
{
    Network net("chain");
    TensorId x = net.input(channels, size, size);
    for (int i = 0; i < layers; ++i)
        x = net.convolution(x, channels, 3);
    net.output(x);
    return net.finish();
}

inline Graph resnetOfBasicBlocks(const std::string &name, const std::vector<int> &blocks)
{
    Network net(name);
    TensorId x = net.maxPool(net.convolution(net.input(3, 224, 224), 64, 7, 2), 3, 2);
    for (std::size_t stage = 0; stage < blocks.size(); ++stage) {
        const std::int64_t channels = std::int64_t(64) << stage;
        for (int block = 0; block < blocks[stage]; ++block) {
            const std::int64_t stride = stage > 0 && block == 0 ? 2 : 1;
            const TensorId skip = stride == 2 ? net.convolution(x, channels, 1, 2) : x;
            const TensorId inner = net.convolution(x, channels, 3, stride);
            x = net.add(net.convolution(inner, channels, 3), skip);
        }
    }
    net.output(net.connected(net.globalMean(x), 1000));
    return net.finish();
}
inline Graph resnet18()
{
    return resnetOfBasicBlocks("resnet18", {2, 2, 2, 2});
}
inline Graph resnet34()
{
    return resnetOfBasicBlocks("resnet34", {3, 4, 6, 3});
}

inline Graph resnet50()
{
    Network net("resnet50");
    TensorId x = net.maxPool(net.convolution(net.input(3, 224, 224), 64, 7, 2), 3, 2);
    const int blocks[] = {3, 4, 6, 3};
    for (int stage = 0; stage < 4; ++stage) {
        const std::int64_t channels = std::int64_t(64) << stage;
        for (int block = 0; block < blocks[stage]; ++block) {
            const std::int64_t stride = stage > 0 && block == 0 ? 2 : 1;
            const TensorId skip = block == 0 ? net.convolution(x, 4 * channels, 1, stride) : x;
            // Version 1 strides in the first 1×1 convolution.
            const TensorId inner =
                net.convolution(net.convolution(x, channels, 1, stride), channels, 3);
            x = net.add(net.convolution(inner, 4 * channels, 1), skip);
        }
    }
    net.output(net.connected(net.globalMean(x), 1000));
    return net.finish();
}

inline Graph mobilenetV2()
{
    Network net("mobilenet_v2");
    TensorId x = net.convolution(net.input(3, 224, 224), 32, 3, 2);
    std::int64_t channels = 32;
    const std::int64_t stages[][4] = {{1, 16, 1, 1}, {6, 24, 2, 2},  {6, 32, 3, 2}, {6, 64, 4, 2},
                                      {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};
    for (const auto &[expansion, outputs, repeats, firstStride] : stages) {
        for (std::int64_t i = 0; i < repeats; ++i) {
            const std::int64_t stride = i == 0 ? firstStride : 1;
            TensorId y = expansion > 1 ? net.convolution(x, channels * expansion, 1) : x;
            y = net.convolution(net.depthwise(y, 3, stride), outputs, 1);
            x = stride == 1 && channels == outputs ? net.add(y, x) : y;
            channels = outputs;
        }
    }
    net.output(net.connected(net.globalMean(net.convolution(x, 1280, 1)), 1000));
    return net.finish();
}

// YOLOv8 with the head cut at its last convolutions. Width ×1/4 and depth ×1/3 is "n".
inline Graph yolov8(const std::string &name, double width, int depth, std::int64_t deepest)
{
    Network net(name);
    const auto channels = [&](std::int64_t full) {
        return static_cast<std::int64_t>(static_cast<double>(std::min(full, deepest)) * width);
    };
    const auto c2f = [&](TensorId x, std::int64_t outputs, int repeats, bool shortcut) {
        const TensorId both = net.convolution(x, outputs, 1);
        std::vector<TensorId> parts{net.half(both, false), net.half(both, true)};
        for (int i = 0; i < repeats; ++i) {
            const TensorId inner =
                net.convolution(net.convolution(parts.back(), outputs / 2, 3), outputs / 2, 3);
            parts.push_back(shortcut ? net.add(inner, parts.back()) : inner);
        }
        return net.convolution(net.concat(parts), outputs, 1);
    };
    TensorId x = net.convolution(net.input(3, 640, 640), channels(64), 3, 2);
    x = c2f(net.convolution(x, channels(128), 3, 2), channels(128), depth, true);
    const TensorId p3 =
        c2f(net.convolution(x, channels(256), 3, 2), channels(256), 2 * depth, true);
    const TensorId p4 =
        c2f(net.convolution(p3, channels(512), 3, 2), channels(512), 2 * depth, true);
    x = c2f(net.convolution(p4, channels(1024), 3, 2), channels(1024), depth, true);
    x = net.convolution(x, channels(1024) / 2, 1);
    const TensorId a = net.maxPool(x, 5, 1);
    const TensorId b = net.maxPool(a, 5, 1);
    const TensorId p5 =
        net.convolution(net.concat({x, a, b, net.maxPool(b, 5, 1)}), channels(1024), 1);
    const TensorId up4 = c2f(net.concat({net.upsample(p5), p4}), channels(512), depth, false);
    const TensorId n3 = c2f(net.concat({net.upsample(up4), p3}), channels(256), depth, false);
    const TensorId n4 = c2f(net.concat({net.convolution(n3, channels(256), 3, 2), up4}),
                            channels(512), depth, false);
    const TensorId n5 = c2f(net.concat({net.convolution(n4, channels(512), 3, 2), p5}),
                            channels(1024), depth, false);
    const std::int64_t boxes = std::max<std::int64_t>(64, channels(256) / 4);
    const std::int64_t classes = std::max<std::int64_t>(channels(256), 80);
    for (const TensorId map : {n3, n4, n5}) {
        net.output(
            net.convolution(net.convolution(net.convolution(map, boxes, 3), boxes, 3), 64, 1));
        net.output(
            net.convolution(net.convolution(net.convolution(map, classes, 3), classes, 3), 80, 1));
    }
    return net.finish();
}

} // namespace hefstudio
