// An ONNX file as plain data: nodes, constants, inputs and outputs, read with every size, name and
// path checked. No ONNX or protobuf type leaves this room. What the operators mean is import.h's
// business; a model of an operator set this program does not know still loads here.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"
#include "base/tensor.h"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace hefstudio {

using SharedTensor = std::shared_ptr<const Tensor>;

// A constant that cannot be used because its element type has no plain numbers. It matters only
// when something reads it.
struct UnreadableTensor {
    std::string type;
};

struct OnnxBody;
// A body of If, Loop or Scan. Null in a list of bodies, which no operator read here has.
struct OnnxSubgraph {
    std::shared_ptr<const OnnxBody> body;
};

struct OnnxAttribute {
    std::string name;
    std::variant<std::monostate, std::int64_t, float, std::string, std::vector<std::int64_t>,
                 std::vector<float>, std::vector<std::string>, SharedTensor, UnreadableTensor,
                 OnnxSubgraph>
        value;
};

struct OnnxNode {
    std::string name;   // unique; "<operator>_<index>" where the file has none
    std::string domain; // empty for the ONNX operators
    std::string op;
    std::vector<std::string> inputs; // empty name: an omitted optional input
    std::vector<std::string> outputs;
    std::vector<OnnxAttribute> attributes;
    std::vector<std::string> captures; // what the bodies in its attributes read from outside

    const OnnxAttribute *findAttribute(std::string_view attribute) const;
    // "Conv", or "com.example::Special" outside the ONNX operators.
    std::string operatorName() const { return domain.empty() ? op : domain + "::" + op; }
};

// A graph inside a node. Its nodes may read the values of the graphs around it.
struct OnnxBody {
    std::vector<OnnxNode> nodes;
    std::map<std::string, SharedTensor> initialisers;
    std::map<std::string, UnreadableTensor> unreadable;
    std::vector<std::string> inputs;
    std::vector<std::string> outputs;
};

// One dimension of a stated shape: a number, or unknown with the name the file gives it (maybe "").
struct OnnxDimension {
    std::optional<std::int64_t> value;
    std::string symbol;
};

struct OnnxValue {
    std::string name;
    std::string typeName;                                 // "float32", "string", "sequence"
    std::optional<ElementType> type;                      // none when the type has no plain numbers
    std::optional<std::vector<OnnxDimension>> dimensions; // none when even the rank is unknown
};

struct OnnxModel {
    std::string file; // as the user named it; for places in diagnostics
    std::int64_t irVersion = 0;
    std::string producer;
    std::string graphName;
    std::map<std::string, std::int64_t> opsets; // domain → version; "" for the ONNX operators
    std::vector<OnnxNode> nodes;                // in the file's order; local functions inlined
    std::map<std::string, SharedTensor> initialisers;
    std::map<std::string, UnreadableTensor> unreadable;
    std::vector<OnnxValue> inputs; // without those that have an initialiser
    std::vector<OnnxValue> outputs;
    std::vector<std::pair<std::string, std::string>> metadata;
};

// Diagnostics: those of file.h, onnx.text-file, onnx.git-lfs-pointer, onnx.other-format,
// onnx.truncated, onnx.malformed, onnx.no-graph, onnx.initialiser-malformed,
// onnx.initialiser-too-large, onnx.duplicate-name, onnx.too-deep, onnx.function-too-large, onnx.external-data-escape,
// onnx.external-data-missing, onnx.external-data-bounds, onnx.out-of-memory.
Result<OnnxModel> readOnnxModel(const std::filesystem::path &file);

// The same from memory; a model with external data is refused, having no folder.
Result<OnnxModel> parseOnnxModel(std::span<const std::byte> bytes,
                                 const std::string &nameForErrors);

} // namespace hefstudio
