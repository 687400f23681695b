// Each thing HailoRT refuses, planted once in an otherwise good file.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/diagnostic_catalogue.h"
#include "hef/compatibility.h"
#include "hef/hef_reader.h"
#include "hef/parse_hef_text.h"
#include "hef/runtime_status.h"
#include "hef_forms.h"
#include "hef_world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

namespace hefstudio {

namespace {

using namespace oracle;

ProtoHEFNetworkGroup &group(ProtoHEFHef &hef)
{
    return *hef.mutable_network_groups(0);
}
ProtoHEFCoreOp &coreOp(ProtoHEFHef &hef)
{
    return *group(hef).mutable_ops(0)->mutable_core_op();
}
ProtoHEFContext &context(ProtoHEFHef &hef, int index = 0)
{
    return *coreOp(hef).mutable_contexts(index);
}
ProtoHEFEdgeLayer &edge(ProtoHEFHef &hef, int inContext, int index)
{
    return *context(hef, inContext).mutable_metadata()->mutable_edge_layers(index);
}
ProtoHEFEdgeLayerBase &base(ProtoHEFHef &hef, int inContext, int index)
{
    return *edge(hef, inContext, index).mutable_layer_info()->mutable_edge_layer_base();
}
ProtoHEFContextSwitchInformation &link(ProtoHEFHef &hef, int inContext, int index)
{
    return *edge(hef, inContext, index).mutable_context_switch_info();
}
ProtoHEFAction &newAction(ProtoHEFHef &hef)
{
    return *context(hef).mutable_operations(0)->add_actions();
}
ProtoHEFTrigger &trigger(ProtoHEFHef &hef)
{
    return *context(hef).mutable_operations(0)->mutable_trigger();
}
// Adds a host step fed by the boxes output (pad 0).
ProtoHEFOp &newHostOp(ProtoHEFHef &hef)
{
    auto &op = *group(hef).add_ops();
    op.add_input_pads()->set_index(10);
    auto &output = *op.add_output_pads();
    output.set_index(11);
    output.set_name("tiny_emulation/host");
    auto &padEdge = *group(hef).add_pad_edges();
    padEdge.set_src(0);
    padEdge.set_dst(10);
    group(hef).add_sorted_outputs_order("tiny_emulation/host");
    return op;
}

struct Case {
    const char *name;
    const char *id;
    RuntimeStatus status; // what HailoRT 4.23 answers
    std::function<void(ProtoHEFHef &)> plant;
    HefChip chip = HefChip::hailo8;
};

// In the world of three contexts: context 0 has input (0) and "mid" out (1); context 1 "mid" in
// (0), boxes (1), "late" out (2); context 2 "mid" in, "late" in, classes (2).
const std::vector<Case> &cases()
{
    static const std::vector<Case> all{
        {"arch", "hef.arch-unknown", RuntimeStatus::invalidArgument,
         [](auto &hef) { hef.mutable_header()->set_hw_arch(ProtoHEFHwArch(77)); }},
        {"two groups", "hef.duplicate-group", RuntimeStatus::invalidOperation,
         [](auto &hef) { *hef.add_network_groups() = hef.network_groups(0); }},
        {"no core op", "hef.no-core-op", RuntimeStatus::crash,
         [](auto &hef) { group(hef).clear_ops(); }},
        {"no layouts", "hef.missing-layouts", RuntimeStatus::crash,
         [](auto &hef) { coreOp(hef).clear_partial_core_ops(); }, HefChip::hailo8l},
        {"no context", "hef.no-context-in-file", RuntimeStatus::crash,
         [](auto &hef) { coreOp(hef).clear_contexts(); }},
        {"names differ", "hef.group-name-mismatch", RuntimeStatus::crash,
         [](auto &hef) {
             coreOp(hef).mutable_network_group_metadata()->set_network_group_name("other");
         }},
        {"channel count", "hef.value-range", RuntimeStatus::invalidHef,
         [](auto &hef) {
             coreOp(hef).mutable_network_group_metadata()->set_cfg_channels_count(256);
         }},
        {"engine", "hef.value-range", RuntimeStatus::invalidHef,
         [](auto &hef) { base(hef, 0, 0).set_engine_id(256); }},
        {"stream index", "hef.value-range", RuntimeStatus::invalidHef,
         [](auto &hef) { base(hef, 0, 0).set_sys_index(256); }},
        {"core bytes", "hef.value-range", RuntimeStatus::invalidHef,
         [](auto &hef) { base(hef, 0, 0).set_core_bytes_per_buffer(65536); }},
        {"no trigger", "hef.trigger-missing", RuntimeStatus::invalidHef,
         [](auto &hef) { context(hef).mutable_operations(0)->clear_trigger(); }},
        {"received trigger", "hef.trigger-refused", RuntimeStatus::notImplemented,
         [](auto &hef) { trigger(hef).mutable_trigger_all_data_was_received(); }},
        {"cluster of a trigger", "hef.value-range", RuntimeStatus::invalidHef,
         [](auto &hef) { trigger(hef).mutable_trigger_lcu()->set_cluster_index(300); }},
        {"empty action", "hef.action-refused", RuntimeStatus::internalFailure,
         [](auto &hef) { newAction(hef); }},
        {"write data", "hef.action-refused", RuntimeStatus::internalFailure,
         [](auto &hef) { newAction(hef).mutable_write_data(); }},
        {"short sleep", "hef.action-malformed", RuntimeStatus::invalidHef,
         [](auto &hef) {
             newAction(hef).mutable_debug()->mutable_sleep()->set_duration_in_usec(999);
         }},
        {"odd register", "hef.action-malformed", RuntimeStatus::invalidHef,
         [](auto &hef) { newAction(hef).mutable_write_data_by_type()->set_address(6); }},
        {"NMS of nothing", "hef.action-malformed", RuntimeStatus::invalidHef,
         [](auto &hef) { newAction(hef).mutable_enable_nms(); }},
        {"inline words", "hef.action-header-version", RuntimeStatus::invalidHef,
         [](auto &hef) { newAction(hef).mutable_write_data_ccw(); }},
        {"long name", "hef.name-too-long", RuntimeStatus::internalFailure,
         [](auto &hef) { edge(hef, 0, 0).mutable_layer_info()->set_name(std::string(128, 'x')); }},
        {"long group", "hef.name-too-long", RuntimeStatus::internalFailure,
         [](auto &hef) {
             const std::string name(128, 'x');
             group(hef).mutable_network_group_metadata()->set_network_group_name(name);
             coreOp(hef).mutable_network_group_metadata()->set_network_group_name(name);
         }},
        {"same name", "hef.duplicate-name", RuntimeStatus::invalidHef,
         [](auto &hef) { edge(hef, 0, 0).mutable_layer_info()->set_name("tiny_emulation/boxes"); }},
        {"layout", "hef.layout-unknown", RuntimeStatus::internalFailure,
         [](auto &hef) { base(hef, 0, 0).set_format(9); }},
        {"element", "hef.element-size", RuntimeStatus::invalidArgument,
         [](auto &hef) { base(hef, 0, 0).set_data_bytes(4); }},
        {"argmax", "hef.host-argmax", RuntimeStatus::hefNotSupported,
         [](auto &hef) { base(hef, 0, 0).set_host_argmax(true); }},
        {"buffer", "hef.buffer-index-missing", RuntimeStatus::crash,
         [](auto &hef) { base(hef, 0, 0).clear_buffer_indices(); }},
        {"vectors", "hef.vectors-missing", RuntimeStatus::crash,
         [](auto &hef) { hef.add_extensions()->set_type_index(OUTPUT_SCALE_PER_FEATURE); }},
        {"input scales", "hef.input-scales-differ", RuntimeStatus::invalidHef,
         [](auto &hef) {
             hef.add_extensions()->set_type_index(OUTPUT_SCALE_PER_FEATURE);
             auto &info = *edge(hef, 0, 0).mutable_layer_info()->mutable_numeric_info();
             for (const double scale : {1.0, 2.0, 1.0}) {
                 info.add_qp_scales(scale);
                 info.add_qp_zps(0);
             }
         }},
        {"burst", "hef.nms-burst", RuntimeStatus::invalidHef,
         [](auto &hef) {
             base(hef, 1, 1).set_format(6);
             base(hef, 1, 1).mutable_additional_info()->mutable_nms_info()->set_burst_type(
                 PROTO__NMS_BURST_TYPE__H8_PER_CLASS);
         }},
        {"merged output", "hef.fused-layer-missing", RuntimeStatus::notFound,
         [](auto &hef) {
             coreOp(hef).mutable_fused_layers_metadata()->set_network_has_fused_layers(true);
             base(hef, 1, 1).set_format(6);
             auto &nms = *base(hef, 1, 1).mutable_additional_info()->mutable_nms_info();
             nms.set_is_defused(true);
             nms.mutable_defuse_info()->set_original_name("gone");
         }},
        {"mux without parts", "hef.edge-form", RuntimeStatus::crash,
         [](auto &hef) {
             auto &layer = edge(hef, 1, 1);
             const ProtoHEFEdgeLayerBase old = layer.layer_info().edge_layer_base();
             layer.set_edge_layer_type(PROTO__EDGE_LAYER_TYPE__MUX);
             *layer.mutable_layer_mux()->mutable_edge_layer_base() = old;
             layer.mutable_layer_mux()->mutable_mux_data()->set_number_of_predecessors(1);
         }},
        {"connection", "hef.connection-missing", RuntimeStatus::invalidHef,
         [](auto &hef) { link(hef, 0, 1).clear_connected_contexts(); }},
        {"half a pair", "hef.ddr-pair", RuntimeStatus::invalidHef,
         [](auto &hef) {
             link(hef, 0, 1).set_edge_connection_type(PROTO__EDGE_CONNECTION_TYPE__DDR);
             link(hef, 0, 1).set_buffers(4);
         }},
        {"cache", "hef.cache-id", RuntimeStatus::invalidHef,
         [](auto &hef) {
             link(hef, 0, 1).set_edge_connection_type(PROTO__EDGE_CONNECTION_TYPE__CACHE);
         }},
        {"pad", "hef.pad-unknown", RuntimeStatus::invalidHef,
         [](auto &hef) {
             newHostOp(hef).mutable_logits_op();
             group(hef).mutable_pad_edges(0)->set_src(77);
         }},
        {"unfed pad", "hef.pad-unknown", RuntimeStatus::invalidHef,
         [](auto &hef) {
             newHostOp(hef).mutable_logits_op();
             group(hef).clear_pad_edges();
         }},
        {"decoder pad", "hef.pad-unknown", RuntimeStatus::crash,
         [](auto &hef) {
             newHostOp(hef)
                 .mutable_nms_op()
                 ->mutable_yolov8_nms_op()
                 ->add_bbox_decoders()
                 ->set_cls_pad_index(55);
         }},
        {"unknown step", "hef.host-op-invalid", RuntimeStatus::internalFailure,
         [](auto &hef) { newHostOp(hef); }},
        {"unknown NMS", "hef.host-op-invalid", RuntimeStatus::internalFailure,
         [](auto &hef) { newHostOp(hef).mutable_nms_op(); }},
        {"output order", "hef.output-order", RuntimeStatus::internalFailure,
         [](auto &hef) { group(hef).mutable_sorted_outputs_order()->RemoveLast(); }},
        {"extension", "hef.extension-unsupported", RuntimeStatus::hefNotSupported,
         [](auto &hef) { hef.add_extensions()->set_type_index(8); }},
        {"no extension 26", "hef.extension-missing", RuntimeStatus::hefNotSupported,
         [](auto &hef) { hef.mutable_extensions(1)->set_type_index(23); }},
        {"compressed write", "hef.action-refused", RuntimeStatus::internalFailure,
         [](auto &hef) { newAction(hef).mutable_write_compressed_data(); }},
        {"kernel address", "hef.value-range", RuntimeStatus::invalidHef,
         [](auto &hef) {
             newAction(hef).mutable_enable_lcu()->set_lcu_kernel_done_address(65536);
         }},
        {"start of L3", "hef.value-range", RuntimeStatus::invalidHef,
         [](auto &hef) {
             auto &info = *newAction(hef).mutable_enable_sequencer()->mutable_initial_l3_info();
             info.set_includes_initial_l3_info(true);
             info.set_initial_l3_offset(65536);
         }},
        {"cluster to wait for", "hef.value-range", RuntimeStatus::invalidHef,
         [](auto &hef) { newAction(hef).mutable_wait_for_seqeuncer()->set_cluster_index(256); }},
        {"module", "hef.value-range", RuntimeStatus::invalidHef,
         [](auto &hef) { newAction(hef).mutable_wait_for_module_config_done()->set_index(256); }},
        {"flow", "hef.value-range", RuntimeStatus::invalidHef,
         [](auto &hef) { newAction(hef).mutable_allow_input_dataflow()->set_sys_index(256); }},
        {"pointer's channel", "hef.value-range", RuntimeStatus::invalidHef,
         [](auto &hef) {
             newAction(hef).mutable_write_data_ccw_ptr()->set_cfg_channel_index(256);
         }},
        {"register data", "hef.value-range", RuntimeStatus::invalidHef,
         [](auto &hef) { newAction(hef).mutable_write_data_by_type()->set_data("12345"); }},
        {"register kind", "hef.value-range", RuntimeStatus::invalidHef,
         [](auto &hef) {
             newAction(hef).mutable_write_data_by_type()->set_data_type(ProtoHEFWriteDataType(2));
         }},
        {"debug of nothing", "hef.action-malformed", RuntimeStatus::invalidHef,
         [](auto &hef) { newAction(hef).mutable_debug(); }},
        {"start-up action", "hef.action-refused", RuntimeStatus::internalFailure,
         [](auto &hef) {
             coreOp(hef).mutable_preliminary_config()->mutable_operation(0)->add_actions();
         }},
        {"buffers per frame", "hef.value-range", RuntimeStatus::invalidHef,
         [](auto &hef) { base(hef, 0, 0).set_core_buffers_per_frame(65536); }},
        {"vectors of outputs", "hef.vectors-missing", RuntimeStatus::invalidHef,
         [](auto &hef) {
             hef.add_extensions()->set_type_index(OUTPUT_SCALE_PER_FEATURE);
             auto &info = *edge(hef, 0, 0).mutable_layer_info()->mutable_numeric_info();
             for (int i = 0; i < 3; ++i) {
                 info.add_qp_scales(1);
                 info.add_qp_zps(0);
             }
         }},
        {"odd vectors", "hef.vector-length", RuntimeStatus::invalidHef,
         [](auto &hef) {
             hef.add_extensions()->set_type_index(OUTPUT_SCALE_PER_FEATURE);
             auto &info = *edge(hef, 0, 0).mutable_layer_info()->mutable_numeric_info();
             for (int i = 0; i < 3; ++i) {
                 info.add_qp_scales(1);
                 info.add_qp_zps(0);
             }
             edge(hef, 1, 1).mutable_layer_info()->mutable_numeric_info()->add_qp_scales(1);
         }},
        {"part of a list", "hef.value-range", RuntimeStatus::invalidHef,
         [](auto &hef) {
             base(hef, 1, 1).set_format(6);
             auto &nms = *base(hef, 1, 1).mutable_additional_info()->mutable_nms_info();
             nms.set_is_defused(true);
             nms.mutable_defuse_info()->set_class_group_index(9);
         }},
        {"mux between contexts", "hef.edge-form", RuntimeStatus::invalidHef,
         [](auto &hef) { edge(hef, 0, 1).set_edge_layer_type(PROTO__EDGE_LAYER_TYPE__MUX); }},
        {"planes in a mux", "hef.edge-form", RuntimeStatus::internalFailure,
         [](auto &hef) {
             auto &layer = edge(hef, 1, 1);
             const ProtoHEFEdgeLayerBase old = layer.layer_info().edge_layer_base();
             layer.set_edge_layer_type(PROTO__EDGE_LAYER_TYPE__MUX);
             *layer.mutable_layer_mux()->mutable_edge_layer_base() = old;
             layer.mutable_layer_mux()->add_predecessors()->mutable_layer_planes();
             layer.mutable_layer_mux()->mutable_mux_data()->set_number_of_predecessors(1);
         }},
        {"planes of nothing", "hef.edge-form", RuntimeStatus::internalFailure,
         [](auto &hef) {
             edge(hef, 0, 0).set_edge_layer_type(PROTO__EDGE_LAYER_TYPE__PLANES);
             edge(hef, 0, 0).mutable_layer_planes()->add_planes()->mutable_layer_mux();
         }},
        {"connected context", "hef.value-range", RuntimeStatus::invalidHef,
         [](auto &hef) { link(hef, 0, 1).mutable_connected_contexts(0)->set_index(65536); }},
        {"connected stream", "hef.value-range", RuntimeStatus::invalidHef,
         [](auto &hef) { link(hef, 0, 1).mutable_connected_contexts(0)->set_sys_index(256); }},
        {"rows in host memory", "hef.value-range", RuntimeStatus::invalidHef,
         [](auto &hef) {
             link(hef, 0, 1).set_edge_connection_type(PROTO__EDGE_CONNECTION_TYPE__DDR);
         }},
        {"channel's engine", "hef.value-range", RuntimeStatus::invalidHef,
         [](auto &hef) {
             coreOp(hef)
                 .mutable_network_group_metadata()
                 ->mutable_cfg_channels_config(0)
                 ->set_engine_id(256);
         }},
        {"no output order", "hef.output-order", RuntimeStatus::invalidHef,
         [](auto &hef) {
             group(hef).clear_sorted_outputs_order();
             for (int i = 0; i < 3; ++i)
                 context(hef, i).mutable_metadata()->clear_sorted_outputs_order();
         }},
        {"step of two outputs", "hef.host-op-invalid", RuntimeStatus::invalidHef,
         [](auto &hef) {
             auto &op = newHostOp(hef);
             op.mutable_logits_op();
             op.add_output_pads();
         }},
        {"boxes of three", "hef.host-op-invalid", RuntimeStatus::invalidArgument,
         [](auto &hef) {
             newHostOp(hef).mutable_nms_op()->mutable_yolov8_nms_op()->add_bbox_decoders();
         }},
        {"anchors of one kind", "hef.host-op-invalid", RuntimeStatus::invalidHef,
         [](auto &hef) {
             newHostOp(hef).mutable_nms_op()->mutable_yolo_nms_op()->add_bbox_decoders()->add_h(1);
         }},
        {"masks of nothing", "hef.host-op-invalid", RuntimeStatus::invalidHef,
         [](auto &hef) { newHostOp(hef).mutable_nms_op()->mutable_yolo_seg_op(); }},
        {"boxes alone of YOLOX", "hef.host-op-invalid", RuntimeStatus::invalidArgument,
         [](auto &hef) {
             auto &nms = *newHostOp(hef).mutable_nms_op();
             nms.mutable_yolox_nms_op();
             nms.set_bbox_decoding_only(true);
         }},
        {"newer extension", "hef.extension-unsupported", RuntimeStatus::hefNotSupported,
         [](auto &hef) { hef.add_extensions()->set_type_index(36); }},
        // Extensions count only from version 1, so that the contexts are looked for in the group.
        {"message version", "hef.extension-missing", RuntimeStatus::hefNotSupported,
         [](auto &hef) {
             hef.mutable_header()->set_version(0);
             *group(hef).mutable_preliminary_config() = coreOp(hef).preliminary_config();
             *group(hef).mutable_contexts() = coreOp(hef).contexts();
         }},
    };
    return all;
}

// For judging by hand with the runtime's own tool.
void writeForJudging(const Hef &hef, const std::string &name)
{
    const char *folder = std::getenv("HEFSTUDIO_WRITE_FORMS");
    if (!folder)
        return;
    const auto bytes = hef.container().bytes;
    std::ofstream(std::string(folder) + "/" + name + ".hef", std::ios::binary)
        .write(reinterpret_cast<const char *>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
}

std::vector<std::string> errorsOf(const Hef &hef)
{
    std::vector<std::string> ids;
    for (const Diagnostic &d : hef.checks()) {
        if (d.severity == Severity::error)
            ids.push_back(d.id);
    }
    return ids;
}

TEST(HefChecks, EachFaultIsNamed)
{
    for (const Case &one : cases()) {
        const auto good = emulationHefBytes(test::threeContexts(one.chip));
        ASSERT_TRUE(good);
        const auto hef = Hef::fromBytes(test::edited(*good, one.plant), "bad.hef");
        ASSERT_TRUE(hef) << one.name;
        EXPECT_THAT(errorsOf(*hef), testing::Contains(one.id)) << one.name;
        EXPECT_FALSE(hef->loads()) << one.name;
        EXPECT_FALSE(parseHefText(*hef)) << one.name;
        const auto found = std::ranges::find(hef->checks(), std::string(one.id), &Diagnostic::id);
        ASSERT_NE(found, hef->checks().end()) << one.name;
        EXPECT_EQ(runtimeStatusOf(*found), one.status) << one.name;
        writeForJudging(*hef,
                        "bad " + std::to_string(static_cast<int>(one.status)) + " " + one.name);
        for (const Diagnostic &d : hef->checks()) {
            EXPECT_NE(findCatalogueEntry(d.id), nullptr) << d.id;
            EXPECT_EQ(causeSentence(d).find('{'), std::string::npos) << causeSentence(d);
        }
    }
}

// What one release minds and another lets pass.
struct ReleaseCase {
    const char *name;
    const char *id4_23; // empty: it prints the file
    const char *id5_2;
    std::function<void(ProtoHEFHef &)> plant;
};

TEST(HefChecks, EachReleaseJudgesByItsOwnRules)
{
    const std::vector<ReleaseCase> all{
        {"unknown chip", "hef.arch-unknown", "",
         [](auto &hef) { hef.mutable_header()->set_hw_arch(ProtoHEFHwArch(77)); }},
        {"no vectors", "hef.vectors-missing", "",
         [](auto &hef) { hef.add_extensions()->set_type_index(OUTPUT_SCALE_PER_FEATURE); }},
        {"extension of 5.1", "hef.extension-newer", "",
         [](auto &hef) { hef.add_extensions()->set_type_index(33); }},
        {"extension of 5.0", "hef.extension-newer", "",
         [](auto &hef) { hef.add_extensions()->set_type_index(35); }},
        {"shared words", "hef.shared-words", "",
         [](auto &hef) { hef.add_extensions()->set_type_index(32); }},
        {"action of 5.1", "hef.action-refused", "",
         [](auto &hef) { newAction(hef).mutable_allow_config_channels(); }},
        {"extension of nobody", "hef.extension-unsupported", "hef.extension-unsupported",
         [](auto &hef) { hef.add_extensions()->set_type_index(36); }},
    };
    for (const ReleaseCase &one : all) {
        const auto good = emulationHefBytes(test::threeContexts(HefChip::hailo8));
        const auto hef = Hef::fromBytes(test::edited(*good, one.plant), "release.hef");
        ASSERT_TRUE(hef) << one.name;
        writeForJudging(*hef, std::string("release ") + one.name);
        const auto verdict = [&](ParseHefRelease release) {
            const auto text = parseHefText(*hef, {.release = release});
            return text ? std::string() : text.error().front().id;
        };
        EXPECT_EQ(verdict(ParseHefRelease::v4_23), one.id4_23) << one.name;
        EXPECT_EQ(verdict(ParseHefRelease::v5_2), one.id5_2) << one.name;
        const auto releases = compatibilityOf(*hef).releases;
        const auto opens = [&](const char *version) {
            return std::ranges::find(releases, version, &HefRelease::version)->opens;
        };
        EXPECT_EQ(opens("4.23"), *one.id4_23 == 0) << one.name;
        EXPECT_EQ(opens("5.2"), *one.id5_2 == 0) << one.name;
    }
}

TEST(HefChecks, PlacesAreKeyPaths)
{
    const auto good = emulationHefBytes(test::threeContexts(HefChip::hailo8l));
    const auto hef = Hef::fromBytes(test::edited(*good,
                                                 [](ProtoHEFHef &message) {
                                                     coreOp(message)
                                                         .mutable_partial_core_ops(1)
                                                         ->mutable_core_op()
                                                         ->mutable_contexts(2)
                                                         ->mutable_metadata()
                                                         ->mutable_edge_layers(1)
                                                         ->mutable_layer_info()
                                                         ->mutable_edge_layer_base()
                                                         ->set_format(9);
                                                 }),
                                    "bad.hef");
    ASSERT_TRUE(hef);
    ASSERT_EQ(hef->checks().size(), 1U);
    EXPECT_EQ(hef->checks()[0].place.keyPath,
              "network_groups[0].ops[0].core_op.partial_core_ops[1].core_op.contexts[2]."
              "metadata.edge_layers[1].layer_info.edge_layer_base.format");
}

TEST(HefChecks, CarefulReadersAreWarnedWhereHailoRtIsNot)
{
    const auto good = emulationHefBytes(test::threeContexts(HefChip::hailo8));
    const auto hef = Hef::fromBytes(
        test::edited(*good,
                     [](ProtoHEFHef &message) {
                         auto *pointer = newAction(message).mutable_write_data_ccw_ptr();
                         pointer->set_offset(~std::uint64_t(0) - 3);
                         pointer->set_size(8);
                         message.mutable_external_resources(0)->set_offset(~std::uint64_t(0));
                         base(message, 0, 0).set_height(0);
                         base(message, 1, 1).set_padded_height(65536);
                         base(message, 1, 1).set_padded_width(65536);
                     }),
        "odd.hef");
    ASSERT_TRUE(hef);
    EXPECT_TRUE(hef->loads());
    std::vector<std::string> ids;
    for (const Diagnostic &d : hef->checks())
        ids.push_back(d.id);
    EXPECT_THAT(ids,
                testing::UnorderedElementsAre("hef.ccw-out-of-range", "hef.shape-empty",
                                              "hef.shape-too-large", "hef.resource-out-of-range"));
    const auto blob = hef->resource(hefProgramResourceName);
    ASSERT_FALSE(blob);
    EXPECT_EQ(blob.error().front().id, "hef.resource-out-of-range");
}

TEST(HefChecks, AnOutputMissingInTheOrderIsMissedWithTheVirtualStreams)
{
    const auto good = emulationHefBytes(test::threeContexts(HefChip::hailo8));
    const auto hef =
        Hef::fromBytes(test::edited(*good,
                                    [](ProtoHEFHef &message) {
                                        group(message).mutable_sorted_outputs_order()->RemoveLast();
                                    }),
                       "bad.hef");
    ASSERT_TRUE(hef);
    EXPECT_FALSE(parseHefText(*hef));
    EXPECT_TRUE(parseHefText(*hef, {.vstreams = false}));
}

// Both cluster layouts are read when a Hailo-8L file is loaded.
TEST(HefChecks, HostStepsHaveToFitEveryLayout)
{
    const auto good =
        emulationHefBytes(test::formOfStep(HefChip::hailo8l, HefNmsStep::Kind::yolov8, false));
    ASSERT_TRUE(good);
    const auto changedIn = [&](int layout, const auto &change) {
        return *Hef::fromBytes(
            test::edited(
                *good,
                [&](ProtoHEFHef &message) {
                    change(*coreOp(message).mutable_partial_core_ops(layout)->mutable_core_op());
                }),
            "bad.hef");
    };
    const auto outputOf = [](ProtoHEFCoreOp &op) -> ProtoHEFEdgeLayer & {
        for (auto &edge : *op.mutable_contexts(0)->mutable_metadata()->mutable_edge_layers())
            if (edge.direction() == PROTO__EDGE_LAYER_DIRECTION__DEVICE_TO_HOST)
                return edge;
        return *op.mutable_contexts(0)->mutable_metadata()->mutable_edge_layers(0);
    };
    const auto otherForm = [&](ProtoHEFCoreOp &op) {
        outputOf(op).mutable_layer_info()->mutable_edge_layer_base()->set_format(2);
    };
    const auto otherPad = [&](ProtoHEFCoreOp &op) { outputOf(op).set_pad_index(77); };
    for (const int layout : {0, 1}) {
        EXPECT_THAT(errorsOf(changedIn(layout, otherForm)),
                    testing::Contains("hef.host-op-invalid"))
            << layout;
        EXPECT_THAT(errorsOf(changedIn(layout, otherPad)), testing::Contains("hef.pad-unknown"))
            << layout;
        writeForJudging(changedIn(layout, otherForm),
                        "bad 2 form of layout " + std::to_string(layout));
        writeForJudging(changedIn(layout, otherPad),
                        "bad 26 pad of layout " + std::to_string(layout));
    }
    const auto otherName = [](ProtoHEFCoreOp &op) {
        op.mutable_network_group_metadata()->set_network_group_name("other");
    };
    EXPECT_TRUE(changedIn(1, otherName).loads());
    EXPECT_FALSE(changedIn(0, otherName).loads());
    writeForJudging(changedIn(1, otherName), "release name of layout 1");
    writeForJudging(changedIn(0, otherName), "bad 61 name of layout 0");
}

TEST(HefChecks, TheOrderOfMergedOutputsStandsInTheWholeCoreOp)
{
    const auto good = emulationHefBytes(test::formOfMergedLists(HefChip::hailo8l));
    ASSERT_TRUE(good);
    const auto renamedIn = [&](const auto &fusedOf) {
        return *Hef::fromBytes(test::edited(*good,
                                            [&](ProtoHEFHef &message) {
                                                fusedOf(message)->set_updated_sorted_output_names(
                                                    0, "gone");
                                            }),
                               "merged.hef");
    };
    const Hef part = renamedIn([](ProtoHEFHef &message) {
        return coreOp(message)
            .mutable_partial_core_ops(0)
            ->mutable_core_op()
            ->mutable_fused_layers_metadata();
    });
    const Hef whole = renamedIn(
        [](ProtoHEFHef &message) { return coreOp(message).mutable_fused_layers_metadata(); });
    EXPECT_TRUE(parseHefText(part));
    EXPECT_FALSE(parseHefText(whole));
    writeForJudging(part, "release order of a part");
    writeForJudging(whole, "bad 8 order of the whole");
}

TEST(HefChecks, ANetworkWithoutAnInputCannotBeListed)
{
    const auto good = emulationHefBytes(test::threeContexts(HefChip::hailo8));
    const auto hef = Hef::fromBytes(
        test::edited(*good,
                     [](ProtoHEFHef &message) {
                         context(message).mutable_metadata()->mutable_edge_layers()->DeleteSubrange(
                             0, 1);
                     }),
        "bad.hef");
    ASSERT_TRUE(hef);
    const auto text = parseHefText(*hef);
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().front().id, "hef.network-without-stream");
    EXPECT_TRUE(parseHefText(*hef, {.vstreams = false}));
}

} // namespace

} // namespace hefstudio
