// The device files of resources/devices as text inside the program (written by
// embed_devices.cmake), so that the core needs no installed file.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace hefstudio {

struct BuiltInDeviceFile {
    std::string_view name; // "hailo8.json"
    std::string_view text;
};
std::span<const BuiltInDeviceFile> builtInDeviceFiles(); // by name

} // namespace hefstudio
