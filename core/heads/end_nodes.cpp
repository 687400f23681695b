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

bool isScore(const Candidate &candidate)
{
    return (candidate.crossed & (Crossed::sigmoid | Crossed::softmax)) != 0 &&
           !hasBoxArithmetic(candidate);
}

// A score that is then scaled and shifted is an angle: (σ(x) − ¼)·π.
bool isAngle(const Candidate &candidate)
{
    return isScore(candidate) && candidate.channels == 1 &&
           (candidate.crossed & Crossed::sigmoid) != 0 &&
           (candidate.crossed & Crossed::scaled) != 0;
}

// How much a map with box arithmetic behind it looks like the box rather than like keypoints.
int boxLikeness(const Candidate &candidate)
{
    if ((candidate.crossed & Crossed::projection) != 0)
        return 3; // a distribution is decoded: only boxes have one
    if ((candidate.crossed & Crossed::sigmoid) != 0 || candidate.channels % 4 != 0)
        return 0; // keypoints carry a visibility
    return candidate.channels == 4 ? 2 : 1;
}

// One map that holds everything of its cells.
EndNodeRole roleAlone(const Candidate &only)
{
    if (isScore(only))
        return EndNodeRole::classes;
    return only.channels == 4 ? EndNodeRole::box : EndNodeRole::combined;
}

// Of several scores the one per cell is the objectness; the later one where all are.
void assignScores(std::vector<Candidate *> &scores)
{
    for (Candidate *candidate : scores)
        candidate->role = EndNodeRole::classes;
    if (scores.size() >= 3)
        for (Candidate *candidate : scores)
            if (isAngle(*candidate))
                candidate->role = EndNodeRole::angle;
    if (scores.size() == 2)
        for (Candidate *candidate : scores)
            if (isAngle(*candidate) && !isAngle(*scores[candidate == scores[0] ? 1 : 0]))
                candidate->role = EndNodeRole::angle;
    std::erase_if(scores,
                  [](const Candidate *candidate) { return candidate->role == EndNodeRole::angle; });
    if (scores.size() < 2)
        return;
    Candidate *narrowest = *std::ranges::min_element(
        scores.rbegin(), scores.rend(), {}, [](const Candidate *c) { return c->channels; });
    if (narrowest->channels == 1)
        narrowest->role = EndNodeRole::objectness;
}

// Roles of the maps of one grid, from what the tail does to each. `prototypes`: channels of the
// picture-like outputs beside the head.
void assignRoles(std::vector<Candidate *> &group, const std::set<std::int64_t> &prototypes)
{
    if (group.size() == 1) {
        group.front()->role = roleAlone(*group.front());
        return;
    }
    std::vector<Candidate *> boxLike;
    std::vector<Candidate *> scores;
    std::vector<Candidate *> plain;
    for (Candidate *candidate : group)
        (hasBoxArithmetic(*candidate) ? boxLike
         : isScore(*candidate)        ? scores
                                      : plain)
            .push_back(candidate);
    bool hasBox = false;
    if (!boxLike.empty()) {
        Candidate *box = *std::ranges::max_element(
            boxLike, {}, [](const Candidate *candidate) { return boxLikeness(*candidate); });
        for (Candidate *candidate : boxLike)
            candidate->role = EndNodeRole::keypoints;
        hasBox = boxLikeness(*box) > 0 || boxLike.size() == 1;
        if (hasBox)
            box->role = EndNodeRole::box;
    }
    // The tail may leave the decoding to others: then the narrow map beside the scores is the box.
    for (Candidate *candidate : plain) {
        if (!hasBox && candidate->channels % 4 == 0) {
            candidate->role = EndNodeRole::box;
            hasBox = true;
        } else if (scores.empty() && !prototypes.contains(candidate->channels)) {
            candidate->role = EndNodeRole::classes;
        } else if (prototypes.contains(candidate->channels)) {
            candidate->role = EndNodeRole::coefficients;
        } else if (candidate->channels == 1 && !boxLike.empty()) {
            candidate->role = EndNodeRole::angle;
        } else {
            candidate->role = boxLike.empty() && candidate->channels % 2 == 0
                                  ? EndNodeRole::keypoints
                                  : EndNodeRole::extra;
        }
    }
    assignScores(scores);
}

// Pictures shrink by powers of two, rounding up; what does not fit one is divided plainly.
std::int64_t strideOf(const Graph &graph, const Shape &shape)
{
    if (shape.rank() != 4 || shape[2] <= 0)
        return 0;
    for (const TensorId input : graph.inputs) {
        const Shape &picture = graph.tensor(input).shape;
        if (picture.rank() != 4)
            continue;
        constexpr std::int64_t largest = 1024;
        for (std::int64_t stride = 1; stride <= largest; stride *= 2)
            if ((picture[2] + stride - 1) / stride == shape[2] &&
                (picture[3] + stride - 1) / stride == shape[3])
                return stride;
        return picture[2] / shape[2];
    }
    return 0;
}

// A picture-like output, finer than the head's finest grid and with more than a picture's channels.
bool isPrototype(const Graph &graph, TensorId output, const Grid &finest)
{
    const Shape &shape = graph.tensor(output).shape;
    return shape.rank() == 4 && shape[1] > 4 && shape[2] >= finest.first &&
           shape[3] >= finest.second;
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
    if ((candidate.crossed & Crossed::hostOnly) != 0)
        return "Detections are selected behind it, which the chip cannot do.";
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
    case EndNodeRole::angle:
        return "angle";
    case EndNodeRole::coefficients:
        return "coefficients";
    case EndNodeRole::extra:
        return "extra";
    case EndNodeRole::prototypes:
        return "prototypes";
    }
    return "output";
}

EndNodeProposal describeEnd(const Graph &graph, TensorId tensor)
{
    return proposal(graph, tensor, EndNodeRole::output, {});
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

    // What the host computes from the maps anyway is no output of the chip.
    std::erase_if(kept, [&](TensorId output) {
        return !ends.contains(output) && !ends.empty() && suffices(graph, output, ends);
    });
    std::set<std::int64_t> prototypes;
    if (!groups.empty())
        for (const TensorId output : kept)
            if (isPrototype(graph, output, groups.begin()->first))
                prototypes.insert(graph.tensor(output).shape[1]);

    std::vector<EndNodeProposal> proposals;
    for (auto &[grid, group] : groups) {
        assignRoles(group, prototypes);
        std::ranges::stable_sort(group, {}, [](const Candidate *candidate) {
            return std::tuple(candidate->role, candidate->tensor);
        });
        for (const Candidate *candidate : group)
            proposals.push_back(proposal(graph, candidate->tensor, candidate->role,
                                         reasonFor(*candidate, groups.size())));
    }
    for (const TensorId output : kept) {
        if (ends.contains(output))
            continue;
        const bool isPrototypes =
            !groups.empty() && isPrototype(graph, output, groups.begin()->first) &&
            std::ranges::any_of(candidates, [&](const Candidate &candidate) {
                // An anchor grid carries the coefficients among its own numbers.
                return (candidate.role == EndNodeRole::coefficients &&
                        candidate.channels == graph.tensor(output).shape[1]) ||
                       (candidate.role == EndNodeRole::combined &&
                        candidate.channels > graph.tensor(output).shape[1] &&
                        graph.tensor(output).shape[2] > groups.begin()->first.first);
            });
        proposals.push_back(
            isPrototypes ? proposal(graph, output, EndNodeRole::prototypes,
                                    "The masks are sums of these maps; the sum is the host's.")
                         : proposal(graph, output, EndNodeRole::output,
                                    "It is an output of the network; no decoding precedes it."));
    }
    return proposals;
}

} // namespace hefstudio
