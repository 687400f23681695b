// SPDX-License-Identifier: GPL-3.0-or-later
#include "har/hn_network.h"

#include "base/diagnostic_json.h"

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;

// Wrong types count as absent: what a viewer needs is checked where the graph is built.
const Json *member(const Json &json, const char *key)
{
    if (!json.is_object())
        return nullptr;
    const auto found = json.find(key);
    return found == json.end() ? nullptr : &*found;
}

std::string text(const Json &json, const char *key)
{
    const Json *value = member(json, key);
    return value && value->is_string() ? value->get<std::string>() : std::string();
}

std::vector<std::string> texts(const Json &json, const char *key)
{
    std::vector<std::string> all;
    if (const Json *value = member(json, key); value && value->is_array())
        for (const Json &item : *value)
            if (item.is_string())
                all.push_back(item.get<std::string>());
    return all;
}

std::vector<std::int64_t> integers(const Json *value)
{
    std::vector<std::int64_t> all;
    if (value && value->is_array())
        for (const Json &item : *value)
            all.push_back(item.is_number_integer() ? item.get<std::int64_t>() : 0);
    return all;
}

// One shape, or a list of them.
std::vector<std::vector<std::int64_t>> shapes(const Json &json, const char *key)
{
    std::vector<std::vector<std::int64_t>> all;
    const Json *value = member(json, key);
    if (!value || !value->is_array())
        return all;
    if (!value->empty() && value->front().is_number())
        return {integers(value)};
    for (const Json &item : *value)
        all.push_back(integers(&item));
    return all;
}

HnLayer readLayer(const std::string &name, const Json &json)
{
    static const Json none = Json::object();
    HnLayer layer;
    layer.name = name;
    layer.type = text(json, "type");
    layer.inputs = texts(json, "input");
    layer.outputs = texts(json, "output");
    layer.inputShapes = shapes(json, "input_shapes");
    layer.outputShapes = shapes(json, "output_shapes");
    layer.originalNames = texts(json, "original_names");
    const Json *params = member(json, "params");
    const Json &p = params ? *params : none;
    layer.kernelShape = integers(member(p, "kernel_shape"));
    layer.strides = integers(member(p, "strides"));
    layer.dilations = integers(member(p, "dilations"));
    layer.padding = text(p, "padding");
    if (const Json *groups = member(p, "groups"); groups && groups->is_number_integer())
        layer.groups = groups->get<std::int64_t>();
    layer.explicitPadding = integers(member(p, "explicit_padding"));
    layer.activation = text(p, "activation");
    if (const Json *constants = member(p, "activation_constants");
        constants && constants->is_array())
        for (const Json &item : *constants)
            layer.activationConstants.push_back(item.is_number() ? item.get<double>() : 0);
    const Json *quantisation = member(json, "quantization_params");
    const Json &q = quantisation ? *quantisation : none;
    layer.precisionMode = text(q, "precision_mode");
    layer.biasMode = text(q, "bias_mode");
    return layer;
}

} // namespace

Result<HnNetwork> parseHn(std::string_view json, const std::string &nameForErrors)
{
    const auto document = parseJson(json, nameForErrors);
    if (!document)
        return std::unexpected(document.error());
    const Json *layers = member(*document, "layers");
    if (!layers || !layers->is_object() || layers->empty())
        return fail(Diagnostic("har.malformed", Place{.file = nameForErrors, .keyPath = "layers"})
                        .with("reason", std::string("the network has no layers")));
    HnNetwork network;
    network.name = text(*document, "name");
    for (const auto &[name, layer] : layers->items())
        network.layers.push_back(readLayer(name, layer));
    if (const Json *net = member(*document, "net_params"))
        network.outputOrder = texts(*net, "output_layers_order");
    return network;
}

} // namespace hefstudio
