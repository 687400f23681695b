// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/stream_layout.h"

#include "base/file.h"
#include "base/hash.h"

namespace hefstudio {
namespace {

constexpr std::size_t maxNameBytes = 127; // HAILO_MAX_STREAM_NAME_SIZE without its terminator
constexpr std::size_t digestDigits = 8;

// Moves element (channel, pixel) to (pixel, channel) for every picture of the batch, or back.
Tensor swapChannelsAndPixels(const Tensor &from, std::int64_t rows, std::int64_t columns,
                             std::int64_t batch, Shape shape)
{
    Tensor to(from.type(), std::move(shape));
    const auto bytes = elementBytes(from.type());
    const auto *source = from.bytes().data();
    for (std::int64_t n = 0; n < batch; ++n)
        for (std::int64_t row = 0; row < rows; ++row)
            for (std::int64_t column = 0; column < columns; ++column) {
                const auto target = static_cast<std::size_t>((n * columns + column) * rows + row);
                std::memcpy(to.bytes().data() + target * bytes, source, bytes);
                source += bytes;
            }
    return to;
}

} // namespace

StreamShape streamShape(const Shape &shape)
{
    if (shape.rank() == 4 && shape[0] == 1)
        return {shape[2], shape[3], shape[1], false};
    if (shape.rank() == 3 && shape[0] == 1)
        return {1, shape[1], shape[2], false};
    return {1, 1, shape.elementCount(), true};
}

Tensor toStreamLayout(const Tensor &tensor)
{
    const Shape &shape = tensor.shape();
    if (shape.rank() != 4)
        return tensor;
    return swapChannelsAndPixels(tensor, shape[1], shape[2] * shape[3], shape[0],
                                 Shape{shape[0], shape[2], shape[3], shape[1]});
}

Tensor fromStreamLayout(const Tensor &stream, const Shape &shape)
{
    if (shape.rank() != 4)
        return Tensor(stream).reshaped(shape);
    return swapChannelsAndPixels(stream, shape[2] * shape[3], shape[1], shape[0], shape);
}

std::string streamName(const std::string &group, const std::string &tensorName)
{
    std::string name = tensorName;
    while (name.starts_with('/'))
        name.erase(0, 1);
    name = group + "/" + name;
    if (name.size() <= maxNameBytes)
        return name;
    const auto digest = sha256Hex(asBytes(name)).substr(0, digestDigits);
    std::size_t keep = maxNameBytes - digestDigits - 1;
    while (keep > 0 && (static_cast<unsigned char>(name[keep]) & 0xC0) == 0x80)
        --keep; // never inside a UTF-8 sequence
    return name.substr(0, keep) + "_" + digest;
}

std::string outputFileName(std::string tensorName)
{
    for (char &c : tensorName)
        if (c == '/' || c == '\\' || static_cast<unsigned char>(c) < 0x20)
            c = '_';
    if (tensorName.empty() || tensorName.front() == '.')
        tensorName = "output" + tensorName;
    return tensorName + ".npy";
}

} // namespace hefstudio
