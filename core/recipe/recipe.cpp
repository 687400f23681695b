// SPDX-License-Identifier: GPL-3.0-or-later
#include "recipe/recipe.h"

#include "base/diagnostic_json.h"
#include "base/file.h"

#include <algorithm>
#include <array>

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;
constexpr int recipeVersion = 1;

std::unexpected<Diagnostics> malformed(const std::filesystem::path &file, std::string keyPath,
                                       std::string reason)
{
    return fail(
        Diagnostic("recipe.malformed", Place{.file = file.string(), .keyPath = std::move(keyPath)})
            .with("reason", std::move(reason)));
}

// The path inside a recipe as a path on this machine, or nothing when it leaves the folder.
std::optional<std::filesystem::path> resolve(const std::filesystem::path &folder,
                                             const std::string &text)
{
    const std::filesystem::path path(text);
    if (text.empty() || path.is_absolute())
        return std::nullopt;
    const auto normal = path.lexically_normal();
    if (normal.begin() != normal.end() && *normal.begin() == "..")
        return std::nullopt;
    // A link inside the folder may still lead out of it.
    std::error_code error;
    const auto real = std::filesystem::weakly_canonical(folder / normal, error);
    const auto root = std::filesystem::weakly_canonical(folder, error);
    const auto [end, ignored] = std::mismatch(root.begin(), root.end(), real.begin(), real.end());
    if (error || end != root.end())
        return std::nullopt;
    return folder / normal;
}

std::optional<std::string> relativeTo(const std::filesystem::path &folder,
                                      const std::filesystem::path &path)
{
    std::error_code error;
    const auto relative = std::filesystem::weakly_canonical(path, error)
                              .lexically_relative(std::filesystem::weakly_canonical(folder, error));
    if (error || relative.empty() || *relative.begin() == "..")
        return std::nullopt;
    return relative.generic_string();
}

std::filesystem::path folderOf(const std::filesystem::path &file)
{
    return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

// Reads typed members of one object and remembers the first that has the wrong type.
class Members {
public:
    Members(const Json &object, std::string prefix) : m_object(object), m_prefix(std::move(prefix))
    {
    }

    const Json *find(const char *key)
    {
        m_known.emplace_back(key);
        const auto found = m_object.find(key);
        return found == m_object.end() || found->is_null() ? nullptr : &*found;
    }
    void fault(const char *key, std::string reason)
    {
        if (m_faultKey.empty()) {
            m_faultKey = m_prefix + key;
            m_faultReason = std::move(reason);
        }
    }
    std::string text(const char *key)
    {
        const Json *value = find(key);
        if (value && !value->is_string())
            fault(key, "text is wanted");
        return value && value->is_string() ? value->get<std::string>() : std::string();
    }
    std::optional<std::int64_t> integer(const char *key)
    {
        const Json *value = find(key);
        if (value && !value->is_number_integer())
            fault(key, "a whole number is wanted");
        return value && value->is_number_integer() ? std::optional(value->get<std::int64_t>())
                                                   : std::nullopt;
    }
    std::vector<std::string> texts(const char *key)
    {
        const Json *value = find(key);
        std::vector<std::string> list;
        if (!value)
            return list;
        if (!value->is_array() ||
            !std::ranges::all_of(*value, [](const Json &e) { return e.is_string(); })) {
            fault(key, "a list of texts is wanted");
            return list;
        }
        for (const auto &entry : *value)
            list.push_back(entry.get<std::string>());
        return list;
    }
    // Choices from names; `parse` gives an optional.
    template<class Parse>
    auto choice(const char *key, Parse parse) -> decltype(parse(std::string_view()))
    {
        const auto name = text(key);
        if (name.empty())
            return std::nullopt;
        auto value = parse(name);
        if (!value)
            fault(key, "'" + name + "' is not one of the choices");
        return value;
    }
    void refuseUnknown()
    {
        for (const auto &[key, value] : m_object.items())
            if (std::ranges::find(m_known, key) == m_known.end())
                fault(key.c_str(), "the key is unknown");
    }
    const std::string &faultKey() const { return m_faultKey; }
    const std::string &faultReason() const { return m_faultReason; }

private:
    const Json &m_object;
    std::string m_prefix;
    std::vector<std::string> m_known;
    std::string m_faultKey;
    std::string m_faultReason;
};

void readInputShapes(Members &members, ConversionSettings &settings)
{
    const Json *shapes = members.find("input_shapes");
    if (!shapes)
        return;
    if (!shapes->is_object())
        return members.fault("input_shapes", "an object of name and sizes is wanted");
    for (const auto &[name, dims] : shapes->items()) {
        if (!dims.is_array() ||
            !std::ranges::all_of(dims, [](const Json &d) { return d.is_number_unsigned(); }))
            return members.fault("input_shapes", "sizes are positive whole numbers");
        settings.inputShapes[name] = dims.get<std::vector<std::int64_t>>();
    }
}

void readLayers(Members &members, ConversionSettings &settings)
{
    const Json *layers = members.find("layers");
    if (!layers)
        return;
    if (!layers->is_object())
        return members.fault("layers", "an object of layer name and choices is wanted");
    for (const auto &[name, json] : layers->items()) {
        LayerChoice choice;
        const std::size_t known = json.count("bits") + json.count("observer");
        if (!json.is_object() || json.size() != known)
            return members.fault("layers", "a layer has `bits` and `observer`");
        if (json.contains("bits")) {
            if (json["bits"] != 8 && json["bits"] != 16)
                return members.fault("layers", "bits are 8 or 16");
            choice.bits = json["bits"].get<int>();
        }
        if (json.contains("observer")) {
            constexpr std::array<std::string_view, 4> observers{"min-max", "percentile",
                                                                "mean-square", "entropy"};
            if (!json["observer"].is_string() ||
                std::ranges::find(observers, json["observer"].get<std::string>()) ==
                    observers.end())
                return members.fault("layers",
                                     "an observer is min-max, percentile, mean-square or entropy");
            choice.observer = json["observer"].get<std::string>();
        }
        settings.layers[name] = std::move(choice);
    }
}

RecipeLock readLock(const Json &json)
{
    const auto text = [](const Json &object, const char *key) {
        const auto found = object.find(key);
        return found != object.end() && found->is_string() ? found->get<std::string>()
                                                           : std::string();
    };
    RecipeLock lock{.toolVersion = text(json, "tool_version"),
                    .isa = text(json, "isa"),
                    .modelSha256 = text(json, "model_sha256"),
                    .calibration = {},
                    .effective = {},
                    .resultSha256 = text(json, "result_sha256")};
    if (const auto files = json.find("calibration"); files != json.end() && files->is_array())
        for (const auto &file : *files)
            if (file.is_object())
                lock.calibration.emplace_back(text(file, "file"), text(file, "sha256"));
    if (const auto rows = json.find("effective"); rows != json.end() && rows->is_array())
        for (const auto &row : *rows)
            if (row.is_object())
                lock.effective.push_back({text(row, "setting"), text(row, "asked"),
                                          text(row, "used"), text(row, "why")});
    return lock;
}

Json lockJson(const RecipeLock &lock)
{
    Json json{{"tool_version", lock.toolVersion}, {"isa", lock.isa},
              {"model_sha256", lock.modelSha256}, {"calibration", Json::array()},
              {"effective", Json::array()},       {"result_sha256", lock.resultSha256}};
    for (const auto &[file, sha] : lock.calibration)
        json["calibration"].push_back({{"file", file}, {"sha256", sha}});
    for (const auto &row : lock.effective)
        json["effective"].push_back(
            {{"setting", row.setting}, {"asked", row.asked}, {"used", row.used}, {"why", row.why}});
    return json;
}

} // namespace

Result<Recipe> readRecipe(const std::filesystem::path &file)
{
    auto text = readTextFile(file, {.maxBytes = std::uint64_t(64) << 20});
    if (!text)
        return passOn(std::move(text));
    auto json = parseJson(*text, file.string());
    if (!json)
        return passOn(std::move(json));
    if (!json->is_object() || !json->contains("hefstudio_recipe"))
        return malformed(file, "hefstudio_recipe", "this is no recipe");
    if ((*json)["hefstudio_recipe"] != recipeVersion)
        return fail(Diagnostic("recipe.version", Place{.file = file.string()}));

    Recipe recipe;
    ConversionSettings &settings = recipe.settings;
    Members members(*json, "");
    members.find("hefstudio_recipe");
    const auto path = [&](const char *key) -> std::filesystem::path {
        const auto name = members.text(key);
        if (name.empty())
            return {};
        auto resolved = resolve(folderOf(file), name);
        if (!resolved)
            members.fault(key, "the path leaves the recipe's folder");
        return resolved.value_or(std::filesystem::path());
    };
    settings.model = path("model");
    settings.calibration = path("calibration");
    if (members.text("calibration") == randomCalibration)
        settings.calibration = randomCalibration;
    settings.labels = path("labels");
    if (const auto arch = members.text("arch"); !arch.empty())
        settings.arch = arch;
    settings.preset = members.choice("preset", presetFromName).value_or(Preset::fast);
    settings.backend =
        members.text("backend") == "vendor" ? BackendKind::vendor : BackendKind::builtin;
    settings.startNodes = members.texts("start_nodes");
    settings.endNodes = members.texts("end_nodes");
    readInputShapes(members, settings);
    readLayers(members, settings);
    settings.normalization = members.choice("normalize", normalizationFromText);
    settings.color = members.choice("color", colorOrderFromName);
    settings.resize = members.choice("resize", resizePolicyFromName);
    if (const auto contexts = members.integer("contexts")) {
        if (*contexts < 1 || *contexts > 1000)
            members.fault("contexts", "1 to 1000 are possible");
        else
            settings.contexts = static_cast<int>(*contexts);
    }
    settings.nms = members.choice("nms", hostNmsFromName).value_or(HostNms::none);
    const auto share = [&](const char *key, double &value) {
        const Json *found = members.find(key);
        if (!found)
            return;
        if (!found->is_number() || found->get<double>() < 0 || found->get<double>() > 1)
            members.fault(key, "0 to 1 is possible");
        else
            value = found->get<double>();
    };
    share("nms_score", settings.nmsScore);
    share("nms_iou", settings.nmsIou);
    const auto perClass = members.integer("nms_per_class").value_or(settings.nmsPerClass);
    if (perClass < 1 || perClass > 10000)
        members.fault("nms_per_class", "1 to 10000 are possible");
    else
        settings.nmsPerClass = static_cast<int>(perClass);
    settings.onBadImage =
        members.text("on_bad_image") == "skip" ? BadImagePolicy::skip : BadImagePolicy::stop;
    settings.seed = static_cast<std::uint64_t>(members.integer("seed").value_or(1));
    settings.createdMs = static_cast<std::uint64_t>(members.integer("created_ms").value_or(0));
    if (const Json *lock = members.find("lock"); lock && lock->is_object())
        recipe.lock = readLock(*lock);
    members.refuseUnknown();
    if (settings.model.empty())
        members.fault("model", "the model is missing");
    if (!members.faultKey().empty())
        return malformed(file, members.faultKey(), members.faultReason());
    return recipe;
}

Result<void> checkRecipePaths(const std::filesystem::path &file, const ConversionSettings &settings)
{
    Diagnostics outside;
    const auto check = [&](const char *key, const std::filesystem::path &path) {
        if (!path.empty() && !relativeTo(folderOf(file), path))
            outside.push_back(
                Diagnostic("recipe.path-outside", Place{.file = path.string(), .keyPath = key}));
    };
    check("model", settings.model);
    if (settings.calibration != randomCalibration)
        check("calibration", settings.calibration);
    check("labels", settings.labels);
    if (!outside.empty())
        return fail(std::move(outside));
    return {};
}

Result<void> writeRecipe(const std::filesystem::path &file, const Recipe &recipe)
{
    const ConversionSettings &settings = recipe.settings;
    if (auto kept = checkRecipePaths(file, settings); !kept)
        return kept;
    Json json{{"hefstudio_recipe", recipeVersion}};
    const auto addPath = [&](const char *key, const std::filesystem::path &path) {
        if (const auto relative = relativeTo(folderOf(file), path); !path.empty() && relative)
            json[key] = *relative;
    };
    addPath("model", settings.model);
    if (settings.calibration == randomCalibration)
        json["calibration"] = randomCalibration;
    else
        addPath("calibration", settings.calibration);
    if (json.contains("calibration") && settings.calibration != randomCalibration &&
        json["calibration"] == randomCalibration)
        json["calibration"] = std::string("./") + randomCalibration;
    addPath("labels", settings.labels);
    json["arch"] = settings.arch;
    json["preset"] = presetName(settings.preset);
    json["backend"] = settings.backend == BackendKind::vendor ? "vendor" : "builtin";
    json["start_nodes"] = settings.startNodes;
    json["end_nodes"] = settings.endNodes;
    json["input_shapes"] = settings.inputShapes;
    for (const auto &[name, choice] : settings.layers) {
        Json layer = Json::object();
        if (choice.bits)
            layer["bits"] = *choice.bits;
        if (choice.observer)
            layer["observer"] = *choice.observer;
        json["layers"][name] = std::move(layer);
    }
    if (settings.normalization)
        json["normalize"] = normalizationText(*settings.normalization);
    if (settings.color)
        json["color"] = colorOrderName(*settings.color);
    if (settings.resize)
        json["resize"] = resizePolicyName(*settings.resize);
    if (settings.contexts)
        json["contexts"] = *settings.contexts;
    if (settings.nms != HostNms::none) {
        json["nms"] = hostNmsName(settings.nms);
        json["nms_score"] = settings.nmsScore;
        json["nms_iou"] = settings.nmsIou;
        json["nms_per_class"] = settings.nmsPerClass;
    }
    json["on_bad_image"] = settings.onBadImage == BadImagePolicy::skip ? "skip" : "stop";
    json["seed"] = settings.seed;
    json["created_ms"] = settings.createdMs;
    if (recipe.lock)
        json["lock"] = lockJson(*recipe.lock);
    return writeFileAtomically(file, asBytes(jsonText(json) + "\n"));
}

} // namespace hefstudio
