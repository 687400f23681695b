// Boxes that people drew: COCO's JSON, or YOLO's text files (one beside each picture's name, a line
// "class cx cy w h" with shares of the picture for each box).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"
#include "heads/agreement.h"

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>

namespace hefstudio {

class Annotations {
public:
    // A .json file, or a folder of .txt files. COCO's categories count by the names in `labels`
    // where all of them are found there, else in the order of their numbers. Diagnostics:
    // heads.labels-malformed, json.malformed, those of reading files.
    static Result<Annotations> open(const std::filesystem::path &source,
                                    std::span<const std::string> labels);

    // The boxes of one picture in its pixels; nothing for a picture without labels.
    std::optional<std::vector<TruthBox>> boxesOf(const std::string &pictureName,
                                                 std::array<int, 2> widthAndHeight) const;

private:
    struct Entry {
        std::vector<TruthBox> boxes;
        bool isShare = false; // of the picture's sides
    };
    std::map<std::string, Entry> m_pictures; // by the stem of the file name
};

} // namespace hefstudio
