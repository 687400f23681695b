// SPDX-License-Identifier: GPL-3.0-or-later
#include "mapping/partition_costs.h"

#include "mapping/frame_time.h"

#include <algorithm>
#include <limits>

namespace hefstudio {
namespace {

constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

} // namespace

PartitionCosts::PartitionCosts(const Graph &graph, std::span<const int> bits,
                               const DeviceModel &device, const PeriodGrid &grid,
                               std::span<const LayerId> order)
    : m_graph(graph),
      m_bits(bits),
      m_device(device),
      m_lastReader(graph.tensors.size(), 0),
      m_position(graph.layers.size(), nowhere)
{
    const std::vector<LayerWork> works = layerWork(graph, bits, device);
    m_weightBytes.push_back(0);
    std::vector<LayerId> asWritten;
    if (order.empty()) {
        for (const Layer &layer : graph.layers)
            if (!layer.is<Input>())
                asWritten.push_back(layer.id);
        order = asWritten;
    }
    for (const LayerId id : order) {
        const Layer &layer = graph.layer(id);
        m_position[layer.id.index()] = m_order.size();
        m_order.push_back(layer.id);
        m_works.push_back(works[layer.id.index()]);
        m_weightBytes.push_back(m_weightBytes.back() + m_works.back().weightBytes);
        for (const TensorId input : layer.inputs)
            if (input.isValid())
                m_lastReader[input.index()] = m_order.size();
    }
    for (const TensorId output : graph.outputs)
        m_lastReader[output.index()] = nowhere;

    // Ratios instead of powers: the same numbers on every machine.
    double period = device.shortestPeriodCycles;
    for (std::size_t step = 0; step < grid.steps; ++step, period *= grid.ratio) {
        m_grid.push_back(period);
        std::vector<Sums> &sums = m_sums.emplace_back();
        sums.reserve(m_works.size() + 1);
        sums.emplace_back();
        for (const LayerWork &work : m_works) {
            Sums next = sums.back();
            if (const std::optional<LayerDemand> demand = demandAt(work, period, device)) {
                next.control += demand->control;
                next.compute += demand->compute;
                next.memoryBlocks += demand->memoryBlocks;
            } else {
                ++next.impossible;
            }
            sums.push_back(next);
        }
    }
}

bool PartitionCosts::fitsOnGrid(LayerRun run, const ResourceCaps &caps, std::size_t step) const
{
    const Sums &before = m_sums[step][run.first];
    const Sums &after = m_sums[step][run.last];
    return after.impossible == before.impossible &&
           after.control - before.control <= caps.control * m_device.controlUnits() &&
           after.compute - before.compute <= caps.compute * m_device.computeUnits() &&
           after.memoryBlocks - before.memoryBlocks <= caps.memory * m_device.weightBlocks();
}

std::size_t PartitionCosts::gridStep(LayerRun run, const ResourceCaps &caps,
                                     std::size_t from) const
{
    while (from < m_grid.size() && !fitsOnGrid(run, caps, from))
        ++from;
    return from;
}

std::size_t PartitionCosts::firstGridStep(LayerRun run, const ResourceCaps &caps) const
{
    std::size_t low = 0;
    std::size_t high = m_grid.size();
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (fitsOnGrid(run, caps, middle))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

std::optional<double> PartitionCosts::gridPeriod(LayerRun run, const ResourceCaps &caps) const
{
    const std::size_t step = firstGridStep(run, caps);
    if (step == m_grid.size())
        return std::nullopt;
    return m_grid[step];
}

bool PartitionCosts::fits(LayerRun run, const ResourceCaps &caps, double periodCycles) const
{
    LayerDemand sum;
    for (std::size_t i = run.first; i < run.last; ++i) {
        const std::optional<LayerDemand> one = demandAt(m_works[i], periodCycles, m_device);
        if (!one)
            return false;
        sum.control += one->control;
        sum.compute += one->compute;
        sum.memoryBlocks += one->memoryBlocks;
    }
    return sum.control <= caps.control * m_device.controlUnits() &&
           sum.compute <= caps.compute * m_device.computeUnits() &&
           sum.memoryBlocks <= caps.memory * m_device.weightBlocks();
}

std::optional<double> PartitionCosts::shortestPeriod(LayerRun run, const ResourceCaps &caps) const
{
    const std::size_t step = firstGridStep(run, caps);
    if (step == m_grid.size())
        return std::nullopt;
    if (step == 0)
        return m_grid[0];
    double tooShort = m_grid[step - 1];
    double longEnough = m_grid[step];
    for (int i = 0; i < 12; ++i) {
        const double middle = (tooShort + longEnough) / 2;
        (fits(run, caps, middle) ? longEnough : tooShort) = middle;
    }
    return longEnough;
}

LayerDemand PartitionCosts::demand(LayerRun run, double periodCycles) const
{
    LayerDemand sum;
    for (std::size_t i = run.first; i < run.last; ++i) {
        const LayerDemand one =
            demandAt(m_works[i], periodCycles, m_device).value_or(LayerDemand{});
        sum.control += one.control;
        sum.compute += one.compute;
        sum.memoryBlocks += one.memoryBlocks;
        sum.inputAligners += one.inputAligners;
        sum.activation += one.activation;
    }
    return sum;
}

std::int64_t PartitionCosts::weightBytes(LayerRun run) const
{
    return m_weightBytes[run.last] - m_weightBytes[run.first];
}

double PartitionCosts::fillPeriods(LayerRun run) const
{
    double start = std::numeric_limits<double>::max();
    double end = 0;
    for (std::size_t i = run.first; i < run.last; ++i) {
        start = std::min(start, m_works[i].startPeriods);
        end = std::max(end, m_works[i].endPeriods);
    }
    return std::max(0.0, end - start);
}

bool PartitionCosts::isNeededFrom(TensorId value, std::size_t position) const
{
    return m_lastReader[value.index()] > position;
}

std::optional<std::size_t> PartitionCosts::positionOfProducer(TensorId value) const
{
    const LayerId producer = m_graph.tensor(value).producer;
    if (!producer.isValid() || m_position[producer.index()] == nowhere)
        return std::nullopt;
    return m_position[producer.index()];
}

std::vector<TensorId> PartitionCosts::inputs(LayerRun run) const
{
    std::vector<TensorId> values;
    for (std::size_t i = run.first; i < run.last; ++i) {
        for (const TensorId input : m_graph.layer(m_order[i]).inputs) {
            if (!input.isValid() || m_graph.tensor(input).isConstant())
                continue;
            const std::optional<std::size_t> producer = positionOfProducer(input);
            if ((!producer || *producer < run.first) &&
                std::ranges::find(values, input) == values.end())
                values.push_back(input);
        }
    }
    return values;
}

std::vector<TensorId> PartitionCosts::outputs(LayerRun run) const
{
    std::vector<TensorId> values;
    for (std::size_t i = run.first; i < run.last; ++i) {
        const TensorId output = m_graph.layer(m_order[i]).output;
        if (isNeededFrom(output, run.last))
            values.push_back(output);
    }
    return values;
}

std::int64_t PartitionCosts::bytes(std::span<const TensorId> values) const
{
    std::int64_t sum = 0;
    for (const TensorId value : values)
        sum += bytes(value);
    return sum;
}

ContextTiming contextTiming(const PartitionCosts &costs, LayerRun run, double periodCycles)
{
    const DeviceModel &device = costs.device();
    ContextTiming timing;
    double slowest = -1;
    for (std::size_t i = run.first; i < run.last; ++i) {
        const double cycles = unsplitCycles(costs.work(i), device);
        if (cycles > slowest) {
            slowest = cycles;
            timing.bottleneck = costs.layer(i);
        }
    }
    timing.periodMs = 1000 * periodCycles / device.clockHz;
    timing.fillMs = device.fillFactor * costs.fillPeriods(run) * timing.periodMs;
    timing.inputBytes = costs.bytes(costs.inputs(run));
    timing.outputBytes = costs.bytes(costs.outputs(run));
    timing.configurationBytes = static_cast<std::int64_t>(
        device.configurationBytesPerWeightByte * static_cast<double>(costs.weightBytes(run)) +
        device.configurationBytesPerControlUnit * costs.demand(run, periodCycles).control);
    return timing;
}

MappedContext describeContext(const PartitionCosts &costs, LayerRun run, double periodCycles,
                              ContextId id)
{
    const DeviceModel &device = costs.device();
    const LayerDemand demand = costs.demand(run, periodCycles);
    MappedContext context{.id = id};
    for (std::size_t i = run.first; i < run.last; ++i)
        context.layers.push_back(costs.layer(i));
    std::ranges::sort(context.layers); // the graph's own order runs as well
    context.inputs = costs.inputs(run);
    context.outputs = costs.outputs(run);
    context.utilisation = {
        .control = demand.control / device.controlUnits(),
        .compute = demand.compute / device.computeUnits(),
        .weightMemory = demand.memoryBlocks / device.weightBlocks(),
        .inputAligners = demand.inputAligners / (device.clusters * device.inputAlignersPerCluster),
        .activation = demand.activation / (device.clusters * device.activationUnitsPerCluster)};
    context.weightBytes = costs.weightBytes(run);
    context.timing = contextTiming(costs, run, periodCycles);
    context.predictedMs = contextMs(context.timing, device, device.links.front(), 1);
    return context;
}

} // namespace hefstudio
