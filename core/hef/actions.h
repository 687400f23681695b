// What a device would be told, step by step: per form of a core op the start-up and every context,
// each a list of operations (a trigger, then actions). Made when looked at; a file may hold a
// million actions.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/ccw.h"
#include "hef/hef_reader.h"
#include "hef/message_view.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hefstudio {

// Configuration words an action sends.
struct HefWords {
    std::uint32_t channel = 0;
    std::uint64_t size = 0;        // bytes, as the action states
    std::uint64_t offset = 0;      // in the file
    bool isInside = false;         // within the configuration section; else there is nothing to see
    std::span<const std::byte> of; // the words, when inside
};

struct HefAction {
    std::string_view name; // "enable_lcu"
    std::string details;   // "cluster_index 0, lcu_index 3, …"
    std::optional<HefWords> words;
};

// The operations of one context or start-up, where they lie.
struct HefProgramPart {
    std::string group;
    std::uint32_t layout = 0;           // cluster bitmap; 0 on chips with one layout
    std::optional<std::size_t> context; // nothing: the start-up
    std::string name;                   // of the context
    FieldRange<proto::ProtoHEFOperation> operations;
    std::vector<proto::ProtoHEFEdgeLayer> edges; // of a context
};

// Points into the file of `hef`, which must outlive the result.
std::vector<HefProgramPart> programPartsOf(const Hef &hef);

// The records the words of an action consist of; nothing where their framing is not public (chips
// other than Hailo-8 and 8L) or the words lie outside the section.
std::optional<CcwListing> recordsOf(const Hef &hef, const HefWords &words);

std::string triggerText(const proto::ProtoHEFTrigger &trigger); // "at once", "trigger_lcu …"
HefAction readAction(const Hef &hef, const proto::ProtoHEFAction &action);
// "input_layer1 in, host, stream 0, 640 x 1 920 bytes, FIFO 65 536": a stream's buffers on the
// chip.
std::string bufferText(const proto::ProtoHEFEdgeLayer &edge);

// The listing `hefc inspect --actions` prints, handed out part by part.
void writeActions(const Hef &hef, const std::function<void(std::string_view)> &out);

} // namespace hefstudio
