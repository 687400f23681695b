// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/stage_store.h"

#include "program/describe.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace hefstudio {

// The one place outside the statistics that knows their members: they travel whole.
struct StatisticsFields {
    static void describe(auto &archive, auto &statistics)
    requires requires { statistics.m_sumOfSquares; }
    {
        program::field(archive, statistics.m_count);
        program::field(archive, statistics.m_notFinite);
        program::field(archive, statistics.m_minimum);
        program::field(archive, statistics.m_maximum);
        program::field(archive, statistics.m_binExponent);
        program::numbers(archive, statistics.m_bins);
        wide(archive, statistics.m_sum);
        wide(archive, statistics.m_sumOfSquares);
    }
    static void describe(auto &archive, auto &statistics)
    requires requires { statistics.m_sums; }
    {
        program::numbers(archive, statistics.m_minimum);
        program::numbers(archive, statistics.m_maximum);
        program::numbers(archive, statistics.m_counts);
        program::list(archive, statistics.m_sums, [&](auto &sum) { wide(archive, sum); });
    }
    static bool isSound(const TensorStatistics &statistics)
    {
        const auto bins = statistics.m_bins.size();
        return bins == 0 || bins == std::size_t(2) * TensorStatistics::binsPerSide;
    }
    static bool isSound(const ChannelStatistics &statistics)
    {
        const auto channels = statistics.m_sums.size();
        return statistics.m_minimum.size() == channels && statistics.m_maximum.size() == channels &&
               statistics.m_counts.size() == channels;
    }

private:
    static void wide(auto &archive, auto &value)
    {
        using Archive = std::remove_reference_t<decltype(archive)>;
        auto high = static_cast<std::int64_t>(value >> 64);
        auto low = static_cast<std::int64_t>(static_cast<unsigned __int128>(value));
        program::field(archive, high);
        program::field(archive, low);
        if constexpr (Archive::isReader)
            value = static_cast<__int128>((static_cast<unsigned __int128>(high) << 64) |
                                          static_cast<std::uint64_t>(low));
    }
};

namespace {

using program::enumeration;
using program::field;
using program::list;
using program::numbers;
using program::Reader;
using program::text;
using program::Writer;

constexpr std::string_view frozenMagic = "HEFSLOCK";
constexpr std::uint32_t frozenVersion = 1;

void real(auto &archive, auto &value)
{
    using Archive = std::remove_reference_t<decltype(archive)>;
    auto bits = std::bit_cast<std::int64_t>(value);
    field(archive, bits);
    if constexpr (Archive::isReader)
        value = std::bit_cast<double>(bits);
}

template<class Id> void id(auto &archive, Id &value)
{
    using Archive = std::remove_reference_t<decltype(archive)>;
    using Plain = std::remove_const_t<Id>;
    // 0 stands for none.
    std::uint32_t number = value.isValid() ? static_cast<std::uint32_t>(value.index()) + 1 : 0;
    field(archive, number);
    if constexpr (Archive::isReader)
        value = number == 0 ? Plain() : Plain(number - 1);
}

void scales(auto &archive, auto &lists)
{
    list(archive, lists, [&](auto &entry) { numbers(archive, entry); });
}

void describe(auto &archive, auto &calibrated)
requires requires { calibrated.rehearsalChannels; }
{
    scales(archive, calibrated.scales);
    const auto each = [&](auto &statistics) { StatisticsFields::describe(archive, statistics); };
    list(archive, calibrated.outcome.statistics.tensors, each);
    list(archive, calibrated.outcome.statistics.channels, each);
    field(archive, calibrated.outcome.statistics.pictures);
    list(archive, calibrated.outcome.samples, [&](auto &sample) {
        text(archive, sample.first);
        text(archive, sample.second);
    });
    list(archive, calibrated.rehearsalChannels, each);
}

void describe(auto &archive, auto &quantized)
requires requires { quantized.weightScales; }
{
    list(archive, quantized.tensors, [&](auto &q) { program::describe(archive, q); });
    list(archive, quantized.methods,
         [&](auto &method) { enumeration(archive, method, RangeMethod::given); });
    scales(archive, quantized.channelScales);
    list(archive, quantized.layers, [&](auto &layer) { program::describe(archive, layer); });
    scales(archive, quantized.weightScales);
}

void describe(auto &archive, auto &row)
requires requires { row.biasCorrection; }
{
    text(archive, row.layer);
    text(archive, row.kind);
    field(archive, row.bits);
    text(archive, row.observer);
    real(archive, row.low);
    real(archive, row.high);
    field(archive, row.isEqualised);
    text(archive, row.rounding);
    text(archive, row.biasCorrection);
    real(archive, row.outputSnr);
    text(archive, row.why);
}

void describe(auto &archive, auto &share)
requires requires { share.inputAligners; share.weightMemory; }
{
    for (auto *value : {&share.control, &share.compute, &share.weightMemory, &share.inputAligners,
                        &share.activation})
        real(archive, *value);
}

void describe(auto &archive, auto &context)
requires requires { context.pieces; }
{
    const auto ids = [&](auto &value) { id(archive, value); };
    id(archive, context.id);
    list(archive, context.layers, ids);
    list(archive, context.inputs, ids);
    list(archive, context.outputs, ids);
    describe(archive, context.utilisation);
    list(archive, context.clusters, [&](auto &share) {
        id(archive, share.cluster);
        describe(archive, share.utilisation);
    });
    list(archive, context.pieces, [&](auto &piece) {
        id(archive, piece.layer);
        id(archive, piece.cluster);
        for (auto *value : {&piece.control, &piece.compute, &piece.memoryBlocks,
                            &piece.inputAligners, &piece.activation})
            real(archive, *value);
    });
    real(archive, context.predictedMs);
    field(archive, context.weightBytes);
    auto &timing = context.timing;
    real(archive, timing.periodMs);
    real(archive, timing.fillMs);
    field(archive, timing.inputBytes);
    field(archive, timing.outputBytes);
    field(archive, timing.configurationBytes);
    id(archive, timing.bottleneck);
}

void describe(auto &archive, auto &mapping)
requires requires { mapping.predictedFrameMs; }
{
    text(archive, mapping.device);
    list(archive, mapping.contexts, [&](auto &context) { describe(archive, context); });
    real(archive, mapping.predictedFrameMs);
    field(archive, mapping.iterations);
}

void describe(auto &archive, auto &plan)
requires requires { plan.preprocess; }
{
    text(archive, plan.inputName);
    program::shape(archive, plan.shape);
    field(archive, plan.isPicture);
    numbers(archive, plan.normalization.mean);
    numbers(archive, plan.normalization.std);
    auto &preprocess = plan.preprocess;
    field(archive, preprocess.width);
    field(archive, preprocess.height);
    field(archive, preprocess.channels);
    enumeration(archive, preprocess.color, ColorOrder::grey);
    enumeration(archive, preprocess.resize, ResizePolicy::crop);
    field(archive, preprocess.padValue);
}

void describe(auto &archive, auto &frozen)
requires requires { frozen.plans; }
{
    list(archive, frozen.plans, [&](auto &plan) { describe(archive, plan); });
    list(archive, frozen.ledger, [&](auto &row) {
        text(archive, row.setting);
        text(archive, row.asked);
        text(archive, row.used);
        text(archive, row.why);
    });
    field(archive, frozen.samples);
    program::byteList(archive, frozen.decisions);
    program::byteList(archive, frozen.quantized);
}

template<class Value> Bytes encoded(const Value &value)
{
    Writer writer;
    describe(writer, value);
    return std::move(writer).take();
}

template<class Value> bool decode(std::span<const std::byte> bytes, Value &value)
{
    Reader reader(bytes);
    describe(reader, value);
    return !reader.isBroken() && reader.isAtEnd();
}

bool isSound(const TensorQuantisation &q)
{
    return std::isfinite(q.scale) && q.scale > 0 && (q.bits == 8 || q.bits == 16) &&
           q.zeroPoint >= 0 && q.zeroPoint <= q.maximum();
}

bool isSoundFor(const IntegerLayer &made, const Graph &graph, const Layer &layer)
{
    if (made.name != layer.name || made.operands.size() > layer.inputs.size())
        return false;
    std::vector<Shape> shapes;
    for (std::size_t slot = 0; slot < made.operands.size(); ++slot) {
        if (!layer.inputs[slot].isValid())
            return false;
        shapes.push_back(graph.inputOf(layer, slot).shape);
        if (!isSound(made.operands[slot].quantisation))
            return false;
    }
    return isSound(made.output) &&
           checkIntegerLayer(made, shapes, graph.outputOf(layer).shape).has_value();
}

// Channel factors fit their tensor, and are numbers one can divide by.
bool areFactors(const ChannelScales &scales, const Graph &graph)
{
    if (scales.size() > graph.tensors.size())
        return false;
    for (std::size_t i = 0; i < scales.size(); ++i) {
        const Shape &shape = graph.tensors[i].shape;
        if (scales[i].empty())
            continue;
        const auto channels = shape.rank() == 0 ? 0 : shape.rank() == 4 ? shape[1] : shape.back();
        if (static_cast<std::int64_t>(scales[i].size()) != channels ||
            !std::ranges::all_of(scales[i], [](float f) { return std::isfinite(f) && f > 0; }))
            return false;
    }
    return true;
}

} // namespace

Bytes encodeCalibrated(const CalibratedNetwork &calibrated)
{
    return encoded(calibrated);
}

std::optional<CalibratedNetwork> decodeCalibrated(std::span<const std::byte> bytes,
                                                  const Graph &graph)
{
    CalibratedNetwork calibrated;
    const auto sound = [](const auto &statistics) { return StatisticsFields::isSound(statistics); };
    const std::size_t tensors = graph.tensors.size();
    if (!decode(bytes, calibrated) || calibrated.outcome.statistics.tensors.size() != tensors ||
        calibrated.outcome.statistics.channels.size() != tensors ||
        calibrated.rehearsalChannels.size() != tensors ||
        !std::ranges::all_of(calibrated.outcome.statistics.tensors, sound) ||
        !std::ranges::all_of(calibrated.outcome.statistics.channels, sound) ||
        !std::ranges::all_of(calibrated.rehearsalChannels, sound) ||
        !areFactors(calibrated.scales, graph))
        return std::nullopt;
    return calibrated;
}

Bytes encodeQuantized(const QuantizedGraph &quantized)
{
    return encoded(quantized);
}

std::shared_ptr<const QuantizedGraph> decodeQuantized(std::span<const std::byte> bytes,
                                                      std::shared_ptr<const Graph> graph)
{
    auto quantized = std::make_shared<QuantizedGraph>();
    if (!decode(bytes, *quantized) || quantized->tensors.size() != graph->tensors.size() ||
        quantized->methods.size() != graph->tensors.size() ||
        quantized->layers.size() != graph->layers.size() ||
        quantized->weightScales.size() != graph->layers.size() ||
        !areFactors(quantized->channelScales, *graph))
        return nullptr;
    for (const TensorInfo &tensor : graph->tensors)
        if (!tensor.isConstant() && !isSound(quantized->tensors[tensor.id.index()]))
            return nullptr;
    for (const Layer &layer : graph->layers)
        if (!isSoundFor(quantized->layers[layer.id.index()], *graph, layer))
            return nullptr;
    quantized->graph = std::move(graph);
    return quantized;
}

Bytes encodeDecisions(std::span<const LayerDecision> decisions)
{
    Writer writer;
    list(writer, decisions, [&](const LayerDecision &row) { describe(writer, row); });
    return std::move(writer).take();
}

std::optional<std::vector<LayerDecision>> decodeDecisions(std::span<const std::byte> bytes)
{
    Reader reader(bytes);
    std::vector<LayerDecision> decisions;
    list(reader, decisions, [&](LayerDecision &row) { describe(reader, row); });
    if (reader.isBroken() || !reader.isAtEnd())
        return std::nullopt;
    return decisions;
}

Bytes encodeMapping(const Mapping &mapping)
{
    return encoded(mapping);
}

std::optional<Mapping> decodeMapping(std::span<const std::byte> bytes, const Graph &graph)
{
    Mapping mapping;
    if (!decode(bytes, mapping))
        return std::nullopt;
    const auto isLayer = [&](LayerId id) { return id.index() < graph.layers.size(); };
    const auto isTensor = [&](TensorId id) { return id.index() < graph.tensors.size(); };
    for (const MappedContext &context : mapping.contexts) {
        if (!std::ranges::all_of(context.layers, isLayer) ||
            !std::ranges::all_of(context.inputs, isTensor) ||
            !std::ranges::all_of(context.outputs, isTensor) ||
            !std::ranges::all_of(context.pieces,
                                 [&](const PlacedPiece &piece) { return isLayer(piece.layer); }))
            return std::nullopt;
    }
    return mapping;
}

Bytes encodeFrozen(const FrozenNetwork &frozen)
{
    Writer writer;
    writer.raw(asBytes(frozenMagic));
    field(writer, frozenVersion);
    describe(writer, frozen);
    return std::move(writer).take();
}

Result<FrozenNetwork> decodeFrozen(std::span<const std::byte> bytes, const std::string &name)
{
    const auto damaged = [&](std::string what) {
        return fail(Diagnostic("recipe.frozen-damaged", Place{.file = name})
                        .with("what", std::move(what)));
    };
    if (bytes.size() < frozenMagic.size() ||
        !std::ranges::equal(bytes.first(frozenMagic.size()), asBytes(frozenMagic)))
        return damaged("it does not begin as one");
    Reader reader(bytes.subspan(frozenMagic.size()));
    std::uint32_t version = 0;
    field(reader, version);
    if (version != frozenVersion)
        return damaged("it is of version " + std::to_string(version));
    FrozenNetwork frozen;
    describe(reader, frozen);
    if (reader.isBroken() || !reader.isAtEnd())
        return damaged("its numbers do not fit");
    return frozen;
}

} // namespace hefstudio
