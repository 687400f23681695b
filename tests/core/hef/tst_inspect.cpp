// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/inspect.h"

#include "base/hash.h"
#include "hef/appended_zip.h"
#include "hef/compatibility.h"
#include "hef/hef_reader.h"
#include "hef_world.h"
#include "schema_check.h"
#include "shared_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>

namespace hefstudio {

namespace {

using nlohmann::json;
using testing::HasSubstr;

Bytes tinyBytes(HefChip chip = HefChip::hailo8l)
{
    return *emulationHefBytes(test::threeContexts(chip));
}

Hef opened(Bytes bytes)
{
    return *Hef::fromBytes(std::move(bytes), "tiny.hef");
}

std::string faultOf(const Hef &hef)
{
    return test::schemaFault(hefInspectJson(hef, {.message = true, .operations = true}), "inspect");
}

TEST(Inspect, OverviewSaysThatItDoesNotRun)
{
    const std::string text = hefOverviewText(opened(tinyBytes()));
    EXPECT_THAT(text, HasSubstr("Emulation HEF: does not run on a chip.\n"));
    EXPECT_THAT(text, HasSubstr("  chip          Hailo-8L (HAILO8L)\n"));
    EXPECT_THAT(text, HasSubstr("  runs on       no chip\n"));
    EXPECT_THAT(text, HasSubstr("  opens in      HailoRT 4.20 to 5.2\n"));
    EXPECT_THAT(text,
                HasSubstr("Network group tiny_emulation: 3 contexts, cluster layouts 51 204\n"));
    EXPECT_THAT(text, HasSubstr("mid  context 0 to 1, 2  UINT8, NHCW(16x24x8)  3 072 bytes\n"));
    EXPECT_THAT(text, HasSubstr("predicted     100 frames/s"));
    EXPECT_THAT(text, HasSubstr("hefstudio.program"));
}

TEST(Inspect, OverviewNamesABrokenFence)
{
    const Hef hef = opened(test::edited(tinyBytes(), [](oracle::ProtoHEFHef &message) {
        message.mutable_header()->set_hw_arch(oracle::PROTO__HW_ARCH__HAILO8P);
        auto &op = *message.mutable_network_groups(0)->mutable_ops(0)->mutable_core_op();
        *op.mutable_contexts() = op.partial_core_ops(0).core_op().contexts();
    }));
    EXPECT_TRUE(hef.hasProgram());
    EXPECT_FALSE(hef.isEmulation());
    EXPECT_THAT(hefOverviewText(hef), HasSubstr("with a broken fence"));
    EXPECT_EQ(compatibilityOf(hef).chipsText(), "no chip");
}

TEST(Inspect, JsonFollowsItsSchema)
{
    EXPECT_EQ(faultOf(opened(tinyBytes(HefChip::hailo8))), "");
    EXPECT_EQ(faultOf(opened(tinyBytes(HefChip::hailo8l))), "");
}

TEST(Inspect, JsonOfRealFilesFollowsItsSchema)
{
    REQUIRE_SHARED_FOLDER(shared);
    for (const char *name : {"fast_depth-hailo8l-v0", "arcface_mobilefacenet-hailo8-v1",
                             "arcface_mobilefacenet-hailo8-v2", "scrfd_2.5g-hailo15h-v3"}) {
        const auto hef = Hef::open(shared / "hefs" / (std::string(name) + ".hef"));
        ASSERT_TRUE(hef);
        EXPECT_EQ(faultOf(*hef), "") << name;
        EXPECT_FALSE(hef->isEmulation());
        EXPECT_EQ(integrityOf(*hef), HefIntegrity::intact);
    }
}

TEST(Inspect, JsonHasTheKeysOthersCountOn)
{
    const json document = json::parse(hefInspectJson(opened(tinyBytes())));
    for (const char *key : {"header", "arch", "sdk_version", "network_groups", "integrity",
                            "compatibility", "metadata"})
        EXPECT_TRUE(document.contains(key)) << key;
    EXPECT_EQ(document["arch"], "HAILO8L");
    EXPECT_EQ(document["emulation"], true);
    EXPECT_EQ(document["header"]["version"], 2);
    EXPECT_EQ(document["integrity"]["verdict"], "intact");
    EXPECT_EQ(document["network_groups"][0]["contexts_count"], 3);
    EXPECT_EQ(document["network_groups"][0]["outputs"][1]["quantization"]["scale"], 0.25);
    EXPECT_EQ(document["fence"]["holds"], true);
}

TEST(Inspect, DamageAndRefusalAreToldApart)
{
    Bytes damaged = tinyBytes();
    damaged.back() ^= std::byte(1);
    EXPECT_EQ(integrityOf(opened(damaged)), HefIntegrity::damaged);
    const Hef refused = opened(test::edited(tinyBytes(), [](oracle::ProtoHEFHef &message) {
        message.add_extensions()->set_type_index(8);
    }));
    EXPECT_EQ(integrityOf(refused), HefIntegrity::refused);
    EXPECT_EQ(compatibilityOf(refused).releasesText(), "no known release");
    const json document = json::parse(hefInspectJson(refused));
    EXPECT_EQ(document["integrity"]["problems"][0]["id"], "hef.extension-unsupported");
}

TEST(Inspect, CompatibilityFollowsHeaderExtensionsAndTail)
{
    const auto releases = [](const Bytes &bytes) {
        return compatibilityOf(opened(bytes)).releasesText();
    };
    EXPECT_EQ(releases(tinyBytes()), "4.20 to 5.2");
    const auto withExtension = [](std::uint32_t type) {
        return test::edited(tinyBytes(), [&](oracle::ProtoHEFHef &message) {
            message.add_extensions()->set_type_index(type);
        });
    };
    EXPECT_EQ(releases(withExtension(oracle::EXTERNAL_RESOURCES)), "4.21 to 5.2");
    EXPECT_EQ(releases(withExtension(oracle::SHARED_CONFIG)), "5.0 to 5.2");
    EXPECT_EQ(releases(withExtension(oracle::CSM_CRC)), "5.1 to 5.2");
    EXPECT_EQ(releases(withExtension(40)), "no known release");
    EXPECT_EQ(compatibilityOf(opened(withExtension(40))).releases.back().reason,
              "extension 40 is known to no release up to 5.2");
    Bytes tailed = tinyBytes();
    tailed.push_back(std::byte(0));
    EXPECT_EQ(releases(tailed), "no known release");
}

// A vendor file of any chip, made of ours by taking its program away.
Hef withArch(std::uint32_t arch)
{
    return opened(test::edited(tinyBytes(HefChip::hailo8), [&](oracle::ProtoHEFHef &message) {
        message.clear_external_resources();
        message.mutable_header()->set_hw_arch(oracle::ProtoHEFHwArch(arch));
    }));
}

TEST(Inspect, CompatibilityNamesTheChipsTheReleasesAndTheRule)
{
    const HefCompatibility hailo8 = compatibilityOf(withArch(1));
    EXPECT_EQ(hailo8.chipsText(), "Hailo-8");
    EXPECT_THAT(hailo8.chips[0].releases, testing::ElementsAre("4.20", "4.21", "4.22", "4.23"));
    EXPECT_EQ(hailo8.chips[0].reason, "the chip takes hw_arch 1, 2, 3; the file has 1 (Hailo-8)");
    EXPECT_THAT(hailo8.releases[3].reason, HasSubstr("header version 2 is read since 4.20"));
    EXPECT_EQ(compatibilityOf(withArch(0)).chipsText(), "no chip") << "value 0 matches no device";
    const HefCompatibility hailo15 = compatibilityOf(withArch(103));
    EXPECT_EQ(hailo15.chipsText(), "Hailo-15H, Hailo-10H");
    EXPECT_THAT(hailo15.chips[2].releases, testing::ElementsAre("5.0", "5.1", "5.2"));
    // 5 was Hailo-10H from 4.18 to 5.0. From 5.1 a value nobody knows opens, for no chip.
    EXPECT_EQ(compatibilityOf(withArch(5)).chipsText(), "no chip");
    const HefCompatibility unknown = compatibilityOf(withArch(77));
    EXPECT_EQ(unknown.releasesText(), "5.1 to 5.2");
    EXPECT_EQ(unknown.chipsText(), "no chip");
    EXPECT_EQ(unknown.releases[0].reason, "hw_arch 77 is unknown to it");
}

TEST(Inspect, FindsASealedAndAnAppendedZip)
{
    // One stored entry "a.txt" with no content, offsets counted from the ZIP's own start.
    const auto little = [](std::string &to, std::uint32_t value, int count) {
        for (int i = 0; i < count; ++i)
            to += static_cast<char>(value >> 8 * i);
    };
    std::string zip = "PK\x03\x04";
    zip.append(22, '\0');
    little(zip, 5, 2);
    little(zip, 0, 2);
    zip += "a.txt";
    const auto directory = static_cast<std::uint32_t>(zip.size());
    zip += "PK\x01\x02";
    zip.append(24, '\0');
    little(zip, 5, 2);
    zip.append(16, '\0');
    zip += "a.txt";
    const auto directoryBytes = static_cast<std::uint32_t>(zip.size()) - directory;
    zip += "PK\x05\x06";
    zip.append(4, '\0');
    little(zip, 1, 2);
    little(zip, 1, 2);
    little(zip, directoryBytes, 4);
    little(zip, directory, 4);
    little(zip, 0, 2);

    EXPECT_FALSE(findAppendedZip(opened(tinyBytes()).container()));
    Bytes appended = tinyBytes();
    const auto zipBytes = asBytes(zip);
    appended.insert(appended.end(), zipBytes.begin(), zipBytes.end());
    const auto found = findAppendedZip(opened(appended).container());
    ASSERT_TRUE(found);
    EXPECT_THAT(found->entries, testing::ElementsAre("a.txt"));
    EXPECT_EQ(found->size, zip.size());
    EXPECT_FALSE(found->isSealed);
    // Sealed: the header counts it.
    Bytes sealed = appended;
    const auto file = parseHefContainer(sealed, "tiny.hef");
    test::putBigEndian(sealed, 20, file->ccws.size + zip.size(), 8);
    test::putBigEndian(sealed, 12, xxh3_64(std::span(sealed).subspan(44)), 8);
    const Hef hef = opened(sealed);
    EXPECT_TRUE(hef.isEmulation());
    EXPECT_EQ(compatibilityOf(hef).releasesText(), "4.20 to 5.2");
    EXPECT_TRUE(findAppendedZip(hef.container())->isSealed);
    EXPECT_EQ(faultOf(hef), "");
    EXPECT_THAT(hefOverviewText(hef), HasSubstr("sealed into the file"));
    // A directory that points elsewhere is no ZIP.
    Bytes broken = appended;
    broken[broken.size() - 6] = std::byte(0xff);
    EXPECT_FALSE(findAppendedZip(opened(broken).container()));
}

} // namespace

} // namespace hefstudio
