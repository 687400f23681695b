// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/calibration_check.h"

#include "base/thread_pool.h"
#include "calibration/doctor.h"
#include "engine/float_engine.h"
#include "heads/decode.h"
#include "pipeline/detector.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

namespace hefstudio {
namespace {

// The network's own values of black and white, over all channels.
std::pair<double, double> blackAndWhite(const Normalization &normalization)
{
    std::pair<double, double> range{0, 0};
    const std::size_t channels = std::max(normalization.mean.size(), normalization.std.size());
    for (std::size_t c = 0; c < channels; ++c) {
        const auto of = [c](const std::vector<float> &list) {
            return static_cast<double>(list[list.size() == 1 ? 0 : std::min(c, list.size() - 1)]);
        };
        const double black = -of(normalization.mean) / of(normalization.std);
        const double white = (255 - of(normalization.mean)) / of(normalization.std);
        range.first = c == 0 ? black : std::min(range.first, black);
        range.second = c == 0 ? white : std::max(range.second, white);
    }
    return range;
}

// How much a network finds in one picture: the scores of its boxes, or how sure a classifier is.
class Findings {
public:
    static Result<std::optional<Findings>> of(const CutNetwork &network)
    {
        const bool isClassifier =
            !network.head && !network.host && network.device->outputs.size() == 1 &&
            isClassRow(network.device->tensor(network.device->outputs[0]).shape);
        if (!network.head && !isClassifier)
            return std::optional<Findings>();
        auto engine = FloatEngine::create(network.device, {.threads = 1});
        if (!engine)
            return passOn(std::move(engine));
        return std::optional(Findings(network, std::move(*engine)));
    }

    // Of the network's own values.
    Result<double> in(Tensor values, const std::stop_token &stop)
    {
        const std::vector<Tensor> inputs{std::move(values)};
        const auto outputs = m_engine.run(inputs, {}, stop);
        if (!outputs)
            return std::unexpected(outputs.error());
        if (!m_network->head)
            return largestShare(outputs->front());
        constexpr double weakest = 0.3;
        auto found = decode(*m_network->head, *outputs, {.scoreThreshold = weakest});
        if (!found)
            return passOn(std::move(found));
        double sum = 0;
        for (const Detection &detection : suppress(std::move(*found), {.scoreThreshold = weakest}))
            sum += detection.score;
        return sum;
    }

private:
    Findings(const CutNetwork &network, FloatEngine engine)
        : m_network(&network), m_engine(std::move(engine))
    {
    }
    static bool isClassRow(const Shape &shape)
    {
        return shape.rank() >= 2 && shape[1] > 1 && shape.elementCount() == shape[1];
    }
    static double largestShare(const Tensor &row)
    {
        const auto values = row.as<float>();
        const float largest = *std::ranges::max_element(values);
        double sum = 0;
        for (const float value : values)
            sum += std::exp(static_cast<double>(value - largest));
        const double total = [&] {
            double all = 0;
            for (const float value : values)
                all += static_cast<double>(value);
            return all;
        }();
        const bool isShare = std::abs(total - 1) < 1e-2;
        return isShare ? static_cast<double>(largest) : 1 / sum;
    }

    const CutNetwork *m_network;
    FloatEngine m_engine;
};

Tensor channelsSwapped(const Tensor &pixels)
{
    Tensor swapped = pixels;
    const std::size_t plane = pixels.byteCount() / 3;
    std::memcpy(swapped.bytes().data(), pixels.bytes().data() + 2 * plane, plane);
    std::memcpy(swapped.bytes().data() + 2 * plane, pixels.bytes().data(), plane);
    return swapped;
}

// Can a picture in this plan be given in another form at all?
bool isColorPicture(const InputPlans &plans)
{
    return plans.inputs.size() == 1 && plans.inputs.front().shape.rank() == 4 &&
           plans.inputs.front().shape[1] == 3;
}

Result<std::optional<FormEvidence>> weighSample(Findings &findings, const CalibrationSet &set,
                                                std::size_t sample, const InputPlan &plan,
                                                const std::stop_token &stop)
{
    auto given = set.load(sample, plan.inputName, plan.shape, plan.preprocess);
    if (!given) // broken pictures are the calibration's business
        return std::optional<FormEvidence>();
    const auto own = [&plan](const Tensor &values) {
        return plan.isPicture ? normalized(values, plan.normalization) : values.toFloat32();
    };
    FormEvidence evidence{.sample = sample};
    evidence.raw = std::numeric_limits<double>::quiet_NaN();
    const auto asGiven = findings.in(own(*given), stop);
    if (!asGiven)
        return std::unexpected(asGiven.error());
    const auto swapped = findings.in(own(channelsSwapped(*given)), stop);
    if (!swapped)
        return std::unexpected(swapped.error());
    evidence.asGiven = *asGiven;
    evidence.swapped = *swapped;
    if (plan.isPicture && plan.normalization != Normalization{}) {
        const auto raw = findings.in(given->toFloat32(), stop);
        if (!raw)
            return std::unexpected(raw.error());
        evidence.raw = *raw;
    }
    return std::optional(evidence);
}

} // namespace

Result<std::vector<FormEvidence>> weighForms(const CutNetwork &network, const CalibrationSet &set,
                                             const InputPlans &plans,
                                             std::span<const std::size_t> samples, int threads,
                                             std::stop_token stop)
{
    if (!isColorPicture(plans) || set.isRandom())
        return std::vector<FormEvidence>();
    ThreadPool pool(threads);
    // An engine for each worker, made when it gets its first sample.
    std::vector<std::optional<Findings>> engines(static_cast<std::size_t>(pool.threads()));
    auto first = Findings::of(network);
    if (!first)
        return passOn(std::move(first));
    if (!*first)
        return std::vector<FormEvidence>();
    engines.front() = std::move(*first);
    std::vector<std::optional<FormEvidence>> found(samples.size());
    std::vector<Diagnostics> faults(samples.size());
    const bool isDone = pool.forEach(
        samples.size(),
        [&](std::size_t index, int worker) {
            auto &engine = engines[static_cast<std::size_t>(worker)];
            if (!engine) {
                auto made = Findings::of(network);
                if (!made) {
                    faults[index] = std::move(made.error());
                    return;
                }
                engine = std::move(*made);
            }
            auto evidence = weighSample(*engine, set, samples[index], plans.inputs.front(), stop);
            if (!evidence)
                faults[index] = std::move(evidence.error());
            else
                found[index] = *evidence;
        },
        stop);
    if (!isDone)
        return fail(Diagnostic("cancelled"));
    for (Diagnostics &fault : faults)
        if (!fault.empty())
            return fail(std::move(fault));
    std::vector<FormEvidence> all;
    for (const auto &each : found)
        if (each)
            all.push_back(*each);
    return all;
}

Diagnostics judgeForms(std::span<const FormEvidence> evidence, const CalibrationSet &set,
                       const InputPlan &plan)
{
    constexpr double muchMore = 1.15;
    // Values 255 times too large make a sound network find things everywhere; only one that sees
    // next to nothing in the samples as they are is in doubt.
    constexpr double farMore = 8;
    double own = 0;
    double swapped = 0;
    double raw = 0;
    for (const FormEvidence &each : evidence) {
        own += each.asGiven;
        swapped += each.swapped;
        raw += std::isnan(each.raw) ? 0 : each.raw;
    }
    Diagnostics found;
    const auto say = [&](const char *id, double other, double factor, Fix fix) {
        if (other > own * factor && other > 1)
            found.push_back(Diagnostic(id, Place{.file = set.source().string()})
                                .with("own", own)
                                .with("other", other)
                                .withFix(std::move(fix))
                                .as(Severity::warning));
    };
    const bool isRgb = plan.preprocess.color == ColorOrder::rgb;
    say("calib.channel-order", swapped, muchMore,
        set.isArray() ? Fix{"swap-channels", {{"from", "bgr"}, {"to", "rgb"}}}
                      : Fix{"set-option", {{"--color", isRgb ? "bgr" : "rgb"}}});
    say("calib.double-normalisation", raw, farMore, Fix{"set-option", {{"--normalize", "0/1"}}});
    return found;
}

Result<void> checkChannelOrder(const CutNetwork &network, const CalibrationSet &set,
                               const InputPlans &plans, std::stop_token stop, const EventSink &sink)
{
    constexpr std::size_t looks = 8;
    std::vector<std::size_t> samples;
    const std::size_t count = std::min(looks, set.size());
    for (std::size_t i = 0; i < count; ++i)
        samples.push_back(i * set.size() / count);
    const auto evidence = weighForms(network, set, plans, samples, 1, stop);
    if (!evidence)
        return std::unexpected(evidence.error());
    if (!evidence->empty())
        for (Diagnostic &found : judgeForms(*evidence, set, plans.inputs.front()))
            send(sink, DiagnosticRaised{std::move(found)});
    return {};
}

std::vector<ExpectedInput> expectedInputs(const InputPlans &plans,
                                          const ConversionSettings &settings)
{
    std::vector<ExpectedInput> expected;
    for (const InputPlan &plan : plans.inputs) {
        ExpectedInput input{
            .name = plan.inputName, .shape = plan.shape, .isPicture = plan.isPicture};
        if (settings.normalization)
            input.blackAndWhite = blackAndWhite(*settings.normalization);
        else if (plan.trainedOn)
            input.blackAndWhite = blackAndWhite(*plan.trainedOn);
        expected.push_back(std::move(input));
    }
    return expected;
}

Result<void> checkCalibration(const CalibrationSet &set, const InputPlans &plans,
                              const ConversionSettings &settings, const EventSink &sink)
{
    Diagnostics errors;
    for (Diagnostic &found : examine(set, expectedInputs(plans, settings))) {
        if (found.severity == Severity::error)
            errors.push_back(std::move(found));
        else
            send(sink, DiagnosticRaised{std::move(found)});
    }
    if (!errors.empty())
        return fail(std::move(errors));
    return {};
}

} // namespace hefstudio
