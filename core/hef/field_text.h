// Room-internal: values of the message, sizes, dates and cluster sets in words.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/schema.h"

#include <string>

namespace hefstudio {

std::string groupedText(std::uint64_t number); // "1 234 567"
std::string countedText(std::uint64_t number, const char *noun);
std::string bytesText(std::uint64_t bytes);
std::string dateText(std::uint64_t milliseconds); // "2024-05-01 12:00:00 UTC"
std::string clustersText(std::uint32_t bitmap);   // "clusters 0, 1, 4, 5"
std::string quotedText(std::string_view text);    // control characters escaped
std::string numberText(double value);             // shortest that reads back the same

std::string fieldTypeText(const FieldInfo &field); // "uint32", "ProtoHEFHwArch"
// One field that is no message; packed numbers as a list.
std::string fieldValueText(const FieldInfo &field, const WireField &wire);
std::string unknownValueText(const WireField &wire);
// The fields of a message in one line, absent numbers as 0: "cluster_index 0, lcu_index 3".
std::string messageLine(MessageId id, std::span<const std::byte> message);

} // namespace hefstudio
