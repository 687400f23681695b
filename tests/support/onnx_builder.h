// Makes tiny ONNX models in code, so that a test shows the model it is about:
//
//   OnnxBuilder model(13);
//   model.input("x", {1, 3, 8, 8}).floats("w", {4, 3, 3, 3}).node("Conv", {"x", "w"}, {"y"},
//         {{"pads", {1, 1, 1, 1}}}).output("y");
//   auto graph = importOnnx(model.bytes());
//
// Nothing is checked: broken models are wanted too.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/file.h"
#include "base/tensor.h"

#include <filesystem>
#include <memory>
#include <string>
#include <variant>
#include <vector>

struct OnnxBuilderAttribute {
    using Ints = std::vector<std::int64_t>;
    using Floats = std::vector<float>;
    // The graph of another model; empty bytes make an empty graph.
    struct Subgraph {
        hefstudio::Bytes model{};
    };
    using Value =
        std::variant<std::int64_t, float, std::string, Ints, Floats, hefstudio::Tensor, Subgraph>;

    OnnxBuilderAttribute(std::string attribute, int value)
        : name(std::move(attribute)), value(std::int64_t(value))
    {
    }
    OnnxBuilderAttribute(std::string attribute, float value)
        : name(std::move(attribute)), value(value)
    {
    }
    OnnxBuilderAttribute(std::string attribute, const char *value)
        : name(std::move(attribute)), value(std::string(value))
    {
    }
    OnnxBuilderAttribute(std::string attribute, std::initializer_list<std::int64_t> value)
        : name(std::move(attribute)), value(Ints(value))
    {
    }
    OnnxBuilderAttribute(std::string attribute, Ints value)
        : name(std::move(attribute)), value(std::move(value))
    {
    }
    OnnxBuilderAttribute(std::string attribute, Floats value)
        : name(std::move(attribute)), value(std::move(value))
    {
    }
    OnnxBuilderAttribute(std::string attribute, hefstudio::Tensor value)
        : name(std::move(attribute)), value(std::move(value))
    {
    }
    OnnxBuilderAttribute(std::string attribute, Subgraph value)
        : name(std::move(attribute)), value(std::move(value))
    {
    }

    std::string name;
    Value value;
};

class OnnxBuilder {
public:
    using Dims = std::vector<std::int64_t>;

    explicit OnnxBuilder(int opset = 13);
    ~OnnxBuilder();
    OnnxBuilder(OnnxBuilder &&) noexcept;

    // A negative dimension is left open, with the name "d<index>".
    OnnxBuilder &input(const std::string &name, const Dims &dims,
                       hefstudio::ElementType type = hefstudio::ElementType::float32);
    OnnxBuilder &inputOfUnknownRank(const std::string &name);
    OnnxBuilder &output(const std::string &name); // shape not stated
    OnnxBuilder &output(const std::string &name, const Dims &dims);

    OnnxBuilder &constant(const std::string &name, const hefstudio::Tensor &value);
    // Small numbers from a fixed sequence, the same for the same name.
    OnnxBuilder &floats(const std::string &name, const Dims &dims);
    OnnxBuilder &floats(const std::string &name, const Dims &dims,
                        const std::vector<float> &values);
    OnnxBuilder &ints(const std::string &name, const std::vector<std::int64_t> &values);
    // Data in another file; "" leaves an entry out.
    OnnxBuilder &external(const std::string &name, const Dims &dims, const std::string &location,
                          const std::string &offset, const std::string &length);
    // Claims `dims` and holds `bytes` zero bytes, whether that fits or not.
    OnnxBuilder &rawConstant(const std::string &name, const Dims &dims, int dataType,
                             std::size_t bytes);
    OnnxBuilder &sparse(const std::string &name, const Dims &dims, const std::vector<float> &values,
                        const std::vector<std::int64_t> &places);

    OnnxBuilder &node(const std::string &op, const std::vector<std::string> &inputs,
                      const std::vector<std::string> &outputs,
                      const std::vector<OnnxBuilderAttribute> &attributes = {});
    // The nodes of another model as a function of this one.
    OnnxBuilder &function(const std::string &domain, const std::string &name,
                          const std::vector<std::string> &inputs,
                          const std::vector<std::string> &outputs, const OnnxBuilder &body);
    // The last attribute of the node added last is the one of that name at the call of a function.
    OnnxBuilder &referring(const std::string &attribute);
    // Of the node added last.
    OnnxBuilder &named(const std::string &name);
    OnnxBuilder &inDomain(const std::string &domain);

    OnnxBuilder &metadata(const std::string &key, const std::string &value);
    OnnxBuilder &opset(const std::string &domain, int version);
    OnnxBuilder &irVersion(int version);

    hefstudio::Bytes bytes() const;
    void write(const std::filesystem::path &file) const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};
