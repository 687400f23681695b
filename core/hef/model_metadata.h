// What a file says about its model to the programs that run it: labels, input, and how to decode
// each output. EdgeFirst's schema (versions 1 and 2), read leniently and written as version 2; keys
// this version does not know are kept. Source: EdgeFirst's public metadata documentation and
// decoder; the rules are those of its runtime.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hefstudio {

// One axis, outermost first: {"height": 40}.
struct MetadataAxis {
    std::string key;
    std::int64_t size = 0;
    friend bool operator==(const MetadataAxis &, const MetadataAxis &) = default;
};

// real = scale · (stored − zero point); several scales run along `axis`.
struct MetadataQuantisation {
    std::vector<double> scales;
    std::vector<std::int64_t> zeroPoints; // empty: symmetric
    std::optional<std::int64_t> axis;
    std::string dtype; // "uint8"
    friend bool operator==(const MetadataQuantisation &, const MetadataQuantisation &) = default;
};

// A logical output, or one of the physical ones it is made of (`children`, exactly one level).
struct MetadataOutput {
    std::string name; // of a physical output: what the runtime calls it
    std::string type; // "boxes", "scores", "objectness", "mask_coefs", "protos", "landmarks", …
    std::vector<std::int64_t> shape;
    std::vector<MetadataAxis> axes; // "dshape": memory order, same sizes as `shape`
    std::string dtype;
    std::optional<MetadataQuantisation> quantisation;
    std::optional<std::array<double, 2>> stride; // x, y; whole numbers in the schema
    std::optional<std::int64_t> scaleIndex;
    std::string activationApplied;  // already in the values: "sigmoid", "softmax", "tanh"
    std::string activationRequired; // left to the reader
    // Logical outputs only.
    std::string decoder;     // "ultralytics", "modelpack"
    std::string encoding;    // of boxes: "dfl", "direct", "anchor"
    std::string scoreFormat; // of scores: "per_class", "obj_x_class"
    std::optional<bool> isNormalised;
    std::vector<std::array<double, 2>> anchors;
    std::vector<MetadataOutput> children;
    std::string otherKeys; // a JSON object
    friend bool operator==(const MetadataOutput &, const MetadataOutput &) = default;
};

struct MetadataInput {
    std::vector<std::int64_t> shape;
    std::vector<MetadataAxis> axes;
    std::string camera; // "rgb", "bgr", "grey", …
    friend bool operator==(const MetadataInput &, const MetadataInput &) = default;
};

struct ModelMetadata {
    int readVersion = 2; // what it was read from; writing makes it 2
    std::string name;
    std::string description;
    std::vector<std::string> labels; // dataset.classes, in the order of their index
    MetadataInput input;
    std::string task;           // model.task: "detection", "segmentation", "pose", "classify"
    bool isEndToEnd = false;    // model.end2end
    std::string decoderVersion; // "yolov8"
    std::string nms;            // "class_agnostic", "class_aware"
    std::vector<MetadataOutput> outputs;
    std::string converter; // the "hailo" section, a JSON object; empty: none
    std::string otherKeys; // a JSON object of everything else
    friend bool operator==(const ModelMetadata &, const ModelMetadata &) = default;
};

// Diagnostics: json.malformed, metadata.malformed (a key of the wrong type, with its path),
// metadata.unsupported-version.
Result<ModelMetadata> parseMetadata(std::string_view json, const std::string &nameForErrors);
// Schema version 2, two spaces of indent, ends with a newline; the same value gives the same text.
std::string metadataJson(const ModelMetadata &metadata);

// Errors: what keeps EdgeFirst's runtime from decoding (or this project's examples). Warnings:
// what it lets pass and a careful reader does not. All are metadata.rule with the path of the key.
Diagnostics metadataProblems(const ModelMetadata &metadata, const std::string &nameForErrors);

// One label a line; carriage returns and empty lines at the end do not count.
std::vector<std::string> labelsFromText(std::string_view text);
std::string labelsText(const std::vector<std::string> &labels);

} // namespace hefstudio
