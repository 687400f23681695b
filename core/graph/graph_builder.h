// Builds a Graph so that the code reads like the picture:
//
//   GraphBuilder build("tiny");
//   auto x = build.input("images", {1, 3, 32, 32});
//   auto y = build.layer("conv1", Convolution{.window = same3x3()}, {x, build.constant("w", w)},
//                        {1, 8, 32, 32});
//   build.output(y);
//   Result<Graph> graph = std::move(build).finish();
//
// The caller gives output shapes (core/ops infers them: ops/shape_inference.h has `addLayer`, which
// infers). Names are made unique; finish() sorts layers topologically, links consumers and
// verifies. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <unordered_map>

namespace hefstudio {

class GraphBuilder {
public:
    explicit GraphBuilder(std::string graphName);

    TensorId input(std::string name, Shape shape, ElementType type = ElementType::float32);
    TensorId constant(std::string name, Tensor value);
    TensorId constant(std::string name, std::shared_ptr<const Tensor> value);

    struct Options {
        ScalarFunction activation{};
        std::vector<std::string> origin{};
        std::string outputName{}; // the layer's name when empty
        ElementType type = ElementType::float32;
    };
    TensorId layer(std::string name, Attributes attributes, std::vector<TensorId> inputs,
                   Shape outputShape, Options options);
    TensorId layer(std::string name, Attributes attributes, std::vector<TensorId> inputs,
                   Shape outputShape)
    {
        return layer(std::move(name), std::move(attributes), std::move(inputs),
                     std::move(outputShape), Options{});
    }
    void output(TensorId tensor);
    void metadata(std::string key, std::string value);

    const TensorInfo &tensor(TensorId id) const { return m_graph.tensors[id.index()]; }

    // Diagnostics: graph.invalid.
    Result<Graph> finish() &&;

private:
    std::string uniqueName(std::string wanted, bool forLayer);
    Graph m_graph;
    std::unordered_map<std::string, int> m_layerNames;
    std::unordered_map<std::string, int> m_tensorNames;
};

} // namespace hefstudio
