// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/detector.h"

#include "heads/head_metadata.h"
#include "pipeline/emulated_hef.h"
#include "pipeline/engine_pool.h"
#include "pipeline/prepared_network.h"

#include <algorithm>

namespace hefstudio {
namespace {

NamedValues named(const Graph &graph, std::vector<Tensor> values)
{
    NamedValues tensors;
    for (std::size_t i = 0; i < values.size(); ++i)
        tensors.emplace_back(graph.tensor(graph.outputs[i]).name, std::move(values[i]));
    return tensors;
}

std::string trimmed(const std::string &text)
{
    const auto first = text.find_first_not_of(" \t\r");
    return first == std::string::npos
               ? ""
               : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

Result<std::vector<std::string>> linesOf(const std::filesystem::path &file)
{
    std::vector<std::string> lines;
    if (file.empty())
        return lines;
    auto text = readTextFile(file, {.maxBytes = 1 << 20});
    if (!text)
        return passOn(std::move(text));
    for (std::size_t at = 0; at < text->size();) {
        const auto end = std::min(text->find('\n', at), text->size());
        lines.push_back(trimmed(text->substr(at, end - at)));
        at = end + 1;
    }
    return lines;
}

} // namespace

struct PictureNetwork::State {
    std::optional<EmulatedHef> hef;
    std::shared_ptr<const Graph> device, host; // of a model
    std::unique_ptr<EnginePool> deviceEngines, hostEngines;
    InputPlan input;
    std::vector<std::string> labels;
    std::optional<HeadLayout> head;
};

PictureNetwork::PictureNetwork(std::unique_ptr<State> state) : m_state(std::move(state)) {}
PictureNetwork::~PictureNetwork() = default;
PictureNetwork::PictureNetwork(PictureNetwork &&) noexcept = default;
PictureNetwork &PictureNetwork::operator=(PictureNetwork &&) noexcept = default;

bool PictureNetwork::isHef() const
{
    return m_state->hef.has_value();
}
const InputPlan &PictureNetwork::input() const
{
    return m_state->input;
}
void PictureNetwork::feed(const Normalization &normalization, ColorOrder color)
{
    m_state->input.normalization = normalization;
    m_state->input.preprocess.color = color;
}
const std::vector<std::string> &PictureNetwork::labels() const
{
    return m_state->labels;
}
const std::optional<HeadLayout> &PictureNetwork::head() const
{
    return m_state->head;
}

Result<PictureNetwork> PictureNetwork::open(const std::filesystem::path &file,
                                            const ConversionSettings &settings,
                                            const CalibrationSet &pictures)
{
    auto state = std::make_unique<State>();
    auto labels = linesOf(settings.labels);
    if (!labels)
        return passOn(std::move(labels));
    state->labels = std::move(*labels);
    if (file.extension() == ".hef") {
        auto hef = EmulatedHef::open(file);
        if (!hef)
            return passOn(std::move(hef));
        state->hef = std::move(*hef);
        const ConversionRecord *record = state->hef->record();
        if (!record || record->inputs.size() != 1 || !record->inputs.front().isPicture)
            return fail(Diagnostic("run.no-contract", Place{.file = file.string()}));
        const auto &input = record->inputs.front();
        state->input = {input.name, input.shape, true, input.normalization, input.preprocess};
        if (state->labels.empty())
            state->labels = record->labels;
        if (!record->headJson.empty()) {
            auto head = headFromMetadata(record->headJson, file.string());
            if (!head)
                return passOn(std::move(head));
            // The metadata names streams; in the emulator outputs have the network's names.
            if (head->tensors.size() != state->hef->outputs().size())
                return fail(Diagnostic("record.malformed", Place{.file = file.string()}));
            for (std::size_t i = 0; i < head->tensors.size(); ++i)
                head->tensors[i].name = state->hef->outputs()[i].name;
            state->head = std::move(*head);
        }
        return PictureNetwork(std::move(state));
    }
    auto model = importModel(file, settings.inputShapes);
    if (!model)
        return passOn(std::move(model));
    auto cut = cutForDevice(*model, settings);
    if (!cut)
        return passOn(std::move(cut));
    ConversionSettings named = settings;
    named.model = file;
    auto plans = planInputs(*cut->device, pictures, named);
    if (!plans)
        return passOn(std::move(plans));
    if (plans->inputs.size() != 1 || !plans->inputs.front().isPicture)
        return fail(Diagnostic("run.no-contract", Place{.file = file.string()}));
    state->input = plans->inputs.front();
    state->head = cut->head;
    state->device = cut->device;
    state->host = cut->host;
    auto engines = EnginePool::create(cut->device, {.threads = 1});
    if (!engines)
        return passOn(std::move(engines));
    state->deviceEngines = std::move(*engines);
    if (cut->host) {
        auto hostEngines = EnginePool::create(cut->host, {.threads = 1});
        if (!hostEngines)
            return passOn(std::move(hostEngines));
        state->hostEngines = std::move(*hostEngines);
    }
    return PictureNetwork(std::move(state));
}

Result<NamedValues> PictureNetwork::deviceOutputs(const Tensor &pixels, std::stop_token stop) const
{
    if (m_state->hef) {
        const std::vector<Tensor> inputs{pixels};
        const auto stored = m_state->hef->run(inputs, 1, std::move(stop));
        if (!stored)
            return std::unexpected(stored.error());
        auto real = m_state->hef->toReal(*stored);
        NamedValues tensors;
        for (std::size_t i = 0; i < real.size(); ++i)
            tensors.emplace_back(m_state->hef->outputs()[i].name, std::move(real[i]));
        return tensors;
    }
    const std::vector<Tensor> inputs{normalized(pixels, m_state->input.normalization)};
    auto values = m_state->deviceEngines->run(inputs, {}, std::move(stop));
    if (!values)
        return passOn(std::move(values));
    return named(*m_state->device, std::move(*values));
}

Result<NamedValues> PictureNetwork::networkOutputs(const NamedValues &deviceOutputs) const
{
    if (m_state->hef) {
        if (!m_state->hef->hasHostRemainder())
            return deviceOutputs;
        std::vector<Tensor> real;
        for (const auto &[name, tensor] : deviceOutputs)
            real.push_back(tensor);
        return m_state->hef->runHost(real);
    }
    if (!m_state->host)
        return deviceOutputs;
    std::vector<Tensor> inputs;
    for (const TensorId id : m_state->host->inputs) {
        const auto found = std::ranges::find(deviceOutputs, m_state->host->tensor(id).name,
                                             &NamedValues::value_type::first);
        if (found == deviceOutputs.end())
            return fail(
                Diagnostic("record.malformed").with("what", m_state->host->tensor(id).name));
        inputs.push_back(found->second);
    }
    auto values = m_state->hostEngines->run(inputs, {});
    if (!values)
        return passOn(std::move(values));
    return named(*m_state->host, std::move(*values));
}

Tensor normalized(const Tensor &pixels, const Normalization &normalization)
{
    const Shape &shape = pixels.shape();
    Tensor result(ElementType::float32, shape);
    const auto from = pixels.as<std::uint8_t>();
    auto to = result.as<float>();
    const auto channels = static_cast<std::size_t>(shape[1]);
    const std::size_t plane = channels > 0 ? from.size() / channels : 0;
    for (std::size_t c = 0; c < channels; ++c) {
        const float mean = normalization.mean[normalization.mean.size() == 1 ? 0 : c];
        const float deviation = normalization.std[normalization.std.size() == 1 ? 0 : c];
        for (std::size_t i = c * plane; i < (c + 1) * plane; ++i)
            to[i] = (static_cast<float>(from[i]) - mean) / deviation;
    }
    return result;
}

Result<PictureResult> detectIn(const PictureNetwork &network, const Image &picture,
                               const SuppressionOptions &options, std::stop_token stop)
{
    if (!network.head())
        return fail(Diagnostic("detect.no-head"));
    const HeadLayout &head = *network.head();
    const auto ready = preprocess(picture, network.input().preprocess);
    if (!ready)
        return std::unexpected(ready.error());
    auto outputs = network.deviceOutputs(ready->pixels, std::move(stop));
    if (!outputs)
        return passOn(std::move(outputs));
    std::vector<Tensor> values;
    for (const auto &[name, tensor] : *outputs)
        values.push_back(tensor);
    auto candidates = decode(head, values, {.scoreThreshold = options.scoreThreshold});
    if (!candidates)
        return passOn(std::move(candidates));
    const Detections kept = suppress(std::move(*candidates), options);
    PictureResult result{.placement = {.scaleX = ready->geometry.scaleX,
                                       .scaleY = ready->geometry.scaleY,
                                       .offsetX = ready->geometry.offsetX,
                                       .offsetY = ready->geometry.offsetY,
                                       .pictureWidth = picture.width,
                                       .pictureHeight = picture.height},
                         .detections = {},
                         .masks = {},
                         .deviceOutputs = std::move(*outputs)};
    for (const Detection &found : kept) {
        auto moved = toPicture({found}, result.placement);
        if (moved.empty())
            continue;
        if (head.protos)
            result.masks.push_back(maskOf(found, head, values[*head.protos]));
        result.detections.push_back(std::move(moved.front()));
    }
    return result;
}

} // namespace hefstudio
