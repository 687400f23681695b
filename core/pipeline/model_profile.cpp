// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/model_profile.h"

#include "base/diagnostic_json.h"
#include "device/device_model.h"
#include "hef/hef_reader.h"
#include "mapping/mapping.h"
#include "onnx/import.h"
#include "pipeline/emulated_hef.h"
#include "pipeline/prepared_network.h"
#include "profile/profile.h"
#include "profile/public_profile.h"

#include <algorithm>
#include <iomanip>
#include <sstream>

namespace hefstudio {
namespace {

Result<DeviceModel> chosenDevice(const ProfileRequest &request)
{
    auto device = !request.deviceFile.empty()
                      ? loadDeviceModel(request.deviceFile)
                      : findDevice(request.arch.empty() ? "hailo8l" : request.arch);
    if (!device || request.link.empty() ||
        std::ranges::find(device->links, request.link, &HostLink::name) != device->links.end())
        return device;
    std::string known;
    for (const HostLink &link : device->links)
        known += (known.empty() ? "" : ", ") + link.name;
    return fail(Diagnostic("device.unknown-link").with("name", request.link).with("known", known));
}

// 8 bits everywhere: widths are chosen later, when a model is quantised.
Result<Profile> estimateModel(const std::filesystem::path &file, const ProfileRequest &request,
                              const DeviceModel &device, std::stop_token stop)
{
    const auto imported = importOnnx(file);
    if (!imported)
        return std::unexpected(imported.error());
    const auto cut = cutForDevice(*imported, {});
    if (!cut)
        return std::unexpected(cut.error());
    const auto graph = rewriteForDevice(cut->device, {}, false, stop, {});
    if (!graph)
        return std::unexpected(graph.error());
    const std::vector<int> bits((*graph)->tensors.size(), 8);
    const auto mapping = mapToDevice(**graph, bits, device, {.contexts = request.contexts},
                                     std::move(stop), {});
    if (!mapping)
        return std::unexpected(mapping.error());
    Profile profile = estimate(**graph, bits, *mapping, device, request.batches, request.link);
    if (cut->host)
        for (const Layer &layer : cut->host->layers)
            if (!layer.is<Input>()) {
                ++profile.hostLayers;
                profile.hostElements += cut->host->outputOf(layer).shape.elementCount();
            }
    return profile;
}

Result<FileProfile> profileModel(const ProfileRequest &request, std::stop_token stop)
{
    const auto device = chosenDevice(request);
    if (!device)
        return std::unexpected(device.error());
    auto profile = estimateModel(request.file, request, *device, stop);
    if (!profile)
        return std::unexpected(profile.error());
    if (!request.sharing.empty()) {
        std::vector<SharedTurn> turns{{.name = request.file.filename().string(),
                                       .occupancyMs = profile->occupancyMs,
                                       .aloneMs = 0}};
        for (const std::filesystem::path &other : request.sharing) {
            const auto one = estimateModel(other, request, *device, stop);
            if (!one)
                return std::unexpected(one.error());
            turns.push_back({.name = other.filename().string(),
                             .occupancyMs = one->occupancyMs,
                             .aloneMs = 0});
        }
        profile->sharing = std::move(turns);
    }
    return FileProfile{.text = profileText(*profile), .json = profileJson(*profile) + "\n"};
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

// A vendor's HEF holds no layers, only what crosses its borders, what is loaded, and two figures of
// its compiler. The rest follows from the link.
Result<FileProfile> profileVendorHef(const std::filesystem::path &file,
                                     std::span<const int> batches)
{
    const auto hef = Hef::open(file);
    if (!hef)
        return std::unexpected(hef.error());
    const auto device = findDevice(hef->arch().productName());
    if (hef->groups().empty() || !device)
        return fail(Diagnostic("profile.vendor-hef", Place{.file = file.string()}));
    const PublicProfile profile = profileOfHef(hef->groups().front(), *device, batches);
    return FileProfile{.text = publicProfileText(profile),
                       .json = publicProfileJson(profile) + "\n"};
}

// A HEF answers from its record: what was predicted for its own chip when it was made.
Result<FileProfile> profileHef(const ProfileRequest &request)
{
    const std::filesystem::path &file = request.file;
    const std::string &arch = request.arch;
    const std::vector<int> &batches = request.batches;
    if (!request.deviceFile.empty() || !request.link.empty() || request.contexts ||
        !request.sharing.empty())
        return fail(Diagnostic("profile.models-only", Place{.file = file.string()}));
    const auto hef = EmulatedHef::open(file);
    if (!hef) {
        if (hef.error().front().id == "run.vendor-program")
            return profileVendorHef(file, batches);
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

Result<FileProfile> profileFile(const ProfileRequest &request, std::stop_token stop)
{
    return request.file.extension() == ".hef" ? profileHef(request)
                                              : profileModel(request, std::move(stop));
}

} // namespace hefstudio
