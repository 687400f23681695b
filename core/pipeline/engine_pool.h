// Float engines on one plan, lent to whoever runs next: each has its own buffers, so that pictures
// run side by side, one thread each.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/float_engine.h"

#include <memory>
#include <mutex>
#include <vector>

namespace hefstudio {

class EnginePool {
public:
    // Diagnostics: engine.unsupported-layer.
    static Result<std::unique_ptr<EnginePool>> create(std::shared_ptr<const Graph> graph,
                                                      const FloatEngineOptions &options = {});
    explicit EnginePool(FloatEngine first) : m_first(std::move(first)) {}

    Result<std::vector<Tensor>> run(std::span<const Tensor> inputs,
                                    const FloatEngine::Observer &observer = {},
                                    std::stop_token stop = {});

private:
    std::unique_ptr<FloatEngine> borrow();

    FloatEngine m_first;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<FloatEngine>> m_free;
};

} // namespace hefstudio
