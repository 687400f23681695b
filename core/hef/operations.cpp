// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/group_view.h"

#include <array>
#include <limits>

namespace hefstudio {

namespace {

constexpr std::uint64_t max8 = std::numeric_limits<std::uint8_t>::max();
constexpr std::uint64_t max16 = std::numeric_limits<std::uint16_t>::max();
constexpr std::uint64_t max32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t shortestSleepUs = 1000;

void checkTrigger(const proto::ProtoHEFTrigger &trigger, const KeyPath &path, Findings &findings)
{
    switch (trigger.member()) {
    case proto::ProtoHEFTrigger::trigger_none_number:
        break;
    case proto::ProtoHEFTrigger::trigger_lcu_number:
        findings.fits(path, "cluster_index", trigger.trigger_lcu().cluster_index(), max8);
        findings.fits(path, "lcu_index", trigger.trigger_lcu().lcu_index(), max8);
        break;
    case proto::ProtoHEFTrigger::trigger_all_data_was_sent_number:
        findings.fits(path, "shmifo_index", trigger.trigger_all_data_was_sent().shmifo_index(),
                      max8);
        break;
    case proto::ProtoHEFTrigger::trigger_dma_idle_number:
        findings.fits(path, "shmifo_index", trigger.trigger_dma_idle().shmifo_index(), max8);
        break;
    case proto::ProtoHEFTrigger::trigger_nms_number: {
        const auto &nms = trigger.trigger_nms();
        findings.fits(path, "aggregator_index", nms.aggregator_index(), max8);
        findings.fits(path, "pred_cluster_ob_index", nms.pred_cluster_ob_index(), max8);
        findings.fits(path, "pred_cluster_ob_cluster_index", nms.pred_cluster_ob_cluster_index(),
                      max8);
        findings.fits(path, "pred_cluster_ob_interface", nms.pred_cluster_ob_interface(), max8);
        findings.fits(path, "succ_prepost_ob_index", nms.succ_prepost_ob_index(), max8);
        findings.fits(path, "succ_prepost_ob_interface", nms.succ_prepost_ob_interface(), max8);
        break;
    }
    case proto::ProtoHEFTrigger::trigger_all_data_was_received_number:
        findings.error(findings.at("hef.trigger-refused", path)
                           .with("trigger", std::string("trigger_all_data_was_received")));
        break;
    case 0:
        findings.error(findings.at("hef.trigger-missing", path));
        break;
    }
}

// What a reader of one action needs to know of its surroundings.
class ActionReader {
public:
    ActionReader(HefContextView &view, const FileTraits &traits, Findings &findings)
        : m_view(view), m_traits(traits), m_findings(findings)
    {
    }

    void read(const proto::ProtoHEFAction &action, const KeyPath &path);
    void finish();

private:
    void refuse(const char *kind, const KeyPath &path)
    {
        m_findings.error(
            m_findings.at("hef.action-refused", path).with("action", std::string(kind)));
    }
    void addWords(std::uint32_t channel, std::uint64_t bytes);
    void readWords(const proto::ProtoHEFAction &action, std::uint32_t kind, const KeyPath &path);
    void readLayerControl(const proto::ProtoHEFAction &action, const KeyPath &path);
    void readSequencer(const proto::ProtoHEFAction &action, const KeyPath &path);
    void readRegister(const proto::ProtoHEFActionWriteDataByType &write, const KeyPath &path);
    void readNms(const proto::ProtoHEFActionEnableNMS &nms, const KeyPath &path);
    void readDebug(const proto::ProtoHEFActionDebug &debug, const KeyPath &path);

    HefContextView &m_view;
    const FileTraits &m_traits;
    Findings &m_findings;
    // By field number of the action; 0 for an action of no kind.
    std::array<std::size_t, 64> m_counts{};
};

void ActionReader::finish()
{
    for (std::uint32_t number = 0; number < m_counts.size(); ++number) {
        if (m_counts[number] > 0)
            m_view.actions[std::string(actionName(number))] = m_counts[number];
    }
}

void ActionReader::addWords(std::uint32_t channel, std::uint64_t bytes)
{
    m_view.configBytes += bytes;
    HefChannelUse &use = m_view.channels[channel];
    ++use.actions;
    use.bytes += bytes;
}

void ActionReader::readWords(const proto::ProtoHEFAction &action, std::uint32_t kind,
                             const KeyPath &path)
{
    const bool isInline = kind == proto::ProtoHEFAction::write_data_ccw_number;
    // Inline words belong to header version 0, pointers to the later ones.
    if (isInline != (m_traits.headerVersion == 0)) {
        m_findings.error(
            m_findings.at("hef.action-header-version", path)
                .with("action", std::string(isInline ? "write_data_ccw" : "write_data_ccw_ptr"))
                .with("version", std::int64_t(m_traits.headerVersion)));
    }
    if (isInline) {
        const auto words = action.write_data_ccw();
        const std::uint32_t channel = words.cfg_channel_index();
        addWords(channel, words.data().size());
        m_findings.fits(path, "cfg_channel_index", channel, max8);
        return;
    }
    // Most actions are of this kind, and each look at a field is a search.
    const auto pointer = action.write_data_ccw_ptr();
    const std::uint32_t channel = pointer.cfg_channel_index();
    const std::uint64_t offset = pointer.offset();
    const std::uint32_t size = pointer.size();
    addWords(channel, size);
    m_findings.fits(path, "cfg_channel_index", channel, max8);
    if (offset > m_traits.ccwBytes || size > m_traits.ccwBytes - offset) {
        m_findings.warning(m_findings.at("hef.ccw-out-of-range", path)
                               .with("offset", std::to_string(offset))
                               .with("size", std::int64_t(size))
                               .with("available", std::to_string(m_traits.ccwBytes)));
    }
}

void ActionReader::readLayerControl(const proto::ProtoHEFAction &action, const KeyPath &path)
{
    if (action.member() == proto::ProtoHEFAction::disable_lcu_number) {
        const auto lcu = action.disable_lcu();
        m_findings.fits(path, "cluster_index", lcu.cluster_index(), max8);
        m_findings.fits(path, "lcu_index", lcu.lcu_index(), max8);
    } else if (action.member() == proto::ProtoHEFAction::enable_lcu_number) {
        const auto &lcu = action.enable_lcu();
        m_findings.fits(path, "cluster_index", lcu.cluster_index(), max8);
        m_findings.fits(path, "lcu_index", lcu.lcu_index(), max8);
        m_findings.fits(path, "lcu_kernel_done_address", lcu.lcu_kernel_done_address(), max16);
    } else {
        const auto lcu = action.switch_lcu_batch();
        m_findings.fits(path, "cluster_index", lcu.cluster_index(), max8);
        m_findings.fits(path, "lcu_index", lcu.lcu_index(), max8);
    }
}

void ActionReader::readSequencer(const proto::ProtoHEFAction &action, const KeyPath &path)
{
    if (action.member() == proto::ProtoHEFAction::wait_for_seqeuncer_number) {
        m_findings.fits(path, "cluster_index", action.wait_for_seqeuncer().cluster_index(), max8);
        return;
    }
    const auto &sequencer = action.enable_sequencer();
    m_findings.fits(path, "cluster_index", sequencer.cluster_index(), max8);
    if (sequencer.initial_l3_info().includes_initial_l3_info()) {
        m_findings.fits(path, "initial_l3_index", sequencer.initial_l3_info().initial_l3_index(),
                        max8);
        m_findings.fits(path, "initial_l3_offset", sequencer.initial_l3_info().initial_l3_offset(),
                        max16);
    }
}

void ActionReader::readRegister(const proto::ProtoHEFActionWriteDataByType &write,
                                const KeyPath &path)
{
    m_findings.fits(path, "address", write.address(), max32);
    if (write.address() % 4 != 0)
        m_findings.error(m_findings.at("hef.action-malformed", path.at("address"))
                             .with("action", std::string("write_data_by_type")));
    m_findings.fits(path, "data_type", static_cast<std::uint32_t>(write.data_type()), 1);
    m_findings.fits(path, "data", write.data().size(), 4);
    m_findings.fits(path, "shift", write.shift(), max8);
}

void ActionReader::readNms(const proto::ProtoHEFActionEnableNMS &nms, const KeyPath &path)
{
    m_findings.fits(path, "nms_unit_index", nms.nms_unit_index(), max8);
    m_findings.fits(path, "network_index", nms.network_index(), max8);
    m_findings.fits(path, "division_factor", nms.division_factor(), max8);
    if (nms.number_of_classes() == 0 || nms.burst_size() == 0)
        m_findings.error(
            m_findings.at("hef.action-malformed", path).with("action", std::string("enable_nms")));
}

void ActionReader::readDebug(const proto::ProtoHEFActionDebug &debug, const KeyPath &path)
{
    const bool isShortSleep = debug.member() == proto::ProtoHEFActionDebug::sleep_number &&
                              debug.sleep().duration_in_usec() < shortestSleepUs;
    if (isShortSleep || debug.member() == 0)
        m_findings.error(
            m_findings.at("hef.action-malformed", path).with("action", std::string("debug")));
}

void ActionReader::read(const proto::ProtoHEFAction &action, const KeyPath &path)
{
    using Action = proto::ProtoHEFAction;
    const std::uint32_t kind = action.member();
    ++m_counts[kind];
    switch (kind) {
    case Action::write_data_ccw_number:
    case Action::write_data_ccw_ptr_number:
        return readWords(action, kind, path);
    case Action::write_data_number:
        return refuse("write_data", path);
    case Action::write_compressed_data_number:
        return refuse("write_compressed_data", path);
    case Action::disable_lcu_number:
    case Action::enable_lcu_number:
    case Action::switch_lcu_batch_number:
        return readLayerControl(action, path);
    case Action::enable_sequencer_number:
    case Action::wait_for_seqeuncer_number:
        return readSequencer(action, path);
    case Action::none_number:
        return;
    case Action::allow_input_dataflow_number:
        m_findings.fits(path, "sys_index", action.allow_input_dataflow().sys_index(), max8);
        return;
    case Action::wait_for_module_config_done_number:
        m_findings.fits(path, "index", action.wait_for_module_config_done().index(), max8);
        return;
    case Action::debug_number:
        return readDebug(action.debug(), path);
    case Action::enable_nms_number:
        return readNms(action.enable_nms(), path);
    case Action::write_data_by_type_number:
        return readRegister(action.write_data_by_type(), path);
    case Action::allow_config_channels_number:
        m_findings.fits(path, "config_index", action.allow_config_channels().config_index(), max8);
        return;
    case Action::disable_data_channels_number:
        return;
    default:
        return refuse("unknown", path);
    }
}

} // namespace

std::string_view actionName(std::uint32_t number)
{
    if (number == proto::ProtoHEFAction::wait_for_seqeuncer_number)
        return "wait_for_sequencer"; // spelt wrongly in the schema
    const FieldInfo *field = messageInfo(MessageId::ProtoHEFAction).field(number);
    return field ? field->name : "unknown";
}

HefContextView readOperations(const FieldRange<proto::ProtoHEFOperation> &operations,
                              const FileTraits &traits, const KeyPath &path, Findings &findings)
{
    HefContextView view;
    ActionReader reader(view, traits, findings);
    for (const proto::ProtoHEFOperation &operation : operations) {
        const KeyPath operationPath = path.at({}, static_cast<int>(view.operations++));
        checkTrigger(operation.trigger(), operationPath.at("trigger"), findings);
        int position = 0;
        for (const proto::ProtoHEFAction &action : operation.actions())
            reader.read(action, operationPath.at("actions", position++));
    }
    reader.finish();
    return view;
}

} // namespace hefstudio
