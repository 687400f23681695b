// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/parse_hef_text.h"

#include "hef/hef_reader.h"
#include "hef_world.h"
#include "shared_folder.h"

#include <gtest/gtest.h>

namespace hefstudio {

namespace {

Result<std::string> printed(const EmulationHefContent &content, ParseHefRelease release)
{
    auto bytes = emulationHefBytes(content);
    if (!bytes)
        return passOn(std::move(bytes));
    auto hef = Hef::fromBytes(std::move(*bytes), "tiny.hef");
    if (!hef)
        return passOn(std::move(hef));
    return parseHefText(*hef, {.release = release, .streams = true});
}

} // namespace

TEST(ParseHefText, PrintsRealFilesAsHailoRtDoes)
{
    REQUIRE_SHARED_FOLDER(shared);
    for (const char *name : {"fast_depth-hailo8l-v0", "arcface_mobilefacenet-hailo8-v1",
                             "arcface_mobilefacenet-hailo8-v2", "scrfd_2.5g-hailo15h-v3"}) {
        const auto hef = Hef::open(shared / "hefs" / (std::string(name) + ".hef"));
        ASSERT_TRUE(hef) << name;
        EXPECT_TRUE(hef->loads()) << name;
        EXPECT_TRUE(verifyHashes(hef->container())) << name;
        for (const char *release : {"4.23", "5.2"}) {
            const auto expected = readTextFile(
                shared / "hefs" / (std::string(name) + ".parse-hef-" + release + ".txt"));
            ASSERT_TRUE(expected);
            const auto text =
                parseHefText(*hef, {.release = *parseHefReleaseFromText(release), .streams = true});
            ASSERT_TRUE(text) << name;
            EXPECT_EQ(*text, *expected);
        }
    }
}

TEST(ParseHefText, PrintsASingleContextFile)
{
    EXPECT_EQ(printed(test::singleContext(HefChip::hailo8), ParseHefRelease::v4_23),
              R"(Architecture HEF was compiled for: HAILO8
Network group name: tiny_emulation, Single Context
    Network name: tiny_emulation/tiny_emulation
        Stream infos:
            Input  tiny_emulation/input_layer1 UINT8, NHWC(32x48x3)
            Output tiny_emulation/boxes UINT16, NHCW(5x8x21)
            Output tiny_emulation/classes UINT8, NC(16)
        VStream infos:
            Input  tiny_emulation/input_layer1 UINT8, NHWC(32x48x3)
            Output tiny_emulation/classes UINT8, NC(10)
            Output tiny_emulation/boxes UINT16, NHWC(5x7x21)
)");
}

TEST(ParseHefText, PrintsSeveralContextsOfAHailo8LFile)
{
    EXPECT_EQ(printed(test::threeContexts(HefChip::hailo8l), ParseHefRelease::v5_2),
              R"(HEF Compatible for: HAILO8L, HAILO8
Network group name: tiny_emulation, Multi Context - Number of contexts: 3
    Network name: tiny_emulation/tiny_emulation
        Stream infos:
            Input  tiny_emulation/input_layer1 UINT8, NHWC(32x48x3)
            Output tiny_emulation/boxes UINT16, NHCW(5x8x21)
            Output tiny_emulation/classes UINT8, NC(16)
        VStream infos:
            Input  tiny_emulation/input_layer1 UINT8, NHWC(32x48x3)
            Output tiny_emulation/classes UINT8, NC(10)
            Output tiny_emulation/boxes UINT16, NHWC(5x7x21)
)");
}

TEST(ParseHefText, PrintsOnlyNamesWhenNothingElseIsAsked)
{
    auto bytes = emulationHefBytes(test::singleContext(HefChip::hailo8l));
    ASSERT_TRUE(bytes);
    const auto hef = Hef::fromBytes(std::move(*bytes), "tiny.hef");
    ASSERT_TRUE(hef);
    EXPECT_EQ(parseHefText(*hef, {.vstreams = false}),
              "Architecture HEF was compiled for: HAILO8L\n"
              "Network group name: tiny_emulation, Single Context\n"
              "    Network name: tiny_emulation/tiny_emulation\n");
}

} // namespace hefstudio
