// SPDX-License-Identifier: GPL-3.0-or-later
#include "input_shape_option.h"

#include <charconv>

namespace hefstudio::cli {

std::optional<std::pair<std::string, std::vector<std::int64_t>>>
parseInputShape(std::string_view text)
{
    const auto equals = text.rfind('=');
    if (equals == std::string_view::npos || equals == 0)
        return std::nullopt;
    std::pair<std::string, std::vector<std::int64_t>> parsed(std::string(text.substr(0, equals)),
                                                             {});
    text.remove_prefix(equals + 1);
    while (true) {
        std::int64_t size = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
        if (error != std::errc() || size <= 0)
            return std::nullopt;
        parsed.second.push_back(size);
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (text.empty())
            return parsed;
        if (text.front() != ',')
            return std::nullopt;
        text.remove_prefix(1);
    }
}

CLI::Validator inputShapeValidator()
{
    return {[](const std::string &text) {
                return parseInputShape(text) ? std::string()
                                             : "'" + text + "' is not NAME=1,3,640,640";
            },
            "NAME=DIMS"};
}

} // namespace hefstudio::cli
