// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/model_metadata.h"

#include "base/diagnostic_json.h"

#include <cmath>

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;

// Takes known keys out of a JSON object, so that what is left are the unknown ones. The first key
// of a wrong type is remembered; a null counts as absent, as the schema's readers take it.
class Keys {
public:
    Keys(Json object, std::string path, std::optional<Diagnostic> &fault, const std::string &file)
        : m_object(std::move(object)), m_path(std::move(path)), m_fault(fault), m_file(file)
    {
        if (!m_object.is_object())
            wrong("", "an object");
        if (!m_object.is_object())
            m_object = Json::object();
    }

    std::optional<Json> take(const char *key)
    {
        const auto found = m_object.find(key);
        if (found == m_object.end())
            return std::nullopt;
        Json value = std::move(*found);
        m_object.erase(found);
        if (value.is_null())
            return std::nullopt;
        return value;
    }
    std::string text(const char *key)
    {
        const auto value = take(key);
        if (value && !value->is_string())
            wrong(key, "a text");
        return value && value->is_string() ? value->get<std::string>() : std::string();
    }
    std::optional<bool> flag(const char *key)
    {
        const auto value = take(key);
        if (value && !value->is_boolean())
            wrong(key, "true or false");
        return value && value->is_boolean() ? std::optional(value->get<bool>()) : std::nullopt;
    }
    std::optional<std::int64_t> integer(const char *key)
    {
        const auto value = take(key);
        return value ? integerOf(*value, key) : std::nullopt;
    }
    std::vector<std::int64_t> integers(const char *key)
    {
        std::vector<std::int64_t> numbers;
        for (const Json &item : list(key))
            numbers.push_back(integerOf(item, key).value_or(0));
        return numbers;
    }
    std::vector<std::string> texts(const char *key)
    {
        std::vector<std::string> all;
        for (const Json &item : list(key)) {
            if (!item.is_string())
                wrong(key, "a list of texts");
            all.push_back(item.is_string() ? item.get<std::string>() : std::string());
        }
        return all;
    }
    std::vector<Json> list(const char *key)
    {
        auto value = take(key);
        if (!value)
            return {};
        if (!value->is_array()) {
            wrong(key, "a list");
            return {};
        }
        return std::vector<Json>(value->begin(), value->end());
    }
    Keys object(const char *key)
    {
        auto value = take(key);
        return Keys(value ? std::move(*value) : Json::object(), pathOf(key), m_fault, m_file);
    }
    // Puts what a sub-object did not know back, so that it survives.
    void keep(const char *key, Keys &&rest)
    {
        if (!rest.m_object.empty())
            m_object[key] = std::move(rest.m_object);
    }

    std::optional<std::int64_t> integerOf(const Json &value, const char *key)
    {
        // Whole numbers may come as 0.0: HailoRT's zero points are floats.
        constexpr double exact = 9007199254740992.0;
        if (value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t(exact))
            wrong(key, "a whole number");
        else if (value.is_number_integer())
            return value.get<std::int64_t>();
        else if (value.is_number() && std::abs(value.get<double>()) <= exact &&
                 std::trunc(value.get<double>()) == value.get<double>())
            return static_cast<std::int64_t>(value.get<double>());
        else
            wrong(key, "a whole number");
        return std::nullopt;
    }
    double numberOf(const Json &value, const char *key)
    {
        if (!value.is_number())
            wrong(key, "a number");
        return value.is_number() ? value.get<double>() : 0;
    }
    void wrong(const char *key, const char *wanted)
    {
        if (!m_fault)
            m_fault =
                Diagnostic("metadata.malformed", Place{.file = m_file, .keyPath = pathOf(key)})
                    .with("wanted", std::string(wanted));
    }
    std::string pathOf(const std::string &key) const
    {
        return m_path.empty() || key.empty() ? m_path + key : m_path + "." + key;
    }
    Keys item(const char *key, std::size_t index, Json value)
    {
        return Keys(std::move(value), pathOf(key) + "[" + std::to_string(index) + "]", m_fault,
                    m_file);
    }
    std::string rest() const { return m_object.empty() ? std::string() : jsonText(m_object, -1); }

private:
    Json m_object;
    std::string m_path;
    std::optional<Diagnostic> &m_fault;
    const std::string &m_file;
};

// A list of one-key objects in version 2, one map in early files of version 1.
std::vector<MetadataAxis> readAxes(Keys &keys)
{
    std::vector<MetadataAxis> axes;
    const auto value = keys.take("dshape");
    if (!value)
        return axes;
    const auto add = [&](const Json &object) {
        for (const auto &[key, size] : object.items())
            axes.push_back({key, keys.integerOf(size, "dshape").value_or(0)});
    };
    if (value->is_object())
        add(*value);
    else if (value->is_array())
        for (const Json &axis : *value) {
            if (!axis.is_object() || axis.size() != 1)
                keys.wrong("dshape", "a list of objects with one key each");
            else
                add(axis);
        }
    else
        keys.wrong("dshape", "a list of objects with one key each");
    return axes;
}

std::optional<MetadataQuantisation> readQuantisation(Keys &keys)
{
    const auto value = keys.take("quantization");
    if (!value)
        return std::nullopt;
    MetadataQuantisation quantisation;
    if (value->is_array()) { // version 1: [scale, zero point]
        if (value->size() != 2)
            keys.wrong("quantization", "a scale and a zero point");
        else
            quantisation = {{keys.numberOf((*value)[0], "quantization")},
                            {keys.integerOf((*value)[1], "quantization").value_or(0)},
                            {},
                            {}};
        return quantisation;
    }
    if (!value->is_object()) {
        keys.wrong("quantization", "an object");
        return std::nullopt;
    }
    const auto each = [](const Json &one, auto take) {
        if (one.is_array())
            for (const Json &item : one)
                take(item);
        else
            take(one);
    };
    if (value->contains("scale"))
        each((*value)["scale"], [&](const Json &item) {
            quantisation.scales.push_back(keys.numberOf(item, "quantization.scale"));
        });
    if (value->contains("zero_point") && !(*value)["zero_point"].is_null())
        each((*value)["zero_point"], [&](const Json &item) {
            quantisation.zeroPoints.push_back(
                keys.integerOf(item, "quantization.zero_point").value_or(0));
        });
    if (value->contains("axis") && !(*value)["axis"].is_null())
        quantisation.axis = keys.integerOf((*value)["axis"], "quantization.axis");
    if (value->contains("dtype") && (*value)["dtype"].is_string())
        quantisation.dtype = (*value)["dtype"].get<std::string>();
    return quantisation;
}

std::optional<std::array<double, 2>> readStride(Keys &keys)
{
    const auto value = keys.take("stride");
    if (!value)
        return std::nullopt;
    if (value->is_array() && value->size() == 2)
        return std::array{keys.numberOf((*value)[0], "stride"),
                          keys.numberOf((*value)[1], "stride")};
    const double both = keys.numberOf(*value, "stride");
    return std::array{both, both};
}

// Spellings of version 1 become those of version 2.
void modernise(MetadataOutput &output)
{
    if (output.type == "mask_coefficients")
        output.type = "mask_coefs";
    if (output.decoder == "yolov8")
        output.decoder = "ultralytics";
    if (output.type == "boxes" && output.encoding.empty() && output.children.empty())
        output.encoding = "direct";
    if (output.type == "scores" && output.scoreFormat.empty() && output.children.empty())
        output.scoreFormat = "per_class";
}

MetadataOutput readOutput(Keys keys, bool isVersionOne, int depth)
{
    constexpr int deepest = 8; // the rules allow one level; a hostile file is cut off here
    MetadataOutput output;
    output.name = keys.text("name");
    output.type = keys.text("type");
    output.shape = keys.integers("shape");
    output.axes = readAxes(keys);
    output.dtype = keys.text("dtype");
    output.quantisation = readQuantisation(keys);
    output.stride = readStride(keys);
    output.scaleIndex = keys.integer("scale_index");
    output.activationApplied = keys.text("activation_applied");
    output.activationRequired = keys.text("activation_required");
    output.decoder = keys.text("decoder");
    output.encoding = keys.text("encoding");
    if (output.encoding == "ltrb")
        output.encoding = "direct";
    output.scoreFormat = keys.text("score_format");
    output.isNormalised = keys.flag("normalized");
    for (const Json &anchor : keys.list("anchors")) {
        if (anchor.is_array() && anchor.size() == 2)
            output.anchors.push_back(
                {keys.numberOf(anchor[0], "anchors"), keys.numberOf(anchor[1], "anchors")});
        else
            keys.wrong("anchors", "a list of pairs");
    }
    const auto children = keys.list("outputs");
    if (depth >= deepest && !children.empty())
        keys.wrong("outputs", "one level of outputs");
    for (std::size_t i = 0; depth < deepest && i < children.size(); ++i)
        output.children.push_back(
            readOutput(keys.item("outputs", i, children[i]), isVersionOne, depth + 1));
    if (isVersionOne) {
        (void)keys.take("decode");
        modernise(output);
    }
    output.otherKeys = keys.rest();
    return output;
}

Json objectOf(const std::string &text)
{
    if (text.empty())
        return Json::object();
    Json json = Json::parse(text, nullptr, false);
    return json.is_object() ? json : Json::object();
}

// Without ".0" where there is nothing behind the point.
Json numberJson(double number)
{
    constexpr double exact = 9007199254740992.0;
    if (std::trunc(number) == number && std::abs(number) <= exact)
        return static_cast<std::int64_t>(number);
    return number;
}

Json numbersJson(const auto &numbers)
{
    return numbers.size() == 1 ? Json(numbers.front()) : Json(numbers);
}

Json axesJson(const std::vector<MetadataAxis> &axes)
{
    Json json = Json::array();
    for (const MetadataAxis &axis : axes)
        json.push_back({{axis.key, axis.size}});
    return json;
}

Json quantisationJson(const MetadataQuantisation &quantisation)
{
    Json json{{"scale", numbersJson(quantisation.scales)}};
    if (!quantisation.zeroPoints.empty())
        json["zero_point"] = numbersJson(quantisation.zeroPoints);
    if (quantisation.axis)
        json["axis"] = *quantisation.axis;
    if (!quantisation.dtype.empty())
        json["dtype"] = quantisation.dtype;
    return json;
}

void putText(Json &json, const char *key, const std::string &text)
{
    if (!text.empty())
        json[key] = text;
}

Json outputJson(const MetadataOutput &output, bool isChild)
{
    Json json = Json::object();
    putText(json, "name", output.name);
    putText(json, "type", output.type);
    putText(json, "decoder", output.decoder);
    putText(json, "encoding", output.encoding);
    putText(json, "score_format", output.scoreFormat);
    if (output.isNormalised)
        json["normalized"] = *output.isNormalised;
    if (!output.anchors.empty())
        json["anchors"] = output.anchors;
    if (output.stride) {
        const Json x = numberJson((*output.stride)[0]);
        const Json y = numberJson((*output.stride)[1]);
        json["stride"] = x == y ? x : Json::array({x, y});
    }
    if (output.scaleIndex)
        json["scale_index"] = *output.scaleIndex;
    json["shape"] = output.shape;
    if (!output.axes.empty())
        json["dshape"] = axesJson(output.axes);
    putText(json, "dtype", output.dtype);
    if (output.quantisation)
        json["quantization"] = quantisationJson(*output.quantisation);
    else if (isChild)
        json["quantization"] = nullptr;
    putText(json, "activation_applied", output.activationApplied);
    putText(json, "activation_required", output.activationRequired);
    json.update(objectOf(output.otherKeys));
    if (!output.children.empty()) {
        json["outputs"] = Json::array();
        for (const MetadataOutput &child : output.children)
            json["outputs"].push_back(outputJson(child, true));
    }
    return json;
}

// An object that may hold unknown keys already.
Json &section(Json &root, const char *key)
{
    Json &json = root[key];
    if (!json.is_object())
        json = Json::object();
    return json;
}

} // namespace

Result<ModelMetadata> parseMetadata(std::string_view json, const std::string &nameForErrors)
{
    auto document = parseJson(json, nameForErrors);
    if (!document)
        return passOn(std::move(document));
    std::optional<Diagnostic> fault;
    Keys root(std::move(*document), {}, fault, nameForErrors);
    ModelMetadata metadata;
    const auto version = root.integer("schema_version").value_or(1);
    if (version < 1 || version > 2)
        return fail(Diagnostic("metadata.unsupported-version",
                               Place{.file = nameForErrors, .keyPath = "schema_version"})
                        .with("version", version));
    metadata.readVersion = static_cast<int>(version);
    metadata.name = root.text("name");
    metadata.description = root.text("description");
    Keys dataset = root.object("dataset");
    metadata.labels = dataset.texts("classes");
    root.keep("dataset", std::move(dataset));
    Keys input = root.object("input");
    metadata.input.shape = input.integers("shape");
    metadata.input.axes = readAxes(input);
    metadata.input.camera = input.text("cameraadaptor");
    root.keep("input", std::move(input));
    Keys model = root.object("model");
    metadata.task = model.text("task");
    if (const auto older = model.text("model_task"); metadata.task.empty())
        metadata.task = older;
    metadata.isEndToEnd = model.flag("end2end").value_or(false);
    root.keep("model", std::move(model));
    metadata.decoderVersion = root.text("decoder_version");
    metadata.nms = root.text("nms");
    const auto outputs = root.list("outputs");
    for (std::size_t i = 0; i < outputs.size(); ++i)
        metadata.outputs.push_back(
            readOutput(root.item("outputs", i, outputs[i]), version == 1, 0));
    metadata.converter = root.object("hailo").rest();
    metadata.otherKeys = root.rest();
    if (fault)
        return fail(std::move(*fault));
    return metadata;
}

std::string metadataJson(const ModelMetadata &metadata)
{
    Json json;
    json["schema_version"] = 2;
    putText(json, "name", metadata.name);
    putText(json, "description", metadata.description);
    json.update(objectOf(metadata.otherKeys));
    if (!metadata.labels.empty())
        section(json, "dataset")["classes"] = metadata.labels;
    if (!metadata.input.shape.empty()) {
        Json &input = section(json, "input");
        input["shape"] = metadata.input.shape;
        if (!metadata.input.axes.empty())
            input["dshape"] = axesJson(metadata.input.axes);
        putText(input, "cameraadaptor", metadata.input.camera);
    }
    if (!metadata.task.empty())
        section(json, "model")["task"] = metadata.task;
    if (metadata.isEndToEnd)
        section(json, "model")["end2end"] = true;
    putText(json, "decoder_version", metadata.decoderVersion);
    putText(json, "nms", metadata.nms);
    json["outputs"] = Json::array();
    for (const MetadataOutput &output : metadata.outputs)
        json["outputs"].push_back(outputJson(output, false));
    if (!metadata.converter.empty())
        json["hailo"] = objectOf(metadata.converter);
    return jsonText(json) + "\n";
}

std::vector<std::string> labelsFromText(std::string_view text)
{
    std::vector<std::string> labels;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        labels.emplace_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    while (!labels.empty() && labels.back().empty())
        labels.pop_back();
    return labels;
}

std::string labelsText(const std::vector<std::string> &labels)
{
    std::string text;
    for (const std::string &label : labels)
        text += label + "\n";
    return text;
}

} // namespace hefstudio
