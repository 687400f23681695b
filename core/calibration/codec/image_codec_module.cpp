// The module behind calibration/image.h: OpenCV, and nothing of ours.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/codec/image_codec_abi.h"

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <cstdlib>
#include <cstring>

namespace {

// One thread and no fancy dispatch: pictures are decoded side by side, and the same bytes must
// come out at any thread count.
void useOneThread()
{
    static const bool once = [] {
        cv::setNumThreads(1);
        cv::setUseOptimized(true);
        return true;
    }();
    (void)once;
}

int handOver(const cv::Mat &rgb, HefstudioPicture *picture)
{
    const std::size_t rowBytes = static_cast<std::size_t>(rgb.cols) * 3;
    picture->width = rgb.cols;
    picture->height = rgb.rows;
    picture->rgb = static_cast<std::uint8_t *>(std::malloc(rowBytes * rgb.rows));
    if (!picture->rgb)
        return 1;
    for (int row = 0; row < rgb.rows; ++row)
        std::memcpy(picture->rgb + rowBytes * row, rgb.ptr(row), rowBytes);
    return 0;
}

} // namespace

extern "C" __attribute__((visibility("default"))) int
hefstudioDecodeReduced(const std::uint8_t *bytes, std::size_t size, int divisor,
                       HefstudioPicture *picture)
{
    try {
        useOneThread();
        const cv::Mat encoded(1, static_cast<int>(size), CV_8UC1,
                              const_cast<std::uint8_t *>(bytes));
        const int how = divisor == 8   ? cv::IMREAD_REDUCED_COLOR_8
                        : divisor == 4 ? cv::IMREAD_REDUCED_COLOR_4
                        : divisor == 2 ? cv::IMREAD_REDUCED_COLOR_2
                                       : cv::IMREAD_COLOR;
        cv::Mat decoded = cv::imdecode(encoded, how);
        if (decoded.empty())
            return 1;
        cv::cvtColor(decoded, decoded, cv::COLOR_BGR2RGB);
        return handOver(decoded, picture);
    } catch (const std::exception &) {
        return 1;
    }
}

extern "C" __attribute__((visibility("default"))) int
hefstudioDecode(const std::uint8_t *bytes, std::size_t size, HefstudioPicture *picture)
{
    return hefstudioDecodeReduced(bytes, size, 1, picture);
}

extern "C" __attribute__((visibility("default"))) int
hefstudioScale(const HefstudioPicture *from, std::int32_t width, std::int32_t height,
               int interpolation, HefstudioPicture *to)
{
    try {
        useOneThread();
        const cv::Mat source(from->height, from->width, CV_8UC3, from->rgb);
        cv::Mat scaled;
        cv::resize(source, scaled, cv::Size(width, height), 0, 0,
                   interpolation == hefstudioArea ? cv::INTER_AREA : cv::INTER_LINEAR);
        return handOver(scaled, to);
    } catch (const std::exception &) {
        return 1;
    }
}

extern "C" __attribute__((visibility("default"))) void
hefstudioFreePicture(HefstudioPicture *picture)
{
    std::free(picture->rgb);
    picture->rgb = nullptr;
}

extern "C" __attribute__((visibility("default"))) int
hefstudioEncode(const HefstudioPicture *picture, int quality, std::uint8_t **bytes,
                std::size_t *size)
{
    try {
        useOneThread();
        const cv::Mat rgb(picture->height, picture->width, CV_8UC3, picture->rgb);
        cv::Mat bgr;
        cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
        std::vector<uchar> encoded;
        const bool isDone =
            quality > 0 ? cv::imencode(".jpg", bgr, encoded, {cv::IMWRITE_JPEG_QUALITY, quality})
                        : cv::imencode(".png", bgr, encoded);
        if (!isDone)
            return 1;
        *bytes = static_cast<std::uint8_t *>(std::malloc(encoded.size()));
        if (!*bytes)
            return 1;
        std::memcpy(*bytes, encoded.data(), encoded.size());
        *size = encoded.size();
        return 0;
    } catch (const std::exception &) {
        return 1;
    }
}

extern "C" __attribute__((visibility("default"))) void hefstudioFreeBytes(std::uint8_t *bytes)
{
    std::free(bytes);
}

extern "C" __attribute__((visibility("default"))) int
hefstudioText(HefstudioPicture *picture, std::int32_t x, std::int32_t y, std::int32_t height,
              const char *text, const std::uint8_t rgb[3])
{
    try {
        const int face = cv::FONT_HERSHEY_SIMPLEX;
        const double scale = cv::getFontScaleFromHeight(face, height, 1);
        int baseline = 0;
        const cv::Size size = cv::getTextSize(text, face, scale, 1, &baseline);
        if (picture) {
            cv::Mat mat(picture->height, picture->width, CV_8UC3, picture->rgb);
            cv::putText(mat, text, cv::Point(x, y), face, scale, cv::Scalar(rgb[0], rgb[1], rgb[2]),
                        1, cv::LINE_AA);
        }
        return size.width;
    } catch (const std::exception &) {
        return 0;
    }
}
