// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/actions.h"

#include "hef/inspect.h"
#include "hef/section_map.h"
#include "hef_world.h"
#include "shared_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hefstudio {

namespace {

using testing::HasSubstr;

void put32(Bytes &to, std::uint32_t value)
{
    appendFixed(to, value, 4);
}

// Two words to 0x1000, three to 0x2000 (padded), a no-operation.
Bytes words()
{
    Bytes bytes;
    for (const std::uint32_t value : {1U, 0x1000U, 7U, 8U})
        put32(bytes, value);
    for (const std::uint32_t value : {2U, 0x2000U, 1U, 2U, 3U, 0U})
        put32(bytes, value);
    for (const std::uint32_t value : {0U, 0U})
        put32(bytes, value);
    return bytes;
}

// A start-up with a layer controller, a context that sends the words; 8 bytes nobody points at.
Bytes fileWithActions(std::uint32_t size)
{
    oracle::ProtoHEFHef message =
        test::messageOf(*emulationHefBytes(test::singleContext(HefChip::hailo8)));
    message.clear_external_resources();
    auto &coreOp = *message.mutable_network_groups(0)->mutable_ops(0)->mutable_core_op();
    auto &startUp = *coreOp.mutable_preliminary_config()->mutable_operation(0);
    auto &lcu = *startUp.add_actions()->mutable_enable_lcu();
    lcu.set_lcu_index(3);
    lcu.set_cluster_index(1);
    auto &operation = *coreOp.mutable_contexts(0)->mutable_operations(0);
    operation.mutable_trigger()->mutable_trigger_lcu()->set_lcu_index(5);
    auto &pointer = *operation.add_actions()->mutable_write_data_ccw_ptr();
    pointer.set_offset(8);
    pointer.set_size(size);
    pointer.set_cfg_channel_index(2);
    Bytes section(8);
    const Bytes sent = words();
    section.insert(section.end(), sent.begin(), sent.end());
    return test::sealed(message, section);
}

Hef opened(Bytes bytes)
{
    return *Hef::fromBytes(std::move(bytes), "tiny.hef");
}

std::string actionsText(const Hef &hef)
{
    std::string text;
    writeActions(hef, [&](std::string_view part) { text += part; });
    return text;
}

TEST(Ccw, ListsRecordsByAddressAndWords)
{
    const CcwListing listing = listCcw(words());
    ASSERT_EQ(listing.records.size(), 2U);
    EXPECT_EQ(listing.records[0].address, 0x1000U);
    EXPECT_EQ(listing.records[0].words, 2U);
    EXPECT_EQ(listing.records[1].offset, 16U);
    EXPECT_EQ(listing.records[1].words, 3U);
    EXPECT_EQ(listing.words, 5U);
    EXPECT_EQ(listing.noOperations, 1U);
    EXPECT_EQ(listing.restBytes, 0U);
}

TEST(Ccw, StopsAtWhatIsNoWholeRecord)
{
    Bytes bytes = words();
    bytes.resize(20);
    EXPECT_EQ(listCcw(bytes).records.size(), 1U);
    EXPECT_EQ(listCcw(bytes).restBytes, 4U);
    Bytes huge;
    put32(huge, 0xffffffff);
    put32(huge, 0x10);
    EXPECT_TRUE(listCcw(huge).records.empty());
    EXPECT_EQ(listCcw(huge).restBytes, 8U);
    EXPECT_EQ(listCcw({}).restBytes, 0U);
}

TEST(Actions, ListsTriggersActionsChannelsAndBuffers)
{
    const std::string text = actionsText(opened(fileWithActions(48)));
    EXPECT_THAT(text, HasSubstr("start-up\n  1 operation, 1 action\n"
                                "  operation 0, trigger_dma_idle shmifo_index 0\n"
                                "    enable_lcu  lcu_index 3, cluster_index 1,"));
    EXPECT_THAT(text, HasSubstr("  configuration channel 2: 1 action, 48 bytes, 12 words\n"));
    EXPECT_THAT(text, HasSubstr("  operation 0, trigger_lcu cluster_index 0, lcu_index 5\n"));
    EXPECT_THAT(text, HasSubstr(": 2 records, 5 words, 1 no-operation\n"
                                "        0x00001000  2 words\n"
                                "        0x00002000  3 words\n"));
    EXPECT_THAT(text, HasSubstr("buffers of tiny_emulation/boxes out, host, stream 1"));
}

TEST(Actions, WordsOutsideTheSectionAreSaidToBe)
{
    EXPECT_THAT(actionsText(opened(fileWithActions(49))),
                HasSubstr("49 bytes outside the configuration section"));
}

TEST(Actions, CountsPerChannel)
{
    const Hef hef = opened(fileWithActions(48));
    const HefContextView &context = hef.groups()[0].contexts[0];
    ASSERT_EQ(context.channels.size(), 1U);
    EXPECT_EQ(context.channels.at(2).bytes, 48U);
    EXPECT_EQ(context.actions.at("write_data_ccw_ptr"), 1U);
    EXPECT_EQ(hef.groups()[0].preliminary.actions.at("enable_lcu"), 1U);
}

TEST(Actions, RecordsOfRealFilesAreWhole)
{
    REQUIRE_SHARED_FOLDER(shared);
    for (const char *name : {"fast_depth-hailo8l-v0", "arcface_mobilefacenet-hailo8-v1",
                             "arcface_mobilefacenet-hailo8-v2"}) {
        const auto hef = Hef::open(shared / "hefs" / (std::string(name) + ".hef"));
        ASSERT_TRUE(hef) << name;
        std::size_t listed = 0;
        std::uint64_t rest = 0;
        for (const HefProgramPart &part : programPartsOf(*hef)) {
            for (const auto &operation : part.operations) {
                for (const auto &action : operation.actions()) {
                    const HefAction read = readAction(*hef, action);
                    if (!read.words)
                        continue;
                    EXPECT_TRUE(read.words->isInside);
                    const auto listing = recordsOf(*hef, *read.words);
                    ASSERT_TRUE(listing);
                    listed += listing->records.size();
                    rest += listing->restBytes;
                }
            }
        }
        EXPECT_GT(listed, 0U) << name;
        EXPECT_EQ(rest, 0U) << name;
    }
}

// Level 0 covers the file without a gap; level 1 of everything but the message covers its parent.
void expectCovered(const Hef &hef)
{
    std::uint64_t at = 0;
    std::uint64_t inside = 0;
    for (const HefMapEntry &entry : sectionMapOf(hef)) {
        if (entry.level == 0) {
            EXPECT_EQ(entry.place.offset, at) << entry.name;
            at = entry.place.end();
            inside = entry.place.offset;
        } else {
            EXPECT_EQ(entry.place.offset, inside) << entry.name;
            inside = entry.place.end();
            EXPECT_LE(inside, at);
        }
    }
    EXPECT_EQ(at, hef.container().bytes.size());
}

TEST(SectionMap, SaysWhatEveryByteBelongsTo)
{
    const Hef hef = opened(fileWithActions(48));
    expectCovered(hef);
    std::vector<std::string> names;
    for (const HefMapEntry &entry : sectionMapOf(hef))
        names.push_back(entry.name);
    EXPECT_THAT(names, testing::ElementsAre("header", "message", "message: header",
                                            "message: network_groups", "message: extensions",
                                            "configuration section", "nothing points here",
                                            "words of context 0, channel 2"));
    expectCovered(opened(*emulationHefBytes(test::threeContexts(HefChip::hailo8l))));
    EXPECT_THAT(hefSectionsText(hef), HasSubstr("  header  (version 2)\n"));
}

TEST(SectionMap, CoversRealFiles)
{
    REQUIRE_SHARED_FOLDER(shared);
    for (const char *name : {"fast_depth-hailo8l-v0", "arcface_mobilefacenet-hailo8-v1",
                             "arcface_mobilefacenet-hailo8-v2", "scrfd_2.5g-hailo15h-v3"}) {
        const auto hef = Hef::open(shared / "hefs" / (std::string(name) + ".hef"));
        ASSERT_TRUE(hef) << name;
        expectCovered(*hef);
    }
}

} // namespace

} // namespace hefstudio
