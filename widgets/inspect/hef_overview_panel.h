// The overview of a HEF: verdict cards, the contexts as a strip, streams, the file's sections and
// facts, and a card for everything that stands in its way.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/hef_overview.h"

#include <QScrollArea>

namespace hefstudio {

class HefOverviewPanel final : public QScrollArea {
    Q_OBJECT
public:
    explicit HefOverviewPanel(const HefOverview &overview, QWidget *parent = nullptr);

Q_SIGNALS:
    void placeChosen(quint64 offset, quint64 size); // bytes of the file

private:
    QWidget *makeVerdicts();
    QWidget *makeStreams();
    QWidget *makeFacts();

    const HefOverview &m_overview;
};

} // namespace hefstudio
