// Holds the JSON that the program prints against the schema it publishes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace hefstudio::test {

using nlohmann::json;

// The part of JSON Schema the schemas use: type, enum, required, properties, items, oneOf, $ref.
inline std::string schemaFault(const json &value, const json &schema, const json &root,
                               const std::string &path)
{
    if (schema.contains("$ref")) {
        const auto name = schema["$ref"].get<std::string>().substr(8); // after "#/$defs/"
        return schemaFault(value, root["$defs"][name], root, path);
    }
    if (schema.contains("oneOf")) {
        for (const json &form : schema["oneOf"]) {
            if (schemaFault(value, form, root, path).empty())
                return {};
        }
        return path + ": no form fits";
    }
    if (schema.contains("enum") && std::ranges::find(schema["enum"], value) == schema["enum"].end())
        return path + ": not among the values";
    if (schema.contains("type")) {
        const auto fits = [&](const std::string &type) {
            return (type == "object" && value.is_object()) ||
                   (type == "array" && value.is_array()) ||
                   (type == "string" && value.is_string()) ||
                   (type == "boolean" && value.is_boolean()) ||
                   (type == "integer" && value.is_number_integer()) ||
                   (type == "number" && value.is_number()) || (type == "null" && value.is_null());
        };
        const json types = schema["type"].is_array() ? schema["type"] : json{schema["type"]};
        if (std::ranges::none_of(types, [&](const json &type) { return fits(type); }))
            return path + ": wrong type";
    }
    for (const json &key : schema.value("required", json::array())) {
        if (!value.contains(key.get<std::string>()))
            return path + ": lacks " + key.get<std::string>();
    }
    if (value.is_object() && schema.contains("properties")) {
        for (const auto &[key, member] : value.items()) {
            if (!schema["properties"].contains(key))
                return path + ": undocumented key " + key;
            const auto fault =
                schemaFault(member, schema["properties"][key], root, path + "/" + key);
            if (!fault.empty())
                return fault;
        }
    }
    if (value.is_array() && schema.contains("items")) {
        for (const json &member : value) {
            const auto fault = schemaFault(member, schema["items"], root, path + "[]");
            if (!fault.empty())
                return fault;
        }
    }
    return {};
}

// What is wrong with `text` by resources/schemas/`name`.schema.json, with its path; empty when it
// follows it, undocumented keys included.
inline std::string schemaFault(const std::string &text, const std::string &name)
{
    std::ifstream file(std::string(HEFSTUDIO_SOURCE_DIR) + "/resources/schemas/" + name +
                       ".schema.json");
    const json schema = json::parse(file);
    return schemaFault(json::parse(text), schema, schema, "");
}

} // namespace hefstudio::test
