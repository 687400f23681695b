// From a picture to what the chip sees: resized, padded, in the network's colour order, raw 0…255.
// The same function serves calibration, `hefc run` and the result bench, so that they cannot
// differ. Normalisation is not done here: it is folded into the network.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/tensor.h"
#include "calibration/image.h"

#include <optional>
#include <string_view>

namespace hefstudio {

enum class ColorOrder { rgb, bgr, grey };
enum class ResizePolicy {
    letterbox, // keep the aspect, centre, pad
    topleft,   // keep the aspect, top left corner, pad
    stretch,   // plain resize
    crop,      // keep the aspect, fill, cut the centre
};
std::string_view colorOrderName(ColorOrder order);
std::optional<ColorOrder> colorOrderFromName(std::string_view name);
std::string_view resizePolicyName(ResizePolicy policy);
std::optional<ResizePolicy> resizePolicyFromName(std::string_view name);

struct PreprocessOptions {
    int width = 0;
    int height = 0;
    int channels = 3; // 1 or 3
    ColorOrder color = ColorOrder::rgb;
    ResizePolicy resize = ResizePolicy::letterbox;
    std::uint8_t padValue = 114;
};

// Maps network pixels back to the picture: x_picture = (x − offsetX) / scaleX.
struct PreprocessGeometry {
    double scaleX = 1, scaleY = 1;
    double offsetX = 0, offsetY = 0;
};

struct Preprocessed {
    Tensor pixels; // uint8 [1, channels, height, width]
    PreprocessGeometry geometry;
};

Result<Preprocessed> preprocess(const Image &image, const PreprocessOptions &options);

} // namespace hefstudio
