// SPDX-License-Identifier: GPL-3.0-or-later
#include "heads/non_maximum_suppression.h"

#include <algorithm>
#include <cmath>

namespace hefstudio {
namespace {

// Pairs are compared, so the work is bounded: the best of this many.
constexpr std::size_t maximumCandidates = 30'000;

bool isUsable(const Detection &detection)
{
    const Box &box = detection.box;
    return std::isfinite(detection.score) && std::isfinite(box.x1) && std::isfinite(box.y1) &&
           std::isfinite(box.x2) && std::isfinite(box.y2);
}

} // namespace

std::string_view suppressionScopeName(SuppressionScope scope)
{
    switch (scope) {
    case SuppressionScope::perClass:
        return "class_aware";
    case SuppressionScope::agnostic:
        return "class_agnostic";
    case SuppressionScope::none:
        return "none";
    }
    return "none";
}

Detections suppress(Detections candidates, const SuppressionOptions &options)
{
    std::erase_if(candidates, [&](const Detection &found) {
        return !isUsable(found) || found.score < options.scoreThreshold;
    });
    std::ranges::stable_sort(candidates, std::greater<>(), &Detection::score);
    if (candidates.size() > maximumCandidates)
        candidates.resize(maximumCandidates);

    Detections kept;
    for (Detection &candidate : candidates) {
        if (options.maximum != 0 && kept.size() == options.maximum)
            break;
        const auto suppresses = [&](const Detection &better) {
            return (options.scope == SuppressionScope::agnostic ||
                    better.classIndex == candidate.classIndex) &&
                   intersectionOverUnion(better, candidate) > options.iouThreshold;
        };
        if (options.scope == SuppressionScope::none || std::ranges::none_of(kept, suppresses))
            kept.push_back(std::move(candidate));
    }
    return kept;
}

} // namespace hefstudio
