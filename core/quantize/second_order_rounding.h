// Rounds the weights of one output so that their errors cancel on the inputs that were seen: column
// by column, the error of each is made up for by those still to be rounded, as the second moments of
// the inputs say (Frantar et al. 2022, arXiv 2210.17323). No step size, no random numbers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "quantize/weights.h"

#include <cstddef>
#include <span>
#include <vector>

namespace hefstudio {

class SecondOrderRounding {
public:
    SecondOrderRounding(const InputMoments &moments, std::size_t rows);

    // `rounded` holds the nearest integers of real / scale, within ±127, and is replaced where that
    // lowers the expected squared error of the sum.
    void round(std::size_t row, std::span<const double> real, double scale,
               std::vector<double> &rounded) const;

private:
    struct Block {
        std::vector<std::size_t> order; // columns, the loudest first
        // L of inverse(H) = L·Lᵀ in that order, column by column; empty: unusable.
        std::vector<double> factor;
    };
    void roundBlock(std::size_t which, std::span<const double> real, double scale,
                    std::span<double> rounded) const;

    const InputMoments &m_moments;
    std::size_t m_rowsPerGroup = 1;
    std::vector<Block> m_blocks;
};

} // namespace hefstudio
