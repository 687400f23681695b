// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/calibration_check.h"

#include "calibration/doctor.h"
#include "engine/float_engine.h"
#include "heads/decode.h"
#include "pipeline/detector.h"

#include <algorithm>
#include <cmath>
#include <cstring>

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

    Result<double> in(const Tensor &pixels, const Normalization &normalization,
                      const std::stop_token &stop)
    {
        const std::vector<Tensor> inputs{normalized(pixels, normalization)};
        const auto outputs = m_engine.run(inputs, {}, stop);
        if (!outputs)
            return std::unexpected(outputs.error());
        if (!m_network.head)
            return largestShare(outputs->front());
        constexpr double weakest = 0.3;
        auto found = decode(*m_network.head, *outputs, {.scoreThreshold = weakest});
        if (!found)
            return passOn(std::move(found));
        double sum = 0;
        for (const Detection &detection : suppress(std::move(*found), {.scoreThreshold = weakest}))
            sum += detection.score;
        return sum;
    }

private:
    Findings(const CutNetwork &network, FloatEngine engine)
        : m_network(network), m_engine(std::move(engine))
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

    const CutNetwork &m_network;
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

} // namespace

Result<void> checkChannelOrder(const CutNetwork &network, const CalibrationSet &set,
                               const InputPlans &plans, std::stop_token stop, const EventSink &sink)
{
    constexpr std::size_t looks = 8;
    constexpr double muchMore = 1.15;
    if (plans.inputs.size() != 1 || !plans.inputs.front().isPicture ||
        plans.inputs.front().shape[1] != 3)
        return {};
    const InputPlan &plan = plans.inputs.front();
    auto findings = Findings::of(network);
    if (!findings)
        return passOn(std::move(findings));
    if (!*findings)
        return {};
    double own = 0;
    double other = 0;
    const std::size_t count = std::min(looks, set.size());
    for (std::size_t i = 0; i < count; ++i) {
        if (stop.stop_requested())
            return fail(Diagnostic("cancelled"));
        const auto pixels =
            set.load(i * set.size() / count, plan.inputName, plan.shape, plan.preprocess);
        if (!pixels || pixels->type() != ElementType::uint8)
            continue; // broken pictures are the calibration's business
        const auto asGiven = (*findings)->in(*pixels, plan.normalization, stop);
        if (!asGiven)
            return std::unexpected(asGiven.error());
        const auto turned = (*findings)->in(channelsSwapped(*pixels), plan.normalization, stop);
        if (!turned)
            return std::unexpected(turned.error());
        own += *asGiven;
        other += *turned;
    }
    if (other > own * muchMore && other > 1) {
        const bool isRgb = plan.preprocess.color == ColorOrder::rgb;
        send(sink, DiagnosticRaised{
                       Diagnostic("calib.channel-order", Place{.file = set.source().string()})
                           .with("own", own)
                           .with("other", other)
                           .withFix({"set-option", {{"--color", isRgb ? "bgr" : "rgb"}}})
                           .as(Severity::warning)});
    }
    return {};
}

Result<void> checkCalibration(const CalibrationSet &set, const InputPlans &plans,
                              const ConversionSettings &settings, const EventSink &sink)
{
    std::vector<ExpectedInput> expected;
    for (const InputPlan &plan : plans.inputs) {
        ExpectedInput input{
            .name = plan.inputName, .shape = plan.shape, .isPicture = plan.isPicture};
        if (settings.normalization)
            input.blackAndWhite = blackAndWhite(*settings.normalization);
        expected.push_back(std::move(input));
    }
    Diagnostics errors;
    for (Diagnostic &found : examine(set, expected)) {
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
