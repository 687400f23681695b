// What the window's tests share: waiting for a condition without sleeping, finding widgets by
// name, clicking where a user would, and saving what the window looks like.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QDir>
#include <QScreen>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QWidget>

namespace hefstudio::gui {

// Keeps the user's own settings out of the tests, and the tests' out of the user's.
inline void isolateSettings()
{
    QStandardPaths::setTestModeEnabled(true);
    // The converter finds no finished stages of other runs.
    qputenv("XDG_CACHE_HOME", "/dev/null");
    QCoreApplication::setOrganizationName(QStringLiteral("hefstudio-test"));
    QCoreApplication::setApplicationName(
        QStringLiteral("hefstudio-test-%1").arg(QCoreApplication::applicationPid()));
    QSettings::setDefaultFormat(QSettings::IniFormat);
    static QTemporaryDir folder;
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder.path());
}

template<class T> T *find(QWidget *in, const QString &name)
{
    return in->findChild<T *>(name);
}

inline void click(QWidget *widget)
{
    QTest::mouseClick(widget, Qt::LeftButton, {}, widget->rect().center());
}

// The visible widget of that name: pages that are hidden have widgets of their own.
template<class T> T *findVisible(QWidget *in, const QString &name)
{
    for (T *each : in->findChildren<T *>(name))
        if (each->isVisible())
            return each;
    return nullptr;
}

inline QString screenshotFolder()
{
    const QString folder = QStringLiteral(HEFSTUDIO_BINARY_DIR "/screenshots");
    QDir().mkpath(folder);
    return folder;
}

inline void saveScreenshot(QWidget &window, const QString &name)
{
    QCoreApplication::sendPostedEvents();
    QCoreApplication::processEvents();
    QVERIFY(
        window.grab().save(screenshotFolder() + QLatin1Char('/') + name + QStringLiteral(".png")));
}

} // namespace hefstudio::gui
