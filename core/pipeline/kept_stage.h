// A stage whose value is taken from the cache where an earlier run of the same build left it for
// the same inputs, and kept there where not. What the stage said while it worked (ledger rows,
// warnings, contexts) is kept with the value and said again, so that a report does not depend on
// the cache.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"
#include "base/stage_cache.h"
#include "pipeline/stage_runner.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hefstudio {

struct KeptStage {
    std::vector<Event> events;
    Bytes value;
};
Bytes encodeKeptStage(const KeptStage &stage);
// Nothing for bytes that are none; events this build does not know are none.
std::optional<KeptStage> decodeKeptStage(std::span<const std::byte> bytes);

// Is it part of the result, rather than of its progress?
bool isKeptEvent(const Event &event);

// `compute(sink)` gives a Result<Value>; `decode(bytes)` something that is false when it does not
// fit and gives the Value by `*`. A cache of null computes always.
template<class Value, class Compute, class Encode, class Decode>
Result<Value> keptOr(StageRunner &run, StageCache *cache, const StageKey &key,
                     const Compute &compute, const Encode &encode, const Decode &decode)
{
    const EventSink sink = run.sink();
    if (!cache)
        return compute(sink);
    if (const auto bytes = cache->load(key))
        if (const auto kept = decodeKeptStage(*bytes))
            if (auto value = decode(std::span<const std::byte>(kept->value))) {
                for (const Event &event : kept->events)
                    send(sink, event);
                run.noteKept();
                return std::move(*value);
            }
    KeptStage stage;
    Result<Value> value = compute([&](const Event &event) {
        if (isKeptEvent(event))
            stage.events.push_back(event);
        send(sink, event);
    });
    if (!value)
        return value;
    stage.value = encode(*value);
    cache->store(key, encodeKeptStage(stage));
    return value;
}

} // namespace hefstudio
