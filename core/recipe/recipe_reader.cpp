// SPDX-License-Identifier: GPL-3.0-or-later
#include "recipe/recipe.h"

#include "base/diagnostic_json.h"
#include "base/file.h"
#include "recipe/recipe_migration.h"
#include "recipe/recipe_text.h"

#include <algorithm>
#include <array>
#include <limits>

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;
// A lock of a hundred thousand pictures takes a tenth of it.
constexpr std::uint64_t mostRecipeBytes = std::uint64_t(128) << 20;
constexpr std::array<std::string_view, 4> observers{"min-max", "percentile", "mean-square",
                                                    "entropy"};

// The first fault of the document, wherever it is found.
class Faults {
public:
    void add(std::string keyPath, std::string reason)
    {
        if (m_reason.empty()) {
            m_keyPath = std::move(keyPath);
            m_reason = std::move(reason);
        }
    }
    bool isEmpty() const { return m_reason.empty(); }
    const std::string &keyPath() const { return m_keyPath; }
    const std::string &reason() const { return m_reason; }

private:
    std::string m_keyPath;
    std::string m_reason;
};

// Reads typed members of one object; what has the wrong type or nobody asked for is a fault.
class Members {
public:
    Members(const Json &object, std::string prefix, Faults &faults)
        : m_object(&object), m_prefix(std::move(prefix)), m_faults(faults)
    {
        static const Json nothing = Json::object();
        if (object.is_object())
            return;
        m_faults.add(m_prefix, "an object is wanted");
        m_object = &nothing;
    }

    std::string pathOf(std::string_view key) const
    {
        return m_prefix.empty() ? std::string(key) : m_prefix + "." + std::string(key);
    }
    const Json *find(const char *key)
    {
        m_known.emplace_back(key);
        const auto found = m_object->find(key);
        return found == m_object->end() ? nullptr : &*found;
    }
    void fault(const char *key, std::string reason)
    {
        m_faults.add(pathOf(key), std::move(reason));
    }
    std::string text(const char *key)
    {
        const Json *value = find(key);
        if (value && !value->is_string())
            fault(key, "text is wanted");
        return value && value->is_string() ? value->get<std::string>() : std::string();
    }
    template<class Number>
    std::optional<Number> integer(const char *key, Number least, Number most)
    {
        const Json *value = find(key);
        if (!value)
            return std::nullopt;
        // Unsigned numbers beyond the signed ones are kept apart by the parser.
        const bool fits =
            value->is_number_unsigned()
                ? value->get<std::uint64_t>() <= static_cast<std::uint64_t>(most) &&
                      value->get<std::uint64_t>() >= static_cast<std::uint64_t>(least)
                : value->is_number_integer() && std::in_range<Number>(value->get<std::int64_t>()) &&
                      static_cast<Number>(value->get<std::int64_t>()) >= least;
        if (!fits) {
            fault(key, "a whole number from " + std::to_string(least) + " to " +
                           std::to_string(most) + " is wanted");
            return std::nullopt;
        }
        return value->get<Number>();
    }
    std::optional<double> share(const char *key)
    {
        const Json *value = find(key);
        if (!value)
            return std::nullopt;
        if (!value->is_number() || value->get<double>() < 0 || value->get<double>() > 1) {
            fault(key, "a number from 0 to 1 is wanted");
            return std::nullopt;
        }
        return value->get<double>();
    }
    std::vector<std::string> texts(const char *key)
    {
        std::vector<std::string> list;
        forEach(key, [&](const Json &entry, const std::string &path) {
            if (entry.is_string())
                list.push_back(entry.get<std::string>());
            else
                m_faults.add(path, "text is wanted");
        });
        return list;
    }
    // work(element, its key path)
    template<class Work> void forEach(const char *key, Work work)
    {
        const Json *value = find(key);
        if (!value)
            return;
        if (!value->is_array())
            return fault(key, "a list is wanted");
        for (std::size_t i = 0; i < value->size() && m_faults.isEmpty(); ++i)
            work((*value)[i], pathOf(key) + "[" + std::to_string(i) + "]");
    }
    // work(name, value, its key path)
    template<class Work> void forEachMember(const char *key, Work work)
    {
        const Json *value = find(key);
        if (!value)
            return;
        if (!value->is_object())
            return fault(key, "an object is wanted");
        for (const auto &[name, member] : value->items())
            work(name, member, pathOf(key) + "." + name);
    }
    // Choices from names; `parse` gives an optional.
    template<class Parse>
    auto choice(const char *key, Parse parse) -> decltype(parse(std::string_view()))
    {
        const Json *found = find(key);
        if (!found)
            return std::nullopt;
        const auto name = text(key);
        auto value = parse(name);
        if (!value)
            fault(key, "'" + name.substr(0, 80) + "' is not one of the choices");
        return value;
    }
    void refuseUnknown()
    {
        for (const auto &[key, value] : m_object->items())
            if (std::ranges::find(m_known, key) == m_known.end())
                m_faults.add(pathOf(key), "the key is unknown");
    }

private:
    const Json *m_object;
    std::string m_prefix;
    Faults &m_faults;
    std::vector<std::string> m_known;
};

void readInputShapes(Members &members, ConversionSettings &settings, Faults &faults)
{
    members.forEachMember("input_shapes", [&](const std::string &name, const Json &dims,
                                              const std::string &path) {
        constexpr std::uint64_t largest = std::uint64_t(1) << 31;
        const auto isSize = [](const Json &d) {
            return d.is_number_unsigned() && d.get<std::uint64_t>() >= 1 &&
                   d.get<std::uint64_t>() <= largest;
        };
        if (!dims.is_array() || dims.size() > 8 || !std::ranges::all_of(dims, isSize))
            return faults.add(path, "up to 8 sizes from 1 to 2147483648 are wanted");
        settings.inputShapes[name] = dims.get<std::vector<std::int64_t>>();
    });
}

void readLayers(Members &members, ConversionSettings &settings, Faults &faults)
{
    members.forEachMember(
        "layers", [&](const std::string &name, const Json &json, const std::string &path) {
            Members layer(json, path, faults);
            LayerChoice choice;
            if (const auto bits = layer.integer<int>("bits", 8, 16)) {
                if (*bits != 8 && *bits != 16)
                    layer.fault("bits", "bits are 8 or 16");
                choice.bits = bits;
            }
            choice.observer = layer.choice("observer", [](std::string_view text) {
                return std::ranges::find(observers, text) == observers.end()
                           ? std::nullopt
                           : std::optional(std::string(text));
            });
            layer.refuseUnknown();
            settings.layers[name] = std::move(choice);
        });
}

void readVendorChoices(Members &members, VendorChoices &choices, Faults &faults,
                       const std::filesystem::path &folder, const RecipeRoots &roots)
{
    const Json *json = members.find("vendor");
    if (!json)
        return;
    Members own(*json, "vendor", faults);
    if (own.find("script")) {
        auto resolved = resolveRecipePath(own.text("script"), folder, roots);
        if (!resolved)
            own.fault("script", resolved.error());
        choices.script = resolved.value_or(std::filesystem::path());
    }
    const auto flag = [&](const char *key, bool &value) {
        const Json *found = own.find(key);
        if (found && !found->is_boolean())
            own.fault(key, "true or false is wanted");
        else if (found)
            value = found->get<bool>();
    };
    flag("maximum_effort", choices.isMaximumEffort);
    flag("one_context", choices.mustFitOneContext);
    if (const Json *found = own.find("utilisation")) {
        if (!found->is_number() || found->get<double>() < 0.3 || found->get<double>() > 1.2)
            own.fault("utilisation", "a number from 0.3 to 1.2 is wanted");
        else
            choices.utilisation = found->get<double>();
    }
    choices.mappingMinutes = own.integer<int>("mapping_minutes", 1, 1440);
    own.refuseUnknown();
}

RecipeLock readLock(const Json &json, Faults &faults)
{
    Members members(json, "lock", faults);
    RecipeLock lock{.toolVersion = members.text("tool_version"),
                    .build = members.text("build"),
                    .isa = members.text("isa"),
                    .modelSha256 = members.text("model_sha256"),
                    .labelsSha256 = members.text("labels_sha256"),
                    .calibration = {},
                    .frozenFile = {},
                    .frozenSha256 = {},
                    .stages = {},
                    .effective = {},
                    .resultSha256 = members.text("result_sha256"),
                    .compiler = members.text("compiler"),
                    .imageDigest = members.text("image_digest")};
    members.forEach("calibration", [&](const Json &entry, const std::string &path) {
        Members file(entry, path, faults);
        lock.calibration.emplace_back(file.text("file"), file.text("sha256"));
        file.refuseUnknown();
    });
    if (const Json *frozen = members.find("frozen")) {
        Members side(*frozen, "lock.frozen", faults);
        lock.frozenFile = side.text("file");
        lock.frozenSha256 = side.text("sha256");
        // Beside the recipe, nowhere else.
        if (std::filesystem::path(lock.frozenFile).filename() != lock.frozenFile ||
            lock.frozenFile == "." || lock.frozenFile == "..")
            side.fault("file", "the path leaves the recipe's folder");
        side.refuseUnknown();
    }
    members.forEach("stages", [&](const Json &entry, const std::string &path) {
        Members stage(entry, path, faults);
        lock.stages.push_back({stage.text("stage"), stage.text("sha256")});
        stage.refuseUnknown();
    });
    members.forEach("effective", [&](const Json &entry, const std::string &path) {
        Members row(entry, path, faults);
        lock.effective.push_back(
            {row.text("setting"), row.text("asked"), row.text("used"), row.text("why")});
        row.refuseUnknown();
    });
    members.refuseUnknown();
    return lock;
}

Recipe readMembers(const Json &json, const std::filesystem::path &folder, const RecipeRoots &roots,
                   Faults &faults)
{
    Recipe recipe;
    ConversionSettings &settings = recipe.settings;
    Members members(json, "", faults);
    members.find("hefstudio_recipe");
    const auto path = [&](const char *key) -> std::filesystem::path {
        if (!members.find(key))
            return {};
        auto resolved = resolveRecipePath(members.text(key), folder, roots);
        if (!resolved)
            members.fault(key, resolved.error());
        return resolved.value_or(std::filesystem::path());
    };
    settings.model = path("model");
    if (members.text("calibration") == randomCalibration)
        settings.calibration = randomCalibration;
    else
        settings.calibration = path("calibration");
    settings.labels = path("labels");
    if (members.find("arch"))
        settings.arch = members.text("arch");
    settings.preset = members.choice("preset", presetFromName).value_or(Preset::fast);
    settings.backend = members
                           .choice("backend",
                                   [](std::string_view name) -> std::optional<BackendKind> {
                                       if (name == "vendor")
                                           return BackendKind::vendor;
                                       return name == "builtin" ? std::optional(BackendKind::builtin)
                                                                : std::nullopt;
                                   })
                           .value_or(BackendKind::builtin);
    readVendorChoices(members, settings.vendor, faults, folder, roots);
    settings.startNodes = members.texts("start_nodes");
    settings.endNodes = members.texts("end_nodes");
    readInputShapes(members, settings, faults);
    readLayers(members, settings, faults);
    settings.normalization = members.choice("normalize", normalizationFromText);
    settings.color = members.choice("color", colorOrderFromName);
    settings.resize = members.choice("resize", resizePolicyFromName);
    settings.contexts = members.integer<int>("contexts", 1, 1000);
    settings.nms = members.choice("nms", hostNmsFromName).value_or(HostNms::none);
    settings.nmsScore = members.share("nms_score").value_or(settings.nmsScore);
    settings.nmsIou = members.share("nms_iou").value_or(settings.nmsIou);
    settings.nmsPerClass =
        members.integer<int>("nms_per_class", 1, 10000).value_or(settings.nmsPerClass);
    settings.onBadImage = members
                              .choice("on_bad_image",
                                      [](std::string_view name) -> std::optional<BadImagePolicy> {
                                          if (name == "skip")
                                              return BadImagePolicy::skip;
                                          return name == "stop" ? std::optional(BadImagePolicy::stop)
                                                                : std::nullopt;
                                      })
                              .value_or(BadImagePolicy::stop);
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    settings.seed = members.integer<std::uint64_t>("seed", 0, most).value_or(1);
    settings.createdMs = members.integer<std::uint64_t>("created_ms", 0, most).value_or(0);
    if (const Json *lock = members.find("lock"))
        recipe.lock = readLock(*lock, faults);
    members.refuseUnknown();
    if (!json.contains("model"))
        faults.add("model", "the model is missing");
    return recipe;
}

std::unexpected<Diagnostics> malformed(std::string_view text, const std::filesystem::path &file,
                                       std::optional<std::size_t> offset, std::string keyPath,
                                       std::string reason)
{
    return fail(Diagnostic("recipe.malformed",
                           Place{.file = file.string(), .keyPath = std::move(keyPath)})
                    .with("line", std::int64_t(lineOf(text, offset.value_or(0))))
                    .with("reason", std::move(reason)));
}

} // namespace

Result<Recipe> recipeFromText(std::string_view text, const std::filesystem::path &file,
                              const RecipeRoots &roots)
{
    if (auto fault = checkRecipeText(text))
        return malformed(text, file, fault->offset, std::move(fault->keyPath),
                         std::move(fault->reason));
    auto json = parseJson(text, file.string());
    if (!json) // what the check lets pass and the parser does not: text that is not UTF-8
        return malformed(text, file, json.error().front().place.offset, "", "unexpected text");
    const auto version = recipeVersionOf(*json);
    if (!version)
        return malformed(text, file, std::nullopt, "hefstudio_recipe", "this is no recipe");
    if (*version < 1 || *version > recipeVersion)
        return fail(Diagnostic("recipe.version", Place{.file = file.string()}));
    migrateRecipe(*json, *version);
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    Faults faults;
    auto recipe = readMembers(*json, folder, roots, faults);
    recipe.version = *version;
    if (!faults.isEmpty())
        return malformed(text, file, locateKey(text, faults.keyPath()), faults.keyPath(),
                         faults.reason());
    return recipe;
}

Result<Recipe> readRecipe(const std::filesystem::path &file, const RecipeRoots &roots)
{
    const auto text = readTextFile(file, {.maxBytes = mostRecipeBytes});
    if (!text)
        return std::unexpected(text.error());
    return recipeFromText(*text, file, roots);
}

} // namespace hefstudio
