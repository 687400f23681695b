// Statistics of a calibration set, or of a shard of it, as a file that shards are merged from: the
// same network, preprocessing and samples that a conversion calibrates with.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"
#include "engine/statistics_file.h"
#include "pipeline/calibration_stage.h"
#include "recipe/settings.h"

#include <stop_token>

namespace hefstudio {

// Of the settings: model, calibration, start and end nodes, input shapes, normalisation, colours,
// resizing, on-bad-image, threads, isa. Diagnostics: those of import, cut, passes and calibration.
Result<StatisticsFile> takeStatistics(const ConversionSettings &settings, const Shard &shard,
                                      std::stop_token stop, const EventSink &sink);

} // namespace hefstudio
