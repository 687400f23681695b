// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/metadata_inspect.h"

#include "base/diagnostic_catalogue.h"
#include "base/diagnostic_json.h"
#include "hef/group_view.h"
#include "hef/hef_reader.h"
#include "hef/inspect.h"

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;

std::string shapeText(const std::vector<std::int64_t> &shape)
{
    std::string text;
    for (const auto size : shape)
        text += (text.empty() ? "" : "×") + std::to_string(size);
    return text;
}

std::string outputText(const MetadataOutput &output, int indent)
{
    std::string text(static_cast<std::size_t>(indent), ' ');
    text += output.name.empty() ? "(no name)" : printable(output.name);
    if (!output.type.empty() && output.type != output.name)
        text += ", " + printable(output.type);
    text += ", " + shapeText(output.shape);
    if (output.stride)
        text += ", stride " + jsonText(Json((*output.stride)[0]), -1);
    for (const auto &[word, value] :
         {std::pair("", output.dtype), std::pair("encoding ", output.encoding),
          std::pair("applied ", output.activationApplied),
          std::pair("to apply ", output.activationRequired)})
        if (!value.empty())
            text += ", " + std::string(word) + printable(value);
    text += "\n";
    constexpr std::size_t most = 64;
    for (std::size_t i = 0; i < output.children.size() && i < most; ++i)
        text += outputText(output.children[i], indent + 2);
    return text;
}

} // namespace

Json metadataInspectJson(const Hef &hef)
{
    const HefMetadata metadata = readHefMetadata(hef);
    if (!metadata.zip)
        return {{"present", false}};
    Json json{{"present", true},
              {"offset", metadata.zip->offset},
              {"bytes", metadata.zip->size},
              {"sealed", metadata.zip->isSealed},
              {"entries", metadata.zip->entries},
              {"labels", metadata.labels}};
    json["edgefirst"] =
        metadata.model ? Json::parse(metadataJson(*metadata.model), nullptr, false) : Json(nullptr);
    json["problems"] = Json::array();
    for (const Diagnostic &d : metadata.problems)
        json["problems"].push_back(
            {{"id", d.id},
             {"severity", d.severity == Severity::error ? "error" : "warning"},
             {"place", d.place.keyPath},
             {"message", causeSentence(d)}});
    return json;
}

std::string hefMetadataJson(const Hef &hef)
{
    return jsonText(metadataInspectJson(hef)) + "\n";
}

std::string hefMetadataText(const Hef &hef)
{
    const HefMetadata metadata = readHefMetadata(hef);
    if (!metadata.zip)
        return {};
    std::string text = "Metadata (";
    text += metadata.zip->isSealed ? "sealed into the file" : "appended";
    text += ", " + std::to_string(metadata.zip->size) + " bytes)\n";
    for (const std::string &entry : metadata.zip->entries)
        text += "  " + entry + "\n";
    if (!metadata.labels.empty())
        text += "  " + std::to_string(metadata.labels.size()) + " labels, the first is '" +
                printable(metadata.labels.front()) + "'\n";
    if (metadata.model) {
        const ModelMetadata &model = *metadata.model;
        text += "  schema version " + std::to_string(model.readVersion);
        if (!model.task.empty())
            text += ", " + printable(model.task);
        if (!model.decoderVersion.empty())
            text += ", " + printable(model.decoderVersion);
        text += "\n";
        for (const MetadataOutput &output : model.outputs)
            text += outputText(output, 2);
    }
    for (const Diagnostic &d : metadata.problems)
        text += consoleText(d);
    return text;
}

} // namespace hefstudio
