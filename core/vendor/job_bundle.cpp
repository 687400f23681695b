// SPDX-License-Identifier: GPL-3.0-or-later
#include "vendor/job_bundle.h"

#include "base/hash.h"
#include "base/diagnostic_json.h"
#include "base/npy.h"
#include "base/version.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <unistd.h>

namespace hefstudio {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// What the compiler's log calls recommended for its effort levels above 1.
constexpr std::size_t recommendedSamples = 1024;

int effortLevel(Preset preset)
{
    switch (preset) {
    case Preset::fast: return 1;
    case Preset::balanced: return 2;
    case Preset::accurate: return 3;
    }
    return 1;
}

AllsArgument positional(AllsValue value)
{
    return {{}, std::move(value)};
}

AllsArgument named(std::string key, AllsValue value)
{
    return {std::move(key), std::move(value)};
}

AllsValue channelList(const std::vector<float> &values, std::int64_t channels)
{
    std::vector<AllsValue> items;
    for (std::int64_t c = 0; c < channels; ++c) {
        const float value = values[values.size() == 1 ? 0 : static_cast<std::size_t>(c)];
        // The shortest digits of the float, not of the double nearest to it.
        std::array<char, 32> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
        items.push_back({AllsValue::Kind::number, std::string(digits.data(), end), {}});
    }
    return AllsValue::list(std::move(items));
}

// [N,C,H,W] → [H,W,C]; lower ranks in the way the compiler's parser lays them out: [N,C] → [C],
// [N,C,W] → [1,W,C].
std::vector<std::int64_t> channelsLast(const Shape &shape)
{
    const std::vector<std::int64_t> dims(shape.begin(), shape.end());
    switch (dims.size()) {
    case 4: return {dims[2], dims[3], dims[1]};
    case 3: return {1, dims[2], dims[1]};
    default: return dims.size() > 1 ? std::vector(dims.begin() + 1, dims.end()) : dims;
    }
}

void appendChannelsLast(const Tensor &sample, Bytes &out)
{
    const auto &shape = sample.shape();
    const auto size = elementBytes(sample.type());
    const auto bytes = sample.bytes();
    if (shape.rank() < 3) {
        out.insert(out.end(), bytes.begin(), bytes.end());
        return;
    }
    const auto channels = static_cast<std::size_t>(shape[1]);
    const std::size_t plane = bytes.size() / size / channels;
    for (std::size_t pixel = 0; pixel < plane; ++pixel) {
        for (std::size_t c = 0; c < channels; ++c) {
            const auto *value = bytes.data() + (c * plane + pixel) * size;
            out.insert(out.end(), value, value + size);
        }
    }
}

// Streams all samples of one input into an .npy: memory stays that of one sample.
Result<void> writeCalibration(const fs::path &file, const VendorJob &job,
                              const VendorJobInput &input, std::stop_token stop,
                              const std::function<void(std::size_t)> &onSample)
{
    auto out = AtomicFile::create(file);
    if (!out)
        return passOn(std::move(out));
    for (std::size_t i = 0; i < job.samples; ++i) {
        if (stop.stop_requested())
            return fail(Diagnostic("cancelled"));
        const auto sample = job.load(i, input);
        if (!sample)
            return std::unexpected(sample.error());
        Bytes bytes;
        if (i == 0) {
            // The header of an array of one sample, its count replaced by ours.
            auto dims = channelsLast(sample->shape());
            dims.insert(dims.begin(), static_cast<std::int64_t>(job.samples));
            bytes = npyHeader(sample->type(), Shape(dims));
        }
        appendChannelsLast(*sample, bytes);
        if (auto written = out->write(bytes); !written)
            return written;
        if (onSample)
            onSample(i + 1);
    }
    return out->commit();
}

// `config` is the compiler's own file but for the layers' names, which the driver puts in: keys of
// a decoder that end in _layer hold the name of an output here.
Json nmsJson(const VendorNms &nms)
{
    Json config{{"nms_scores_th", nms.scoreThreshold},
                {"nms_iou_th", nms.iouThreshold},
                {"image_dims", {nms.height, nms.width}},
                {"max_proposals_per_class", nms.boxesPerClass},
                {"classes", nms.classes},
                {"background_removal", nms.hasBackground}};
    if (nms.hasBackground)
        config["background_removal_index"] = 0;
    if (nms.regressionLength > 0)
        config["regression_length"] = nms.regressionLength;
    if (nms.centreFactor > 0) {
        config["centers_scale_factor"] = nms.centreFactor;
        config["bbox_dimensions_scale_factor"] = nms.sizeFactor;
    }
    config["bbox_decoders"] = Json::array();
    for (const auto &decoder : nms.decoders) {
        Json entry{{"name", "bbox_decoder_" + std::to_string(decoder.stride)},
                   {"stride", decoder.stride},
                   {"reg_layer", decoder.boxes}};
        if (!decoder.objectness.empty())
            entry["objectness_layer"] = decoder.objectness;
        entry["cls_layer"] = decoder.classes;
        if (!decoder.anchorWidths.empty()) {
            entry["w"] = decoder.anchorWidths;
            entry["h"] = decoder.anchorHeights;
        }
        config["bbox_decoders"].push_back(std::move(entry));
    }
    return {{"meta_arch", nms.metaArch}, {"engine", "cpu"}, {"config", std::move(config)}};
}

Result<Json> jobJson(const VendorJob &job, const fs::path &folder)
{
    Diagnostics unreadable;
    const auto fileEntry = [&](const std::string &name) -> Json {
        auto digest = sha256HexOfFile(folder / name);
        if (!digest) {
            unreadable = std::move(digest.error());
            return {};
        }
        return {{"file", name}, {"sha256", *digest}};
    };
    Json json{{"format", jobFormat},
              {"made_by", std::string(toolName) + " " + toolVersion},
              {"network", job.network},
              {"arch", job.arch},
              {"preset", presetName(job.preset)},
              {"model", fileEntry("model.onnx")},
              {"script", fileEntry("model.alls")},
              {"host", job.hostOnnx.empty() ? Json() : fileEntry("host.onnx")},
              {"inputs", Json::array()},
              {"outputs", Json::array()},
              {"ledger", Json::array()}};
    json["head"] = job.headJson.empty() ? Json() : Json::parse(job.headJson, nullptr, false);
    json["metadata"] = job.metadataJson.empty() ? Json() : fileEntry("metadata.json");
    json["source"] = {{"model", job.sourceModel},
                      {"model_sha256", job.sourceModelSha256},
                      {"calibration", Json::array()}};
    for (const auto &[file, sha] : job.calibrationFiles)
        json["source"]["calibration"].push_back({{"file", file}, {"sha256", sha}});
    json["prediction"] = job.prediction ? Json{{"contexts", job.prediction->contexts},
                                               {"fps", job.prediction->framesPerSecond},
                                               {"config_bytes", job.prediction->configBytes}}
                                        : Json();
    json["nms"] = job.nms ? nmsJson(*job.nms) : Json();
    json["sixteen_bit_nodes"] = job.sixteenBitNodes;
    for (std::size_t i = 0; i < job.inputs.size(); ++i)
        json["inputs"].push_back(
            {{"name", job.inputs[i].name},
             {"shape", std::vector(job.inputs[i].shape.begin(), job.inputs[i].shape.end())},
             {"samples", job.samples},
             {"calibration", fileEntry("calibration_" + std::to_string(i) + ".npy")}});
    for (const auto &output : job.outputs)
        json["outputs"].push_back(
            {{"name", output.name},
             {"node", output.node},
             {"role", output.role},
             {"stride", output.stride},
             {"shape_hwc", channelsLast(output.shape)},
             {"activation", output.activation.empty() ? Json() : Json(output.activation)},
             {"bits", output.bits}});
    for (const auto &row : job.ledger)
        json["ledger"].push_back(
            {{"setting", row.setting}, {"asked", row.asked}, {"used", row.used}, {"why", row.why}});
    if (!unreadable.empty())
        return fail(std::move(unreadable));
    return json;
}

std::string readMe(const VendorJob &job)
{
    std::string text =
        "# " + job.network + " for " + job.arch +
        "\n\n"
        "A job for the Hailo Dataflow Compiler, which you install yourself\n"
        "(hailo.ai/developer-zone). Its result is a HEF that runs on the chip.\n\n"
        "    ./run.sh --python ENVIRONMENT/bin/python     in a Python environment\n"
        "    ./run.sh --docker IMAGE                      in the vendor's container\n\n"
        "Line 3.x of the compiler makes HEFs for Hailo-8 and Hailo-8L, line 5.x for Hailo-10H and\n"
        "Hailo-15H. A run takes from minutes to hours; `--resume` goes on behind the last stage\n"
        "that finished. Results land in `results/`: the HEF, a HAR of every stage, the script as it\n"
        "was used (`used.alls`) and `result.json` with the digests.\n\n"
        "The same by hand, without the lines that need names of layers:\n\n"
        "    hailo parser onnx model.onnx --net-name " + job.network + " --hw-arch " + job.arch +
        "\n    hailo optimize " + job.network + ".har --hw-arch " + job.arch +
        " --calib-set-path calibration_0.npy --model-script model.alls\n"
        "    hailo compiler " + job.network + "_optimized.har --hw-arch " + job.arch +
        "\n\n"
        "## Outputs\n\n"
        "| name | height, width, channels | role | stride |\n|---|---|---|---|\n";
    for (const auto &output : job.outputs) {
        std::string dims;
        for (const auto d : channelsLast(output.shape))
            dims += (dims.empty() ? "" : ", ") + std::to_string(d);
        text += "| " + output.name + " | " + dims + " | " + output.role + " | " +
                (output.stride > 0 ? std::to_string(output.stride) : std::string("–")) + " |\n";
    }
    if (!job.hostOnnx.empty())
        text += "\nWhat the chip leaves to the host is `host.onnx`; it reads these outputs by name "
                "(as NCHW floats).\n";
    text += "\n## Settings\n\n| setting | asked | used | why |\n|---|---|---|---|\n";
    for (const auto &row : job.ledger)
        text += "| " + row.setting + " | " + row.asked + " | " + row.used + " | " + row.why + " |\n";
    return text;
}

Result<void> fillFolder(const fs::path &folder, const VendorJob &job, std::stop_token stop,
                        const std::function<void(std::size_t)> &onSample)
{
    const auto put = [&](const std::string &name, std::span<const std::byte> bytes) {
        return writeFileAtomically(folder / name, bytes);
    };
    if (auto done = put("model.onnx", job.onnx); !done)
        return done;
    if (!job.hostOnnx.empty()) {
        if (auto done = put("host.onnx", job.hostOnnx); !done)
            return done;
    }
    if (!job.metadataJson.empty()) {
        if (auto done = put("metadata.json", asBytes(job.metadataJson)); !done)
            return done;
    }
    if (auto done = put("model.alls", asBytes(vendorModelScript(job).text())); !done)
        return done;
    for (std::size_t i = 0; i < job.inputs.size(); ++i) {
        const auto file = folder / ("calibration_" + std::to_string(i) + ".npy");
        if (auto done = writeCalibration(file, job, job.inputs[i], stop, onSample); !done)
            return done;
    }
    for (const auto &[name, content] : jobFiles()) {
        if (auto done = put(std::string(name), asBytes(content)); !done)
            return done;
        std::error_code ignored; // a missing x bit costs the user "bash run.sh", no more
        fs::permissions(folder / name, fs::perms::owner_exec | fs::perms::group_exec,
                        fs::perm_options::add, ignored);
    }
    if (auto done = put("README.md", asBytes(readMe(job))); !done)
        return done;
    // Last: a folder with a job.json is a whole bundle.
    const auto json = jobJson(job, folder);
    if (!json)
        return std::unexpected(json.error());
    return put("job.json", asBytes(jsonText(*json) + "\n"));
}

AllsValue everyLayer(std::string pattern)
{
    return {AllsValue::Kind::glob, std::move(pattern), {}};
}

// What the vendor's own scripts state for networks that attend. The sum of the products' zero
// points is taken off beforehand; normalisations are taken apart in even widths; the running sums
// of a transformer grow over its depth, so that beyond the fast preset they get 16 bits.
void appendAttention(AllsScript &script, const VendorJob &job)
{
    if (!job.traits.hasAttention)
        return;
    script.append({{},
                   {},
                   "pre_quantization_optimization",
                   {positional(AllsValue::word("matmul_correction")),
                    named("layers", everyLayer("matmul*")),
                    named("correction_type", AllsValue::word("zp_comp_block"))}});
    if (job.traits.hasTokens && job.preset != Preset::fast)
        script.append({{},
                       {},
                       "quantization_param",
                       {positional(everyLayer("ew_add*")),
                        named("precision_mode", AllsValue::word("a16_w16"))}});
}

void appendCompiler(AllsScript &script, const VendorChoices &choices)
{
    if (choices.isMaximumEffort)
        script.append({{},
                       {},
                       "performance_param",
                       {named("compiler_optimization_level", AllsValue::word("max"))}});
    // The compiler refuses caps beside the maximum effort, which tries its own.
    if (choices.utilisation && !choices.isMaximumEffort) {
        AllsStatement caps{{}, {}, "resources_param", {}};
        for (const char *key :
             {"max_control_utilization", "max_compute_utilization", "max_memory_utilization"})
            caps.arguments.push_back(named(key, AllsValue::number(*choices.utilisation)));
        script.append(std::move(caps));
    }
    if (choices.mappingMinutes)
        script.append({{},
                       {},
                       "allocator_param",
                       {named("timeout", {AllsValue::Kind::number,
                                          std::to_string(*choices.mappingMinutes) + "m",
                                          {}})}});
    if (choices.mustFitOneContext)
        script.append({{},
                       {},
                       "context_switch_param",
                       {named("mode", AllsValue::word("disabled"))}});
}

bool leavesItsFolder(const AllsValue &value)
{
    if (value.kind == AllsValue::Kind::list)
        return std::ranges::any_of(value.items, leavesItsFolder);
    if (value.kind != AllsValue::Kind::text)
        return false;
    const fs::path path(value.text);
    return path.is_absolute() || value.text.find("..") != std::string::npos ||
           value.text.starts_with('~');
}

} // namespace

Result<void> checkOwnScript(const AllsScript &script, const fs::path &file)
{
    Diagnostics refused;
    for (const AllsPiece *piece : script.statements())
        for (const auto &argument : piece->statement->arguments)
            // A file beside the script would not be in the job's folder either.
            if (piece->statement->command == "nms_postprocess" || leavesItsFolder(argument.value)) {
                refused.push_back(
                    Diagnostic("vendor.script-path",
                               Place{.file = file.string(),
                                     .keyPath = "line " + std::to_string(piece->line)})
                        .with("command", piece->statement->command));
                break;
            }
    if (!refused.empty())
        return fail(std::move(refused));
    return {};
}

AllsScript vendorModelScript(const VendorJob &job)
{
    AllsScript script;
    script.appendComment("Model script for " + job.network + " on " + job.arch + ", preset " +
                         std::string(presetName(job.preset)));
    int normalizations = 0;
    for (const auto &input : job.inputs) {
        if (!input.isPicture || input.normalization == Normalization{})
            continue;
        AllsStatement normalize{{"normalization" + std::to_string(++normalizations)},
                                {},
                                "normalization",
                                {}};
        const auto channels = input.shape[1];
        normalize.arguments = {positional(channelList(input.normalization.mean, channels)),
                               positional(channelList(input.normalization.std, channels))};
        script.append(std::move(normalize));
    }
    script.append({{},
                   {},
                   "model_optimization_flavor",
                   {named("optimization_level", AllsValue::number(effortLevel(job.preset))),
                    named("compression_level", AllsValue::number(0))}});
    script.append({{},
                   {},
                   "model_optimization_config",
                   {positional(AllsValue::word("calibration")),
                    named("batch_size", AllsValue::number(
                                            std::min<double>(8, static_cast<double>(job.samples)))),
                    named("calibset_size", AllsValue::number(static_cast<double>(job.samples)))}});
    appendAttention(script, job);
    appendCompiler(script, job.choices);
    if (!job.ownScript.pieces.empty()) {
        script.appendComment("From the recipe's own script");
        for (const AllsPiece *piece : job.ownScript.statements())
            script.append(*piece->statement);
    }
    return script;
}

Ledger vendorEffortLedger(const VendorJob &job)
{
    const std::string asked = std::to_string(effortLevel(job.preset));
    if (job.samples >= recommendedSamples)
        return {{"optimisation level", asked, asked, ""}};
    return {{"optimisation level", asked, "0",
             "the compiler lowers it below " + std::to_string(recommendedSamples) +
                 " pictures, and wherever it finds no GPU; the job has " +
                 std::to_string(job.samples)}};
}

std::string vendorNetworkName(std::string_view modelStem)
{
    std::string name;
    for (const char c : modelStem) {
        const bool isPlain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        name += isPlain ? c : '_';
    }
    if (name.empty() || (name.front() >= '0' && name.front() <= '9'))
        name.insert(0, "net_");
    return name;
}

Result<void> writeJobBundle(const fs::path &folder, const VendorJob &job, std::stop_token stop,
                            const std::function<void(std::size_t)> &onSample)
{
    std::error_code error;
    const bool exists = fs::exists(folder, error);
    if (exists && !fs::exists(folder / "job.json", error) && !fs::is_empty(folder, error))
        return fail(Diagnostic("vendor.folder-in-use", Place{.file = folder.string()}));
    const fs::path target = fs::absolute(folder, error).lexically_normal();
    const fs::path name = target.has_filename() ? target : target.parent_path();
    const fs::path partial =
        name.parent_path() / ("." + name.filename().string() + "." + std::to_string(getpid()));
    const auto refuse = [&](Diagnostics diagnostics) -> Result<void> {
        fs::remove_all(partial, error);
        return fail(std::move(diagnostics));
    };
    if (!fs::create_directories(partial, error))
        return refuse({Diagnostic("file.not-writable", Place{.file = folder.string()})
                           .with("reason", error.message())});
    if (auto filled = fillFolder(partial, job, stop, onSample); !filled)
        return refuse(std::move(filled.error()));
    if (exists) {
        // Results of an earlier run stay with the user.
        if (fs::exists(name / "results", error))
            fs::rename(name / "results", partial / "results", error);
        fs::remove_all(name, error);
    }
    fs::rename(partial, name, error);
    if (error)
        return refuse({Diagnostic("file.not-writable", Place{.file = folder.string()})
                           .with("reason", error.message())});
    return {};
}

} // namespace hefstudio
