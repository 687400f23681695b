// The overview of one HEF: verdicts first, then contexts, streams, file, and what a reader objects
// to. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/hef_overview.h"

#include <QScrollArea>

namespace hefstudio {

class HefView final : public QScrollArea {
    Q_OBJECT
public:
    explicit HefView(const HefOverview &overview, QWidget *parent = nullptr);
    const HefOverview &overview() const { return m_overview; }

private:
    QWidget *makeVerdicts();
    QWidget *makeStreams();
    QWidget *makeFacts();

    HefOverview m_overview;
};

} // namespace hefstudio
