// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/calibration_set.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/npy.h"
#include "base/safetensors.h"
#include "calibration/data_yaml.h"
#include "calibration/set_file.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace hefstudio {
namespace {

namespace fs = std::filesystem;

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

SampleArray heldArray(Tensor tensor)
{
    auto held = std::make_shared<const Tensor>(std::move(tensor));
    return {held->type(), held->shape(), held->bytes(), held};
}

// Mapped rather than read where the bytes lie as they are wanted.
Result<SampleArray> openNpy(const fs::path &file)
{
    auto mapped = MappedFile::open(file);
    if (!mapped)
        return passOn(std::move(mapped));
    const auto layout = parseNpyLayout(mapped->bytes(), file.string());
    if (!layout)
        return std::unexpected(layout.error());
    if (layout->isFortranOrder || layout->isSwapped) {
        auto tensor = parseNpy(mapped->bytes(), file.string());
        if (!tensor)
            return passOn(std::move(tensor));
        return heldArray(std::move(*tensor));
    }
    auto keeper = std::make_shared<const MappedFile>(std::move(*mapped));
    const auto bytes = keeper->bytes().subspan(
        layout->dataStart, static_cast<std::size_t>(layout->shape.elementCount()) *
                               elementBytes(layout->type));
    return SampleArray{layout->type, layout->shape, bytes, keeper};
}

Diagnostic notASet(const fs::path &file, const std::string &key = {})
{
    return Diagnostic("calib.not-a-set", Place{.file = file.string(), .keyPath = key});
}

// The deepest folder that holds them all.
fs::path commonFolder(const std::vector<fs::path> &files)
{
    if (files.empty())
        return {};
    fs::path common = files.front().parent_path();
    for (const fs::path &file : files) {
        const fs::path folder = file.parent_path();
        const auto [end, ignored] =
            std::mismatch(common.begin(), common.end(), folder.begin(), folder.end());
        fs::path kept;
        for (auto part = common.begin(); part != end; ++part)
            kept /= *part;
        common = kept;
    }
    return common;
}

} // namespace

std::size_t SampleArray::sampleBytes() const
{
    return shape.rank() == 0 || shape[0] == 0 ? 0
                                              : bytes.size() / static_cast<std::size_t>(shape[0]);
}

std::span<const std::byte> SampleArray::sample(std::size_t index) const
{
    return bytes.subspan(index * sampleBytes(), sampleBytes());
}

Tensor SampleArray::sampleValues(std::size_t index) const
{
    Shape one = shape;
    one[0] = 1;
    Tensor tensor(type, one);
    if (tensor.byteCount() > 0)
        std::memcpy(tensor.bytes().data(), sample(index).data(), tensor.byteCount());
    return tensor.toFloat32();
}

std::optional<SampleForm> pictureForm(const Shape &shape)
{
    const auto isChannels = [](std::int64_t count) { return count == 1 || count == 3 || count == 4; };
    constexpr std::int64_t most = 1 << 16;
    if (shape.rank() != 4 || shape[1] < 1 || shape[2] < 1 || shape[3] < 1 || shape[2] > most ||
        std::max(shape[1], shape[3]) > most)
        return std::nullopt;
    if (isChannels(shape[3]) && shape[1] > 4)
        return SampleForm{static_cast<int>(shape[2]), static_cast<int>(shape[1]),
                          static_cast<int>(shape[3]), false};
    if (isChannels(shape[1]) && shape[3] > 4 && shape[2] > 4)
        return SampleForm{static_cast<int>(shape[3]), static_cast<int>(shape[2]),
                          static_cast<int>(shape[1]), true};
    return std::nullopt;
}

Result<CalibrationSet> CalibrationSet::openFolder(const std::filesystem::path &source)
{
    CalibrationSet set;
    set.m_source = set.m_root = source;
    std::error_code error;
    // Symbolic links to folders are not followed: they can form circles.
    for (fs::recursive_directory_iterator
             at(source, fs::directory_options::skip_permission_denied, error),
         end;
         !error && at != end; at.increment(error)) {
        if (!at->is_regular_file(error) || at->path().filename() == setFileName)
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

Result<void> CalibrationSet::addArray(const std::string &name, SampleArray array)
{
    const auto samples = array.shape.rank() > 0 ? array.shape[0] : 0;
    if (samples == 0 ||
        (m_sampleCount != 0 && samples != static_cast<std::int64_t>(m_sampleCount)))
        return fail(notASet(m_source, name));
    m_sampleCount = static_cast<std::size_t>(samples);
    m_arrays.emplace_back(name, std::move(array));
    return {};
}

Result<CalibrationSet> CalibrationSet::openArrays(const std::filesystem::path &source)
{
    CalibrationSet set;
    set.m_source = source;
    set.m_root = source.parent_path();
    if (source.extension() == ".npy") {
        auto array = openNpy(source);
        if (!array)
            return passOn(std::move(array));
        if (auto added = set.addArray("", std::move(*array)); !added)
            return passOn(std::move(added));
        return set;
    }
    set.m_declaresChannelsFirst = source.extension() == ".safetensors";
    auto arrays = set.m_declaresChannelsFirst ? readSafetensors(source) : readNpz(source);
    if (!arrays)
        return passOn(std::move(arrays));
    for (auto &[name, array] : *arrays)
        if (auto added = set.addArray(name, heldArray(std::move(array))); !added)
            return passOn(std::move(added));
    return set;
}

CalibrationSet CalibrationSet::ofPictures(std::filesystem::path root,
                                          std::vector<std::filesystem::path> pictures)
{
    CalibrationSet set;
    set.m_source = root;
    set.m_root = std::move(root);
    set.m_pictures = std::move(pictures);
    return set;
}

namespace {

// What a SET.json or a data.yaml names.
Result<CalibrationSet> openSetFile(const fs::path &source, std::vector<std::string> &digests)
{
    auto file = readSetFile(source);
    if (!file)
        return passOn(std::move(file));
    if (!file->exported.empty())
        return CalibrationSet::open(file->exported);
    if (file->samples.empty())
        return fail(
            Diagnostic("calib.empty", Place{.file = source.string()}).with("ignored", std::int64_t(0)));
    if (!file->samples.front().row) {
        std::vector<fs::path> pictures;
        for (std::size_t i = 0; i < file->samples.size(); ++i) {
            SetFileSample &sample = file->samples[i];
            if (sample.row || !hasPictureEnding(sample.file))
                return fail(notASet(source, "samples[" + std::to_string(i) + "].file"));
            pictures.push_back(std::move(sample.file));
            digests.push_back(std::move(sample.sha256));
        }
        return CalibrationSet::ofPictures(commonFolder(pictures), std::move(pictures));
    }
    const fs::path array = file->samples.front().file;
    if (array.extension() == ".json")
        return fail(notASet(source, "samples[0].file"));
    auto whole = CalibrationSet::open(array);
    if (!whole)
        return whole;
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < file->samples.size(); ++i) {
        const SetFileSample &sample = file->samples[i];
        if (!sample.row || sample.file != array ||
            static_cast<std::size_t>(*sample.row) >= whole->size())
            return fail(notASet(source, "samples[" + std::to_string(i) + "].row"));
        rows.push_back(static_cast<std::size_t>(*sample.row));
    }
    return whole->chosen(rows);
}

Result<CalibrationSet> openDataYaml(const fs::path &source)
{
    const auto data = readDataYaml(source);
    if (!data)
        return std::unexpected(data.error());
    for (const auto *entries : {&data->train, &data->validation, &data->test}) {
        auto pictures = picturesOf(*entries);
        if (!pictures)
            return passOn(std::move(pictures));
        if (!pictures->empty()) {
            fs::path root = commonFolder(*pictures);
            return CalibrationSet::ofPictures(std::move(root), std::move(*pictures));
        }
    }
    return fail(
        Diagnostic("calib.empty", Place{.file = source.string()}).with("ignored", std::int64_t(0)));
}

} // namespace

Result<CalibrationSet> CalibrationSet::open(const std::filesystem::path &source)
{
    std::error_code error;
    const auto status = fs::status(source, error);
    if (!fs::exists(status))
        return fail(Diagnostic("file.not-found", Place{.file = source.string()}));
    if (fs::is_directory(status))
        return openFolder(source);
    const auto ending = source.extension();
    if (ending == ".npy" || ending == ".npz" || ending == ".safetensors")
        return openArrays(source);
    if (ending == ".json" || ending == ".yaml" || ending == ".yml") {
        std::vector<std::string> digests;
        auto set = ending == ".json" ? openSetFile(source, digests) : openDataYaml(source);
        if (set) {
            set->m_digests = std::move(digests);
            set->m_source = source;
        }
        return set;
    }
    if (!hasPictureEnding(source))
        return fail(notASet(source));
    CalibrationSet set = ofPictures(source.parent_path(), {source});
    set.m_source = source;
    return set;
}

Result<CalibrationSet> CalibrationSet::openAll(std::span<const std::filesystem::path> sources)
{
    if (sources.size() == 1)
        return open(sources.front());
    CalibrationSet all;
    std::set<fs::path> seen;
    for (const fs::path &source : sources) {
        auto set = open(source);
        if (!set)
            return set;
        if (set->isArray())
            return fail(Diagnostic("calib.mixed-sources", Place{.file = source.string()}));
        for (fs::path &picture : set->m_pictures)
            if (seen.insert(fs::weakly_canonical(picture)).second)
                all.m_pictures.push_back(std::move(picture));
        all.m_ignored.insert(all.m_ignored.end(), set->m_ignored.begin(), set->m_ignored.end());
    }
    if (all.m_pictures.empty())
        return fail(Diagnostic("calib.empty").with("ignored", std::int64_t(0)));
    all.m_source = all.m_root = commonFolder(all.m_pictures);
    return all;
}

CalibrationSet CalibrationSet::chosen(std::span<const std::size_t> samples) const
{
    CalibrationSet set = *this;
    set.m_pictures.clear();
    set.m_digests.clear();
    set.m_rows.clear();
    for (const std::size_t sample : samples) {
        if (!isArray())
            set.m_pictures.push_back(m_pictures[sample]);
        else
            set.m_rows.push_back(rowOf(sample));
        if (!m_digests.empty())
            set.m_digests.push_back(m_digests[sample]);
    }
    return set;
}

std::size_t CalibrationSet::size() const
{
    if (!isArray())
        return m_pictures.size();
    return m_rows.empty() ? m_sampleCount : m_rows.size();
}

const SampleArray *CalibrationSet::array(const std::string &inputName) const
{
    if (m_arrays.empty())
        return nullptr;
    const auto named =
        std::ranges::find_if(m_arrays, [&](const auto &a) { return a.first == inputName; });
    return &(named == m_arrays.end() ? m_arrays.front() : *named).second;
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
    return !m_arrays.empty() && m_arrays.front().second.type != ElementType::uint8;
}

std::string CalibrationSet::nameOf(std::size_t index) const
{
    if (isArray())
        return m_source.string() + "[" + std::to_string(rowOf(index)) + "]";
    return m_pictures[index].string();
}

std::string CalibrationSet::relativeNameOf(std::size_t index) const
{
    if (isArray())
        return m_source.filename().string() + "[" + std::to_string(rowOf(index)) + "]";
    const auto relative = m_pictures[index].lexically_relative(m_root);
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
    const SampleArray &array = *this->array(inputName);
    std::vector<std::int64_t> sample(array.shape.begin() + 1, array.shape.end());
    std::vector<std::int64_t> wanted(shape.begin() + (shape.rank() > 0 ? 1 : 0), shape.end());
    const auto bytes = array.sample(rowOf(index));
    if (sample == wanted) {
        Tensor result(array.type, shape);
        if (result.byteCount() == bytes.size() && !bytes.empty())
            std::memcpy(result.bytes().data(), bytes.data(), bytes.size());
        return result;
    }
    if (shape.rank() == 4 && sample == std::vector{wanted[1], wanted[2], wanted[0]})
        return channelsFirst(bytes.data(), array.type, shape);
    return fail(Diagnostic("calib.shape-mismatch", Place{.file = m_source.string()})
                    .with("found", Shape(sample).text())
                    .with("wanted", Shape(wanted).text()));
}

Result<Image> CalibrationSet::picture(std::size_t index) const
{
    if (!isArray())
        return loadImage(m_pictures[index]);
    const auto form = isRandom() ? std::nullopt : pictureForm(m_arrays.front().second.shape);
    if (!form)
        return fail(Diagnostic("calib.not-pictures", Place{.file = m_source.string()}));
    const Tensor tensor = m_arrays.front().second.sampleValues(rowOf(index));
    const auto values = tensor.as<float>();
    float low = 0;
    float high = 0;
    for (const float value : values)
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    // Raw bytes stay as they are. Shares of white and values around zero are stretched.
    float scale = 1;
    float offset = 0;
    if (low < 0) {
        const float most = std::max(high, -low);
        scale = 127.5F / most;
        offset = 127.5F;
    } else if (high > 0 && high <= 1 && m_arrays.front().second.type != ElementType::uint8) {
        scale = 255;
    }
    Image image{.width = form->width, .height = form->height, .rgb = {}};
    const auto pixels = static_cast<std::size_t>(form->width) * form->height;
    const auto channels = static_cast<std::size_t>(form->channels);
    image.rgb.resize(pixels * 3);
    for (std::size_t pixel = 0; pixel < pixels; ++pixel)
        for (std::size_t c = 0; c < 3; ++c) {
            const std::size_t from = channels == 1 ? 0 : c;
            const float value = values[form->isChannelsFirst ? from * pixels + pixel
                                                             : pixel * channels + from];
            const float shown = std::isfinite(value) ? value * scale + offset : 0;
            image.rgb[pixel * 3 + c] =
                static_cast<std::uint8_t>(std::clamp(std::lround(shown), 0L, 255L));
        }
    return image;
}

} // namespace hefstudio
