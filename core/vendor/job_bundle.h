// A job for the Dataflow Compiler as a folder that needs nothing of this program: the prepared
// model, a model script, the calibration arrays, a driver in Python, a script that starts it in an
// environment or a container, and a page that says how. Every file's digest stands in job.json.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/file.h"
#include "base/ledger.h"
#include "base/tensor.h"
#include "recipe/settings.h"
#include "vendor/alls.h"
#include "vendor/job_files.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace hefstudio {

inline constexpr std::string_view jobFormat = "hefstudio-job-1";
inline constexpr std::string_view resultFormat = "hefstudio-job-result-1";

struct VendorJobInput {
    std::string name;
    Shape shape; // as the ONNX model declares it: NCHW for pictures
    bool isPicture = false;
    Normalization normalization; // folded into the chip by the script; pictures only
};

struct VendorJobOutput {
    std::string name; // of the prepared model
    std::string node; // ONNX node of the user's model
    std::string role;
    std::int64_t stride = 0;
    Shape shape;            // NCHW
    std::string activation; // put behind it on the chip; empty for none
    int bits = 8;
};

// Box decoding and suppression by the vendor's runtime, written into the HEF by the compiler. The
// layers are given by the outputs they make; their names exist after parsing only.
struct VendorNms {
    struct Decoder {
        std::int64_t stride = 0;
        std::vector<double> anchorWidths, anchorHeights; // shares of the picture; SSD only
        std::string boxes, classes, objectness;          // output names; objectness may be empty
    };
    std::string metaArch; // "yolov8", "yolox" or "ssd"
    double scoreThreshold = 0.2, iouThreshold = 0.6;
    int boxesPerClass = 100;
    int classes = 0; // with the background where there is one
    bool hasBackground = false;
    std::int64_t height = 0, width = 0; // of the picture
    int regressionLength = 0;           // bins of a box side; 0: not stated
    double centreFactor = 0, sizeFactor = 0; // SSD only
    std::vector<Decoder> decoders;
};

// What the prepared network is made of, as far as the script asks.
struct VendorNetworkTraits {
    bool hasAttention = false;          // products of two activations
    bool hasTokens = false;             // attention between normalised sums: a transformer
};

struct VendorPrediction {
    int contexts = 0;
    double framesPerSecond = 0;   // batch 1
    std::uint64_t configBytes = 0; // what loading the network once takes
};

struct VendorJob {
    std::string network; // letters, digits and _
    std::string arch;    // "hailo8l"
    Preset preset = Preset::fast;
    VendorChoices choices;
    VendorNetworkTraits traits;
    AllsScript ownScript;           // of the recipe; its statements come last
    std::optional<VendorNms> nms;   // nothing: the outputs are raw
    std::vector<std::string> sixteenBitNodes; // of the prepared model, by the recipe's choice
    std::string headJson;           // heads/head_metadata.h, its ports named like the outputs
    std::string metadataJson;       // hef/model_metadata.h without outputs; empty: none
    std::optional<VendorPrediction> prediction;
    // What the job was made of: the user's model, and each calibration sample's file → digest.
    std::string sourceModel, sourceModelSha256;
    std::vector<std::pair<std::string, std::string>> calibrationFiles;
    Bytes onnx;
    Bytes hostOnnx; // empty when the chip does everything
    std::vector<VendorJobInput> inputs;
    std::vector<VendorJobOutput> outputs;
    std::size_t samples = 0;
    // One sample of one input in the layout of its shape: uint8 for pictures, float else.
    std::function<Result<Tensor>(std::size_t sample, const VendorJobInput &input)> load;
    Ledger ledger;
};

// Statements of the user's own script that a job takes: no path may lead out of its folder, and
// what the job says itself must not be said twice. Diagnostics: vendor.script-path.
Result<void> checkOwnScript(const AllsScript &script, const std::filesystem::path &file);

// The lines that need no layer names; the driver adds the others after parsing. Effort by preset:
// fast level 1 (equalisation, bias correction), balanced 2 (fine-tuning), accurate 3 (weight
// rounding). Weights stay at 8 bits: compression level 0 is always stated.
AllsScript vendorModelScript(const VendorJob &job);

// Effort that the number of pictures does not carry is said here, as the compiler would do it in a
// log line: rows "optimisation level".
Ledger vendorEffortLedger(const VendorJob &job);

// A name that is safe as a network's, a file's and a scope's: "yolo v8-n" → "yolo_v8_n".
std::string vendorNetworkName(std::string_view modelStem);

// Writes the folder beside itself under another name and renames it when it is whole; an existing
// bundle is replaced, any other existing folder is refused. Diagnostics: vendor.folder-in-use,
// those of the samples and of file.h, cancelled.
Result<void> writeJobBundle(const std::filesystem::path &folder, const VendorJob &job,
                            std::stop_token stop,
                            const std::function<void(std::size_t done)> &onSample = {});

} // namespace hefstudio
