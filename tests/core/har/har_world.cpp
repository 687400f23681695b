// SPDX-License-Identifier: GPL-3.0-or-later
#include "har_world.h"

#include <algorithm>

namespace hefstudio::test {
namespace {

Bytes bytesOf(const std::string &text)
{
    const auto bytes = asBytes(text);
    return Bytes(bytes.begin(), bytes.end());
}

Tensor counting(Shape shape)
{
    Tensor tensor(ElementType::float32, shape);
    float next = 0;
    for (float &value : tensor.as<float>())
        value = next++;
    return tensor;
}

std::string indexOf(const std::string &state, const std::string &more)
{
    return R"({"state": ")" + state + R"(", "force_weightless_model": false,
 "model_name": "tiny", "sdk_version": "3.33.0", "hw_arch": "hailo8", "hn": "tiny.hn",
 "params": "tiny.npz", "original_model_meta": "tiny.original_model_meta.json")" +
           more + "}";
}

// A NumPy text array, as the quantiser's state has them.
Bytes textArray()
{
    std::string header = "{'descr': '<U4', 'fortran_order': False, 'shape': (1,), }";
    header.append(64 - (10 + header.size() + 1) % 64, ' ');
    header += '\n';
    std::string bytes = std::string("\x93NUMPY\x01\x00", 8);
    bytes += static_cast<char>(header.size());
    bytes += '\0';
    bytes += header + std::string("s\0\0\0a\0\0\0g\0\0\0e\0\0\0", 16);
    return bytesOf(bytes);
}

} // namespace

void VendorArchive::put(const std::string &name, const std::string &text)
{
    const auto found = std::ranges::find(members, name, &ArchiveMember::name);
    if (found == members.end())
        members.insert(members.end() - 1, {name, bytesOf(text)});
    else
        found->bytes = bytesOf(text);
}

void VendorArchive::drop(const std::string &name)
{
    std::erase_if(members, [&](const ArchiveMember &member) { return member.name == name; });
}

std::string vendorNetwork(bool isQuantised)
{
    const std::string precision =
        isQuantised ? R"({"precision_mode": "a8_w8_a8", "bias_mode": "double_scale_initialization",
  "quantization_groups": 1, "signed_output": false})"
                    : "{}";
    const auto with = [&](std::string text) {
        return R"(, "compilation_params": {}, "quantization_params": )" + precision + text + "}";
    };
    return R"({"name": "tiny", "net_params": {"version": "1.0", "stage": "HN",
  "clusters_placement": [[]], "output_layers_order": ["tiny/fc1"], "net_scopes": ["tiny"]},
 "layers": {
 "tiny/input_layer1": {"type": "input_layer", "input": [], "output": ["tiny/conv1"],
  "input_shapes": [[-1,4,4,2]], "output_shapes": [[-1,4,4,2]], "original_names": ["input"],
  "transposed": false, "engine": "nn_core", "io_type": "standard")" +
           with("") + R"(,
 "tiny/conv1": {"type": "conv", "input": ["tiny/input_layer1"], "output": ["tiny/maxpool1"],
  "input_shapes": [[-1,4,4,2]], "output_shapes": [[-1,4,4,4]],
  "original_names": ["/conv1/Conv", "/Relu"])" +
           with(R"(, "params": {"kernel_shape": [3,3,2,4], "strides": [1,1,1,1],
  "dilations": [1,1,1,1], "padding": "SAME_TENSORFLOW", "groups": 1, "batch_norm": false,
  "elementwise_add": false, "activation": "relu"})") +
           R"(,
 "tiny/maxpool1": {"type": "maxpool", "input": ["tiny/conv1"], "output": ["tiny/fc1"],
  "input_shapes": [[-1,4,4,4]], "output_shapes": [[-1,2,2,4]], "original_names": ["/MaxPool"])" +
           with(R"(, "params": {"kernel_shape": [1,2,2,1], "strides": [1,2,2,1],
  "padding": "VALID", "activation": "linear", "count_include_pad": false})") +
           R"(,
 "tiny/fc1": {"type": "dense", "input": ["tiny/maxpool1"], "output": ["tiny/output_layer1"],
  "input_shapes": [[-1,2,2,4]], "output_shapes": [[-1,1,1,3]],
  "original_names": ["/Flatten", "/fc1/Gemm", "/Sigmoid"])" +
           with(R"(, "params": {"kernel_shape": [16,3], "batch_norm": false,
  "activation": "sigmoid"})") +
           R"(,
 "tiny/output_layer1": {"type": "output_layer", "input": ["tiny/fc1"], "output": [],
  "input_shapes": [[-1,1,1,3]], "output_shapes": [[-1,1,1,3]], "original_names": ["output"],
  "transposed": false, "engine": "nn_core", "io_type": "standard")" +
           with("") + "}}";
}

NamedTensors vendorWeights()
{
    return {{"params_kind", Tensor::of<std::int64_t>({1}, {0})},
            {"tiny/conv1/kernel:0", counting({3, 3, 2, 4})},
            {"tiny/conv1/bias:0", Tensor::of<float>({4}, {1, 2, 3, 4})},
            {"tiny/conv1/padding_const_value:0", Tensor::scalar<std::int64_t>(0)},
            {"tiny/fc1/kernel:0", counting({16, 3})},
            {"tiny/fc1/bias:0", Tensor::of<float>({3}, {1, 2, 3})}};
}

VendorArchive parsedArchive()
{
    return {{{"tiny.hn", bytesOf(vendorNetwork(false))},
             {"tiny.npz", *npzBytes(vendorWeights())},
             {"tiny.original_model_meta.json",
              bytesOf(R"({"original_model_path": "/home/somebody/tiny.onnx"})")},
             {"tiny.metadata.json", bytesOf(indexOf("hailo_model", ""))}}};
}

VendorArchive quantisedArchive()
{
    VendorArchive archive = parsedArchive();
    archive.put("tiny.hn", vendorNetwork(true));
    archive.put("tiny.native.hn", vendorNetwork(false));
    archive.put("tiny.fp.hn", vendorNetwork(false));
    archive.put("tiny.alls", "model_optimization_flavor(optimization_level=2)\n");
    const auto insert = [&archive](const std::string &name, Bytes bytes) {
        archive.members.insert(archive.members.end() - 1, {name, std::move(bytes)});
    };
    NamedTensors integers{{"params_kind", Tensor::of<std::int64_t>({1}, {2})},
                          {"tiny/conv1/qp_out:0", Tensor::of<float>({2}, {0, 0})},
                          {"tiny/conv1/limvals_out:0", Tensor::of<float>({2}, {0, 8})},
                          {"tiny/fc1/qp_out:0", Tensor::of<float>({2}, {0, 1.0F / 255})},
                          {"tiny/fc1/limvals_out:0", Tensor::of<float>({2}, {0, 1})}};
    insert("tiny.q.npz", *npzBytes(integers));
    insert("tiny.fpo.npz", *npzBytes(vendorWeights()));
    // Texts stand among the numbers of this member.
    const std::vector<ArchiveMember> state{
        {"tiny/conv1/stats/output_0/stats_limvals:0.npy", npyBytes(Tensor::of<float>({2}, {0, 7}))},
        {"optimization_target.npy", textArray()}};
    insert("tiny.ho.npz", *zipBytes(state));
    archive.members.back().bytes =
        bytesOf(indexOf("quantized_model",
                        R"(, "params_translated": "tiny.q.npz", "native_hn": "tiny.native.hn",
 "fp_hn": "tiny.fp.hn", "params_fp_opt": "tiny.fpo.npz", "model_script": "tiny.alls",
 "params_hailo_optimized": "tiny.ho.npz",
 "mo_flavor": {"optimization_level": 0, "compression_level": 0})"));
    return archive;
}

VendorArchive compiledArchive()
{
    VendorArchive archive = quantisedArchive();
    archive.put("tiny.hef", "\x01HEF and so on");
    archive.put("tiny.auto.alls", "place(0, [conv1])\n");
    std::string index(reinterpret_cast<const char *>(archive.members.back().bytes.data()),
                      archive.members.back().bytes.size());
    index.replace(index.find("quantized_model"), 15, "compiled_model");
    index.insert(index.rfind('}'), R"(, "hef": "tiny.hef", "auto_model_script": "tiny.auto.alls")");
    archive.members.back().bytes = bytesOf(index);
    return archive;
}

} // namespace hefstudio::test
