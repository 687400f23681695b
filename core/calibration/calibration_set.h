// The pictures or arrays a network is calibrated with: what they are, in a fixed order, and one of
// them at a time as the network's raw input. Listing opens no picture; loading one touches no
// other. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/tensor.h"
#include "calibration/preprocess.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hefstudio {

class CalibrationSet {
public:
    // A folder (recursive, sorted by path), one picture, an .npy of [count, …] samples, an .npz
    // whose arrays are named like the network's inputs, or a .safetensors snapshot, likewise, with
    // pictures channels-first by definition. Diagnostics: calib.empty, calib.not-a-set,
    // file.not-found; files of a folder that are no pictures are listed in ignoredFiles().
    static Result<CalibrationSet> open(const std::filesystem::path &source);

    // Samples of uniform noise, the same for a seed: enough to see a network through, useless for
    // its ranges. An array of raw bytes in every other respect.
    static CalibrationSet random(std::size_t count, std::uint64_t seed);

    std::size_t size() const { return isArray() ? m_sampleCount : m_pictures.size(); }
    bool isArray() const { return !m_arrays.empty() || m_seed.has_value(); }
    bool isRandom() const { return m_seed.has_value(); }
    // Channels before rows, as the container has it by definition (safetensors snapshots).
    bool declaresChannelsFirst() const { return m_declaresChannelsFirst; }
    // The samples for an input; null for a set of pictures.
    const Tensor *array(const std::string &inputName) const;
    // Arrays of floats: the network's own input values instead of raw pictures.
    bool isRealValued() const;
    const std::vector<std::filesystem::path> &pictures() const { return m_pictures; }
    const std::vector<std::filesystem::path> &ignoredFiles() const { return m_ignored; }
    // The name of sample `index`, for messages: a path, or "file.npy[3]".
    std::string nameOf(std::size_t index) const;
    // The same without the set's own folder, with forward slashes: what a recipe's lock stores.
    std::string relativeNameOf(std::size_t index) const;
    const std::filesystem::path &source() const { return m_source; }

    // Sample `index` for an input of `shape` ([1,C,H,W] for pictures). Pictures become uint8 as
    // preprocess() makes them. Arrays are taken as they are in the network's layout or as NHWC with
    // the same sizes. Diagnostics: calib.broken-picture, calib.shape-mismatch.
    Result<Tensor> load(std::size_t index, const std::string &inputName, const Shape &shape,
                        const PreprocessOptions &options) const;

private:
    std::filesystem::path m_source;
    std::vector<std::filesystem::path> m_pictures;
    std::vector<std::filesystem::path> m_ignored;
    // Arrays are shared, so that a copied set stays cheap.
    std::vector<std::pair<std::string, std::shared_ptr<const Tensor>>> m_arrays;
    std::size_t m_sampleCount = 0;
    bool m_declaresChannelsFirst = false;
    std::optional<std::uint64_t> m_seed; // of random samples
};

} // namespace hefstudio
