// The Bench page: pictures are dropped on it, and the float network and the HEF look at each.
// Boxes side by side or swiped, thresholds as sliders, agreement of each picture and of the set,
// worst first; the outputs' numbers below. Everything that runs, runs on a worker.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bench/bench_session.h"
#include "convert/project.h"

#include <QWidget>

class QAction;
class QComboBox;
class QPushButton;
class QSlider;
class QStackedWidget;
class QTableView;
class QVBoxLayout;

namespace hefstudio {

class BenchModel;
class BenchView;
class EmptyState;
class SegmentedControl;
class TensorView;
class TextLabel;

class BenchPage final : public QWidget {
    Q_OBJECT
public:
    BenchPage(Project &project, QAction *open, QAction *openSample, QWidget *parent = nullptr);

    // The HEF to hold against the project's network; the pictures stay.
    void setHef(const QString &file);
    const QString &hef() const { return m_hef; }
    // Files and folders; replaces the set. Long sets are thinned out evenly to `mostPictures`.
    void setPictures(const QStringList &paths);
    static constexpr int mostPictures = 500;
    const BenchSession &session() const { return m_session; }

Q_SIGNALS:
    void buildRequested();

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    enum State { NoProject, NoHef, NoPictures, Working };
    QWidget *makeWork();
    QWidget *makeList();
    QWidget *makeCentre();
    QWidget *makeSide();
    QWidget *makeThresholds();
    QWidget *makeFigures();
    void showState();
    void restart();
    void showSession();
    void showThresholds();
    void showCurrent();
    void choosePicture();
    void chooseHef();
    void useCalibration();
    void exportCode();
    BenchThresholds thresholds() const;

    Project &m_project;
    QString m_hef;
    QString m_model; // of the project the HEF belongs to
    std::vector<std::filesystem::path> m_files;
    BenchSession m_session;
    int m_current = -1; // picture
    int m_loaded = -1;  // whose details were asked for
    bool m_isChosen = false; // by the user: then it stays in sight while others arrive

    QStackedWidget *m_stack;
    QAction *m_chooseHef, *m_choosePictures, *m_useCalibration, *m_build;
    BenchModel *m_rows;
    QTableView *m_list;
    TextLabel *m_progress;
    BenchView *m_view;
    SegmentedControl *m_mode;
    QSlider *m_score, *m_iou;
    TextLabel *m_scoreText, *m_iouText;
    QComboBox *m_class;
    TextLabel *m_setFigure, *m_setFacts, *m_pictureFacts, *m_hefName;
    TensorView *m_tensors;
    QPushButton *m_export;
    QVBoxLayout *m_faults;
};

} // namespace hefstudio
