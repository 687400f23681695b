// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/npy.h"

#include "base/checked.h"

#include <algorithm>
#include <bit>
#include <charconv>

namespace hefstudio {
namespace {

static_assert(std::endian::native == std::endian::little);

std::unexpected<Diagnostics> malformed(const std::string &file, std::string reason)
{
    return fail(Diagnostic("npy.malformed", Place{.file = file}).with("reason", std::move(reason)));
}

// The text after "'key':" in the header's Python literal, up to the value's end.
std::optional<std::string_view> headerValue(std::string_view header, std::string_view key)
{
    const auto quoted = "'" + std::string(key) + "'";
    const auto at = header.find(quoted);
    if (at == std::string_view::npos)
        return std::nullopt;
    auto rest = header.substr(at + quoted.size());
    const auto colon = rest.find(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    rest.remove_prefix(colon + 1);
    while (!rest.empty() && rest.front() == ' ')
        rest.remove_prefix(1);
    return rest;
}

struct NumpyType {
    ElementType type;
    bool swapped;
};

std::optional<NumpyType> parseDescription(std::string_view text)
{
    if (text.size() < 3)
        return std::nullopt;
    const bool swapped = text[0] == '>' && text.substr(2) != "1";
    if (std::string_view("<>=|").find(text[0]) == std::string_view::npos)
        return std::nullopt;
    static constexpr std::pair<std::string_view, ElementType> types[] = {
        {"f4", ElementType::float32}, {"f8", ElementType::float64}, {"f2", ElementType::float16},
        {"i1", ElementType::int8},    {"u1", ElementType::uint8},   {"i2", ElementType::int16},
        {"u2", ElementType::uint16},  {"i4", ElementType::int32},   {"u4", ElementType::uint32},
        {"i8", ElementType::int64},   {"u8", ElementType::uint64},  {"b1", ElementType::boolean},
    };
    for (const auto &[name, type] : types)
        if (text.substr(1) == name)
            return NumpyType{type, swapped};
    return std::nullopt;
}

std::string_view typeCode(ElementType type)
{
    switch (type) {
    case ElementType::float32:
        return "<f4";
    case ElementType::float64:
        return "<f8";
    case ElementType::float16:
        return "<f2";
    case ElementType::bfloat16:
        return "<u2"; // NumPy has no name for it; the bits survive
    case ElementType::int8:
        return "|i1";
    case ElementType::uint8:
        return "|u1";
    case ElementType::int16:
        return "<i2";
    case ElementType::uint16:
        return "<u2";
    case ElementType::int32:
        return "<i4";
    case ElementType::uint32:
        return "<u4";
    case ElementType::int64:
        return "<i8";
    case ElementType::uint64:
        return "<u8";
    case ElementType::boolean:
        return "|b1";
    }
    return "|u1";
}

std::optional<std::vector<std::int64_t>> parseTuple(std::string_view text)
{
    if (text.empty() || text.front() != '(')
        return std::nullopt;
    const auto close = text.find(')');
    if (close == std::string_view::npos)
        return std::nullopt;
    text = text.substr(1, close - 1);
    std::vector<std::int64_t> dims;
    while (!text.empty()) {
        if (text.front() == ' ' || text.front() == ',') {
            text.remove_prefix(1);
            continue;
        }
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc())
            return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        dims.push_back(value);
        if (dims.size() > 32)
            return std::nullopt;
    }
    return dims;
}

void swapBytes(std::span<std::byte> bytes, std::size_t width)
{
    for (std::size_t at = 0; at + width <= bytes.size(); at += width)
        std::ranges::reverse(bytes.subspan(at, width));
}

// Fortran order of `shape` is C order of the reversed shape: transpose it back.
Tensor fromFortranOrder(const Tensor &reversed, const Shape &shape)
{
    Tensor result(reversed.type(), shape);
    const auto width = elementBytes(reversed.type());
    std::vector<std::int64_t> index(shape.rank(), 0);
    std::vector<std::int64_t> fortran(shape.rank(), 1);
    for (std::size_t axis = 1; axis < shape.rank(); ++axis)
        fortran[axis] = fortran[axis - 1] * shape[axis - 1];
    for (std::int64_t at = 0; at < shape.elementCount(); ++at) {
        std::int64_t source = 0;
        for (std::size_t axis = 0; axis < shape.rank(); ++axis)
            source += index[axis] * fortran[axis];
        std::memcpy(result.bytes().data() + static_cast<std::size_t>(at) * width,
                    reversed.bytes().data() + static_cast<std::size_t>(source) * width, width);
        for (std::size_t axis = shape.rank(); axis-- > 0;) {
            if (++index[axis] < shape[axis])
                break;
            index[axis] = 0;
        }
    }
    return result;
}

} // namespace

Result<NpyLayout> parseNpyLayout(std::span<const std::byte> bytes, const std::string &nameForErrors)
{
    if (bytes.size() < 10 || std::memcmp(bytes.data(), "\x93NUMPY", 6) != 0)
        return malformed(nameForErrors, "the NumPy signature is missing");
    const auto major = std::to_integer<int>(bytes[6]);
    if (major < 1 || major > 3)
        return malformed(nameForErrors, "format version " + std::to_string(major) + " is unknown");
    const std::size_t lengthBytes = major == 1 ? 2 : 4;
    std::uint32_t headerLength = 0;
    if (bytes.size() < 8 + lengthBytes)
        return malformed(nameForErrors, "it ends inside the header");
    std::memcpy(&headerLength, bytes.data() + 8, lengthBytes);
    const std::size_t dataStart = 8 + lengthBytes + headerLength;
    if (dataStart > bytes.size())
        return malformed(nameForErrors, "it ends inside the header");
    const std::string_view header(reinterpret_cast<const char *>(bytes.data()) + 8 + lengthBytes,
                                  headerLength);

    const auto description = headerValue(header, "descr");
    const auto order = headerValue(header, "fortran_order");
    const auto shapeText = headerValue(header, "shape");
    if (!description || !order || !shapeText)
        return malformed(nameForErrors, "the header lacks descr, fortran_order or shape");
    if (description->empty() || description->front() != '\'')
        return fail(Diagnostic("npy.unsupported-type", Place{.file = nameForErrors})
                        .with("type", std::string("record")));
    const auto typeText = description->substr(1, description->find('\'', 1) - 1);
    const auto type = parseDescription(typeText);
    if (!type)
        return fail(Diagnostic("npy.unsupported-type", Place{.file = nameForErrors})
                        .with("type", std::string(typeText)));
    const auto dims = parseTuple(*shapeText);
    const auto count = dims ? checkedElementCount(*dims) : std::nullopt;
    if (!count)
        return malformed(nameForErrors, "the shape is not a tuple of sizes");
    const auto width = elementBytes(type->type);
    if ((bytes.size() - dataStart) / width < static_cast<std::size_t>(*count))
        return malformed(nameForErrors, "it holds fewer elements than its shape says");
    return NpyLayout{.type = type->type,
                     .shape = Shape(*dims),
                     .isFortranOrder = order->starts_with("True") && dims->size() > 1,
                     .isSwapped = type->swapped && width > 1,
                     .dataStart = dataStart};
}

Result<Tensor> parseNpy(std::span<const std::byte> bytes, const std::string &nameForErrors)
{
    const auto layout = parseNpyLayout(bytes, nameForErrors);
    if (!layout)
        return std::unexpected(layout.error());
    Tensor tensor(layout->type, layout->shape);
    if (tensor.byteCount() > 0)
        std::memcpy(tensor.bytes().data(), bytes.data() + layout->dataStart, tensor.byteCount());
    if (layout->isSwapped)
        swapBytes(tensor.bytes(), elementBytes(layout->type));
    if (layout->isFortranOrder)
        return fromFortranOrder(tensor, layout->shape);
    return tensor;
}

Result<Tensor> readNpy(const std::filesystem::path &file)
{
    auto mapped = MappedFile::open(file);
    if (!mapped)
        return passOn(std::move(mapped));
    return parseNpy(mapped->bytes(), file.string());
}

Bytes npyHeader(ElementType type, const Shape &shape)
{
    std::string header = "{'descr': '" + std::string(typeCode(type)) +
                         "', 'fortran_order': False, 'shape': (";
    for (const auto dim : shape)
        header += std::to_string(dim) + (shape.rank() == 1 ? "," : ", ");
    if (shape.rank() > 1)
        header.resize(header.size() - 2);
    header += "), }";
    // The format wants the data at a multiple of 64 bytes and a newline at the header's end.
    header.append(64 - (10 + header.size() + 1) % 64, ' ');
    header += '\n';

    Bytes bytes;
    const auto append = [&bytes](std::span<const std::byte> more) {
        bytes.insert(bytes.end(), more.begin(), more.end());
    };
    append(asBytes(std::string_view("\x93NUMPY\x01\x00", 8)));
    const auto length = static_cast<std::uint16_t>(header.size());
    append(std::as_bytes(std::span(&length, 1)));
    append(asBytes(header));
    return bytes;
}

Bytes npyBytes(const Tensor &tensor)
{
    Bytes bytes = npyHeader(tensor.type(), tensor.shape());
    bytes.insert(bytes.end(), tensor.bytes().begin(), tensor.bytes().end());
    return bytes;
}

Result<void> writeNpy(const std::filesystem::path &file, const Tensor &tensor)
{
    return writeFileAtomically(file, npyBytes(tensor));
}

} // namespace hefstudio
