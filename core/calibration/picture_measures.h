// What one picture looks like, in figures: brightness, sharpness, a perceptual hash, features to
// compare pictures by. All are taken from the picture scaled to at most 512 pixels, so that they
// say the same of a picture at any size. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "calibration/image.h"

#include <array>
#include <cstdint>

namespace hefstudio {

// Of a grid of 4 × 4 cells: mean lightness, two colour differences and edge strength, each of the
// order of 0…1.
using PictureFeatures = std::array<float, 64>;
// 16 × 16 RGB, area averaged: to tell a near duplicate from a chance meeting of hashes.
using TinyPicture = std::array<std::uint8_t, 768>;

struct PictureMeasures {
    int width = 0, height = 0; // as used: after any EXIF turn
    double mean = 0;           // luma, 0…255
    double contrast = 0;       // standard deviation of the luma
    double low = 0, high = 0;  // luma of the 2nd and 98th percentile
    double largest = 0;        // of any channel
    double blur = 0;           // 0 sharp … 1 blurred, see blurOf()
    // Evidence for red and blue standing where the picture says they do: positive where leaves,
    // skin, wood and skies have their usual colours, negative where they have them exchanged,
    // near 0 for grey pictures. See colorOrderEvidence().
    double colorOrder = 0;
    std::uint64_t hash = 0; // see perceptualHash()
    TinyPicture tiny{};
    PictureFeatures features{};
};

// Diagnostics: those of scaleImage().
Result<PictureMeasures> measurePicture(const Image &image);

// One byte a pixel.
struct Plane {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> pixels;
};

// How little a picture loses by being blurred once more: F. Crete et al., "The blur effect:
// perception and estimation with a new no-reference perceptual blur metric" (2007), with a box of
// nine pixels. Sharp photographs lie below 0.45; 1 for a picture without edges.
double blurOf(const Plane &luma);

// pHash: the signs of the 8 × 8 lowest frequencies of a 32 × 32 picture against their median; the
// constant is left out. Re-encoded, resized and slightly brightened copies differ in few bits.
std::uint64_t perceptualHash(const Plane &luma);

// For each coloured pixel what is rarer in nature than its exchanged twin speaks against it: blue
// where earth, skin and wood are warm, magenta-blue where leaves are yellowish, an orange sky.
double colorOrderEvidence(const Image &image);

double featureDistance(const PictureFeatures &a, const PictureFeatures &b);
// Mean absolute difference, 0…255.
double tinyDistance(const TinyPicture &a, const TinyPicture &b);

} // namespace hefstudio
