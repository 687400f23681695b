// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/section_map.h"

#include "hef/actions.h"
#include "hef/appended_zip.h"
#include "hef/field_text.h"
#include "hef/group_view.h"
#include "hef/hef_reader.h"

#include <algorithm>

namespace hefstudio {

namespace {

// The message by its top-level fields; what a field needs for tag and length counts as its own.
void addMessage(const Hef &hef, std::vector<HefMapEntry> &map)
{
    const HefFile &file = hef.container();
    std::size_t count = 0; // repeated fields of one kind are one entry
    WireReader reader(file.of(file.proto));
    WireField wire;
    while (reader.next(wire)) {
        const FieldInfo *field = messageInfo(rootMessage).field(wire.number);
        const std::string name = "message: " + (field ? std::string(field->name)
                                                      : "field " + std::to_string(wire.number));
        const auto offset = static_cast<std::uint64_t>(wire.whole.data() - file.bytes.data());
        HefMapEntry *last = map.empty() ? nullptr : &map.back();
        if (last && last->level == 1 && last->name == name && last->place.end() == offset) {
            last->place.size += wire.whole.size();
            last->remark = countedText(++count, "field");
            continue;
        }
        count = 1;
        map.push_back({name, {offset, wire.whole.size()}, 1, {}});
    }
}

struct Claim {
    HefSection place;
    std::string name;
};

// Who points where in the section: actions and blobs.
std::vector<Claim> claimsOf(const Hef &hef)
{
    std::vector<Claim> claims;
    for (const HefResource &resource : hef.resources()) {
        if (resource.isInside && resource.size > 0)
            claims.push_back(
                {{resource.offset, resource.size}, "blob " + printable(resource.name)});
    }
    for (const HefProgramPart &part : programPartsOf(hef)) {
        std::string owner = part.context ? "context " + std::to_string(*part.context) : "start-up";
        if (part.layout != 0)
            owner += " of layout " + std::to_string(part.layout);
        for (const auto &operation : part.operations) {
            for (const auto &action : operation.actions()) {
                if (action.member() != proto::ProtoHEFAction::write_data_ccw_ptr_number)
                    continue;
                const auto words = readAction(hef, action).words;
                if (words->isInside && words->size > 0)
                    claims.push_back(
                        {{words->offset, words->size},
                         "words of " + owner + ", channel " + std::to_string(words->channel)});
            }
        }
    }
    std::ranges::stable_sort(claims, {}, [](const Claim &c) { return c.place.offset; });
    return claims;
}

void addClaims(const std::vector<Claim> &claims, const HefSection &section,
               std::vector<HefMapEntry> &map)
{
    const std::size_t first = map.size();
    std::uint64_t at = section.offset;
    std::size_t pieces = 0;
    for (const Claim &claim : claims) {
        if (claim.place.offset < section.offset || claim.place.end() > section.end())
            continue;
        if (claim.place.end() <= at)
            continue; // said already: two forms of a core op may share their words
        if (claim.place.offset > at) {
            map.push_back({"nothing points here", {at, claim.place.offset - at}, 1, {}});
            at = claim.place.offset;
        }
        const std::uint64_t size = claim.place.end() - at;
        if (map.size() > first && map.back().name == claim.name && map.back().place.end() == at) {
            map.back().place.size += size;
            map.back().remark = countedText(++pieces, "piece");
        } else {
            map.push_back({claim.name, {at, size}, 1, {}});
            pieces = 1;
        }
        at = claim.place.end();
    }
    if (at < section.end() && at > section.offset)
        map.push_back({"nothing points here", {at, section.end() - at}, 1, {}});
}

} // namespace

std::vector<HefMapEntry> sectionMapOf(const Hef &hef)
{
    const HefFile &file = hef.container();
    std::vector<HefMapEntry> map;
    map.push_back({"header",
                   {0, file.header.headerBytes},
                   0,
                   "version " + std::to_string(file.header.version)});
    map.push_back({"message", file.proto, 0, {}});
    addMessage(hef, map);
    if (file.paddingBytes > 0)
        map.push_back({"padding", {file.proto.end(), file.paddingBytes}, 0, {}});
    const std::vector<Claim> claims = claimsOf(hef);
    if (file.ccws.size > 0) {
        map.push_back({"configuration section", file.ccws, 0, {}});
        addClaims(claims, file.ccws, map);
    }
    if (file.additionalInfo.size > 0) {
        map.push_back({"additional information", file.additionalInfo, 0, {}});
        addClaims(claims, file.additionalInfo, map);
    }
    if (file.tail.size > 0) {
        const auto zip = findAppendedZip(file);
        const bool isZip = zip && !zip->isSealed;
        map.push_back({"behind the end", file.tail, 0, isZip ? "a ZIP" : ""});
    }
    return map;
}

} // namespace hefstudio
