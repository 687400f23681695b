// Frames of a video as pictures: one every so often, or one of each scene.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"

#include <filesystem>
#include <optional>
#include <stop_token>
#include <vector>

namespace hefstudio {

// By its ending only (mp4, m4v, mov, avi, mkv, webm, mpg, mpeg, ts, wmv), in any case.
bool hasVideoEnding(const std::filesystem::path &file);

struct VideoFrameOptions {
    double everySeconds = 1;       // between two frames
    bool onlySceneChanges = false; // of those, the ones unlike the one taken before
    std::size_t mostFrames = 10'000;
};

// Writes the frames to `folder` (made where absent) as lossless PNG, named by the video and the
// frame's number, and gives the files in order. Sends progress of the stage "frames". The file must
// be a container by its first bytes: playlists, which could name addresses elsewhere, are refused.
// Diagnostics: calib.video, calib.video-missing, cancelled, those of writing.
Result<std::vector<std::filesystem::path>>
extractFrames(const std::filesystem::path &video, const std::filesystem::path &folder,
              const VideoFrameOptions &options, std::stop_token stop, const EventSink &sink);

} // namespace hefstudio
