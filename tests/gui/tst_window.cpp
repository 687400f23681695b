// The window by itself: starts empty, opens by argument, drop and menu, changes theme, switches
// pages by key, shows errors as cards.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui_support.h"

#include "common/diagnostic_card.h"
#include "common/files.h"
#include "graph/graph_canvas.h"
#include "main_window.h"
#include "preferences.h"
#include "recipe/recipe.h"
#include "translations.h"

#include <QComboBox>
#include <QDialog>
#include <QDropEvent>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMimeData>
#include <QSignalSpy>
#include <QSpinBox>
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
    void welcomesWithTheSampleAndRecentWork();
    void palettesFindEveryCommand();
    void settingsAreKept();
    void editsCanBeUndone();
    void opensARecipe();
    void folderOfNetworksOpensThem();
    void statusSaysDeviceThreadsAndMemory();

private:
    QString sample() const { return sampleFolder() + QStringLiteral("/detector.onnx"); }
    void open(const QString &file);
    GraphCanvas *canvas() const { return m_window->findChild<GraphCanvas *>(QStringLiteral("graphCanvas")); }
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
    click(find<QWidget>(m_window.get(), QStringLiteral("railGraph")));
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
    QTest::keyClick(m_window.get(), Qt::Key_4, Qt::AltModifier);
    QVERIFY(inspect->isChecked());
    QTest::keyClick(m_window.get(), Qt::Key_1, Qt::AltModifier);
    QVERIFY(graph->isChecked());
    graph->setFocus();
    QTest::keyClick(graph, Qt::Key_Down);
    for (int page = 0; page < 2; ++page)
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

void WindowTest::welcomesWithTheSampleAndRecentWork()
{
    auto *welcome = find<QWidget>(m_window.get(), QStringLiteral("welcomePage"));
    QVERIFY(welcome->isVisible());
    saveScreenshot(*m_window, QStringLiteral("welcome-dark-1280"));
    if (sampleFolder().isEmpty())
        QSKIP("the sample is not in the tree");
    click(find<QWidget>(m_window.get(), QStringLiteral("welcomeSample")));
    QTRY_VERIFY_WITH_TIMEOUT(canvas()->isVisible(), 20000);
    QTest::keyClick(m_window.get(), Qt::Key_Home, Qt::AltModifier);
    QVERIFY(welcome->isVisible());
    auto *recent = find<QListView>(m_window.get(), QStringLiteral("recentWork"));
    QVERIFY(recent->isVisible());
    QCOMPARE(recent->model()->index(0, 0).data().toString(), QStringLiteral("detector.onnx"));
    saveScreenshot(*m_window, QStringLiteral("welcome-recent-dark-1280"));
    m_theme->setChoice(ThemeChoice::light);
    m_window->resize(1600, 1000);
    saveScreenshot(*m_window, QStringLiteral("welcome-light"));
    recent->setFocus();
    recent->setCurrentIndex(recent->model()->index(0, 0));
    QTest::keyClick(recent, Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(canvas()->isVisible(), 20000);
}

void WindowTest::palettesFindEveryCommand()
{
    QTest::keyClick(m_window.get(), Qt::Key_K, Qt::ControlModifier);
    auto *palette = find<QWidget>(m_window.get(), QStringLiteral("commandPalette"));
    auto *search = find<QLineEdit>(m_window.get(), QStringLiteral("commandSearch"));
    auto *list = find<QListView>(m_window.get(), QStringLiteral("commandList"));
    QVERIFY(palette->isVisible());
    const int all = list->model()->rowCount();
    QVERIFY(all > 15);
    // Everything in the menus is there under its name.
    for (const QAction *action : m_window->findChildren<QAction *>()) {
        if (!action->objectName().startsWith(QStringLiteral("action")) ||
            action->objectName() == QStringLiteral("actionCommands"))
            continue;
        QString name = action->text();
        name.remove(QLatin1Char('&'));
        bool isThere = false;
        for (int row = 0; row < all; ++row)
            isThere = isThere || list->model()->index(row, 0).data().toString() == name;
        QVERIFY2(isThere, qPrintable(action->objectName()));
    }
    QTest::keyClicks(search, QStringLiteral("inspect"));
    QVERIFY(list->model()->rowCount() < all);
    saveScreenshot(*m_window, QStringLiteral("commands-dark-1280"));
    QCOMPARE(list->currentIndex().data().toString(), QStringLiteral("Inspect"));
    QTest::keyClick(search, Qt::Key_Return);
    QVERIFY(!palette->isVisible());
    QVERIFY(find<QAbstractButton>(m_window.get(), QStringLiteral("railInspect"))->isChecked());
    QTest::keyClick(m_window.get(), Qt::Key_K, Qt::ControlModifier);
    QVERIFY(palette->isVisible());
    QTest::keyClick(search, Qt::Key_Escape);
    QVERIFY(!palette->isVisible());
}

void WindowTest::settingsAreKept()
{
    QTest::keyClick(m_window.get(), Qt::Key_Comma, Qt::ControlModifier);
    auto *dialog = find<QDialog>(m_window.get(), QStringLiteral("settingsDialog"));
    QVERIFY(dialog && dialog->isVisible());
    saveScreenshot(*dialog, QStringLiteral("settings-dark"));
    auto *threads = find<QSpinBox>(dialog, QStringLiteral("threads"));
    threads->setFocus();
    QTest::keySequence(threads, QKeySequence::SelectAll);
    QTest::keyClicks(threads, QStringLiteral("3"));
    click(dialog->findChild<QWidget *>(QStringLiteral("segment-1")));
    QVERIFY(!m_theme->isDark());
    QTest::keyClick(dialog, Qt::Key_Return);
    QTRY_VERIFY(!find<QDialog>(m_window.get(), QStringLiteral("settingsDialog")));
    QCOMPARE(Preferences::load().threads, 3);
    QCOMPARE(QSettings().value(QStringLiteral("theme")).toInt(), int(ThemeChoice::light));

    // Cancelled: the look comes back, nothing is kept.
    action("actionSettings")->trigger();
    dialog = find<QDialog>(m_window.get(), QStringLiteral("settingsDialog"));
    click(dialog->findChild<QWidget *>(QStringLiteral("segment-2")));
    QVERIFY(m_theme->isDark());
    QTest::keyClick(dialog, Qt::Key_Escape);
    QVERIFY(!m_theme->isDark());
    Preferences{}.save();
}

void WindowTest::editsCanBeUndone()
{
    if (sampleFolder().isEmpty())
        QSKIP("the sample is not in the tree");
    open(sample());
    click(find<QWidget>(m_window.get(), QStringLiteral("railConvert")));
    auto *output = find<QLineEdit>(m_window.get(), QStringLiteral("outputFile"));
    const QString before = output->text();
    QVERIFY(!action("actionUndo")->isEnabled());
    QTest::keySequence(output, QKeySequence::SelectAll);
    QTest::keyClicks(output, QStringLiteral("here.hef"));
    auto *colour = find<QComboBox>(m_window.get(), QStringLiteral("colorOrder"));
    QTest::keyClick(colour, Qt::Key_Down);
    QCOMPARE(colour->currentIndex(), 1);
    const QString chip = find<QWidget>(m_window.get(), QStringLiteral("segment-hailo8"))
                             ? QStringLiteral("segment-hailo8")
                             : QString();
    click(find<QWidget>(m_window.get(), chip));
    QVERIFY(find<QAbstractButton>(m_window.get(), chip)->isChecked());
    action("actionUndo")->trigger();
    QVERIFY(!find<QAbstractButton>(m_window.get(), chip)->isChecked());
    action("actionUndo")->trigger();
    QCOMPARE(colour->currentIndex(), 0);
    QCOMPARE(output->text(), QStringLiteral("here.hef"));
    action("actionUndo")->trigger(); // all the typing is one step
    QCOMPARE(output->text(), before);
    QVERIFY(!action("actionUndo")->isEnabled());
    action("actionRedo")->trigger();
    QCOMPARE(output->text(), QStringLiteral("here.hef"));
}

void WindowTest::opensARecipe()
{
    if (sampleFolder().isEmpty())
        QSKIP("the sample is not in the tree");
    QTemporaryDir folder;
    QVERIFY(QFile::copy(sample(), folder.filePath(QStringLiteral("net.onnx"))));
    QFile recipe(folder.filePath(QStringLiteral("net.recipe.json")));
    QVERIFY(recipe.open(QIODevice::WriteOnly));
    Recipe written;
    written.settings.model = toPath(folder.filePath(QStringLiteral("net.onnx")));
    written.settings.output = toPath(folder.filePath(QStringLiteral("net.hef")));
    written.settings.arch = "hailo8";
    written.settings.color = ColorOrder::bgr;
    recipe.close();
    QVERIFY(writeRecipe(toPath(recipe.fileName()), written));
    open(recipe.fileName());
    QTRY_COMPARE(m_window->findChild<QLabel *>(QStringLiteral("documentName"))->text(),
                 QStringLiteral("net.onnx"));
    QVERIFY(find<QAbstractButton>(m_window.get(), QStringLiteral("segment-hailo8"))->isChecked());
    QCOMPARE(find<QComboBox>(m_window.get(), QStringLiteral("colorOrder"))->currentData().toString(),
             QStringLiteral("bgr"));

    // A broken one is a card, and no project stays half open.
    QVERIFY(recipe.open(QIODevice::WriteOnly | QIODevice::Truncate));
    recipe.write("{\"recipe\": 1");
    recipe.close();
    m_window->openPath(recipe.fileName());
    QTRY_VERIFY(findVisible<DiagnosticCard>(m_window.get(), QStringLiteral("diagnostic")));
    QVERIFY(!action("actionBuild")->isEnabled());
}

void WindowTest::folderOfNetworksOpensThem()
{
    if (sampleFolder().isEmpty())
        QSKIP("the sample is not in the tree");
    QTemporaryDir folder;
    QVERIFY(QFile::copy(sample(), folder.filePath(QStringLiteral("net.onnx"))));
    open(folder.path());
    // A folder of pictures is the calibration set.
    m_window->openPath(sampleFolder() + QStringLiteral("/pictures"));
    auto *calibration = find<QLineEdit>(m_window.get(), QStringLiteral("calibrationFolder"));
    QVERIFY(calibration->isVisible());
    QVERIFY(calibration->text().endsWith(QStringLiteral("/pictures")));
}

void WindowTest::statusSaysDeviceThreadsAndMemory()
{
    auto *device = find<QLabel>(m_window.get(), QStringLiteral("statusDevice"));
    auto *memory = find<QLabel>(m_window.get(), QStringLiteral("statusMemory"));
    QVERIFY(device->text().startsWith(QStringLiteral("Hailo-8")));
    QVERIFY(memory->text().contains(QRegularExpression(QStringLiteral("\\d"))));
}

QTEST_MAIN(WindowTest)
#include "tst_window.moc"
