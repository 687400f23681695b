// The page where a calibration set is put together: its pictures, one of them as the chip will see
// it, what the doctor says, and which of them go into the conversion.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "calibrate/calibration_session.h"
#include "calibrate/sample_model.h"
#include "convert/project.h"

#include <QWidget>

class QAction;
class QComboBox;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QStackedWidget;
class QVBoxLayout;

namespace hefstudio {

class ContactSheet;
class DoctorPanel;
class PicturePreview;
class SegmentedControl;
class TextLabel;

class CalibratePage final : public QWidget {
    Q_OBJECT
public:
    explicit CalibratePage(Project &project, QWidget *parent = nullptr);

    // Shows these folders, pictures, lists, arrays or videos as the set.
    void open(const QStringList &sources);
    // Shows what the project calibrates with, where it is not shown yet.
    void showProject();
    // Writes the project's array again so that the network can take it, and takes the new one for
    // the project.
    void repairProject();
    CalibrationSession &session() { return m_session; }
    // For the menu: choosing a folder or files for the set.
    QList<QAction *> sourceActions() const { return {m_addFolder, m_addFiles}; }

Q_SIGNALS:
    // A fix that is about the project's settings, not about the set.
    void fixRequested(const hefstudio::Fix &fix);
    // The project calibrates with something else now.
    void setTaken();
    void repairFinished(bool isDone);

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    enum Face { EmptyFace, ErrorFace, SetFace };
    QWidget *makeErrors();
    QWidget *makeSet();
    QWidget *makeBar();
    QWidget *makeSheet();
    QWidget *makeSide();
    QWidget *makeChoice();
    void addFolder();
    void addFiles();
    void chooseExport();
    void choose();
    void take();
    void showFace();
    void showRunning(bool isRunning);
    void showFacts();
    void showFindings();
    void showErrors(const Diagnostics &why);
    void showSample(int sample);
    void applyFix(int finding, const Fix &fix);
    void finishWrite(const QString &target);
    QString allowedText() const;
    QString targetBeside(const QString &ending) const;

    Project &m_project;
    CalibrationSession m_session;
    SampleModel *m_model;
    QAction *m_addFolder, *m_addFiles;
    QStackedWidget *m_stack;
    QVBoxLayout *m_errors;
    TextLabel *m_name, *m_facts, *m_progressText;
    QWidget *m_progressRow;
    QProgressBar *m_progress;
    QPushButton *m_cancel, *m_export, *m_take, *m_showAll;
    SegmentedControl *m_filter;
    QComboBox *m_strategy;
    QSpinBox *m_count, *m_seed;
    QPushButton *m_choose;
    ContactSheet *m_sheet;
    PicturePreview *m_preview;
    DoctorPanel *m_doctor;
    bool m_isTaking = false;    // the list being written is for the project
    bool m_isRepairing = false; // of the project's array
};

} // namespace hefstudio
