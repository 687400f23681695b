// The proof that a file of the built-in back end cannot start on a device: a small model of the
// rules HailoRT applies when it configures one, and the locks that make each rule refuse. It reads
// bytes and shares nothing with the writer. Every conversion asks it before a file is written.
// Which function of which HailoRT release stands behind each lock: README.md of this room.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"
#include "hef/hef_container.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hefstudio {

namespace proto {
class ProtoHEFHef;
}

enum class HefLock {
    arch,     // (a) hw_arch is not in the device's list of accepted chips
    channels, // (b) a configuration channel names a DMA engine no device has
    noCode,   // (c) nothing in the file tells a device anything
    trigger,  // (d) the preliminary configuration waits for what Ethernet devices cannot wait for
};
std::string_view lockName(HefLock lock); // "arch", stable

// One kind of device, reached one way, under one range of HailoRT releases.
struct FenceVerdict {
    std::string device;             // "Hailo-8 on PCIe, HailoRT 4.20 to 5.0"
    std::vector<HefLock> refusedBy; // rules that make configure fail
    bool isCodeFree = false;        // lock (c): even a device that accepted would receive nothing
    bool isSafe() const { return !refusedBy.empty() && isCodeFree; }
};

struct FenceReport {
    std::vector<FenceVerdict> devices;
    Diagnostics breaches; // empty when every lock the writer sets is in place

    bool holds() const { return breaches.empty(); }
};

FenceReport examineFence(const HefFile &file, const proto::ProtoHEFHef &message);

// Parses and hashes the bytes, then examines them. Diagnostics: hef.fence-arch, hef.fence-channel,
// hef.fence-code, hef.fence-trigger, hef.fence-form, hef.fence-open, those of hef_container.h and
// hef.proto-invalid.
Result<void> checkFence(std::span<const std::byte> bytes, const std::string &name = {});

} // namespace hefstudio
