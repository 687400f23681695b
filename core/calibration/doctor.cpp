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
            if (const Tensor *array = m_set.array(input.name))
                examineArray(*array, input);
        return std::move(m_found);
    }

private:
    Diagnostic at(const char *id, const std::string &input) const
    {
        return Diagnostic(id, Place{.file = m_set.source().string(), .keyPath = input});
    }

    // --- arrays ---

    void examineArray(const Tensor &array, const ExpectedInput &input)
    {
        if (!examineShape(array, input))
            return;
        const bool isFloat =
            array.type() == ElementType::float32 || array.type() == ElementType::float16 ||
            array.type() == ElementType::bfloat16 || array.type() == ElementType::float64;
        const Tensor values = array.toFloat32();
        double low = std::numeric_limits<double>::infinity();
        double high = -low;
        std::int64_t notFinite = 0;
        for (const float value : values.as<float>()) {
            if (!std::isfinite(value)) {
                ++notFinite;
                continue;
            }
            low = std::min(low, static_cast<double>(value));
            high = std::max(high, static_cast<double>(value));
        }
        if (isFloat && notFinite > 0)
            m_found.push_back(at("calib.not-finite", input.name).with("count", notFinite));
        else if (low <= high)
            examineRange(low, high, input);
    }

    // False when the sizes are wrong already.
    bool examineShape(const Tensor &array, const ExpectedInput &input)
    {
        const auto &dims = array.shape().dims();
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

    void examineRange(double low, double high, const ExpectedInput &input)
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
        }
        if (isWrong)
            m_found.push_back(at("calib.range-mismatch", input.name)
                                  .with("low", low)
                                  .with("high", high)
                                  .with("wanted_low", wantedLow)
                                  .with("wanted_high", wantedHigh)
                                  .withFix({"scale-samples",
                                            {{"low", std::to_string(wantedLow)},
                                             {"high", std::to_string(wantedHigh)}}}));
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
        if (sizes.size() > 1)
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

Diagnostics examine(const CalibrationSet &set, std::span<const ExpectedInput> inputs)
{
    return Doctor(set, inputs).examine();
}

} // namespace hefstudio
