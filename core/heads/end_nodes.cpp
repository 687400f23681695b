// SPDX-License-Identifier: GPL-3.0-or-later
#include "heads/end_nodes.h"

#include "heads/tail_walk.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace hefstudio {
namespace {

using Grid = std::pair<std::int64_t, std::int64_t>; // height, width

struct Candidate {
    TensorId tensor;
    unsigned crossed = 0;
    std::int64_t channels = 0;
    Grid grid;
    EndNodeRole role = EndNodeRole::extra;
};

struct Tail {
    TensorId output;
    std::map<TensorId, unsigned> ends;
    std::set<Grid> grids;
    bool endsInMaps = false;
    unsigned crossed = 0;
};

// Can the host compute the output from these values and constants alone?
bool suffices(const Graph &graph, TensorId output, const std::map<TensorId, unsigned> &ends)
{
    std::set<TensorId> seen;
    std::vector<TensorId> open{output};
    while (!open.empty()) {
        const TensorId id = open.back();
        open.pop_back();
        if (!id.isValid() || graph.tensor(id).isConstant() || ends.contains(id) ||
            !seen.insert(id).second)
            continue;
        const Layer &layer = graph.layer(graph.tensor(id).producer);
        if (layer.is<Input>())
            return false;
        open.insert(open.end(), layer.inputs.begin(), layer.inputs.end());
    }
    return true;
}

Tail tailOf(const Graph &graph, TensorId output)
{
    TailWalk walk(graph);
    walk.from(output);
    Tail tail{.output = output, .ends = walk.ends(), .grids = {}};
    tail.endsInMaps = walk.isComplete() && !tail.ends.empty();
    bool hasArea = false;
    for (const auto &[tensor, crossed] : tail.ends) {
        const TensorInfo &info = graph.tensor(tensor);
        tail.crossed |= crossed;
        if (info.shape.rank() != 4 || graph.layer(info.producer).is<Input>()) {
            tail.endsInMaps = false;
            continue;
        }
        tail.grids.emplace(info.shape[2], info.shape[3]);
        hasArea = hasArea || info.shape[2] * info.shape[3] > 1;
    }
    tail.endsInMaps = tail.endsInMaps && hasArea && suffices(graph, output, tail.ends);
    return tail;
}

bool hasBoxArithmetic(const Candidate &candidate)
{
    return (candidate.crossed &
            (Crossed::exponential | Crossed::constantArray | Crossed::projection)) != 0;
}

bool hasScore(const Candidate &candidate)
{
    return (candidate.crossed & (Crossed::sigmoid | Crossed::softmax)) != 0 &&
           !hasBoxArithmetic(candidate);
}

// Roles of the maps of one grid, from what the tail does to each.
void assignRoles(std::vector<Candidate *> &group)
{
    std::vector<Candidate *> boxLike;
    std::vector<Candidate *> scores;
    std::vector<Candidate *> plain;
    for (Candidate *candidate : group)
        (hasBoxArithmetic(*candidate) ? boxLike
         : hasScore(*candidate)       ? scores
                                      : plain)
            .push_back(candidate);
    const auto looksLikeBox = [](const Candidate *candidate) {
        return candidate->channels % 4 == 0 && ((candidate->crossed & Crossed::sigmoid) == 0 ||
                                                (candidate->crossed & Crossed::projection) != 0);
    };
    if (group.size() == 1) {
        Candidate &only = *group.front();
        only.role = !scores.empty()      ? EndNodeRole::classes
                    : only.channels == 4 ? EndNodeRole::box
                                         : EndNodeRole::combined;
        return;
    }
    bool hasBox = false;
    for (Candidate *candidate : boxLike) {
        const bool isBox = !hasBox && (looksLikeBox(candidate) || boxLike.size() == 1);
        candidate->role = isBox ? EndNodeRole::box : EndNodeRole::keypoints;
        hasBox = hasBox || isBox;
    }
    // The tail may leave the decoding to others: then the narrow map beside the scores is the box.
    for (Candidate *candidate : plain) {
        if (!hasBox && candidate->channels % 4 == 0) {
            candidate->role = EndNodeRole::box;
            hasBox = true;
        } else if (scores.empty()) {
            candidate->role = EndNodeRole::classes;
        } else {
            candidate->role = boxLike.empty() && candidate->channels % 2 == 0
                                  ? EndNodeRole::keypoints
                                  : EndNodeRole::extra;
        }
    }
    for (Candidate *candidate : scores)
        candidate->role = EndNodeRole::classes;
    if (scores.size() >= 2) {
        // Of several scores the one per cell is the objectness; the later one where all are.
        Candidate *narrowest = *std::ranges::min_element(
            scores.rbegin(), scores.rend(), {}, [](const Candidate *c) { return c->channels; });
        if (narrowest->channels == 1)
            narrowest->role = EndNodeRole::objectness;
    }
}

std::int64_t strideOf(const Graph &graph, const Shape &shape)
{
    if (shape.rank() != 4 || shape[2] <= 0)
        return 0;
    for (const TensorId input : graph.inputs)
        if (graph.tensor(input).shape.rank() == 4)
            return graph.tensor(input).shape[2] / shape[2];
    return 0;
}

EndNodeProposal proposal(const Graph &graph, TensorId tensor, EndNodeRole role, std::string reason)
{
    const TensorInfo &info = graph.tensor(tensor);
    EndNodeProposal result{.tensor = tensor,
                           .node = info.name,
                           .role = role,
                           .stride = strideOf(graph, info.shape),
                           .shape = info.shape,
                           .reason = std::move(reason)};
    if (info.producer.isValid()) {
        const Layer &layer = graph.layer(info.producer);
        result.node = layer.origin.empty() ? layer.name : layer.origin.back();
    }
    return result;
}

std::string reasonFor(const Candidate &candidate, std::size_t grids)
{
    if ((candidate.crossed & Crossed::projection) != 0)
        return "The distances behind it are expected values of a distribution, decoded in float.";
    if ((candidate.crossed & Crossed::spatialConstant) != 0)
        return "Arithmetic with anchors or grid positions follows it.";
    if (grids > 1)
        return "Maps of " + std::to_string(grids) + " grids are flattened and joined behind it.";
    return "Only decoding follows it.";
}

} // namespace

std::string_view endNodeRoleName(EndNodeRole role)
{
    switch (role) {
    case EndNodeRole::output:
        return "output";
    case EndNodeRole::box:
        return "box";
    case EndNodeRole::objectness:
        return "objectness";
    case EndNodeRole::classes:
        return "classes";
    case EndNodeRole::keypoints:
        return "keypoints";
    case EndNodeRole::combined:
        return "combined";
    case EndNodeRole::extra:
        return "extra";
    }
    return "output";
}

std::vector<EndNodeProposal> proposeEndNodes(const Graph &graph)
{
    std::vector<Tail> tails;
    std::set<Grid> flattenedGrids;
    for (const TensorId output : graph.outputs) {
        if (graph.tensor(output).isConstant())
            continue;
        tails.push_back(tailOf(graph, output));
        if (tails.back().endsInMaps && (tails.back().crossed & Crossed::flattened) != 0)
            flattenedGrids.insert(tails.back().grids.begin(), tails.back().grids.end());
    }

    std::map<TensorId, unsigned> ends;
    std::vector<TensorId> kept;
    for (const Tail &tail : tails) {
        const bool isFlattened = (tail.crossed & Crossed::flattened) != 0;
        const bool isHead = tail.endsInMaps && (tail.grids.size() > 1 ||
                                                (tail.crossed & Crossed::spatialConstant) != 0 ||
                                                (isFlattened && flattenedGrids.size() > 1));
        if (!isHead)
            kept.push_back(tail.output);
        else
            for (const auto &[tensor, crossed] : tail.ends)
                ends[tensor] |= crossed;
    }

    std::vector<Candidate> candidates;
    for (const auto &[tensor, crossed] : ends) {
        const Shape &shape = graph.tensor(tensor).shape;
        candidates.push_back({tensor, crossed, shape[1], {shape[2], shape[3]}});
    }
    std::map<Grid, std::vector<Candidate *>, std::greater<>> groups; // finest first
    for (Candidate &candidate : candidates)
        groups[candidate.grid].push_back(&candidate);

    std::vector<EndNodeProposal> proposals;
    for (auto &[grid, group] : groups) {
        assignRoles(group);
        std::ranges::stable_sort(group, {}, [](const Candidate *candidate) {
            return std::tuple(candidate->role, candidate->tensor);
        });
        for (const Candidate *candidate : group)
            proposals.push_back(proposal(graph, candidate->tensor, candidate->role,
                                         reasonFor(*candidate, groups.size())));
    }
    for (const TensorId output : kept)
        if (!ends.contains(output))
            proposals.push_back(
                proposal(graph, output, EndNodeRole::output,
                         "It is an output of the network; no decoding precedes it."));
    return proposals;
}

} // namespace hefstudio
