// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/set_labels.h"

#include "base/diagnostic_json.h"
#include "base/file.h"
#include "calibration/data_yaml.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace hefstudio {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using ClassLists = std::vector<std::optional<std::vector<int>>>;

constexpr int mostClasses = 100'000;

// …/images/a/b.jpg → …/labels/a/b.txt, by the last `images`.
fs::path labelsPathOf(const fs::path &picture)
{
    std::vector<fs::path> parts(picture.begin(), picture.end());
    for (auto part = parts.rbegin(); part != parts.rend(); ++part)
        if (*part == "images") {
            *part = "labels";
            break;
        }
    fs::path path;
    for (const fs::path &part : parts)
        path /= part;
    return path.replace_extension(".txt");
}

// The first number of each line "class cx cy w h"; nothing where the file says something else.
std::optional<std::vector<int>> yoloClasses(const fs::path &file)
{
    const auto text = readTextFile(file, {.maxBytes = 16 << 20, .refuseEmpty = false});
    if (!text)
        return std::nullopt;
    std::set<int> classes;
    for (std::size_t at = 0; at < text->size();) {
        const auto end = std::min(text->find('\n', at), text->size());
        const std::string_view line = std::string_view(*text).substr(at, end - at);
        at = end + 1;
        const auto from = line.find_first_not_of(" \t\r");
        if (from == std::string_view::npos)
            continue;
        int index = -1;
        const auto [stop, error] =
            std::from_chars(line.data() + from, line.data() + line.size(), index);
        const bool isSplit = stop != line.data() + line.size() && (*stop == ' ' || *stop == '\t');
        if (error != std::errc() || !isSplit || index < 0 || index >= mostClasses)
            return std::nullopt;
        classes.insert(index);
    }
    return std::vector<int>(classes.begin(), classes.end());
}

std::vector<std::string> namesBeside(const CalibrationSet &set)
{
    const auto ending = set.source().extension();
    if (ending == ".yaml" || ending == ".yml") {
        auto data = readDataYaml(set.source());
        return data ? std::move(data->names) : std::vector<std::string>();
    }
    constexpr int levels = 4;
    fs::path folder = fs::absolute(set.pictures().front()).parent_path();
    std::error_code ignored;
    for (int i = 0; i < levels; ++i, folder = folder.parent_path())
        for (const char *name : {"data.yaml", "data.yml"})
            if (fs::is_regular_file(folder / name, ignored))
                if (auto data = readDataYaml(folder / name))
                    return std::move(data->names);
    return {};
}

// JSON files in which COCO's annotations of these pictures may be.
std::vector<fs::path> candidates(const CalibrationSet &set)
{
    const fs::path folder = fs::absolute(set.pictures().front()).parent_path();
    std::vector<fs::path> files;
    std::error_code ignored;
    for (const fs::path &place :
         {folder, folder / "annotations", folder.parent_path(),
          folder.parent_path() / "annotations", folder.parent_path().parent_path() / "annotations"})
        for (const auto &entry : fs::directory_iterator(place, ignored))
            if (entry.path().extension() == ".json" && entry.is_regular_file(ignored))
                files.push_back(entry.path());
    std::ranges::sort(files);
    constexpr std::size_t most = 32;
    files.resize(std::min(files.size(), most));
    return files;
}

std::optional<SetLabels> cocoLabels(const fs::path &file, const CalibrationSet &set)
{
    const auto text = readTextFile(file, {.maxBytes = std::uint64_t(256) << 20});
    // Nothing else is parsed: other JSON files may be as large.
    if (!text || text->find("\"annotations\"") == std::string::npos ||
        text->find("\"categories\"") == std::string::npos)
        return std::nullopt;
    const auto root = parseJson(*text, file.string());
    if (!root || !root->is_object())
        return std::nullopt;
    SetLabels labels{.source = file, .names = {}, .classes = ClassLists(set.size())};
    try {
        std::map<std::int64_t, std::string> categories;
        for (const Json &category : root->at("categories"))
            categories[category.at("id").get<std::int64_t>()] = category.value("name", "");
        std::map<std::int64_t, int> indices;
        for (const auto &[id, name] : categories) {
            indices[id] = static_cast<int>(labels.names.size());
            labels.names.push_back(name);
        }
        std::map<std::string, std::size_t> samples;
        for (std::size_t i = 0; i < set.size(); ++i)
            samples[set.pictures()[i].filename().string()] = i;
        std::map<std::int64_t, std::size_t> pictures;
        for (const Json &picture : root->at("images")) {
            const auto name = fs::path(picture.at("file_name").get<std::string>()).filename();
            if (const auto found = samples.find(name.string()); found != samples.end()) {
                pictures[picture.at("id").get<std::int64_t>()] = found->second;
                labels.classes[found->second].emplace();
            }
        }
        for (const Json &box : root->at("annotations")) {
            const auto picture = pictures.find(box.at("image_id").get<std::int64_t>());
            const auto index = indices.find(box.at("category_id").get<std::int64_t>());
            if (picture != pictures.end() && index != indices.end())
                labels.classes[picture->second]->push_back(index->second);
        }
    } catch (const Json::exception &) {
        return std::nullopt;
    }
    for (auto &classes : labels.classes)
        if (classes) {
            std::ranges::sort(*classes);
            const auto rest = std::ranges::unique(*classes);
            classes->erase(rest.begin(), rest.end());
        }
    return labels;
}

} // namespace

std::size_t SetLabels::labelled() const
{
    return static_cast<std::size_t>(
        std::ranges::count_if(classes, [](const auto &each) { return each.has_value(); }));
}

std::string SetLabels::nameOf(int classIndex) const
{
    const auto at = static_cast<std::size_t>(classIndex);
    return at < names.size() && !names[at].empty() ? names[at] : std::to_string(classIndex);
}

std::optional<SetLabels> findLabels(const CalibrationSet &set, const std::stop_token &stop)
{
    if (set.isArray() || set.size() == 0)
        return std::nullopt;
    SetLabels labels{.source = {}, .names = {}, .classes = ClassLists(set.size())};
    std::error_code ignored;
    for (std::size_t i = 0; i < set.size(); ++i) {
        if (stop.stop_requested())
            return std::nullopt;
        fs::path beside = set.pictures()[i];
        beside.replace_extension(".txt");
        for (const fs::path &file : {labelsPathOf(set.pictures()[i]), beside})
            if (fs::is_regular_file(file, ignored)) {
                labels.classes[i] = yoloClasses(file);
                labels.source = file.parent_path();
                break;
            }
    }
    if (labels.labelled() > 0) {
        labels.names = namesBeside(set);
        return labels;
    }
    for (const fs::path &file : candidates(set)) {
        if (stop.stop_requested())
            return std::nullopt;
        if (auto coco = cocoLabels(file, set); coco && coco->labelled() > 0)
            return coco;
    }
    return std::nullopt;
}

} // namespace hefstudio
