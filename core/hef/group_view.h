// Room-internal: turns the message into HefNetworkGroupViews and collects what HailoRT would
// refuse on the way. Split by what is read: core_op_source (where the core op lies), operations,
// edges, host_ops, outputs.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/hef_reader.h"
#include "hef/message_view.h"

#include <string>
#include <string_view>
#include <vector>

namespace hefstudio {

// "network_groups[0].ops[1]": built from the stack, only when a finding needs the text.
struct KeyPath {
    const KeyPath *parent = nullptr;
    std::string_view field;
    int index = -1;

    KeyPath at(std::string_view name, int position = -1) const { return {this, name, position}; }
    std::string text() const;
};

class Findings {
public:
    explicit Findings(std::string fileName) : m_fileName(std::move(fileName)) {}

    Diagnostic at(std::string_view id, const KeyPath &path) const
    {
        return Diagnostic(id, Place{.file = m_fileName, .keyPath = path.text()});
    }
    void error(Diagnostic diagnostic) { add(std::move(diagnostic), Severity::error); }
    void warning(Diagnostic diagnostic) { add(std::move(diagnostic), Severity::warning); }
    // A number of the file that must not exceed `limit`.
    bool fits(const KeyPath &path, std::string_view field, std::uint64_t value,
              std::uint64_t limit);
    Diagnostics take() { return std::move(m_all); }

private:
    void add(Diagnostic diagnostic, Severity severity);
    std::string m_fileName;
    Diagnostics m_all;
};

struct FileTraits {
    std::uint32_t headerVersion = 0;
    HefArch arch;
    std::uint64_t ccwBytes = 0;
    bool isNetFlow = false;
    bool hasVectors = false;     // extension 25
    bool hasNmsBurst = false;    // extension 19
    bool isMultiNetwork = false; // optional extension 8
    bool compilerPads = false;   // optional extension 11
};

FileTraits fileTraitsOf(const HefFile &file, const proto::ProtoHEFHef &message);

// A core op wherever the schema line keeps it: ops[] (net-flow), the group itself, or one of its
// partial forms.
struct CoreOpSource {
    proto::ProtoHEFNetworkGroupMetadata metadata;
    proto::ProtoHEFPreliminaryConfig preliminary;
    FieldRange<proto::ProtoHEFContext> contexts;
    proto::ProtoHEFFusedLayersMetadata fused;
    std::vector<std::string> networkNames;
    std::uint32_t layout = 0;
    std::string keyPath;
};
// Empty (with a finding) when the group has none that HailoRT could use.
std::vector<CoreOpSource> coreOpsOf(const proto::ProtoHEFNetworkGroup &group,
                                    const FileTraits &traits, const KeyPath &path,
                                    Findings &findings);

// The name of an action by its field number; "unknown" for one of no known kind.
std::string_view actionName(std::uint32_t number);
HefContextView readOperations(const FieldRange<proto::ProtoHEFOperation> &operations,
                              const FileTraits &traits, const KeyPath &path, Findings &findings);

// A boundary stream and the virtual streams it stands for.
struct BoundaryEdge {
    std::vector<HefStream> streams;
    std::vector<HefVStream> vstreams;
    std::optional<std::uint32_t> pad;
};
struct EdgesOfContext {
    std::vector<BoundaryEdge> boundary;
    std::vector<HefTransfer> transfers;
};
EdgesOfContext readEdges(const proto::ProtoHEFContext &context, std::size_t contextIndex,
                         const CoreOpSource &source, const FileTraits &traits, const KeyPath &path,
                         Findings &findings);

// Host operations of the group; `edges` are the boundary edges of the core op. Fills hostOps and
// returns the virtual streams the operations produce.
std::vector<HefVStream> readHostOps(const proto::ProtoHEFNetworkGroup &group,
                                    const std::vector<BoundaryEdge> &edges,
                                    HefNetworkGroupView &view, const KeyPath &path,
                                    Findings &findings);

HefNetworkGroupView readNetworkGroup(const proto::ProtoHEFNetworkGroup &group,
                                     const FileTraits &traits, const KeyPath &path,
                                     Findings &findings);

// Text of the file fit for a terminal: control characters replaced, length bounded.
std::string printable(std::string_view text);

} // namespace hefstudio
