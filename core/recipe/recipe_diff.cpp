// SPDX-License-Identifier: GPL-3.0-or-later
#include "recipe/recipe_diff.h"

#include "base/diagnostic_json.h"
#include "recipe/recipe_migration.h"

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;

std::string shown(const Json *value)
{
    if (!value)
        return {};
    if (value->is_array() && value->size() > 4)
        return std::to_string(value->size()) + " entries";
    return value->is_string() ? value->get<std::string>() : jsonText(*value, -1);
}

class Comparison {
public:
    std::vector<RecipeDifference> differences;

    void compare(const Json *a, const Json *b, const std::string &path)
    {
        if (a && b && *a == *b)
            return;
        if (a && b && a->is_object() && b->is_object())
            return members(*a, *b, path);
        if (a && b && a->is_array() && b->is_array() && a->size() == b->size()) {
            for (std::size_t i = 0; i < a->size(); ++i)
                compare(&(*a)[i], &(*b)[i], path + "[" + std::to_string(i) + "]");
            return;
        }
        differences.push_back({path, shown(a), shown(b)});
    }

private:
    static const Json *find(const Json &object, const std::string &key)
    {
        const auto found = object.find(key);
        return found == object.end() ? nullptr : &*found;
    }
    void members(const Json &a, const Json &b, const std::string &path)
    {
        const std::string prefix = path.empty() ? "" : path + ".";
        for (const auto &[key, value] : a.items())
            compare(&value, find(b, key), prefix + key);
        for (const auto &[key, value] : b.items())
            if (!find(a, key))
                compare(nullptr, &value, prefix + key);
    }
};

Json today(std::string_view text)
{
    auto json = parseJson(text, "");
    if (!json)
        return Json::object();
    if (const auto version = recipeVersionOf(*json))
        migrateRecipe(*json, *version);
    return std::move(*json);
}

} // namespace

std::vector<RecipeDifference> diffRecipes(std::string_view a, std::string_view b)
{
    const Json first = today(a), second = today(b);
    Comparison comparison;
    comparison.compare(&first, &second, "");
    return std::move(comparison.differences);
}

} // namespace hefstudio
