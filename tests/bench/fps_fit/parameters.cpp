// SPDX-License-Identifier: GPL-3.0-or-later
#include "parameters.h"

#include <algorithm>
#include <cmath>

// One row of the table: the key in the device file, prior, bounds, and where the value lives.
#define HEFSTUDIO_FITTED(name, prior, least, most, place)                                          \
    {name, prior, least, most, [](DeviceModel &device, double value) { device.place = value; },    \
     [](const DeviceModel &device) { return static_cast<double>(device.place); }}

namespace hefstudio::fit {

const std::vector<Parameter> &parameters()
{
    // clang-format off
    static const std::vector<Parameter> all{
        HEFSTUDIO_FITTED("efficiency", 0.75, 0.4, 1, efficiency),
        HEFSTUDIO_FITTED("row_overhead_cycles", 150, 20, 400, rowOverheadCycles),
        HEFSTUDIO_FITTED("depthwise_factor", 6, 1, 9, depthwiseFactor),
        HEFSTUDIO_FITTED("stream_factor", 2, 1, 4, streamFactor),
        HEFSTUDIO_FITTED("reformat_factor", 1.5, 0.5, 6, reformatFactor),
        HEFSTUDIO_FITTED("matrix_efficiency", 0.5, 0.2, 1, matrixEfficiency),
        HEFSTUDIO_FITTED("token_efficiency", 0.8, 0.2, 1.2, tokenEfficiency),
        HEFSTUDIO_FITTED("transpose_factor", 2, 0.5, 20, transposeFactor),
        HEFSTUDIO_FITTED("input_cycles", 0.5, 0.1, 4, inputCycles),
        HEFSTUDIO_FITTED("most_pieces", 12, 4, 32, mostPieces),
        HEFSTUDIO_FITTED("shortest_period_cycles", 75000, 40000, 80000, shortestPeriodCycles),
        HEFSTUDIO_FITTED("start_cycles", 10000, 500, 60000, startCycles),
        HEFSTUDIO_FITTED("control_join", 0.7, 0.2, 2, controlJoin),
        HEFSTUDIO_FITTED("control_simple", 0.8, 0.3, 1.5, controlSimple),
        HEFSTUDIO_FITTED("control_movement", 0.8, 0.3, 1.5, controlMovement),
        HEFSTUDIO_FITTED("control_transpose", 1, 0.3, 4, controlTranspose),
        HEFSTUDIO_FITTED("control_softmax", 3, 1, 8, controlSoftmax),
        HEFSTUDIO_FITTED("control_layer_normalization", 5, 2, 12, controlLayerNormalization),
        HEFSTUDIO_FITTED("control_matrix", 4, 1, 12, controlMatrix),
        HEFSTUDIO_FITTED("single_control_cap", 0.97, 0.85, 1, singleContext.control),
        HEFSTUDIO_FITTED("single_compute_cap", 0.85, 0.55, 1, singleContext.compute),
        HEFSTUDIO_FITTED("single_memory_cap", 0.92, 0.75, 0.95, singleContext.memory),
        HEFSTUDIO_FITTED("multi_control_cap", 0.9, 0.6, 1, multiContext.control),
        HEFSTUDIO_FITTED("multi_compute_cap", 0.85, 0.55, 1, multiContext.compute),
        HEFSTUDIO_FITTED("multi_memory_cap", 0.8, 0.5, 0.85, multiContext.memory),
        HEFSTUDIO_FITTED("weight_expansion", 1, 0.95, 1.2, weightExpansion),
        HEFSTUDIO_FITTED("slack_rows", 4, 1, 12, slackRows),
        HEFSTUDIO_FITTED("waiting_share", 0.05, 0.005, 0.4, waitingShare),
        HEFSTUDIO_FITTED("blocks_per_control_unit", 1.3, 0.5, 2, blocksPerControlUnit),
        HEFSTUDIO_FITTED("blocks_per_compute_unit", 0.5, 0.1, 0.8, blocksPerComputeUnit),
        HEFSTUDIO_FITTED("switch_seconds", 0.0008, 0.0002, 0.002, switchSeconds),
        HEFSTUDIO_FITTED("fill_factor", 0.5, 0.1, 1, fillFactor),
        HEFSTUDIO_FITTED("serial_transfer_share", 0.2, 0.01, 1, serialTransferShare),
        HEFSTUDIO_FITTED("configuration_bytes_per_weight_byte", 1, 0.8, 1.4, configurationBytesPerWeightByte),
        HEFSTUDIO_FITTED("configuration_bytes_per_control_unit", 10000, 2000, 30000, configurationBytesPerControlUnit),
        HEFSTUDIO_FITTED("configuration_weight", 0.05, 0.005, 0.5, configurationWeight),
        HEFSTUDIO_FITTED("single_context_preference", 0.5, 0.2, 0.7, singleContextPreference),
        HEFSTUDIO_FITTED("links[0].configuration_bytes_per_second", 3.3e9, 2.5e9, 3.7e9, links.front().configurationBytesPerSecond),
        HEFSTUDIO_FITTED("links[0].transfer_bytes_per_second", 2e9, 8e8, 3.3e9, links.front().transferBytesPerSecond),
    };
    // clang-format on
    return all;
}

Point priorPoint()
{
    Point point;
    for (const Parameter &parameter : parameters())
        point.push_back(std::log(parameter.prior));
    return point;
}

Point pointOf(const DeviceModel &device)
{
    Point point;
    for (const Parameter &parameter : parameters())
        point.push_back(std::log(std::clamp(parameter.get(device), parameter.least, parameter.most)));
    return point;
}

void apply(const Point &point, DeviceModel &device)
{
    for (std::size_t i = 0; i < point.size(); ++i)
        parameters()[i].set(device, std::exp(point[i]));
}

} // namespace hefstudio::fit
