// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/fence.h"

#include "hef/message_view.h"
#include "hef_world.h"
#include "shared_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace hefstudio {

namespace {

using test::edited;

class Fence : public testing::Test {
protected:
    static Bytes fileFor(HefChip chip)
    {
        auto bytes = emulationHefBytes(test::threeContexts(chip));
        return bytes ? std::move(*bytes) : Bytes();
    }
    static FenceReport examine(const Bytes &bytes)
    {
        const auto file = parseHefContainer(bytes, "tiny.hef");
        return examineFence(*file, proto::ProtoHEFHef(file->of(file->proto)));
    }
    // The ids of everything checkFence() finds, each once.
    static std::vector<std::string> faults(const Bytes &bytes)
    {
        const auto checked = checkFence(bytes, "tiny.hef");
        std::vector<std::string> ids;
        if (!checked) {
            for (const Diagnostic &diagnostic : checked.error())
                ids.push_back(diagnostic.id);
        }
        std::ranges::sort(ids);
        ids.erase(std::ranges::unique(ids).begin(), ids.end());
        return ids;
    }
    const Bytes hailo8 = fileFor(HefChip::hailo8);
    const Bytes hailo8l = fileFor(HefChip::hailo8l);
};

TEST_F(Fence, HoldsForWhatTheWriterMakes)
{
    EXPECT_TRUE(checkFence(hailo8));
    EXPECT_TRUE(checkFence(hailo8l));
}

TEST_F(Fence, EveryDeviceIsRefusedAndWouldReceiveNothing)
{
    for (const Bytes *bytes : {&hailo8, &hailo8l}) {
        for (const FenceVerdict &verdict : examine(*bytes).devices) {
            EXPECT_FALSE(verdict.refusedBy.empty()) << verdict.device;
            EXPECT_TRUE(verdict.isCodeFree) << verdict.device;
        }
    }
    // The device at risk of a Hailo-8L file is stopped by the trigger alone on Ethernet.
    const auto report = examine(hailo8l);
    const auto ethernet = std::ranges::find(
        report.devices, "Hailo-8L on Ethernet, HailoRT 4.20 to 5.0", &FenceVerdict::device);
    ASSERT_NE(ethernet, report.devices.end());
    EXPECT_EQ(ethernet->refusedBy, std::vector{HefLock::trigger});
}

TEST_F(Fence, NoticesAnotherChipNumber)
{
    for (const int arch : {1, 2, 3, 4, 101, 103}) {
        const auto ids = faults(edited(hailo8, [&](oracle::ProtoHEFHef &hef) {
            hef.mutable_header()->set_hw_arch(static_cast<oracle::ProtoHEFHwArch>(arch));
        }));
        EXPECT_THAT(ids, testing::Contains("hef.fence-arch")) << arch;
    }
    EXPECT_THAT(faults(edited(hailo8l,
                              [](oracle::ProtoHEFHef &hef) {
                                  hef.mutable_header()->set_hw_arch(oracle::PROTO__HW_ARCH__HAILO8);
                              })),
                testing::Contains("hef.fence-arch"));
}

TEST_F(Fence, NoticesAnEngineThatExists)
{
    for (const std::uint32_t engine : {0U, 1U, 2U, 3U, 254U, 256U}) {
        const auto ids = faults(edited(hailo8, [&](oracle::ProtoHEFHef &hef) {
            hef.mutable_network_groups(0)
                ->mutable_ops(0)
                ->mutable_core_op()
                ->mutable_network_group_metadata()
                ->mutable_cfg_channels_config(0)
                ->set_engine_id(engine);
        }));
        EXPECT_THAT(ids, testing::Contains("hef.fence-channel")) << engine;
    }
}

TEST_F(Fence, NoticesAnOpenChannelInASingleLayout)
{
    for (const int layout : {0, 1}) {
        const auto metadata = [&](oracle::ProtoHEFHef &hef) {
            return hef.mutable_network_groups(0)
                ->mutable_ops(0)
                ->mutable_core_op()
                ->mutable_partial_core_ops(layout)
                ->mutable_core_op()
                ->mutable_network_group_metadata();
        };
        const auto openChannel = faults(edited(hailo8l, [&](oracle::ProtoHEFHef &hef) {
            metadata(hef)->mutable_cfg_channels_config(0)->set_engine_id(0);
        }));
        EXPECT_THAT(openChannel, testing::ElementsAre("hef.fence-channel", "hef.fence-open"));
        EXPECT_THAT(faults(edited(hailo8l,
                                  [&](oracle::ProtoHEFHef &hef) {
                                      metadata(hef)->clear_cfg_channels_config();
                                  })),
                    testing::Contains("hef.fence-channel"));
        // A second channel that nobody lists would get engine 0.
        EXPECT_THAT(faults(edited(hailo8l,
                                  [&](oracle::ProtoHEFHef &hef) {
                                      metadata(hef)->set_cfg_channels_count(2);
                                  })),
                    testing::Contains("hef.fence-channel"));
    }
    EXPECT_THAT(faults(edited(hailo8l,
                              [](oracle::ProtoHEFHef &hef) {
                                  hef.mutable_network_groups(0)
                                      ->mutable_ops(0)
                                      ->mutable_core_op()
                                      ->mutable_partial_core_ops(1)
                                      ->mutable_core_op()
                                      ->clear_network_group_metadata();
                              })),
                testing::Contains("hef.fence-channel"));
}

TEST_F(Fence, NoticesAnyAction)
{
    const auto withAction = [&](const std::function<void(oracle::ProtoHEFAction &)> &fill) {
        return faults(edited(hailo8l, [&](oracle::ProtoHEFHef &hef) {
            fill(*hef.mutable_network_groups(0)
                      ->mutable_ops(0)
                      ->mutable_core_op()
                      ->mutable_partial_core_ops(1)
                      ->mutable_core_op()
                      ->mutable_contexts(2)
                      ->mutable_operations(0)
                      ->add_actions());
        }));
    };
    const auto expected = testing::ElementsAre("hef.fence-code", "hef.fence-open");
    EXPECT_THAT(withAction([](auto &action) { action.mutable_none(); }), expected);
    EXPECT_THAT(withAction([](auto &action) { action.mutable_write_data_ccw_ptr()->set_size(8); }),
                expected);
    EXPECT_THAT(withAction([](auto &action) { action.mutable_write_data_ccw()->set_data("x"); }),
                expected);
    EXPECT_THAT(withAction([](auto &) {}), expected);
    // Also where only the fields of old files are read.
    EXPECT_THAT(faults(edited(hailo8,
                              [](oracle::ProtoHEFHef &hef) {
                                  hef.mutable_network_groups(0)
                                      ->add_contexts()
                                      ->add_operations()
                                      ->add_actions()
                                      ->mutable_enable_lcu();
                              })),
                expected);
}

TEST_F(Fence, NoticesAPreliminaryConfigurationThatStarts)
{
    for (const int layout : {0, 1}) {
        const auto coreOp = [&](oracle::ProtoHEFHef &hef) {
            return hef.mutable_network_groups(0)
                ->mutable_ops(0)
                ->mutable_core_op()
                ->mutable_partial_core_ops(layout)
                ->mutable_core_op();
        };
        const auto expected = testing::ElementsAre("hef.fence-open", "hef.fence-trigger");
        EXPECT_THAT(faults(edited(hailo8l,
                                  [&](oracle::ProtoHEFHef &hef) {
                                      coreOp(hef)
                                          ->mutable_preliminary_config()
                                          ->mutable_operation(0)
                                          ->mutable_trigger()
                                          ->mutable_trigger_none();
                                  })),
                    expected);
        EXPECT_THAT(faults(edited(hailo8l,
                                  [&](oracle::ProtoHEFHef &hef) {
                                      coreOp(hef)->clear_preliminary_config();
                                  })),
                    expected);
    }
}

TEST_F(Fence, NoticesFormsNobodyExamined)
{
    const auto expected = testing::ElementsAre("hef.fence-form");
    EXPECT_THAT(faults(edited(hailo8l,
                              [](oracle::ProtoHEFHef &hef) {
                                  hef.add_extensions()->set_type_index(oracle::SHARED_CONFIG);
                              })),
                expected);
    EXPECT_THAT(faults(edited(hailo8l,
                              [](oracle::ProtoHEFHef &hef) {
                                  hef.mutable_extensions(0)->set_type_index(4); // net-flow lost
                              })),
                expected);
    EXPECT_THAT(
        faults(edited(hailo8l,
                      [](oracle::ProtoHEFHef &hef) { hef.mutable_header()->set_version(0); })),
        expected);
    EXPECT_THAT(faults(edited(hailo8l,
                              [](oracle::ProtoHEFHef &hef) {
                                  hef.mutable_external_resources(0)->set_size(1U << 30);
                              })),
                expected);
    EXPECT_THAT(faults(edited(hailo8l,
                              [](oracle::ProtoHEFHef &hef) {
                                  hef.mutable_network_groups(0)
                                      ->GetReflection()
                                      ->MutableUnknownFields(hef.mutable_network_groups(0))
                                      ->AddVarint(77, 1);
                              })),
                expected);
    EXPECT_THAT(faults(edited(hailo8,
                              [](oracle::ProtoHEFHef &hef) {
                                  hef.mutable_network_groups(0)
                                      ->mutable_ops(0)
                                      ->mutable_core_op()
                                      ->mutable_contexts(1)
                                      ->mutable_metadata()
                                      ->mutable_edge_layers(0)
                                      ->mutable_context_switch_info()
                                      ->set_edge_connection_type(
                                          oracle::PROTO__EDGE_CONNECTION_TYPE__CACHE);
                              })),
                expected);
}

TEST_F(Fence, NoticesADamagedFile)
{
    Bytes damaged = hailo8;
    damaged.back() ^= std::byte(1);
    EXPECT_THAT(faults(damaged), testing::ElementsAre("hef.hash-mismatch"));
}

TEST_F(Fence, RealChipFilesDoNotPass)
{
    REQUIRE_SHARED_FOLDER(shared);
    const auto bytes = readFile(shared / "hefs" / "arcface_mobilefacenet-hailo8-v2.hef");
    ASSERT_TRUE(bytes);
    EXPECT_THAT(faults(*bytes), testing::IsSupersetOf({"hef.fence-arch", "hef.fence-channel",
                                                       "hef.fence-code", "hef.fence-open"}));
}

} // namespace

} // namespace hefstudio
