// SPDX-License-Identifier: GPL-3.0-or-later
#include "tensor_file.h"

#include "onnx/tensor_reader.h"

#include <onnx/onnx_pb.h>

#include <fstream>

using namespace hefstudio;

std::optional<Tensor> readTensorFile(const std::filesystem::path &file)
{
    std::ifstream stream(file, std::ios::binary);
    onnx::TensorProto proto;
    if (!stream || !proto.ParseFromIstream(&stream) || proto.data_type() == 0)
        return std::nullopt;
    TensorReader reader(file.string(), std::nullopt);
    const auto outcome = reader.read(proto, "tensor");
    if (!outcome || !std::holds_alternative<SharedTensor>(*outcome))
        return std::nullopt;
    return *std::get<SharedTensor>(*outcome);
}
