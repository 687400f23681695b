// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/hef_types.h"

#include <algorithm>
#include <array>

namespace hefstudio {

std::string_view typeText(HefDataType type)
{
    switch (type) {
    case HefDataType::automatic:
        return "AUTO";
    case HefDataType::uint8:
        return "UINT8";
    case HefDataType::uint16:
        return "UINT16";
    case HefDataType::float32:
        return "FLOAT32";
    }
    return "UNKNOWN";
}

std::uint64_t typeBytes(HefDataType type)
{
    switch (type) {
    case HefDataType::uint16:
        return 2;
    case HefDataType::float32:
        return 4;
    case HefDataType::automatic:
    case HefDataType::uint8:
        break;
    }
    return 1;
}

std::string_view orderText(HefOrder order)
{
    static constexpr std::array<std::string_view, 24> names{"AUTO",
                                                            "NHWC",
                                                            "NHCW",
                                                            "FCR",
                                                            "F8CR",
                                                            "NHW",
                                                            "NC",
                                                            "BAYER RGB",
                                                            "12 BIT BAYER RGB",
                                                            "HAILO NMS",
                                                            "RGB 888",
                                                            "NCHW",
                                                            "YUY2",
                                                            "NV12",
                                                            "NV21",
                                                            "YYUV",
                                                            "YYVU",
                                                            "RGB4",
                                                            "I420",
                                                            "YYYYUV",
                                                            "HAILO NMS WITH BYTE MASK",
                                                            "HAILO NMS ON CHIP",
                                                            "HAILO NMS BY CLASS",
                                                            "HAILO NMS BY SCORE"};
    const auto index = static_cast<std::size_t>(order);
    return index < names.size() ? names[index] : "UNKNOWN";
}

std::optional<HefLayout> layoutFromCode(std::uint32_t code)
{
    switch (code) {
    case 0:
    case 13:
        return HefLayout{HefOrder::nhwc, HefOrder::nhwc};
    case 1:
        return HefLayout{HefOrder::nhcw, HefOrder::nhwc};
    case 2:
        return HefLayout{HefOrder::nc, HefOrder::nc};
    case 3:
        return HefLayout{HefOrder::fcr, HefOrder::fcr};
    case 4:
        return HefLayout{HefOrder::bayerRgb, HefOrder::bayerRgb};
    case 5:
        return HefLayout{HefOrder::nhw, HefOrder::nhw};
    case 6:
        return HefLayout{HefOrder::nmsOnChip, HefOrder::nmsByClass};
    case 7:
        return HefLayout{HefOrder::f8cr, HefOrder::f8cr};
    case 8:
        return HefLayout{HefOrder::rgb888, HefOrder::nhwc};
    case 11:
        return HefLayout{HefOrder::yuy2, HefOrder::yuy2};
    case 14:
        return HefLayout{HefOrder::yyuv, HefOrder::nv12};
    case 15:
        return HefLayout{HefOrder::yyvu, HefOrder::nv21};
    case 16:
        return HefLayout{HefOrder::yyyyuv, HefOrder::i420};
    default:
        return std::nullopt;
    }
}

bool HefArch::isKnown() const
{
    return value <= 6 || (value >= 100 && value <= 106) || value == 108;
}

bool HefArch::isHailo8Family() const
{
    return value <= 3 || (value >= 100 && value <= 102);
}

bool HefArch::isMultiLayout() const
{
    return value == 3 || value == 4;
}

std::string_view HefArch::name() const
{
    switch (value) {
    case 0:
    case 1:
    case 2:
    case 101:
    case 102:
        return "HAILO8";
    case 3:
        return "HAILO8L";
    case 4:
        return "HAILO15M";
    case 5:
        return "HAILO10H";
    case 6:
    case 106:
        return "HAILO15L";
    case 100:
        return "HAILO8_A0";
    case 103:
    case 104:
    case 105:
        return "HAILO15H";
    case 108:
        return "MARS";
    default:
        return "UNKNOWN ARCHITECTURE";
    }
}

std::string HefArch::compatibleText() const
{
    switch (value) {
    case 3:
        return "HAILO8L, HAILO8";
    case 103:
        return "HAILO15H, HAILO10H";
    case 108:
        return "HAILO12L";
    default:
        return std::string(name());
    }
}

std::string_view HefArch::productName() const
{
    switch (value) {
    case 0:
    case 1:
    case 101:
    case 102:
        return "Hailo-8";
    case 2:
        return "Hailo-8R";
    case 3:
        return "Hailo-8L";
    case 4:
        return "Hailo-15M";
    case 5:
        return "Hailo-10H";
    case 6:
    case 106:
        return "Hailo-15L";
    case 100:
        return "Hailo-8 A0";
    case 103:
        return "Hailo-15H / Hailo-10H";
    case 104:
    case 105:
        return "Hailo-15H";
    case 108:
        return "Hailo-12L";
    default:
        return "unknown chip";
    }
}

std::uint64_t nmsDeviceFrameBytes(const HefNmsShape &nms)
{
    const std::uint64_t perClass = 2 + nms.boxBytes * std::max(nms.burst, nms.boxesPerClass);
    const std::uint64_t burstTail = nms.boxBytes * nms.burst;
    return nms.chunks * nms.classes * perClass + burstTail;
}

std::uint64_t nmsByClassFrameBytes(const HefNmsShape &nms)
{
    return nms.classes * (1 + 5 * nms.boxesPerClass) * 4;
}

std::string shapeText(HefDataType type, HefOrder order, const HefShape &shape)
{
    std::string text(typeText(type));
    text += ", ";
    text += orderText(order);
    text += '(';
    if (order != HefOrder::nc) {
        text += std::to_string(shape.height) + 'x' + std::to_string(shape.width);
        if (order != HefOrder::nhw)
            text += 'x';
    }
    if (order != HefOrder::nhw)
        text += std::to_string(shape.features);
    return text + ')';
}

} // namespace hefstudio
