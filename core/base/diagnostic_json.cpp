// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/diagnostic_json.h"

#include "base/diagnostic_catalogue.h"

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char *severityNames[] = {"note", "warning", "error"};
constexpr std::size_t maxJsonDepth = 200;

std::string textAt(const Json &json, const char *key)
{
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Json placeJson(const Place &place)
{
    Json json = Json::object();
    if (!place.file.empty())
        json["file"] = place.file;
    if (place.offset)
        json["offset"] = *place.offset;
    if (!place.node.empty())
        json["node"] = place.node;
    if (!place.layer.empty())
        json["layer"] = place.layer;
    if (!place.keyPath.empty())
        json["key"] = place.keyPath;
    return json;
}

} // namespace

Json toJson(const Diagnostic &diagnostic)
{
    Json json;
    json["id"] = diagnostic.id;
    json["severity"] = severityNames[static_cast<int>(diagnostic.severity)];
    json["place"] = placeJson(diagnostic.place);
    json["message"] = causeSentence(diagnostic);
    json["next"] = nextStepSentence(diagnostic);
    json["arguments"] = Json::object();
    for (const auto &[name, value] : diagnostic.arguments)
        std::visit([&, &key = name](const auto &v) { json["arguments"][key] = v; }, value);
    json["notes"] = toJson(diagnostic.notes);
    json["fixes"] = Json::array();
    for (const auto &fix : diagnostic.fixes) {
        Json values = Json::object();
        for (const auto &[key, value] : fix.values)
            values[key] = value;
        json["fixes"].push_back({{"kind", fix.kind}, {"values", values}});
    }
    return json;
}

Json toJson(const Diagnostics &diagnostics)
{
    Json json = Json::array();
    for (const auto &diagnostic : diagnostics)
        json.push_back(toJson(diagnostic));
    return json;
}

Diagnostic diagnosticFromJson(const Json &json)
{
    Diagnostic diagnostic;
    if (!json.is_object())
        return diagnostic;
    diagnostic.id = textAt(json, "id");
    const auto severity = textAt(json, "severity");
    diagnostic.severity = severity == "note"      ? Severity::note
                          : severity == "warning" ? Severity::warning
                                                  : Severity::error;
    if (const auto place = json.find("place"); place != json.end() && place->is_object()) {
        diagnostic.place = {.file = textAt(*place, "file"),
                            .offset = std::nullopt,
                            .node = textAt(*place, "node"),
                            .layer = textAt(*place, "layer"),
                            .keyPath = textAt(*place, "key")};
        if (const auto offset = place->find("offset");
            offset != place->end() && offset->is_number_unsigned())
            diagnostic.place.offset = offset->get<std::uint64_t>();
    }
    if (const auto arguments = json.find("arguments");
        arguments != json.end() && arguments->is_object()) {
        for (const auto &[name, value] : arguments->items()) {
            if (value.is_string())
                diagnostic.arguments.emplace_back(name, value.get<std::string>());
            else if (value.is_number_integer())
                diagnostic.arguments.emplace_back(name, value.get<std::int64_t>());
            else if (value.is_number())
                diagnostic.arguments.emplace_back(name, value.get<double>());
        }
    }
    if (const auto notes = json.find("notes"); notes != json.end() && notes->is_array())
        for (const auto &note : *notes)
            diagnostic.notes.push_back(diagnosticFromJson(note));
    if (const auto fixes = json.find("fixes"); fixes != json.end() && fixes->is_array()) {
        for (const auto &fixJson : *fixes) {
            if (!fixJson.is_object())
                continue;
            Fix fix{.kind = textAt(fixJson, "kind"), .values = {}};
            if (const auto values = fixJson.find("values");
                values != fixJson.end() && values->is_object())
                for (const auto &[key, value] : values->items())
                    if (value.is_string())
                        fix.values.emplace_back(key, value.get<std::string>());
            diagnostic.fixes.push_back(std::move(fix));
        }
    }
    return diagnostic;
}

Result<Json> parseJson(std::string_view text, const std::string &nameForErrors)
{
    // The parser recurses on nothing, but what walks the value later does: bound the depth.
    std::size_t depth = 0;
    bool inString = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (inString) {
            if (c == '\\')
                ++at;
            else if (c == '"')
                inString = false;
        } else if (c == '"') {
            inString = true;
        } else if (c == '[' || c == '{') {
            if (++depth > maxJsonDepth)
                return fail(Diagnostic("json.malformed", Place{.file = nameForErrors, .offset = at})
                                .with("reason", std::string("it is nested too deeply")));
        } else if ((c == ']' || c == '}') && depth > 0) {
            --depth;
        }
    }
    try {
        return Json::parse(text);
    } catch (const nlohmann::json::parse_error &error) {
        return fail(Diagnostic("json.malformed", Place{.file = nameForErrors, .offset = error.byte})
                        .with("reason", std::string("unexpected text")));
    } catch (const nlohmann::json::out_of_range &) {
        return fail(Diagnostic("json.malformed", Place{.file = nameForErrors})
                        .with("reason", std::string("a number is too large")));
    }
}

std::string jsonText(const Json &json, int indent)
{
    return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

} // namespace hefstudio
