// The ZIP at the end of a HEF and the documents in it. What can be read is written again and must
// come back the same; what is sealed must come off to the byte.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz_target.h"

#include "hef/hef_metadata.h"
#include "hef/hef_reader.h"

using namespace hefstudio;

namespace {

void fuzzDocument(std::string_view text)
{
    const auto metadata = parseMetadata(text, "fuzz.json");
    if (!metadata)
        return;
    (void)metadataProblems(*metadata, "fuzz.json");
    const auto written = metadataJson(*metadata);
    const auto again = parseMetadata(written, "fuzz.json");
    requireThat(again.has_value(), "what was written can be read");
    requireThat(metadataJson(*again) == written, "what was written is written the same again");
}

void fuzzSealing(std::span<const std::byte> bytes)
{
    const auto file = parseHefContainer(bytes, "fuzz.hef");
    if (!file)
        return;
    (void)membersOfZip(*file);
    const auto original = withoutZip(*file);
    if (!original)
        return;
    const auto bare = parseHefContainer(*original, "fuzz.hef");
    requireThat(bare.has_value(), "a HEF without its ZIP is a HEF");
    requireThat(verifyHashes(*bare).has_value(), "its checksum holds");
    const std::vector<ArchiveMember> members{{"labels.txt", Bytes(3, std::byte('x'))}};
    const auto sealed = withZip(*bare, members);
    if (!sealed)
        return;
    const auto whole = parseHefContainer(*sealed, "fuzz.hef");
    requireThat(whole && verifyHashes(*whole), "a sealed HEF is a HEF");
    const auto found = membersOfZip(*whole);
    requireThat(found && *found == members, "and a ZIP");
}

} // namespace

void fuzzOne(std::span<const std::byte> bytes)
{
    fuzzDocument({reinterpret_cast<const char *>(bytes.data()), bytes.size()});
    (void)readArchive(bytes, ArchiveForm::zip, "fuzz.zip",
                      {.maxMembers = 64, .maxTotalBytes = 1 << 20});
    fuzzSealing(bytes);
    if (const auto hef = Hef::fromBytes(Bytes(bytes.begin(), bytes.end()), "fuzz.hef")) {
        (void)readHefMetadata(*hef);
        (void)attachMetadata(*hef, {.model = describeHef(*hef), .labels = {}});
    }
}
