// Looks at the layers of a kernel program one by one: each alone, fed with the float network's
// values, and all of them one behind the other.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/float_engine.h"
#include "engine/integer_engine.h"
#include "graph/graph.h"
#include "program/program.h"
#include "report/comparison.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace hefstudio {

// The values of one float run, by tensor name.
class LayerValues {
public:
    // To be given to FloatEngine::run(); fills this object, which must outlive the run.
    FloatEngine::Observer recorder(const Graph &graph);
    const Tensor *find(const std::string &name) const;

private:
    std::map<std::string, Tensor> m_values;
};

struct LayerSignal {
    SignalComparison isolated, accumulated;
    std::int64_t clipped = 0, values = 0;
};
using LayerSignals = std::map<std::string, LayerSignal>; // by the result's tensor name
void mergeLayers(LayerSignals &into, const LayerSignals &from);

// For one thread; the kernels are planned once, by its first picture.
class LayerComparer {
public:
    using Factors = std::vector<std::pair<std::string, std::vector<float>>>;
    LayerComparer(const Program &program, const Factors &channelFactors);

    // Runs the program without its context boundaries on `stored` inputs; gives its real outputs by
    // name, and every layer's signals.
    std::vector<std::pair<std::string, Tensor>>
    compare(const LayerValues &truth, std::span<const Tensor> stored, LayerSignals &signals);

private:
    Tensor runKernel(const ProgramKernel &kernel, std::span<const Tensor *const> operands,
                     const Shape &shape);
    Tensor real(const std::string &name, const Tensor &stored,
                const TensorQuantisation &quantisation) const;
    Tensor isolatedInput(const std::string &name, const Tensor &truth,
                         const TensorQuantisation &quantisation) const;

    const Program &m_program;
    std::map<std::string, std::vector<float>> m_factors;
    std::map<const ProgramKernel *, IntegerEngine> m_engines;
};

// In the program's order, with what the graph knows of each layer.
std::vector<LayerComparison> layerRows(const Program &program, const Graph &graph,
                                       const LayerSignals &signals);

} // namespace hefstudio
