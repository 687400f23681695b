// The vendor's model archive: a flat tar with the network in its present state, its weights, and
// what earlier states left. Members are found through the index (metadata.json), never by guessing
// their names. Opening reads the index alone; members are read when they are looked at. Source of
// every format fact: measurements on public archives of compilers 3.22 and 3.33.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/archive.h"

#include <filesystem>
#include <memory>
#include <optional>

namespace hefstudio {

enum class HarPart {
    network,             // .hn: the graph in its present state
    nativeNetwork,       // .native.hn: as parsed
    floatNetwork,        // .fp.hn: after the script's float edits
    weights,             // .npz: float weights as parsed
    floatWeights,        // .fpo.npz: after the float edits
    chipWeights,         // .q.npz: the integers for the chip
    optimizerState,      // .ho.npz: statistics, scales, all operations of the quantiser
    optimizerFlags,      // .stats.npz: which algorithms ran
    modelScript,         // .alls: as the user typed it
    autoScript,          // .auto.alls: the compiler's frozen script
    hef,                 // .hef: as the compiler wrote it
    originalModelReport, // .original_model_meta.json: about the ONNX
};
std::string_view harPartKey(HarPart part);    // key of the index: "params_translated"
std::string_view harPartSuffix(HarPart part); // of the member's name: ".q.npz"
std::span<const HarPart> allHarParts();       // in the order of the archive

struct HarIndex {
    std::string state; // "hailo_model", "fp_optimized_model", "quantized_model", "compiled_model"
    std::string modelName;
    std::string sdkVersion;
    std::string hwArch;
    // The levels really in force, after silent downgrades; nothing before quantisation.
    std::optional<std::int64_t> optimizationLevel;
    std::optional<std::int64_t> compressionLevel;

    friend bool operator==(const HarIndex &, const HarIndex &) = default;
};

struct HarMember {
    std::string name;
    std::uint64_t bytes = 0;
    std::optional<HarPart> part; // nothing: this version does not know what it is for
};

class HarArchive {
public:
    // Diagnostics: those of file.h, archive.*, har.no-index, har.malformed, json.malformed.
    static Result<HarArchive> open(const std::filesystem::path &file);
    static Result<HarArchive> fromBytes(Bytes bytes, const std::string &name);

    const std::string &name() const;
    const HarIndex &index() const;
    const std::vector<HarMember> &members() const; // in the order of the archive
    bool has(HarPart part) const;
    std::vector<HarPart> parts() const;

    // Diagnostics: har.no-part, archive.*.
    Result<Bytes> read(HarPart part) const;
    Result<std::string> readText(HarPart part) const;

private:
    struct State;
    explicit HarArchive(std::shared_ptr<const State> state) : m_state(std::move(state)) {}
    static Result<HarArchive> parse(std::shared_ptr<State> state);
    std::shared_ptr<const State> m_state;
};

// Does the file begin like an archive, by its bytes? (HEF files begin with their own mark.)
bool looksLikeHar(std::span<const std::byte> begin);

} // namespace hefstudio
