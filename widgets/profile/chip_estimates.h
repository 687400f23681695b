// The estimates of the open network for every chip, made in the background whenever the network or
// its cut changes. Views ask and listen; an answer for an older network is dropped.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/latest_job.h"
#include "profile/model_estimate.h"

#include <QObject>
#include <QString>

#include <map>

namespace hefstudio {

class ChipEstimates final : public QObject {
    Q_OBJECT
public:
    explicit ChipEstimates(QObject *parent = nullptr);

    // Null: no network.
    void setGraph(std::shared_ptr<const Graph> graph);
    // By link name of a chip; empty: its first.
    void setLink(const QString &chip, const QString &link);

    bool isWorking() const;
    // Null while it is made, or where the mapping failed: problems() says why.
    std::shared_ptr<const ModelEstimate> of(const QString &chip) const;
    Diagnostics problems(const QString &chip) const;
    static QStringList chips(); // "hailo8l", "hailo8"

Q_SIGNALS:
    void changed();

private:
    void start(const QString &chip);

    struct Entry {
        QString link;
        std::shared_ptr<const ModelEstimate> estimate;
        Diagnostics problems;
        LatestJob<Result<std::shared_ptr<const ModelEstimate>>> job;
    };
    std::shared_ptr<const Graph> m_graph;
    std::map<QString, Entry> m_entries;
};

} // namespace hefstudio
