// Walks from an output of a network back through layout changes and decoding arithmetic to the
// values that the network proper computes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

namespace hefstudio {

// What lies between a value and an output, as bits.
struct Crossed {
    static constexpr unsigned sigmoid = 1;
    static constexpr unsigned softmax = 2;
    static constexpr unsigned exponential = 4;
    static constexpr unsigned constantArray = 8;    // arithmetic with more than a single number
    static constexpr unsigned spatialConstant = 16; // … that differs from cell to cell
    static constexpr unsigned projection = 32;      // expectation over a distribution (DFL)
    static constexpr unsigned flattened = 64;       // height and width are one axis
    static constexpr unsigned scaled = 128;         // arithmetic with single numbers
    static constexpr unsigned hostOnly = 256;       // a layer that the chip cannot have
};

class TailWalk {
public:
    explicit TailWalk(const Graph &graph) : m_graph(graph) {}

    void from(TensorId output) { visit(output, {}, 0); }
    // Computed values where the tail begins, with what was crossed on any way from them.
    const std::map<TensorId, unsigned> &ends() const { return m_ends; }
    bool isComplete() const { return m_visited.size() < maximumVisits; }

private:
    // Only these entries along one axis matter on the way back from a slice.
    struct Range {
        std::size_t axis = 0;
        std::int64_t begin = 0;
        std::int64_t size = 0;
        friend auto operator<=>(const Range &, const Range &) = default;
    };
    using Part = std::optional<Range>;
    static constexpr std::size_t maximumVisits = 100'000;

    void visit(TensorId id, Part part, unsigned crossed);
    bool visitLayout(const Layer &layer, Part part, unsigned crossed);
    bool visitHostOnly(const Layer &layer, unsigned crossed);
    bool visitArithmetic(const Layer &layer, Part part, unsigned crossed);
    void visitConcat(const Layer &layer, const Concat &concat, Part part, unsigned crossed);
    void visitSlice(const Layer &layer, const Slice &slice, Part part, unsigned crossed);
    bool endsHere(const Layer &layer) const;
    bool isProjection(const Layer &layer) const;
    unsigned constantBits(const Layer &layer, TensorId constant) const;

    const Graph &m_graph;
    std::map<TensorId, unsigned> m_ends;
    std::set<std::tuple<TensorId, Part, unsigned>> m_visited;
};

} // namespace hefstudio
