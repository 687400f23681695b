// Opens an ONNX file off the GUI thread: import, a first picture of the layers around the inputs,
// the chip's part, then the layout of all. Opening again drops the older answer.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/latest_job.h"
#include "graph/graph_scene.h"
#include "graph/scene_colors.h"
#include "heads/end_nodes.h"

#include <QObject>
#include <QStringList>

#include <map>

namespace hefstudio {

struct ShownGraph {
    std::shared_ptr<const Graph> graph;
    std::shared_ptr<const GraphScene> scene;
    Correspondence onDevice;
};

// ONNX node names; empty: the inputs, and what the network's structure proposes.
struct CutChoice {
    QStringList starts, ends;
    friend bool operator==(const CutChoice &, const CutChoice &) = default;
};

struct LoadedModel {
    QString file;
    ShownGraph source; // as the file has it
    // The chip's part: cut before the detection tail, rewritten into layers the device has. Empty
    // where the rewriting failed; `deviceProblems` says why.
    ShownGraph device;
    Diagnostics deviceProblems;
    CutChoice cut;
    std::vector<EndNodeProposal> proposals; // of the source graph, whatever was chosen
    bool isPreview = false;                 // only the layers around the inputs, source only
};

class ModelLoader final : public QObject {
    Q_OBJECT
public:
    using InputShapes = std::map<std::string, std::vector<std::int64_t>>;

    explicit ModelLoader(QObject *parent = nullptr);
    void open(const QString &file, const InputShapes &shapes = {}, const CutChoice &cut = {});
    // The same network cut elsewhere; nothing is read again.
    void recut(const LoadedModel &model, const CutChoice &cut);
    void cancel();
    bool isLoading() const { return m_job.isRunning(); }

Q_SIGNALS:
    void started(const QString &file);
    void previewed(const hefstudio::LoadedModel &model);
    void loaded(const hefstudio::LoadedModel &model);
    void failed(const QString &file, const hefstudio::Diagnostics &diagnostics);

private:
    LatestJob<Result<LoadedModel>> m_job;
};

// A first picture has this many layers; smaller networks are drawn whole at once.
inline constexpr std::size_t previewLayers = 400;

} // namespace hefstudio
