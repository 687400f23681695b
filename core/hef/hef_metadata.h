// The metadata of a HEF: what its ZIP holds, put in, taken out, and compared with the HEF itself.
// Works on files of any origin.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/appended_zip.h"
#include "hef/hef_sealing.h"
#include "hef/model_metadata.h"

#include <optional>

namespace hefstudio {

class Hef;

inline constexpr std::string_view metadataMemberName = "edgefirst.json";
inline constexpr std::string_view labelsMemberName = "labels.txt";

struct HefMetadata {
    std::optional<AppendedZip> zip; // nothing: the file has no metadata
    std::vector<ArchiveMember> members;
    std::optional<ModelMetadata> model; // of edgefirst.json
    std::vector<std::string> labels;    // of labels.txt, else of edgefirst.json
    // What cannot be read, breaks a rule, or does not agree with the HEF.
    Diagnostics problems;
};

// Never fails: a damaged ZIP or document is told in `problems`.
HefMetadata readHefMetadata(const Hef &hef);

// Where the metadata does not describe this HEF: metadata.input-mismatch (error),
// metadata.output-mismatch (warning).
Diagnostics metadataMismatches(const ModelMetadata &metadata, const Hef &hef);

// What the HEF alone tells: its input, and each output with its shape and quantisation. Outputs
// that look like the per-scale head of a detector are grouped and typed by their shapes; the
// converter section then says "outputs_guessed".
ModelMetadata describeHef(const Hef &hef);

struct MetadataToAttach {
    std::optional<ModelMetadata> model;
    std::optional<std::vector<std::string>> labels;
    ZipPlacement placement = ZipPlacement::sealed;
};

// The HEF with this metadata; what is not given stays as it was, other members of an earlier ZIP
// stay, too. A sealed file records the length and checksum of the original. Diagnostics: those of
// withZip, metadata.rule and metadata.input-mismatch for metadata no runtime could use.
Result<Bytes> attachMetadata(const Hef &hef, MetadataToAttach metadata);

// The original file. Diagnostics: those of withoutZip, metadata.none, metadata.original-differs
// (the result is not the file that was sealed).
Result<Bytes> detachMetadata(const Hef &hef);

} // namespace hefstudio
