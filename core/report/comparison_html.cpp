// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/comparison.h"

#include <algorithm>
#include <cstdio>

namespace hefstudio {
namespace {

constexpr const char *style =
    "body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:70em;padding:0 1em;"
    "color:#1c2128;background:#fff}"
    "table{border-collapse:collapse;width:100%;margin:.5em 0 1.5em}"
    "th,td{text-align:left;padding:.25em .6em;border-bottom:1px solid #d0d7de}"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}"
    "tr.bad td{background:#ffebe9}.bar{display:inline-block;height:.7em;background:#2f81f7}"
    "@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}"
    "th,td{border-color:#30363d}tr.bad td{background:#490202}}";

// The names come from files of others.
std::string escaped(const std::string &text)
{
    std::string safe;
    for (const char c : text)
        switch (c) {
        case '&':
            safe += "&amp;";
            break;
        case '<':
            safe += "&lt;";
            break;
        case '>':
            safe += "&gt;";
            break;
        case '"':
            safe += "&quot;";
            break;
        default:
            safe += c;
        }
    return safe;
}

std::string fixed(double value, int digits)
{
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

std::string cell(const std::string &text)
{
    return "<td>" + escaped(text) + "</td>";
}
std::string cell(double value, int digits)
{
    return "<td class=n>" + fixed(value, digits) + "</td>";
}

std::string interval(const Interval &range)
{
    return " [" + fixed(range.low, 3) + ", " + fixed(range.high, 3) + "]";
}

std::string fact(const std::string &name, const std::string &value)
{
    return "<tr>" + cell(name) + "<td class=n>" + escaped(value) + "</td></tr>";
}

std::string figures(const HefComparison &hef)
{
    std::string rows;
    if (const auto &d = hef.detection) {
        rows += fact("mAP@0.5 kept, 95 % interval",
                     fixed(d->retained.at50, 3) + interval(d->retained.at50Interval));
        rows += fact("mAP@0.5:0.95 kept",
                     fixed(d->retained.all, 3) + interval(d->retained.allInterval));
        rows += fact("boxes matched",
                     fixed(d->matches.matchedFraction, 3) + interval(d->matches.matchedInterval));
        rows += fact("mean IoU of the matched", fixed(d->matches.meanIou, 3));
        if (d->floatOnLabels && d->foundOnLabels)
            rows +=
                fact("AP50 against labels, float → HEF",
                     fixed(d->floatOnLabels->at50, 3) + " → " + fixed(d->foundOnLabels->at50, 3));
    }
    if (const auto &c = hef.classification) {
        rows += fact("top-1 agreement", fixed(c->agreement.top1, 4));
        rows += fact("top-5 agreement", fixed(c->agreement.top5, 4));
        rows += fact("expected calibration error, float → HEF",
                     fixed(c->before.calibrationError, 4) + " → " +
                         fixed(c->after.calibrationError, 4));
        rows += fact("temperature, float → HEF",
                     fixed(c->before.temperature, 3) + " → " + fixed(c->after.temperature, 3));
    }
    if (hef.segmentation)
        rows += fact("mean IoU of the class maps", fixed(hef.segmentation->meanIou(), 4));
    return rows.empty() ? "" : "<table>" + rows + "</table>";
}

std::string ladder(const HefComparison &hef)
{
    std::string html = "<h3>Ladder</h3><table><tr><th>stage<th>output<th class=n>SNR dB<th "
                       "class=n>PSNR dB<th class=n>cosine<th class=n>largest error</tr>";
    for (const Rung &rung : hef.rungs)
        for (const OutputComparison &output : rung.outputs)
            html += "<tr>" + cell(rung.name) + cell(output.name) + cell(output.signal.snrDb(), 1) +
                    cell(output.signal.psnrDb(), 1) + cell(output.signal.cosine(), 5) +
                    cell(output.signal.worst().error(), 4) + "</tr>";
    return html + "</table>";
}

std::string layerTable(const HefComparison &hef)
{
    if (hef.layers.empty())
        return {};
    std::string html = "<h3>Layers</h3><table><tr><th>layer<th>kind<th class=n>bits<th class=n>SNR "
                       "alone dB<th class=n>SNR up to here dB<th><th class=n>cosine</tr>";
    for (const LayerComparison &layer : hef.layers) {
        const bool isBad = layer.isolated.count() > 0 && layer.isolated.snrDb() < badLayerDb;
        const int width = static_cast<int>(std::clamp(layer.accumulated.snrDb(), 0.0, 60.0) * 2);
        html += std::string(isBad ? "<tr class=bad>" : "<tr>") + cell(layer.name) +
                cell(layer.kind) + cell(layer.bits, 0) + cell(layer.isolated.snrDb(), 1) +
                cell(layer.accumulated.snrDb(), 1) +
                "<td><span class=bar style=\"width:" + std::to_string(width) + "px\"></span></td>" +
                cell(layer.accumulated.cosine(), 5) + "</tr>";
    }
    return html + "</table>";
}

} // namespace

std::string comparisonHtml(const Comparison &comparison)
{
    std::string html = "<!doctype html><html lang=en><meta charset=utf-8><title>" +
                       escaped(comparison.model) + "</title><style>" + style + "</style>";
    html += "<h1>" + escaped(comparison.model) + "</h1><p>" + std::to_string(comparison.pictures) +
            " pictures, " + std::to_string(comparison.layerPictures) +
            " of them layer by layer. Figures of the emulator are predicted for the chip.</p>";
    if (!comparison.verdict.empty())
        html += "<p><b>" + escaped(comparison.verdict) + "</b></p>";
    for (const HefComparison &hef : comparison.hefs) {
        html += "<h2>" + escaped(hef.file) + "</h2>" + figures(hef);
        if (hef.firstBad) {
            html += "<p>First bad layer: <b>" + escaped(hef.firstBad->layer) + "</b>. " +
                    escaped(hef.firstBad->reason) + "</p><ul>";
            for (const Proposal &proposal : hef.firstBad->proposals)
                html += "<li>" + escaped(proposal.text) + "</li>";
            html += "</ul>";
        }
        html += ladder(hef) + layerTable(hef);
    }
    return html + "</html>\n";
}

} // namespace hefstudio
