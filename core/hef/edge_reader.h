// Room-internal: reads one edge layer of a context in whatever form it comes. edges.cpp has the
// single stream and what all forms share, edge_forms.cpp the multiplexed ones, the planes and the
// transfers between contexts.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/group_view.h"

#include <limits>

namespace hefstudio {

namespace edgelimits {
inline constexpr std::uint64_t max8 = std::numeric_limits<std::uint8_t>::max();
inline constexpr std::uint64_t max16 = std::numeric_limits<std::uint16_t>::max();
inline constexpr std::uint64_t max32 = std::numeric_limits<std::uint32_t>::max();
} // namespace edgelimits

// What all forms of an edge have in common while one is read.
struct EdgeFrame {
    HefDirection direction = HefDirection::input;
    std::size_t network = 0;
    std::size_t context = 0;
    bool isBoundary = true;
    bool isInMux = false;
};

class EdgeReader {
public:
    EdgeReader(const CoreOpSource &source, const FileTraits &traits, Findings &findings)
        : m_source(source), m_traits(traits), m_findings(findings)
    {
    }

    std::optional<BoundaryEdge> readBoundary(const proto::ProtoHEFEdgeLayer &edge,
                                             const EdgeFrame &frame, const KeyPath &path);
    std::optional<HefTransfer> readTransfer(const proto::ProtoHEFEdgeLayer &edge,
                                            const EdgeFrame &frame, const KeyPath &path);

private:
    std::optional<HefStream> readBase(const proto::ProtoHEFEdgeLayerBase &base,
                                      const EdgeFrame &frame, bool isTransposed,
                                      const KeyPath &path);
    std::optional<HefStream> readInfo(const proto::ProtoHEFEdgeLayerInfo &info,
                                      const EdgeFrame &frame, const KeyPath &path);
    HefNmsShape readNms(const proto::ProtoHEFNmsInfo &info, const KeyPath &path);
    void readQuantisation(const proto::ProtoHEFEdgeLayerNumericInfo &info, HefStream &stream,
                          const KeyPath &path);
    bool checkName(std::string_view name, const KeyPath &path);
    std::optional<HefVStream> virtualStreamOf(const proto::ProtoHEFEdgeLayerInfo &info,
                                              const HefStream &stream, const KeyPath &path);
    bool readMuxLeaves(const proto::ProtoHEFEdgeLayerMux &mux, const EdgeFrame &frame,
                       BoundaryEdge &edge, int depth, const KeyPath &path);
    std::optional<BoundaryEdge> readMux(const proto::ProtoHEFEdgeLayerMux &mux,
                                        const EdgeFrame &frame, const KeyPath &path);
    std::optional<BoundaryEdge> readPlanes(const proto::ProtoHEFEdgeLayerPlanes &planes,
                                           const EdgeFrame &frame, const KeyPath &path);

    const CoreOpSource &m_source;
    const FileTraits &m_traits;
    Findings &m_findings;
};

} // namespace hefstudio
