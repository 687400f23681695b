// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/safetensors.h"

#include "base/checked.h"
#include "base/diagnostic_json.h"
#include "base/file.h"

#include <array>
#include <optional>
#include <utility>

namespace hefstudio {
namespace {

constexpr std::size_t lengthBytes = 8;
constexpr std::uint64_t longestHeader = std::uint64_t(100) << 20; // the format's own limit

std::optional<ElementType> typeNamed(const std::string &name)
{
    static const std::array<std::pair<const char *, ElementType>, 12> types{{
        {"F32", ElementType::float32},
        {"F16", ElementType::float16},
        {"BF16", ElementType::bfloat16},
        {"F64", ElementType::float64},
        {"I8", ElementType::int8},
        {"U8", ElementType::uint8},
        {"I16", ElementType::int16},
        {"U16", ElementType::uint16},
        {"I32", ElementType::int32},
        {"U32", ElementType::uint32},
        {"I64", ElementType::int64},
        {"BOOL", ElementType::boolean},
    }};
    for (const auto &[text, type] : types)
        if (name == text)
            return type;
    return std::nullopt;
}

std::unexpected<Diagnostics> malformed(const std::string &file, std::string what)
{
    return fail(
        Diagnostic("safetensors.malformed", Place{.file = file}).with("what", std::move(what)));
}

} // namespace

Result<std::map<std::string, Tensor>> parseSafetensors(std::span<const std::byte> bytes,
                                                       const std::string &nameForErrors)
{
    if (bytes.size() < lengthBytes)
        return malformed(nameForErrors, "it is shorter than its header");
    std::uint64_t length = 0;
    for (std::size_t i = 0; i < lengthBytes; ++i)
        length |= std::to_integer<std::uint64_t>(bytes[i]) << 8 * i;
    if (length > longestHeader || length > bytes.size() - lengthBytes)
        return malformed(nameForErrors, "the header is longer than the file");
    const auto data = bytes.subspan(lengthBytes + static_cast<std::size_t>(length));
    const auto header = parseJson({reinterpret_cast<const char *>(bytes.data()) + lengthBytes,
                                   static_cast<std::size_t>(length)},
                                  nameForErrors);
    if (!header)
        return std::unexpected(header.error());
    std::map<std::string, Tensor> tensors;
    try {
        for (const auto &[name, entry] : header->items()) {
            if (name == "__metadata__")
                continue;
            const auto type = typeNamed(entry.at("dtype").get<std::string>());
            const auto dims = entry.at("shape").get<std::vector<std::int64_t>>();
            const auto [begin, end] =
                entry.at("data_offsets").get<std::pair<std::uint64_t, std::uint64_t>>();
            const auto count = checkedElementCount(dims);
            if (!type || !count)
                return malformed(nameForErrors, "'" + name + "' has an unknown type or size");
            const auto size = checkedMul(static_cast<std::uint64_t>(*count),
                                         static_cast<std::uint64_t>(elementBytes(*type)));
            if (!size || begin > end || end > data.size() || end - begin != *size)
                return malformed(nameForErrors, "'" + name + "' lies outside the file");
            Tensor tensor(*type, Shape(dims));
            if (*size > 0)
                std::memcpy(tensor.bytes().data(), data.data() + begin,
                            static_cast<std::size_t>(*size));
            tensors.emplace(name, std::move(tensor));
        }
    } catch (const nlohmann::json::exception &) {
        return malformed(nameForErrors, "an entry lacks dtype, shape or data_offsets");
    }
    return tensors;
}

Result<std::map<std::string, Tensor>> readSafetensors(const std::filesystem::path &file)
{
    const auto mapped = MappedFile::open(file);
    if (!mapped)
        return std::unexpected(mapped.error());
    return parseSafetensors(mapped->bytes(), file.string());
}

} // namespace hefstudio
