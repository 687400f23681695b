// SPDX-License-Identifier: GPL-3.0-or-later
#include "har/hn_network.h"

#include "base/checked.h"
#include "graph/graph_builder.h"

#include <algorithm>
#include <optional>

namespace hefstudio {
namespace {

// Zero weights of a weightless archive are allocated for real: bound them.
constexpr std::int64_t mostZeroWeights = std::int64_t(1) << 26;

std::optional<ScalarFunction> activationOf(const HnLayer &layer)
{
    const std::string &name = layer.activation;
    static const std::map<std::string, ScalarFunction, std::less<>> known{
        {"", {}},
        {"linear", {}},
        {"relu", {Function::relu}},
        {"relu6", {Function::clip, 0, 6}},
        {"leaky", {Function::leakyRelu, 0.1F}},
        {"leaky_relu", {Function::leakyRelu, 0.1F}},
        {"sigmoid", {Function::sigmoid}},
        {"tanh", {Function::tanh}},
        {"swish", {Function::silu}},
        {"silu", {Function::silu}},
        {"mish", {Function::mish}},
        {"gelu", {Function::gelu}},
        {"elu", {Function::elu, 1}},
        {"exp", {Function::exp}},
        {"sqrt", {Function::sqrt}},
        {"softplus", {Function::softplus}},
        {"hardswish", {Function::hardSwish, 1.0F / 6, 0.5F}},
        {"hardsigmoid", {Function::hardSigmoid, 1.0F / 6, 0.5F}},
    };
    const auto found = known.find(name);
    std::optional<ScalarFunction> function;
    if (found != known.end())
        function = found->second;
    else if (const auto named = functionFromName(name))
        function = ScalarFunction{*named};
    if (function && layer.activationConstants.size() == 2) {
        function->alpha = static_cast<float>(layer.activationConstants[0]);
        function->beta = static_cast<float>(layer.activationConstants[1]);
    }
    return function;
}

// [-1, height, width, features] to [1, features, height, width]; rank 2 stays a vector.
std::optional<Shape> channelsFirst(const std::vector<std::int64_t> &dims)
{
    Shape shape;
    if (dims.size() == 4)
        shape = Shape{1, dims[3], dims[1], dims[2]};
    else if (dims.size() == 2)
        shape = Shape{1, dims[1]};
    else if (dims.size() == 3)
        shape = Shape{1, dims[2], dims[1]};
    else if (dims.size() > 4 && dims.size() <= 8)
        (shape = Shape(dims))[0] = 1;
    else
        return std::nullopt;
    const bool isPositive = std::ranges::all_of(shape, [](auto size) { return size > 0; });
    if (!isPositive || !checkedElementCount(shape.dims()))
        return std::nullopt;
    return shape;
}

// Axes of a stored kernel in the order of ours: result axis i is stored axis order[i].
Tensor permuted(const Tensor &stored, std::span<const std::size_t> order)
{
    const Tensor values = stored.toFloat32();
    Shape shape(std::vector<std::int64_t>(order.size(), 0));
    for (std::size_t i = 0; i < order.size(); ++i)
        shape[i] = stored.shape()[order[i]];
    Tensor result(ElementType::float32, shape);
    const auto strides = stored.shape().strides();
    const auto from = values.as<float>();
    const auto to = result.as<float>();
    std::vector<std::int64_t> index(order.size(), 0);
    for (float &value : to) {
        std::int64_t at = 0;
        for (std::size_t i = 0; i < order.size(); ++i)
            at += index[i] * strides[order[i]];
        value = from[static_cast<std::size_t>(at)];
        for (std::size_t axis = order.size(); axis-- > 0;) {
            if (++index[axis] < shape[axis])
                break;
            index[axis] = 0;
        }
    }
    return result;
}

// Columns of [O, K] counted height, width, channels, now channels, height, width.
Tensor channelsFirstRows(const Tensor &stored, const Shape &map)
{
    const std::int64_t channels = map[1];
    const std::int64_t cells = map[2] * map[3];
    Tensor result(ElementType::float32, stored.shape());
    const auto from = stored.as<float>();
    const auto to = result.as<float>();
    const auto columns = static_cast<std::size_t>(channels * cells);
    for (std::size_t row = 0; row < to.size(); row += columns)
        for (std::int64_t c = 0; c < channels; ++c)
            for (std::int64_t cell = 0; cell < cells; ++cell)
                to[row + static_cast<std::size_t>(c * cells + cell)] =
                    from[row + static_cast<std::size_t>(cell * channels + c)];
    return result;
}

class HnGraphBuilder {
public:
    HnGraphBuilder(const HnNetwork &network, const NamedTensors &weights, const std::string &file)
        : m_network(network),
          m_weights(weights),
          m_file(file),
          m_build(network.name.empty() ? "network" : network.name)
    {
    }

    Result<HnGraph> build()
    {
        if (auto sorted = sortLayers(); !sorted)
            return passOn(std::move(sorted));
        for (const HnLayer *layer : m_order)
            if (auto added = add(*layer); !added)
                return passOn(std::move(added));
        auto graph = std::move(m_build).finish();
        if (!graph)
            return passOn(std::move(graph));
        m_result.graph = std::make_shared<const Graph>(std::move(*graph));
        m_result.hasWeights = !m_weights.empty();
        return std::move(m_result);
    }

private:
    Diagnostic malformed(const HnLayer &layer, std::string reason) const
    {
        return Diagnostic("har.malformed", Place{.file = m_file, .layer = layer.name})
            .with("reason", std::move(reason));
    }

    // Producers before consumers, else in the order of the file.
    Result<void> sortLayers()
    {
        std::map<std::string, std::size_t> waiting;
        std::map<std::string, std::vector<const HnLayer *>> readers;
        std::vector<const HnLayer *> ready;
        for (const HnLayer &layer : m_network.layers) {
            if (!waiting.emplace(layer.name, layer.inputs.size()).second)
                return fail(malformed(layer, "its name stands there twice"));
            for (const std::string &input : layer.inputs)
                readers[input].push_back(&layer);
            if (layer.inputs.empty())
                ready.push_back(&layer);
        }
        for (std::size_t i = 0; i < ready.size(); ++i) {
            m_order.push_back(ready[i]);
            const auto found = readers.find(ready[i]->name);
            if (found == readers.end())
                continue;
            for (const HnLayer *reader : found->second)
                if (--waiting[reader->name] == 0)
                    ready.push_back(reader);
        }
        for (const HnLayer &layer : m_network.layers)
            if (waiting[layer.name] > 0)
                return fail(malformed(layer, "an operand is unknown or comes from itself"));
        return {};
    }

    const Tensor *weight(const HnLayer &layer, const char *what) const
    {
        const auto found = m_weights.find(layer.name + "/" + what + ":0");
        return found == m_weights.end() ? nullptr : &found->second;
    }

    // The layer's kernel in our order; zeros where the archive has none.
    Result<TensorId> kernel(const HnLayer &layer, std::span<const std::size_t> order)
    {
        const auto &stated = layer.kernelShape;
        const auto count = checkedElementCount(stated);
        if (stated.size() != order.size() || !count || *count <= 0)
            return fail(malformed(layer, "its kernel shape is impossible"));
        const Tensor *stored = weight(layer, "kernel");
        if (stored && stored->shape().dims() != stated)
            return fail(
                Diagnostic("har.weights-mismatch", Place{.file = m_file, .layer = layer.name})
                    .with("found", stored->shape().text())
                    .with("stated", Shape(stated).text()));
        if (!stored && (*count > mostZeroWeights || (m_zeroWeights += *count) > mostZeroWeights))
            return fail(malformed(layer, "it has no weights and states too many"));
        return m_build.constant(layer.name + "/kernel",
                                stored
                                    ? permuted(*stored, order)
                                    : permuted(Tensor(ElementType::float32, Shape(stated)), order));
    }

    TensorId bias(const HnLayer &layer, std::int64_t features)
    {
        const Tensor *stored = weight(layer, "bias");
        if (!stored || stored->elementCount() != features)
            return {};
        return m_build.constant(layer.name + "/bias",
                                stored->toFloat32().reshaped(Shape{features}));
    }

    Result<Window> window(const HnLayer &layer, std::int64_t kernelHeight, std::int64_t kernelWidth,
                          const Shape &in, const Shape &out)
    {
        Window w;
        constexpr std::int64_t largest = 1 << 16;
        const auto pair = [](const std::vector<std::int64_t> &four) {
            return four.size() == 4 ? std::array{four[1], four[2]}
                                    : std::array<std::int64_t, 2>{1, 1};
        };
        w.kernel = {kernelHeight, kernelWidth};
        w.stride = pair(layer.strides);
        w.dilation = pair(layer.dilations);
        for (const auto &sizes : {w.kernel, w.stride, w.dilation})
            if (std::ranges::any_of(sizes, [](auto s) { return s < 1 || s > largest; }))
                return fail(malformed(layer, "its window is impossible"));
        if (const auto &pad = layer.explicitPadding; pad.size() == 4) {
            if (std::ranges::any_of(pad, [](auto size) { return size < 0 || size > largest; }))
                return fail(malformed(layer, "its padding is impossible"));
            w.padBegin = {pad[0], pad[1]};
            w.padEnd = {pad[2], pad[3]};
        } else if (layer.padding != "VALID" && in.rank() == 4 && out.rank() == 4)
            for (std::size_t axis = 0; axis < 2; ++axis) {
                const std::int64_t reach = (w.kernel[axis] - 1) * w.dilation[axis] + 1;
                const std::int64_t total = std::max<std::int64_t>(
                    (out[2 + axis] - 1) * w.stride[axis] + reach - in[2 + axis], 0);
                w.padBegin[axis] = total / 2;
                w.padEnd[axis] = total - total / 2;
            }
        return w;
    }

    Result<void> add(const HnLayer &layer)
    {
        if (layer.type == "output_layer") {
            if (layer.inputs.size() == 1)
                m_build.output(m_tensors.at(layer.inputs.front()));
            return {};
        }
        const auto shape =
            layer.outputShapes.empty() ? std::nullopt : channelsFirst(layer.outputShapes.front());
        if (!shape)
            return fail(malformed(layer, "its output shape is impossible"));
        if (layer.inputs.empty()) {
            m_tensors[layer.name] = m_build.input(layer.name, *shape);
            return {};
        }
        std::vector<TensorId> operands;
        for (const std::string &input : layer.inputs) {
            const auto found = m_tensors.find(input);
            if (found == m_tensors.end())
                return fail(malformed(layer, "it reads an output layer"));
            operands.push_back(found->second);
        }
        if (layer.type == "dense")
            return addDense(layer, operands.front(), *shape);
        auto attributes = attributesOf(layer, operands, *shape);
        if (!attributes)
            return passOn(std::move(attributes));
        GraphBuilder::Options options{.origin = layer.originalNames};
        const auto activation = activationOf(layer);
        if (activation && !std::holds_alternative<Elementwise>(*attributes))
            options.activation = *activation;
        if (!activation)
            m_result.unknownTypes[layer.name] = layer.type + " " + layer.activation;
        m_tensors[layer.name] = m_build.layer(layer.name, std::move(*attributes),
                                              std::move(operands), *shape, std::move(options));
        return {};
    }

    // A vector between two changes of shape. The archive counts the rows of its weights by row,
    // column and channel of a map, ours by channel first.
    Result<void> addDense(const HnLayer &layer, TensorId operand, const Shape &out)
    {
        static constexpr std::size_t order[] = {1, 0};
        const Shape in = m_build.tensor(operand).shape;
        const std::int64_t count = in.elementCount();
        const std::int64_t features = out.elementCount();
        if (layer.kernelShape != std::vector{count, features})
            return fail(malformed(layer, "its kernel does not fit its operand"));
        auto weights = kernel(layer, order);
        if (!weights)
            return passOn(std::move(weights));
        if (in.rank() == 4 && in[2] * in[3] > 1)
            weights = m_build.constant(layer.name + "/kernel",
                                       channelsFirstRows(*m_build.tensor(*weights).constant, in));
        if (in.rank() != 2)
            operand =
                m_build.layer(layer.name + "/flatten", Reshape{{1, count}}, {operand}, {1, count});
        std::vector<TensorId> operands{operand, *weights};
        if (const TensorId b = bias(layer, features); b.isValid())
            operands.push_back(b);
        const auto activation = activationOf(layer);
        if (!activation)
            m_result.unknownTypes[layer.name] = layer.type + " " + layer.activation;
        TensorId result = m_build.layer(
            layer.name, FullyConnected{}, operands, {1, features},
            {.activation = activation.value_or(ScalarFunction{}), .origin = layer.originalNames});
        if (out.rank() != 2)
            result = m_build.layer(layer.name + "/map", Reshape{out.dims()}, {result}, out);
        m_tensors[layer.name] = result;
        return {};
    }

    // May add weights to the operands.
    Result<Attributes> attributesOf(const HnLayer &layer, std::vector<TensorId> &operands,
                                    const Shape &out)
    {
        const Shape in = m_build.tensor(operands.front()).shape;
        if (layer.type == "conv" || layer.type == "dw" || layer.type == "deconv")
            return convolution(layer, operands, in, out);
        if (layer.type == "maxpool" || layer.type == "avgpool") {
            if (layer.kernelShape.size() != 4)
                return fail(malformed(layer, "its kernel shape is impossible"));
            auto w = window(layer, layer.kernelShape[1], layer.kernelShape[2], in, out);
            if (!w)
                return passOn(std::move(w));
            if (layer.type == "maxpool")
                return MaxPool{*w};
            return AveragePool{*w};
        }
        return plain(layer, in, operands.size());
    }

    Attributes plain(const HnLayer &layer, const Shape &in, std::size_t operands)
    {
        static const std::map<std::string, BinaryOperator, std::less<>> binaries{
            {"ew_add", BinaryOperator::add},       {"ew_sub", BinaryOperator::subtract},
            {"ew_mult", BinaryOperator::multiply}, {"ew_div", BinaryOperator::divide},
            {"ew_max", BinaryOperator::maximum},   {"ew_min", BinaryOperator::minimum}};
        static const std::map<std::string, Reduction, std::less<>> reductions{
            {"reduce_max", Reduction::max},
            {"reduce_mean", Reduction::mean},
            {"reduce_sum", Reduction::sum},
            {"reduce_min", Reduction::min},
            {"global_avg_pool", Reduction::mean}};
        if (const auto found = binaries.find(layer.type); found != binaries.end() && operands == 2)
            return Binary{found->second};
        if (const auto found = reductions.find(layer.type);
            found != reductions.end() && in.rank() == 4)
            return Reduce{found->second, {2, 3}, true};
        if (layer.type == "concat")
            return Concat{1};
        if (layer.type == "matmul" && operands == 2)
            return MatMul{};
        if (layer.type == "softmax")
            return Softmax{1, false};
        if (layer.type == "activation")
            return Elementwise{activationOf(layer).value_or(ScalarFunction{})};
        m_result.unknownTypes[layer.name] = layer.type;
        return Elementwise{};
    }

    // Kernels are stored height, width, in, out; depthwise ones height, width, channels, factor.
    Result<Attributes> convolution(const HnLayer &layer, std::vector<TensorId> &operands,
                                   const Shape &in, const Shape &out)
    {
        static constexpr std::size_t outFirst[] = {3, 2, 0, 1};
        static constexpr std::size_t inFirst[] = {2, 3, 0, 1};
        const auto &stated = layer.kernelShape;
        if (stated.size() != 4 || in.rank() != 4 || out.rank() != 4 || layer.groups < 1)
            return fail(malformed(layer, "its kernel shape is impossible"));
        auto weights = kernel(layer, layer.type == "conv" ? outFirst : inFirst);
        if (!weights)
            return passOn(std::move(weights));
        auto w = window(layer, stated[0], stated[1], in, out);
        if (!w)
            return passOn(std::move(w));
        operands.push_back(*weights);
        if (const TensorId b = bias(layer, out[1]); b.isValid())
            operands.push_back(b);
        if (layer.type == "deconv") {
            if (layer.explicitPadding.empty()) // the rule for windows that shrink says nothing here
                w->padBegin = w->padEnd = {0, 0};
            return TransposedConvolution{.window = *w, .groups = layer.groups};
        }
        return Convolution{
            .window = *w, .groups = layer.type == "dw" ? in[1] : layer.groups, .padValues = {}};
    }

    const HnNetwork &m_network;
    const NamedTensors &m_weights;
    const std::string &m_file;
    GraphBuilder m_build;
    std::vector<const HnLayer *> m_order;
    std::map<std::string, TensorId> m_tensors;
    std::int64_t m_zeroWeights = 0;
    HnGraph m_result;
};

} // namespace

Result<HnGraph> graphOfHn(const HnNetwork &network, const NamedTensors &weights,
                          const std::string &nameForErrors)
{
    return HnGraphBuilder(network, weights, nameForErrors).build();
}

} // namespace hefstudio
