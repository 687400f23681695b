// What one conversion is told: preset, calibration pictures, how a picture becomes the network's
// input, where the HEF goes. The chip is chosen in the window's context bar.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "convert/conversion_choices.h"

#include <QScrollArea>

class QComboBox;
class QLineEdit;

namespace hefstudio {

class PathField;
class PictureStrip;
class PresetCard;
class TextLabel;

class SetupPanel final : public QScrollArea {
    Q_OBJECT
public:
    explicit SetupPanel(QWidget *parent = nullptr);
    // Chip and input shapes are carried through untouched.
    ConversionChoices settings() const;
    void setSettings(const ConversionChoices &settings);

private:
    QWidget *makePresets();
    QWidget *makeCalibration();
    QWidget *makeInput();
    QWidget *makeOutput();
    void showCount(int pictures);
    void showNormalize();

    ConversionChoices m_settings;
    PresetCard *m_fast;
    PathField *m_calibration;
    PictureStrip *m_pictures;
    TextLabel *m_count;
    QComboBox *m_color;
    QComboBox *m_resize;
    QComboBox *m_range;
    QLineEdit *m_normalize;
    PathField *m_output;
};

} // namespace hefstudio
