// SPDX-License-Identifier: GPL-3.0-or-later
#include "root_option.h"

#include <CLI/CLI.hpp>

namespace hefstudio::cli {

void addRootOption(CLI::App &command, std::vector<std::string> &roots)
{
    command
        .add_option("--root", roots, "NAME=FOLDER: what ${NAME}/… means in a recipe")
        ->check(CLI::Validator(
            [](const std::string &text) {
                const auto equals = text.find('=');
                return equals != std::string::npos && equals + 1 < text.size() &&
                               isRootName(text.substr(0, equals))
                           ? std::string()
                           : "'" + text + "' is not NAME=FOLDER, for instance data=/mnt/data";
            },
            "NAME=FOLDER"));
}

Result<RecipeRoots> rootsFrom(const std::vector<std::string> &options)
{
    auto roots = readRecipeRoots(userRootsFile());
    if (!roots)
        return roots;
    for (const std::string &text : options) {
        const auto equals = text.find('=');
        roots->insert_or_assign(text.substr(0, equals),
                                std::filesystem::absolute(text.substr(equals + 1)));
    }
    return roots;
}

} // namespace hefstudio::cli
