// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/contract_preflight.h"

#include "pipeline/detector.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace hefstudio {
namespace {

constexpr std::size_t mostPictures = 4;
constexpr double weakestDetection = 0.25;
constexpr double weakestClass = 0.5;

// What networks are trained on: 0…1, raw values, −1…1 in both spellings, ImageNet's statistics,
// ImageNet's mean alone.
std::vector<Normalization> usualNormalizations(std::size_t channels)
{
    std::vector<Normalization> all{{{0}, {255}}, {{0}, {1}}, {{127.5F}, {127.5F}}, {{127}, {128}}};
    if (channels == 3) {
        all.push_back({{123.675F, 116.28F, 103.53F}, {58.395F, 57.12F, 57.375F}});
        all.push_back({{123.68F, 116.779F, 103.939F}, {1}});
    }
    return all;
}

// The probability of the likeliest class; nothing where the values are no scores of classes.
std::optional<double> bestClass(const NamedValues &outputs)
{
    if (outputs.size() != 1)
        return std::nullopt;
    const Shape &shape = outputs.front().second.shape();
    const bool isList =
        shape.rank() >= 2 && shape[0] == 1 && shape[1] >= 2 && shape[1] == shape.elementCount();
    if (!isList)
        return std::nullopt;
    const std::span<const float> values = outputs.front().second.as<float>();
    double sum = 0, largest = values.front();
    bool areShares = true;
    for (const float value : values) {
        sum += value;
        largest = std::max(largest, static_cast<double>(value));
        areShares = areShares && value >= 0;
    }
    constexpr double rounding = 1e-3;
    if (areShares && std::abs(sum - 1) < rounding)
        return largest;
    double exponentials = 0;
    for (const float value : values)
        exponentials += std::exp(static_cast<double>(value) - largest);
    return 1 / exponentials;
}

class Trials {
public:
    Trials(PictureNetwork network, std::vector<Image> pictures, std::stop_token stop)
        : m_network(std::move(network)), m_pictures(std::move(pictures)), m_stop(std::move(stop))
    {
    }

    PreflightMeasure measure() const
    {
        return m_network.head() ? PreflightMeasure::detections : PreflightMeasure::classes;
    }
    std::size_t channels() const { return static_cast<std::size_t>(m_network.input().shape[1]); }
    const InputPlan &input() const { return m_network.input(); }

    Result<PreflightTrial> look(const Normalization &normalization, ColorOrder color)
    {
        m_network.feed(normalization, color);
        PreflightTrial trial{.normalization = normalization, .color = color};
        for (const Image &picture : m_pictures) {
            const Result<double> best = lookAt(picture, trial);
            if (!best)
                return std::unexpected(best.error());
            trial.confidence += *best / static_cast<double>(m_pictures.size());
        }
        return trial;
    }

private:
    // The best score in the picture; counts what is found.
    Result<double> lookAt(const Image &picture, PreflightTrial &trial)
    {
        if (m_network.head()) {
            // Weaker boxes tell near misses apart.
            const auto result = detectIn(m_network, picture, {.scoreThreshold = 0.01}, m_stop);
            if (!result)
                return std::unexpected(result.error());
            double best = 0;
            for (const Detection &found : result->detections) {
                const auto score = static_cast<double>(found.score);
                best = std::max(best, score);
                trial.found += score >= weakestDetection ? 1 : 0;
            }
            return best;
        }
        const auto ready = preprocess(picture, m_network.input().preprocess);
        if (!ready)
            return std::unexpected(ready.error());
        const auto inner = m_network.deviceOutputs(ready->pixels, m_stop);
        if (!inner)
            return std::unexpected(inner.error());
        const auto outputs = m_network.networkOutputs(*inner);
        if (!outputs)
            return std::unexpected(outputs.error());
        const auto best = bestClass(*outputs);
        if (!best)
            return fail(Diagnostic("preflight.no-measure"));
        trial.found += *best >= weakestClass ? 1 : 0;
        return *best;
    }

    PictureNetwork m_network;
    std::vector<Image> m_pictures;
    std::stop_token m_stop;
};

} // namespace

std::string_view preflightMeasureName(PreflightMeasure measure)
{
    return measure == PreflightMeasure::detections ? "detections" : "classes";
}

Result<Preflight> preflightContract(const std::filesystem::path &model,
                                    const ConversionSettings &settings,
                                    const CalibrationSet &pictures, std::stop_token stop)
{
    // Opened with what is stated; where that is nothing, with a guess that is tried like others.
    auto network = PictureNetwork::open(model, settings, pictures);
    const bool isStated = network.has_value();
    if (!isStated) {
        if (network.error().front().id != "input.contract-unknown")
            return passOn(std::move(network));
        ConversionSettings guessed = settings;
        guessed.normalization = usualNormalizations(1).front();
        network = PictureNetwork::open(model, guessed, pictures);
        if (!network)
            return passOn(std::move(network));
    }
    std::vector<Image> images;
    for (const auto &file : pictures.pictures()) {
        if (images.size() == mostPictures)
            break;
        auto image = loadImage(file);
        if (!image)
            return passOn(std::move(image));
        images.push_back(std::move(*image));
    }
    Preflight result{.pictures = static_cast<std::int64_t>(images.size())};
    Trials trials(std::move(*network), std::move(images), stop);
    result.measure = trials.measure();
    const Normalization first = trials.input().normalization;
    const ColorOrder usualColor = trials.input().preprocess.color;
    if (isStated) {
        auto stated = trials.look(first, usualColor);
        if (!stated)
            return passOn(std::move(stated));
        stated->isStated = true;
        result.trials.push_back(std::move(*stated));
        if (result.trials.front().found > 0)
            return result;
    }
    std::vector<ColorOrder> colors{usualColor};
    if (trials.channels() == 3)
        colors.push_back(usualColor == ColorOrder::bgr ? ColorOrder::rgb : ColorOrder::bgr);
    for (const Normalization &normalization : usualNormalizations(trials.channels()))
        for (const ColorOrder color : colors) {
            if (stop.stop_requested())
                return fail(Diagnostic("cancelled"));
            if (isStated && normalization == first && color == usualColor)
                continue;
            auto trial = trials.look(normalization, color);
            if (!trial)
                return passOn(std::move(trial));
            result.trials.push_back(std::move(*trial));
        }
    std::ranges::stable_sort(result.trials, [](const PreflightTrial &a, const PreflightTrial &b) {
        return a.confidence != b.confidence ? a.confidence > b.confidence : a.found > b.found;
    });
    return result;
}

} // namespace hefstudio
