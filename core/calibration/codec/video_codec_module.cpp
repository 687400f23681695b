// The module behind calibration/video_frames.h: OpenCV, and nothing of ours.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/codec/video_codec_abi.h"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

#include <cstdlib>
#include <cstring>

struct HefstudioVideo {
    cv::VideoCapture capture;
};

#define EXPORTED extern "C" __attribute__((visibility("default")))

EXPORTED HefstudioVideo *hefstudioVideoOpen(const char *file, double *framesPerSecond,
                                            double *frames)
{
    try {
        auto *video = new HefstudioVideo;
        if (!video->capture.open(file, cv::CAP_FFMPEG)) {
            delete video;
            return nullptr;
        }
        *framesPerSecond = video->capture.get(cv::CAP_PROP_FPS);
        *frames = video->capture.get(cv::CAP_PROP_FRAME_COUNT);
        return video;
    } catch (const std::exception &) {
        return nullptr;
    }
}

EXPORTED int hefstudioVideoGrab(HefstudioVideo *video)
{
    try {
        return video->capture.grab() ? 0 : 1;
    } catch (const std::exception &) {
        return 1;
    }
}

EXPORTED int hefstudioVideoRetrieve(HefstudioVideo *video, HefstudioPicture *picture)
{
    try {
        cv::Mat bgr;
        if (!video->capture.retrieve(bgr) || bgr.empty() || bgr.type() != CV_8UC3)
            return 1;
        cv::Mat rgb;
        cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
        const std::size_t bytes = rgb.total() * 3;
        picture->width = rgb.cols;
        picture->height = rgb.rows;
        picture->rgb = static_cast<std::uint8_t *>(std::malloc(bytes));
        if (!picture->rgb)
            return 1;
        std::memcpy(picture->rgb, rgb.data, bytes);
        return 0;
    } catch (const std::exception &) {
        return 1;
    }
}

EXPORTED void hefstudioVideoClose(HefstudioVideo *video)
{
    delete video;
}
