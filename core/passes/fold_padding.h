// Pad layers of pictures move into the windows of the convolutions and pools that read them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <memory>

namespace hefstudio {

Result<std::shared_ptr<const Graph>> foldPadding(const Graph &graph);

} // namespace hefstudio
