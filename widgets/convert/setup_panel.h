// What one conversion is told: preset, calibration pictures, how a picture becomes the network's
// input, where the chip's part ends, where the HEF goes. Every edit goes to the project, which can
// undo it. The chip is chosen in the window's context bar.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "convert/project.h"
#include "graph/graph.h"

#include <QScrollArea>

#include <memory>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace hefstudio {

class ConversionHistory;
class PathField;
class PictureStrip;
class PreflightPanel;
class PresetCard;
class TextLabel;

class SetupPanel final : public QScrollArea {
    Q_OBJECT
public:
    SetupPanel(Project &project, const ConversionHistory &history, QWidget *parent = nullptr);
    void setGraph(std::shared_ptr<const Graph> graph);
    // Below everything else: the queue and the history.
    void addPanel(QWidget *panel);
    int samples() const { return m_samples; }

Q_SIGNALS:
    void chooseEndsRequested();
    void fixRequested(const hefstudio::Fix &fix);

private:
    void showProject();
    void edited(const QString &what);

    QWidget *makePresets();
    QWidget *makeCalibration();
    QWidget *makeInput();
    QWidget *makeOutput();
    void showCount(int pictures);
    void showNormalize();
    void showCosts();

    Project &m_project;
    bool m_isShowing = false; // the project's values are being put into the fields
    const ConversionHistory &m_history;
    PreflightPanel *m_preflight;
    QVBoxLayout *m_column;
    QCheckBox *m_recipe;
    int m_samples = 0; // of the calibration set
    PathField *m_calibration;
    PictureStrip *m_pictures;
    TextLabel *m_count;
    QComboBox *m_color;
    QComboBox *m_resize;
    QComboBox *m_range;
    QLineEdit *m_normalize;
    PathField *m_output;
    TextLabel *m_ends;
    QPushButton *m_resetEnds;
};

} // namespace hefstudio
