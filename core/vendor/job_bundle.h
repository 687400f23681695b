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

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace hefstudio {

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

struct VendorJob {
    std::string network; // letters, digits and _
    std::string arch;    // "hailo8l"
    Preset preset = Preset::fast;
    Bytes onnx;
    Bytes hostOnnx; // empty when the chip does everything
    std::vector<VendorJobInput> inputs;
    std::vector<VendorJobOutput> outputs;
    std::size_t samples = 0;
    // One sample of one input in the layout of its shape: uint8 for pictures, float else.
    std::function<Result<Tensor>(std::size_t sample, const VendorJobInput &input)> load;
    Ledger ledger;
};

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

struct JobFile {
    std::string_view name;
    std::string_view content;
};
std::span<const JobFile> jobFiles(); // the same in every bundle

} // namespace hefstudio
