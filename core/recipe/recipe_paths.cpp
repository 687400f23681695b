// SPDX-License-Identifier: GPL-3.0-or-later
#include "recipe/recipe_paths.h"

#include "base/diagnostic_json.h"
#include "base/file.h"

#include <algorithm>
#include <cstdlib>

namespace hefstudio {
namespace {

namespace fs = std::filesystem;

// Below `folder`, links followed. Nothing otherwise.
std::optional<fs::path> below(const fs::path &folder, const fs::path &relative)
{
    std::error_code error;
    const auto real = fs::weakly_canonical(folder / relative, error);
    const auto root = fs::weakly_canonical(folder, error);
    const auto [end, ignored] = std::mismatch(root.begin(), root.end(), real.begin(), real.end());
    if (error || end != root.end())
        return std::nullopt;
    return folder / relative;
}

std::optional<std::string> relativeTo(const fs::path &folder, const fs::path &path)
{
    std::error_code error;
    const auto relative =
        fs::weakly_canonical(path, error).lexically_relative(fs::weakly_canonical(folder, error));
    if (error || relative.empty() || *relative.begin() == "..")
        return std::nullopt;
    return relative.generic_string();
}

} // namespace

bool isRootName(std::string_view name)
{
    return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    });
}

Result<RecipeRoots> readRecipeRoots(const fs::path &file)
{
    std::error_code ignored;
    if (file.empty() || !fs::exists(file, ignored))
        return RecipeRoots{};
    const auto text = readTextFile(file, {.maxBytes = 1 << 20});
    if (!text)
        return std::unexpected(text.error());
    auto json = parseJson(*text, file.string());
    if (!json)
        return passOn(std::move(json));
    const auto bad = [&](const std::string &key) {
        return fail(Diagnostic("recipe.roots", Place{.file = file.string(), .keyPath = key}));
    };
    if (!json->is_object())
        return bad("");
    RecipeRoots roots;
    for (const auto &[name, folder] : json->items()) {
        if (!isRootName(name) || !folder.is_string() ||
            !fs::path(folder.get<std::string>()).is_absolute())
            return bad(name);
        roots[name] = folder.get<std::string>();
    }
    return roots;
}

Result<void> writeRecipeRoots(const fs::path &file, const RecipeRoots &roots)
{
    nlohmann::ordered_json json = nlohmann::ordered_json::object();
    for (const auto &[name, folder] : roots)
        json[name] = folder.string();
    std::error_code ignored;
    fs::create_directories(file.parent_path(), ignored);
    return writeFileAtomically(file, asBytes(jsonText(json) + "\n"));
}

fs::path userRootsFile()
{
    const char *config = std::getenv("XDG_CONFIG_HOME");
    const char *home = std::getenv("HOME");
    if (config && fs::path(config).is_absolute())
        return fs::path(config) / "hefstudio" / "roots.json";
    return home && *home ? fs::path(home) / ".config" / "hefstudio" / "roots.json" : fs::path();
}

std::optional<std::string> recipePathOf(const fs::path &path, const fs::path &folder,
                                        const RecipeRoots &roots)
{
    if (auto relative = relativeTo(folder, path))
        return relative->starts_with("${") ? "./" + *relative : *relative;
    for (const auto &[name, root] : roots)
        if (const auto relative = relativeTo(root, path))
            return "${" + name + "}/" + *relative;
    return std::nullopt;
}

std::expected<fs::path, std::string>
resolveRecipePath(const std::string &text, const fs::path &folder, const RecipeRoots &roots)
{
    fs::path base = folder;
    std::string rest = text;
    if (text.starts_with("${")) {
        const auto end = text.find('}');
        const std::string name = end == std::string::npos ? "" : text.substr(2, end - 2);
        if (!isRootName(name) || end + 1 >= text.size() || text[end + 1] != '/')
            return std::unexpected("a root is written ${name}/path");
        const auto root = roots.find(name);
        if (root == roots.end())
            return std::unexpected("the root '" + name + "' is not bound here; --root " + name +
                                   "=FOLDER binds it");
        base = root->second;
        rest = text.substr(end + 2);
    }
    const fs::path path(rest);
    if (rest.empty() || path.is_absolute())
        return std::unexpected("the path is not relative to the recipe's folder or a named root");
    const auto normal = path.lexically_normal();
    if (normal.begin() != normal.end() && *normal.begin() == "..")
        return std::unexpected("the path leaves the recipe's folder");
    // A link inside the folder may still lead out of it.
    if (auto found = below(base, normal))
        return *found;
    return std::unexpected("the path leaves the recipe's folder");
}

} // namespace hefstudio
