// SPDX-License-Identifier: GPL-3.0-or-later
#include "device/device_model.h"

#include "base/diagnostic_json.h"
#include "base/file.h"
#include "device/built_in_device_files.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;

struct Field {
    const char *name;
    std::function<void(DeviceModel &, double)> set;
    double least = 0; // must be greater than this
    double most = 1e15;
};

Field number(const char *name, double DeviceModel::*member)
{
    return {name, [member](DeviceModel &device, double value) { device.*member = value; }};
}

Field cap(const char *name, ResourceCaps DeviceModel::*caps, double ResourceCaps::*member)
{
    return {name,
            [caps, member](DeviceModel &device, double value) { device.*caps.*member = value; }, 0,
            1};
}

std::vector<Field> fields()
{
    using D = DeviceModel;
    return {
        {"clusters", [](D &device, double value) { device.clusters = static_cast<int>(value); },
         0.999, 64},
        number("control_units_per_cluster", &D::controlUnitsPerCluster),
        number("compute_units_per_cluster", &D::computeUnitsPerCluster),
        number("weight_blocks_per_cluster", &D::weightBlocksPerCluster),
        number("weight_block_bytes", &D::weightBlockBytes),
        number("input_aligners_per_cluster", &D::inputAlignersPerCluster),
        number("activation_units_per_cluster", &D::activationUnitsPerCluster),
        number("clock_hz", &D::clockHz),
        number("lanes", &D::lanes),
        number("most_units_per_piece", &D::mostUnitsPerPiece),
        number("efficiency", &D::efficiency),
        number("row_overhead_cycles", &D::rowOverheadCycles),
        number("depthwise_factor", &D::depthwiseFactor),
        number("stream_factor", &D::streamFactor),
        number("reformat_factor", &D::reformatFactor),
        number("matrix_efficiency", &D::matrixEfficiency),
        number("token_efficiency", &D::tokenEfficiency),
        number("transpose_factor", &D::transposeFactor),
        number("input_cycles", &D::inputCycles),
        number("most_pieces", &D::mostPieces),
        number("shortest_period_cycles", &D::shortestPeriodCycles),
        number("start_cycles", &D::startCycles),
        number("control_join", &D::controlJoin),
        number("control_simple", &D::controlSimple),
        number("control_movement", &D::controlMovement),
        number("control_transpose", &D::controlTranspose),
        number("control_softmax", &D::controlSoftmax),
        number("control_layer_normalization", &D::controlLayerNormalization),
        number("control_matrix", &D::controlMatrix),
        cap("single_control_cap", &D::singleContext, &ResourceCaps::control),
        cap("single_compute_cap", &D::singleContext, &ResourceCaps::compute),
        cap("single_memory_cap", &D::singleContext, &ResourceCaps::memory),
        cap("multi_control_cap", &D::multiContext, &ResourceCaps::control),
        cap("multi_compute_cap", &D::multiContext, &ResourceCaps::compute),
        cap("multi_memory_cap", &D::multiContext, &ResourceCaps::memory),
        number("weight_expansion", &D::weightExpansion),
        number("large_network_weights", &D::largeNetworkWeights),
        number("large_network_weight_share", &D::largeNetworkWeightShare),
        number("slack_rows", &D::slackRows),
        number("waiting_share", &D::waitingShare),
        number("blocks_per_control_unit", &D::blocksPerControlUnit),
        number("blocks_per_compute_unit", &D::blocksPerComputeUnit),
        number("switch_seconds", &D::switchSeconds),
        number("fill_factor", &D::fillFactor),
        number("serial_transfer_share", &D::serialTransferShare),
        number("configuration_bytes_per_weight_byte", &D::configurationBytesPerWeightByte),
        number("configuration_bytes_per_control_unit", &D::configurationBytesPerControlUnit),
        number("configuration_weight", &D::configurationWeight),
        number("single_context_preference", &D::singleContextPreference),
    };
}

// Reads one file; the first fault is kept, with the path of the key it concerns.
class Reader {
public:
    Reader(const Json &root, std::string name) : m_root(root), m_name(std::move(name)) {}

    Result<DeviceModel> read()
    {
        if (!m_root.is_object())
            fault("", "a JSON object is expected");
        else
            readAll();
        if (!m_faults.empty())
            return fail(std::move(m_faults));
        return std::move(m_device);
    }

private:
    void fault(std::string keyPath, std::string reason)
    {
        if (m_faults.size() < 10)
            m_faults.push_back(
                Diagnostic("device.malformed", Place{.file = m_name, .keyPath = std::move(keyPath)})
                    .with("reason", std::move(reason)));
    }

    std::string text(const Json &object, const std::string &key)
    {
        const auto found = object.find(key);
        if (found == object.end() || !found->is_string() || found->get<std::string>().empty()) {
            fault(key, "a text is missing");
            return {};
        }
        return found->get<std::string>();
    }

    DeviceFigure figure(const Json &object, const std::string &key, const std::string &parent)
    {
        DeviceFigure result{.name = key, .note = {}};
        const std::string path = parent + "." + key;
        const auto found = object.find(key);
        if (found == object.end() || !found->is_object()) {
            fault(path, "the figure is missing");
            return result;
        }
        const auto value = found->find("value");
        const auto kind = found->find("kind");
        const auto note = found->find("note");
        if (value == found->end() || !value->is_number() || !(value->get<double>() > 0) ||
            !std::isfinite(value->get<double>())) {
            fault(path + ".value", "a number above zero is expected");
            return result;
        }
        result.value = value->get<double>();
        if (note == found->end() || !note->is_string() || note->get<std::string>().empty())
            fault(path + ".note", "the source or ground of the number is missing");
        else
            result.note = note->get<std::string>();
        if (kind != found->end() && *kind == "fact")
            result.kind = FigureKind::fact;
        else if (kind != found->end() && *kind == "fitted")
            result.kind = FigureKind::fitted;
        else if (kind == found->end() || *kind != "assumed")
            fault(path + ".kind", "one of fact, fitted, assumed is expected");
        return result;
    }

    void readLinks()
    {
        const auto links = m_root.find("links");
        if (links == m_root.end() || !links->is_array() || links->empty())
            return fault("links", "at least one link is expected");
        for (std::size_t i = 0; i < links->size(); ++i) {
            const std::string path = "links[" + std::to_string(i) + "]";
            const Json &link = (*links)[i];
            if (!link.is_object()) {
                fault(path, "a JSON object is expected");
                continue;
            }
            m_device.links.push_back(
                {.name = text(link, "name"),
                 .configurationBytesPerSecond =
                     figure(link, "configuration_bytes_per_second", path).value,
                 .transferBytesPerSecond = figure(link, "transfer_bytes_per_second", path).value});
        }
    }

    void readErrorBand()
    {
        const auto band = m_root.find("error_band");
        if (band == m_root.end())
            return;
        if (!band->is_object() || !band->contains("lower") || !band->contains("upper") ||
            !(*band)["lower"].is_number() || !(*band)["upper"].is_number())
            return fault("error_band", "lower and upper are expected");
        m_device.errorLower = (*band)["lower"].get<double>();
        m_device.errorUpper = (*band)["upper"].get<double>();
        m_device.errorNote = text(*band, "note");
    }

    void readAll()
    {
        const auto format = m_root.find("format");
        if (format == m_root.end() || !format->is_number_integer() || *format != 1)
            return fault("format", "this program reads format 1");
        m_device.id = text(m_root, "id");
        m_device.title = text(m_root, "title");
        m_device.architecture = text(m_root, "architecture");
        if (const auto boards = m_root.find("boards"); boards != m_root.end()) {
            if (!boards->is_array())
                fault("boards", "a list of texts is expected");
            else
                for (const Json &board : *boards)
                    if (board.is_string())
                        m_device.boards.push_back(board.get<std::string>());
        }
        const auto figures = m_root.find("figures");
        if (figures == m_root.end() || !figures->is_object())
            return fault("figures", "the figures are missing");
        for (const Field &field : fields()) {
            DeviceFigure read = figure(*figures, field.name, "figures");
            if (read.value == 0)
                continue; // reported
            if (read.value <= field.least || read.value > field.most)
                fault("figures." + read.name + ".value", "the number is out of range");
            field.set(m_device, read.value);
            m_device.figures.push_back(std::move(read));
        }
        readLinks();
        readErrorBand();
    }

    const Json &m_root;
    std::string m_name;
    DeviceModel m_device;
    Diagnostics m_faults;
};

// "Raspberry Pi AI HAT+ 13 TOPS" and "raspberry-pi-ai-hat+-13tops" are one name. The plus counts.
std::string bareName(std::string_view name)
{
    std::string bare;
    for (const char c : name) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+')
            bare += c;
        else if (c >= 'A' && c <= 'Z')
            bare += static_cast<char>(c - 'A' + 'a');
    }
    return bare;
}

} // namespace

std::string_view figureKindName(FigureKind kind)
{
    switch (kind) {
    case FigureKind::fact:
        return "fact";
    case FigureKind::fitted:
        return "fitted";
    case FigureKind::assumed:
        return "assumed";
    }
    return "assumed";
}

Result<DeviceModel> parseDeviceModel(std::span<const std::byte> bytes,
                                     const std::string &nameForErrors)
{
    const std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    Result<Json> root = parseJson(text, nameForErrors);
    if (!root)
        return passOn(std::move(root));
    return Reader(*root, nameForErrors).read();
}

Result<DeviceModel> loadDeviceModel(const std::filesystem::path &file)
{
    Result<Bytes> bytes = readFile(file, {.maxBytes = 1 << 20});
    if (!bytes)
        return passOn(std::move(bytes));
    return parseDeviceModel(*bytes, file.string());
}

std::vector<DeviceModel> builtInDevices()
{
    std::vector<DeviceModel> devices;
    for (const BuiltInDeviceFile &file : builtInDeviceFiles())
        if (Result<DeviceModel> device =
                parseDeviceModel(asBytes(file.text), std::string(file.name)))
            devices.push_back(std::move(*device));
    return devices;
}

Result<DeviceModel> findDevice(std::string_view name)
{
    const std::string wanted = bareName(name);
    std::string known;
    for (DeviceModel &device : builtInDevices()) {
        const auto matches = [&](const std::string &board) { return bareName(board) == wanted; };
        if (wanted == device.id || std::ranges::any_of(device.boards, matches))
            return std::move(device);
        known += (known.empty() ? "" : ", ") + device.id;
    }
    const std::string vendorOnly[] = {"hailo10h", "aihat+2",  "raspberrypiaihat+2",
                                      "hailo15h", "hailo15m", "hailo15l"};
    const bool isVendorOnly = std::ranges::find(vendorOnly, wanted) != std::end(vendorOnly);
    return fail(Diagnostic(isVendorOnly ? "device.vendor-only" : "device.unknown")
                    .with("name", std::string(name))
                    .with("known", known));
}

} // namespace hefstudio
