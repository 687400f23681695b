// Whatever a user names as one calibration set: folders, pictures, lists, arrays, and videos, whose
// frames become pictures first. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "calibration/calibration_set.h"
#include "calibration/video_frames.h"

namespace hefstudio {

// Frames of videos go to `framesFolder`. Diagnostics: those of CalibrationSet::openAll() and of
// extractFrames().
Result<CalibrationSet> openSources(std::span<const std::filesystem::path> sources,
                                   const std::filesystem::path &framesFolder,
                                   const VideoFrameOptions &videos, const std::stop_token &stop,
                                   const EventSink &sink);

// A folder of the system's for temporary files that is removed with all it holds.
class WorkFolder {
public:
    WorkFolder() = default;
    ~WorkFolder();
    WorkFolder(const WorkFolder &) = delete;
    WorkFolder &operator=(const WorkFolder &) = delete;
    // Made at the first call. Empty where it cannot be made.
    const std::filesystem::path &path();

private:
    std::filesystem::path m_path;
};

} // namespace hefstudio
