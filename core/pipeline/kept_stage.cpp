// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/kept_stage.h"

#include "program/archive.h"

namespace hefstudio {

bool isKeptEvent(const Event &event)
{
    return std::holds_alternative<LedgerEntry>(event) ||
           std::holds_alternative<DiagnosticRaised>(event) ||
           std::holds_alternative<PartitionIteration>(event) ||
           std::holds_alternative<ContextUpdated>(event) ||
           std::holds_alternative<AllocationCell>(event);
}

Bytes encodeKeptStage(const KeptStage &stage)
{
    program::Writer writer;
    writer.unsignedNumber(stage.events.size());
    for (const Event &event : stage.events) {
        const std::string line = toJsonLine(event);
        program::text(writer, line);
    }
    program::byteList(writer, stage.value);
    return std::move(writer).take();
}

std::optional<KeptStage> decodeKeptStage(std::span<const std::byte> bytes)
{
    program::Reader reader(bytes);
    KeptStage stage;
    const std::size_t count = reader.length();
    for (std::size_t i = 0; i < count && !reader.isBroken(); ++i) {
        std::string line;
        program::text(reader, line);
        auto event = eventFromJsonLine(line);
        if (!event)
            return std::nullopt;
        stage.events.push_back(std::move(*event));
    }
    program::byteList(reader, stage.value);
    if (reader.isBroken() || !reader.isAtEnd())
        return std::nullopt;
    return stage;
}

} // namespace hefstudio
