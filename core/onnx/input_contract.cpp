// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/input_contract.h"

#include "base/file.h"
#include "onnx/python_literal.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::uint64_t largestSideFile = std::uint64_t(16) << 20;

template<class T>
void learn(InputContract::Maybe<T> &fact, std::optional<T> value, const std::string &evidence)
{
    if (!fact && value)
        fact = {std::move(*value), evidence};
}

std::optional<std::string> textOf(const Json &json)
{
    return json.is_string() ? std::optional(json.get<std::string>()) : std::nullopt;
}

const Json &at(const Json &json, const char *key)
{
    static const Json nothing;
    return json.is_object() && json.contains(key) ? json.at(key) : nothing;
}

// A list of names, or a dictionary from class number to name, as a list.
std::optional<std::vector<std::string>> namesOf(const Json &json)
{
    std::vector<std::string> names;
    if (json.is_array()) {
        for (const Json &name : json)
            names.push_back(name.is_string() ? name.get<std::string>() : name.dump());
    } else if (json.is_object()) {
        std::map<std::size_t, std::string> byNumber;
        for (const auto &[key, name] : json.items()) {
            std::size_t number = 0;
            const auto [stop, fault] = std::from_chars(key.data(), key.data() + key.size(), number);
            if (fault != std::errc() || stop != key.data() + key.size())
                return std::nullopt;
            byNumber[number] = name.is_string() ? name.get<std::string>() : name.dump();
        }
        // A gap would give later classes the wrong number.
        if (!byNumber.empty() && byNumber.rbegin()->first + 1 != byNumber.size())
            return std::nullopt;
        for (auto &[number, name] : byNumber)
            names.push_back(std::move(name));
    }
    return names.empty() ? std::nullopt : std::optional(std::move(names));
}

std::optional<std::array<std::int64_t, 2>> pairOf(const Json &json)
{
    if (json.is_number_integer())
        return std::array{json.get<std::int64_t>(), json.get<std::int64_t>()};
    if (!json.is_array() || json.size() != 2 || !json[0].is_number_integer() ||
        !json[1].is_number_integer())
        return std::nullopt;
    return std::array{json[0].get<std::int64_t>(), json[1].get<std::int64_t>()};
}

std::optional<std::array<std::int64_t, 2>> sizeOf(const Json &json)
{
    const auto size = pairOf(json);
    constexpr std::int64_t largest = 65535;
    if (!size || std::ranges::any_of(*size, [](auto n) { return n < 1 || n > largest; }))
        return std::nullopt;
    return size;
}

std::optional<std::vector<float>> numbersOf(const Json &json, double factor)
{
    std::vector<float> numbers;
    if (json.is_array())
        for (const Json &one : json) {
            if (!one.is_number() || !std::isfinite(one.get<double>()))
                return std::nullopt;
            numbers.push_back(static_cast<float>(one.get<double>() * factor));
        }
    return numbers.empty() ? std::nullopt : std::optional(std::move(numbers));
}

std::optional<std::string> taskOf(const Json &json)
{
    static const std::map<std::string, std::string, std::less<>> known{
        {"detect", "detect"},     {"detection", "detect"},
        {"segment", "segment"},   {"segmentation", "segment"},
        {"pose", "pose"},         {"obb", "obb"},
        {"classify", "classify"}, {"classification", "classify"}};
    const auto found = json.is_string() ? known.find(json.get<std::string>()) : known.end();
    return found == known.end() ? std::nullopt : std::optional(found->second);
}

class ContractReader {
public:
    ContractReader(std::span<const std::pair<std::string, std::string>> metadata,
                   const std::filesystem::path &model)
        : m_metadata(metadata), m_model(model)
    {
    }

    InputContract read()
    {
        for (const char *key : {"edgefirst", "edgefirst.json"})
            if (const std::string *text = value(key))
                readEdgeFirst(parsed(*text, key), std::string("metadata '") + key + "'");
        if (const std::string *text = value("labels"))
            learn(m_contract.labels, namesOf(parsed(*text, "labels")), "metadata 'labels'");
        if (const auto text = beside("edgefirst.json"))
            readEdgeFirst(parsed(*text, "edgefirst.json"), "edgefirst.json beside the model");
        if (const auto text = beside("labels.txt"))
            learn(m_contract.labels, lines(*text), "labels.txt beside the model");
        if (const std::string *text = value("hf_preprocessor_config"))
            readPreprocessor(parsed(*text, "hf_preprocessor_config"));
        readUltralytics();
        if (const auto text = beside("data.yaml"))
            readDataYaml(*text);
        return std::move(m_contract);
    }

private:
    const std::string *value(std::string_view key) const
    {
        const auto found =
            std::ranges::find(m_metadata, key, &std::pair<std::string, std::string>::first);
        return found == m_metadata.end() ? nullptr : &found->second;
    }

    void warn(const std::string &source)
    {
        m_contract.warnings.push_back(Diagnostic("input.contract-unreadable",
                                                 Place{.file = m_model.string(), .keyPath = source})
                                          .with("source", source)
                                          .as(Severity::warning));
    }

    Json parsed(const std::string &text, const char *source)
    {
        Json json = Json::parse(text, nullptr, false);
        if (json.is_discarded()) {
            warn(source);
            return {};
        }
        return json;
    }

    std::optional<Json> literal(const char *key)
    {
        const std::string *text = value(key);
        return text ? parsePythonLiteral(*text) : std::nullopt;
    }

    std::optional<std::string> beside(const char *name)
    {
        if (m_model.empty())
            return std::nullopt;
        const auto file = m_model.parent_path() / name;
        std::error_code error;
        if (!std::filesystem::is_regular_file(file, error) || error)
            return std::nullopt;
        auto text = readTextFile(file, {.maxBytes = largestSideFile, .refuseEmpty = true});
        if (!text) {
            warn(name);
            return std::nullopt;
        }
        return std::move(*text);
    }

    static std::optional<std::vector<std::string>> lines(const std::string &text)
    {
        std::vector<std::string> all;
        std::size_t begin = 0;
        while (begin < text.size()) {
            const auto end = std::min(text.find('\n', begin), text.size());
            std::string line = text.substr(begin, end - begin);
            if (line.ends_with('\r'))
                line.pop_back();
            all.push_back(std::move(line));
            begin = end + 1;
        }
        return all.empty() ? std::nullopt : std::optional(std::move(all));
    }

    void readEdgeFirst(const Json &json, const std::string &evidence)
    {
        if (!json.is_object())
            return;
        learn(m_contract.exporter, std::optional<std::string>("EdgeFirst"), evidence);
        learn(m_contract.labels, namesOf(at(at(json, "dataset"), "classes")), evidence);
        learn(m_contract.task, taskOf(at(at(json, "model"), "task")), evidence);
        if (const Json &end = at(at(json, "model"), "end2end"); end.is_boolean())
            learn(m_contract.endToEnd, std::optional(end.get<bool>()), evidence);
        readEdgeFirstInput(at(json, "input"), evidence);
        const Json &validation = at(json, "validation");
        if (const auto how = textOf(at(validation, "preprocessing")))
            learn(m_contract.resize,
                  *how == "letterbox" ? std::optional<std::string>("letterbox")
                  : *how == "resize"  ? std::optional<std::string>("stretch")
                                      : std::nullopt,
                  evidence);
        if (const auto how = textOf(at(validation, "normalization"))) {
            using Scale = InputContract::ValueScale;
            learn(m_contract.normalization,
                  *how == "unsigned" ? std::optional(Scale{{0}, {255}})
                  : *how == "signed" ? std::optional(Scale{{127.5F}, {127.5F}})
                                     : std::nullopt,
                  evidence);
        }
    }

    void readEdgeFirstInput(const Json &input, const std::string &evidence)
    {
        if (const auto color = textOf(at(input, "cameraadaptor")))
            if (*color == "rgb" || *color == "bgr" || *color == "grey")
                learn(m_contract.color, std::optional(*color), evidence);
        // dshape says which entry of the shape is what.
        const Json &shape = at(input, "shape");
        const Json &dshape = at(input, "dshape");
        std::optional<std::int64_t> height, width;
        if (shape.is_array() && dshape.is_array() && shape.size() == dshape.size())
            for (std::size_t i = 0; i < shape.size(); ++i) {
                if (!shape[i].is_number_integer())
                    continue;
                if (dshape[i].contains("height"))
                    height = shape[i].get<std::int64_t>();
                if (dshape[i].contains("width"))
                    width = shape[i].get<std::int64_t>();
            }
        if (height && width)
            learn(m_contract.imageSize, sizeOf(Json::array({*height, *width})), evidence);
    }

    // Rescaled by 1/255 and then normalised: (x/255 − mean) / std = (x − 255·mean) / (255·std).
    void readPreprocessor(const Json &json)
    {
        const std::string evidence = "metadata 'hf_preprocessor_config'";
        const auto isOn = [&](const char *key) {
            return at(json, key).is_boolean() ? at(json, key).get<bool>() : json.contains(key);
        };
        if (!json.is_object())
            return;
        const Json &factor = at(json, "rescale_factor");
        const double scale =
            factor.is_number() && factor.get<double>() > 0 ? 1 / factor.get<double>() : 255;
        const bool normalizes = !json.contains("do_normalize") || isOn("do_normalize");
        const auto mean = numbersOf(at(json, "image_mean"), scale);
        const auto std = numbersOf(at(json, "image_std"), scale);
        if (normalizes && mean && std && std::ranges::none_of(*std, [](float s) { return s == 0; }))
            learn(m_contract.normalization, std::optional(InputContract::ValueScale{*mean, *std}),
                  evidence);
        if (isOn("do_center_crop"))
            learn(m_contract.resize, std::optional<std::string>("crop"), evidence);
        else if (isOn("do_resize"))
            learn(m_contract.resize, std::optional<std::string>("stretch"), evidence);
        learn(m_contract.color, std::optional<std::string>("rgb"), evidence);
    }

    // Keys of its exporter (github.com/ultralytics/ultralytics, exporter metadata). Its networks
    // are trained on RGB / 255.
    void readUltralytics()
    {
        if (!value("task") || !value("names") || !value("imgsz"))
            return;
        const std::string evidence = "the file's metadata is that of an Ultralytics export";
        learn(m_contract.labels, namesOf(literal("names").value_or(Json())), "metadata 'names'");
        learn(m_contract.task, taskOf(*value("task")), "metadata 'task'");
        learn(m_contract.imageSize, sizeOf(literal("imgsz").value_or(Json())), "metadata 'imgsz'");
        if (const auto stride = literal("stride"); stride && stride->is_number_integer())
            learn(m_contract.stride, std::optional(stride->get<std::int64_t>()),
                  "metadata 'stride'");
        if (const auto end = literal("end2end"); end && end->is_boolean())
            learn(m_contract.endToEnd, std::optional(end->get<bool>()), "metadata 'end2end'");
        if (const auto points = literal("kpt_shape"); points && points->is_array())
            learn(m_contract.keypointShape, pairOf(*points), "metadata 'kpt_shape'");
        const auto channels = literal("channels");
        const bool isGrey = channels && channels->is_number_integer() && *channels == 1;
        learn(m_contract.color, std::optional<std::string>(isGrey ? "grey" : "rgb"), evidence);
        learn(m_contract.normalization, std::optional(InputContract::ValueScale{{0}, {255}}),
              evidence);
        const bool classifies = m_contract.task && m_contract.task->value == "classify";
        learn(m_contract.resize, std::optional<std::string>(classifies ? "crop" : "letterbox"),
              evidence);
        const std::string *version = value("version");
        learn(m_contract.exporter,
              std::optional("Ultralytics" + (version ? " " + *version : std::string())), evidence);
    }

    // Only `names` is read, in the three forms that data sets use: a list in brackets, a block
    // list, a block of "number: name".
    void readDataYaml(const std::string &text)
    {
        const auto all = lines(text);
        if (!all)
            return;
        const auto start = std::ranges::find_if(
            *all, [](const std::string &line) { return line.starts_with("names:"); });
        if (start == all->end())
            return;
        const std::string evidence = "data.yaml beside the model";
        const std::string inlineList = bare(start->substr(6));
        if (!inlineList.empty()) {
            if (const auto list = yamlList(inlineList))
                learn(m_contract.labels, list, evidence);
            else
                warn("data.yaml");
            return;
        }
        Json entries;
        for (auto line = start + 1; line != all->end(); ++line) {
            const std::string entry = bare(*line);
            if (entry.empty())
                continue;
            const bool isIndented = line->starts_with(' ') || line->starts_with('\t');
            const auto colon = entry.find(':');
            if (entry.starts_with("- "))
                entries.push_back(unquoted(bare(entry.substr(2))));
            else if (isIndented && colon != std::string::npos && !entries.is_array())
                entries[entry.substr(0, colon)] = unquoted(bare(entry.substr(colon + 1)));
            else
                break;
        }
        if (auto names = namesOf(entries))
            learn(m_contract.labels, std::move(names), evidence);
        else
            warn("data.yaml");
    }

    // Without comment and blanks around.
    static std::string bare(std::string text)
    {
        char quote = 0;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (quote == 0 && (text[i] == '\'' || text[i] == '"'))
                quote = text[i];
            else if (quote != 0 && text[i] == quote)
                quote = 0;
            else if (quote == 0 && text[i] == '#' && (i == 0 || text[i - 1] == ' ')) {
                text.resize(i);
                break;
            }
        }
        const auto isBlank = [](char c) { return c == ' ' || c == '\t'; };
        while (!text.empty() && isBlank(text.back()))
            text.pop_back();
        const auto first = std::ranges::find_if_not(text, isBlank);
        text.erase(text.begin(), first);
        return text;
    }

    static std::string unquoted(std::string text)
    {
        if (text.size() >= 2 && (text[0] == '\'' || text[0] == '"') && text.back() == text[0])
            return text.substr(1, text.size() - 2);
        return text;
    }

    static std::optional<std::vector<std::string>> yamlList(const std::string &text)
    {
        if (text.size() < 2 || text.front() != '[' || text.back() != ']')
            return std::nullopt;
        std::vector<std::string> names;
        std::string name;
        char quote = 0;
        for (const char c : text.substr(1, text.size() - 2) + ",") {
            if (quote == 0 && c == ',') {
                names.push_back(unquoted(bare(name)));
                name.clear();
                continue;
            }
            if (quote == 0 && (c == '\'' || c == '"'))
                quote = c;
            else if (c == quote)
                quote = 0;
            name += c;
        }
        if (!names.empty() && names.back().empty())
            names.pop_back(); // a comma behind the last
        return names.empty() || quote != 0 ? std::nullopt : std::optional(std::move(names));
    }

    std::span<const std::pair<std::string, std::string>> m_metadata;
    const std::filesystem::path &m_model;
    InputContract m_contract;
};

} // namespace

InputContract readInputContract(std::span<const std::pair<std::string, std::string>> metadata,
                                const std::filesystem::path &model)
{
    return ContractReader(metadata, model).read();
}

} // namespace hefstudio
