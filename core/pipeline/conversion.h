// One conversion from settings to a finished file: named stages, each a function of values, with
// events while they run, a ledger of what was asked and used, and a file that is whole or absent.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"
#include "base/stage_cache.h"
#include "pipeline/quantize_stage.h"
#include "recipe/recipe.h"

#include <chrono>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace hefstudio {

struct FrozenNetwork; // pipeline/stage_store.h

struct StageTime {
    std::string name;
    double seconds = 0;
};

struct ConversionReport {
    std::vector<StageTime> stages;
    Ledger ledger;
    std::vector<LayerDecision> decisions;
    std::vector<std::string> outputs; // of the HEF
    std::vector<std::string> hostOutputs;
    int contexts = 0;
    int layers = 0;
    double predictedFps = 0; // batch 1
    std::uint64_t bytes = 0;
    std::string sha256;
    std::uint64_t peakRssBytes = 0;
    RecipeLock lock;
    bool isEmulation = true;
    std::string vendorJson; // of the vendor's back end: its result beside our prediction; else empty
};

struct ConversionResult {
    std::filesystem::path file;
    ConversionReport report;
    Bytes frozen; // encodeFrozen() of the run, when asked for
};

// Of this machine and this user, never of a recipe: which compiler the vendor's back end starts.
struct VendorBackend {
    std::string toolchain;          // a name of the user's list; empty: the first that fits
    std::filesystem::path listFile; // empty: the user's own
    std::chrono::milliseconds limit{0}; // of the run; zero: none
    bool usesGpu = false;
};

struct ConversionOptions {
    StageCache *cache = nullptr; // finished stages of earlier runs; null: none
    // For a recipe's lock: digests of the stages' values, and the numbers frozen.
    bool fillsLock = false;
    // From the lock's side file: no picture is read and no network runs in float. The stages
    // calibrate and quantize become one, `restore`.
    const FrozenNetwork *frozen = nullptr;
    bool writesFiles = true; // false: only the digest is wanted
    VendorBackend vendor;    // for settings that name the vendor's back end
};

// The keys of `hefc convert --report`, see resources/schemas/report.schema.json.
std::string reportJson(const ConversionResult &result, const ConversionSettings &settings);

// Makes the file with the back end that the settings name. Diagnostics: those of every stage,
// pipeline.*, input.*, cancelled; of the vendor's back end those of vendor_conversion.h.
Result<ConversionResult> convert(const ConversionSettings &settings, std::stop_token stop,
                                 const EventSink &sink, const ConversionOptions &options = {});

// Largest resident memory so far.
std::uint64_t peakMemoryOfProcess();

// "<model>.emulation.hef" beside the model.
std::filesystem::path defaultOutput(const std::filesystem::path &model);

} // namespace hefstudio
