// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/model_metadata.h"

#include "result_matchers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace hefstudio {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A detector of two classes and one grid of 4×4, each rule obeyed.
nlohmann::json detector()
{
    return nlohmann::json::parse(R"({"schema_version": 2, "name": "demo", "nms": "class_agnostic",
 "decoder_version": "yolov8", "dataset": {"id": "ds-9", "classes": ["cup", "lid"]},
 "model": {"task": "detection", "size": "nano"},
 "input": {"shape": [1,32,32,3], "cameraadaptor": "rgb",
           "dshape": [{"batch":1},{"height":32},{"width":32},{"num_features":3}]},
 "outputs": [
  {"name": "boxes", "type": "boxes", "decoder": "ultralytics", "encoding": "dfl",
   "normalized": false, "shape": [1,4,16],
   "outputs": [{"name": "demo/conv41", "type": "boxes", "stride": 8, "scale_index": 0,
     "shape": [1,4,4,64], "dtype": "uint16",
     "dshape": [{"batch":1},{"height":4},{"width":4},{"num_features":64}],
     "quantization": {"scale": 0.0004, "zero_point": 21000, "dtype": "uint16"}}]},
  {"name": "scores", "type": "scores", "score_format": "per_class", "shape": [1,2,16],
   "outputs": [{"name": "demo/conv42", "type": "scores", "stride": 8, "scale_index": 0,
     "shape": [1,4,4,2], "dtype": "uint8", "activation_applied": "sigmoid",
     "quantization": {"scale": 0.0039, "zero_point": 0, "dtype": "uint8"}}]}],
 "hailo": {"version": "9"}})");
}

ModelMetadata parsed(const nlohmann::json &json)
{
    auto metadata = parseMetadata(json.dump(), "demo.json");
    EXPECT_TRUE(metadata) << failureText(metadata);
    return metadata ? *metadata : ModelMetadata{};
}

// Paths and reasons of what is wrong after one change.
std::vector<std::string> problemsAfter(const char *pointer, const nlohmann::json &value)
{
    auto json = detector();
    json[nlohmann::json::json_pointer(pointer)] = value;
    std::vector<std::string> problems;
    for (const Diagnostic &d : metadataProblems(parsed(json), "demo.json")) {
        EXPECT_EQ(d.id, "metadata.rule");
        problems.push_back(std::string(d.severity == Severity::error ? "error " : "warning ") +
                           d.place.keyPath + ": " + std::get<std::string>(d.arguments[0].second));
    }
    return problems;
}

TEST(ModelMetadata, ReadsVersionTwo)
{
    const ModelMetadata metadata = parsed(detector());
    EXPECT_EQ(metadata.readVersion, 2);
    EXPECT_THAT(metadata.labels, ElementsAre("cup", "lid"));
    EXPECT_EQ(metadata.task, "detection");
    EXPECT_EQ(metadata.input.axes[1], (MetadataAxis{"height", 32}));
    ASSERT_EQ(metadata.outputs.size(), 2);
    const MetadataOutput &box = metadata.outputs[0].children[0];
    EXPECT_EQ(box.name, "demo/conv41");
    EXPECT_EQ(box.stride, (std::array<double, 2>{8, 8}));
    EXPECT_THAT(box.quantisation->scales, ElementsAre(0.0004));
    EXPECT_THAT(box.quantisation->zeroPoints, ElementsAre(21000));
    EXPECT_EQ(metadata.outputs[1].children[0].activationApplied, "sigmoid");
    EXPECT_THAT(metadataProblems(metadata, "demo.json"), IsEmpty());
}

TEST(ModelMetadata, WritesWhatItReadAndKeepsUnknownKeys)
{
    auto json = detector();
    json["tiling"] = {{"size", 3}};
    json["dataset"]["name"] = "kitchen";
    json["outputs"][0]["outputs"][0]["future"] = nlohmann::json::array({1, nullptr});
    EXPECT_EQ(nlohmann::json::parse(metadataJson(parsed(json))), json);
    EXPECT_EQ(parsed(nlohmann::json::parse(metadataJson(parsed(json)))), parsed(json));
}

TEST(ModelMetadata, ReadsVersionOneAsVersionTwo)
{
    const auto metadata = parseMetadata(R"({"dataset": {"classes": ["cup"]}, "outputs": [
 {"name": "b", "type": "boxes", "decoder": "yolov8", "decode": true, "shape": [1,4,8],
  "dshape": {"batch": 1, "box_coords": 4, "num_boxes": 8}, "quantization": [0.5, 3]},
 {"name": "s", "type": "scores", "shape": [1,1,8],
  "quantization": {"scale": 1, "zero_point": 0.0, "dtype": "uint8"}},
 {"name": "m", "type": "mask_coefficients", "shape": [1,32,8]}]})",
                                        "old.json");
    ASSERT_TRUE(metadata) << failureText(metadata);
    EXPECT_EQ(metadata->readVersion, 1);
    EXPECT_EQ(metadata->outputs[0].encoding, "direct");
    EXPECT_EQ(metadata->outputs[0].decoder, "ultralytics");
    EXPECT_EQ(metadata->outputs[0].axes[1], (MetadataAxis{"box_coords", 4}));
    EXPECT_THAT(metadata->outputs[0].quantisation->zeroPoints, ElementsAre(3));
    EXPECT_EQ(metadata->outputs[1].scoreFormat, "per_class");
    EXPECT_EQ(metadata->outputs[2].type, "mask_coefs");
    EXPECT_EQ(parsed(nlohmann::json::parse(metadataJson(*metadata))).readVersion, 2);
}

TEST(ModelMetadata, RefusesNewerVersionsAndWrongTypes)
{
    EXPECT_EQ(failureId(parseMetadata(R"({"schema_version": 3})", "x")),
              "metadata.unsupported-version");
    EXPECT_EQ(failureId(parseMetadata("[]", "x")), "metadata.malformed");
    EXPECT_EQ(failureId(parseMetadata("{", "x")), "json.malformed");
    EXPECT_EQ(failureId(parseMetadata(R"({"name": 1e999})", "x")), "json.malformed");
    const auto wrong = parseMetadata(
        R"({"schema_version": 2, "outputs": [{"outputs": [{"stride": "eight"}]}]})", "x");
    ASSERT_EQ(failureId(wrong), "metadata.malformed");
    EXPECT_EQ(wrong.error().front().place.keyPath, "outputs[0].outputs[0].stride");
    for (const char *zeroPoint : {"0.5", "1e300", "18446744073709551615", "\"0\""})
        EXPECT_EQ(failureId(parseMetadata(R"({"outputs": [{"quantization": {"zero_point": )" +
                                              std::string(zeroPoint) + "}}]}",
                                          "x")),
                  "metadata.malformed")
            << zeroPoint;
}

TEST(ModelMetadata, EachRuleIsHeld)
{
    const auto child = "/outputs/0/outputs/0";
    const std::string at = "outputs[0].outputs[0]";
    const auto under = [&](const char *key) { return std::string(child) + key; };
    EXPECT_THAT(problemsAfter(under("/name").c_str(), ""), ElementsAre(HasSubstr("is missing")));
    EXPECT_THAT(problemsAfter(under("/dtype").c_str(), "int4"),
                testing::Contains(HasSubstr("no known element type")));
    EXPECT_THAT(problemsAfter(under("/encoding").c_str(), "dfl"),
                ElementsAre(HasSubstr("belong to the logical output")));
    EXPECT_THAT(problemsAfter(under("/outputs").c_str(), nlohmann::json::parse("[{}]")),
                ElementsAre(HasSubstr("nested")));
    EXPECT_THAT(problemsAfter(under("/activation_required").c_str(), "relu"),
                ElementsAre(HasSubstr("no known activation")));
    EXPECT_THAT(problemsAfter("/outputs/1/outputs/0/activation_required", "sigmoid"),
                ElementsAre(HasSubstr("both applied and required")));
    EXPECT_THAT(problemsAfter(under("/dshape/1/height").c_str(), 5),
                ElementsAre("error " + at + ".dshape: its sizes are not those of shape"));
    EXPECT_THAT(problemsAfter(under("/quantization/scale").c_str(), {0.5, 0.25}),
                ElementsAre(HasSubstr("axis does not name one")));
    EXPECT_THAT(problemsAfter(under("/quantization/scale").c_str(), 0),
                ElementsAre(HasSubstr("not positive")));
    EXPECT_THAT(problemsAfter(under("/quantization").c_str(),
                              {{"scale", {1, 2}}, {"axis", 3}, {"dtype", "uint16"}}),
                ElementsAre(HasSubstr("not as many scales as channels")));
    EXPECT_THAT(problemsAfter("/input/shape", {1, 3, 32, 32}),
                ElementsAre(HasSubstr("input.dshape")));
    EXPECT_THAT(problemsAfter("/input", {{"shape", {1, 3, 32, 32}}}),
                ElementsAre(HasSubstr("height would be read as 3")));
    EXPECT_THAT(problemsAfter("/outputs/0/encoding", "polar"),
                ElementsAre(HasSubstr("warning outputs[0].encoding")));
    EXPECT_THAT(problemsAfter("/outputs/0/outputs", nlohmann::json::array()),
                ElementsAre(HasSubstr("must be split by scale")));
}

TEST(ModelMetadata, SiblingsAreTold)
{
    auto json = detector();
    auto &children = json["outputs"][0]["outputs"];
    children.push_back(children[0]);
    children[1].erase("stride");
    std::string all;
    for (const Diagnostic &d : metadataProblems(parsed(json), "x"))
        all += std::get<std::string>(d.arguments[0].second) + "\n";
    EXPECT_THAT(all, HasSubstr("another output has the same type and shape"));
    EXPECT_THAT(all, HasSubstr("some have a stride and some have none"));
}

TEST(ModelMetadata, BinsDivideByFourAndAreAtMostSixtyFour)
{
    for (const auto &[features, reason] :
         {std::pair(66, "do not divide by 4"), std::pair(260, "more than 64 bins")}) {
        auto json = detector();
        auto &child = json["outputs"][0]["outputs"][0];
        child["shape"][3] = features;
        child["dshape"][3]["num_features"] = features;
        const auto problems = metadataProblems(parsed(json), "x");
        ASSERT_EQ(problems.size(), 1);
        EXPECT_THAT(std::get<std::string>(problems[0].arguments[0].second), HasSubstr(reason));
    }
}

TEST(ModelMetadata, AScoreOutputMustSayItsActivation)
{
    auto json = detector();
    json["outputs"][1]["outputs"][0].erase("activation_applied");
    const auto problems = metadataProblems(parsed(json), "x");
    ASSERT_EQ(problems.size(), 1);
    EXPECT_EQ(problems[0].severity, Severity::warning);
    json["outputs"][1]["activation_required"] = "sigmoid";
    EXPECT_THAT(metadataProblems(parsed(json), "x"), IsEmpty());
}

TEST(ModelMetadata, EndToEndOutputsAreWhole)
{
    auto json = detector();
    json["model"]["end2end"] = true;
    json["outputs"][0]["type"] = "detections";
    std::string all;
    for (const Diagnostic &d : metadataProblems(parsed(json), "x"))
        all += std::get<std::string>(d.arguments[0].second) + "\n";
    EXPECT_THAT(all, HasSubstr("cannot be split"));
}

TEST(ModelMetadata, LabelsAreLines)
{
    EXPECT_THAT(labelsFromText("cup\r\nlid\n\npan\n\n"), ElementsAre("cup", "lid", "", "pan"));
    EXPECT_THAT(labelsFromText(""), IsEmpty());
    EXPECT_EQ(labelsText({"cup", "lid"}), "cup\nlid\n");
}

} // namespace
} // namespace hefstudio
