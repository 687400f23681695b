// The window by itself: starts empty, opens by argument, drop and menu, changes theme, switches
// pages by key, shows errors as cards.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui_support.h"

#include "common/diagnostic_card.h"
#include "common/files.h"
#include "graph/graph_canvas.h"
#include "main_window.h"
#include "translations.h"

#include <QDropEvent>
#include <QElapsedTimer>
#include <QLabel>
#include <QMimeData>
#include <QSignalSpy>
#include <QStackedWidget>

using namespace hefstudio;
using namespace hefstudio::gui;

class WindowTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void startsEmpty();
    void startsQuickly();
    void opensTheSampleByAction();
    void opensADroppedFile();
    void switchesPagesByKey();
    void changesThemeByAction();
    void showsWhyAFileCannotBeOpened();
    void everyFocusableWidgetHasAName();

private:
    QString sample() const { return sampleFolder() + QStringLiteral("/detector.onnx"); }
    void open(const QString &file);
    GraphCanvas *canvas() const { return m_window->findChild<GraphCanvas *>(); }
    QAction *action(const char *name) const
    {
        return m_window->findChild<QAction *>(QLatin1String(name));
    }

    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<MainWindow> m_window;
};

void WindowTest::initTestCase()
{
    isolateSettings();
    installTranslations(*qApp, QLocale(QLocale::English));
    m_theme = std::make_unique<Theme>(*qApp);
}

void WindowTest::init()
{
    m_theme->setChoice(ThemeChoice::dark);
    m_window = std::make_unique<MainWindow>(*m_theme);
    m_window->resize(1280, 720);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
}

void WindowTest::cleanup()
{
    m_window.reset();
}

void WindowTest::open(const QString &file)
{
    m_window->openPath(file);
    QTRY_VERIFY_WITH_TIMEOUT(canvas()->scene() && canvas()->isVisible(), 20000);
}

void WindowTest::startsEmpty()
{
    QVERIFY(!action("actionBuild")->isEnabled());
    QVERIFY(!canvas()->isVisible());
    saveScreenshot(*m_window, QStringLiteral("empty-graph-dark"));
    m_theme->setChoice(ThemeChoice::light);
    saveScreenshot(*m_window, QStringLiteral("empty-graph-light"));
    m_theme->setChoice(ThemeChoice::dark);
    click(find<QWidget>(m_window.get(), QStringLiteral("railConvert")));
    saveScreenshot(*m_window, QStringLiteral("empty-convert-dark"));
    click(find<QWidget>(m_window.get(), QStringLiteral("railInspect")));
    saveScreenshot(*m_window, QStringLiteral("empty-inspect-dark"));
}

void WindowTest::startsQuickly()
{
    QElapsedTimer clock;
    clock.start();
    MainWindow window(*m_theme);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    qInfo("window shown after %lld ms", clock.elapsed());
    QVERIFY(clock.elapsed() < 1000);
}

void WindowTest::opensTheSampleByAction()
{
    if (sampleFolder().isEmpty())
        QSKIP("the sample is not in the tree");
    action("actionOpenSample")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(canvas()->isVisible(), 20000);
    QVERIFY(action("actionBuild")->isEnabled());
    QCOMPARE(m_window->findChild<QLabel *>(QStringLiteral("documentName"))->text(),
             QStringLiteral("detector.onnx"));
    QTest::keyClick(canvas(), Qt::Key_Home);
    QTest::keyClick(canvas(), Qt::Key_Down);
    QTest::keyClick(canvas(), Qt::Key_Down);
    QVERIFY(canvas()->selected() > 0);
    saveScreenshot(*m_window, QStringLiteral("graph-dark-1280"));
    m_window->resize(1600, 1000);
    saveScreenshot(*m_window, QStringLiteral("graph-dark"));
    m_theme->setChoice(ThemeChoice::light);
    saveScreenshot(*m_window, QStringLiteral("graph-light"));
    QTest::keyClick(canvas(), Qt::Key_0);
    saveScreenshot(*m_window, QStringLiteral("graph-light-fit"));
    click(find<QWidget>(m_window.get(), QStringLiteral("railConvert")));
    auto *count = m_window->findChild<QLabel *>(QStringLiteral("pictureCount"));
    QTRY_VERIFY(count->text().contains(QRegularExpression(QStringLiteral("\\d"))));
    saveScreenshot(*m_window, QStringLiteral("setup-light"));
    m_theme->setChoice(ThemeChoice::dark);
    m_window->resize(1280, 720);
    saveScreenshot(*m_window, QStringLiteral("setup-dark-1280"));
}

void WindowTest::opensADroppedFile()
{
    if (sampleFolder().isEmpty())
        QSKIP("the sample is not in the tree");
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(sample())});
    QDragEnterEvent enter(QPoint(400, 300), Qt::CopyAction, &data, Qt::LeftButton, {});
    QCoreApplication::sendEvent(m_window.get(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(400, 300), Qt::CopyAction, &data, Qt::LeftButton, {});
    QCoreApplication::sendEvent(m_window.get(), &drop);
    QTRY_VERIFY_WITH_TIMEOUT(canvas()->isVisible(), 20000);
}

void WindowTest::switchesPagesByKey()
{
    auto *inspect = find<QAbstractButton>(m_window.get(), QStringLiteral("railInspect"));
    auto *graph = find<QAbstractButton>(m_window.get(), QStringLiteral("railGraph"));
    QTest::keyClick(m_window.get(), Qt::Key_3, Qt::AltModifier);
    QVERIFY(inspect->isChecked());
    QTest::keyClick(m_window.get(), Qt::Key_1, Qt::AltModifier);
    QVERIFY(graph->isChecked());
    QTest::keyClick(graph, Qt::Key_Down);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Down);
    QVERIFY(inspect->isChecked());
}

void WindowTest::changesThemeByAction()
{
    action("actionThemeLight")->trigger();
    QVERIFY(!m_theme->isDark());
    QTRY_COMPARE(m_window->palette().color(QPalette::Window), lightTokens().background);
    action("actionThemeDark")->trigger();
    QVERIFY(m_theme->isDark());
    QTRY_COMPARE(m_window->palette().color(QPalette::Window), darkTokens().background);
}

void WindowTest::showsWhyAFileCannotBeOpened()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("letter.onnx"));
    QFile text(file);
    QVERIFY(text.open(QIODevice::WriteOnly));
    text.write("Dear all,\nthis is not a network.\n");
    text.close();
    m_window->openPath(file);
    QTRY_VERIFY(findVisible<DiagnosticCard>(m_window.get(), QStringLiteral("diagnostic")));
    auto *card = findVisible<DiagnosticCard>(m_window.get(), QStringLiteral("diagnostic"));
    QVERIFY(card->property("diagnosticId").toString().startsWith(QStringLiteral("onnx.")));
    QVERIFY(!card->accessibleName().isEmpty());
    QVERIFY(!action("actionBuild")->isEnabled());
    saveScreenshot(*m_window, QStringLiteral("error-dark"));
}

void WindowTest::everyFocusableWidgetHasAName()
{
    QStringList nameless;
    for (const QWidget *widget : m_window->findChildren<QWidget *>()) {
        if (widget->focusPolicy() == Qt::NoFocus ||
            widget->objectName().startsWith(QStringLiteral("qt_")))
            continue;
        const auto *button = qobject_cast<const QAbstractButton *>(widget);
        if (widget->accessibleName().isEmpty() && (!button || button->text().isEmpty()))
            nameless << QStringLiteral("%1 %2 in %3")
                            .arg(QLatin1String(widget->metaObject()->className()),
                                 widget->objectName(),
                                 QLatin1String(widget->parentWidget()->metaObject()->className()));
    }
    QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(QStringLiteral("; "))));
}

QTEST_MAIN(WindowTest)
#include "tst_window.moc"
