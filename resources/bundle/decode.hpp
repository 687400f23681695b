// From the outputs of the network to detections, masks, key points or classes. C++17, standard
// library only. Works on real numbers in the order height, width, features; what the outputs are is
// written in model.hpp, made from the file's metadata.
#pragma once

#include "model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace decode {

struct Output {
    int height = 1, width = 1, features = 1;
    std::vector<float> values;

    const float *cell(int y, int x) const
    {
        return values.data() + (static_cast<std::size_t>(y) * width + x) * features;
    }
};
using Outputs = std::map<std::string, Output>;

struct Point {
    float x = 0, y = 0, visibility = 0;
};

struct Detection {
    int classIndex = 0;
    float score = 0;
    float x1 = 0, y1 = 0, x2 = 0, y2 = 0; // pixels of the network's input
    std::vector<Point> points;            // pose
    std::vector<float> coefficients;      // segmentation
};

inline float sigmoid(float x)
{
    return 1.0F / (1.0F + std::exp(-x));
}

inline std::string labelOf(int index)
{
    return index >= 0 && index < static_cast<int>(model::labels.size())
               ? std::string(model::labels[static_cast<std::size_t>(index)])
               : std::to_string(index);
}

// The mean of a distribution over 0 to bins - 1.
inline float expectation(const float *logits, int bins)
{
    const float most = *std::max_element(logits, logits + bins);
    float sum = 0, mean = 0;
    for (int i = 0; i < bins; ++i) {
        const float weight = std::exp(logits[i] - most);
        sum += weight;
        mean += weight * static_cast<float>(i);
    }
    return mean / sum;
}

inline void decodeBox(const Output &boxes, int y, int x, float stride, Detection &to)
{
    const float *values = boxes.cell(y, x);
    std::array<float, 4> side{}; // left, top, right, bottom
    const int bins = model::boxesAreDistributions ? boxes.features / 4 : 1;
    for (int i = 0; i < 4; ++i)
        side[static_cast<std::size_t>(i)] =
            model::boxesAreDistributions ? expectation(values + i * bins, bins) : values[i];
    const float cx = static_cast<float>(x) + model::cellOffset;
    const float cy = static_cast<float>(y) + model::cellOffset;
    to.x1 = (cx - side[0]) * stride;
    to.y1 = (cy - side[1]) * stride;
    to.x2 = (cx + side[2]) * stride;
    to.y2 = (cy + side[3]) * stride;
}

inline std::vector<Point> decodePoints(const Output &points, int y, int x, float stride)
{
    std::vector<Point> all;
    const float *values = points.cell(y, x);
    for (int i = 0; i + 2 < points.features; i += 3)
        all.push_back({(values[i] * model::keyPointFactor + static_cast<float>(x) +
                        model::keyPointOffset) *
                           stride,
                       (values[i + 1] * model::keyPointFactor + static_cast<float>(y) +
                        model::keyPointOffset) *
                           stride,
                       sigmoid(values[i + 2])});
    return all;
}

inline float overlap(const Detection &a, const Detection &b)
{
    const float width = std::min(a.x2, b.x2) - std::max(a.x1, b.x1);
    const float height = std::min(a.y2, b.y2) - std::max(a.y1, b.y1);
    if (width <= 0 || height <= 0)
        return 0;
    const float common = width * height;
    const float areas = (a.x2 - a.x1) * (a.y2 - a.y1) + (b.x2 - b.x1) * (b.y2 - b.y1);
    return common / std::max(areas - common, 1e-9F);
}

// Best first; of boxes that overlap more than the threshold the best stays.
inline std::vector<Detection> suppress(std::vector<Detection> found, float threshold,
                                       std::size_t most)
{
    std::stable_sort(found.begin(), found.end(),
                     [](const Detection &a, const Detection &b) { return a.score > b.score; });
    std::vector<Detection> kept;
    for (Detection &candidate : found) {
        const bool isRival = std::any_of(kept.begin(), kept.end(), [&](const Detection &better) {
            return (!model::classAware || better.classIndex == candidate.classIndex) &&
                   overlap(better, candidate) > threshold;
        });
        if (!isRival)
            kept.push_back(std::move(candidate));
        if (kept.size() == most)
            break;
    }
    return kept;
}

inline std::vector<Detection> detect(const Outputs &outputs, float scoreThreshold = 0.25F,
                                     float overlapThreshold = 0.7F, std::size_t most = 300)
{
    std::vector<Detection> found;
    for (const model::Scale &scale : model::scales) {
        const Output &boxes = outputs.at(scale.boxes);
        const Output &scores = outputs.at(scale.scores);
        for (int y = 0; y < scores.height; ++y)
            for (int x = 0; x < scores.width; ++x) {
                const float *values = scores.cell(y, x);
                const float *best = std::max_element(values, values + scores.features);
                const float score = model::scoresNeedSigmoid ? sigmoid(*best) : *best;
                if (score < scoreThreshold)
                    continue;
                Detection one;
                one.classIndex = static_cast<int>(best - values);
                one.score = score;
                decodeBox(boxes, y, x, scale.stride, one);
                if (std::strlen(scale.landmarks) > 0)
                    one.points = decodePoints(outputs.at(scale.landmarks), y, x, scale.stride);
                if (std::strlen(scale.coefficients) > 0) {
                    const Output &all = outputs.at(scale.coefficients);
                    one.coefficients.assign(all.cell(y, x), all.cell(y, x) + all.features);
                }
                found.push_back(std::move(one));
            }
    }
    return suppress(std::move(found), overlapThreshold, most);
}

// 1 inside the object, at the prototypes' resolution, row by row, cut at the box.
inline std::vector<unsigned char> mask(const Detection &detection, const Output &protos)
{
    std::vector<unsigned char> inside(static_cast<std::size_t>(protos.height) * protos.width);
    const float perX = static_cast<float>(model::inputWidth) / static_cast<float>(protos.width);
    const float perY = static_cast<float>(model::inputHeight) / static_cast<float>(protos.height);
    for (int y = 0; y < protos.height; ++y)
        for (int x = 0; x < protos.width; ++x) {
            const float px = (static_cast<float>(x) + 0.5F) * perX;
            const float py = (static_cast<float>(y) + 0.5F) * perY;
            if (px < detection.x1 || px >= detection.x2 || py < detection.y1 || py >= detection.y2)
                continue;
            float sum = 0;
            const float *values = protos.cell(y, x);
            for (int k = 0; k < protos.features; ++k)
                sum += values[k] * detection.coefficients[static_cast<std::size_t>(k)];
            inside[static_cast<std::size_t>(y) * protos.width + x] = sum > 0; // σ(sum) > ½
        }
    return inside;
}

// Detections of a file whose NMS the runtime computes: for each class a count, then rows of y1, x1,
// y2, x2 (0 to 1) and score.
inline std::vector<Detection> detectOnRuntime(const Outputs &outputs, float scoreThreshold = 0.25F)
{
    std::vector<Detection> found;
    if (outputs.empty())
        return found;
    const std::vector<float> &values = outputs.begin()->second.values;
    std::size_t at = 0;
    for (int index = 0; at < values.size(); ++index) {
        auto count = static_cast<std::size_t>(std::max(values[at++], 0.0F));
        for (; count > 0 && at + 5 <= values.size(); --count, at += 5) {
            const float *row = values.data() + at;
            if (row[4] < scoreThreshold)
                continue;
            Detection one;
            one.classIndex = index;
            one.score = row[4];
            one.x1 = row[1] * static_cast<float>(model::inputWidth);
            one.y1 = row[0] * static_cast<float>(model::inputHeight);
            one.x2 = row[3] * static_cast<float>(model::inputWidth);
            one.y2 = row[2] * static_cast<float>(model::inputHeight);
            found.push_back(std::move(one));
        }
    }
    return found;
}

struct Class {
    int index = 0;
    float score = 0;
};

// The likeliest classes, best first.
inline std::vector<Class> classify(const Outputs &outputs, std::size_t most = 5)
{
    std::vector<Class> classes;
    if (outputs.empty())
        return classes;
    std::vector<float> values = outputs.begin()->second.values;
    if (model::scoresNeedSigmoid) {
        for (float &value : values)
            value = sigmoid(value);
    } else if (model::scoresNeedSoftmax && !values.empty()) {
        const float top = *std::max_element(values.begin(), values.end());
        float sum = 0;
        for (float &value : values)
            sum += value = std::exp(value - top);
        for (float &value : values)
            value /= sum;
    }
    for (std::size_t i = 0; i < values.size(); ++i)
        classes.push_back({static_cast<int>(i), values[i]});
    std::stable_sort(classes.begin(), classes.end(),
                     [](const Class &a, const Class &b) { return a.score > b.score; });
    classes.resize(std::min(classes.size(), most));
    return classes;
}

} // namespace decode
