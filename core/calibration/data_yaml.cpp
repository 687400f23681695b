// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/data_yaml.h"

#include "base/file.h"
#include "calibration/image.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <set>

namespace hefstudio {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t mostPictures = 1'000'000;

std::vector<std::string> textsOf(const YAML::Node &node)
{
    std::vector<std::string> texts;
    if (node && node.IsScalar())
        texts.push_back(node.as<std::string>());
    else if (node && node.IsSequence())
        for (const auto &each : node)
            if (each.IsScalar())
                texts.push_back(each.as<std::string>());
    return texts;
}

// `names: [a, b]` or `names: {0: a, 1: b}`.
std::vector<std::string> namesOf(const YAML::Node &node)
{
    if (!node || !node.IsMap())
        return textsOf(node);
    constexpr int mostClasses = 100'000;
    std::map<int, std::string> byIndex;
    for (const auto &entry : node) {
        const int index = entry.first.as<int>();
        if (index >= 0 && index < mostClasses)
            byIndex[index] = entry.second.as<std::string>();
    }
    std::vector<std::string> names(
        byIndex.empty() ? 0 : static_cast<std::size_t>(byIndex.rbegin()->first) + 1);
    for (auto &[index, name] : byIndex)
        names[static_cast<std::size_t>(index)] = std::move(name);
    return names;
}

} // namespace

Result<DataYaml> readDataYaml(const std::filesystem::path &file)
{
    const auto text = readTextFile(file, {.maxBytes = std::uint64_t(16) << 20});
    if (!text)
        return std::unexpected(text.error());
    DataYaml data;
    std::string problem;
    try {
        const YAML::Node root = YAML::Load(*text);
        if (!root.IsMap())
            problem = "it is no list of settings";
        const fs::path own = file.has_parent_path() ? file.parent_path() : fs::path(".");
        fs::path base = own;
        std::error_code ignored;
        if (const auto path = textsOf(root["path"]); path.size() == 1) {
            // Ultralytics takes `path` from its own data folder; beside the file is where it lies
            // once unpacked.
            if (fs::is_directory(own / path.front(), ignored))
                base = own / path.front();
        }
        const auto read = [&](const char *key, std::vector<fs::path> &entries) {
            for (const std::string &entry : textsOf(root[key])) {
                fs::path found = base / entry;
                // Exports of Roboflow say ../train/images where ./train/images is meant.
                if (!fs::exists(found, ignored) && entry.starts_with("../"))
                    found = base / entry.substr(3);
                entries.push_back(found.lexically_normal());
            }
        };
        read("train", data.train);
        read("val", data.validation);
        read("test", data.test);
        data.names = namesOf(root["names"]);
    } catch (const YAML::Exception &error) {
        problem = "line " + std::to_string(error.mark.line + 1) + ": " + error.msg;
    }
    if (!problem.empty())
        return fail(
            Diagnostic("calib.data-yaml", Place{.file = file.string()}).with("reason", problem));
    return data;
}

Result<std::vector<std::filesystem::path>>
picturesOf(const std::vector<std::filesystem::path> &entries)
{
    std::set<fs::path> pictures;
    std::error_code error;
    for (const fs::path &entry : entries) {
        if (fs::is_directory(entry, error)) {
            for (fs::recursive_directory_iterator
                     at(entry, fs::directory_options::skip_permission_denied, error),
                 end;
                 !error && at != end && pictures.size() < mostPictures; at.increment(error))
                if (at->is_regular_file(error) && hasPictureEnding(at->path()))
                    pictures.insert(at->path());
        } else if (entry.extension() == ".txt" && fs::is_regular_file(entry, error)) {
            const auto text = readTextFile(entry);
            if (!text)
                return std::unexpected(text.error());
            for (std::size_t from = 0; from < text->size() && pictures.size() < mostPictures;) {
                const auto end = std::min(text->find('\n', from), text->size());
                std::string line = text->substr(from, end - from);
                from = end + 1;
                while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
                    line.pop_back();
                if (!line.empty() && hasPictureEnding(line))
                    pictures.insert((entry.parent_path() / line).lexically_normal());
            }
        } else if (hasPictureEnding(entry) && fs::is_regular_file(entry, error)) {
            pictures.insert(entry);
        }
    }
    return std::vector<fs::path>(pictures.begin(), pictures.end());
}

} // namespace hefstudio
