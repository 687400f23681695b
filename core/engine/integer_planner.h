// Makes an IntegerPlan: what the files of the layers (integer_plan_*.cpp) share.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/integer_plan.h"

#include <array>
#include <memory>
#include <vector>

namespace hefstudio {

class IntegerPlanner {
public:
    IntegerPlanner(IntegerNetwork network, const IntegerPlanOptions &options);
    std::shared_ptr<const IntegerPlan> finish();

    const IntegerPlanOptions &options() const { return m_options; }
    const integer_kernels::Kernels &kernels() const { return m_kernels; }

    const Shape &shapeOf(const IntegerNode &node, std::size_t slot) const;
    const Shape &resultShape(const IntegerNode &node) const;
    // In which layout the operand lies now (constants: plain).
    Layout layoutOf(const IntegerNode &node, std::size_t slot) const;
    // The operand in that layout; turned round by a step of its own when it is not there yet.
    ValueIndex read(const IntegerNode &node, std::size_t slot, Layout layout);
    // The node's result in that layout, for a step to write.
    ValueIndex define(const IntegerNode &node, Layout layout);
    // The node's result is the bytes of another value.
    void defineAlias(const IntegerNode &node, Layout layout, ValueIndex same);
    void addStep(IntegerStep step);

    const IntegerPlanValue &value(ValueIndex index) const { return m_plan->value(index); }

    // How many pieces to cut `units` of work of `unitCost` (nanoseconds, roughly) each into.
    std::int64_t pieces(std::int64_t units, double unitCost) const;

private:
    struct Places {
        std::array<ValueIndex, 2> in{noValue, noValue}; // by Layout
        Layout first = Layout::plain;
    };
    ValueIndex addValue(const Shape &shape, Layout layout, std::size_t elementBytes);
    ValueIndex turned(ValueIndex from, Layout layout, const std::string &name);
    void planNode(std::size_t index);
    void placeBuffers();

    std::shared_ptr<IntegerPlan> m_plan;
    IntegerPlanOptions m_options;
    const integer_kernels::Kernels &m_kernels;
    std::vector<Places> m_places; // by value of the network
};

// Channels, height and width of a picture's shape as [N, C, H, W].
struct PictureView {
    std::int64_t batch = 1, channels = 1, height = 1, width = 1;
    explicit PictureView(const Shape &shape)
        : batch(shape[0]), channels(shape[1]), height(shape[2]), width(shape[3])
    {
    }
    std::int64_t pixels() const { return batch * height * width; }
};

// Each plans the node, or says false when it has no fast way for it.
bool planConvolution(IntegerPlanner &planner, const IntegerNode &node);
bool planFullyConnected(IntegerPlanner &planner, const IntegerNode &node);
// Any node: the reference layer on one thread.
void planReference(IntegerPlanner &planner, const IntegerNode &node);

} // namespace hefstudio
