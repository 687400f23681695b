// What one conversion is told: preset, calibration pictures, how a picture becomes the network's
// input, where the chip's part ends, where the HEF goes. Every edit goes to the project, which can
// undo it. The chip is chosen in the window's context bar.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "convert/project.h"

#include <QScrollArea>

class QComboBox;
class QLineEdit;
class QPushButton;

namespace hefstudio {

class PathField;
class PictureStrip;
class PresetCard;
class TextLabel;

class SetupPanel final : public QScrollArea {
    Q_OBJECT
public:
    explicit SetupPanel(Project &project, QWidget *parent = nullptr);

Q_SIGNALS:
    void chooseEndsRequested();

private:
    void showProject();
    void edited(const QString &what);

    QWidget *makePresets();
    QWidget *makeCalibration();
    QWidget *makeInput();
    QWidget *makeOutput();
    void showCount(int pictures);
    void showNormalize();

    Project &m_project;
    bool m_isShowing = false; // the project's values are being put into the fields
    PresetCard *m_fast;
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
