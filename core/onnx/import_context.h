// What the importer functions of one operator each work with; internal to this room. A function
// reads its node through NodeImport, adds layers to the graph under way and names the results. It
// refuses a node by throwing Refused, which import.cpp catches for each node: nothing is thrown out
// of the room.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph_builder.h"
#include "onnx/model_file.h"

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hefstudio::onnx_import {

using Dims = std::vector<std::int64_t>;

// What is known about an ONNX value: nothing (it depends on something refused), its content, or the
// tensor of the graph that will hold it.
struct Value {
    enum class Kind { unknown, constant, computed };
    Kind kind = Kind::unknown;
    std::string name;
    SharedTensor constant;
    TensorId tensor;
    Shape shape;
    // What the numbers are to ONNX. The graph holds computed integers and booleans as floats.
    ElementType type = ElementType::float32;
    // The power of a scale that is only known while the network runs (DynamicQuantizeLinear): the
    // real value is the tensor times that scale to this power. See import_quantised.cpp.
    int scalePower = 0;
    // The tensor holds the real values that integers of QuantizeLinear stand for.
    bool holdsReal = false;

    bool isConstant() const { return kind == Kind::constant; }
    static Value of(std::string name, SharedTensor tensor);
    static Value of(std::string name, Tensor tensor);
};

struct Refused {
    Diagnostics diagnostics;
};

// The graph under way, shared by all nodes.
class GraphImport {
public:
    GraphImport(const OnnxModel &model, std::int64_t opset);

    const OnnxModel &model;
    const std::int64_t opset;
    // The batch the file states where the user asked for 1, else 1: shapes written into the file
    // still have it.
    std::int64_t replacedBatch = 1;
    GraphBuilder builder;
    std::unordered_map<std::string, Value> values;
    std::set<std::string> neededValues; // read by a node that matters, or an output

    // A name no value of the model has.
    std::string freshName(const std::string &wanted);
    // The builder's tensor for a value; constants are added the first time they are used, as
    // floats or, where a layer wants indices, as int64.
    enum class Holding { floats, indices };
    TensorId tensorOf(const Value &value, Holding holding);
    // Growth of folded constants stays below a bound; throws onnx.constant-too-large.
    void spend(const OnnxNode &node, std::int64_t elements, std::int64_t operandElements);

private:
    void reserveNames(const std::vector<OnnxNode> &nodes);

    std::set<std::string, std::less<>> m_names;
    std::map<std::pair<const Tensor *, Holding>, TensorId> m_constants;
    std::vector<SharedTensor> m_keptAlive; // so that no address in m_constants is reused
    std::int64_t m_elementBudget = std::int64_t(1) << 24;
};

class NodeImport {
public:
    NodeImport(GraphImport &graph, const OnnxNode &node) : m_graph(graph), m_node(node) {}

    const OnnxNode &node() const { return m_node; }
    std::int64_t opset() const { return m_graph.opset; }
    std::int64_t replacedBatch() const { return m_graph.replacedBatch; }

    // Inputs. The ones that return a reference refuse the node when the input is missing.
    std::size_t inputCount() const { return m_node.inputs.size(); }
    bool hasInput(std::size_t slot) const;
    const Value &input(std::size_t slot) const;
    const Shape &shape(std::size_t slot) const { return input(slot).shape; }
    // `what` names the operand in the refusal: "weights", "axes".
    const Tensor &constant(std::size_t slot, const char *what) const;
    Dims constantInts(std::size_t slot, const char *what) const;
    float constantFloat(std::size_t slot, const char *what) const;

    // Attributes; of another type than asked for: onnx.bad-attribute.
    bool hasAttribute(std::string_view name) const { return m_node.findAttribute(name); }
    std::int64_t intAttribute(std::string_view name, std::int64_t fallback) const;
    float floatAttribute(std::string_view name, float fallback) const;
    std::string stringAttribute(std::string_view name, std::string fallback) const;
    std::optional<Dims> intsAttribute(std::string_view name) const;
    std::optional<std::vector<float>> floatsAttribute(std::string_view name) const;
    std::optional<std::vector<std::string>> stringsAttribute(std::string_view name) const;
    // From the attribute, or from the constant input where newer operator sets have it.
    std::optional<Dims> intsFrom(std::string_view attribute, std::size_t slot) const;

    // Non-negative axis of a tensor of that rank; refuses when outside. `allowEnd`: may be `rank`.
    enum class AxisRange { inside, insideOrEnd };
    std::int64_t axis(std::int64_t stated, std::size_t rank,
                      AxisRange range = AxisRange::inside) const;
    // The same for a list: ascending, without repetition.
    Dims axes(const Dims &stated, std::size_t rank) const;

    // The operand holds integers or booleans.
    bool isInteger(std::size_t slot) const;

    // Adds a layer whose result stays inside the node. Folded when all operands are constant.
    Value emit(Attributes attributes, std::vector<Value> operands);
    // Adds the layer whose result is an output of the node.
    void output(std::size_t slot, Attributes attributes, std::vector<Value> operands);
    // The output is a value that exists already.
    void alias(std::size_t slot, Value value);
    void outputConstant(std::size_t slot, Tensor tensor);
    bool isOutputNeeded(std::size_t slot) const;
    std::size_t outputCount() const { return m_node.outputs.size(); }

    // To be called before making a constant whose size the model decides.
    void spend(std::int64_t elements) const;
    // A constant made by the importer, named after the node.
    Value made(Tensor tensor, const char *what) const;
    Value number(float value) const { return made(Tensor::scalar(value), "number"); }
    Value reshaped(const Value &value, Dims dims);
    Value transposed(const Value &value, Dims permutation);

    [[noreturn]] void refuse(Diagnostic diagnostic) const;
    // The operator is known, this use of it is not: "with {form}".
    [[noreturn]] void refuseForm(std::string form) const;
    // The size of the result depends on values: on operand `what`, which is no constant.
    [[noreturn]] void refuseComputedSize(std::string what) const;
    [[noreturn]] void refuseOperator() const;
    [[noreturn]] void refuseConstant(std::string reason) const;
    Place place() const;

private:
    Value add(Attributes attributes, std::vector<Value> operands, std::string layerName,
              std::string outputName);
    void checkWeights(const Attributes &attributes, const std::vector<Value> &operands) const;
    int scalePowerOf(const Attributes &attributes, const std::vector<Value> &operands) const;
    bool holdsRealAfter(const Attributes &attributes, const std::vector<Value> &operands) const;
    std::optional<Tensor> fold(const Attributes &attributes, const std::vector<Value> &operands,
                               const Shape &shape);

    GraphImport &m_graph;
    const OnnxNode &m_node;
};

using Importer = void (*)(NodeImport &);

struct ImporterRow {
    std::string_view op;
    Importer importer;
};

// The table, in pieces; sorted by nothing, found by name.
std::span<const ImporterRow> convolutionImporters();
std::span<const ImporterRow> elementwiseImporters();
std::span<const ImporterRow> reductionImporters();
std::span<const ImporterRow> shapeImporters();
std::span<const ImporterRow> resizeImporters();
std::span<const ImporterRow> matrixImporters();
std::span<const ImporterRow> normalizationImporters();
std::span<const ImporterRow> indexImporters();
std::span<const ImporterRow> sampleImporters();
std::span<const ImporterRow> recurrentImporters();
std::span<const ImporterRow> einsumImporters();
std::span<const ImporterRow> quantisedImporters();

// Shared by these pieces.
// a · b with NumPy's rules for more than two dimensions; a constant matrix becomes weights. With an
// output slot the product is that output of the node, and nothing is returned.
Value matrixProduct(NodeImport &node, Value a, Value b,
                    std::optional<std::size_t> outputSlot = std::nullopt);
// Conv with the attributes of the node; weights [O, C/groups, kernel…].
Value convolve(NodeImport &node, const Value &x, const Value &weights,
               const std::optional<Value> &bias,
               std::optional<std::size_t> outputSlot = std::nullopt);
// The value repeated to a larger shape it broadcasts to.
Value spread(NodeImport &node, const Value &value, const Shape &shape);
// nullptr when there is none.
Importer findImporter(std::string_view domain, std::string_view op);

} // namespace hefstudio::onnx_import
