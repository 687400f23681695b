// As much of HailoRT's C++ interface as the examples of a deployment kit use, for compiling them
// where HailoRT is not installed. Declarations only, written for this purpose.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

enum hailo_status { HAILO_SUCCESS = 0 };
enum hailo_format_type_t { HAILO_FORMAT_TYPE_FLOAT32 = 3 };
struct hailo_3d_image_shape_t {
    std::uint32_t height, width, features;
};

namespace hailort {

template<class T> class Expected {
public:
    explicit operator bool() const;
    hailo_status status() const;
    T release();
    T *operator->();
};

class MemoryView {
public:
    MemoryView(void *data, std::size_t size);
};

class InferModel {
public:
    class InferStream {
    public:
        const std::string name() const;
        hailo_3d_image_shape_t shape() const;
        std::size_t get_frame_size() const;
        void set_format_type(hailo_format_type_t type);
    };
};

class ConfiguredInferModel {
public:
    class Bindings {
    public:
        class InferStream {
        public:
            hailo_status set_buffer(MemoryView view);
        };
        Expected<InferStream> input();
        Expected<InferStream> output(const std::string &name);
    };
    Expected<Bindings> create_bindings();
    hailo_status run(Bindings bindings, std::chrono::milliseconds timeout);
};

class InferModelBase : public InferModel {
public:
    const std::vector<InferStream> &outputs() const;
    Expected<InferStream> output(const std::string &name);
    Expected<ConfiguredInferModel> configure();
};

class VDevice {
public:
    static Expected<std::unique_ptr<VDevice>> create();
    Expected<std::shared_ptr<InferModelBase>> create_infer_model(const std::string &hef);
};

} // namespace hailort
