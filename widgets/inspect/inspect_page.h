// The Inspect page: opened HEFs as tabs. Opening one that is open already shows its tab again,
// read anew.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/latest_job.h"
#include "inspect/diff_view.h"
#include "inspect/hef_overview.h"

#include <QWidget>

#include <map>
#include <memory>

class QAction;
class QStackedWidget;
class QTabWidget;

namespace hefstudio {

class InspectPage final : public QWidget {
    Q_OBJECT
public:
    explicit InspectPage(QAction *open, QWidget *parent = nullptr);
    void openFile(const QString &file);
    // A tab that says what differs between the two.
    void compare(const QString &first, const QString &second);
    const HefOverview *current() const; // null when none is shown

Q_SIGNALS:
    void currentChanged();
    void opened(const QString &file);

private:
    void showFile(const QString &file, Result<HefOverview> &&overview);
    // Takes the place of the tab of that key, or becomes a new one.
    void setTab(const QString &key, const QString &title, QWidget *page);
    void closeTab(int index);

    QStackedWidget *m_stack;
    QTabWidget *m_tabs;
    // One job a file: two files opened at once must both appear.
    std::map<QString, std::unique_ptr<LatestJob<Result<HefOverview>>>> m_jobs;
    LatestJob<Result<HefComparison>> m_comparison;
};

} // namespace hefstudio
