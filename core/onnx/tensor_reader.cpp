// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/tensor_reader.h"

#include <onnx/onnx_pb.h>

#include <charconv>

namespace hefstudio {

namespace {

struct TypeRow {
    std::int32_t code;
    const char *name;
    std::optional<ElementType> type;
};

// TensorProto.DataType, including those newer than the library's enumeration.
constexpr TypeRow typeRows[] = {
    {1, "float32", ElementType::float32},  {2, "uint8", ElementType::uint8},
    {3, "int8", ElementType::int8},        {4, "uint16", ElementType::uint16},
    {5, "int16", ElementType::int16},      {6, "int32", ElementType::int32},
    {7, "int64", ElementType::int64},      {8, "string", std::nullopt},
    {9, "boolean", ElementType::boolean},  {10, "float16", ElementType::float16},
    {11, "float64", ElementType::float64}, {12, "uint32", ElementType::uint32},
    {13, "uint64", ElementType::uint64},   {14, "complex64", std::nullopt},
    {15, "complex128", std::nullopt},      {16, "bfloat16", ElementType::bfloat16},
    {17, "float8e4m3fn", std::nullopt},    {18, "float8e4m3fnuz", std::nullopt},
    {19, "float8e5m2", std::nullopt},      {20, "float8e5m2fnuz", std::nullopt},
    {21, "uint4", std::nullopt},           {22, "int4", std::nullopt},
    {23, "float4e2m1", std::nullopt},
};

template<class To, class From> void copyCast(Tensor &tensor, const From &values)
{
    auto *target = reinterpret_cast<To *>(tensor.bytes().data());
    for (const auto value : values)
        *target++ = static_cast<To>(value);
}

// The typed list that holds the values when there are no raw bytes: its length …
std::int64_t typedCount(const onnx::TensorProto &proto, ElementType type)
{
    switch (type) {
    case ElementType::float32:
        return proto.float_data_size();
    case ElementType::float64:
        return proto.double_data_size();
    case ElementType::int64:
        return proto.int64_data_size();
    case ElementType::uint32:
    case ElementType::uint64:
        return proto.uint64_data_size();
    default:
        return proto.int32_data_size();
    }
}

// … and its content.
void copyTyped(Tensor &tensor, const onnx::TensorProto &proto)
{
    switch (tensor.type()) {
    case ElementType::float32:
        return copyCast<float>(tensor, proto.float_data());
    case ElementType::float64:
        return copyCast<double>(tensor, proto.double_data());
    case ElementType::int64:
        return copyCast<std::int64_t>(tensor, proto.int64_data());
    case ElementType::uint32:
        return copyCast<std::uint32_t>(tensor, proto.uint64_data());
    case ElementType::uint64:
        return copyCast<std::uint64_t>(tensor, proto.uint64_data());
    case ElementType::int32:
        return copyCast<std::int32_t>(tensor, proto.int32_data());
    case ElementType::int16:
        return copyCast<std::int16_t>(tensor, proto.int32_data());
    case ElementType::int8:
        return copyCast<std::int8_t>(tensor, proto.int32_data());
    case ElementType::uint16:
    case ElementType::float16:
    case ElementType::bfloat16:
        return copyCast<std::uint16_t>(tensor, proto.int32_data());
    case ElementType::uint8:
    case ElementType::boolean:
        return copyCast<std::uint8_t>(tensor, proto.int32_data());
    }
}

// A byte other than 0 and 1 is no bool in C++.
void normaliseBooleans(Tensor &tensor)
{
    if (tensor.type() == ElementType::boolean)
        for (std::byte &byte : tensor.bytes())
            byte = std::byte(byte != std::byte(0));
}

std::optional<std::uint64_t> parseNumber(std::string_view text)
{
    std::uint64_t value = 0;
    const auto end = text.data() + text.size();
    const auto [stop, fault] = std::from_chars(text.data(), end, value);
    if (fault != std::errc() || stop != end)
        return std::nullopt;
    return value;
}

bool staysInside(const std::filesystem::path &folder, const std::filesystem::path &file)
{
    const auto relative = file.lexically_relative(folder);
    return !relative.empty() && *relative.begin() != ".." && relative.is_relative();
}

} // namespace

std::string onnxTypeName(std::int32_t dataType)
{
    for (const TypeRow &row : typeRows)
        if (row.code == dataType)
            return row.name;
    return "type " + std::to_string(dataType);
}

std::optional<ElementType> elementTypeOfOnnx(std::int32_t dataType)
{
    for (const TypeRow &row : typeRows)
        if (row.code == dataType)
            return row.type;
    return std::nullopt;
}

TensorReader::TensorReader(std::string fileForErrors, std::optional<std::filesystem::path> folder)
    : m_file(std::move(fileForErrors)), m_folder(std::move(folder))
{
}

TensorReader::~TensorReader() = default;

Place TensorReader::placeOf(const std::string &name) const
{
    return Place{.file = m_file, .keyPath = name};
}

std::unexpected<Diagnostics> TensorReader::malformed(const std::string &name,
                                                     std::string reason) const
{
    return fail(Diagnostic("onnx.initialiser-malformed", placeOf(name))
                    .with("name", name)
                    .with("reason", std::move(reason)));
}

std::unexpected<Diagnostics> TensorReader::tooLarge(const std::string &name,
                                                    std::uint64_t bytes) const
{
    return fail(Diagnostic("onnx.initialiser-too-large", placeOf(name))
                    .with("name", name)
                    .with("bytes", static_cast<std::int64_t>(bytes)));
}

Result<const MappedFile *> TensorReader::openExternal(const std::string &location,
                                                      const std::string &name)
{
    const auto known = m_external.find(location);
    if (known != m_external.end())
        return &known->second;
    const auto escape = [&] {
        return fail(Diagnostic("onnx.external-data-escape", placeOf(name))
                        .with("name", name)
                        .with("location", location));
    };
    const std::filesystem::path relative(location);
    if (!m_folder || location.empty() || location.find('\0') != std::string::npos ||
        relative.is_absolute())
        return escape();
    for (const auto &part : relative)
        if (part == "..")
            return escape();
    std::error_code fault;
    const auto folder = std::filesystem::canonical(*m_folder, fault);
    const auto file =
        fault ? std::filesystem::path() : std::filesystem::canonical(folder / relative, fault);
    if (!fault && !staysInside(folder, file))
        return escape();
    if (fault || !std::filesystem::is_regular_file(file, fault))
        return fail(Diagnostic("onnx.external-data-missing", placeOf(name))
                        .with("name", name)
                        .with("location", location));
    auto mapped = MappedFile::open(file);
    if (!mapped)
        return passOn(std::move(mapped));
    m_externalBudget += 4 * mapped->bytes().size();
    return &m_external.emplace(location, std::move(*mapped)).first->second;
}

Result<TensorReader::Region> TensorReader::externalBytes(const onnx::TensorProto &proto,
                                                         const std::string &name)
{
    std::string location;
    std::optional<std::uint64_t> offset = 0;
    std::optional<std::uint64_t> length;
    bool hasLength = false;
    for (const auto &entry : proto.external_data()) {
        if (entry.key() == "location") {
            location = entry.value();
        } else if (entry.key() == "offset") {
            offset = parseNumber(entry.value());
        } else if (entry.key() == "length") {
            length = parseNumber(entry.value());
            hasLength = true;
        }
    }
    auto mapped = openExternal(location, name);
    if (!mapped)
        return passOn(std::move(mapped));
    const std::span<const std::byte> all = (*mapped)->bytes();
    const auto outOfBounds = [&] {
        return fail(Diagnostic("onnx.external-data-bounds", placeOf(name))
                        .with("name", name)
                        .with("location", location)
                        .with("bytes", static_cast<std::int64_t>(all.size())));
    };
    if (!offset || *offset > all.size() || (hasLength && !length))
        return outOfBounds();
    const std::uint64_t wanted = length.value_or(all.size() - *offset);
    if (wanted > all.size() - *offset)
        return outOfBounds();
    return Region{all.subspan(*offset, wanted)};
}

Result<TensorReader::Outcome> TensorReader::read(onnx::TensorProto &proto, const std::string &name)
{
    const auto type = elementTypeOfOnnx(proto.data_type());
    if (!type)
        return UnreadableTensor{onnxTypeName(proto.data_type())};
    std::vector<std::int64_t> dims(proto.dims().begin(), proto.dims().end());
    const auto count = checkedElementCount(dims);
    if (!count)
        return malformed(name, "its dimensions are negative or too large");
    const std::uint64_t wanted = static_cast<std::uint64_t>(*count) * elementBytes(*type);
    if (proto.has_segment())
        return malformed(name, "it is stored in segments, which nobody uses");

    std::span<const std::byte> raw;
    const bool isExternal = proto.data_location() == onnx::TensorProto::EXTERNAL;
    const bool isTyped = !isExternal && !proto.has_raw_data();
    if (isExternal) {
        const auto region = externalBytes(proto, name);
        if (!region)
            return std::unexpected(region.error());
        raw = region->bytes;
        if (raw.size() > m_externalBudget)
            return tooLarge(name, raw.size());
        m_externalBudget -= raw.size();
    } else if (!isTyped) {
        raw = std::as_bytes(std::span(proto.raw_data()));
    } else if (typedCount(proto, *type) != *count) {
        return malformed(name, "it states " + std::to_string(*count) + " values and holds " +
                                   std::to_string(typedCount(proto, *type)));
    }
    if (!isTyped && raw.size() != wanted)
        return malformed(name, "it states " + std::to_string(wanted) + " bytes and holds " +
                                   std::to_string(raw.size()));

    auto tensor = std::make_shared<Tensor>(*type, Shape(std::move(dims)));
    if (isTyped)
        copyTyped(*tensor, proto);
    else if (!raw.empty())
        std::memcpy(tensor->bytes().data(), raw.data(), raw.size());
    normaliseBooleans(*tensor);
    // The bytes are ours now: freed here, so that a large model is not held twice.
    onnx::TensorProto().Swap(&proto);
    return SharedTensor(std::move(tensor));
}

Result<TensorReader::Outcome> TensorReader::readSparse(onnx::SparseTensorProto &proto,
                                                       const std::string &name)
{
    std::vector<std::int64_t> dims(proto.dims().begin(), proto.dims().end());
    const auto count = checkedElementCount(dims);
    if (!count)
        return malformed(name, "its dimensions are negative or too large");
    auto values = read(*proto.mutable_values(), name);
    if (!values)
        return values;
    auto indices = read(*proto.mutable_indices(), name);
    if (!indices)
        return indices;
    const auto *stored = std::get_if<SharedTensor>(&*values);
    const auto *places = std::get_if<SharedTensor>(&*indices);
    if (!stored)
        return values;
    const auto entries = (*stored)->elementCount();
    const auto rank = static_cast<std::int64_t>(dims.size());
    if (!places || (*places)->type() != ElementType::int64 || (*stored)->shape().rank() != 1)
        return malformed(name, "its sparse values or places are not lists");
    const Shape &placeShape = (*places)->shape();
    const bool isLinear = placeShape == Shape{entries};
    if (!isLinear && placeShape != Shape{entries, rank})
        return malformed(name, "it has not one place per sparse value");
    const std::size_t elementSize = elementBytes((*stored)->type());
    const std::uint64_t bytes = static_cast<std::uint64_t>(*count) * elementSize;
    if (bytes > m_sparseBudget)
        return tooLarge(name, bytes);
    m_sparseBudget -= bytes;

    const Shape shape(dims);
    auto dense = std::make_shared<Tensor>((*stored)->type(), shape);
    const auto strides = shape.strides();
    const auto numbers = (*places)->as<std::int64_t>();
    for (std::int64_t entry = 0; entry < entries; ++entry) {
        std::int64_t at = 0;
        if (isLinear) {
            at = numbers[static_cast<std::size_t>(entry)];
        } else {
            for (std::int64_t axis = 0; axis < rank; ++axis) {
                const auto place = numbers[static_cast<std::size_t>(entry * rank + axis)];
                if (place < 0 || place >= dims[static_cast<std::size_t>(axis)])
                    return malformed(name, "a sparse value lies outside");
                at += place * strides[static_cast<std::size_t>(axis)];
            }
        }
        if (at < 0 || at >= *count)
            return malformed(name, "a sparse value lies outside");
        std::memcpy(dense->bytes().data() + static_cast<std::size_t>(at) * elementSize,
                    (*stored)->bytes().data() + static_cast<std::size_t>(entry) * elementSize,
                    elementSize);
    }
    return SharedTensor(std::move(dense));
}

} // namespace hefstudio
