// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/result_bench.h"

#include <algorithm>
#include <numeric>

namespace hefstudio {
namespace {

std::vector<BenchBox> visible(const Detections &found, const BenchThresholds &thresholds)
{
    std::vector<BenchBox> boxes;
    for (const Detection &detection : found)
        if (detection.score >= thresholds.score &&
            (thresholds.onlyClass < 0 || detection.classIndex == thresholds.onlyClass))
            boxes.push_back({.detection = detection});
    std::ranges::stable_sort(boxes, [](const BenchBox &a, const BenchBox &b) {
        return a.detection.score > b.detection.score;
    });
    return boxes;
}

double shareOf(int partners, int floatBoxes, int hefBoxes)
{
    const int all = floatBoxes + hefBoxes - partners;
    return all == 0 ? 1 : static_cast<double>(partners) / all;
}

double weakestOutput(const BenchPicture &picture)
{
    double weakest = 200;
    for (const BenchOutput &output : picture.outputs)
        weakest = std::min(weakest, output.signal.snrDb());
    return weakest;
}

std::vector<BenchOutput> pairOutputs(NamedValues floatValues, NamedValues hefValues)
{
    std::vector<BenchOutput> outputs;
    for (auto &[name, values] : hefValues) {
        const auto same = std::ranges::find(floatValues, name, &NamedValues::value_type::first);
        if (same == floatValues.end() || same->second.shape() != values.shape())
            continue;
        BenchOutput output{name, std::move(same->second), std::move(values), {}};
        output.signal.add(output.floatValues.as<float>(), output.hefValues.as<float>());
        outputs.push_back(std::move(output));
    }
    return outputs;
}

} // namespace

void forgetValues(BenchPicture &picture)
{
    for (BenchOutput &output : picture.outputs) {
        output.floatValues = Tensor();
        output.hefValues = Tensor();
    }
}

double BenchAgreement::share() const
{
    return shareOf(partners, static_cast<int>(floatBoxes.size()),
                   static_cast<int>(hefBoxes.size()));
}

double BenchSummary::share() const
{
    return shareOf(partners, floatBoxes, hefBoxes);
}

BenchAgreement agreementOf(const BenchPicture &picture, const BenchThresholds &thresholds)
{
    BenchAgreement agreement{.floatBoxes = visible(picture.floatFound, thresholds),
                             .hefBoxes = visible(picture.hefFound, thresholds)};
    double iouSum = 0;
    for (BenchBox &box : agreement.floatBoxes) {
        BenchBox *best = nullptr;
        double bestIou = thresholds.iou;
        for (BenchBox &other : agreement.hefBoxes) {
            if (other.hasPartner || other.detection.classIndex != box.detection.classIndex)
                continue;
            const double iou = intersectionOverUnion(box.detection, other.detection);
            if (iou >= bestIou && (!best || iou > bestIou)) {
                best = &other;
                bestIou = iou;
            }
        }
        if (!best)
            continue;
        box.hasPartner = best->hasPartner = true;
        box.iou = best->iou = bestIou;
        iouSum += bestIou;
        ++agreement.partners;
    }
    agreement.meanIou = agreement.partners > 0 ? iouSum / agreement.partners : 0;
    return agreement;
}

BenchSummary summaryOf(std::span<const BenchPicture> pictures, const BenchThresholds &thresholds)
{
    BenchSummary summary{.pictures = pictures.size()};
    double iouSum = 0;
    for (const BenchPicture &picture : pictures) {
        const BenchAgreement agreement = agreementOf(picture, thresholds);
        summary.floatBoxes += static_cast<int>(agreement.floatBoxes.size());
        summary.hefBoxes += static_cast<int>(agreement.hefBoxes.size());
        summary.partners += agreement.partners;
        iouSum += agreement.meanIou * agreement.partners;
    }
    summary.meanIou = summary.partners > 0 ? iouSum / summary.partners : 0;
    return summary;
}

std::vector<std::size_t> worstFirst(std::span<const BenchPicture> pictures,
                                    const BenchThresholds &thresholds)
{
    std::vector<std::pair<double, double>> figures;
    for (const BenchPicture &picture : pictures)
        figures.emplace_back(agreementOf(picture, thresholds).share(), weakestOutput(picture));
    std::vector<std::size_t> order(pictures.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::ranges::stable_sort(order,
                             [&](std::size_t a, std::size_t b) { return figures[a] < figures[b]; });
    return order;
}

ResultBench::ResultBench(std::shared_ptr<const PictureNetwork> model,
                         std::shared_ptr<const PictureNetwork> hef)
    : m_float(std::move(model)), m_hef(std::move(hef))
{
}

Result<ResultBench> ResultBench::open(const std::filesystem::path &hef,
                                      const ConversionSettings &settings,
                                      const std::filesystem::path &onePicture)
{
    const auto set = CalibrationSet::open(onePicture);
    if (!set)
        return std::unexpected(set.error());
    auto opened = PictureNetwork::open(hef, settings, *set);
    if (!opened)
        return passOn(std::move(opened));
    ConversionSettings stated = settings;
    const InputPlan &input = opened->input();
    if (!stated.normalization)
        stated.normalization = input.normalization;
    if (!stated.color)
        stated.color = input.preprocess.color;
    if (!stated.resize)
        stated.resize = input.preprocess.resize;
    auto model = PictureNetwork::open(settings.model, stated, *set);
    if (!model)
        return passOn(std::move(model));
    return ResultBench(std::make_shared<const PictureNetwork>(std::move(*model)),
                       std::make_shared<const PictureNetwork>(std::move(*opened)));
}

Result<BenchPicture> ResultBench::look(const std::filesystem::path &picture,
                                       std::stop_token stop) const
{
    const auto image = loadImage(picture);
    if (!image)
        return std::unexpected(image.error());
    auto looked = look(*image, std::move(stop));
    if (looked) {
        looked->file = picture;
        looked->name = picture.filename().string();
    }
    return looked;
}

Result<BenchPicture> ResultBench::look(const Image &picture, std::stop_token stop) const
{
    BenchPicture looked{.file = {},
                        .name = {},
                        .width = picture.width,
                        .height = picture.height,
                        .floatFound = {},
                        .hefFound = {},
                        .outputs = {}};
    if (isDetector()) {
        const SuppressionOptions options{.scoreThreshold = benchFloor};
        auto before = detectIn(*m_float, picture, options, stop);
        if (!before)
            return passOn(std::move(before));
        auto after = detectIn(*m_hef, picture, options, stop);
        if (!after)
            return passOn(std::move(after));
        looked.floatFound = std::move(before->detections);
        looked.hefFound = std::move(after->detections);
        looked.outputs = pairOutputs(std::move(before->deviceOutputs), std::move(after->deviceOutputs));
        return looked;
    }
    const auto valuesOf = [&](const PictureNetwork &network) -> Result<NamedValues> {
        const auto ready = preprocess(picture, network.input().preprocess);
        if (!ready)
            return std::unexpected(ready.error());
        return network.deviceOutputs(ready->pixels, stop);
    };
    auto before = valuesOf(*m_float);
    if (!before)
        return passOn(std::move(before));
    auto after = valuesOf(*m_hef);
    if (!after)
        return passOn(std::move(after));
    looked.outputs = pairOutputs(std::move(*before), std::move(*after));
    return looked;
}

} // namespace hefstudio
