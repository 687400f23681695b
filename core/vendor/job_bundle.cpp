// SPDX-License-Identifier: GPL-3.0-or-later
#include "vendor/job_bundle.h"

#include "base/hash.h"
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
    Json json{{"format", "hefstudio-job-1"},
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
    return put("job.json", asBytes(json->dump(2) + "\n"));
}

} // namespace

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
