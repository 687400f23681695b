// How an IntegerNetwork is executed: steps over values in two layouts, made once. A step is a number
// of jobs that may run on any threads in any order; each job writes its own part of the result.
// The plan is immutable and shared by the engines that run it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/float_plan.h"
#include "engine/integer_instruction_set.h"
#include "engine/integer_kernels.h"
#include "engine/integer_network.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hefstudio {

struct IntegerPlanValue {
    Shape shape; // ONNX order whatever the layout
    Layout layout = Layout::plain;
    std::size_t elementBytes = 1;
    ValueIndex aliasOf = noValue;           // same bytes as another value
    std::shared_ptr<const Tensor> constant; // its bytes, in this layout
    int input = -1;                         // bytes come from this input of the network
    int firstStep = 0, lastStep = -1;       // of the buffer's life
    std::size_t offset = 0;                 // into the arena, in bytes

    std::int64_t count() const { return shape.elementCount(); }
    std::size_t bytes() const { return static_cast<std::size_t>(count()) * elementBytes; }
};

// What a job works on.
struct IntegerJob {
    const std::byte *const *reads = nullptr; // one per read of the step
    std::byte *result = nullptr;
    std::byte *scratch = nullptr; // of the thread, 64-byte aligned
    std::int64_t index = 0;

    template<class T> const T *read(std::size_t slot) const
    {
        return reinterpret_cast<const T *>(reads[slot]);
    }
    template<class T> T *write() const { return reinterpret_cast<T *>(result); }
};

struct IntegerStep {
    std::string name; // of the layer it works for
    std::string implementation;
    std::vector<ValueIndex> reads;
    ValueIndex writes = noValue;
    std::int64_t jobs = 1;
    std::size_t scratchBytes = 0;
    std::function<void(const IntegerJob &)> run;
    std::vector<std::size_t> finishes; // nodes of the network that are complete after this step
};

struct IntegerPlan {
    IntegerNetwork network;
    int threads = 1;
    std::vector<IntegerPlanValue> values;
    std::vector<IntegerStep> steps;
    std::vector<std::size_t> finishedAtStart; // nodes that need no step
    std::vector<ValueIndex> outputs;          // plain, in the network's order
    std::vector<ValueIndex> observed;         // per node
    std::size_t arenaBytes = 0;
    std::size_t scratchBytes = 0;

    const IntegerPlanValue &value(ValueIndex index) const
    {
        return values[static_cast<std::size_t>(index)];
    }
    ValueIndex root(ValueIndex index) const
    {
        while (value(index).aliasOf != noValue)
            index = value(index).aliasOf;
        return index;
    }
};

struct IntegerPlanOptions {
    int threads = 1;
    IntegerInstructionSet isa = IntegerInstructionSet::amx;
    bool keepAll = false; // every node's value stays to the end: for observers
};

std::shared_ptr<const IntegerPlan> makeIntegerPlan(IntegerNetwork network,
                                                   const IntegerPlanOptions &options);

// The elements of a value in ONNX order.
Tensor plainTensor(const IntegerPlanValue &value, const std::byte *bytes,
                   const TensorQuantisation &quantisation);

} // namespace hefstudio
