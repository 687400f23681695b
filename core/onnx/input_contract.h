// What a network expects of its input and what its outputs mean, as far as exporters leave it in
// the file or beside it: Ultralytics metadata, EdgeFirst JSON, a Hugging Face preprocessor
// configuration, data.yaml, labels.txt. Each fact comes with its evidence; what nobody stated stays
// open and is asked for, never assumed.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace hefstudio {

struct InputContract {
    template<class T> struct Fact {
        T value;
        std::string evidence; // "metadata 'names'", "data.yaml beside the model"
    };
    template<class T> using Maybe = std::optional<Fact<T>>;

    // (x − mean) / std on the 0…255 scale; one value, or one per channel.
    struct ValueScale {
        std::vector<float> mean;
        std::vector<float> std;
        friend bool operator==(const ValueScale &, const ValueScale &) = default;
    };

    Maybe<std::vector<std::string>> labels;           // in class order
    Maybe<std::string> task;                          // detect, segment, pose, obb or classify
    Maybe<std::array<std::int64_t, 2>> imageSize;     // height, width
    Maybe<std::int64_t> stride;                       // the largest of the head
    Maybe<bool> endToEnd;                             // the outputs are finished detections
    Maybe<std::array<std::int64_t, 2>> keypointShape; // points, numbers of each
    Maybe<std::string> color;                         // rgb, bgr or grey
    Maybe<std::string> resize;                        // letterbox, stretch or crop
    Maybe<ValueScale> normalization;
    Maybe<std::string> exporter; // "Ultralytics 8.3.40", "EdgeFirst"

    // Sources that are there and could not be read: warnings input.contract-unreadable.
    Diagnostics warnings;
};

// Sources in this order, each filling what is still open: EdgeFirst JSON in the metadata, then
// edgefirst.json and labels.txt beside the model, a preprocessor configuration in the metadata,
// Ultralytics metadata, data.yaml beside the model. A file of more than 16 MiB is not read. An
// empty path: nothing lies beside it.
InputContract readInputContract(std::span<const std::pair<std::string, std::string>> metadata,
                                const std::filesystem::path &model);

} // namespace hefstudio
