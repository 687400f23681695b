// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/video_frames.h"

#include "calibration/codec/video_codec_abi.h"
#include "calibration/image.h"
#include "calibration/picture_measures.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fstream>
#include <memory>

namespace hefstudio {
namespace {

namespace fs = std::filesystem;

struct Codec {
    HefstudioVideoOpen open = nullptr;
    HefstudioVideoGrab grab = nullptr;
    HefstudioVideoRetrieve retrieve = nullptr;
    HefstudioVideoClose close = nullptr;
    std::string failure;
};

Codec openCodec()
{
    Codec codec;
    std::error_code ignored;
    const auto program = fs::read_symlink("/proc/self/exe", ignored);
    const auto path =
        program.parent_path().parent_path() / "lib" / "hefstudio" / "video_codec.so";
    void *module = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!module) {
        const char *reason = ::dlerror();
        codec.failure = reason ? reason : path.string();
        return codec;
    }
    codec.open = reinterpret_cast<HefstudioVideoOpen>(::dlsym(module, "hefstudioVideoOpen"));
    codec.grab = reinterpret_cast<HefstudioVideoGrab>(::dlsym(module, "hefstudioVideoGrab"));
    codec.retrieve =
        reinterpret_cast<HefstudioVideoRetrieve>(::dlsym(module, "hefstudioVideoRetrieve"));
    codec.close = reinterpret_cast<HefstudioVideoClose>(::dlsym(module, "hefstudioVideoClose"));
    if (!codec.open || !codec.grab || !codec.retrieve || !codec.close)
        codec.failure = path.string() + " is of another version";
    return codec;
}

// Loaded once per process and never unloaded, as that of pictures.
const Codec &codec()
{
    static const Codec loaded = openCodec();
    return loaded;
}

// The marks of MP4 and QuickTime, AVI, Matroska and WebM, MPEG program and transport streams, ASF.
bool isContainer(const fs::path &file)
{
    std::array<char, 12> start{};
    std::ifstream in(file, std::ios::binary);
    if (!in.read(start.data(), start.size()))
        return false;
    const auto has = [&start](std::size_t at, std::string_view mark) {
        return std::memcmp(start.data() + at, mark.data(), mark.size()) == 0;
    };
    return has(4, "ftyp") || has(4, "moov") || has(4, "mdat") || has(4, "wide") ||
           has(4, "free") || (has(0, "RIFF") && has(8, "AVI ")) || has(0, "\x1A\x45\xDF\xA3") ||
           has(0, std::string_view("\0\0\1\xBA", 4)) || has(0, "\x47") ||
           has(0, "\x30\x26\xB2\x75");
}

struct CloseVideo {
    void operator()(HefstudioVideo *video) const { codec().close(video); }
};

std::unexpected<Diagnostics> unreadable(const fs::path &video, std::string reason)
{
    return fail(
        Diagnostic("calib.video", Place{.file = video.string()}).with("reason", std::move(reason)));
}

// A cut changes what is where; a moving camera or person does not change that much of it.
bool isNewScene(const PictureMeasures &last, const PictureMeasures &next)
{
    constexpr int otherBits = 14;
    constexpr double otherPixels = 18;
    return __builtin_popcountll(last.hash ^ next.hash) > otherBits &&
           tinyDistance(last.tiny, next.tiny) > otherPixels;
}

} // namespace

bool hasVideoEnding(const std::filesystem::path &file)
{
    static constexpr std::array endings{".mp4", ".m4v", ".mov",  ".avi", ".mkv",
                                        ".webm", ".mpg", ".mpeg", ".ts",  ".wmv"};
    auto ending = file.extension().string();
    std::ranges::transform(ending, ending.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::ranges::find(endings, ending) != endings.end();
}

Result<std::vector<std::filesystem::path>>
extractFrames(const std::filesystem::path &video, const std::filesystem::path &folder,
              const VideoFrameOptions &options, std::stop_token stop, const EventSink &sink)
{
    std::error_code error;
    if (!fs::is_regular_file(video, error))
        return fail(Diagnostic("file.not-found", Place{.file = video.string()}));
    if (!isContainer(video))
        return unreadable(video, "it is no video file");
    if (!codec().failure.empty())
        return fail(Diagnostic("calib.video-missing").with("reason", codec().failure));
    double framesPerSecond = 0;
    double frames = 0;
    const auto whole = fs::absolute(video, error);
    const std::unique_ptr<HefstudioVideo, CloseVideo> opened(
        codec().open(whole.c_str(), &framesPerSecond, &frames));
    if (!opened)
        return unreadable(video, "no decoder for it was found");
    fs::create_directories(folder, error);
    if (error)
        return fail(Diagnostic("file.not-writable", Place{.file = folder.string()})
                        .with("reason", error.message()));
    constexpr double usualRate = 25;
    const double rate = framesPerSecond > 0.1 && framesPerSecond < 1000 ? framesPerSecond : usualRate;
    const auto step = static_cast<std::int64_t>(
        std::clamp(std::round(options.everySeconds * rate), 1.0, 1e9));
    const auto total = frames > 0 && frames < 1e9 ? static_cast<std::int64_t>(frames) : 0;

    send(sink, StageStarted{.stage = "frames", .index = 0, .count = 1});
    std::vector<fs::path> files;
    std::optional<PictureMeasures> last;
    std::int64_t seen = 0;
    for (; files.size() < options.mostFrames && codec().grab(opened.get()) == 0; ++seen) {
        if (stop.stop_requested())
            return fail(Diagnostic("cancelled"));
        if (seen % step != 0)
            continue;
        send(sink, StageProgress{.stage = "frames",
                                 .done = seen,
                                 .total = total,
                                 .detail = video.filename().string()});
        HefstudioPicture picture{};
        if (codec().retrieve(opened.get(), &picture) != 0)
            continue; // a damaged frame; the next may be whole
        Image image{.width = picture.width, .height = picture.height, .rgb = {}};
        image.rgb.assign(picture.rgb, picture.rgb + static_cast<std::size_t>(picture.width) *
                                                        picture.height * 3);
        std::free(picture.rgb);
        if (options.onlySceneChanges) {
            const auto measures = measurePicture(image);
            if (!measures)
                return std::unexpected(measures.error());
            if (last && !isNewScene(*last, *measures))
                continue;
            last = *measures;
        }
        char numbered[32];
        std::snprintf(numbered, sizeof numbered, "_%07lld.png", static_cast<long long>(seen));
        const auto file = folder / (video.stem().string() + numbered);
        if (auto saved = saveImage(file, image); !saved)
            return passOn(std::move(saved));
        files.push_back(file);
    }
    if (files.empty())
        return unreadable(video, "it holds no frame that can be decoded");
    send(sink, StageFinished{.stage = "frames",
                             .seconds = 0,
                             .summary = std::to_string(files.size()) + " of " +
                                        std::to_string(seen) + " frames"});
    return files;
}

} // namespace hefstudio
