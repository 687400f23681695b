// The pictures or arrays a network is calibrated with: what they are, in a fixed order, and one of
// them at a time as the network's raw input. Listing opens no picture; loading one touches no
// other. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/tensor.h"
#include "calibration/preprocess.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hefstudio {

// Samples of one input, [count, …], in memory or mapped from a file of any size.
struct SampleArray {
    ElementType type = ElementType::uint8;
    Shape shape;
    std::span<const std::byte> bytes;   // row-major
    std::shared_ptr<const void> keeper; // of the bytes

    std::size_t sampleBytes() const;
    std::span<const std::byte> sample(std::size_t index) const;
    // One sample's values as floats, without the count: shape [1, …].
    Tensor sampleValues(std::size_t index) const;
};

class CalibrationSet {
public:
    // A folder (recursive, sorted by path), one picture, a SET.json (set_file.h), a YOLO data.yaml
    // (its training pictures, else those for validation), an .npy of [count, …] samples, an .npz
    // whose arrays are named like the network's inputs, or a .safetensors snapshot, likewise, with
    // pictures channels-first by definition. Diagnostics: calib.empty, calib.not-a-set,
    // file.not-found; files of a folder that are no pictures are listed in ignoredFiles().
    static Result<CalibrationSet> open(const std::filesystem::path &source);
    // Several of them as one: pictures only, or one array. Each picture once, in the order given.
    // Diagnostics: those of open(), calib.mixed-sources.
    static Result<CalibrationSet> openAll(std::span<const std::filesystem::path> sources);
    // These pictures, named relative to `root`.
    static CalibrationSet ofPictures(std::filesystem::path root,
                                     std::vector<std::filesystem::path> pictures);

    // Samples of uniform noise, the same for a seed: enough to see a network through, useless for
    // its ranges. An array of raw bytes in every other respect.
    static CalibrationSet random(std::size_t count, std::uint64_t seed);

    // Only these samples, in this order.
    CalibrationSet chosen(std::span<const std::size_t> samples) const;

    std::size_t size() const;
    bool isArray() const { return !m_arrays.empty() || m_seed.has_value(); }
    bool isRandom() const { return m_seed.has_value(); }
    // Channels before rows, as the container has it by definition (safetensors snapshots).
    bool declaresChannelsFirst() const { return m_declaresChannelsFirst; }
    // The samples for an input, all that the file holds; null for a set of pictures. rowOf() says
    // which of them is sample `index`.
    const SampleArray *array(const std::string &inputName) const;
    const std::vector<std::pair<std::string, SampleArray>> &arrays() const { return m_arrays; }
    std::size_t rowOf(std::size_t index) const { return m_rows.empty() ? index : m_rows[index]; }
    // Arrays of floats: the network's own input values instead of raw pictures.
    bool isRealValued() const;
    const std::vector<std::filesystem::path> &pictures() const { return m_pictures; }
    const std::vector<std::filesystem::path> &ignoredFiles() const { return m_ignored; }
    // The name of sample `index`, for messages: a path, or "file.npy[3]".
    std::string nameOf(std::size_t index) const;
    // The same without the set's own folder, with forward slashes: what a recipe's lock stores.
    std::string relativeNameOf(std::size_t index) const;
    const std::filesystem::path &source() const { return m_source; }
    // What a SET.json says of the pictures' bytes: one digest (SHA-256) each, or empty.
    const std::vector<std::string> &statedDigests() const { return m_digests; }

    // Sample `index` for an input of `shape` ([1,C,H,W] for pictures). Pictures become uint8 as
    // preprocess() makes them. Arrays are taken as they are in the network's layout or as NHWC with
    // the same sizes. Diagnostics: calib.broken-picture, calib.shape-mismatch.
    Result<Tensor> load(std::size_t index, const std::string &inputName, const Shape &shape,
                        const PreprocessOptions &options) const;

    // Sample `index` to look at: the picture, or what an array's sample looks like as one (values
    // up to 1 as shares of white, channels wherever they stand). Diagnostics: those of loadImage,
    // calib.not-pictures for arrays of anything else.
    Result<Image> picture(std::size_t index) const;

private:
    static Result<CalibrationSet> openFolder(const std::filesystem::path &source);
    static Result<CalibrationSet> openArrays(const std::filesystem::path &source);
    Result<void> addArray(const std::string &name, SampleArray array);

    std::filesystem::path m_source;
    std::filesystem::path m_root; // names are relative to it
    std::vector<std::filesystem::path> m_pictures;
    std::vector<std::filesystem::path> m_ignored;
    std::vector<std::string> m_digests;
    std::vector<std::pair<std::string, SampleArray>> m_arrays;
    std::vector<std::size_t> m_rows; // of the arrays; empty: all
    std::size_t m_sampleCount = 0;
    bool m_declaresChannelsFirst = false;
    std::optional<std::uint64_t> m_seed; // of random samples
};

// What the form of one picture in an array of samples is, without the count: rows × columns ×
// channels or channels first; nothing for other data.
struct SampleForm {
    int width = 0, height = 0, channels = 0;
    bool isChannelsFirst = false;
};
std::optional<SampleForm> pictureForm(const Shape &arrayShape);

} // namespace hefstudio
