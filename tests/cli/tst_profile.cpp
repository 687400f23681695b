// SPDX-License-Identifier: GPL-3.0-or-later
#include "hefc_process.h"

#include "shared_folder.h"
#include "temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>

using testing::HasSubstr;

namespace {

std::string sampleModel()
{
    return sampleFolder() / "detector.onnx";
}

nlohmann::json profileOf(std::vector<std::string> arguments)
{
    arguments.insert(arguments.begin(), "profile");
    arguments.push_back("--json");
    const auto result = hefc(arguments);
    EXPECT_EQ(result.exitCode, 0) << result.err;
    return nlohmann::json::parse(result.out);
}

TEST(Profile, AModelHasDeviceTransferAndHostPartsApart)
{
    const auto json = profileOf({sampleModel()});
    EXPECT_GT(json.at("device_ms").get<double>(), 0);
    EXPECT_GT(json.at("transfer_ms").get<double>(), 0);
    EXPECT_GT(json.at("host").at("layers").get<int>(), 0) << "the sample's boxes are decoded there";
    EXPECT_FALSE(json.at("timeline").empty());
    EXPECT_TRUE(json.at("sharing").is_null());
}

TEST(Profile, ACopiedDeviceModelIsTaken)
{
    const TemporaryFolder folder;
    std::ifstream original(std::filesystem::path(HEFSTUDIO_SOURCE_DIR) /
                           "resources/devices/hailo8l.json");
    auto device = nlohmann::json::parse(original);
    device["id"] = "mychip";
    device["figures"]["clock_hz"]["value"] = 2e8;
    std::ofstream(folder / "mychip.json") << device;
    const auto slow = profileOf({sampleModel(), "--device", folder / "mychip.json"});
    const auto usual = profileOf({sampleModel()});
    EXPECT_EQ(slow.at("arch"), "mychip");
    EXPECT_NEAR(slow.at("contexts").at(0).at("period_ms").get<double>(),
                2 * usual.at("contexts").at(0).at("period_ms").get<double>(), 1e-2);
}

TEST(Profile, LinksAreNamedAndUnknownOnesRefused)
{
    EXPECT_EQ(profileOf({sampleModel(), "--link", "PCIe Gen2 x1"}).at("link"), "PCIe Gen2 x1");
    const auto unknown = hefc({"profile", sampleModel(), "--link", "PCIe Gen9"});
    EXPECT_EQ(unknown.exitCode, 2);
    EXPECT_THAT(unknown.err, HasSubstr("PCIe Gen3 x4"));
}

TEST(Profile, SharersTakeTurns)
{
    const auto json = profileOf({sampleModel(), "--share", sampleModel()});
    const double each = json.at("occupancy_ms").get<double>();
    EXPECT_NEAR(json.at("sharing").at("period_ms").get<double>(), 2 * each, 0.01 * each);
    EXPECT_EQ(json.at("sharing").at("networks").size(), 2U);
}

TEST(Profile, AContextCountIsHonouredOrRefused)
{
    EXPECT_EQ(profileOf({sampleModel(), "--contexts", "3"}).at("contexts").size(), 3U);
    EXPECT_EQ(hefc({"profile", sampleModel(), "--contexts", "200"}).exitCode, 2);
}

TEST(SharedModels, AVendorHefIsProfiledByItsPublicFields)
{
    REQUIRE_SHARED_FOLDER(shared);
    const auto json = profileOf({shared / "hefs/arcface_mobilefacenet-hailo8-v1.hef"});
    EXPECT_EQ(json.at("arch"), "hailo8");
    EXPECT_NEAR(json.at("compiler").at("bottleneck_fps").get<double>(), 3460, 1);
    EXPECT_EQ(json.at("contexts").size(), 1U);
    EXPECT_EQ(json.at("contexts").at(0).at("input_bytes"), 112 * 112 * 3);
    EXPECT_NEAR(json.at("fps").at("8").get<double>(), 3460, 1);
}

} // namespace
