// Reductions in the form the device has: a mean or maximum over height and width keeps its
// dimensions (a reshape follows where the model drops them), and an average or maximum pool over
// the whole picture becomes such a reduction.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <memory>

namespace hefstudio {

Result<std::shared_ptr<const Graph>> lowerReductions(const Graph &graph);

} // namespace hefstudio
