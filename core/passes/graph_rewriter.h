// Builds a changed graph from another: start from a copy, edit single layers, then finish(), which
// drops what no output needs, puts the layers in order again and verifies. Ids of the source stay
// valid while editing; finish() gives new ones. Every edit keeps names and origins.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

#include <deque>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace hefstudio {

class GraphRewriter {
public:
    explicit GraphRewriter(const Graph &source);

    // The graph as it stands after the edits so far. Consumers are kept up to date.
    std::size_t layerCount() const { return m_layers.size(); }
    bool isAlive(LayerId id) const { return m_alive[id.index()]; }
    const Layer &layer(LayerId id) const { return m_layers[id.index()]; }
    const TensorInfo &tensor(TensorId id) const { return m_tensors[id.index()]; }
    const std::vector<TensorId> &inputs() const { return m_inputs; }
    bool isOutput(TensorId id) const;
    // The layer that computes the tensor; nullptr for constants.
    const Layer *producer(TensorId id) const;
    // Read by exactly one layer, once, and not an output of the graph: may change its meaning when
    // that layer changes with it.
    bool isPrivate(TensorId id) const;
    bool isConstant(TensorId id) const { return id.isValid() && tensor(id).isConstant(); }

    TensorId addConstant(std::string name, Tensor value);

    struct NewLayer {
        std::string name;
        Attributes attributes;
        std::vector<TensorId> inputs;
        Shape outputShape;
        std::vector<std::string> origin{};
    };
    // Adds a layer that stands just before `neighbour` where dependencies leave the choice; the
    // result is its output.
    TensorId insert(LayerId neighbour, NewLayer layer);

    // The layer computes something else from other operands; its output keeps name and shape.
    void replace(LayerId id, Attributes attributes, std::vector<TensorId> inputs);
    void setInput(LayerId id, std::size_t slot, TensorId tensor);
    void setActivation(LayerId id, ScalarFunction activation);
    void addOrigin(LayerId id, std::span<const std::string> origin);

    // All readers of `from` read `to` instead; the outputs of the graph stay as they are.
    void rewire(TensorId from, TensorId to);
    // Removes a layer whose output equals its operand `slot`. False, and nothing changes, where a
    // graph output must keep its own layer (its operand is an input or another output).
    bool bypass(LayerId id, std::size_t slot = 0);
    // `producer` now computes the output of `follower`, the only reader of its own; the follower
    // goes and leaves its origin.
    void absorb(LayerId producer, LayerId follower);

    bool hasChanged() const { return m_changed; }
    // Diagnostics: graph.invalid.
    Result<std::shared_ptr<const Graph>> finish() &&;

private:
    std::string uniqueName(std::string wanted, std::set<std::string> &taken) const;
    void link(LayerId id);
    void unlink(LayerId id);
    std::vector<bool> neededLayers() const;
    std::vector<LayerId> executionOrder(const std::vector<bool> &needed) const;

    std::string m_name;
    // References to layers and tensors stay valid while new ones are added.
    std::deque<Layer> m_layers;
    std::vector<bool> m_alive;
    std::vector<std::size_t> m_position; // of the source layer it stands for or before
    std::deque<TensorInfo> m_tensors;
    std::vector<TensorId> m_inputs;
    std::vector<TensorId> m_outputs;
    std::vector<std::pair<std::string, std::string>> m_metadata;
    std::set<std::string> m_layerNames;
    std::set<std::string> m_tensorNames;
    bool m_changed = false;
};

} // namespace hefstudio
