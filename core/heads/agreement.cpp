// SPDX-License-Identifier: GPL-3.0-or-later
#include "heads/agreement.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <random>

namespace hefstudio {
namespace {

constexpr std::size_t thresholdCount = 10; // 0.50, 0.55 … 0.95
constexpr int recallLevels = 101;

double iouThreshold(std::size_t index)
{
    return 0.5 + 0.05 * static_cast<double>(index);
}

enum class Verdict : std::uint8_t { wrong, right, ignored };

struct Judged {
    double score = 0;
    std::size_t picture = 0;
    std::array<Verdict, thresholdCount> verdicts{};
};

// One class: its detections best first, and how many truth boxes each picture has.
struct ClassRecord {
    std::vector<Judged> found;
    std::vector<int> truthBoxes;
};

using Indices = std::vector<std::size_t>;

// COCO's matching in one picture, at one threshold: from the best score down, each detection takes
// the free truth box it overlaps most; where none is left, a crowd excuses it.
void judge(std::span<const TruthBox> truth, const Indices &candidates, const Detections &found,
           std::span<Judged> judged, std::size_t threshold)
{
    std::vector<bool> taken(truth.size(), false);
    for (std::size_t d = 0; d < candidates.size(); ++d) {
        const Box &box = found[candidates[d]].box;
        double best = iouThreshold(threshold) - 1e-9;
        std::size_t chosen = truth.size();
        bool isExcused = false;
        for (std::size_t t = 0; t < truth.size(); ++t) {
            if (truth[t].isIgnored) {
                // The share of the detection inside the crowd, as crowds have no outline of one.
                const Box &crowd = truth[t].box;
                const Box common{std::max(box.x1, crowd.x1), std::max(box.y1, crowd.y1),
                                 std::min(box.x2, crowd.x2), std::min(box.y2, crowd.y2)};
                isExcused =
                    isExcused || (box.area() > 0 && common.width() > 0 && common.height() > 0 &&
                                  common.area() / box.area() >= iouThreshold(threshold));
                continue;
            }
            const double overlap = taken[t] ? 0 : intersectionOverUnion(box, truth[t].box);
            if (overlap >= best) {
                best = overlap;
                chosen = t;
            }
        }
        Verdict verdict = isExcused ? Verdict::ignored : Verdict::wrong;
        if (chosen != truth.size()) {
            taken[chosen] = true;
            verdict = Verdict::right;
        }
        judged[d].verdicts[threshold] = verdict;
    }
}

std::map<int, ClassRecord> judgeAll(const PictureTruth &truth, const PictureDetections &found)
{
    std::map<int, ClassRecord> classes;
    for (std::size_t p = 0; p < truth.size(); ++p)
        for (const TruthBox &box : truth[p]) {
            auto &record = classes[box.classIndex];
            record.truthBoxes.resize(truth.size(), 0);
            record.truthBoxes[p] += box.isIgnored ? 0 : 1;
        }
    for (auto &[classIndex, record] : classes) {
        for (std::size_t p = 0; p < truth.size(); ++p) {
            std::vector<TruthBox> boxes;
            std::ranges::copy_if(truth[p], std::back_inserter(boxes),
                                 [&](const TruthBox &box) { return box.classIndex == classIndex; });
            Indices candidates;
            for (std::size_t d = 0; p < found.size() && d < found[p].size(); ++d)
                if (found[p][d].classIndex == classIndex)
                    candidates.push_back(d);
            if (candidates.empty())
                continue;
            std::ranges::stable_sort(candidates, std::greater<>(),
                                     [&](std::size_t d) { return found[p][d].score; });
            std::vector<Judged> judged;
            for (const std::size_t d : candidates)
                judged.push_back({found[p][d].score, p, {}});
            for (std::size_t t = 0; t < thresholdCount; ++t)
                judge(boxes, candidates, found[p], judged, t);
            record.found.insert(record.found.end(), judged.begin(), judged.end());
        }
        std::ranges::stable_sort(record.found, std::greater<>(), &Judged::score);
    }
    return classes;
}

// The area under precision over recall; nothing for a class without truth among the drawn.
std::optional<double> precisionOf(const ClassRecord &record, std::size_t threshold,
                                  std::span<const int> draws)
{
    double truth = 0;
    for (std::size_t p = 0; p < draws.size(); ++p)
        truth += static_cast<double>(record.truthBoxes[p]) * draws[p];
    if (truth == 0)
        return std::nullopt;
    std::vector<double> recall;
    std::vector<double> precision;
    double right = 0;
    double wrong = 0;
    for (const Judged &judged : record.found) {
        const Verdict verdict = judged.verdicts[threshold];
        const int times = draws[judged.picture];
        if (times == 0 || verdict == Verdict::ignored)
            continue;
        (verdict == Verdict::right ? right : wrong) += times;
        recall.push_back(right / truth);
        precision.push_back(right / (right + wrong));
    }
    for (std::size_t i = precision.size(); i-- > 1;)
        precision[i - 1] = std::max(precision[i - 1], precision[i]);
    double sum = 0;
    std::size_t at = 0;
    for (int level = 0; level < recallLevels; ++level) {
        const double wanted = static_cast<double>(level) / (recallLevels - 1);
        while (at < recall.size() && recall[at] < wanted - 1e-12)
            ++at;
        if (at == recall.size())
            break;
        sum += precision[at];
    }
    return sum / recallLevels;
}

struct Mean {
    double value = 0;
    int classes = 0;
};

Mean meanPrecision(const std::map<int, ClassRecord> &classes, std::size_t threshold,
                   std::span<const int> draws)
{
    Mean mean;
    for (const auto &[classIndex, record] : classes)
        if (const auto precision = precisionOf(record, threshold, draws)) {
            mean.value += *precision;
            ++mean.classes;
        }
    if (mean.classes > 0)
        mean.value /= mean.classes;
    return mean;
}

double meanOverThresholds(const std::map<int, ClassRecord> &classes, std::span<const int> draws)
{
    double sum = 0;
    for (std::size_t t = 0; t < thresholdCount; ++t)
        sum += meanPrecision(classes, t, draws).value;
    return sum / thresholdCount;
}

struct PictureMatches {
    std::int64_t truthBoxes = 0;
    std::int64_t matched = 0;
    double iouSum = 0;
};

PictureMatches matchPicture(const std::vector<TruthBox> &truth, const Detections &found,
                            double minimumScore)
{
    struct Pair {
        double iou;
        std::size_t truth, found;
    };
    std::vector<Pair> pairs;
    PictureMatches matches;
    for (std::size_t t = 0; t < truth.size(); ++t) {
        if (truth[t].isIgnored)
            continue;
        ++matches.truthBoxes;
        for (std::size_t d = 0; d < found.size(); ++d) {
            if (found[d].classIndex != truth[t].classIndex || found[d].score < minimumScore)
                continue;
            const double iou = intersectionOverUnion(truth[t].box, found[d].box);
            if (iou >= 0.5)
                pairs.push_back({iou, t, d});
        }
    }
    std::ranges::stable_sort(pairs, std::greater<>(), &Pair::iou);
    std::vector<bool> truthTaken(truth.size(), false);
    std::vector<bool> foundTaken(found.size(), false);
    for (const Pair &pair : pairs) {
        if (truthTaken[pair.truth] || foundTaken[pair.found])
            continue;
        truthTaken[pair.truth] = foundTaken[pair.found] = true;
        ++matches.matched;
        matches.iouSum += pair.iou;
    }
    return matches;
}

} // namespace

PictureTruth asTruth(const PictureDetections &detections, double minimumScore)
{
    PictureTruth truth;
    for (const Detections &picture : detections) {
        auto &boxes = truth.emplace_back();
        for (const Detection &found : picture)
            if (found.score >= minimumScore)
                boxes.push_back({found.classIndex, found.box});
    }
    return truth;
}

Interval bootstrapInterval(std::size_t pictures,
                           const std::function<double(std::span<const int> draws)> &figure,
                           const BootstrapOptions &options)
{
    std::vector<int> draws(pictures, 1);
    if (options.repeats <= 0 || pictures == 0) {
        const double value = figure(draws);
        return {value, value};
    }
    // The engine's numbers are the same everywhere; the standard distributions' are not.
    std::mt19937_64 random(options.seed);
    std::vector<double> values;
    for (int i = 0; i < options.repeats; ++i) {
        std::ranges::fill(draws, 0);
        for (std::size_t p = 0; p < pictures; ++p)
            ++draws[static_cast<std::size_t>(random() % pictures)];
        values.push_back(figure(draws));
    }
    std::ranges::sort(values);
    const auto quantile = [&](double share) {
        return values[static_cast<std::size_t>(
            std::lround(share * static_cast<double>(values.size() - 1)))];
    };
    return {quantile(0.025), quantile(0.975)};
}

AveragePrecision averagePrecision(const PictureTruth &truth, const PictureDetections &found,
                                  const BootstrapOptions &bootstrap)
{
    const auto classes = judgeAll(truth, found);
    const std::vector<int> once(truth.size(), 1);
    const Mean at50 = meanPrecision(classes, 0, once);
    AveragePrecision result{
        .at50 = at50.value, .all = meanOverThresholds(classes, once), .classes = at50.classes};
    result.at50Interval = bootstrapInterval(
        truth.size(),
        [&](std::span<const int> draws) { return meanPrecision(classes, 0, draws).value; },
        bootstrap);
    result.allInterval = bootstrapInterval(
        truth.size(),
        [&](std::span<const int> draws) { return meanOverThresholds(classes, draws); }, bootstrap);
    return result;
}

BoxMatches matchBoxes(const PictureTruth &truth, const PictureDetections &found,
                      double minimumScore, const BootstrapOptions &bootstrap)
{
    std::vector<PictureMatches> pictures;
    BoxMatches result;
    double iouSum = 0;
    for (std::size_t p = 0; p < truth.size(); ++p) {
        pictures.push_back(
            matchPicture(truth[p], p < found.size() ? found[p] : Detections{}, minimumScore));
        result.truthBoxes += pictures.back().truthBoxes;
        result.matched += pictures.back().matched;
        iouSum += pictures.back().iouSum;
    }
    const auto fraction = [&](std::span<const int> draws) {
        double boxes = 0;
        double matched = 0;
        for (std::size_t p = 0; p < draws.size(); ++p) {
            boxes += static_cast<double>(pictures[p].truthBoxes) * draws[p];
            matched += static_cast<double>(pictures[p].matched) * draws[p];
        }
        return boxes > 0 ? matched / boxes : 1.0;
    };
    result.matchedFraction = fraction(std::vector<int>(truth.size(), 1));
    result.meanIou = result.matched > 0 ? iouSum / static_cast<double>(result.matched) : 0;
    result.matchedInterval = bootstrapInterval(truth.size(), fraction, bootstrap);
    return result;
}

} // namespace hefstudio
