// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/har_comparison.h"

#include "base/diagnostic_json.h"
#include "base/npy.h"
#include "engine/float_engine.h"
#include "har/hn_network.h"
#include "pipeline/prepared_network.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>
#include <set>

namespace hefstudio {
namespace {

// Where the archive has no statistics of its input, noise goes from 0 to 1.
struct InputRange {
    double low = 0, high = 1;
};

Result<NamedTensors> arraysOf(const HarArchive &archive, HarPart part)
{
    const auto bytes = archive.read(part);
    if (!bytes)
        return std::unexpected(bytes.error());
    return parseNpz(*bytes, archive.name() + ":" + std::string(harPartSuffix(part)),
                    OtherArrays::leaveOut);
}

// The range that calibration saw at an input layer.
InputRange rangeOf(const NamedTensors &state, const std::string &layer)
{
    const auto found = state.find(layer + "/stats/output_0/stats_limvals:0");
    if (found == state.end() || found->second.elementCount() != 2)
        return {};
    const Tensor both = found->second.toFloat32();
    const InputRange range{both.as<float>()[0], both.as<float>()[1]};
    return range.low < range.high ? range : InputRange{};
}

Tensor noise(const Shape &shape, InputRange range, std::uint32_t seed)
{
    Tensor tensor(ElementType::float32, shape);
    std::mt19937 random(seed);
    for (float &value : tensor.as<float>())
        value = static_cast<float>(range.low + (range.high - range.low) * random() /
                                                   double(std::mt19937::max()));
    return tensor;
}

class HarComparer {
public:
    HarComparer(const HarComparisonRequest &request, std::stop_token stop)
        : m_request(request), m_stop(std::move(stop))
    {
    }

    Result<HarComparison> compare()
    {
        if (auto opened = open(); !opened)
            return passOn(std::move(opened));
        matchLayers();
        if (std::ranges::all_of(m_result.layers, [](const auto &row) { return row.node.empty(); }))
            return fail(Diagnostic("har.other-model", Place{.file = m_request.archive.string()})
                            .with("model", m_request.model.string()));
        findNodesLeftOut();
        if (auto inputs = makeInputs(); !inputs)
            return passOn(std::move(inputs));
        if (auto done = runBoth(); !done)
            return passOn(std::move(done));
        return std::move(m_result);
    }

private:
    Result<void> open()
    {
        const auto archive = HarArchive::open(m_request.archive);
        if (!archive)
            return std::unexpected(archive.error());
        // As parsed, where the archive keeps that: later states take the input in another form.
        const bool isNative = archive->has(HarPart::nativeNetwork);
        const auto text = archive->readText(isNative ? HarPart::nativeNetwork : HarPart::network);
        if (!text)
            return std::unexpected(text.error());
        auto network = parseHn(*text, archive->name());
        if (!network)
            return passOn(std::move(network));
        m_network = std::move(*network);
        const bool hasEdits = !isNative && archive->has(HarPart::floatWeights);
        auto weights = arraysOf(*archive, hasEdits ? HarPart::floatWeights : HarPart::weights);
        if (!weights)
            return passOn(std::move(weights));
        auto graph = graphOfHn(m_network, *weights, archive->name());
        if (!graph)
            return passOn(std::move(graph));
        m_har = std::move(*graph);
        if (archive->has(HarPart::optimizerState)) {
            auto state = arraysOf(*archive, HarPart::optimizerState);
            if (!state)
                return passOn(std::move(state));
            m_state = std::move(*state);
        }
        auto model = importModel(m_request.model, m_request.inputShapes);
        if (!model)
            return passOn(std::move(model));
        m_onnx = model->graph();
        return {};
    }

    // The last of our layers that came from one of these nodes.
    const Layer *onnxLayer(const std::vector<std::string> &nodes) const
    {
        const Layer *last = nullptr;
        for (const Layer &layer : m_onnx->layers)
            if (std::ranges::any_of(layer.origin, [&](const std::string &name) {
                    return std::ranges::find(nodes, name) != nodes.end();
                }))
                last = &layer;
        return last;
    }

    void matchLayers()
    {
        for (const HnLayer &layer : m_network.layers) {
            if (layer.type == "input_layer" || layer.type == "output_layer")
                continue;
            HarLayerComparison row{.layer = layer.name, .type = layer.type};
            for (const std::string &name : layer.originalNames)
                if (onnxLayer({name}))
                    row.nodes.push_back(name);
            const Layer *truth = onnxLayer(row.nodes);
            const Layer *own = resultLayer(layer.name);
            if (!truth || !own) {
                row.remark = "it names no node of the model";
            } else {
                row.node = truth->origin.back();
                const auto &a = m_onnx->outputOf(*truth).shape;
                const auto &b = m_har.graph->outputOf(*own).shape;
                if (m_har.unknownTypes.contains(layer.name))
                    row.remark = "this version does not know the layer";
                else if (a.elementCount() != b.elementCount())
                    row.remark =
                        "its result has the shape " + b.text() + ", the model's " + a.text();
                else
                    m_pairs.push_back({m_result.layers.size(), truth->output, own->output});
                compareWeights(layer, row);
            }
            m_result.layers.push_back(std::move(row));
        }
    }

    // Dense layers end in a change of shape.
    const Layer *resultLayer(const std::string &name) const
    {
        if (const Layer *mapped = m_har.graph->findLayer(name + "/map"))
            return mapped;
        return m_har.graph->findLayer(name);
    }

    static const Tensor *weightsOf(const Graph &graph, const Layer &layer)
    {
        return graph.hasInput(layer, 1) ? graph.inputOf(layer, 1).constant.get() : nullptr;
    }

    void compareWeights(const HnLayer &layer, HarLayerComparison &row) const
    {
        const Layer *own = m_har.graph->findLayer(layer.name);
        const Tensor *found = own ? weightsOf(*m_har.graph, *own) : nullptr;
        if (!found)
            return;
        for (const Layer &candidate : m_onnx->layers) {
            const bool isNamed = std::ranges::any_of(candidate.origin, [&](const auto &name) {
                return std::ranges::find(row.nodes, name) != row.nodes.end();
            });
            const Tensor *truth = isNamed ? weightsOf(*m_onnx, candidate) : nullptr;
            if (!truth || truth->elementCount() != found->elementCount())
                continue;
            const Tensor a = truth->toFloat32(), b = found->toFloat32();
            double largest = 0;
            for (std::size_t i = 0; i < a.as<float>().size(); ++i)
                largest = std::max<double>(largest, std::abs(a.as<float>()[i] - b.as<float>()[i]));
            row.weightsLargestDifference = largest;
            return;
        }
    }

    void findNodesLeftOut()
    {
        std::set<std::string> named;
        for (const auto &row : m_result.layers)
            named.insert(row.nodes.begin(), row.nodes.end());
        for (const Layer &layer : m_onnx->layers) {
            const bool isNamed = std::ranges::any_of(
                layer.origin, [&](const std::string &name) { return named.contains(name); });
            if (!isNamed && !layer.origin.empty() && weightsOf(*m_onnx, layer))
                m_result.nodesLeftOut.push_back(layer.origin.front());
        }
    }

    // The archive's inputs by the names they had, else in order.
    Result<void> makeInputs()
    {
        std::vector<const HnLayer *> layers;
        for (const HnLayer &layer : m_network.layers)
            if (layer.type == "input_layer")
                layers.push_back(&layer);
        const auto differ = [&](const std::string &what) {
            return fail(Diagnostic("har.inputs-differ", Place{.file = m_request.archive.string()})
                            .with("what", what));
        };
        if (m_onnx->inputs.size() != m_har.graph->inputs.size() ||
            layers.size() != m_har.graph->inputs.size())
            return differ("the archive has " + std::to_string(m_har.graph->inputs.size()) +
                          " inputs, the model " + std::to_string(m_onnx->inputs.size()));
        std::optional<Tensor> given;
        if (!m_request.input.empty()) {
            auto read = readNpy(m_request.input);
            if (!read)
                return passOn(std::move(read));
            given = read->toFloat32();
        }
        m_result.input = given ? m_request.input.string() : "noise in the range of the calibration";
        for (std::size_t i = 0; i < m_onnx->inputs.size(); ++i) {
            const TensorInfo &input = m_onnx->tensor(m_onnx->inputs[i]);
            const auto named = std::ranges::find_if(layers, [&](const HnLayer *layer) {
                return std::ranges::find(layer->originalNames, input.name) !=
                       layer->originalNames.end();
            });
            const HnLayer &own = named != layers.end() ? **named : *layers[i];
            if (given && given->elementCount() != input.shape.elementCount())
                return differ("the given input is " + given->shape().text() + ", the model wants " +
                              input.shape.text());
            Tensor value = given ? Tensor(*given).reshaped(input.shape)
                                 : noise(input.shape, rangeOf(m_state, own.name),
                                         static_cast<std::uint32_t>(20261121 + i));
            m_ownInputs.emplace(own.name, value);
            m_onnxInputs.push_back(std::move(value));
        }
        return {};
    }

    Result<void> runBoth()
    {
        std::map<std::size_t, std::vector<float>> truths; // by tensor of the model
        for (const Pair &pair : m_pairs)
            truths[pair.truth.index()];
        if (auto done = run(m_onnx, m_onnxInputs,
                            [&](TensorId tensor, std::span<const float> values) {
                                if (const auto at = truths.find(tensor.index()); at != truths.end())
                                    at->second.assign(values.begin(), values.end());
                            });
            !done)
            return done;
        std::vector<Tensor> inputs;
        for (const TensorId id : m_har.graph->inputs) {
            const TensorInfo &input = m_har.graph->tensor(id);
            const auto found = m_ownInputs.find(input.name);
            if (found == m_ownInputs.end() ||
                found->second.elementCount() != input.shape.elementCount())
                return fail(
                    Diagnostic("har.inputs-differ", Place{.file = m_request.archive.string()})
                        .with("what",
                              "the archive wants " + input.shape.text() + " at " + input.name));
            inputs.push_back(Tensor(found->second).reshaped(input.shape));
        }
        return run(m_har.graph, inputs, [&](TensorId tensor, std::span<const float> values) {
            for (const Pair &pair : m_pairs)
                if (pair.own == tensor) {
                    SignalComparison signal;
                    signal.add(truths.at(pair.truth.index()), values);
                    m_result.layers[pair.row].signal = signal;
                }
        });
    }

    Result<void> run(std::shared_ptr<const Graph> graph, std::span<const Tensor> inputs,
                     const FloatEngine::Observer &observer) const
    {
        auto engine = FloatEngine::create(std::move(graph), {.observeAll = true});
        if (!engine)
            return passOn(std::move(engine));
        auto outputs = engine->run(inputs, observer, m_stop);
        if (!outputs)
            return passOn(std::move(outputs));
        return {};
    }

    struct Pair {
        std::size_t row = 0;
        TensorId truth, own;
    };

    const HarComparisonRequest &m_request;
    std::stop_token m_stop;
    HnNetwork m_network;
    HnGraph m_har;
    NamedTensors m_state;
    std::shared_ptr<const Graph> m_onnx;
    std::vector<Pair> m_pairs;
    std::vector<Tensor> m_onnxInputs;
    std::map<std::string, Tensor> m_ownInputs; // by layer of the archive
    HarComparison m_result;
};

std::string decibels(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.1f dB", value);
    return text;
}

std::string joined(const std::vector<std::string> &names)
{
    std::string text;
    for (const std::string &name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

std::string clean(std::string text)
{
    for (char &c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = '?';
    return text;
}

} // namespace

Result<HarComparison> compareHar(const HarComparisonRequest &request, std::stop_token stop)
{
    return HarComparer(request, std::move(stop)).compare();
}

std::string harComparisonText(const HarComparison &comparison)
{
    std::string text = "Both in float on " + clean(comparison.input) + "; the model is the truth\n";
    for (const HarLayerComparison &row : comparison.layers) {
        text += "  " + clean(row.layer) + ", " + clean(row.type);
        if (!row.nodes.empty())
            text += " (" + clean(joined(row.nodes)) + ")";
        text += ": ";
        if (row.weightsLargestDifference) {
            char difference[48];
            std::snprintf(difference, sizeof difference, "weights differ by up to %.3g, ",
                          *row.weightsLargestDifference);
            text += *row.weightsLargestDifference == 0 ? "same weights, " : difference;
        }
        if (!row.signal)
            text += "not compared, " + clean(row.remark);
        else if (row.signal->worst().error() == 0)
            text += "same result";
        else
            text += "result " + decibels(row.signal->snrDb());
        text += "\n";
    }
    if (!comparison.nodesLeftOut.empty())
        text += "In no layer of the archive: " + clean(joined(comparison.nodesLeftOut)) + "\n";
    return text;
}

std::string harComparisonJson(const HarComparisonRequest &request, const HarComparison &comparison)
{
    using Json = nlohmann::ordered_json;
    Json json{{"model", request.model.string()},
              {"archive", request.archive.string()},
              {"input", comparison.input}};
    json["layers"] = Json::array();
    for (const HarLayerComparison &row : comparison.layers) {
        const auto orNull = [](const auto &value) { return value ? Json(*value) : Json(nullptr); };
        Json entry{{"name", row.layer}, {"type", row.type}, {"nodes", row.nodes}};
        entry["node"] = row.node.empty() ? Json(nullptr) : Json(row.node);
        entry["weights_largest_difference"] = orNull(row.weightsLargestDifference);
        entry["snr_db"] = row.signal ? Json(row.signal->snrDb()) : Json(nullptr);
        entry["cosine"] = row.signal ? Json(row.signal->cosine()) : Json(nullptr);
        entry["largest_error"] = row.signal ? Json(row.signal->worst().error()) : Json(nullptr);
        entry["remark"] = row.remark.empty() ? Json(nullptr) : Json(row.remark);
        json["layers"].push_back(std::move(entry));
    }
    json["nodes_left_out"] = comparison.nodesLeftOut;
    return jsonText(json) + "\n";
}

} // namespace hefstudio
