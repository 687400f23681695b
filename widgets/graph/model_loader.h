// Opens an ONNX file off the GUI thread: import, then layout. Opening again drops the older answer.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/latest_job.h"
#include "graph/graph_scene.h"

#include <QObject>

#include <map>

namespace hefstudio {

struct ShownGraph {
    std::shared_ptr<const Graph> graph;
    std::shared_ptr<const GraphScene> scene;
};

struct LoadedModel {
    QString file;
    ShownGraph source; // as the file has it
    // The chip's part: cut before the detection tail, rewritten into layers the device has. Empty
    // where the rewriting failed; the conversion will say why.
    ShownGraph device;
};

class ModelLoader final : public QObject {
    Q_OBJECT
public:
    using InputShapes = std::map<std::string, std::vector<std::int64_t>>;

    explicit ModelLoader(QObject *parent = nullptr);
    void open(const QString &file, const InputShapes &shapes = {});
    bool isLoading() const { return m_job.isRunning(); }

Q_SIGNALS:
    void started(const QString &file);
    void loaded(const hefstudio::LoadedModel &model);
    void failed(const QString &file, const hefstudio::Diagnostics &diagnostics);

private:
    LatestJob<Result<LoadedModel>> m_job;
};

} // namespace hefstudio
