// SPDX-License-Identifier: GPL-3.0-or-later
#include "heads/annotations.h"

#include "base/diagnostic_json.h"
#include "base/file.h"

#include <algorithm>
#include <charconv>

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;

std::unexpected<Diagnostics> malformed(const std::string &file, std::string what)
{
    return fail(Diagnostic("heads.labels-malformed", Place{.file = file}).with("what", what));
}

std::string stemOf(const std::string &name)
{
    return std::filesystem::path(name).stem().string();
}

// The numbers of a line; nothing when there is anything else.
std::optional<std::vector<double>> numbers(std::string_view line)
{
    std::vector<double> values;
    std::size_t at = 0;
    while (true) {
        at = line.find_first_not_of(" \t\r", at);
        if (at == std::string_view::npos)
            return values;
        double value = 0;
        const auto [end, error] =
            std::from_chars(line.data() + at, line.data() + line.size(), value);
        if (error != std::errc())
            return std::nullopt;
        values.push_back(value);
        at = static_cast<std::size_t>(end - line.data());
    }
}

Result<std::vector<TruthBox>> readYolo(const std::filesystem::path &file)
{
    const auto text = readTextFile(file, {.maxBytes = 16 << 20, .refuseEmpty = false});
    if (!text)
        return std::unexpected(text.error());
    std::vector<TruthBox> boxes;
    for (std::size_t at = 0; at < text->size();) {
        const auto end = std::min(text->find('\n', at), text->size());
        const auto values = numbers(std::string_view(*text).substr(at, end - at));
        at = end + 1;
        if (values && values->empty())
            continue;
        if (!values || values->size() < 5 || (*values)[0] < 0 || (*values)[0] > 1e6)
            return malformed(file.string(), "a line is not \"class cx cy w h\"");
        const auto &v = *values;
        boxes.push_back({static_cast<int>(v[0]),
                         {v[1] - v[3] / 2, v[2] - v[4] / 2, v[1] + v[3] / 2, v[2] + v[4] / 2}});
    }
    return boxes;
}

// COCO's numbers of categories → class indices.
std::map<std::int64_t, int> categoryIndices(const Json &root, std::span<const std::string> labels)
{
    std::map<std::int64_t, std::string> names;
    for (const Json &category : root.value("categories", Json::array()))
        names[category.at("id").get<std::int64_t>()] = category.value("name", "");
    const bool areKnown = !labels.empty() && std::ranges::all_of(names, [&](const auto &entry) {
        return std::ranges::find(labels, entry.second) != labels.end();
    });
    std::map<std::int64_t, int> indices;
    int next = 0;
    for (const auto &[id, name] : names) {
        const auto known = std::ranges::find(labels, name);
        indices[id] = areKnown ? static_cast<int>(known - labels.begin()) : next;
        ++next;
    }
    return indices;
}

} // namespace

Result<Annotations> Annotations::open(const std::filesystem::path &source,
                                      std::span<const std::string> labels)
{
    Annotations annotations;
    std::error_code ignored;
    if (std::filesystem::is_directory(source, ignored)) {
        std::vector<std::filesystem::path> files;
        for (const auto &entry : std::filesystem::directory_iterator(source, ignored))
            if (entry.path().extension() == ".txt")
                files.push_back(entry.path());
        std::ranges::sort(files);
        for (const auto &file : files) {
            auto boxes = readYolo(file);
            if (!boxes)
                return passOn(std::move(boxes));
            annotations.m_pictures[file.stem().string()] = {std::move(*boxes), true};
        }
        if (annotations.m_pictures.empty())
            return malformed(source.string(), "the folder holds no .txt file");
        return annotations;
    }
    const auto text = readTextFile(source);
    if (!text)
        return std::unexpected(text.error());
    const auto root = parseJson(*text, source.string());
    if (!root)
        return std::unexpected(root.error());
    try {
        const auto indices = categoryIndices(*root, labels);
        std::map<std::int64_t, std::string> pictures;
        for (const Json &picture : root->at("images")) {
            const auto name = stemOf(picture.at("file_name").get<std::string>());
            pictures[picture.at("id").get<std::int64_t>()] = name;
            annotations.m_pictures[name];
        }
        for (const Json &box : root->at("annotations")) {
            const auto picture = pictures.find(box.at("image_id").get<std::int64_t>());
            const auto index = indices.find(box.at("category_id").get<std::int64_t>());
            const auto corner = box.at("bbox").get<std::array<double, 4>>();
            if (picture == pictures.end() || index == indices.end())
                return malformed(source.string(), "a box names no picture or no category");
            const Json crowd = box.value("iscrowd", Json(0));
            annotations.m_pictures[picture->second].boxes.push_back(
                {index->second,
                 {corner[0], corner[1], corner[0] + corner[2], corner[1] + corner[3]},
                 crowd.is_boolean() ? crowd.get<bool>() : crowd.get<int>() != 0});
        }
    } catch (const Json::exception &error) {
        return malformed(source.string(), error.what());
    }
    return annotations;
}

std::optional<std::vector<TruthBox>> Annotations::boxesOf(const std::string &pictureName,
                                                          std::array<int, 2> widthAndHeight) const
{
    const auto found = m_pictures.find(stemOf(pictureName));
    if (found == m_pictures.end())
        return std::nullopt;
    std::vector<TruthBox> boxes = found->second.boxes;
    if (found->second.isShare)
        for (TruthBox &truth : boxes) {
            truth.box.x1 *= widthAndHeight[0];
            truth.box.x2 *= widthAndHeight[0];
            truth.box.y1 *= widthAndHeight[1];
            truth.box.y2 *= widthAndHeight[1];
        }
    return boxes;
}

} // namespace hefstudio
