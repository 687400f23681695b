// Attention recognised as a block: softmax(scale·Q·Kᵀ + bias)·V with Q, K and V computed, in the
// plain form and in windows (Swin). Says where it is, changes nothing: quantisation gives such
// blocks their own settings, `hefc check` says how much of a network they are.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <vector>

namespace hefstudio {

struct AttentionBlock {
    LayerId scores; // Q·Kᵀ
    LayerId softmax;
    LayerId context;          // …·V
    std::int64_t windows = 1; // scored apart from each other
    std::int64_t heads = 1;
    std::int64_t queries = 1; // tokens of each window
    std::int64_t keys = 1;
    bool hasBias = false; // a constant is added to the scores: position bias or mask
};

// In the order of their softmax layers.
std::vector<AttentionBlock> findAttentionBlocks(const Graph &graph);

// Multiply-accumulates of the products of computed values, as a share of all.
double attentionShare(const Graph &graph, const std::vector<AttentionBlock> &blocks);

} // namespace hefstudio
