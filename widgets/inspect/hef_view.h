// One opened HEF: overview, actions, buffers, the message as a tree, bytes, metadata. Pages are made
// when they are first looked at.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/hef_overview.h"

#include <QWidget>

class QStackedWidget;

namespace hefstudio {

class HexView;
class SegmentedControl;

class HefView final : public QWidget {
    Q_OBJECT
public:
    explicit HefView(const HefOverview &overview, QWidget *parent = nullptr);
    const HefOverview &overview() const { return m_overview; }
    // "overview", "actions", "buffers", "tree", "hex", "metadata".
    void showPart(const QString &part);

Q_SIGNALS:
    void compareRequested(const QString &file);

private:
    QWidget *makePart(const QString &part);
    QWidget *makeActions();
    QWidget *makeBuffers();
    QWidget *makeTree();
    QWidget *makeHex();
    QWidget *makeMetadata();
    void showBytes(quint64 offset, quint64 size);
    void save(const QString &title, const QString &suffix, const QByteArray &bytes);
    void exportJson();
    void exportParseHef();

    HefOverview m_overview;
    SegmentedControl *m_parts;
    QStackedWidget *m_stack;
    HexView *m_hex = nullptr;
};

} // namespace hefstudio
