// Values, steps and buffers of the plan; the layers are in float_planner_layers.cpp.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/float_planner.h"

#include "ops/float_reference.h"

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

bool hasOnlyFloatValues(const Graph &graph, const Layer &layer)
{
    if (graph.outputOf(layer).type != ElementType::float32)
        return false;
    return std::ranges::all_of(layer.inputs, [&](TensorId id) {
        return !id.isValid() || graph.tensor(id).isConstant() ||
               graph.tensor(id).type == ElementType::float32;
    });
}

} // namespace

loops::Strides logicalStrides(const Shape &shape, Layout layout)
{
    if (layout == Layout::plain)
        return shape.strides();
    const std::int64_t channels = shape[1], height = shape[2], width = shape[3];
    return {height * width * channels, 1, width * channels, channels};
}

FloatPlanner::FloatPlanner(std::shared_ptr<const Graph> graph, const FloatEngineOptions &options)
    : m_plan(std::make_shared<FloatPlan>()),
      m_graph(*graph),
      m_where(graph->tensors.size(), {noValue, noValue}),
      m_isAbsorbed(graph->layers.size(), false)
{
    m_plan->graph = std::move(graph);
    m_plan->options = options;
    m_plan->observed.assign(m_graph.tensors.size(), noValue);
    m_plan->toPlain.resize(m_graph.tensors.size());
}

Result<std::shared_ptr<const FloatPlan>> FloatPlanner::finish()
{
    Diagnostics problems;
    for (const Layer &layer : m_graph.layers) {
        if (!hasOnlyFloatValues(m_graph, layer)) {
            problems.push_back(Diagnostic("engine.unsupported-layer", {.layer = layer.name})
                                   .with("kind", std::string(layer.kind())));
            continue;
        }
        if (!problems.empty() || m_isAbsorbed[layer.id.index()])
            continue;
        m_made = layer.output;
        const bool isPlanned =
            std::visit([&](const auto &kind) { return plan(layer, kind); }, layer.attributes);
        if (!isPlanned)
            addReference(layer);
        const auto index = m_made.index();
        const Layout layout = layoutOf(m_made);
        const ValueIndex shown = m_where[index][slotOf(layout)];
        m_plan->observed[index] = shown;
        if (layout == Layout::channelsLast && !layoutsAgree(value(shown).shape)) {
            const Shape &shape = value(shown).shape;
            m_plan->toPlain[index] =
                loops::prepareCopy(shape.dims(), stridesOf(shown), shape.strides());
        }
        m_plan->largestObserved = std::max(m_plan->largestObserved, value(shown).count);
        (m_plan->steps.empty() ? m_plan->finishedAtStart : m_plan->steps.back().finishes)
            .push_back(m_made);
    }
    if (!problems.empty())
        return fail(std::move(problems));
    for (const TensorId input : m_graph.inputs)
        m_plan->inputs.push_back(m_where[input.index()][slotOf(Layout::plain)]);
    for (const TensorId output : m_graph.outputs)
        m_plan->outputs.push_back(need(output, Layout::plain));
    placeBuffers();
    return std::shared_ptr<const FloatPlan>(std::move(m_plan));
}

ValueIndex FloatPlanner::addValue(const Shape &shape, Layout layout)
{
    PlanValue added;
    added.shape = shape;
    added.layout = layout;
    added.count = shape.elementCount();
    m_plan->values.push_back(std::move(added));
    return static_cast<ValueIndex>(m_plan->values.size() - 1);
}

ValueIndex FloatPlanner::addConstant(const Shape &shape, Layout layout, std::vector<float> values)
{
    const ValueIndex index = addValue(shape, layout);
    PlanValue &added = m_plan->values[static_cast<std::size_t>(index)];
    added.own = std::make_shared<const std::vector<float>>(std::move(values));
    added.constant = added.own->data();
    return index;
}

ValueIndex FloatPlanner::define(TensorId tensor, Layout layout)
{
    const ValueIndex index = addValue(shapeOf(tensor), layout);
    defineAs(tensor, layout, index);
    return index;
}

void FloatPlanner::defineAs(TensorId tensor, Layout layout, ValueIndex value)
{
    m_where[tensor.index()][slotOf(layout)] = value;
}

Layout FloatPlanner::layoutOf(TensorId tensor) const
{
    return m_where[tensor.index()][1] != noValue ? Layout::channelsLast : Layout::plain;
}

ValueIndex FloatPlanner::need(TensorId tensor, Layout layout)
{
    const TensorInfo &info = m_graph.tensor(tensor);
    auto &where = m_where[tensor.index()];
    if (info.isConstant() && where[0] == noValue) {
        const Tensor &constant = *info.constant;
        if (constant.type() == ElementType::float32) {
            where[0] = addValue(info.shape, Layout::plain);
            m_plan->values.back().constant = constant.as<float>().data();
        } else {
            const Tensor widened = constant.toFloat32();
            const std::span<const float> values = widened.as<float>();
            where[0] = addConstant(info.shape, Layout::plain, {values.begin(), values.end()});
        }
    }
    if (where[slotOf(layout)] != noValue)
        return where[slotOf(layout)];
    const Layout existing = layout == Layout::plain ? Layout::channelsLast : Layout::plain;
    const ValueIndex source = where[slotOf(existing)];
    if (layoutsAgree(info.shape)) {
        const ValueIndex same = addValue(info.shape, layout);
        m_plan->values.back().aliasOf = source;
        where[slotOf(layout)] = same;
        return same;
    }
    const loops::Copy copy = loops::prepareCopy(info.shape.dims(), stridesOf(source),
                                                logicalStrides(info.shape, layout));
    if (info.isConstant()) {
        std::vector<float> converted(static_cast<std::size_t>(info.shape.elementCount()));
        loops::run(copy, value(source).constant, converted.data());
        where[slotOf(layout)] = addConstant(info.shape, layout, std::move(converted));
        return where[slotOf(layout)];
    }
    const ValueIndex target = addValue(info.shape, layout);
    where[slotOf(layout)] = target;
    addCopy(m_graph.layer(info.producer), "reorder", source, target, copy);
    return target;
}

ValueIndex FloatPlanner::needPlain(const Layer &layer, std::size_t slot)
{
    return need(layer.inputs[slot], Layout::plain);
}

ValueIndex FloatPlanner::needAnyOf(const Layer &layer, std::size_t slot, Layout preferred)
{
    const bool canPrefer = shapeOf(layer.inputs[slot]).rank() == 4;
    return need(layer.inputs[slot], canPrefer ? preferred : Layout::plain);
}

loops::Strides FloatPlanner::stridesOf(ValueIndex index) const
{
    return logicalStrides(value(index).shape, value(index).layout);
}

loops::Strides FloatPlanner::broadcastStrides(ValueIndex index, const Shape &shape) const
{
    const Shape &own = value(index).shape;
    const loops::Strides strides = stridesOf(index);
    loops::Strides result(shape.rank(), 0);
    const std::size_t added = shape.rank() - own.rank();
    for (std::size_t i = 0; i < own.rank(); ++i)
        if (own[i] != 1)
            result[added + i] = strides[i];
    return result;
}

std::span<const float> FloatPlanner::constantOf(const Layer &layer, std::size_t slot) const
{
    if (!m_graph.hasInput(layer, slot))
        return {};
    const TensorInfo &info = m_graph.inputOf(layer, slot);
    if (!info.isConstant() || info.constant->type() != ElementType::float32)
        return {};
    return info.constant->as<float>();
}

int FloatPlanner::chunksFor(std::int64_t values)
{
    constexpr std::int64_t least = 16384; // some microseconds of work
    return static_cast<int>(std::clamp<std::int64_t>(values / least, 1, 8));
}

void FloatPlanner::addChunks(const Layer &layer, const char *implementation,
                             std::vector<ValueIndex> reads, ValueIndex writes, int chunks,
                             ChunkRun run)
{
    PlanStep step;
    step.name = layer.name;
    step.implementation = implementation;
    step.reads = reads;
    step.writes = writes;
    step.chunks = chunks;
    step.bind = [reads = std::move(reads), writes,
                 run = std::move(run)](const PlanBinder &binder) -> RunChunk {
        std::vector<const float *> sources;
        for (const ValueIndex read : reads)
            sources.push_back(binder.read(read));
        return [run, sources = std::move(sources),
                destination = binder.write(writes)](int chunk, std::byte *) {
            run(sources.data(), destination, chunk);
        };
    };
    m_plan->steps.push_back(std::move(step));
}

void FloatPlanner::addStep(const Layer &layer, const char *implementation,
                           std::vector<ValueIndex> reads, ValueIndex writes, Run run)
{
    addChunks(layer, implementation, std::move(reads), writes, 1,
              [run = std::move(run)](const float *const *sources, float *destination, int) {
                  run(sources, destination);
              });
}

void FloatPlanner::addKernels(const Layer &layer, std::vector<KernelPart> parts,
                              std::vector<ValueIndex> reads, ValueIndex writes,
                              const Epilogue &epilogue, ValueIndex residual)
{
    PlanStep step;
    step.name = layer.name;
    step.implementation = parts.front().kernel->implementation();
    step.reads = reads;
    if (residual != noValue)
        step.reads.push_back(residual);
    step.writes = writes;
    step.chunks = static_cast<int>(parts.size());
    std::size_t kernelScratch = 0, results = 0;
    for (const KernelPart &part : parts) {
        kernelScratch = std::max(kernelScratch, part.kernel->scratchBytes());
        if (!part.isDense())
            results = std::max(results, static_cast<std::size_t>(part.rows * part.columns) *
                                            sizeof(float));
    }
    kernelScratch = (kernelScratch + 63) / 64 * 64;
    step.scratchBytes = kernelScratch + results;
    step.bind = [reads = std::move(reads), writes, parts = std::move(parts), epilogue, residual,
                 kernelScratch](const PlanBinder &binder) -> RunChunk {
        struct Bound {
            dnnl_wrapper::BoundKernel call;
            EpilogueRows rows; // without a source where the result is first in scratch memory
        };
        std::vector<Bound> calls;
        for (const KernelPart &part : parts) {
            float *destination = binder.write(writes) + part.destination;
            Bound bound;
            bound.call = part.kernel->bind(
                {.source = binder.read(reads[0]) + part.source,
                 .second = reads.size() > 1 ? binder.read(reads[1]) + part.second : nullptr,
                 .destination = destination});
            bound.rows = {.source = part.isDense() ? destination : nullptr,
                          .sourceRow = part.columns,
                          .residual = residual != noValue
                                          ? binder.read(residual) + part.destination
                                          : nullptr,
                          .residualRow = part.destinationRow,
                          .destination = destination,
                          .destinationRow = part.destinationRow,
                          .rows = part.rows,
                          .columns = part.columns};
            calls.push_back(std::move(bound));
        }
        return [calls = std::move(calls), epilogue, kernelScratch](int chunk, std::byte *scratch) {
            const Bound &bound = calls[static_cast<std::size_t>(chunk)];
            if (bound.rows.source) {
                bound.call(scratch, nullptr);
                if (!epilogue.isNothing())
                    run(epilogue, bound.rows);
                return;
            }
            EpilogueRows rows = bound.rows;
            auto *result = reinterpret_cast<float *>(scratch + kernelScratch);
            rows.source = result;
            bound.call(scratch, result);
            run(epilogue, rows);
        };
    };
    m_plan->steps.push_back(std::move(step));
}

void FloatPlanner::addCopy(const Layer &layer, const char *what, ValueIndex from, ValueIndex to,
                           const loops::Copy &copy, std::int64_t fromOffset, std::int64_t toOffset)
{
    std::vector<loops::CopyPart> parts = loops::split(copy, chunksFor(value(to).count));
    const auto chunks = static_cast<int>(parts.size());
    addChunks(layer, what, {from}, to, chunks,
              [parts = std::move(parts), fromOffset,
               toOffset](const float *const *sources, float *destination, int chunk) {
                  const loops::CopyPart &part = parts[static_cast<std::size_t>(chunk)];
                  loops::run(part.copy, sources[0] + fromOffset + part.from,
                             destination + toOffset + part.to);
              });
}

void FloatPlanner::addFunction(const Layer &layer, const ScalarFunction &function, ValueIndex from,
                               ValueIndex to)
{
    const std::int64_t count = value(to).count;
    const int chunks = chunksFor(count);
    const auto boundOf = [count, chunks](int chunk) { return count * chunk / chunks / 16 * 16; };
    const auto endOf = [=](int chunk) { return chunk + 1 == chunks ? count : boundOf(chunk + 1); };
    if (hasVectorLoop(function)) {
        addChunks(layer, functionName(function.function).data(), {from}, to, chunks,
                  [=](const float *const *sources, float *destination, int chunk) {
                      const std::int64_t begin = boundOf(chunk);
                      mapValues(function, sources[0] + begin, endOf(chunk) - begin,
                                destination + begin);
                  });
        return;
    }
    std::vector<KernelPart> parts;
    for (int chunk = 0; chunk < chunks; ++chunk) {
        const std::int64_t begin = boundOf(chunk), size = endOf(chunk) - begin;
        dnnl_wrapper::KernelPointer kernel = dnnl_wrapper::makeElementwise(function, size);
        if (!kernel)
            break;
        parts.push_back({std::move(kernel), begin, 0, begin, 1, size, size});
    }
    if (static_cast<int>(parts.size()) == chunks) {
        addKernels(layer, std::move(parts), {from}, to, {}, noValue);
        return;
    }
    addChunks(layer, "function", {from}, to, chunks,
              [=](const float *const *sources, float *destination, int chunk) {
                  for (std::int64_t i = boundOf(chunk); i < endOf(chunk); ++i)
                      destination[i] = static_cast<float>(applyFunction(function, sources[0][i]));
              });
}

FusedTail FloatPlanner::tailOf(const Layer &layer, bool takesBias)
{
    if (m_plan->options.observeAll)
        return TailFinder::alone(layer);
    return finder().find(layer, takesBias);
}

TailFinder FloatPlanner::finder() const
{
    return {m_graph, [this](TensorId id) {
                return m_where[id.index()][0] != noValue || m_where[id.index()][1] != noValue;
            }};
}

void FloatPlanner::take(std::span<const LayerId> absorbed, TensorId result)
{
    for (const LayerId id : absorbed)
        m_isAbsorbed[id.index()] = true;
    m_made = result;
}

void FloatPlanner::finishActivation(const Layer &layer, ValueIndex result, bool isFused)
{
    if (layer.hasActivation() && !isFused)
        addFunction(layer, layer.activation, result, result);
}

void FloatPlanner::addReference(const Layer &layer)
{
    // Constants are handed over as they are (indices are integers); values are copied into tensors.
    struct Operand {
        std::shared_ptr<const Tensor> constant;
        Shape shape;
        int source = -1;
    };
    std::vector<Operand> operands;
    std::vector<ValueIndex> reads;
    for (const TensorId id : layer.inputs) {
        Operand operand;
        if (id.isValid()) {
            operand.constant = m_graph.tensor(id).constant;
            operand.shape = shapeOf(id);
            if (!operand.constant) {
                operand.source = static_cast<int>(reads.size());
                reads.push_back(need(id, Layout::plain));
            }
        }
        operands.push_back(std::move(operand));
    }
    const ValueIndex result = define(layer.output, Layout::plain);
    addStep(layer, "reference", std::move(reads), result,
            [operands = std::move(operands), attributes = layer.attributes,
             activation = layer.activation,
             shape = shapeOf(layer.output)](const float *const *sources, float *destination) {
                std::vector<Tensor> values(operands.size());
                std::vector<const Tensor *> pointers;
                for (std::size_t i = 0; i < operands.size(); ++i) {
                    const Operand &operand = operands[i];
                    if (operand.source >= 0) {
                        const auto count = static_cast<std::size_t>(operand.shape.elementCount());
                        values[i] = Tensor::of<float>(operand.shape,
                                                      std::span(sources[operand.source], count));
                        pointers.push_back(&values[i]);
                    } else {
                        pointers.push_back(operand.constant.get());
                    }
                }
                const Tensor computed = runFloatReference(attributes, activation, pointers, shape);
                std::memcpy(destination, computed.bytes().data(), computed.byteCount());
            });
}

void FloatPlanner::placeBuffers()
{
    FloatPlan &plan = *m_plan;
    const auto end = static_cast<int>(plan.steps.size());
    const auto touch = [&](ValueIndex index, int step) {
        PlanValue &root = plan.values[static_cast<std::size_t>(plan.root(index))];
        root.firstStep = root.lastStep < 0 ? step : std::min(root.firstStep, step);
        root.lastStep = std::max(root.lastStep, step);
    };
    // Inputs are copied in before the first step, outputs out after the last one.
    for (const ValueIndex input : plan.inputs)
        touch(input, 0);
    for (const TensorId tensor : plan.finishedAtStart)
        touch(plan.observed[tensor.index()], 0);
    for (int i = 0; i < end; ++i) {
        const PlanStep &step = plan.steps[static_cast<std::size_t>(i)];
        for (const ValueIndex read : step.reads)
            touch(read, i);
        touch(step.writes, i);
        for (const TensorId tensor : step.finishes)
            touch(plan.observed[tensor.index()], i);
        plan.scratchBytes = std::max(plan.scratchBytes, (step.scratchBytes + 63) / 64 * 64);
    }
    for (const ValueIndex output : plan.outputs)
        touch(output, end);

    // Largest first, each at the lowest place free during its life.
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < plan.values.size(); ++i) {
        const PlanValue &value = plan.values[i];
        if (value.aliasOf == noValue && !value.constant && value.lastStep >= 0)
            order.push_back(i);
    }
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
        return plan.values[a].count > plan.values[b].count;
    });
    std::vector<std::size_t> placed; // ascending offsets
    const auto room = [](const PlanValue &value) {
        return (static_cast<std::size_t>(value.count) + 15) / 16 * 16; // whole cache lines
    };
    for (const std::size_t index : order) {
        PlanValue &value = plan.values[index];
        std::size_t offset = 0;
        for (const std::size_t other : placed) {
            const PlanValue &there = plan.values[other];
            if (there.lastStep < value.firstStep || there.firstStep > value.lastStep)
                continue;
            if (there.offset >= offset + room(value))
                break;
            offset = std::max(offset, there.offset + room(there));
        }
        value.offset = offset;
        plan.arenaFloats = std::max(plan.arenaFloats, offset + room(value));
        const auto position = std::ranges::upper_bound(
            placed, offset, {}, [&](std::size_t i) { return plan.values[i].offset; });
        placed.insert(position, index);
    }
}

Result<std::shared_ptr<const FloatPlan>> makeFloatPlan(std::shared_ptr<const Graph> graph,
                                                       const FloatEngineOptions &options)
{
    dnnl_wrapper::limitInstructionSet(options.isa);
    const dnnl_wrapper::ThreadScope one(1); // kernels are made for a number of threads
    return FloatPlanner(std::move(graph), options).finish();
}

} // namespace hefstudio
