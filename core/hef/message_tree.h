// The whole message of a HEF, field by field, as a person reads it. Children are made when they are
// asked for, so that a window can open one branch of a file with a million actions.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/hef_reader.h"
#include "hef/schema.h"

#include <string>
#include <vector>

namespace hefstudio {

// One field; cheap to copy. Points into the file.
struct HefTreeItem {
    const FieldInfo *field = nullptr; // nullptr: the root, or a field the schema does not know
    MessageId parent = MessageId::none;
    int index = -1; // among the entries of a repeated field
    WireField wire;

    // The message to look into; none for everything else.
    MessageId message() const
    {
        if (parent == MessageId::none)
            return rootMessage;
        return field && field->kind == FieldKind::message ? field->message : MessageId::none;
    }
    bool isMessage() const { return message() != MessageId::none; }
};

class HefMessageTree {
public:
    explicit HefMessageTree(Hef hef) : m_hef(std::move(hef)) {}

    HefTreeItem root() const;
    // In the order of the file; none for a value.
    std::vector<HefTreeItem> children(const HefTreeItem &item) const;

    std::string name(const HefTreeItem &item) const;   // "edge_layers[3]", "field 4000"
    std::string type(const HefTreeItem &item) const;   // "ProtoHEFEdgeLayer", "uint32"
    std::string value(const HefTreeItem &item) const;  // "3", "\"conv1\"", "1 920 bytes: 01 02 …"
    std::string remark(const HefTreeItem &item) const; // what this value stands for, if anything
    // Where the field lies in the file; size 0 where fields had to be merged first.
    HefSection place(const HefTreeItem &item) const;

private:
    Hef m_hef;
};

// Everything, two spaces a level.
std::string hefTreeText(const Hef &hef);

} // namespace hefstudio
