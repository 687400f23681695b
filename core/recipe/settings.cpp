// SPDX-License-Identifier: GPL-3.0-or-later
#include "recipe/settings.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace hefstudio {
namespace {

constexpr std::array<std::string_view, 3> presetNames{"fast", "balanced", "accurate"};

std::optional<std::vector<float>> numbersFromText(std::string_view text)
{
    std::vector<float> numbers;
    while (true) {
        float value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc() || !std::isfinite(value))
            return std::nullopt;
        numbers.push_back(value);
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (text.empty())
            return numbers;
        if (text.front() != ',' || numbers.size() >= 4096)
            return std::nullopt;
        text.remove_prefix(1);
    }
}

std::string numbersText(const std::vector<float> &numbers)
{
    std::string text;
    for (const float value : numbers) {
        char buffer[32];
        const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
        text += (text.empty() ? "" : ",") + std::string(buffer, end);
    }
    return text;
}

} // namespace

std::string_view hostNmsName(HostNms nms)
{
    return nms == HostNms::hailort ? "hailort" : "none";
}

std::optional<HostNms> hostNmsFromName(std::string_view name)
{
    for (const HostNms nms : {HostNms::none, HostNms::hailort})
        if (hostNmsName(nms) == name)
            return nms;
    return std::nullopt;
}

std::string_view presetName(Preset preset)
{
    return presetNames[static_cast<std::size_t>(preset)];
}

std::optional<Preset> presetFromName(std::string_view name)
{
    const auto found = std::ranges::find(presetNames, name);
    if (found == presetNames.end())
        return std::nullopt;
    return static_cast<Preset>(found - presetNames.begin());
}

std::optional<Normalization> normalizationFromText(std::string_view text)
{
    const auto slash = text.find('/');
    if (slash == std::string_view::npos)
        return std::nullopt;
    const auto mean = numbersFromText(text.substr(0, slash));
    const auto std = numbersFromText(text.substr(slash + 1));
    if (!mean || !std || std::ranges::any_of(*std, [](float s) { return !(s > 0); }))
        return std::nullopt;
    return Normalization{*mean, *std};
}

std::string normalizationText(const Normalization &normalization)
{
    return numbersText(normalization.mean) + "/" + numbersText(normalization.std);
}

} // namespace hefstudio
