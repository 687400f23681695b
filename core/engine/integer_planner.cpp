// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/integer_planner.h"

#include "engine/integer_copy.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace hefstudio {

namespace {

constexpr std::size_t slotOf(Layout layout)
{
    return layout == Layout::plain ? 0 : 1;
}

// One pixel or one channel: both layouts are the same bytes.
bool layoutsAgree(const Shape &shape)
{
    return shape.rank() != 4 || shape[1] == 1 || shape[2] * shape[3] == 1;
}

} // namespace

IntegerPlanner::IntegerPlanner(IntegerNetwork network, const IntegerPlanOptions &options)
    : m_plan(std::make_shared<IntegerPlan>()),
      m_options(options),
      m_kernels(integer_kernels::integerKernels(options.isa)),
      m_places(network.values.size())
{
    m_plan->network = std::move(network);
    m_plan->threads = options.threads;
}

std::shared_ptr<const IntegerPlan> IntegerPlanner::finish()
{
    const IntegerNetwork &network = m_plan->network;
    for (std::size_t i = 0; i < network.inputs.size(); ++i) {
        const auto &from = network.values[network.inputs[i]];
        const ValueIndex index = addValue(from.shape, Layout::plain,
                                          elementBytes(from.quantisation.elementType()));
        m_plan->values.back().input = static_cast<int>(i);
        m_places[network.inputs[i]].in[0] = index;
    }
    m_plan->observed.assign(network.nodes.size(), noValue);
    for (std::size_t i = 0; i < network.nodes.size(); ++i)
        planNode(i);
    for (const std::uint32_t output : network.outputs) {
        const Places &places = m_places[output];
        m_plan->outputs.push_back(turned(places.in[slotOf(places.first)], Layout::plain, "output"));
    }
    placeBuffers();
    return m_plan;
}

void IntegerPlanner::planNode(std::size_t index)
{
    const IntegerNode &node = m_plan->network.nodes[index];
    const IntegerForm &form = node.layer->form;
    bool isPlanned = false;
    if (std::holds_alternative<IntegerConvolution>(form))
        isPlanned = planConvolution(*this, node);
    else if (std::holds_alternative<IntegerFullyConnected>(form))
        isPlanned = planFullyConnected(*this, node);
    if (!isPlanned)
        planReference(*this, node);
    const Places &places = m_places[node.result];
    m_plan->observed[index] = places.in[slotOf(places.first)];
    (m_plan->steps.empty() ? m_plan->finishedAtStart : m_plan->steps.back().finishes)
        .push_back(index);
}

const Shape &IntegerPlanner::shapeOf(const IntegerNode &node, std::size_t slot) const
{
    const auto &constant = node.layer->operands[slot].constant;
    return constant ? constant->shape() : m_plan->network.values[node.operands[slot]].shape;
}

const Shape &IntegerPlanner::resultShape(const IntegerNode &node) const
{
    return m_plan->network.values[node.result].shape;
}

Layout IntegerPlanner::layoutOf(const IntegerNode &node, std::size_t slot) const
{
    return node.layer->operands[slot].constant ? Layout::plain : m_places[node.operands[slot]].first;
}

ValueIndex IntegerPlanner::addValue(const Shape &shape, Layout layout, std::size_t elementBytes)
{
    IntegerPlanValue added;
    added.shape = shape;
    added.layout = layout;
    added.elementBytes = elementBytes;
    m_plan->values.push_back(std::move(added));
    return static_cast<ValueIndex>(m_plan->values.size() - 1);
}

ValueIndex IntegerPlanner::turned(ValueIndex from, Layout layout, const std::string &name)
{
    const IntegerPlanValue source = value(from); // a copy: values grow
    if (source.layout == layout)
        return from;
    const ValueIndex to = addValue(source.shape, layout, source.elementBytes);
    if (layoutsAgree(source.shape)) {
        m_plan->values.back().aliasOf = from;
        return to;
    }
    auto copy = integer_copy::prepare(source.shape.dims(), logicalStrides(source.shape, source.layout),
                                      logicalStrides(source.shape, layout), source.elementBytes);
    IntegerStep step{.name = name, .implementation = "turn", .reads = {from}, .writes = to};
    const std::int64_t parts = copy.parts();
    step.jobs = pieces(parts, static_cast<double>(source.bytes()) / static_cast<double>(std::max<std::int64_t>(parts, 1)));
    step.run = [copy = std::move(copy), parts, jobs = step.jobs](const IntegerJob &job) {
        integer_copy::run(copy, job.reads[0], job.result, parts * job.index / jobs,
                          parts * (job.index + 1) / jobs);
    };
    addStep(std::move(step));
    return to;
}

ValueIndex IntegerPlanner::read(const IntegerNode &node, std::size_t slot, Layout layout)
{
    const IntegerOperand &operand = node.layer->operands[slot];
    if (operand.constant) {
        const Shape &shape = operand.constant->shape();
        const ValueIndex index =
            addValue(shape, layout, elementBytes(operand.constant->type()));
        IntegerPlanValue &added = m_plan->values.back();
        added.constant = operand.constant;
        if (layout == Layout::plain || layoutsAgree(shape))
            return index;
        auto moved = std::make_shared<Tensor>(operand.constant->type(), shape);
        const auto copy = integer_copy::prepare(shape.dims(), shape.strides(),
                                                logicalStrides(shape, layout), added.elementBytes);
        integer_copy::run(copy, operand.constant->bytes().data(), moved->bytes().data(), 0,
                          copy.parts());
        added.constant = std::move(moved);
        return index;
    }
    Places &places = m_places[node.operands[slot]];
    ValueIndex &wanted = places.in[slotOf(layout)];
    if (wanted == noValue)
        wanted = turned(places.in[slotOf(places.first)], layout, node.layer->name);
    return wanted;
}

ValueIndex IntegerPlanner::define(const IntegerNode &node, Layout layout)
{
    const ValueIndex index = addValue(resultShape(node), layout,
                                      elementBytes(node.layer->output.elementType()));
    Places &places = m_places[node.result];
    places.first = layout;
    places.in[slotOf(layout)] = index;
    return index;
}

void IntegerPlanner::defineAlias(const IntegerNode &node, Layout layout, ValueIndex same)
{
    const ValueIndex index = define(node, layout);
    m_plan->values[static_cast<std::size_t>(index)].aliasOf = same;
}

void IntegerPlanner::addStep(IntegerStep step)
{
    m_plan->scratchBytes = std::max(m_plan->scratchBytes, step.scratchBytes);
    m_plan->steps.push_back(std::move(step));
}

std::int64_t IntegerPlanner::pieces(std::int64_t units, double unitCost) const
{
    if (m_options.threads <= 1 || units <= 1)
        return 1;
    // A hand-over costs about a microsecond; two pieces per thread even out unequal threads.
    constexpr double worthwhile = 10000;
    const auto most = static_cast<std::int64_t>(unitCost * static_cast<double>(units) / worthwhile);
    return std::clamp<std::int64_t>(std::min<std::int64_t>(most, 2 * m_options.threads), 1, units);
}

void IntegerPlanner::placeBuffers()
{
    IntegerPlan &plan = *m_plan;
    const auto rootOf = [&](ValueIndex index) -> IntegerPlanValue & {
        return plan.values[static_cast<std::size_t>(plan.root(index))];
    };
    for (IntegerPlanValue &value : plan.values)
        value.firstStep = -1;
    for (std::size_t s = 0; s < plan.steps.size(); ++s) {
        const auto at = static_cast<int>(s);
        IntegerPlanValue &written = rootOf(plan.steps[s].writes);
        if (written.firstStep < 0)
            written.firstStep = at;
        written.lastStep = std::max(written.lastStep, at);
        for (const ValueIndex read : plan.steps[s].reads)
            rootOf(read).lastStep = at;
        // An observer sees the value right after the step that completes its node.
        for (const std::size_t node : plan.steps[s].finishes)
            rootOf(plan.observed[node]).lastStep =
                std::max(rootOf(plan.observed[node]).lastStep, at);
    }
    for (const ValueIndex output : plan.outputs)
        rootOf(output).lastStep = static_cast<int>(plan.steps.size());

    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < plan.values.size(); ++i)
        if (plan.values[i].aliasOf == noValue && !plan.values[i].constant &&
            plan.values[i].input < 0 && plan.values[i].firstStep >= 0)
            order.push_back(i);
    // Largest first, each at the lowest place that no value of its life time has.
    std::ranges::stable_sort(order, std::ranges::greater{},
                             [&](std::size_t i) { return plan.values[i].bytes(); });
    const auto room = [](const IntegerPlanValue &value) {
        return (value.bytes() + 63) / 64 * 64 + 64; // loops may read a little past the end
    };
    std::vector<std::size_t> placed; // ascending offsets
    for (const std::size_t index : order) {
        IntegerPlanValue &value = plan.values[index];
        std::size_t offset = 0;
        for (const std::size_t other : placed) {
            const IntegerPlanValue &there = plan.values[other];
            if (there.lastStep < value.firstStep || value.lastStep < there.firstStep)
                continue;
            if (there.offset >= offset + room(value))
                break;
            offset = std::max(offset, there.offset + room(there));
        }
        value.offset = offset;
        plan.arenaBytes = std::max(plan.arenaBytes, offset + room(value));
        const auto where = std::ranges::upper_bound(
            placed, offset, {}, [&](std::size_t i) { return plan.values[i].offset; });
        placed.insert(where, index);
    }
}

void planReference(IntegerPlanner &planner, const IntegerNode &node)
{
    IntegerStep step{.name = node.layer->name, .implementation = "reference"};
    std::vector<Shape> shapes;
    for (std::size_t slot = 0; slot < node.layer->operands.size(); ++slot) {
        step.reads.push_back(planner.read(node, slot, Layout::plain));
        shapes.push_back(planner.shapeOf(node, slot));
    }
    step.writes = planner.define(node, Layout::plain);
    const Shape outputShape = planner.resultShape(node);
    step.run = [layer = node.layer, shapes = std::move(shapes),
                outputShape](const IntegerJob &job) {
        std::vector<Tensor> operands;
        for (std::size_t slot = 0; slot < shapes.size(); ++slot) {
            operands.emplace_back(layer->operands[slot].quantisation.elementType(), shapes[slot]);
            std::memcpy(operands.back().bytes().data(), job.reads[slot],
                        operands.back().byteCount());
        }
        std::vector<const Tensor *> pointers;
        for (const Tensor &operand : operands)
            pointers.push_back(&operand);
        const Tensor result = runIntegerReference(*layer, pointers, outputShape);
        std::memcpy(job.result, result.bytes().data(), result.byteCount());
    };
    planner.addStep(std::move(step));
}

Tensor plainTensor(const IntegerPlanValue &value, const std::byte *bytes,
                   const TensorQuantisation &quantisation)
{
    Tensor tensor(quantisation.elementType(), value.shape);
    if (value.layout == Layout::plain || layoutsAgree(value.shape)) {
        std::memcpy(tensor.bytes().data(), bytes, tensor.byteCount());
        return tensor;
    }
    const auto copy = integer_copy::prepare(value.shape.dims(),
                                            logicalStrides(value.shape, value.layout),
                                            value.shape.strides(), value.elementBytes);
    integer_copy::run(copy, bytes, tensor.bytes().data(), 0, copy.parts());
    return tensor;
}

std::shared_ptr<const IntegerPlan> makeIntegerPlan(IntegerNetwork network,
                                                   const IntegerPlanOptions &options)
{
    return IntegerPlanner(std::move(network), options).finish();
}

} // namespace hefstudio
