// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/model_profile.h"

#include "base/diagnostic_json.h"
#include "device/device_model.h"
#include "mapping/mapping.h"
#include "onnx/import.h"
#include "pipeline/emulated_hef.h"
#include "pipeline/prepared_network.h"
#include "profile/profile.h"

#include <iomanip>
#include <sstream>

namespace hefstudio {
namespace {

// The graph a mapping needs; the widths are 8 bit everywhere unless a HEF says otherwise.
Result<FileProfile> profileGraph(const Graph &graph, std::span<const int> bits,
                                 const std::string &arch, std::span<const int> batches,
                                 std::stop_token stop)
{
    const auto device = findDevice(arch.empty() ? "hailo8l" : arch);
    if (!device)
        return std::unexpected(device.error());
    const auto mapping = mapToDevice(graph, bits, *device, {}, std::move(stop), {});
    if (!mapping)
        return std::unexpected(mapping.error());
    const auto profile = estimate(graph, bits, *mapping, *device, batches);
    return FileProfile{.text = profileText(profile), .json = profileJson(profile) + "\n"};
}

Result<FileProfile> profileModel(const std::filesystem::path &file, const std::string &arch,
                                 std::span<const int> batches, std::stop_token stop)
{
    const auto imported = importModel(file, {});
    if (!imported)
        return std::unexpected(imported.error());
    if (!imported->blocking.empty())
        return fail(imported->prefix.refused);
    const auto cut = cutForDevice(*imported, {});
    if (!cut)
        return std::unexpected(cut.error());
    const auto graph = rewriteForDevice(cut->device, {}, false, stop, {});
    if (!graph)
        return std::unexpected(graph.error());
    const std::vector<int> bits((*graph)->tensors.size(), 8);
    return profileGraph(**graph, bits, arch, batches, std::move(stop));
}

// The record's profile as a page for people; the document is our own, but the file may be damaged.
std::string pageOf(const nlohmann::ordered_json &profile)
{
    const auto number = [](const nlohmann::ordered_json &object, const char *key, int digits) {
        const auto found = object.find(key);
        std::ostringstream text;
        text << std::fixed << std::setprecision(digits)
             << (found != object.end() && found->is_number() ? found->get<double>() : 0.0);
        return text.str();
    };
    std::ostringstream page;
    page << profile.value("arch", std::string()) << " over " << profile.value("link", std::string())
         << ", predicted when the HEF was made (not measured on a chip)\n";
    const auto fps = profile.value("fps", nlohmann::ordered_json::object());
    const auto latency = profile.value("latency_ms", nlohmann::ordered_json::object());
    for (const auto &[batch, value] : fps.items())
        page << "  batch " << batch << ": predicted " << number(fps, batch.c_str(), 1)
             << " frames/s, " << number(latency, batch.c_str(), 2) << " ms\n";
    for (const auto &context : profile.value("contexts", nlohmann::ordered_json::array())) {
        const auto use = context.value("utilisation", nlohmann::ordered_json::object());
        page << "  context " << number(context, "index", 0) << ": " << number(context, "layers", 0)
             << " layers, " << number(context, "period_ms", 3) << " ms, control "
             << number(use, "control", 2) << ", compute " << number(use, "compute", 2)
             << ", weight memory " << number(use, "weight_memory", 2) << "\n";
    }
    const auto bottleneck = profile.value("bottleneck", nlohmann::ordered_json::object());
    page << "predicted bottleneck: " << bottleneck.value("limit", std::string()) << " "
         << bottleneck.value("layer", std::string()) << "\n";
    return page.str();
}

// A HEF answers from its record: what was predicted for its own chip when it was made.
Result<FileProfile> profileHef(const std::filesystem::path &file, const std::string &arch,
                               std::span<const int> batches)
{
    const auto hef = EmulatedHef::open(file);
    if (!hef) {
        if (hef.error().front().id == "run.vendor-program")
            return fail(Diagnostic("profile.vendor-hef", Place{.file = file.string()}));
        return std::unexpected(hef.error());
    }
    const auto *record = hef->record();
    if (!record)
        return fail(Diagnostic("profile.no-record", Place{.file = file.string()}));
    if (!arch.empty()) {
        const auto device = findDevice(arch);
        if (!device)
            return std::unexpected(device.error());
        if (device->id != record->arch)
            return fail(Diagnostic("profile.other-chip", Place{.file = file.string()})
                            .with("made", record->arch)
                            .with("asked", device->id));
    }
    auto profile = parseJson(record->profileJson, file.string());
    if (!profile || !profile->is_object())
        return fail(Diagnostic("record.malformed", Place{.file = file.string()}));
    try {
        for (const char *table : {"fps", "latency_ms"}) {
            auto kept = nlohmann::ordered_json::object();
            for (const int batch : batches) {
                const auto key = std::to_string(batch);
                if (!profile->at(table).contains(key))
                    return fail(Diagnostic("profile.other-batch", Place{.file = file.string()})
                                    .with("batch", std::int64_t(batch)));
                kept[key] = profile->at(table).at(key);
            }
            (*profile)[table] = std::move(kept);
        }
        return FileProfile{.text = pageOf(*profile), .json = jsonText(*profile) + "\n"};
    } catch (const nlohmann::json::exception &) {
        return fail(Diagnostic("record.malformed", Place{.file = file.string()}));
    }
}

} // namespace

Result<FileProfile> profileFile(const std::filesystem::path &file, const std::string &arch,
                                std::span<const int> batches, std::stop_token stop)
{
    return file.extension() == ".hef" ? profileHef(file, arch, batches)
                                      : profileModel(file, arch, batches, std::move(stop));
}

} // namespace hefstudio
