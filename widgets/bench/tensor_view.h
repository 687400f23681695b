// One output of both networks as numbers made visible: a channel of each as a map of shades with
// the difference beside, for vectors as bars; and the values under the mouse.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pipeline/result_bench.h"

#include <QWidget>

#include <vector>

class QComboBox;
class QSpinBox;

namespace hefstudio {

class TensorMaps;
class TextLabel;

class TensorView final : public QWidget {
    Q_OBJECT
public:
    explicit TensorView(QWidget *parent = nullptr);
    void setOutputs(std::vector<BenchOutput> outputs);

private:
    void showOutput();

    std::vector<BenchOutput> m_outputs;
    QComboBox *m_name;
    QSpinBox *m_channel;
    TextLabel *m_facts;
    TensorMaps *m_maps;
};

} // namespace hefstudio
