// The ONNX model under construction that export.cpp fills; internal to this room. Keeps names
// unique and knows how the functions of an Elementwise layer are spelled. SPDX-License-Identifier:
// GPL-3.0-or-later
#pragma once

#include "base/file.h"
#include "graph/graph.h"

#include <memory>
#include <set>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace hefstudio::onnx_export {

using Dims = std::vector<std::int64_t>;

struct Attribute {
    std::string name;
    std::variant<std::int64_t, float, std::string, Dims, std::vector<float>,
                 std::vector<std::string>>
        value;
};

class ModelWriter {
public:
    explicit ModelWriter(const Graph &graph);
    ~ModelWriter();

    void input(const TensorInfo &tensor);
    void output(const TensorInfo &tensor);
    // A constant of the graph under its own name, once; and one made for the export.
    void constant(const TensorInfo &tensor);
    std::string constant(const std::string &wantedName, const Tensor &value);
    std::string ints(const std::string &wantedName, const Dims &values);
    std::string scalar(const std::string &wantedName, float value);

    void node(const std::string &op, std::string name, const std::vector<std::string> &inputs,
              const std::string &output, const std::vector<Attribute> &attributes = {});
    // For operators with more than one output; "" leaves one out.
    void nodeWithOutputs(const std::string &op, std::string name,
                         const std::vector<std::string> &inputs,
                         const std::vector<std::string> &outputs,
                         const std::vector<Attribute> &attributes);
    // The same with an output only the next node reads; returns its name.
    std::string inner(const std::string &op, const std::string &layer,
                      const std::vector<std::string> &inputs,
                      const std::vector<Attribute> &attributes = {});
    // y = function(x), in as many nodes as it takes; the last is called `lastName`.
    void function(const ScalarFunction &function, const std::string &lastName,
                  const std::string &x, const std::string &y);

    std::string freshName(const std::string &wanted);
    // Empty when the model is larger than a protobuf message may be.
    Bytes bytes() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
    std::set<std::string> m_names; // of values, constants and nodes
    std::set<std::string> m_written;
};

} // namespace hefstudio::onnx_export
