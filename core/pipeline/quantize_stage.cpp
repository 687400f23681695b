// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/quantize_stage.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hefstudio {
namespace {

constexpr std::size_t sensitivityPictures = 4;
// What the values of all pictures in lock step may take.
constexpr std::size_t lockStepBytes = std::size_t(256) << 20;

// The most that the values of one picture take at once, in bytes.
std::size_t largestLiveSet(const Graph &graph)
{
    std::vector<std::size_t> readers(graph.tensors.size());
    for (const TensorInfo &info : graph.tensors)
        readers[info.id.index()] = info.consumers.size();
    const auto bytes = [&](TensorId id) {
        return static_cast<std::size_t>(graph.tensor(id).shape.elementCount()) * sizeof(float);
    };
    std::size_t live = 0, most = 0;
    for (const Layer &layer : graph.layers) {
        live += bytes(layer.output);
        most = std::max(most, live);
        std::vector<TensorId> inputs = layer.inputs;
        std::ranges::sort(inputs);
        inputs.erase(std::ranges::unique(inputs).begin(), inputs.end());
        for (const TensorId id : inputs)
            if (id.isValid() && !graph.tensor(id).isConstant() && --readers[id.index()] == 0)
                live -= bytes(id);
    }
    return most;
}

bool isBox(EndNodeRole role)
{
    return role == EndNodeRole::box || role == EndNodeRole::keypoints ||
           role == EndNodeRole::combined || role == EndNodeRole::extra;
}

std::string text(double value, int digits)
{
    const double unit = std::pow(10, digits);
    std::string made = std::to_string(std::round(value * unit) / unit);
    made.erase(made.find('.') + (digits > 0 ? 1 + static_cast<std::size_t>(digits) : 0));
    return made;
}

class QuantizeStage {
public:
    QuantizeStage(const QuantizeRequest &request, const EventSink &sink)
        : m_request(request), m_graph(*request.graph), m_sink(sink),
          m_why(m_graph.tensors.size()),
          m_snr(m_graph.tensors.size(), std::numeric_limits<double>::quiet_NaN())
    {
    }

    Result<QuantizeOutcome> run(const std::stop_token &stop)
    {
        if (auto expanded = expand(); !expanded)
            return passOn(std::move(expanded));
        if (preset() != Preset::fast)
            if (auto done = look(stop); !done)
                return passOn(std::move(done));
        auto quantized = quantizeGraph(m_request.graph, m_request.statistics, m_options, stop, m_sink);
        if (!quantized)
            return passOn(std::move(quantized));
        QuantizeOutcome outcome{std::move(*quantized), {}};
        for (const Layer &layer : m_graph.layers)
            outcome.table.push_back(decision(*outcome.quantized, layer));
        return outcome;
    }

private:
    Preset preset() const { return m_request.settings.preset; }

    void widen(TensorId id, std::string why)
    {
        m_options.ranges.bits[id.index()] = 16;
        m_why[id.index()] = std::move(why);
    }

    // What the preset says before anything was measured, and what the user says instead.
    Result<void> expand()
    {
        m_options.channelScales = m_request.channelScales;
        m_options.threads = m_request.settings.threads;
        m_options.isa = instructionSetFromName(m_request.settings.isa);
        for (const auto &plan : m_request.plans.inputs)
            m_options.ranges.inputs.push_back(
                plan.isPicture ? std::optional(rawPictureQuantisation) : std::nullopt);
        m_options.ranges.bits.assign(m_graph.tensors.size(), 8);
        m_options.ranges.methods.assign(m_graph.tensors.size(), std::nullopt);
        if (preset() != Preset::fast)
            for (std::size_t i = 0; i < m_graph.outputs.size() && i < m_request.ends.size(); ++i)
                if (preset() == Preset::accurate || isBox(m_request.ends[i].role))
                    widen(m_graph.outputs[i],
                          "the preset gives " +
                              std::string(isBox(m_request.ends[i].role) ? "boxes" : "outputs") +
                              " 16 bits");
        for (const auto &[name, choice] : m_request.settings.layers) {
            const Layer *layer = m_graph.findLayer(name);
            if (!layer)
                return fail(Diagnostic("pipeline.unknown-layer", Place{.layer = name}));
            if (choice.bits) {
                m_options.ranges.bits[layer->output.index()] = *choice.bits;
                m_why[layer->output.index()] = "stated";
                m_stated.push_back(layer->output);
            }
            if (choice.observer)
                m_options.ranges.methods[layer->output.index()] =
                    rangeMethodFromName(*choice.observer);
            send(m_sink, LedgerEntry{{"layer/" + name,
                                      (choice.bits ? std::to_string(*choice.bits) + " bit" : "") +
                                          (choice.bits && choice.observer ? ", " : "") +
                                          choice.observer.value_or(""),
                                      "as stated", "the recipe says so"}});
        }
        return {};
    }

    // Sensitivity for balanced and accurate; samples for rounding.
    Result<void> look(const std::stop_token &stop)
    {
        const std::size_t fit = std::max<std::size_t>(
            2, lockStepBytes / std::max<std::size_t>(1, largestLiveSet(m_graph)));
        const auto count = std::min(fit, m_request.samples.size());
        auto samples = std::make_shared<QuantizeSamples>();
        samples->pictures.assign(m_request.samples.begin(),
                                 m_request.samples.begin() + static_cast<std::ptrdiff_t>(count));
        m_options.samples = samples;
        m_options.rounding = WeightRounding::secondOrder;
        LedgerRow rounding{"weight rounding", "second order", "second order",
                           "from what the weights see of " + std::to_string(count) + " pictures"};
        send(m_sink, LedgerEntry{std::move(rounding)});
        if (preset() == Preset::accurate)
            measureBiases(*samples, count);

        QuantizeOptions draft = m_options;
        draft.rounding = WeightRounding::nearest;
        const auto narrow = quantizeGraph(m_request.graph, m_request.statistics, draft, stop, {});
        if (!narrow)
            return std::unexpected(narrow.error());
        const auto pictures = std::span(samples->pictures)
                                  .first(std::min(sensitivityPictures, samples->pictures.size()));
        const auto sensitivity =
            measureSensitivity(**narrow, pictures,
                               {.threads = m_options.threads, .isa = m_options.isa}, stop, m_sink);
        if (!sensitivity)
            return std::unexpected(sensitivity.error());
        for (const ValueSensitivity &value : *sensitivity)
            for (const TensorId member : value.members)
                m_snr[member.index()] = value.noise > 0 ? -10 * std::log10(value.noise)
                                                        : std::numeric_limits<double>::infinity();
        if (preset() == Preset::accurate)
            raise(*sensitivity);
        return {};
    }

    // Layer after layer, on the pictures in lock step; only where all of the rehearsal fits, whose
    // float means they are compared with.
    void measureBiases(QuantizeSamples &samples, std::size_t count)
    {
        const bool fits = count == m_request.samples.size() && !m_request.sampleChannels.empty();
        if (fits) {
            samples.channels.assign(m_request.sampleChannels.begin(),
                                    m_request.sampleChannels.end());
            m_options.biasCorrection = BiasCorrection::measured;
        }
        send(m_sink, LedgerEntry{{"bias correction", "measured layer by layer",
                                  fits ? "measured layer by layer" : "from the means of channels",
                                  fits ? "" : "the network's values on " +
                                                  std::to_string(m_request.samples.size()) +
                                                  " pictures do not fit in memory at once"}});
    }

    void raise(std::span<const ValueSensitivity> sensitivity)
    {
        const auto chosen = chooseWide(sensitivity, wideBudget);
        double cost = 0, total = 0, removed = 0;
        std::size_t values = 0;
        for (const ValueSensitivity &value : sensitivity)
            total += value.noise;
        for (const std::size_t i : chosen) {
            const ValueSensitivity &value = sensitivity[i];
            cost += value.cost;
            removed += value.noise;
            for (const TensorId member : value.members) {
                if (std::ranges::find(m_stated, member) != m_stated.end())
                    continue;
                ++values;
                widen(member, "its rounding alone leaves the outputs " +
                                  text(m_snr[member.index()], 1) + " dB");
            }
        }
        send(m_sink,
             LedgerEntry{{"16-bit values", LedgerRow::automatic,
                          std::to_string(values) + " of " + std::to_string(m_graph.layers.size()),
                          "the most sensitive, with " +
                              text(100 * removed / std::max(total, 1e-300), 0) +
                              " % of the rounding noise; their readers make " + text(100 * cost, 0) +
                              " % of the arithmetic (budget " + text(100 * wideBudget, 0) + " %)"}});
    }

    LayerDecision decision(const QuantizedGraph &quantized, const Layer &layer) const
    {
        const std::size_t index = layer.output.index();
        const TensorQuantisation &q = quantized.of(layer.output);
        const ValueRange range = rangeOf(q);
        LayerDecision row{.layer = layer.name,
                          .kind = std::string(layer.kind()),
                          .bits = q.bits,
                          .observer = std::string(rangeMethodName(quantized.methods[index])),
                          .low = range.low,
                          .high = range.high,
                          .isEqualised = !scalesOf(quantized.channelScales, index).empty(),
                          .outputSnr = m_snr[index]};
        if (!quantized.weightScales[layer.id.index()].empty()) {
            row.rounding =
                m_options.rounding == WeightRounding::secondOrder ? "second-order" : "nearest";
            row.biasCorrection = m_options.biasCorrection == BiasCorrection::measured
                                     ? "measured"
                                     : "channel-means";
        }
        if (q.bits == 16)
            row.why = m_why[index].empty() ? "it shares its integers with a 16-bit value"
                                           : m_why[index];
        return row;
    }

    const QuantizeRequest &m_request;
    const Graph &m_graph;
    const EventSink &m_sink;
    QuantizeOptions m_options;
    std::vector<std::string> m_why; // by TensorId
    std::vector<double> m_snr;      // by TensorId
    std::vector<TensorId> m_stated;
};

} // namespace

Result<QuantizeOutcome> runQuantization(const QuantizeRequest &request, std::stop_token stop,
                                        const EventSink &sink)
{
    return QuantizeStage(request, sink).run(stop);
}

} // namespace hefstudio
