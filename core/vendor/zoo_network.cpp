// SPDX-License-Identifier: GPL-3.0-or-later
#include "vendor/zoo_network.h"

#include "base/file.h"
#include "vendor/plain_yaml.h"

#include <algorithm>
#include <array>
#include <set>

namespace hefstudio {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
constexpr int mostBases = 16;
constexpr ReadLimits limits{.maxBytes = 1 << 20};

// Keys that make no difference for a HEF, or that the recipe's other choices cover.
constexpr std::array<std::string_view, 9> known = {
    "base", "network", "paths", "parser", "info", "evaluation", "inference", "postprocessing",
    "preprocessing"};

const Json *at(const Json &object, std::initializer_list<const char *> path)
{
    const Json *value = &object;
    for (const char *key : path) {
        if (!value->is_object() || !value->contains(key))
            return nullptr;
        value = &value->at(key);
    }
    return value->is_null() ? nullptr : value;
}

std::string textAt(const Json &object, std::initializer_list<const char *> path)
{
    const Json *found = at(object, path);
    return found && found->is_string() ? found->get<std::string>() : std::string();
}

// Keys of `over` win; mappings are merged.
void merge(Json &under, const Json &over)
{
    for (const auto &[key, value] : over.items()) {
        if (under.contains(key) && under[key].is_object() && value.is_object())
            merge(under[key], value);
        else
            under[key] = value;
    }
}

bool staysInside(const std::string &name)
{
    const fs::path path(name);
    return !name.empty() && !path.is_absolute() &&
           std::ranges::none_of(path, [](const fs::path &part) { return part == ".."; });
}

class ZooReader {
public:
    Result<ZooNetwork> read(const fs::path &yaml, const fs::path &script)
    {
        m_file = yaml;
        auto document = withBases(yaml);
        if (!document)
            return passOn(std::move(document));
        m_document = std::move(*document);
        if (!m_document.is_object() || !m_document.contains("parser"))
            return fail(Diagnostic("vendor.zoo-malformed", Place{.file = yaml.string()}));
        m_network.name = textAt(m_document, {"network", "network_name"});
        if (auto nodes = takeNodes(); !nodes)
            return passOn(std::move(nodes));
        takeChips();
        if (auto taken = takeScript(script); !taken)
            return passOn(std::move(taken));
        takeNormalization();
        takePreprocessing();
        for (const auto &[key, value] : m_document.items())
            if (std::ranges::find(known, key) == known.end() && !value.is_null())
                notTaken(key);
        return std::move(m_network);
    }

private:
    void notTaken(std::string what)
    {
        m_network.warnings.push_back(
            Diagnostic("vendor.zoo-not-taken", Place{.file = m_file.string()})
                .with("what", std::move(what))
                .as(Severity::warning));
    }

    // The bases first, in their order, then the file itself.
    Result<Json> withBases(const fs::path &file)
    {
        if (!m_seen.insert(file.lexically_normal()).second || m_seen.size() > mostBases)
            return fail(Diagnostic("vendor.zoo-malformed", Place{.file = file.string()}));
        const auto text = readTextFile(file, limits);
        if (!text)
            return std::unexpected(text.error());
        auto own = parsePlainYaml(*text, file.string());
        if (!own)
            return own;
        Json all = Json::object();
        if (const Json *bases = at(*own, {"base"}); bases && bases->is_array())
            for (const Json &base : *bases) {
                const std::string name = base.is_string() ? base.get<std::string>() : "";
                const auto found = staysInside(name) ? near(file, name) : fs::path();
                if (found.empty()) {
                    m_network.warnings.push_back(
                        Diagnostic("vendor.zoo-base-missing", Place{.file = file.string()})
                            .with("base", name)
                            .as(Severity::warning));
                    continue;
                }
                const auto values = withBases(found);
                if (!values)
                    return values;
                merge(all, *values);
            }
        merge(all, *own);
        return all;
    }

    // Beside the file, or below the folder above it, as the zoo has its own.
    static fs::path near(const fs::path &file, const std::string &name)
    {
        std::error_code error;
        const fs::path folder = fs::absolute(file, error).parent_path();
        for (const fs::path &candidate : {folder / name, folder.parent_path() / name})
            if (fs::is_regular_file(candidate, error))
                return candidate;
        return {};
    }

    static std::vector<std::string> namesIn(const Json &value)
    {
        std::vector<std::string> names;
        if (value.is_string())
            names.push_back(value.get<std::string>());
        if (value.is_array())
            for (const Json &entry : value)
                if (entry.is_string())
                    names.push_back(entry.get<std::string>());
        return names;
    }

    Result<void> takeNodes()
    {
        const Json *nodes = at(m_document, {"parser", "nodes"});
        if (!nodes)
            return {};
        if (!nodes->is_array() || nodes->size() != 2)
            return fail(Diagnostic("vendor.zoo-malformed",
                                   Place{.file = m_file.string(), .keyPath = "parser.nodes"}));
        m_network.settings.startNodes = namesIn((*nodes)[0]);
        m_network.settings.endNodes = namesIn((*nodes)[1]);
        return {};
    }

    void takeChips()
    {
        if (const Json *chips = at(m_document, {"info", "supported_hw_arch"}))
            m_network.chips = namesIn(*chips);
        auto &arch = m_network.settings.arch;
        if (!m_network.chips.empty() &&
            std::ranges::find(m_network.chips, arch) == m_network.chips.end())
            arch = m_network.chips.front();
    }

    Result<void> takeScript(const fs::path &given)
    {
        fs::path file = given;
        const std::string named = textAt(m_document, {"paths", "alls_script"});
        if (file.empty() && !named.empty()) {
            const fs::path base = fs::path(named).filename();
            for (const auto &name : {base, "alls" / base, "alls/generic" / base})
                if (file.empty())
                    file = near(m_file, name.string());
            if (file.empty())
                notTaken("paths.alls_script: " + named);
        }
        if (file.empty())
            return {};
        const auto script = readAlls(file);
        if (!script)
            return std::unexpected(script.error());
        for (const AllsPiece *piece : script->statements())
            takeStatement(*piece->statement);
        if (m_layerStatements > 0)
            m_network.warnings.push_back(
                Diagnostic("vendor.zoo-layer-names", Place{.file = file.string()})
                    .with("count", std::int64_t(m_layerStatements))
                    .as(Severity::warning));
        return {};
    }

    static std::optional<std::vector<float>> numbersOf(const AllsValue *value)
    {
        if (!value || value->kind != AllsValue::Kind::list || value->items.empty())
            return std::nullopt;
        std::vector<float> numbers;
        for (const AllsValue &item : value->items) {
            const auto number = item.asNumber();
            if (!number)
                return std::nullopt;
            numbers.push_back(static_cast<float>(*number));
        }
        return numbers;
    }

    void takeStatement(const AllsStatement &statement)
    {
        ConversionSettings &settings = m_network.settings;
        const auto &command = statement.command;
        const auto numberOf = [&](const char *key) -> std::optional<double> {
            const AllsValue *value = statement.argument(key);
            return value ? value->asNumber() : std::nullopt;
        };
        if (command == "normalization") {
            const auto mean = numbersOf(statement.positional(0));
            const auto deviation = numbersOf(statement.positional(1));
            if (mean && deviation && mean->size() == deviation->size() &&
                std::ranges::find(*deviation, 0.0F) == deviation->end() &&
                statement.arguments.size() == 2) {
                settings.normalization = Normalization{*mean, *deviation};
                return;
            }
        }
        if (command == "nms_postprocess") {
            settings.nms = HostNms::hailort;
            settings.nmsScore = numberOf("nms_scores_th").value_or(settings.nmsScore);
            settings.nmsIou = numberOf("nms_iou_th").value_or(settings.nmsIou);
            return;
        }
        const AllsValue *first = statement.positional(0);
        if (command == "model_optimization_config" && first && first->text == "calibration")
            return; // the recipe's calibration set says how many
        if (command == "performance_param") {
            const AllsValue *level = statement.argument("compiler_optimization_level");
            if (level && statement.arguments.size() == 1 &&
                (level->text == "max" || level->text == "2")) {
                settings.vendor.isMaximumEffort = true;
                return;
            }
        }
        if (command == "change_output_activation" || command == "input_conversion" ||
            command == "resize") {
            // The prepared model has its activation; colour and size are the recipe's choices.
            notTaken(formatAlls(statement));
            return;
        }
        if (namesLayers(statement))
            ++m_layerStatements;
        m_network.script.append(statement);
    }

    // A word that is a layer of the parsed network, "conv12" or "net/conv12"; globs fit any.
    static bool isLayerName(const AllsValue &value)
    {
        if (value.kind == AllsValue::Kind::list)
            return std::ranges::any_of(value.items, isLayerName);
        if (value.kind != AllsValue::Kind::word || value.text.empty())
            return false;
        return value.text.find('/') != std::string::npos ||
               (value.text.back() >= '0' && value.text.back() <= '9' &&
                value.text.find("_w") == std::string::npos);
    }

    static bool namesLayers(const AllsStatement &statement)
    {
        return std::ranges::any_of(statement.arguments, [](const AllsArgument &argument) {
            return (argument.key.empty() || argument.key.find("layer") != std::string::npos) &&
                   isLayerName(argument.value);
        });
    }

    // Of the file, where no script says it and the network is to do it itself.
    void takeNormalization()
    {
        if (m_network.settings.normalization)
            return;
        const Json *params = at(m_document, {"parser", "normalization_params"});
        const Json *isInNet = params ? at(*params, {"normalize_in_net"}) : nullptr;
        if (!isInNet || *isInNet != true)
            return;
        Normalization normalization{{}, {}};
        for (const auto &[key, values] : {std::pair("mean_list", &normalization.mean),
                                          std::pair("std_list", &normalization.std)})
            if (const Json *list = at(*params, {key}); list && list->is_array())
                for (const Json &value : *list)
                    if (value.is_number())
                        values->push_back(value.get<float>());
        if (!normalization.mean.empty() && normalization.mean.size() == normalization.std.size() &&
            std::ranges::find(normalization.std, 0.0F) == normalization.std.end())
            m_network.settings.normalization = std::move(normalization);
    }

    void takePreprocessing()
    {
        const std::string kind = textAt(m_document, {"preprocessing", "meta_arch"});
        if (kind.find("yolo") != std::string::npos || kind.find("nanodet") != std::string::npos)
            m_network.settings.resize = ResizePolicy::letterbox;
        else if (!kind.empty())
            notTaken("preprocessing.meta_arch: " + kind);
        if (const Json *editor = at(m_document, {"hn_editor"}))
            for (const auto &[key, value] : editor->items())
                if (value == true && key == "bgr2rgb")
                    m_network.settings.color = ColorOrder::bgr;
    }

    fs::path m_file;
    std::set<fs::path> m_seen;
    Json m_document;
    ZooNetwork m_network;
    int m_layerStatements = 0;
};

} // namespace

Result<ZooNetwork> readZooNetwork(const fs::path &yaml, const fs::path &script)
{
    return ZooReader().read(yaml, script);
}

} // namespace hefstudio
