// SPDX-License-Identifier: GPL-3.0-or-later
#include "device/device_model.h"

#include "base/file.h"
#include "device/built_in_device_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace hefstudio {
namespace {

std::string builtInText()
{
    return std::string(builtInDeviceFiles().front().text);
}

std::string firstFault(const std::string &text)
{
    const Result<DeviceModel> device = parseDeviceModel(asBytes(text), "chip.json");
    if (device)
        return "none";
    const Diagnostic &fault = device.error().front();
    EXPECT_EQ(fault.place.file, "chip.json");
    return fault.id + " " + fault.place.keyPath;
}

std::string replaced(const std::string &from, const std::string &to)
{
    std::string text = builtInText();
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

TEST(DeviceModel, BothChipsAreBuiltIn)
{
    const std::vector<DeviceModel> devices = builtInDevices();
    ASSERT_EQ(devices.size(), 2U);
    EXPECT_EQ(devices[0].id, "hailo8");
    EXPECT_EQ(devices[0].controlUnits(), 128);
    EXPECT_EQ(devices[0].computeUnits(), 512);
    EXPECT_EQ(devices[0].weightMemoryBytes(), 32 << 20);
    EXPECT_EQ(devices[1].id, "hailo8l");
    EXPECT_EQ(devices[1].controlUnits(), 64);
    EXPECT_EQ(devices[1].weightMemoryBytes(), 16 << 20);
    EXPECT_EQ(devices[1].architecture, "HAILO8L");
}

TEST(DeviceModel, EveryNumberNamesItsGround)
{
    for (const DeviceModel &device : builtInDevices()) {
        EXPECT_GT(device.figures.size(), 30U);
        for (const DeviceFigure &figure : device.figures)
            EXPECT_FALSE(figure.note.empty()) << figure.name;
    }
}

TEST(DeviceModel, IsFoundByChipAndBoard)
{
    const std::pair<const char *, const char *> names[] = {
        {"hailo8", "hailo8"},
        {"Hailo-8L", "hailo8l"},
        {"Raspberry Pi AI Kit", "hailo8l"},
        {"ai-kit", "hailo8l"},
        {"AI HAT+ 13 TOPS", "hailo8l"},
        {"raspberry pi ai hat+ 26tops", "hailo8"}};
    for (const auto &[name, id] : names) {
        const Result<DeviceModel> device = findDevice(name);
        ASSERT_TRUE(device) << name;
        EXPECT_EQ(device->id, id) << name;
    }
}

TEST(DeviceModel, UnknownNamesAreRefused)
{
    EXPECT_EQ(findDevice("hailo9").error().front().id, "device.unknown");
    EXPECT_EQ(findDevice("").error().front().id, "device.unknown");
    EXPECT_EQ(findDevice("AI HAT+ 2").error().front().id, "device.vendor-only");
    EXPECT_EQ(findDevice("hailo10h").error().front().id, "device.vendor-only");
}

TEST(DeviceModel, BrokenFilesNameTheKey)
{
    EXPECT_EQ(firstFault(builtInText()), "none");
    EXPECT_EQ(firstFault("{"), "json.malformed ");
    EXPECT_EQ(firstFault("[]"), "device.malformed ");
    EXPECT_EQ(firstFault("{}"), "device.malformed format");
    EXPECT_EQ(firstFault(replaced("\"format\": 1", "\"format\": 2")), "device.malformed format");
    EXPECT_EQ(firstFault(replaced("\"id\": \"hailo8\"", "\"id\": 8")), "device.malformed id");
    EXPECT_EQ(firstFault(replaced("\"clusters\"", "\"custers\"")),
              "device.malformed figures.clusters");
    EXPECT_EQ(firstFault(replaced("\"value\": 8", "\"value\": 0")),
              "device.malformed figures.clusters.value");
    EXPECT_EQ(firstFault(replaced("\"value\": 8", "\"value\": 1e300")),
              "device.malformed figures.clusters.value");
    EXPECT_EQ(firstFault(replaced("\"kind\": \"fact\"", "\"kind\": \"guess\"")),
              "device.malformed figures.clusters.kind");
    EXPECT_EQ(firstFault(replaced("\"links\"", "\"lanes\"")), "device.malformed links");
}

TEST(DeviceModel, LoadsFromAFile)
{
    const auto file = std::filesystem::temp_directory_path() / "hefstudio_tst_device_model.json";
    std::ofstream(file) << builtInText();
    const Result<DeviceModel> device = loadDeviceModel(file);
    std::filesystem::remove(file);
    ASSERT_TRUE(device);
    EXPECT_EQ(device->title, "Hailo-8");
    EXPECT_EQ(loadDeviceModel(file).error().front().id, "file.not-found");
}

} // namespace
} // namespace hefstudio
