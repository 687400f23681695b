// SPDX-License-Identifier: GPL-3.0-or-later
#include "duration_option.h"

#include <charconv>

namespace hefstudio::cli {

std::optional<std::chrono::milliseconds> durationFromText(const std::string &text)
{
    std::int64_t count = 0;
    const char *last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, count);
    if (error != std::errc() || last - end != 1 || count < 1)
        return std::nullopt;
    const std::int64_t seconds = *end == 's' ? 1 : *end == 'm' ? 60 : *end == 'h' ? 3600 : 0;
    constexpr std::int64_t mostSeconds = 30 * 24 * 3600;
    if (seconds == 0 || count > mostSeconds / seconds)
        return std::nullopt;
    return std::chrono::seconds(count * seconds);
}

CLI::Validator durationValidator()
{
    return {[](const std::string &text) {
                return durationFromText(text) ? std::string()
                                              : "'" + text + "' is no time such as 90m or 5h";
            },
            "TIME"};
}

} // namespace hefstudio::cli
