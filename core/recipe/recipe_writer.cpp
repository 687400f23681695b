// SPDX-License-Identifier: GPL-3.0-or-later
#include "recipe/recipe.h"

#include "base/diagnostic_json.h"
#include "base/file.h"

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;

std::filesystem::path folderOf(const std::filesystem::path &file)
{
    return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

Json lockJson(const RecipeLock &lock)
{
    Json json{{"tool_version", lock.toolVersion}};
    if (!lock.build.empty())
        json["build"] = lock.build;
    json["isa"] = lock.isa;
    json["model_sha256"] = lock.modelSha256;
    if (!lock.labelsSha256.empty())
        json["labels_sha256"] = lock.labelsSha256;
    if (!lock.compiler.empty())
        json["compiler"] = lock.compiler;
    if (!lock.imageDigest.empty())
        json["image_digest"] = lock.imageDigest;
    json["calibration"] = Json::array();
    for (const auto &[file, sha] : lock.calibration)
        json["calibration"].push_back({{"file", file}, {"sha256", sha}});
    if (!lock.frozenFile.empty())
        json["frozen"] = {{"file", lock.frozenFile}, {"sha256", lock.frozenSha256}};
    if (!lock.stages.empty()) {
        json["stages"] = Json::array();
        for (const auto &stage : lock.stages)
            json["stages"].push_back({{"stage", stage.stage}, {"sha256", stage.sha256}});
    }
    json["effective"] = Json::array();
    for (const auto &row : lock.effective)
        json["effective"].push_back(
            {{"setting", row.setting}, {"asked", row.asked}, {"used", row.used}, {"why", row.why}});
    json["result_sha256"] = lock.resultSha256;
    return json;
}

Json vendorJson(const VendorChoices &choices)
{
    Json json = Json::object();
    if (choices.isMaximumEffort)
        json["maximum_effort"] = true;
    if (choices.mustFitOneContext)
        json["one_context"] = true;
    if (choices.utilisation)
        json["utilisation"] = *choices.utilisation;
    if (choices.mappingMinutes)
        json["mapping_minutes"] = *choices.mappingMinutes;
    return json;
}

Json layersJson(const std::map<std::string, LayerChoice> &layers)
{
    Json json = Json::object();
    for (const auto &[name, choice] : layers) {
        Json layer = Json::object();
        if (choice.bits)
            layer["bits"] = *choice.bits;
        if (choice.observer)
            layer["observer"] = *choice.observer;
        json[name] = std::move(layer);
    }
    return json;
}

} // namespace

Result<void> checkRecipePaths(const std::filesystem::path &file, const ConversionSettings &settings,
                              const RecipeRoots &roots)
{
    Diagnostics outside;
    const auto check = [&](const char *key, const std::filesystem::path &path) {
        if (!path.empty() && !recipePathOf(path, folderOf(file), roots))
            outside.push_back(
                Diagnostic("recipe.path-outside", Place{.file = path.string(), .keyPath = key}));
    };
    check("model", settings.model);
    if (settings.calibration != randomCalibration)
        check("calibration", settings.calibration);
    check("labels", settings.labels);
    check("vendor.script", settings.vendor.script);
    if (!outside.empty())
        return fail(std::move(outside));
    return {};
}

Result<std::string> recipeText(const std::filesystem::path &file, const Recipe &recipe,
                               const RecipeRoots &roots)
{
    const ConversionSettings &settings = recipe.settings;
    if (auto kept = checkRecipePaths(file, settings, roots); !kept)
        return passOn(std::move(kept));
    Json json{{"hefstudio_recipe", recipeVersion}};
    const auto addPath = [&](const char *key, const std::filesystem::path &path) {
        if (!path.empty())
            json[key] = *recipePathOf(path, folderOf(file), roots);
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
    if (settings.vendor != VendorChoices{}) {
        json["vendor"] = vendorJson(settings.vendor);
        if (!settings.vendor.script.empty())
            json["vendor"]["script"] =
                *recipePathOf(settings.vendor.script, folderOf(file), roots);
    }
    json["start_nodes"] = settings.startNodes;
    json["end_nodes"] = settings.endNodes;
    json["input_shapes"] = settings.inputShapes;
    if (!settings.layers.empty())
        json["layers"] = layersJson(settings.layers);
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
    return jsonText(json) + "\n";
}

Result<void> writeRecipe(const std::filesystem::path &file, const Recipe &recipe,
                         const RecipeRoots &roots)
{
    const auto text = recipeText(file, recipe, roots);
    if (!text)
        return std::unexpected(text.error());
    return writeFileAtomically(file, asBytes(*text));
}

std::filesystem::path frozenFileOf(const std::filesystem::path &recipe)
{
    auto file = recipe;
    return file.replace_extension(".lock");
}

} // namespace hefstudio
