// The Profile page: how fast the open network would run on each chip and what holds it up. Link
// and batch can be tried out; everything here is predicted and says how far it may be off.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "profile/chip_estimates.h"

#include <QMainWindow>

#include <map>

class QAction;
class QComboBox;
class QSortFilterProxyModel;
class QStackedWidget;
class QTableView;
class QVBoxLayout;

namespace hefstudio {

class BatchChart;
class Card;
class FactList;
class LayerTableModel;
class SegmentedControl;
class TextLabel;
class TimelineView;
class UtilisationChart;

class ProfilePage final : public QMainWindow {
    Q_OBJECT
public:
    ProfilePage(ChipEstimates &estimates, QAction *open, QAction *openSample,
                QWidget *parent = nullptr);
    void setChip(const QString &chip);
    // The layer of the device graph that another page has selected.
    void selectLayer(int layer);
    void resetLayout();
    QByteArray layoutState() const { return saveState(stateVersion); }
    void restoreLayoutState(const QByteArray &state) { restoreState(state, stateVersion); }

Q_SIGNALS:
    void layerChosen(int layer); // of the device graph

private:
    static constexpr int stateVersion = 1;
    struct ChipCard {
        Card *card = nullptr;
        TextLabel *speed = nullptr;
        TextLabel *detail = nullptr;
        FactList *facts = nullptr;
        QComboBox *link = nullptr;
    };
    QWidget *makeOverview();
    ChipCard makeChipCard(const QString &chip);
    QWidget *makeTable();
    QDockWidget *makeDock(const QString &title, const QString &name, QWidget *content);
    void showEstimates();
    void showChip(const QString &chip, ChipCard &card);
    void showTimeline();
    void chooseFromTable(const QModelIndex &index);

    ChipEstimates &m_estimates;
    QString m_chip = QStringLiteral("hailo8l");
    int m_batch = 1;
    QStackedWidget *m_stack;
    std::map<QString, ChipCard> m_cards;
    QVBoxLayout *m_problems;
    BatchChart *m_chart;
    UtilisationChart *m_utilisation;
    TimelineView *m_timeline;
    SegmentedControl *m_batchBox;
    LayerTableModel *m_model;
    QSortFilterProxyModel *m_proxy;
    QTableView *m_table;
    QDockWidget *m_timelineDock;
    QDockWidget *m_tableDock;
    bool m_isFollowing = false;
};

} // namespace hefstudio
