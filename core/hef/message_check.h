// Goes once over a message and says whether protobuf would read it, and whether the windows of
// message_view.h may be opened on it as it stands.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/schema.h"

#include <optional>

namespace hefstudio {

enum class MessageState {
    plain,      // every field of which one is allowed stands there at most once
    overlaid,   // well-formed, but fields are given twice: merge first (MessageForm::merged)
    unreadable, // protobuf refuses it
};

struct MessageCheck {
    MessageState state = MessageState::plain;
    std::size_t offset = 0; // where reading ends when it is unreadable, within the bytes
};

// As protobuf: fields of the schema must be well-formed at any depth up to 100, texts must be
// UTF-8, everything else is passed over.
MessageCheck checkMessage(MessageId id, std::span<const std::byte> bytes);

} // namespace hefstudio
