// A graph as a picture file: SVG of the whole, or PNG in full detail as far as a picture may be.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/scene_painter.h"

namespace hefstudio {

// By the file's ending, .svg or .png. False when the file cannot be written.
bool exportScene(const QString &file, const GraphScene &scene, const SceneColors &colors,
                 const Tokens &tokens);

} // namespace hefstudio
