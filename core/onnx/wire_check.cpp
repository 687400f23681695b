// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/wire_check.h"

namespace hefstudio {

namespace {

constexpr std::uint64_t graphField = 7;     // ModelProto.graph
constexpr std::uint64_t nodeField = 1;      // GraphProto.node
constexpr std::uint64_t attributeField = 5; // NodeProto.attribute
constexpr std::uint64_t bodyField = 6;      // AttributeProto.g
constexpr std::uint64_t bodiesField = 11;   // AttributeProto.graphs

struct Field {
    std::uint64_t number = 0;
    std::uint64_t wireType = 0;
    std::uint64_t begin = 0; // of the content
    std::uint64_t size = 0;
};

class Walker {
public:
    Walker(std::span<const std::byte> bytes, std::uint64_t begin, std::uint64_t end)
        : m_bytes(bytes), m_at(begin), m_end(end)
    {
    }

    bool isAtEnd() const { return m_at == m_end; }
    std::uint64_t position() const { return m_at; }
    bool isCutOff() const { return m_isCutOff; }

    // The next field, or nothing when it does not fit.
    std::optional<Field> next()
    {
        Field field;
        const auto tag = varint();
        if (!tag)
            return std::nullopt;
        field.number = *tag >> 3U;
        field.wireType = *tag & 7U;
        if (field.number == 0 || field.number > 536870911)
            return std::nullopt;
        std::optional<std::uint64_t> size;
        switch (field.wireType) {
        case 0:
            field.begin = m_at;
            return varint() ? std::optional(field) : std::nullopt;
        case 1:
            size = 8;
            break;
        case 2:
            size = varint();
            break;
        case 5:
            size = 4;
            break;
        default:
            return std::nullopt;
        }
        if (!size)
            return std::nullopt;
        if (*size > m_end - m_at) {
            m_isCutOff = true;
            return std::nullopt;
        }
        field.begin = m_at;
        field.size = *size;
        m_at += *size;
        return field;
    }

private:
    std::optional<std::uint64_t> varint()
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (m_at == m_end) {
                m_isCutOff = true;
                return std::nullopt;
            }
            const auto byte = std::to_integer<std::uint64_t>(m_bytes[m_at++]);
            value |= (byte & 0x7fU) << shift;
            if (byte < 0x80)
                return value;
        }
        return std::nullopt;
    }

    std::span<const std::byte> m_bytes;
    std::uint64_t m_at;
    std::uint64_t m_end;
    bool m_isCutOff = false;
};

// The parts of a message that are fields of that number.
template<class Visit>
void forEach(std::span<const std::byte> model, const Field &message, std::uint64_t number,
             const Visit &visit)
{
    Walker walker(model, message.begin, message.begin + message.size);
    while (!walker.isAtEnd()) {
        const auto field = walker.next();
        if (!field)
            return;
        if (field->number == number && field->wireType == 2)
            visit(*field);
    }
}

bool isDeeper(std::span<const std::byte> model, const Field &graph, int levels)
{
    if (levels < 0)
        return true;
    bool deeper = false;
    forEach(model, graph, nodeField, [&](const Field &node) {
        forEach(model, node, attributeField, [&](const Field &attribute) {
            for (const std::uint64_t number : {bodyField, bodiesField})
                forEach(model, attribute, number, [&](const Field &body) {
                    deeper = deeper || isDeeper(model, body, levels - 1);
                });
        });
    });
    return deeper;
}

} // namespace

bool isNestedDeeper(std::span<const std::byte> model, int levels)
{
    bool deeper = false;
    forEach(model, Field{.begin = 0, .size = model.size()}, graphField,
            [&](const Field &graph) { deeper = deeper || isDeeper(model, graph, levels); });
    return deeper;
}

std::optional<WireFault> findWireFault(std::span<const std::byte> model)
{
    Walker walker(model, 0, model.size());
    bool isFirst = true;
    while (!walker.isAtEnd()) {
        const std::uint64_t start = walker.position();
        const auto field = walker.next();
        if (!field)
            return WireFault{start, walker.isCutOff(), isFirst};
        isFirst = false;
        if (field->number != graphField || field->wireType != 2)
            continue;
        Walker inner(model, field->begin, field->begin + field->size);
        while (!inner.isAtEnd()) {
            const std::uint64_t innerStart = inner.position();
            if (!inner.next())
                return WireFault{innerStart, false, false};
        }
    }
    return std::nullopt;
}

} // namespace hefstudio
