// The C interface of the video-decoding module (video_codec.so): apart from that of pictures, since
// what it links (FFmpeg, GStreamer) takes far longer to load.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "calibration/codec/image_codec_abi.h"

extern "C" {

struct HefstudioVideo;

// Null when the file cannot be opened. `framesPerSecond` and `frames` are 0 where the file does not
// say.
using HefstudioVideoOpen = HefstudioVideo *(*)(const char *file, double *framesPerSecond,
                                               double *frames);
// Goes to the next frame: 0 while there is one.
using HefstudioVideoGrab = int (*)(HefstudioVideo *video);
// Decodes the frame gone to last; freed with hefstudioVideoFreePicture. 0 on success.
using HefstudioVideoRetrieve = int (*)(HefstudioVideo *video, HefstudioPicture *picture);
using HefstudioVideoClose = void (*)(HefstudioVideo *video);
}
