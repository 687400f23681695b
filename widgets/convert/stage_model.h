// The stages of a conversion in order, as they start, progress and end.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/event.h"

#include <QAbstractListModel>

#include <vector>

namespace hefstudio {

QString stageTitle(const std::string &stage); // "Read and check ONNX"

class StageModel final : public QAbstractListModel {
    Q_OBJECT
public:
    enum class State { waiting, running, done, failed };
    Q_ENUM(State)
    enum Role { StateRole = Qt::UserRole, ProgressRole, DetailRole, TimeRole, NameRole };

    explicit StageModel(QObject *parent = nullptr);
    void reset();
    void start(const StageStarted &event);
    void progress(const StageProgress &event);
    void finish(const StageFinished &event);
    void failRunning(); // what still runs has failed

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    struct Stage {
        std::string name;
        State state = State::waiting;
        double progress = -1; // 0…1, negative when unknown
        QString detail;
        QString time;
    };
    int rowOf(const std::string &name);
    void touch(int row);

    std::vector<Stage> m_stages;
};

} // namespace hefstudio
