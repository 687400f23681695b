// SPDX-License-Identifier: GPL-3.0-or-later
#include "har/har_writer.h"

#include "base/diagnostic_json.h"
#include "base/npy.h"

#include <algorithm>
#include <array>

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;

Json dimsJson(const Shape &shape)
{
    // Channels last, the batch open; a vector is one pixel.
    if (shape.rank() == 4)
        return {-1, shape[2], shape[3], shape[1]};
    if (shape.rank() == 2)
        return {-1, 1, 1, shape[1]};
    Json dims = Json::array({-1});
    for (std::size_t i = 1; i < shape.rank(); ++i)
        dims.push_back(shape[i]);
    return dims;
}

std::string activationName(const ScalarFunction &function)
{
    switch (function.function) {
    case Function::identity:
        return "linear";
    case Function::clip:
        return function.alpha == 0 && function.beta == 6 ? "relu6" : "clip";
    case Function::leakyRelu:
        return "leaky_relu";
    case Function::hardSwish:
        return "hardswish";
    case Function::hardSigmoid:
        return "hardsigmoid";
    case Function::geluTanh:
        return "gelu";
    default:
        return std::string(functionName(function.function));
    }
}

bool isDepthwise(const Graph &graph, const Layer &layer)
{
    const auto *conv = layer.as<Convolution>();
    if (!conv)
        return false;
    const Shape &weights = graph.inputOf(layer, 1).shape;
    return conv->groups > 1 && weights[1] == 1 && weights[0] == conv->groups;
}

std::string typeName(const Graph &graph, const Layer &layer)
{
    if (layer.is<Convolution>())
        return isDepthwise(graph, layer) ? "dw" : "conv";
    if (layer.is<TransposedConvolution>())
        return "deconv";
    if (layer.is<FullyConnected>())
        return "dense";
    if (layer.is<MaxPool>())
        return "maxpool";
    if (layer.is<AveragePool>())
        return "avgpool";
    if (layer.is<Elementwise>())
        return "activation";
    if (layer.is<Input>())
        return "input_layer";
    if (const auto *binary = layer.as<Binary>()) {
        static constexpr std::array names{"ew_add", "ew_sub", "ew_mult", "ew_div",
                                          "ew_min", "ew_max", "ew_pow",  "ew_mod"};
        return names[static_cast<std::size_t>(binary->op)];
    }
    if (const auto *reduce = layer.as<Reduce>())
        return "reduce_" + std::string(reductionName(reduce->reduction));
    std::string name(layer.kind());
    std::ranges::replace(name, '-', '_');
    return name;
}

// Axes of our weights in the order of the archive: stored axis i is our axis order[i].
std::vector<std::size_t> storedOrder(const Graph &graph, const Layer &layer)
{
    if (layer.is<FullyConnected>())
        return {1, 0};
    if (layer.is<TransposedConvolution>() || isDepthwise(graph, layer))
        return {2, 3, 0, 1};
    return {2, 3, 1, 0};
}

Tensor permuted(const Tensor &tensor, std::span<const std::size_t> order)
{
    Shape shape(std::vector<std::int64_t>(order.size(), 0));
    for (std::size_t i = 0; i < order.size(); ++i)
        shape[i] = tensor.shape()[order[i]];
    Tensor result(tensor.type(), shape);
    const auto strides = tensor.shape().strides();
    const std::size_t width = elementBytes(tensor.type());
    std::vector<std::int64_t> index(order.size(), 0);
    for (std::size_t to = 0; to < result.byteCount(); to += width) {
        std::int64_t at = 0;
        for (std::size_t i = 0; i < order.size(); ++i)
            at += index[i] * strides[order[i]];
        std::ranges::copy(tensor.bytes().subspan(static_cast<std::size_t>(at) * width, width),
                          result.bytes().begin() + static_cast<std::ptrdiff_t>(to));
        for (std::size_t axis = order.size(); axis-- > 0;) {
            if (++index[axis] < shape[axis])
                break;
            index[axis] = 0;
        }
    }
    return result;
}

bool hasKernel(const Layer &layer)
{
    return layer.is<Convolution>() || layer.is<TransposedConvolution>() ||
           layer.is<FullyConnected>();
}

const Window *windowOf(const Layer &layer)
{
    if (const auto *conv = layer.as<Convolution>())
        return &conv->window;
    if (const auto *conv = layer.as<TransposedConvolution>())
        return &conv->window;
    if (const auto *pool = layer.as<MaxPool>())
        return &pool->window;
    if (const auto *pool = layer.as<AveragePool>())
        return &pool->window;
    return nullptr;
}

void putWindow(Json &params, const Window &w, const Shape &in, const Shape &out)
{
    params["strides"] = {1, w.stride[0], w.stride[1], 1};
    params["dilations"] = {1, w.dilation[0], w.dilation[1], 1};
    bool isValid = true;
    bool isSame = true;
    for (std::size_t axis = 0; axis < 2; ++axis) {
        const std::int64_t reach = (w.kernel[axis] - 1) * w.dilation[axis] + 1;
        const std::int64_t total =
            std::max<std::int64_t>((out[2 + axis] - 1) * w.stride[axis] + reach - in[2 + axis], 0);
        isValid = isValid && w.padBegin[axis] == 0 && w.padEnd[axis] == 0;
        isSame = isSame && w.padBegin[axis] == total / 2 && w.padEnd[axis] == total - total / 2;
    }
    params["padding"] = isValid ? "VALID" : isSame ? "SAME_TENSORFLOW" : "EXPLICIT";
    if (!isValid && !isSame)
        params["explicit_padding"] = {w.padBegin[0], w.padBegin[1], w.padEnd[0], w.padEnd[1]};
}

Json paramsJson(const Graph &graph, const Layer &layer)
{
    Json params = Json::object();
    if (hasKernel(layer)) {
        const Shape &weights = graph.inputOf(layer, 1).shape;
        params["kernel_shape"] = Json::array();
        for (const std::size_t axis : storedOrder(graph, layer))
            params["kernel_shape"].push_back(weights[axis]);
    }
    if (const Window *window = windowOf(layer)) {
        if (!hasKernel(layer))
            params["kernel_shape"] = {1, window->kernel[0], window->kernel[1], 1};
        putWindow(params, *window, graph.inputOf(layer, 0).shape, graph.outputOf(layer).shape);
    }
    if (const auto *conv = layer.as<Convolution>())
        params["groups"] = conv->groups;
    if (const auto *conv = layer.as<TransposedConvolution>())
        params["groups"] = conv->groups;
    const auto *elementwise = layer.as<Elementwise>();
    const ScalarFunction &function = elementwise ? elementwise->function : layer.activation;
    params["activation"] = activationName(function);
    if (function.alpha != 0 || function.beta != 0)
        params["activation_constants"] = {function.alpha, function.beta};
    return params;
}

std::string precisionMode(const HarLayerIntegers &integers)
{
    const std::string a = integers.bits == 8 ? "a8" : "a16";
    return a + "_w8_" + a;
}

Json layerJson(const Graph &graph, const Layer &layer, const std::string &model,
               const std::map<std::string, HarLayerIntegers> &integers)
{
    Json json{{"type", typeName(graph, layer)},
              {"input", Json::array()},
              {"output", Json::array()},
              {"input_shapes", Json::array()},
              {"output_shapes", Json::array({dimsJson(graph.outputOf(layer).shape)})},
              {"original_names", layer.origin},
              {"compilation_params", Json::object()},
              {"quantization_params", Json::object()}};
    for (const TensorId id : layer.inputs) {
        if (!id.isValid() || graph.tensor(id).isConstant())
            continue;
        const Layer &producer = graph.layer(graph.tensor(id).producer);
        json["input"].push_back(hnLayerName(model, producer.name));
        json["input_shapes"].push_back(dimsJson(graph.tensor(id).shape));
    }
    for (const LayerId reader : graph.outputOf(layer).consumers)
        json["output"].push_back(hnLayerName(model, graph.layer(reader).name));
    if (const auto found = integers.find(layer.name); found != integers.end())
        json["quantization_params"]["precision_mode"] = precisionMode(found->second);
    if (!layer.is<Input>())
        json["params"] = paramsJson(graph, layer);
    return json;
}

NamedTensors floatArrays(const Graph &graph, const std::string &model, std::int64_t kind)
{
    NamedTensors arrays{{"params_kind", Tensor::of<std::int64_t>({1}, {kind})}};
    for (const Layer &layer : graph.layers) {
        const std::string name = hnLayerName(model, layer.name);
        for (std::size_t slot = 0; slot < layer.inputs.size(); ++slot) {
            if (!graph.hasInput(layer, slot) || !graph.inputOf(layer, slot).isConstant())
                continue;
            const Tensor &constant = *graph.inputOf(layer, slot).constant;
            if (hasKernel(layer) && slot == 1)
                arrays[name + "/kernel:0"] = permuted(constant, storedOrder(graph, layer));
            else if (hasKernel(layer) && slot == 2)
                arrays[name + "/bias:0"] = constant;
            else
                arrays[name + "/operand" + std::to_string(slot) + ":0"] = constant;
        }
    }
    return arrays;
}

NamedTensors integerArrays(const OptimizedModel &model)
{
    const Graph &graph = *model.optimized;
    NamedTensors arrays{{"params_kind", Tensor::of<std::int64_t>({1}, {2})}};
    for (const Layer &layer : graph.layers) {
        const auto found = model.integers.find(layer.name);
        if (found == model.integers.end())
            continue;
        const HarLayerIntegers &q = found->second;
        const std::string name = hnLayerName(model.index.modelName, layer.name);
        const auto pair = [&](const char *what, double a, double b) {
            arrays[name + "/" + what + ":0"] =
                Tensor::of<float>({2}, {static_cast<float>(a), static_cast<float>(b)});
        };
        pair("qp_in", q.inputZeroPoint, q.inputScale);
        pair("qp_out", q.outputZeroPoint, q.outputScale);
        pair("limvals_out", q.outputLow, q.outputHigh);
        if (q.weights && hasKernel(layer))
            arrays[name + "/kernel:0"] = permuted(*q.weights, storedOrder(graph, layer));
        if (q.bias)
            arrays[name + "/bias:0"] = *q.bias;
    }
    return arrays;
}

ArchiveMember textMember(const std::string &name, const std::string &text)
{
    const auto bytes = asBytes(text);
    return {name, Bytes(bytes.begin(), bytes.end())};
}

} // namespace

std::string hnLayerName(const std::string &modelName, const std::string &layer)
{
    std::string name = layer;
    std::ranges::replace(name, '/', '_');
    return modelName + "/" + name;
}

std::string hnJson(const Graph &graph, const std::string &modelName,
                   const std::map<std::string, HarLayerIntegers> &integers)
{
    Json json{{"name", modelName},
              {"net_params",
               {{"version", "1.0"},
                {"stage", "HN"},
                {"output_layers_order", Json::array()},
                {"net_scopes", {modelName}}}},
              {"layers", Json::object()}};
    for (const Layer &layer : graph.layers)
        json["layers"][hnLayerName(modelName, layer.name)] =
            layerJson(graph, layer, modelName, integers);
    int number = 0;
    for (const TensorId id : graph.outputs) {
        const TensorInfo &tensor = graph.tensor(id);
        if (!tensor.producer.isValid())
            continue;
        const std::string producer = hnLayerName(modelName, graph.layer(tensor.producer).name);
        const std::string name = modelName + "/output_layer" + std::to_string(++number);
        json["layers"][producer]["output"].push_back(name);
        json["layers"][name] = {{"type", "output_layer"},
                                {"input", {producer}},
                                {"output", Json::array()},
                                {"input_shapes", Json::array({dimsJson(tensor.shape)})},
                                {"output_shapes", Json::array({dimsJson(tensor.shape)})},
                                {"original_names", {tensor.name}},
                                {"compilation_params", Json::object()},
                                {"quantization_params", Json::object()}};
        json["net_params"]["output_layers_order"].push_back(producer);
    }
    return jsonText(json) + "\n";
}

Result<Bytes> harBytes(const OptimizedModel &model)
{
    const std::string &name = model.index.modelName;
    std::vector<ArchiveMember> members;
    const auto addArrays = [&](HarPart part, const NamedTensors &arrays) -> Result<void> {
        auto bytes = npzBytes(arrays);
        if (!bytes)
            return passOn(std::move(bytes));
        members.push_back({name + std::string(harPartSuffix(part)), std::move(*bytes)});
        return {};
    };
    const auto addText = [&](HarPart part, const std::string &text) {
        members.push_back(textMember(name + std::string(harPartSuffix(part)), text));
    };
    constexpr std::int64_t parsedKind = 0;
    constexpr std::int64_t floatKind = 3;
    addText(HarPart::network, hnJson(*model.optimized, name, model.integers));
    if (auto added = addArrays(HarPart::chipWeights, integerArrays(model)); !added)
        return passOn(std::move(added));
    addText(HarPart::nativeNetwork, hnJson(*model.parsed, name));
    addText(HarPart::floatNetwork, hnJson(*model.optimized, name));
    if (auto added = addArrays(HarPart::weights, floatArrays(*model.parsed, name, parsedKind));
        !added)
        return passOn(std::move(added));
    if (auto added =
            addArrays(HarPart::floatWeights, floatArrays(*model.optimized, name, floatKind));
        !added)
        return passOn(std::move(added));
    Json index{{"state", model.index.state},
               {"force_weightless_model", false},
               {"model_name", name},
               {"sdk_version", model.index.sdkVersion},
               {"hw_arch", model.index.hwArch}};
    for (const HarPart part : {HarPart::network, HarPart::chipWeights, HarPart::nativeNetwork,
                               HarPart::floatNetwork, HarPart::weights, HarPart::floatWeights})
        index[std::string(harPartKey(part))] = name + std::string(harPartSuffix(part));
    members.push_back(textMember(name + ".metadata.json", jsonText(index) + "\n"));
    return tarBytes(members);
}

} // namespace hefstudio
