// SPDX-License-Identifier: GPL-3.0-or-later
#include "profile/timeline.h"

#include "mapping/layer_cost.h"

namespace hefstudio {

Timeline timelineOf(const ModelEstimate &estimate, int batch)
{
    Timeline timeline;
    const std::vector<LayerWork> work =
        layerWork(*estimate.graph, estimate.bits, estimate.device);
    double now = 0;
    const double frames = std::max(1, batch);
    const bool switches = estimate.mapping.contexts.size() > 1;
    for (const MappedContext &context : estimate.mapping.contexts) {
        const int id = int(context.id.index());
        const double period = context.timing.periodMs;
        if (switches) {
            const double end = now + estimate.device.switchSeconds * 1000;
            timeline.spans.push_back(
                {TimelineSpan::Kind::switching, now, end, timeline.rows, id, -1});
            now = end;
        }
        const double end = now + context.timing.fillMs + period * frames;
        timeline.spans.push_back({TimelineSpan::Kind::context, now, end, timeline.rows, id, -1});
        ++timeline.rows;
        for (const LayerId layer : context.layers) {
            // Start and fill are shares of the period along the whole network; the context's own
            // fill time bounds them.
            const double start =
                now + std::min(work[layer.index()].startPeriods * period, context.timing.fillMs);
            timeline.spans.push_back({TimelineSpan::Kind::layer, start,
                                      std::min(end, start + period * frames), timeline.rows, id,
                                      int(layer.index())});
            ++timeline.rows;
        }
        now = end;
    }
    timeline.endMs = now;
    return timeline;
}

} // namespace hefstudio
