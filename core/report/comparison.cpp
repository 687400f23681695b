// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/comparison.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace hefstudio {
namespace {

std::string fixed(double value, int digits)
{
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

std::string db(double value)
{
    return value >= 200 ? "equal" : fixed(value, 1) + " dB";
}

std::string fileName(const std::string &path)
{
    const auto slash = path.find_last_of('/');
    return slash == std::string::npos ? path : path.substr(slash + 1);
}

Fix option(std::string name, std::string value)
{
    return {"set-option", {{std::move(name), std::move(value)}}};
}

std::vector<Proposal> proposalsFor(const LayerComparison &layer)
{
    std::vector<Proposal> proposals;
    const std::string node = layer.origin.empty() ? layer.name : layer.origin.back();
    constexpr double manyClipped = 1e-3;
    if (layer.clippedFraction > manyClipped)
        proposals.push_back({"Its range cuts off " + fixed(layer.clippedFraction * 100, 2) +
                                 " % of the values: more calibration pictures like these widen it.",
                             option("--calib", "a set that holds such pictures")});
    if (layer.bits == 8)
        proposals.push_back({"Give its output 16 bits: the preset accurate raises the layers that "
                             "lose most.",
                             option("--preset", "accurate")});
    proposals.push_back({"Leave it and what follows to the host: end the chip's part before it.",
                         {"cut-before", {{"node", node}}}});
    return proposals;
}

bool overlap(const Interval &a, const Interval &b)
{
    return a.low <= b.high && b.low <= a.high;
}

} // namespace

const std::vector<OutputComparison> *HefComparison::outputs() const
{
    const auto rung = std::ranges::find(rungs, "hef", &Rung::name);
    return rung == rungs.end() ? nullptr : &rung->outputs;
}

double HefComparison::score() const
{
    if (detection)
        return detection->retained.at50;
    if (classification)
        return classification->agreement.top1;
    if (segmentation)
        return segmentation->meanIou();
    constexpr double fullMarksDb = 60;
    double least = fullMarksDb;
    if (outputs())
        for (const OutputComparison &output : *outputs())
            least = std::min(least, output.signal.snrDb());
    return std::clamp(least / fullMarksDb, 0.0, 1.0);
}

std::string HefComparison::scoreName() const
{
    return detection        ? "mAP@0.5 kept"
           : classification ? "top-1 agreement"
           : segmentation   ? "mean IoU"
                            : "least output SNR / 60 dB";
}

std::optional<FirstBadLayer> findFirstBad(const std::vector<LayerComparison> &layers,
                                          const std::vector<OutputComparison> &outputs)
{
    for (const LayerComparison &layer : layers)
        if (layer.isolated.count() > 0 && layer.isolated.snrDb() < badLayerDb)
            return FirstBadLayer{layer.name,
                                 "On its own, with exact input, it keeps only " +
                                     db(layer.isolated.snrDb()) + ".",
                                 proposalsFor(layer)};
    const bool isBadAtTheEnd = std::ranges::any_of(outputs, [](const OutputComparison &output) {
        return output.signal.count() > 0 && output.signal.snrDb() < badLayerDb;
    });
    if (!isBadAtTheEnd)
        return std::nullopt;
    // No layer is bad on its own: the first where the errors of all before add up to too much.
    for (const LayerComparison &layer : layers)
        if (layer.accumulated.count() > 0 && layer.accumulated.snrDb() < badLayerDb)
            return FirstBadLayer{layer.name,
                                 "No layer loses much on its own; up to here the small errors add "
                                 "up to " +
                                     db(layer.accumulated.snrDb()) + ".",
                                 {{"Correct them layer by layer: the preset accurate calibrates "
                                   "in network order.",
                                   option("--preset", "accurate")}}};
    return std::nullopt;
}

std::string verdictOn(const Comparison &comparison)
{
    if (comparison.hefs.size() < 2)
        return {};
    const HefComparison &a = comparison.hefs[0];
    const HefComparison &b = comparison.hefs[1];
    const std::string figures =
        fixed(a.score(), 3) + " against " + fixed(b.score(), 3) + " " + a.scoreName();
    const HefComparison &better = a.score() >= b.score() ? a : b;
    bool canBeTold = std::abs(a.score() - b.score()) > 1e-3;
    if (a.detection && b.detection)
        canBeTold = canBeTold && !overlap(a.detection->retained.at50Interval,
                                          b.detection->retained.at50Interval);
    if (!canBeTold)
        return "On these pictures the two files cannot be told apart: " + figures + ".";
    return fileName(better.file) + " is the better one: " + figures + ".";
}

std::string comparisonText(const Comparison &comparison)
{
    std::string text;
    const auto line = [&](const std::string &what) { text += what + "\n"; };
    for (const HefComparison &hef : comparison.hefs) {
        line(fileName(hef.file) + " against " + fileName(comparison.model) + ", " +
             std::to_string(comparison.pictures) + " pictures");
        for (const Rung &rung : hef.rungs)
            for (const OutputComparison &output : rung.outputs)
                line("  " + rung.name + "  " + output.name + "  SNR " + db(output.signal.snrDb()) +
                     ", cosine " + fixed(output.signal.cosine(), 5));
        if (hef.detection) {
            const auto &kept = hef.detection->retained;
            line("  mAP@0.5 kept " + fixed(kept.at50, 3) + " [" + fixed(kept.at50Interval.low, 3) +
                 ", " + fixed(kept.at50Interval.high, 3) + "], mAP@0.5:0.95 " + fixed(kept.all, 3) +
                 " [" + fixed(kept.allInterval.low, 3) + ", " + fixed(kept.allInterval.high, 3) +
                 "]");
            const auto &matches = hef.detection->matches;
            line("  boxes matched " + fixed(matches.matchedFraction, 3) + " of " +
                 std::to_string(matches.truthBoxes) + ", mean IoU " + fixed(matches.meanIou, 3));
            if (hef.detection->floatOnLabels && hef.detection->foundOnLabels)
                line("  AP50 against the labels: float " +
                     fixed(hef.detection->floatOnLabels->at50, 3) + ", HEF " +
                     fixed(hef.detection->foundOnLabels->at50, 3));
        }
        if (hef.classification) {
            const auto &c = *hef.classification;
            line("  top-1 agreement " + fixed(c.agreement.top1, 4) + ", top-5 " +
                 fixed(c.agreement.top5, 4));
            line("  expected calibration error " + fixed(c.before.calibrationError, 4) + " → " +
                 fixed(c.after.calibrationError, 4) + ", temperature " +
                 fixed(c.before.temperature, 3) + " → " + fixed(c.after.temperature, 3) +
                 " (truth: " + c.truth + ")");
        }
        if (hef.segmentation)
            line("  mean IoU " + fixed(hef.segmentation->meanIou(), 4) + ", equal pixels " +
                 fixed(hef.segmentation->pixelAgreement(), 4));
        if (hef.firstBad) {
            line("  first bad layer: " + hef.firstBad->layer + ". " + hef.firstBad->reason);
            for (const Proposal &proposal : hef.firstBad->proposals)
                line("    try: " + proposal.text);
        } else if (!hef.layers.empty()) {
            line("  no layer stands out: every one keeps " + db(badLayerDb) + " on its own");
        }
    }
    if (!comparison.verdict.empty())
        line(comparison.verdict);
    line("Figures of the emulator are predicted for the chip.");
    return text;
}

} // namespace hefstudio
