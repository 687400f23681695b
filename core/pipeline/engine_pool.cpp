// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/engine_pool.h"

namespace hefstudio {

Result<std::unique_ptr<EnginePool>> EnginePool::create(std::shared_ptr<const Graph> graph,
                                                       const FloatEngineOptions &options)
{
    auto engine = FloatEngine::create(std::move(graph), options);
    if (!engine)
        return passOn(std::move(engine));
    return std::make_unique<EnginePool>(std::move(*engine));
}

Result<std::vector<Tensor>> EnginePool::run(std::span<const Tensor> inputs,
                                            const FloatEngine::Observer &observer,
                                            std::stop_token stop)
{
    auto engine = borrow();
    auto outputs = engine->run(inputs, observer, std::move(stop));
    const std::lock_guard lock(m_mutex);
    m_free.push_back(std::move(engine));
    return outputs;
}

std::unique_ptr<FloatEngine> EnginePool::borrow()
{
    const std::lock_guard lock(m_mutex);
    if (m_free.empty())
        return std::make_unique<FloatEngine>(m_first.sibling());
    auto engine = std::move(m_free.back());
    m_free.pop_back();
    return engine;
}

} // namespace hefstudio
