// Turns the tensors stored in an ONNX file into ours. Internal to this room: used by
// model_file.cpp. Nothing is allocated before the stated dimensions were compared with the bytes
// there are. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"
#include "base/file.h"
#include "onnx/model_file.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>

namespace onnx {
class TensorProto;
class SparseTensorProto;
} // namespace onnx

namespace hefstudio {

// "float32" …, or the name ONNX gives a type this program does not compute with.
std::string onnxTypeName(std::int32_t dataType);
std::optional<ElementType> elementTypeOfOnnx(std::int32_t dataType);

class TensorReader {
public:
    // `folder` is where external data may lie; none refuses external data.
    TensorReader(std::string fileForErrors, std::optional<std::filesystem::path> folder);
    ~TensorReader();

    using Outcome = std::variant<SharedTensor, UnreadableTensor>;
    // Takes the bytes out of `proto` so that they are not held twice. `name` is for diagnostics.
    Result<Outcome> read(onnx::TensorProto &proto, const std::string &name);
    Result<Outcome> readSparse(onnx::SparseTensorProto &proto, const std::string &name);

private:
    struct Region {
        std::span<const std::byte> bytes;
    };
    Result<Region> externalBytes(const onnx::TensorProto &proto, const std::string &name);
    Result<const MappedFile *> openExternal(const std::string &location, const std::string &name);
    Place placeOf(const std::string &name) const;
    std::unexpected<Diagnostics> malformed(const std::string &name, std::string reason) const;
    std::unexpected<Diagnostics> tooLarge(const std::string &name, std::uint64_t bytes) const;

    std::string m_file;
    std::optional<std::filesystem::path> m_folder;
    std::map<std::string, MappedFile> m_external;
    // What references into external files may add up to: the same bytes may be shared by a few
    // tensors, not unfolded a thousand times.
    std::uint64_t m_externalBudget = std::uint64_t(64) << 20;
    std::uint64_t m_sparseBudget = std::uint64_t(512) << 20;
};

} // namespace hefstudio
