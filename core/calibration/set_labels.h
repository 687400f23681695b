// Which classes are in which picture of a set, where labels lie beside the pictures: YOLO's text
// files or COCO's JSON. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "calibration/calibration_set.h"

#include <stop_token>

namespace hefstudio {

struct SetLabels {
    std::filesystem::path source; // a folder or a file
    std::vector<std::string> names; // in class order; empty where nobody says
    // By sample: its classes, sorted, each once; nothing for a picture without labels.
    std::vector<std::optional<std::vector<int>>> classes;

    std::size_t labelled() const;
    std::string nameOf(int classIndex) const; // "17" without names
};

// YOLO: a picture's .txt beside it, or in `labels` where its path has `images`; names from the
// data.yaml the set was opened from or that lies in a folder above. COCO: a JSON with images,
// annotations and categories in the set's folder, in `annotations` there or beside it. Nothing
// where no picture has labels. A damaged line or file counts as no label: this is a look, not the
// training. Nothing when stop is requested.
std::optional<SetLabels> findLabels(const CalibrationSet &set, const std::stop_token &stop = {});

} // namespace hefstudio
