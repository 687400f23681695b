// What the inspector shows of a HEF, gathered once by a worker: the reader's values plus the
// verdicts that need hashing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/fact_list.h"
#include "hef/fence.h"
#include "hef/hef_reader.h"
#include "hef/section_map.h"

#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace hefstudio {

struct StreamRow {
    HefDirection direction = HefDirection::input;
    QString name;
    QString type;
    QString layout; // "NHWC 640×640×3"
    QString scale, zeroPoint;
};

struct ContextShare {
    QString name;
    QString detail;
    double weight = 0; // what its width stands for
};

struct HefOverview {
    QString file;
    quint64 bytes = 0;
    bool isEmulation = false;
    bool isIntact = false; // the stored hashes match
    bool loads = false;    // nothing that HailoRT would refuse
    QString chip, chipDetail;
    QString compiler, compilerDetail;
    QString integrity, integrityDetail;
    std::vector<StreamRow> streams;
    std::vector<ContextShare> contexts;
    QString contextsMeasure; // what the widths say
    std::vector<Fact> fileFacts, groupFacts;
    Diagnostics checks;
    QString releases, chips; // that open it, that take it
    std::vector<HefMapEntry> sections;
    std::optional<Hef> hef; // always set once read
};

Result<HefOverview> readOverview(const QString &file);

} // namespace hefstudio
