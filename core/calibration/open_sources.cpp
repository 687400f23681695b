// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/open_sources.h"

#include <algorithm>
#include <cstdlib>

namespace hefstudio {

Result<CalibrationSet> openSources(std::span<const std::filesystem::path> sources,
                                   const std::filesystem::path &framesFolder,
                                   const VideoFrameOptions &videos, const std::stop_token &stop,
                                   const EventSink &sink)
{
    if (std::ranges::none_of(sources, hasVideoEnding))
        return CalibrationSet::openAll(sources);
    std::vector<std::filesystem::path> all;
    std::vector<std::filesystem::path> frames;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        if (!hasVideoEnding(sources[i])) {
            all.push_back(sources[i]);
            continue;
        }
        // Two videos may have one name.
        auto made = extractFrames(sources[i], framesFolder / std::to_string(i), videos, stop, sink);
        if (!made)
            return passOn(std::move(made));
        frames.insert(frames.end(), made->begin(), made->end());
    }
    if (all.empty())
        return CalibrationSet::ofPictures(framesFolder, std::move(frames));
    all.insert(all.end(), frames.begin(), frames.end());
    return CalibrationSet::openAll(all);
}

WorkFolder::~WorkFolder()
{
    std::error_code ignored;
    if (!m_path.empty())
        std::filesystem::remove_all(m_path, ignored);
}

const std::filesystem::path &WorkFolder::path()
{
    std::error_code error;
    const auto base = std::filesystem::temp_directory_path(error);
    if (m_path.empty() && !error) {
        std::string pattern = (base / "hefstudio-XXXXXX").string();
        if (::mkdtemp(pattern.data()))
            m_path = pattern;
    }
    return m_path;
}

} // namespace hefstudio
