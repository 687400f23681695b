// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/input_shapes.h"

#include <algorithm>
#include <charconv>

namespace hefstudio::onnx_import {

namespace {

using Dims = std::vector<std::int64_t>;

std::string commaList(const Dims &dims)
{
    std::string text;
    for (const std::int64_t dim : dims)
        text += (text.empty() ? "" : ",") + std::to_string(dim);
    return text;
}

std::string statedText(const OnnxValue &input)
{
    if (!input.dimensions)
        return "unknown";
    std::string text;
    for (const OnnxDimension &dimension : *input.dimensions) {
        text += text.empty() ? "" : "×";
        if (dimension.value)
            text += std::to_string(*dimension.value);
        else
            text += dimension.symbol.empty() ? "?" : dimension.symbol;
    }
    return text;
}

// Height and width that the exporter noted: "[640, 640]" or "640".
std::optional<std::pair<std::int64_t, std::int64_t>> notedImageSize(const OnnxModel &model)
{
    for (const auto &[key, value] : model.metadata) {
        if (key != "imgsz")
            continue;
        Dims numbers;
        const char *at = value.data();
        const char *end = at + value.size();
        while (at != end && numbers.size() < 2) {
            std::int64_t number = 0;
            const auto [stop, fault] = std::from_chars(at, end, number);
            if (fault == std::errc() && number > 0 && number < 65536)
                numbers.push_back(number);
            at = fault == std::errc() ? stop : at + 1;
        }
        if (numbers.size() == 1)
            return std::pair(numbers[0], numbers[0]);
        if (numbers.size() == 2)
            return std::pair(numbers[0], numbers[1]);
    }
    return std::nullopt;
}

// Classifiers end in one list of scores and are trained at 224; most else at 640.
std::int64_t usualSize(const OnnxModel &model)
{
    if (model.outputs.size() == 1 && model.outputs[0].dimensions &&
        model.outputs[0].dimensions->size() == 2)
        return 224;
    return 640;
}

std::int64_t channelsReadBy(const OnnxModel &model, const std::string &input)
{
    for (const OnnxNode &node : model.nodes) {
        if (node.op != "Conv" || node.inputs.size() < 2 || node.inputs[0] != input)
            continue;
        const auto weights = model.initialisers.find(node.inputs[1]);
        if (weights != model.initialisers.end() && weights->second->shape().rank() >= 2)
            return std::max<std::int64_t>(1, weights->second->shape()[1]);
    }
    return 3;
}

Dims proposalFor(const OnnxModel &model, const OnnxValue &input)
{
    const std::vector<OnnxDimension> stated =
        input.dimensions.value_or(std::vector<OnnxDimension>(4));
    const auto noted = notedImageSize(model);
    const std::int64_t usual = usualSize(model);
    Dims dims;
    for (std::size_t i = 0; i < stated.size(); ++i) {
        std::int64_t proposed = 1;
        if (stated.size() == 4 && i == 1)
            proposed = channelsReadBy(model, input.name);
        else if (stated.size() == 4 && i == 2)
            proposed = noted ? noted->first : usual;
        else if (stated.size() == 4 && i == 3)
            proposed = noted ? noted->second : usual;
        else if (i > 0)
            proposed = 64;
        dims.push_back(stated[i].value.value_or(proposed));
    }
    return dims;
}

} // namespace

InputShapes decideInputShapes(const OnnxModel &model, const ImportOptions &options)
{
    InputShapes result;
    std::string known;
    for (const OnnxValue &input : model.inputs) {
        known += (known.empty() ? "" : ", ") + input.name;
        const Place place{.file = model.file, .keyPath = input.name};
        const auto given = options.inputShapes.find(input.name);
        Dims dims;
        if (given != options.inputShapes.end()) {
            dims = given->second;
            const bool isPositive =
                std::ranges::all_of(dims, [](std::int64_t dim) { return dim > 0; });
            const bool hasRank = !input.dimensions || input.dimensions->size() == dims.size();
            if (!isPositive || !hasRank || !checkedElementCount(dims)) {
                result.faults.push_back(Diagnostic("onnx.input-shape-mismatch", place)
                                            .with("input", input.name)
                                            .with("given", commaList(dims))
                                            .with("stated", statedText(input)));
                dims = proposalFor(model, input);
            }
        } else {
            const bool isStatic =
                input.dimensions &&
                std::ranges::all_of(*input.dimensions,
                                    [](const OnnxDimension &one) { return one.value.has_value(); });
            dims = proposalFor(model, input);
            if (!isStatic)
                result.faults.push_back(
                    Diagnostic("onnx.dynamic-shape", place)
                        .with("input", input.name)
                        .with("stated", statedText(input))
                        .with("proposal", commaList(dims))
                        .withFix(Fix{"set-input-shape",
                                     {{"input", input.name}, {"shape", commaList(dims)}}}));
            else if (!checkedElementCount(dims))
                result.faults.push_back(Diagnostic("onnx.input-shape-mismatch", place)
                                            .with("input", input.name)
                                            .with("given", commaList(dims))
                                            .with("stated", statedText(input)));
        }
        result.shapes.emplace(input.name, Shape(std::move(dims)));
    }
    for (const auto &[name, dims] : options.inputShapes)
        if (!result.shapes.contains(name))
            result.faults.push_back(Diagnostic("onnx.unknown-input", Place{.file = model.file})
                                        .with("input", name)
                                        .with("known", known.empty() ? "none" : known));
    return result;
}

} // namespace hefstudio::onnx_import
