// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/conversion_record.h"

#include "base/diagnostic_json.h"

#include <algorithm>

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;

Json inputJson(const ConversionRecord::InputRecord &input)
{
    Json json{{"name", input.name},
              {"stream", input.streamName},
              {"shape", input.shape.dims()},
              {"picture", input.isPicture}};
    if (input.isPicture) {
        json["normalize"] = normalizationText(input.normalization);
        json["color"] = colorOrderName(input.preprocess.color);
        json["resize"] = resizePolicyName(input.preprocess.resize);
        json["pad_value"] = input.preprocess.padValue;
    }
    return json;
}

// Reads only what is there with the right type; throws nlohmann exceptions otherwise, caught once.
ConversionRecord::InputRecord inputFromJson(const Json &json)
{
    ConversionRecord::InputRecord input;
    input.name = json.at("name").get<std::string>();
    input.streamName = json.at("stream").get<std::string>();
    input.shape = Shape(json.at("shape").get<std::vector<std::int64_t>>());
    input.isPicture = json.at("picture").get<bool>();
    if (!input.isPicture)
        return input;
    input.normalization =
        normalizationFromText(json.at("normalize").get<std::string>()).value_or(Normalization{});
    input.preprocess.color =
        colorOrderFromName(json.at("color").get<std::string>()).value_or(ColorOrder::rgb);
    input.preprocess.resize = resizePolicyFromName(json.at("resize").get<std::string>())
                                  .value_or(ResizePolicy::letterbox);
    input.preprocess.padValue = json.at("pad_value").get<std::uint8_t>();
    return input;
}

bool isSane(const Shape &shape)
{
    return shape.rank() <= 8 && checkedElementCount(shape.dims()).value_or(-1) > 0 &&
           std::ranges::all_of(shape, [](std::int64_t d) { return d <= 65536 * 16; });
}

} // namespace

std::string recordJson(const ConversionRecord &record)
{
    Json json{{"tool_version", record.toolVersion},
              {"model", record.model},
              {"arch", record.arch},
              {"preset", record.preset},
              {"inputs", Json::array()},
              {"outputs", Json::array()},
              {"host_outputs", record.hostOutputs},
              {"labels", record.labels},
              {"ledger", Json::array()}};
    for (const auto &input : record.inputs)
        json["inputs"].push_back(inputJson(input));
    for (const auto &output : record.outputs)
        json["outputs"].push_back({{"name", output.name},
                                   {"stream", output.streamName},
                                   {"shape", output.shape.dims()},
                                   {"role", output.role},
                                   {"stride", output.stride},
                                   {"reason", output.reason}});
    for (const auto &row : record.ledger)
        json["ledger"].push_back(
            {{"setting", row.setting}, {"asked", row.asked}, {"used", row.used}, {"why", row.why}});
    if (auto head = parseJson(record.headJson, "head"); head)
        json["head"] = *head;
    for (const auto &[name, factors] : record.channelFactors)
        json["channel_factors"][name] = factors;
    if (auto profile = parseJson(record.profileJson, "profile"); profile)
        json["profile"] = *profile;
    return jsonText(json, 1) + "\n";
}

Result<ConversionRecord> recordFromJson(std::span<const std::byte> bytes, const std::string &name)
{
    auto json = parseJson({reinterpret_cast<const char *>(bytes.data()), bytes.size()}, name);
    if (!json)
        return passOn(std::move(json));
    try {
        ConversionRecord record;
        record.toolVersion = json->at("tool_version").get<std::string>();
        record.model = json->at("model").get<std::string>();
        record.arch = json->at("arch").get<std::string>();
        record.preset = json->at("preset").get<std::string>();
        for (const auto &input : json->at("inputs"))
            record.inputs.push_back(inputFromJson(input));
        for (const auto &output : json->at("outputs"))
            record.outputs.push_back(
                {output.at("name").get<std::string>(), output.at("stream").get<std::string>(),
                 Shape(output.at("shape").get<std::vector<std::int64_t>>()),
                 output.at("role").get<std::string>(), output.at("stride").get<std::int64_t>(),
                 output.at("reason").get<std::string>()});
        record.hostOutputs = json->at("host_outputs").get<std::vector<std::string>>();
        record.labels = json->at("labels").get<std::vector<std::string>>();
        for (const auto &row : json->at("ledger"))
            record.ledger.push_back(
                {row.at("setting").get<std::string>(), row.at("asked").get<std::string>(),
                 row.at("used").get<std::string>(), row.at("why").get<std::string>()});
        if (json->contains("head"))
            record.headJson = jsonText(json->at("head"));
        if (json->contains("channel_factors"))
            for (const auto &[name, factors] : json->at("channel_factors").items())
                record.channelFactors.emplace_back(name, factors.get<std::vector<float>>());
        if (json->contains("profile"))
            record.profileJson = jsonText(json->at("profile"));
        for (auto &input : record.inputs) {
            if (!isSane(input.shape) || (input.isPicture && input.shape.rank() != 4))
                return fail(Diagnostic("record.malformed", Place{.file = name}));
            if (input.isPicture) {
                input.preprocess.channels = static_cast<int>(input.shape[1]);
                input.preprocess.height = static_cast<int>(input.shape[2]);
                input.preprocess.width = static_cast<int>(input.shape[3]);
            }
        }
        for (const auto &output : record.outputs)
            if (!isSane(output.shape))
                return fail(Diagnostic("record.malformed", Place{.file = name}));
        return record;
    } catch (const nlohmann::json::exception &) {
        return fail(Diagnostic("record.malformed", Place{.file = name}));
    }
}

} // namespace hefstudio
