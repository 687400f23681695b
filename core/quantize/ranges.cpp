// SPDX-License-Identifier: GPL-3.0-or-later
#include "quantize/ranges.h"

#include "quantize/groups.h"

#include <algorithm>

namespace hefstudio {

namespace {

// Joining a narrow range with one this many times wider would cost it two bits.
constexpr double widestJoin = 4;

struct Member {
    ValueRange range;
    int bits = 8;
    RangeMethod method = RangeMethod::minMax;
    std::optional<TensorQuantisation> settled;
};

class Assignment {
public:
    Assignment(const Graph &graph, std::span<const TensorStatistics> statistics,
               const RangeOptions &options)
        : m_graph(graph), m_members(graph.tensors.size()), m_groups(graph.tensors.size())
    {
        for (const Layer &layer : graph.layers) {
            const std::size_t index = layer.output.index();
            Member &member = m_members[index];
            member.bits = bitsOf(options, index);
            const RangeChoice choice =
                index < options.methods.size() && options.methods[index]
                    ? RangeChoice{observedRange(statistics[index], *options.methods[index],
                                                member.bits),
                                  *options.methods[index]}
                    : chooseRange(graph, layer, statistics[index], member.bits);
            member.range = choice.range;
            member.method = choice.method;
        }
        for (const auto &[tensor, range] : options.ranges) {
            m_members[tensor.index()].range = range;
            m_members[tensor.index()].method = RangeMethod::given;
        }
        for (std::size_t i = 0; i < std::min(options.inputs.size(), graph.inputs.size()); ++i) {
            if (!options.inputs[i])
                continue;
            Member &member = m_members[graph.inputs[i].index()];
            member.settled = options.inputs[i];
            member.range = rangeOf(*options.inputs[i]);
            member.bits = options.inputs[i]->bits;
            member.method = RangeMethod::given;
        }
    }

    TensorRanges run(const RangeOptions &options)
    {
        for (const Layer &layer : m_graph.layers)
            joinThrough(layer);
        TensorRanges result;
        result.tensors.resize(m_members.size());
        result.methods.resize(m_members.size());
        for (const Layer &layer : m_graph.layers) {
            const std::size_t index = layer.output.index();
            const Member &leader = m_members[m_groups.find(index)];
            result.tensors[index] =
                leader.settled ? *leader.settled : quantisationOf(leader.range, leader.bits);
            result.methods[index] = m_members[index].method;
            const int asked =
                layer.is<Input>() && leader.settled ? leader.bits : bitsOf(options, index);
            if (asked != result.tensors[index].bits)
                result.ledger.push_back({"precision/" + m_graph.tensor(layer.output).name,
                                         std::to_string(asked) + " bit",
                                         std::to_string(result.tensors[index].bits) + " bit",
                                         "it shares its integers with tensors of that width"});
        }
        return result;
    }

private:
    static int bitsOf(const RangeOptions &options, std::size_t index)
    {
        return index < options.bits.size() && options.bits[index] == 16 ? 16 : 8;
    }

    bool isValue(TensorId id) const { return id.isValid() && !m_graph.tensor(id).isConstant(); }

    bool canJoin(std::size_t a, std::size_t b)
    {
        const Member &first = m_members[m_groups.find(a)];
        const Member &second = m_members[m_groups.find(b)];
        if (first.settled && second.settled)
            return *first.settled == *second.settled;
        // Integers given from outside cannot stretch, nor can they become wider.
        const auto fits = [](const Member &fixed, const Member &other) {
            return fixed.bits >= other.bits &&
                   other.range.low >= fixed.range.low - fixed.range.width() / 100 &&
                   other.range.high <= fixed.range.high + fixed.range.width() / 100;
        };
        if (first.settled)
            return fits(first, second);
        if (second.settled)
            return fits(second, first);
        return true;
    }

    void join(std::size_t a, std::size_t b)
    {
        const std::size_t rootA = m_groups.find(a);
        const std::size_t rootB = m_groups.find(b);
        if (rootA == rootB || !canJoin(a, b))
            return;
        Member joined = m_members[rootA];
        const Member &other = m_members[rootB];
        joined.range.low = std::min(joined.range.low, other.range.low);
        joined.range.high = std::max(joined.range.high, other.range.high);
        joined.bits = std::max(joined.bits, other.bits);
        if (other.settled)
            joined.settled = other.settled;
        if (joined.settled) {
            joined.range = rangeOf(*joined.settled);
            joined.bits = joined.settled->bits;
        }
        const RangeMethod own = m_members[m_groups.join(rootA, rootB)].method;
        joined.method = own;
        m_members[m_groups.find(rootA)] = joined;
    }

    bool passesThrough(const Layer &layer) const
    {
        if (layer.hasActivation())
            return false;
        if (const auto *resize = layer.as<Resize>())
            return resize->mode != ResizeMode::cubic; // linear stays inside the range
        if (const auto *reduce = layer.as<Reduce>())
            return reduce->reduction == Reduction::max || reduce->reduction == Reduction::min;
        if (const auto *function = layer.as<Elementwise>())
            return function->function.function == Function::identity;
        return layer.is<MaxPool>() || layer.is<Slice>() || layer.is<Reshape>() ||
               layer.is<Transpose>() || layer.is<Pad>() || layer.is<DepthToSpace>() ||
               layer.is<SpaceToDepth>() || layer.is<Gather>() || layer.is<Broadcast>();
    }

    void joinThrough(const Layer &layer)
    {
        if (passesThrough(layer) && isValue(layer.inputs[0])) {
            join(layer.inputs[0].index(), layer.output.index());
            return;
        }
        if (!layer.is<Concat>() || layer.hasActivation())
            return;
        const double whole = m_members[m_groups.find(layer.output.index())].range.width();
        for (const TensorId input : layer.inputs) {
            if (!isValue(input))
                continue;
            const double own = m_members[m_groups.find(input.index())].range.width();
            if (own * widestJoin >= whole)
                join(input.index(), layer.output.index());
        }
    }

    const Graph &m_graph;
    std::vector<Member> m_members;
    Groups m_groups; // tensors that share scale and zero point
};

} // namespace

TensorRanges assignRanges(const Graph &graph, std::span<const TensorStatistics> statistics,
                          const RangeOptions &options)
{
    return Assignment(graph, statistics, options).run(options);
}

} // namespace hefstudio
