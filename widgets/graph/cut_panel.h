// Where the chip's part begins and ends: the outputs the HEF would have, each with its reason, what
// is left to the host, and the buttons that take the selected layer as a start or an end.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/cut_preview.h"

#include <QWidget>

class QListView;
class QPushButton;
class QVBoxLayout;

namespace hefstudio {

class FactList;
class TextLabel;

class CutPanel final : public QWidget {
    Q_OBJECT
public:
    explicit CutPanel(QWidget *parent = nullptr);
    void setModel(const LoadedModel &model);
    // The ONNX node the buttons act on; empty for none.
    void setSelectedNode(const QString &node);
    void toggleEnd();
    void toggleStart();

Q_SIGNALS:
    void cutChosen(const hefstudio::CutChoice &cut);
    void nodeChosen(const QString &node);

private:
    void showOutputs();
    void showButtons();
    // The ends in force: what was chosen, else what is proposed.
    QStringList effectiveEnds() const;

    LoadedModel m_model;
    CutPreview m_preview;
    QString m_node;
    TextLabel *m_title;
    TextLabel *m_selected;
    QPushButton *m_end, *m_start, *m_reset;
    QVBoxLayout *m_outputs;
    FactList *m_host;
    QVBoxLayout *m_problems;
};

} // namespace hefstudio
