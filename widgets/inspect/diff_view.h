// Two HEFs compared: the verdict in one sentence, then every difference with its meaning, and the
// two messages side by side with one selection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hef/hef_diff.h"
#include "hef/hef_reader.h"

#include <QWidget>

namespace hefstudio {

struct HefComparison {
    QString firstFile, secondFile;
    std::optional<Hef> first, second; // always set
    HefDiff diff;
};
// Diagnostics: those of opening either file.
Result<HefComparison> compareHefs(const QString &first, const QString &second);

class DiffView final : public QWidget {
    Q_OBJECT
public:
    explicit DiffView(const HefComparison &comparison, QWidget *parent = nullptr);

private:
    QWidget *makeTrees(const HefComparison &comparison);
};

} // namespace hefstudio
