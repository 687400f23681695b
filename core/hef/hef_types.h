// The vocabulary of a HEF's streams: element types, layouts, chips, shapes; with the words
// HailoRT's parse-hef uses for them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hefstudio {

// Numbered as HailoRT's hailo_format_type_t and hailo_format_order_t: pads of host operations
// carry these numbers.
enum class HefDataType : std::uint32_t { automatic = 0, uint8 = 1, uint16 = 2, float32 = 3 };
enum class HefOrder : std::uint32_t {
    automatic = 0,
    nhwc = 1,
    nhcw = 2,
    fcr = 3,
    f8cr = 4,
    nhw = 5,
    nc = 6,
    bayerRgb = 7,
    bayerRgb12 = 8,
    nms = 9,
    rgb888 = 10,
    nchw = 11,
    yuy2 = 12,
    nv12 = 13,
    nv21 = 14,
    yyuv = 15,
    yyvu = 16,
    rgb4 = 17,
    i420 = 18,
    yyyyuv = 19,
    nmsByteMask = 20,
    nmsOnChip = 21,
    nmsByClass = 22,
    nmsByScore = 23,
};

std::string_view typeText(HefDataType type); // "UINT8"
std::string_view orderText(HefOrder order);  // "NHWC", "HAILO NMS BY CLASS"
std::uint64_t typeBytes(HefDataType type);

// What edge_layer_base.format stands for; nothing for a code HailoRT does not know.
struct HefLayout {
    HefOrder device;
    HefOrder host; // default order of the virtual stream
};
std::optional<HefLayout> layoutFromCode(std::uint32_t code);
inline constexpr std::uint32_t layoutCodeNhwc = 0;
inline constexpr std::uint32_t layoutCodeNhcw = 1;
inline constexpr std::uint32_t layoutCodeNc = 2;
inline constexpr std::uint32_t layoutCodeFcr = 3;
inline constexpr std::uint32_t layoutCodeNhw = 5;
inline constexpr std::uint32_t layoutCodeNmsOnChip = 6;
inline constexpr std::uint32_t layoutCodeF8cr = 7;

// hw_arch of the header.
struct HefArch {
    std::uint32_t value = 0;

    bool isKnown() const;
    bool isHailo8Family() const;        // 8, 8P, 8R, 8L and the internal names of Hailo-8
    bool isMultiLayout() const;         // Hailo-8L and Hailo-15M: contexts live in partial core ops
    std::string_view name() const;      // as 4.x prints: "HAILO8L"
    std::string compatibleText() const; // as 5.1 and later print: "HAILO8L, HAILO8"
    std::string_view productName() const; // "Hailo-8L"
};

struct HefShape {
    std::uint32_t height = 0;
    std::uint32_t width = 0;
    std::uint32_t features = 0;

    std::uint64_t elements() const
    {
        return std::uint64_t(height) * width * features; // each below 2^32, checked by the reader
    }
    friend bool operator==(const HefShape &, const HefShape &) = default;
};

struct HefQuantisation {
    float scale = 0;
    float zeroPoint = 0;
    float limitLow = 0; // real values
    float limitHigh = 0;
    std::vector<double> scales; // per channel; empty when the file has no vectors
    std::vector<double> zeroPoints;
};

// An on-chip or host NMS list.
struct HefNmsShape {
    std::uint64_t classes = 0;
    std::uint64_t boxesPerClass = 0;
    std::uint64_t boxBytes = 0; // on the wire, on-chip lists only
    std::uint64_t chunks = 1;
    std::uint64_t burst = 1;
    double maskArea = 0; // image height × width, byte-mask lists only
};

// Bytes of one frame: of an on-chip list, of the lists the host sees.
std::uint64_t nmsDeviceFrameBytes(const HefNmsShape &nms);
std::uint64_t nmsByClassFrameBytes(const HefNmsShape &nms);

// "UINT8, NHWC(640x640x3)", "UINT8, NC(512)".
std::string shapeText(HefDataType type, HefOrder order, const HefShape &shape);

} // namespace hefstudio
