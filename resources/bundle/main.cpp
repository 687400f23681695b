// Runs one raw picture (uint8, height × width × channels, as the network sees it) through the HEF on
// the device and prints what is found. HailoRT 4.17 and later.
//
// Usage: infer PICTURE.raw
#include "decode.hpp"

#include <hailo/hailort.hpp>

#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>

namespace {

// Ends the program with HailoRT's own number when a step fails.
template<class T> T need(hailort::Expected<T> &&value, const char *step)
{
    if (!value) {
        std::cerr << step << " failed: HailoRT status " << value.status() << "\n";
        std::exit(1);
    }
    return value.release();
}

void need(hailo_status status, const char *step)
{
    if (status != HAILO_SUCCESS) {
        std::cerr << step << " failed: HailoRT status " << status << "\n";
        std::exit(1);
    }
}

decode::Outputs run(std::vector<unsigned char> &picture)
{
    auto device = need(hailort::VDevice::create(), "opening the device");
    auto inferModel = need(device->create_infer_model(model::hef), "reading the HEF");
    for (const auto &output : inferModel->outputs())
        inferModel->output(output.name())->set_format_type(HAILO_FORMAT_TYPE_FLOAT32);
    auto configured = need(inferModel->configure(), "configuring the device");
    auto bindings = need(configured.create_bindings(), "creating the bindings");
    need(bindings.input()->set_buffer(hailort::MemoryView(picture.data(), picture.size())),
         "setting the input");
    decode::Outputs outputs;
    for (const auto &info : inferModel->outputs()) {
        decode::Output output;
        const auto shape = info.shape();
        output.height = static_cast<int>(shape.height);
        output.width = static_cast<int>(shape.width);
        output.features = static_cast<int>(shape.features);
        output.values.resize(info.get_frame_size() / sizeof(float));
        auto &stored = outputs[info.name()] = std::move(output);
        need(bindings.output(info.name())
                 ->set_buffer(hailort::MemoryView(stored.values.data(),
                                                  stored.values.size() * sizeof(float))),
             "setting an output");
    }
    need(configured.run(bindings, std::chrono::seconds(10)), "running");
    return outputs;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2) {
        std::cerr << "usage: infer PICTURE.raw\n";
        return 2;
    }
    std::ifstream file(argv[1], std::ios::binary);
    std::vector<unsigned char> picture{std::istreambuf_iterator<char>(file), {}};
    const std::size_t wanted = static_cast<std::size_t>(model::inputHeight) * model::inputWidth *
                               model::inputChannels;
    if (picture.size() != wanted) {
        std::cerr << argv[1] << " has " << picture.size() << " bytes, the network takes " << wanted
                  << "\n";
        return 1;
    }
    const decode::Outputs outputs = run(picture);
    if (model::task == model::Task::classify) {
        for (const auto &one : decode::classify(outputs))
            std::cout << decode::labelOf(one.index) << " " << one.score << "\n";
    } else if (model::hasRuntimeNms || !model::scales.empty()) {
        for (const auto &one :
             model::hasRuntimeNms ? decode::detectOnRuntime(outputs) : decode::detect(outputs))
            std::cout << decode::labelOf(one.classIndex) << " " << one.score << " (" << one.x1
                      << ", " << one.y1 << ") to (" << one.x2 << ", " << one.y2 << ")\n";
    } else {
        for (const auto &[name, output] : outputs)
            std::cout << name << ": " << output.values.size() << " values\n";
    }
    return 0;
}
