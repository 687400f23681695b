// SPDX-License-Identifier: GPL-3.0-or-later
#include "vendor/vendor_result.h"

#include "base/diagnostic_json.h"
#include "base/hash.h"
#include "heads/head_metadata.h"
#include "hef/hef_metadata.h"
#include "hef/hef_reader.h"
#include "vendor/vendor_run.h"

#include <algorithm>
#include <numeric>

namespace hefstudio {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
constexpr ReadLimits documentLimits{.maxBytes = 16 << 20};

// Members of a document that was written on another machine: a wrong type is an absent one.
const Json *memberOf(const Json &object, const char *key)
{
    if (!object.is_object())
        return nullptr;
    const auto found = object.find(key);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string wordOf(const Json &object, const char *key)
{
    const Json *found = memberOf(object, key);
    return found && found->is_string() ? found->get<std::string>() : std::string();
}

double numberOf(const Json &object, const char *key)
{
    const Json *found = memberOf(object, key);
    return found && found->is_number() ? found->get<double>() : 0;
}

Result<Json> readDocument(const fs::path &file)
{
    const auto text = readTextFile(file, documentLimits);
    if (!text)
        return std::unexpected(text.error());
    return parseJson(*text, file.string());
}

// Names in the documents are those of files in the folder, nothing else.
bool isPlainName(const std::string &name)
{
    return !name.empty() && name.find('/') == std::string::npos && name != "." && name != ".." &&
           name.find('\0') == std::string::npos;
}

class ResultReader {
public:
    ResultReader(const fs::path &job, std::string output)
        : m_folder(job), m_results(vendorResultsFolder(job)), m_output(std::move(output))
    {
    }

    Result<VendorResult> read()
    {
        for (auto step : {&ResultReader::readJob, &ResultReader::readResult,
                          &ResultReader::openHef, &ResultReader::attach})
            if (auto done = (this->*step)(); !done)
                return passOn(std::move(done));
        compare();
        readNoise();
        return std::move(m_result);
    }

private:
    Diagnostic about(std::string_view id, const fs::path &file) const
    {
        return Diagnostic(id, Place{.file = file.string()});
    }

    std::unexpected<Diagnostics> malformed(const fs::path &file, const char *reason) const
    {
        return fail(about("vendor.result-malformed", file).with("reason", std::string(reason)));
    }

    // The file of the job's folder that an entry names, unchanged.
    Result<void> checkFile(const Json &entry)
    {
        const std::string name = wordOf(entry, "file");
        if (!isPlainName(name))
            return malformed(m_folder / "job.json", "a file's name is no name");
        const auto digest = sha256HexOfFile(m_folder / name);
        if (!digest)
            return std::unexpected(digest.error());
        if (*digest != wordOf(entry, "sha256"))
            return fail(about("vendor.result-changed", m_folder / name).with("file", name));
        return {};
    }

    Result<void> readJob()
    {
        std::error_code error;
        const fs::path file = m_folder / "job.json";
        if (!fs::exists(file, error))
            return fail(about("vendor.no-job", m_folder));
        auto job = readDocument(file);
        if (!job)
            return passOn(std::move(job));
        m_job = std::move(*job);
        if (wordOf(m_job, "format") != jobFormat)
            return malformed(file, "the job is of another format");
        for (const char *key : {"model", "script", "metadata"})
            if (const Json *entry = memberOf(m_job, key))
                if (auto same = checkFile(*entry); !same)
                    return same;
        m_result.network = wordOf(m_job, "network");
        m_result.arch = wordOf(m_job, "arch");
        m_result.preset = wordOf(m_job, "preset");
        if (const Json *source = memberOf(m_job, "source")) {
            m_result.sourceModel = wordOf(*source, "model");
            m_result.sourceModelSha256 = wordOf(*source, "model_sha256");
            if (const Json *files = memberOf(*source, "calibration"); files && files->is_array())
                for (const Json &entry : *files)
                    m_result.calibration.emplace_back(wordOf(entry, "file"),
                                                      wordOf(entry, "sha256"));
        }
        return {};
    }

    Result<void> readResult()
    {
        std::error_code error;
        const fs::path file = m_results / "result.json";
        if (!fs::exists(file, error))
            return fail(about("vendor.no-result", m_folder));
        auto document = readDocument(file);
        if (!document)
            return passOn(std::move(document));
        m_ended = std::move(*document);
        if (wordOf(m_ended, "format") != resultFormat)
            return malformed(file, "the result is of another format");
        const auto sameJob = [&](const char *key, const std::string &wanted,
                                 const char *what) -> Result<void> {
            if (wordOf(m_ended, key) == wanted)
                return {};
            return fail(
                about("vendor.result-of-another-job", file).with("what", std::string(what)));
        };
        const auto digestOf = [&](const char *key) {
            const Json *entry = memberOf(m_job, key);
            return entry ? wordOf(*entry, "sha256") : std::string();
        };
        if (auto same = sameJob("model_sha256", digestOf("model"), "model"); !same)
            return same;
        if (auto same = sameJob("script_sha256", digestOf("script"), "model script"); !same)
            return same;
        const auto jobDigest = sha256HexOfFile(m_folder / "job.json");
        if (!jobDigest)
            return std::unexpected(jobDigest.error());
        if (auto same = sameJob("job_sha256", *jobDigest, "job"); !same)
            return same;
        m_result.compiler = wordOf(m_ended, "compiler");
        if (const Json *files = memberOf(m_ended, "files"); files && files->is_object())
            for (const auto &[name, sha] : files->items()) {
                if (!isPlainName(name) || !sha.is_string())
                    return malformed(file, "a file's name is no name");
                const auto digest = sha256HexOfFile(m_results / name);
                if (!digest)
                    return std::unexpected(digest.error());
                if (*digest != sha.get<std::string>())
                    return fail(
                        about("vendor.result-changed", m_results / name).with("file", name));
                if (name.ends_with(".har"))
                    m_result.archive = m_results / name;
            }
        return {};
    }

    Result<void> openHef()
    {
        const std::string name = wordOf(m_ended, "hef");
        if (!isPlainName(name))
            return malformed(m_results / "result.json", "the HEF's name is no name");
        auto bytes = readFile(m_results / name);
        if (!bytes)
            return passOn(std::move(bytes));
        m_result.compilerSha256 = sha256Hex(*bytes);
        if (m_result.compilerSha256 != wordOf(m_ended, "sha256"))
            return fail(about("vendor.result-changed", m_results / name).with("file", name));
        auto hef = Hef::fromBytes(std::move(*bytes), m_output);
        if (!hef)
            return passOn(std::move(hef));
        m_hef.emplace(std::move(*hef));
        if (m_hef->hasProgram())
            return fail(about("vendor.result-is-emulation", m_results / name));
        if (!isForChip())
            return fail(about("vendor.result-other-chip", m_results / name)
                            .with("found", std::string(m_hef->arch().name()))
                            .with("wanted", m_result.arch));
        Diagnostics broken;
        for (const auto *found : {&m_hef->checks(), &m_hef->hashFaults()})
            std::ranges::copy_if(*found, std::back_inserter(broken), [](const Diagnostic &d) {
                return d.severity == Severity::error;
            });
        if (!broken.empty() || m_hef->groups().empty()) {
            Diagnostic refusal = about("vendor.result-broken", m_results / name);
            refusal.notes = std::move(broken);
            return fail(std::move(refusal));
        }
        return {};
    }

    // hailo10h makes files for the Hailo-15H family; the runtime's own list decides.
    bool isForChip() const
    {
        std::string wanted = m_result.arch;
        std::ranges::transform(wanted, wanted.begin(), [](char c) {
            return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        });
        if (m_hef->arch().name() == wanted)
            return true;
        if (m_hef->arch().isHailo8Family())
            return false; // a Hailo-8L takes Hailo-8's layout list only by mistake
        return m_hef->arch().compatibleText().find(wanted) != std::string::npos;
    }

    // The runtime's name of an output: the layer's that makes it.
    const HefVStream *streamOf(const std::string &output) const
    {
        const Json *layers = memberOf(m_ended, "outputs");
        const std::string layer = layers ? wordOf(*layers, output.c_str()) : std::string();
        if (layer.empty())
            return nullptr;
        const auto &streams = m_hef->groups().front().outputs;
        const auto bare = layer.substr(layer.find('/') + 1);
        for (const auto &wanted : {layer, m_result.network + "/" + bare})
            if (const auto found = std::ranges::find(streams, wanted, &HefVStream::name);
                found != streams.end())
                return &*found;
        return nullptr;
    }

    // The head's description with the names and scales of this file; nothing where an output of it
    // cannot be told from the others.
    std::optional<ModelMetadata> describeHead() const
    {
        const Json *head = memberOf(m_job, "head");
        if (!head || memberOf(m_job, "nms"))
            return std::nullopt;
        auto layout = headFromMetadata(jsonText(*head), m_output);
        if (!layout)
            return std::nullopt;
        std::vector<OutputPort> ports;
        for (const auto &tensor : layout->tensors) {
            const HefVStream *stream = streamOf(tensor.name);
            if (!stream)
                return std::nullopt;
            ports.push_back({stream->name,
                             stream->type == HefDataType::uint16    ? "uint16"
                             : stream->type == HefDataType::float32 ? "float32"
                                                                    : "uint8",
                             static_cast<double>(stream->quantisation.scale),
                             static_cast<int>(stream->quantisation.zeroPoint)});
        }
        auto described = parseMetadata(headMetadata(*layout, ports), m_output);
        if (!described)
            return std::nullopt;
        return std::move(*described);
    }

    Result<void> attach()
    {
        ModelMetadata metadata = describeHef(*m_hef);
        if (const auto head = describeHead()) {
            metadata.outputs = head->outputs;
            metadata.nms = head->nms;
            metadata.decoderVersion = head->decoderVersion;
        }
        if (const Json *entry = memberOf(m_job, "metadata")) {
            const auto text = readTextFile(m_folder / wordOf(*entry, "file"), documentLimits);
            if (!text)
                return std::unexpected(text.error());
            auto told = parseMetadata(*text, "metadata.json");
            if (!told)
                return passOn(std::move(told));
            metadata.name = told->name;
            metadata.description = told->description;
            metadata.labels = told->labels;
            metadata.task = told->task;
            metadata.input.camera = told->input.camera;
            metadata.converter = told->converter;
        }
        for (const auto &output : m_hef->groups().front().outputs)
            m_result.outputs.push_back(output.name);
        const Json *wanted = memberOf(m_job, "outputs");
        if (!memberOf(m_job, "nms") && wanted && wanted->is_array() &&
            wanted->size() != m_result.outputs.size())
            m_result.warnings.push_back(
                about("vendor.result-outputs", m_output)
                    .with("found", std::int64_t(m_result.outputs.size()))
                    .with("wanted", std::int64_t(wanted->size()))
                    .as(Severity::warning));
        auto sealed = attachMetadata(*m_hef, {.model = std::move(metadata), .labels = {}});
        if (sealed) {
            m_result.hef = std::move(*sealed);
            return {};
        }
        // The file is the result of hours; labels can be put in later (hefc metadata attach).
        for (auto &problem : sealed.error())
            m_result.warnings.push_back(std::move(problem).as(Severity::warning));
        auto bytes = readFile(m_results / wordOf(m_ended, "hef"));
        if (!bytes)
            return passOn(std::move(bytes));
        m_result.hef = std::move(*bytes);
        return {};
    }

    void compare()
    {
        const auto &group = m_hef->groups().front();
        m_result.contexts = static_cast<int>(std::max<std::size_t>(group.contexts.size(), 1));
        m_result.compilerFps = group.framesPerSecond;
        const Json *prediction = memberOf(m_job, "prediction");
        if (!prediction)
            return;
        const std::uint64_t loaded = std::accumulate(
            group.contexts.begin(), group.contexts.end(), group.preliminary.configBytes,
            [](std::uint64_t sum, const HefContextView &context) {
                return sum + context.configBytes;
            });
        m_result.comparison = {
            {"contexts", numberOf(*prediction, "contexts"), double(m_result.contexts)},
            {"frames per second", numberOf(*prediction, "fps"), m_result.compilerFps},
            {"bytes loaded", numberOf(*prediction, "config_bytes"), double(loaded)}};
    }

    void readNoise()
    {
        std::error_code error;
        const fs::path file = m_results / "noise.json";
        if (!fs::exists(file, error))
            return;
        const auto noise = readDocument(file);
        if (!noise || !noise->is_object())
            return;
        for (const auto &[layer, value] : noise->items())
            if (value.is_number())
                m_result.noise.push_back({layer, value.get<double>()});
    }

    fs::path m_folder, m_results;
    std::string m_output;
    Json m_job, m_ended;
    std::optional<Hef> m_hef;
    VendorResult m_result;
};

} // namespace

Result<VendorResult> readVendorResult(const fs::path &job, const std::string &output)
{
    return ResultReader(job, output).read();
}

std::string vendorResultJson(const VendorResult &result, int indent)
{
    Json json{{"network", result.network},
              {"arch", result.arch},
              {"preset", result.preset},
              {"compiler", result.compiler},
              {"compiler_hef_sha256", result.compilerSha256},
              {"bytes", result.hef.size()},
              {"sha256", sha256Hex(result.hef)},
              {"outputs", result.outputs},
              {"contexts", result.contexts},
              {"compiler_fps", result.compilerFps},
              {"comparison", Json::array()},
              {"noise", Json::array()},
              {"warnings", toJson(result.warnings)}};
    for (const auto &row : result.comparison)
        json["comparison"].push_back(
            {{"what", row.what}, {"predicted", row.predicted}, {"found", row.found}});
    for (const auto &row : result.noise)
        json["noise"].push_back({{"layer", row.layer}, {"snr_db", row.snrDb}});
    return jsonText(json, indent);
}

} // namespace hefstudio
