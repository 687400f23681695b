// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/repair.h"

#include "calibration/sample_progress.h"
#include "calibration/sample_writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace hefstudio {
namespace {

constexpr std::array<std::string_view, 5> kinds{"transpose-samples", "swap-channels",
                                                "scale-samples", "convert-samples",
                                                "resize-samples"};

std::optional<double> number(const Fix &fix, std::string_view key)
{
    for (const auto &[name, text] : fix.values) {
        double value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (name == key && error == std::errc() && end == text.data() + text.size())
            return value;
    }
    return std::nullopt;
}

struct Span {
    double low = 0, high = 0;
};

// One sample as rows × columns × channels of floats.
struct Pixels {
    int width = 0, height = 0, channels = 0;
    std::vector<float> values;
};

// What the fixes ask for, and what the array is.
struct Plan {
    SampleForm form;
    bool swaps = false;
    int channels = 0;
    int width = 0, height = 0;
    std::optional<Span> from, to;
    ElementType type = ElementType::float32;
};

class Repair {
public:
    explicit Repair(const CalibrationSet &set) : m_set(set) {}

    Result<Plan> plan(std::span<const Fix> fixes, const std::stop_token &stop)
    {
        if (m_set.arrays().size() != 1)
            return refuse("it takes one array");
        const SampleArray &array = m_set.arrays().front().second;
        const auto form = pictureForm(array.shape);
        if (!form)
            return refuse("the samples are no pictures");
        Plan plan{.form = *form,
                  .swaps = false,
                  .channels = form->channels,
                  .width = form->width,
                  .height = form->height,
                  .from = {},
                  .to = {},
                  .type = array.type == ElementType::uint8 ? array.type : ElementType::float32};
        for (const Fix &fix : fixes)
            if (auto taken = take(fix, plan, stop); !taken)
                return passOn(std::move(taken));
        return plan;
    }

    Pixels repaired(std::size_t index, const Plan &plan) const
    {
        const Tensor tensor = m_set.arrays().front().second.sampleValues(m_set.rowOf(index));
        Pixels pixels = channelsLast(tensor.as<float>(), plan.form);
        if (plan.from)
            for (float &value : pixels.values)
                value = static_cast<float>(plan.to->low + (value - plan.from->low) /
                                                              (plan.from->high - plan.from->low) *
                                                              (plan.to->high - plan.to->low));
        pixels = withChannels(std::move(pixels), plan.channels);
        if (plan.swaps)
            for (std::size_t i = 0; i + 2 < pixels.values.size(); i += 3)
                std::swap(pixels.values[i], pixels.values[i + 2]);
        return pixels;
    }

private:
    std::unexpected<Diagnostics> refuse(std::string reason) const
    {
        return fail(Diagnostic("calib.no-repair", Place{.file = m_set.source().string()})
                        .with("reason", std::move(reason)));
    }

    Result<void> take(const Fix &fix, Plan &plan, const std::stop_token &stop)
    {
        if (fix.kind == "swap-channels") {
            plan.swaps = true;
        } else if (fix.kind == "convert-samples") {
            const auto channels = number(fix, "channels");
            if (channels != 1.0 && channels != 3.0)
                return refuse("pictures have one channel or three");
            plan.channels = static_cast<int>(*channels);
        } else if (fix.kind == "resize-samples") {
            const auto width = number(fix, "width");
            const auto height = number(fix, "height");
            constexpr double most = 1 << 14;
            if (!width || !height || !(*width >= 1 && *width <= most) ||
                !(*height >= 1 && *height <= most))
                return refuse("the size is no size");
            plan.width = static_cast<int>(*width);
            plan.height = static_cast<int>(*height);
        } else if (fix.kind == "scale-samples") {
            const auto low = number(fix, "low");
            const auto high = number(fix, "high");
            if (!low || !high || !(*low < *high))
                return refuse("the values wanted are no range");
            auto from = currentRange(stop);
            if (!from)
                return passOn(std::move(from));
            plan.from = *from;
            plan.to = Span{*low, *high};
            plan.type = *low == 0 && *high == 255 ? ElementType::uint8 : ElementType::float32;
        } else if (fix.kind != "transpose-samples") {
            return refuse("'" + fix.kind + "' is none of its steps");
        }
        if (plan.swaps && plan.channels != 3)
            return refuse("only three channels can be exchanged");
        return {};
    }

    // What black and white are now: the usual forms are so far apart that the values tell.
    Result<Span> currentRange(const std::stop_token &stop) const
    {
        double low = 0;
        double high = 0;
        for (std::size_t i = 0; i < m_set.size(); ++i) {
            if (stop.stop_requested())
                return fail(Diagnostic("cancelled"));
            const Tensor tensor = m_set.arrays().front().second.sampleValues(m_set.rowOf(i));
            for (const float value : tensor.as<float>())
                if (std::isfinite(value)) {
                    low = std::min(low, static_cast<double>(value));
                    high = std::max(high, static_cast<double>(value));
                }
        }
        constexpr double white = 255;
        constexpr double slack = 1.001;
        if (low < 0 && low >= -slack && high <= slack)
            return Span{-1, 1};
        if (low >= 0 && high > 0 && high <= slack / white)
            return Span{0, 1 / white};
        if (low >= 0 && high > 0 && high <= slack)
            return Span{0, 1};
        if (low >= 0 && high > 2 && high <= white)
            return Span{0, white};
        return refuse("the values reach from " + std::to_string(low) + " to " +
                      std::to_string(high) + ", which says nothing of black and white");
    }

    static Pixels channelsLast(std::span<const float> values, const SampleForm &form)
    {
        Pixels pixels{form.width, form.height, form.channels, {values.begin(), values.end()}};
        if (!form.isChannelsFirst)
            return pixels;
        const auto channels = static_cast<std::size_t>(form.channels);
        const std::size_t plane = values.size() / channels;
        for (std::size_t pixel = 0; pixel < plane; ++pixel)
            for (std::size_t channel = 0; channel < channels; ++channel)
                pixels.values[pixel * channels + channel] = values[channel * plane + pixel];
        return pixels;
    }

    static Pixels withChannels(Pixels pixels, int channels)
    {
        if (pixels.channels == channels)
            return pixels;
        const std::size_t count =
            pixels.values.size() / static_cast<std::size_t>(pixels.channels);
        Pixels converted{pixels.width, pixels.height, channels, {}};
        converted.values.resize(count * static_cast<std::size_t>(channels));
        for (std::size_t i = 0; i < count; ++i) {
            const float *from = &pixels.values[i * static_cast<std::size_t>(pixels.channels)];
            float *to = &converted.values[i * static_cast<std::size_t>(channels)];
            if (channels == 1) // ITU-R BT.601
                *to = pixels.channels < 3 ? from[0]
                                          : 0.299F * from[0] + 0.587F * from[1] + 0.114F * from[2];
            else
                for (int c = 0; c < channels; ++c)
                    to[c] = from[pixels.channels < 3 ? 0 : c];
        }
        return converted;
    }

    const CalibrationSet &m_set;
};

Bytes asRow(const Pixels &pixels, ElementType type)
{
    if (type != ElementType::uint8) {
        const auto bytes = std::as_bytes(std::span(pixels.values));
        return {bytes.begin(), bytes.end()};
    }
    Bytes bytes(pixels.values.size());
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::byte>(std::clamp(std::lround(pixels.values[i]), 0L, 255L));
    return bytes;
}

// Only pictures of raw bytes are resized: others would lose digits.
Result<Bytes> resizedRow(const Pixels &pixels, const Plan &plan)
{
    Image image{.width = pixels.width, .height = pixels.height, .rgb = {}};
    const auto channels = static_cast<std::size_t>(pixels.channels);
    const Bytes bytes = asRow(pixels, ElementType::uint8);
    for (std::size_t i = 0; i < bytes.size(); i += channels)
        for (std::size_t c = 0; c < 3; ++c)
            image.rgb.push_back(std::to_integer<std::uint8_t>(bytes[i + (channels < 3 ? 0 : c)]));
    const auto scaled = scaleImage(image, plan.width, plan.height, Interpolation::linear);
    if (!scaled)
        return std::unexpected(scaled.error());
    Bytes row;
    for (std::size_t i = 0; i < scaled->rgb.size(); i += 3)
        for (std::size_t c = 0; c < channels; ++c)
            row.push_back(std::byte(scaled->rgb[i + c]));
    return row;
}

} // namespace

bool isRepair(const Fix &fix)
{
    return std::ranges::find(kinds, fix.kind) != kinds.end();
}

Result<void> repairArray(const CalibrationSet &set, std::span<const Fix> fixes,
                         const std::filesystem::path &target, std::stop_token stop,
                         const EventSink &sink)
{
    Repair repair(set);
    const auto plan = repair.plan(fixes, stop);
    if (!plan)
        return std::unexpected(plan.error());
    const bool isResized = plan->width != plan->form.width || plan->height != plan->form.height;
    if (isResized && plan->type != ElementType::uint8)
        return fail(Diagnostic("calib.no-repair", Place{.file = set.source().string()})
                        .with("reason", std::string("only raw bytes can be resized")));
    auto writer = SampleWriter::create(target, set.arrays().front().first, plan->type,
                                       Shape{static_cast<std::int64_t>(set.size()), plan->height,
                                             plan->width, plan->channels});
    if (!writer)
        return passOn(std::move(writer));
    SampleProgress progress("write", sink, set.size());
    for (std::size_t i = 0; i < set.size(); ++i) {
        if (stop.stop_requested())
            return fail(Diagnostic("cancelled"));
        const Pixels pixels = repair.repaired(i, *plan);
        auto row = isResized ? resizedRow(pixels, *plan) : Result<Bytes>(asRow(pixels, plan->type));
        if (!row)
            return passOn(std::move(row));
        if (auto written = writer->write(*row); !written)
            return written;
        progress.step(set.relativeNameOf(i));
    }
    if (auto done = writer->commit(); !done)
        return done;
    progress.finish();
    return {};
}

} // namespace hefstudio
