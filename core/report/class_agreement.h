// How well the answers of two classifiers agree, and how far their confidence can be trusted.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/tensor.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hefstudio {

// One row of class values per picture: probabilities, or logits (told apart by their sum).
using ClassRows = std::vector<std::vector<float>>;

struct TopAgreement {
    double top1 = 0; // the same best class
    double top5 = 0; // the truth's best class is among the five best
    std::int64_t pictures = 0;
};
TopAgreement topAgreement(const ClassRows &truth, const ClassRows &found);

// Probabilities of a row: itself where it is a distribution, else its softmax at a temperature.
std::vector<double> probabilities(std::span<const float> row, double temperature = 1);

struct Confidence {
    // Mean gap between confidence and accuracy over 15 bins of equal width (Guo et al. 2017,
    // arXiv 1706.04599).
    double calibrationError = 0;
    // The one number by which to divide the logits for the least negative log likelihood; above 1
    // for a classifier that is too sure of itself.
    double temperature = 1;
    double calibrationErrorAfter = 0; // with that temperature
    double accuracy = 0;
};
// Against the true class of each row. Rows of probabilities count as their logarithms.
Confidence confidence(const ClassRows &rows, std::span<const int> truth);

// The best class of each row; the first of equals.
std::vector<int> bestClasses(const ClassRows &rows);

// Mean intersection over union of two class maps, over the classes that occur in either.
class MapAgreement {
public:
    // Class values [classes, pixels] of one picture; the best class of each pixel counts.
    void add(std::span<const float> truth, std::span<const float> found, std::size_t classes);
    void merge(const MapAgreement &other);
    double meanIou() const;
    double pixelAgreement() const;
    std::int64_t pixelCount() const { return m_pixels; }

private:
    std::vector<std::int64_t> m_common, m_either;
    std::int64_t m_pixels = 0, m_same = 0;
};

} // namespace hefstudio
