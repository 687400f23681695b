// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/set_file.h"

#include "base/diagnostic_json.h"
#include "base/file.h"
#include "base/version.h"

#include <algorithm>
#include <cctype>

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr const char *formatName = "hefstudio-calibration-set";
constexpr int formatVersion = 1;
constexpr std::size_t mostSamples = 10'000'000;

fs::path utf8Path(const std::string &text)
{
    return fs::path(std::u8string(text.begin(), text.end()));
}

std::string utf8Text(const fs::path &path)
{
    const auto text = path.generic_u8string();
    return std::string(text.begin(), text.end());
}

// Relative where both lie in one tree, so that a folder with its set can move.
std::string storedPath(const fs::path &path, const fs::path &folder)
{
    std::error_code error;
    const auto whole = fs::weakly_canonical(fs::absolute(path, error), error);
    const auto base = fs::weakly_canonical(fs::absolute(folder, error), error);
    const auto relative = whole.lexically_relative(base);
    return utf8Text(relative.empty() ? whole : relative);
}

class Reader {
public:
    explicit Reader(const fs::path &file)
        : m_file(file), m_folder(file.has_parent_path() ? file.parent_path() : fs::path("."))
    {
    }

    Result<SetFile> read(const Json &root)
    {
        if (!root.is_object() || text(root, "format") != formatName)
            return fail(Diagnostic("calib.not-a-set", Place{.file = m_file.string()}));
        if (!root.contains("version") || root["version"] != formatVersion)
            return malformed("version", "it is of another version");
        SetFile set;
        set.strategy = text(root, "strategy");
        if (const auto seed = root.find("seed"); seed != root.end()) {
            if (!seed->is_number_unsigned())
                return malformed("seed", "it is no number");
            set.seed = seed->get<std::uint64_t>();
        }
        if (const auto array = text(root, "array"); !array.empty())
            set.exported = resolved(array);
        const auto samples = root.find("samples");
        if (samples == root.end() || !samples->is_array())
            return malformed("samples", "it is missing or no list");
        if (samples->size() > mostSamples)
            return malformed("samples", "it is too long");
        for (std::size_t i = 0; i < samples->size(); ++i) {
            auto sample = readSample((*samples)[i], "samples[" + std::to_string(i) + "]");
            if (!sample)
                return passOn(std::move(sample));
            set.samples.push_back(std::move(*sample));
        }
        return set;
    }

private:
    std::unexpected<Diagnostics> malformed(std::string key, std::string reason) const
    {
        return fail(Diagnostic("calib.set-malformed",
                               Place{.file = m_file.string(), .keyPath = std::move(key)})
                        .with("reason", std::move(reason)));
    }
    static std::string text(const Json &json, const char *key)
    {
        const auto found = json.find(key);
        return found != json.end() && found->is_string() ? found->get<std::string>() : "";
    }
    fs::path resolved(const std::string &stored) const
    {
        const auto path = utf8Path(stored);
        return path.is_absolute() ? path : (m_folder / path).lexically_normal();
    }
    Result<SetFileSample> readSample(const Json &json, const std::string &key) const
    {
        if (!json.is_object())
            return malformed(key, "it is no object");
        const auto file = text(json, "file");
        if (file.empty() || file.find('\0') != std::string::npos)
            return malformed(key + ".file", "it is missing or no path");
        SetFileSample sample{.file = resolved(file), .row = std::nullopt, .sha256 = {}};
        if (const auto row = json.find("row"); row != json.end()) {
            if (!row->is_number_unsigned() || row->get<std::uint64_t>() > mostSamples)
                return malformed(key + ".row", "it is no number of a row");
            sample.row = row->get<std::int64_t>();
        }
        sample.sha256 = text(json, "sha256");
        constexpr std::size_t digits = 64;
        if (!sample.sha256.empty() &&
            (sample.sha256.size() != digits || !std::ranges::all_of(sample.sha256, [](char c) {
                return std::isxdigit(static_cast<unsigned char>(c)) != 0;
            })))
            return malformed(key + ".sha256", "it is no SHA-256");
        return sample;
    }

    const fs::path &m_file;
    fs::path m_folder;
};

} // namespace

Result<SetFile> readSetFile(const std::filesystem::path &file)
{
    const auto text = readTextFile(file);
    if (!text)
        return std::unexpected(text.error());
    const auto root = parseJson(*text, file.string());
    if (!root)
        return std::unexpected(root.error());
    return Reader(file).read(*root);
}

Result<void> writeSetFile(const std::filesystem::path &file, const SetFile &set)
{
    const auto folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
    Json root{{"format", formatName},
              {"version", formatVersion},
              {"tool", std::string(toolName) + " " + toolVersion},
              {"sources", Json::array()},
              {"strategy", set.strategy},
              {"seed", set.seed}};
    for (const auto &source : set.sources)
        root["sources"].push_back(storedPath(source, folder));
    if (!set.exported.empty())
        root["array"] = storedPath(set.exported, folder);
    root["samples"] = Json::array();
    for (const SetFileSample &sample : set.samples) {
        Json entry{{"file", storedPath(sample.file, folder)}};
        if (sample.row)
            entry["row"] = *sample.row;
        if (!sample.sha256.empty())
            entry["sha256"] = sample.sha256;
        root["samples"].push_back(std::move(entry));
    }
    return writeFileAtomically(file, asBytes(jsonText(root) + "\n"));
}

} // namespace hefstudio
