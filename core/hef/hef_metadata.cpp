// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/hef_metadata.h"

#include "base/diagnostic_json.h"
#include "hef/hef_reader.h"

#include <algorithm>

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;

// Inside the converter section: what detaching must give back.
constexpr const char *originalKey = "original";

const ArchiveMember *find(const std::vector<ArchiveMember> &members, std::string_view name)
{
    const auto found = std::ranges::find(members, name, &ArchiveMember::name);
    return found == members.end() ? nullptr : &*found;
}

std::string_view textOf(const ArchiveMember &member)
{
    return {reinterpret_cast<const char *>(member.bytes.data()), member.bytes.size()};
}

void put(std::vector<ArchiveMember> &members, std::string_view name, const std::string &text)
{
    const auto bytes = asBytes(text);
    ArchiveMember member{std::string(name), Bytes(bytes.begin(), bytes.end())};
    const auto found = std::ranges::find(members, name, &ArchiveMember::name);
    if (found == members.end())
        members.push_back(std::move(member));
    else
        *found = std::move(member);
}

Json converterOf(const ModelMetadata &model)
{
    Json json = Json::parse(model.converter, nullptr, false);
    return json.is_object() ? json : Json::object();
}

void recordOriginal(ModelMetadata &model, const HefFile &original)
{
    Json converter = converterOf(model);
    converter[originalKey] = {{"bytes", original.bytes.size()},
                              {"checksum", original.header.storedChecksum}};
    model.converter = jsonText(converter, -1);
}

void forgetOriginal(ModelMetadata &model)
{
    Json converter = converterOf(model);
    converter.erase(originalKey);
    model.converter = converter.empty() ? std::string() : jsonText(converter, -1);
}

// [1, height, width, channels] whatever the order of the axes is.
struct PictureShape {
    std::int64_t height = 0, width = 0;
};
std::optional<PictureShape> pictureShape(const MetadataInput &input)
{
    if (input.shape.size() != 4)
        return std::nullopt;
    PictureShape shape{input.shape[1], input.shape[2]};
    for (std::size_t i = 0; i < input.axes.size() && i < 4; ++i) {
        if (input.axes[i].key == "height")
            shape.height = input.axes[i].size;
        if (input.axes[i].key == "width")
            shape.width = input.axes[i].size;
    }
    return shape;
}

std::int64_t product(const std::vector<std::int64_t> &shape)
{
    std::int64_t count = 1;
    for (const auto size : shape)
        if (size <= 0 || __builtin_mul_overflow(count, size, &count))
            return 0;
    return count;
}

void checkOutput(const MetadataOutput &output, const std::string &path,
                 const std::vector<HefVStream> &streams, const std::string &file, Diagnostics &all)
{
    const auto mismatch = [&](std::string reason) {
        all.push_back(Diagnostic("metadata.output-mismatch", Place{.file = file, .keyPath = path})
                          .with("name", output.name)
                          .with("reason", std::move(reason))
                          .as(Severity::warning));
    };
    const auto found = std::ranges::find_if(streams, [&](const HefVStream &stream) {
        return stream.name == output.name || stream.name.ends_with("/" + output.name);
    });
    if (found == streams.end())
        mismatch("the HEF has no such output");
    else if (!found->nms && std::int64_t(found->shape.elements()) != product(output.shape))
        mismatch("the HEF gives it another size");
}

} // namespace

Diagnostics metadataMismatches(const ModelMetadata &metadata, const Hef &hef)
{
    Diagnostics all;
    if (hef.groups().empty())
        return all;
    const HefNetworkGroupView &group = hef.groups().front();
    const auto stated = pictureShape(metadata.input);
    if (stated && group.inputs.size() == 1) {
        const HefShape &shape = group.inputs.front().shape;
        if (stated->height != shape.height || stated->width != shape.width)
            all.push_back(Diagnostic("metadata.input-mismatch",
                                     Place{.file = hef.name(), .keyPath = "input.shape"})
                              .with("stated", std::to_string(stated->height) + "×" +
                                                  std::to_string(stated->width))
                              .with("found", std::to_string(shape.height) + "×" +
                                                 std::to_string(shape.width)));
    }
    for (std::size_t i = 0; i < metadata.outputs.size(); ++i) {
        const MetadataOutput &output = metadata.outputs[i];
        const std::string path = "outputs[" + std::to_string(i) + "]";
        for (std::size_t c = 0; c < output.children.size(); ++c)
            checkOutput(output.children[c], path + ".outputs[" + std::to_string(c) + "]",
                        group.outputs, hef.name(), all);
        if (output.children.empty() && !output.name.empty())
            checkOutput(output, path, group.outputs, hef.name(), all);
    }
    return all;
}

HefMetadata readHefMetadata(const Hef &hef)
{
    HefMetadata metadata;
    const auto add = [&metadata](const Diagnostics &problems) {
        metadata.problems.insert(metadata.problems.end(), problems.begin(), problems.end());
    };
    metadata.zip = findAppendedZip(hef.container());
    if (!metadata.zip)
        return metadata;
    auto members = membersOfZip(hef.container());
    if (!members) {
        add(members.error());
        return metadata;
    }
    metadata.members = std::move(*members);
    if (const auto *labels = find(metadata.members, labelsMemberName))
        metadata.labels = labelsFromText(textOf(*labels));
    if (const auto *document = find(metadata.members, metadataMemberName)) {
        auto model = parseMetadata(textOf(*document), hef.name() + ":" + document->name);
        if (!model) {
            add(model.error());
            return metadata;
        }
        metadata.model = std::move(*model);
        add(metadataProblems(*metadata.model, hef.name() + ":" + document->name));
        add(metadataMismatches(*metadata.model, hef));
        if (metadata.labels.empty())
            metadata.labels = metadata.model->labels;
    }
    return metadata;
}

Result<Bytes> attachMetadata(const Hef &hef, MetadataToAttach metadata)
{
    const HefMetadata earlier = readHefMetadata(hef);
    auto original = withoutZip(hef.container());
    if (!original)
        return original;
    const auto bare = parseHefContainer(*original, hef.name());
    if (!bare)
        return std::unexpected(bare.error());
    if (!metadata.model)
        metadata.model = earlier.model ? *earlier.model : describeHef(hef);
    if (metadata.labels)
        metadata.model->labels = *metadata.labels;
    Diagnostics faults = metadataProblems(*metadata.model, hef.name());
    const auto mismatches = metadataMismatches(*metadata.model, hef);
    faults.insert(faults.end(), mismatches.begin(), mismatches.end());
    std::erase_if(faults, [](const Diagnostic &d) { return d.severity != Severity::error; });
    if (!faults.empty())
        return fail(std::move(faults));
    if (metadata.placement == ZipPlacement::sealed)
        recordOriginal(*metadata.model, *bare);
    else
        forgetOriginal(*metadata.model);
    auto members = earlier.members;
    put(members, metadataMemberName, metadataJson(*metadata.model));
    if (!metadata.model->labels.empty())
        put(members, labelsMemberName, labelsText(metadata.model->labels));
    return withZip(*bare, members, metadata.placement);
}

Result<Bytes> detachMetadata(const Hef &hef)
{
    const HefMetadata metadata = readHefMetadata(hef);
    if (!metadata.zip)
        return fail(Diagnostic("metadata.none", Place{.file = hef.name()}));
    auto original = withoutZip(hef.container());
    if (!original || !metadata.model)
        return original;
    const auto recorded = converterOf(*metadata.model).value(originalKey, Json::object());
    const auto bare = parseHefContainer(*original, hef.name());
    if (!bare)
        return std::unexpected(bare.error());
    if (recorded.is_object() && recorded.contains("checksum") &&
        recorded["checksum"] != bare->header.storedChecksum)
        return fail(Diagnostic("metadata.original-differs", Place{.file = hef.name()}));
    return original;
}

} // namespace hefstudio
