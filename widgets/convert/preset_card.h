// A preset as a card that says what it does; one that the converter does not offer yet says so.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

namespace hefstudio {

class PresetCard final : public QAbstractButton {
    Q_OBJECT
public:
    struct Text {
        QString icon, title, precision, effort;
    };
    explicit PresetCard(Text text, QWidget *parent = nullptr);
    // What it will cost here and what the calibration set allows; below the rest.
    void setNote(const QString &note, bool isWarning);
    // Disables the card and shows why.
    void setUnavailable(const QString &why);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {180, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Text m_text;
    QString m_why;
    QString m_note;
    bool m_isWarning = false;
};

} // namespace hefstudio
