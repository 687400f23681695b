// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/doctor.h"

#include "calibration/picture_facts.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <set>

namespace hefstudio {
namespace {

bool isPictureShape(const Shape &shape)
{
    return shape.rank() == 4 && (shape[1] == 1 || shape[1] == 3) && shape[2] > 4 && shape[3] > 4;
}

class Doctor {
public:
    Doctor(const CalibrationSet &set, std::span<const ExpectedInput> inputs)
        : m_set(set), m_inputs(inputs)
    {
    }

    Diagnostics examine()
    {
        if (!m_set.isArray()) {
            examinePictures();
            return std::move(m_found);
        }
        for (const ExpectedInput &input : m_inputs)
            if (const SampleArray *array = m_set.array(input.name))
                examineArray(*array, input);
        return std::move(m_found);
    }

    Diagnostics form(const ExpectedInput &input)
    {
        if (const SampleArray *array = m_set.array(input.name))
            examineShape(array->shape, input);
        return std::move(m_found);
    }
    Diagnostics values(const ExpectedInput &input, const SampleRange &range)
    {
        examineValues(range, input);
        return std::move(m_found);
    }

private:
    Diagnostic at(const char *id, const std::string &input) const
    {
        return Diagnostic(id, Place{.file = m_set.source().string(), .keyPath = input});
    }

    // --- arrays ---

    void examineArray(const SampleArray &array, const ExpectedInput &input)
    {
        if (!examineShape(array.shape, input))
            return;
        SampleRange range{std::numeric_limits<double>::infinity(),
                         -std::numeric_limits<double>::infinity(), 0};
        // One sample at a time: the array may be larger than the memory.
        for (std::size_t i = 0; i < m_set.size(); ++i) {
            const Tensor values = array.sampleValues(m_set.rowOf(i));
            for (const float value : values.as<float>()) {
                if (!std::isfinite(value)) {
                    ++range.notFinite;
                    continue;
                }
                range.low = std::min(range.low, static_cast<double>(value));
                range.high = std::max(range.high, static_cast<double>(value));
            }
        }
        examineValues(range, input);
    }

    void examineValues(const SampleRange &range, const ExpectedInput &input)
    {
        if (range.notFinite > 0)
            m_found.push_back(at("calib.not-finite", input.name).with("count", range.notFinite));
        else if (range.low <= range.high)
            examineSpan(range.low, range.high, input);
    }

    // False when the sizes are wrong already.
    bool examineShape(const Shape &array, const ExpectedInput &input)
    {
        const auto &dims = array.dims();
        const std::vector<std::int64_t> sample(dims.begin() + (dims.empty() ? 0 : 1), dims.end());
        const Shape &wanted = input.shape;
        const std::vector<std::int64_t> own(wanted.begin() + (wanted.rank() > 0 ? 1 : 0),
                                            wanted.end());
        if (wanted.rank() != 4) {
            if (sample == own)
                return true;
            m_found.push_back(at("calib.shape-mismatch", input.name)
                                  .with("found", Shape(sample).text())
                                  .with("wanted", Shape(own).text()));
            return false;
        }
        const std::vector<std::int64_t> last{own[1], own[2], own[0]};
        if (sample == last && sample != own)
            return true;
        if (sample == own) {
            if (m_set.declaresChannelsFirst() || !isPictureShape(wanted) || sample == last)
                return true;
            m_found.push_back(
                at("calib.layout-nchw", input.name)
                    .with("found", Shape(sample).text())
                    .with("wanted", Shape(last).text())
                    .withFix({"transpose-samples", {{"from", "nchw"}, {"to", "nhwc"}}}));
            return false;
        }
        if (sample.size() != 3) {
            m_found.push_back(at("calib.shape-mismatch", input.name)
                                  .with("found", Shape(sample).text())
                                  .with("wanted", Shape(last).text()));
        } else if (sample[0] == last[0] && sample[1] == last[1]) {
            m_found.push_back(
                at("calib.channels-mismatch", input.name)
                    .with("found", sample[2])
                    .with("wanted", last[2])
                    .withFix({"convert-samples", {{"channels", std::to_string(last[2])}}}));
        } else if (sample[2] == last[2]) {
            const std::string size = std::to_string(last[0]) + "×" + std::to_string(last[1]);
            m_found.push_back(
                at("calib.size-mismatch", input.name)
                    .with("found", std::to_string(sample[0]) + "×" + std::to_string(sample[1]))
                    .with("wanted", size)
                    .withFix({"resize-samples",
                              {{"height", std::to_string(last[0])},
                               {"width", std::to_string(last[1])}}}));
        } else {
            m_found.push_back(at("calib.shape-mismatch", input.name)
                                  .with("found", Shape(sample).text())
                                  .with("wanted", Shape(last).text()));
        }
        return false;
    }

    void examineSpan(double low, double high, const ExpectedInput &input)
    {
        if (!isPictureShape(input.shape))
            return;
        const double span = high - low;
        // Raw pictures that were divided by 255 before.
        bool isWrong = input.isPicture && high <= 1.0 && span > 0;
        double wantedLow = 0;
        double wantedHigh = 255;
        if (!input.isPicture && input.blackAndWhite) {
            const auto [black, white] = *input.blackAndWhite;
            wantedLow = std::min(black, white);
            wantedHigh = std::max(black, white);
            // Pictures hardly ever use less than an eighth of the range, and never more than all.
            const double wantedSpan = wantedHigh - wantedLow;
            isWrong = wantedSpan > 0 && (span * 8 < wantedSpan || span > wantedSpan * 1.5);
            // A set without any pixel darker than the middle grey was not centred; one with values
            // below black was, and should not have been.
            isWrong |= wantedLow < -0.25 * wantedSpan && low >= 0 && span > 0;
            isWrong |= wantedLow >= 0 && low < -0.05 * wantedSpan;
        }
        if (isWrong)
            m_found.push_back(at("calib.range-mismatch", input.name)
                                  .with("low", low)
                                  .with("high", high)
                                  .with("wanted_low", wantedLow)
                                  .with("wanted_high", wantedHigh)
                                  // Raw, whatever the network takes: the normalisation is folded
                                  // into it, channel by channel.
                                  .withFix({"scale-samples", {{"low", "0"}, {"high", "255"}}}));
    }

    // --- pictures ---

    struct Count {
        std::int64_t number = 0;
        std::string first;
        void add(const std::string &name)
        {
            if (number++ == 0)
                first = name;
        }
    };

    void examinePictures()
    {
        Count deep, palettes, cmyk, rotated, measured;
        std::set<std::pair<int, int>> sizes;
        for (std::size_t i = 0; i < m_set.size(); ++i) {
            const auto facts = pictureFacts(m_set.pictures()[i]);
            if (!facts)
                continue;
            const std::string name = m_set.relativeNameOf(i);
            measured.add(name);
            sizes.emplace(facts->width, facts->height);
            if (facts->bits > 8)
                deep.add(name);
            if (facts->isPalette)
                palettes.add(name);
            if (facts->isCmyk)
                cmyk.add(name);
            if (facts->isRotated)
                rotated.add(name);
        }
        say("calib.picture-depth", Severity::warning, deep);
        say("calib.picture-palette", Severity::warning, palettes);
        say("calib.picture-cmyk", Severity::warning, cmyk);
        say("calib.picture-rotated", Severity::note, rotated);
        if (isWideSpread(sizes))
            m_found.push_back(
                Diagnostic("calib.mixed-sizes", Place{.file = m_set.source().string()})
                    .with("count", static_cast<std::int64_t>(sizes.size()))
                    .as(Severity::note));
    }

    void say(const char *id, Severity severity, const Count &count)
    {
        if (count.number > 0)
            m_found.push_back(Diagnostic(id, Place{.file = m_set.source().string()})
                                  .with("count", count.number)
                                  .with("first", count.first)
                                  .as(severity));
    }

    const CalibrationSet &m_set;
    std::span<const ExpectedInput> m_inputs;
    Diagnostics m_found;
};

} // namespace

bool isWideSpread(const std::set<std::pair<int, int>> &sizes)
{
    double least = std::numeric_limits<double>::infinity();
    double most = 0;
    for (const auto &[width, height] : sizes) {
        const double pixels = static_cast<double>(width) * height;
        least = std::min(least, pixels);
        most = std::max(most, pixels);
    }
    constexpr double wide = 16;
    return most > least * wide;
}

Diagnostics examineForm(const CalibrationSet &set, const ExpectedInput &input)
{
    return Doctor(set, {}).form(input);
}

Diagnostics examineRange(const CalibrationSet &set, const ExpectedInput &input,
                         const SampleRange &range)
{
    return Doctor(set, {}).values(input, range);
}

Diagnostics examine(const CalibrationSet &set, std::span<const ExpectedInput> inputs)
{
    return Doctor(set, inputs).examine();
}

} // namespace hefstudio
