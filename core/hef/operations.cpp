// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/group_view.h"

#include <limits>

namespace hefstudio {

namespace {

constexpr std::uint64_t max8 = std::numeric_limits<std::uint8_t>::max();
constexpr std::uint64_t max16 = std::numeric_limits<std::uint16_t>::max();
constexpr std::uint64_t max32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t shortestSleepUs = 1000;

void checkTrigger(const proto::ProtoHEFTrigger &trigger, const KeyPath &path, Findings &findings)
{
    switch (trigger.trigger_case()) {
    case proto::ProtoHEFTrigger::kTriggerNone:
        break;
    case proto::ProtoHEFTrigger::kTriggerLcu:
        findings.fits(path, "cluster_index", trigger.trigger_lcu().cluster_index(), max8);
        findings.fits(path, "lcu_index", trigger.trigger_lcu().lcu_index(), max8);
        break;
    case proto::ProtoHEFTrigger::kTriggerAllDataWasSent:
        findings.fits(path, "shmifo_index", trigger.trigger_all_data_was_sent().shmifo_index(),
                      max8);
        break;
    case proto::ProtoHEFTrigger::kTriggerDmaIdle:
        findings.fits(path, "shmifo_index", trigger.trigger_dma_idle().shmifo_index(), max8);
        break;
    case proto::ProtoHEFTrigger::kTriggerNms: {
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
    case proto::ProtoHEFTrigger::kTriggerAllDataWasReceived:
        findings.error(findings.at("hef.trigger-refused", path)
                           .with("trigger", std::string("trigger_all_data_was_received")));
        break;
    case proto::ProtoHEFTrigger::TRIGGER_NOT_SET:
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

private:
    void count(const char *kind) { ++m_view.actions[kind]; }
    void refuse(const char *kind, const KeyPath &path)
    {
        m_findings.error(
            m_findings.at("hef.action-refused", path).with("action", std::string(kind)));
    }
    void readWords(const proto::ProtoHEFAction &action, const KeyPath &path);
    void readLayerControl(const proto::ProtoHEFAction &action, const KeyPath &path);
    void readSequencer(const proto::ProtoHEFAction &action, const KeyPath &path);
    void readRegister(const proto::ProtoHEFActionWriteDataByType &write, const KeyPath &path);
    void readNms(const proto::ProtoHEFActionEnableNMS &nms, const KeyPath &path);
    void readDebug(const proto::ProtoHEFActionDebug &debug, const KeyPath &path);

    HefContextView &m_view;
    const FileTraits &m_traits;
    Findings &m_findings;
};

void ActionReader::readWords(const proto::ProtoHEFAction &action, const KeyPath &path)
{
    const bool isInline = action.action_case() == proto::ProtoHEFAction::kWriteDataCcw;
    // Inline words belong to header version 0, pointers to the later ones.
    if (isInline != (m_traits.headerVersion == 0)) {
        m_findings.error(
            m_findings.at("hef.action-header-version", path)
                .with("action", std::string(isInline ? "write_data_ccw" : "write_data_ccw_ptr"))
                .with("version", std::int64_t(m_traits.headerVersion)));
    }
    if (isInline) {
        count("write_data_ccw");
        m_view.configBytes += action.write_data_ccw().data().size();
        m_findings.fits(path, "cfg_channel_index", action.write_data_ccw().cfg_channel_index(),
                        max8);
        return;
    }
    count("write_data_ccw_ptr");
    const auto &pointer = action.write_data_ccw_ptr();
    m_view.configBytes += pointer.size();
    m_findings.fits(path, "cfg_channel_index", pointer.cfg_channel_index(), max8);
    if (pointer.offset() > m_traits.ccwBytes ||
        pointer.size() > m_traits.ccwBytes - pointer.offset()) {
        m_findings.warning(m_findings.at("hef.ccw-out-of-range", path)
                               .with("offset", std::to_string(pointer.offset()))
                               .with("size", std::int64_t(pointer.size()))
                               .with("available", std::to_string(m_traits.ccwBytes)));
    }
}

void ActionReader::readLayerControl(const proto::ProtoHEFAction &action, const KeyPath &path)
{
    if (action.action_case() == proto::ProtoHEFAction::kDisableLcu) {
        count("disable_lcu");
        m_findings.fits(path, "cluster_index", action.disable_lcu().cluster_index(), max8);
        m_findings.fits(path, "lcu_index", action.disable_lcu().lcu_index(), max8);
    } else if (action.action_case() == proto::ProtoHEFAction::kEnableLcu) {
        count("enable_lcu");
        const auto &lcu = action.enable_lcu();
        m_findings.fits(path, "cluster_index", lcu.cluster_index(), max8);
        m_findings.fits(path, "lcu_index", lcu.lcu_index(), max8);
        m_findings.fits(path, "lcu_kernel_done_address", lcu.lcu_kernel_done_address(), max16);
    } else {
        count("switch_lcu_batch");
        m_findings.fits(path, "cluster_index", action.switch_lcu_batch().cluster_index(), max8);
        m_findings.fits(path, "lcu_index", action.switch_lcu_batch().lcu_index(), max8);
    }
}

void ActionReader::readSequencer(const proto::ProtoHEFAction &action, const KeyPath &path)
{
    if (action.action_case() == proto::ProtoHEFAction::kWaitForSeqeuncer) {
        count("wait_for_sequencer");
        m_findings.fits(path, "cluster_index", action.wait_for_seqeuncer().cluster_index(), max8);
        return;
    }
    count("enable_sequencer");
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
    count("write_data_by_type");
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
    count("enable_nms");
    m_findings.fits(path, "nms_unit_index", nms.nms_unit_index(), max8);
    m_findings.fits(path, "network_index", nms.network_index(), max8);
    m_findings.fits(path, "division_factor", nms.division_factor(), max8);
    if (nms.number_of_classes() == 0 || nms.burst_size() == 0)
        m_findings.error(
            m_findings.at("hef.action-malformed", path).with("action", std::string("enable_nms")));
}

void ActionReader::readDebug(const proto::ProtoHEFActionDebug &debug, const KeyPath &path)
{
    count("debug");
    const bool isShortSleep = debug.action_case() == proto::ProtoHEFActionDebug::kSleep &&
                              debug.sleep().duration_in_usec() < shortestSleepUs;
    if (isShortSleep || debug.action_case() == proto::ProtoHEFActionDebug::ACTION_NOT_SET)
        m_findings.error(
            m_findings.at("hef.action-malformed", path).with("action", std::string("debug")));
}

void ActionReader::read(const proto::ProtoHEFAction &action, const KeyPath &path)
{
    using Action = proto::ProtoHEFAction;
    switch (action.action_case()) {
    case Action::kWriteDataCcw:
    case Action::kWriteDataCcwPtr:
        return readWords(action, path);
    case Action::kWriteData:
        count("write_data");
        return refuse("write_data", path);
    case Action::kWriteCompressedData:
        count("write_compressed_data");
        return refuse("write_compressed_data", path);
    case Action::kDisableLcu:
    case Action::kEnableLcu:
    case Action::kSwitchLcuBatch:
        return readLayerControl(action, path);
    case Action::kEnableSequencer:
    case Action::kWaitForSeqeuncer:
        return readSequencer(action, path);
    case Action::kNone:
        return count("none");
    case Action::kAllowInputDataflow:
        count("allow_input_dataflow");
        m_findings.fits(path, "sys_index", action.allow_input_dataflow().sys_index(), max8);
        return;
    case Action::kWaitForModuleConfigDone:
        count("wait_for_module_config_done");
        m_findings.fits(path, "index", action.wait_for_module_config_done().index(), max8);
        return;
    case Action::kDebug:
        return readDebug(action.debug(), path);
    case Action::kEnableNms:
        return readNms(action.enable_nms(), path);
    case Action::kWriteDataByType:
        return readRegister(action.write_data_by_type(), path);
    case Action::kAllowConfigChannels:
        count("allow_config_channels");
        m_findings.fits(path, "config_index", action.allow_config_channels().config_index(), max8);
        return;
    case Action::kDisableDataChannels:
        return count("disable_data_channels");
    case Action::ACTION_NOT_SET:
        count("unknown");
        return refuse("unknown", path);
    }
}

} // namespace

HefContextView
readOperations(const google::protobuf::RepeatedPtrField<proto::ProtoHEFOperation> &operations,
               const FileTraits &traits, const KeyPath &path, Findings &findings)
{
    HefContextView view;
    view.operations = static_cast<std::size_t>(operations.size());
    ActionReader reader(view, traits, findings);
    for (int i = 0; i < operations.size(); ++i) {
        const KeyPath operation = path.at({}, i);
        checkTrigger(operations[i].trigger(), operation.at("trigger"), findings);
        const auto &actions = operations[i].actions();
        for (int k = 0; k < actions.size(); ++k)
            reader.read(actions[k], operation.at("actions", k));
    }
    return view;
}

} // namespace hefstudio
