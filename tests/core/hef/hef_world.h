// Small contents for emulation HEFs, and ways to change a finished file as a hostile or careless
// hand would: edit its message and seal it again.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef.pb.h"
#include "hef/emulation_hef.h"
#include "hef/hef_container.h"
#include "hef/hef_reader.h"

#include <functional>
#include <string>

namespace hefstudio::test {

HefEdge boundary(std::string name, HefEdge::Direction direction, std::int64_t height,
                 std::int64_t width, std::int64_t features);
// One picture in, one grid of 16-bit boxes and one vector out.
EmulationHefContent singleContext(HefChip chip);
// The same network cut in three: "mid" goes from context 0 to 1 and 2, "late" from 1 to 2.
EmulationHefContent threeContexts(HefChip chip);

void putBigEndian(Bytes &to, std::size_t offset, std::uint64_t value, std::size_t count);
// A version 2 container around any message and section, hash included.
Bytes sealed(const oracle::ProtoHEFHef &message, std::span<const std::byte> ccws);
oracle::ProtoHEFHef messageOf(const Bytes &bytes);
oracle::ProtoHEFHef messageOf(const Hef &hef);
// The file with its message edited, as valid on the outside as before.
Bytes edited(const Bytes &bytes, const std::function<void(oracle::ProtoHEFHef &)> &edit);

} // namespace hefstudio::test
