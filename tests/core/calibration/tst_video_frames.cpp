// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/video_frames.h"

#include "base/file.h"
#include "calibration/open_sources.h"
#include "picture_world.h"
#include "result_matchers.h"
#include "temporary_folder.h"

#include <gtest/gtest.h>

namespace hefstudio {
namespace {

// An AVI of uncompressed frames (RIFF, "Video for Windows"): no encoder is needed to write one.
class Avi {
public:
    Avi(int width, int height, int framesPerSecond)
        : m_width(width), m_height(height), m_rate(framesPerSecond)
    {
    }
    void add(const Image &image)
    {
        std::string frame;
        for (int y = m_height - 1; y >= 0; --y) // from the bottom, blue first
            for (int x = 0; x < m_width; ++x)
                for (int c = 2; c >= 0; --c)
                    frame += static_cast<char>(
                        image.rgb[(static_cast<std::size_t>(y) * m_width + x) * 3 + c]);
        m_movie += chunk("00db", frame);
        ++m_frames;
    }
    std::string bytes() const
    {
        const int size = m_width * m_height * 3;
        std::string main;
        for (const int n : {1000000 / m_rate, size * m_rate, 0, 0x10, m_frames, 0, 1, size,
                            m_width, m_height, 0, 0, 0, 0})
            main += number(n);
        std::string stream = "vidsDIB ";
        for (const int n : {0, 0, 0, 1, m_rate, 0, m_frames, size, -1, 0, 0, 0})
            stream += number(n);
        std::string format;
        for (const int n : {40, m_width, m_height})
            format += number(n);
        format += std::string("\1\0\x18\0", 4);
        for (const int n : {0, size, 0, 0, 0, 0})
            format += number(n);
        const std::string headers =
            "hdrl" + chunk("avih", main) +
            chunk("LIST", "strl" + chunk("strh", stream) + chunk("strf", format));
        return chunk("RIFF", "AVI " + chunk("LIST", headers) + chunk("LIST", "movi" + m_movie));
    }

private:
    static std::string number(int value)
    {
        std::string text;
        for (int i = 0; i < 4; ++i)
            text += static_cast<char>(static_cast<unsigned>(value) >> (8 * i));
        return text;
    }
    static std::string chunk(const std::string &name, const std::string &body)
    {
        return name + number(static_cast<int>(body.size())) + body;
    }
    int m_width, m_height, m_rate;
    int m_frames = 0;
    std::string m_movie;
};

class VideoFrames : public testing::Test {
protected:
    // Two seconds of one scene, one of another, ten frames a second.
    void SetUp() override
    {
        Avi avi(64, 48, 10);
        for (int i = 0; i < 30; ++i)
            avi.add(landscape(i < 20 ? 1 : 2, 64, 48));
        ASSERT_TRUE(writeFileAtomically(folder / "clip.avi", asBytes(avi.bytes())));
    }
    Result<std::vector<std::filesystem::path>> frames(const VideoFrameOptions &options)
    {
        return extractFrames(folder / "clip.avi", folder / "frames", options, {}, {});
    }
    TemporaryFolder folder;
};

TEST_F(VideoFrames, OneEverySoOften)
{
    const auto files = frames({.everySeconds = 0.5});
    ASSERT_TRUE(files) << failureText(files);
    ASSERT_EQ(files->size(), 6U);
    EXPECT_EQ((*files)[1].filename(), "clip_0000005.png");
    const auto first = loadImage(files->front());
    ASSERT_TRUE(first) << failureText(first);
    EXPECT_EQ(first->rgb, landscape(1, 64, 48).rgb);
}

TEST_F(VideoFrames, OneOfEachScene)
{
    const auto files = frames({.everySeconds = 0.1, .onlySceneChanges = true});
    ASSERT_TRUE(files) << failureText(files);
    ASSERT_EQ(files->size(), 2U);
    EXPECT_EQ((*files)[1].filename(), "clip_0000020.png");
}

TEST_F(VideoFrames, JoinOtherSources)
{
    ASSERT_TRUE(saveImage(folder / "photo.png", landscape(3, 64, 48)));
    const std::vector<std::filesystem::path> sources{folder / "clip.avi", folder / "photo.png"};
    const auto set = openSources(sources, folder / "frames", {}, {}, {});
    ASSERT_TRUE(set) << failureText(set);
    EXPECT_EQ(set->size(), 4U);
}

TEST_F(VideoFrames, RefusesPlaylistsAndDamage)
{
    const auto idOf = [&](const std::string &text) {
        EXPECT_TRUE(writeFileAtomically(folder / "bad.mp4", asBytes(text)));
        return failureId(extractFrames(folder / "bad.mp4", folder / "frames", {}, {}, {}));
    };
    EXPECT_EQ(idOf("#EXTM3U\nhttp://example.com/a.ts\n"), "calib.video");
    EXPECT_EQ(idOf(std::string("\0\0\0\x18"
                               "ftypmp42\0\0\0\0mp42isom",
                               24)),
              "calib.video");
    EXPECT_EQ(failureId(extractFrames(folder / "no.mp4", folder / "frames", {}, {}, {})),
              "file.not-found");
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(failureId(extractFrames(folder / "clip.avi", folder / "frames", {},
                                      stop.get_token(), {})),
              "cancelled");
}

TEST(WorkFolderTest, GoesWithItsObject)
{
    std::filesystem::path path;
    {
        WorkFolder work;
        path = work.path();
        EXPECT_TRUE(std::filesystem::is_directory(path));
        EXPECT_EQ(work.path(), path);
    }
    EXPECT_FALSE(std::filesystem::exists(path));
}

} // namespace
} // namespace hefstudio
