// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/calibration_set.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/npy.h"
#include "base/safetensors.h"

#include <algorithm>

namespace hefstudio {
namespace {

// More than this in one folder is a mistaken path (a whole disk), not a calibration set.
constexpr std::size_t maxFiles = 1'000'000;

// [H,W,C] elements of `width` bytes moved to [C,H,W].
Tensor channelsFirst(const std::byte *nhwc, ElementType type, const Shape &nchw)
{
    Tensor result(type, nchw);
    const auto bytes = elementBytes(type);
    const auto channels = nchw[1];
    const auto plane = nchw[2] * nchw[3];
    for (std::int64_t pixel = 0; pixel < plane; ++pixel)
        for (std::int64_t channel = 0; channel < channels; ++channel)
            std::memcpy(result.bytes().data() +
                            static_cast<std::size_t>(channel * plane + pixel) * bytes,
                        nhwc + static_cast<std::size_t>(pixel * channels + channel) * bytes, bytes);
    return result;
}

// Bytes of a linear congruential generator (Knuth's constants): the same everywhere.
Tensor noise(std::uint64_t state, const Shape &shape)
{
    Tensor result(ElementType::uint8, shape);
    for (std::uint8_t &value : result.as<std::uint8_t>()) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        value = static_cast<std::uint8_t>(state >> 56);
    }
    return result;
}

} // namespace

Result<CalibrationSet> CalibrationSet::open(const std::filesystem::path &source)
{
    namespace fs = std::filesystem;
    CalibrationSet set;
    set.m_source = source;
    std::error_code error;
    const auto status = fs::status(source, error);
    if (!fs::exists(status))
        return fail(Diagnostic("file.not-found", Place{.file = source.string()}));
    if (fs::is_directory(status)) {
        // Symbolic links to folders are not followed: they can form circles.
        for (fs::recursive_directory_iterator
                 at(source, fs::directory_options::skip_permission_denied, error),
             end;
             !error && at != end; at.increment(error)) {
            if (!at->is_regular_file(error))
                continue;
            (hasPictureEnding(at->path()) ? set.m_pictures : set.m_ignored).push_back(at->path());
            if (set.m_pictures.size() + set.m_ignored.size() > maxFiles)
                break;
        }
        if (error)
            return fail(Diagnostic("file.not-readable", Place{.file = source.string()})
                            .with("reason", error.message()));
        std::ranges::sort(set.m_pictures);
        std::ranges::sort(set.m_ignored);
        if (set.m_pictures.empty())
            return fail(Diagnostic("calib.empty", Place{.file = source.string()})
                            .with("ignored", static_cast<std::int64_t>(set.m_ignored.size())));
        return set;
    }
    if (source.extension() == ".npy") {
        auto array = readNpy(source);
        if (!array)
            return passOn(std::move(array));
        set.m_arrays.emplace_back("", std::make_shared<const Tensor>(std::move(*array)));
    } else if (source.extension() == ".npz") {
        auto arrays = readNpz(source);
        if (!arrays)
            return passOn(std::move(arrays));
        for (auto &[name, array] : *arrays)
            set.m_arrays.emplace_back(name, std::make_shared<const Tensor>(std::move(array)));
    } else if (source.extension() == ".safetensors") {
        auto arrays = readSafetensors(source);
        if (!arrays)
            return passOn(std::move(arrays));
        for (auto &[name, array] : *arrays)
            set.m_arrays.emplace_back(name, std::make_shared<const Tensor>(std::move(array)));
        set.m_declaresChannelsFirst = true;
    } else if (hasPictureEnding(source)) {
        set.m_pictures.push_back(source);
        return set;
    } else {
        return fail(Diagnostic("calib.not-a-set", Place{.file = source.string()}));
    }
    for (const auto &[name, array] : set.m_arrays) {
        const auto samples = array->shape().rank() > 0 ? array->shape()[0] : 0;
        if (samples == 0 ||
            (set.m_sampleCount != 0 && samples != static_cast<std::int64_t>(set.m_sampleCount)))
            return fail(
                Diagnostic("calib.not-a-set", Place{.file = source.string(), .keyPath = name}));
        set.m_sampleCount = static_cast<std::size_t>(samples);
    }
    return set;
}

const Tensor *CalibrationSet::array(const std::string &inputName) const
{
    if (m_arrays.empty())
        return nullptr;
    const auto named =
        std::ranges::find_if(m_arrays, [&](const auto &a) { return a.first == inputName; });
    return (named == m_arrays.end() ? m_arrays.front() : *named).second.get();
}

CalibrationSet CalibrationSet::random(std::size_t count, std::uint64_t seed)
{
    CalibrationSet set;
    set.m_source = "random";
    set.m_sampleCount = count;
    set.m_seed = seed;
    return set;
}

bool CalibrationSet::isRealValued() const
{
    return !m_arrays.empty() && m_arrays.front().second->type() != ElementType::uint8;
}

std::string CalibrationSet::nameOf(std::size_t index) const
{
    if (isArray())
        return m_source.string() + "[" + std::to_string(index) + "]";
    return m_pictures[index].string();
}

std::string CalibrationSet::relativeNameOf(std::size_t index) const
{
    if (isArray())
        return m_source.filename().string() + "[" + std::to_string(index) + "]";
    const auto relative = m_pictures[index].lexically_relative(m_source);
    return relative == "." || relative.empty() ? m_pictures[index].filename().string()
                                               : relative.generic_string();
}

Result<Tensor> CalibrationSet::load(std::size_t index, const std::string &inputName,
                                    const Shape &shape, const PreprocessOptions &options) const
{
    if (isRandom())
        return noise(*m_seed + index * 0x9E3779B97F4A7C15U + xxh3_64(asBytes(inputName)), shape);
    if (!isArray()) {
        auto image = loadImage(m_pictures[index]);
        if (!image)
            return passOn(std::move(image));
        auto ready = preprocess(*image, options);
        if (!ready)
            return passOn(std::move(ready));
        return std::move(ready->pixels);
    }
    const Tensor &array = *this->array(inputName);
    std::vector<std::int64_t> sample(array.shape().begin() + 1, array.shape().end());
    std::vector<std::int64_t> wanted(shape.begin() + (shape.rank() > 0 ? 1 : 0), shape.end());
    const auto bytes = elementBytes(array.type());
    const auto count = static_cast<std::size_t>(Shape(sample).elementCount());
    const std::byte *data = array.bytes().data() + index * count * bytes;
    if (sample == wanted) {
        Tensor result(array.type(), shape);
        if (result.byteCount() == count * bytes && count > 0)
            std::memcpy(result.bytes().data(), data, count * bytes);
        return result;
    }
    if (shape.rank() == 4 && sample == std::vector{wanted[1], wanted[2], wanted[0]})
        return channelsFirst(data, array.type(), shape);
    return fail(Diagnostic("calib.shape-mismatch", Place{.file = m_source.string()})
                    .with("found", Shape(sample).text())
                    .with("wanted", Shape(wanted).text()));
}

} // namespace hefstudio
