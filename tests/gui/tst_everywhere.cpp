// What must hold on every page: Tab reaches everything, nothing that can have the focus is without
// a name, longer words still fit and all of them are translatable, the event loop never stops for
// long while a large network loads, and closing in the middle of work is clean.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui_support.h"

#include "common/files.h"
#include "graph/graph_canvas.h"
#include "main_window.h"
#include "onnx_builder.h"
#include "translations.h"

#include <QButtonGroup>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QSet>
#include <QThreadPool>
#include <QTimer>
#include <QTranslator>

using namespace hefstudio;
using namespace hefstudio::gui;

namespace {

constexpr const char *rails[] = {"railStart",   "railGraph",   "railCalibrate", "railConvert",
                                 "railInspect", "railProfile", "railBench"};

// Every sentence 40 % longer and in brackets.
class LongWords final : public QTranslator {
public:
    bool isEmpty() const override { return false; }
    QString translate(const char *context, const char *source, const char *, int n) const override
    {
        // Qt's own sentences are Qt's business.
        if (QLatin1String(context).startsWith(QLatin1Char('Q')))
            return {};
        QString text = QString::fromUtf8(source);
        if (n >= 0)
            text.replace(QStringLiteral("%n"), QString::number(n));
        return QChar(0x2045) + text + QString(text.size() * 2 / 5, QLatin1Char('~')) +
               QChar(0x2046);
    }
};

void writeChain(const QString &file, int nodes)
{
    OnnxBuilder model(13);
    model.input("images", {1, 8, 16, 16});
    model.floats("w", {8, 8, 3, 3});
    std::string last = "images";
    for (int i = 0; i + 2 <= nodes; i += 2) {
        const std::string conv = "c" + std::to_string(i), relu = "r" + std::to_string(i);
        model.node("Conv", {last, "w"}, {conv}, {{"pads", {1, 1, 1, 1}}});
        model.node("Relu", {conv}, {relu});
        last = relu;
    }
    model.output(last);
    model.write(file.toStdString());
}

QString describe(const QWidget *widget)
{
    return QStringLiteral("%1 “%2”").arg(QLatin1String(widget->metaObject()->className()),
                                         widget->objectName());
}

} // namespace

class EverywhereTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup() { m_window.reset(); }
    void tabReachesEverything();
    void everythingHasAName();
    void longWordsFit_data();
    void longWordsFit();
    void loopNeverStopsWhileLoading();
    void closingInTheMiddleIsClean();

private:
    void openSample();
    GraphCanvas *canvas()
    {
        return m_window->findChild<GraphCanvas *>(QStringLiteral("graphCanvas"));
    }
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<MainWindow> m_window;
};

void EverywhereTest::initTestCase()
{
    isolateSettings();
    if (sampleFolder().isEmpty())
        QSKIP("the sample is not in the tree");
    m_theme = std::make_unique<Theme>(*qApp);
}

void EverywhereTest::init()
{
    m_theme->setChoice(ThemeChoice::dark);
    m_window = std::make_unique<MainWindow>(*m_theme);
    m_window->resize(1280, 720);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

void EverywhereTest::openSample()
{
    m_window->findChild<QAction *>(QStringLiteral("actionOpenSample"))->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(canvas()->isVisible(), 30000);
}

void EverywhereTest::tabReachesEverything()
{
    openSample();
    for (const char *rail : rails) {
        click(m_window->findChild<QWidget *>(QLatin1String(rail)));
        QSet<const QWidget *> reached;
        m_window->findChild<QWidget *>(QLatin1String(rail))->setFocus();
        for (int i = 0; i < 300; ++i) {
            QWidget *focus = QApplication::focusWidget();
            QVERIFY(focus);
            reached.insert(focus);
            QTest::keyClick(focus, Qt::Key_Tab);
        }
        QStringList missed;
        for (const QWidget *widget : m_window->findChildren<QWidget *>()) {
            if (!widget->isVisible() || !widget->isEnabled() ||
                !(widget->focusPolicy() & Qt::TabFocus) || widget->focusProxy() ||
                widget->objectName().startsWith(QStringLiteral("qt_")))
                continue;
            // Of a group of which one is chosen, the arrow keys reach the others.
            const auto *button = qobject_cast<const QAbstractButton *>(widget);
            if (button && button->group() && button->group()->exclusive() && !button->isChecked())
                continue;
            if (!reached.contains(widget))
                missed << describe(widget);
        }
        QVERIFY2(missed.isEmpty(),
                 qPrintable(QLatin1String(rail) + QStringLiteral(": ") +
                            missed.join(QStringLiteral(", "))));
    }
}

void EverywhereTest::everythingHasAName()
{
    openSample();
    for (const char *rail : rails) {
        click(m_window->findChild<QWidget *>(QLatin1String(rail)));
        QStringList nameless;
        for (const QWidget *widget : m_window->findChildren<QWidget *>()) {
            if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible() ||
                widget->objectName().startsWith(QStringLiteral("qt_")))
                continue;
            const auto *button = qobject_cast<const QAbstractButton *>(widget);
            if (widget->accessibleName().isEmpty() && (!button || button->text().isEmpty()))
                nameless << describe(widget);
        }
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(QStringLiteral(", "))));
    }
}

void EverywhereTest::longWordsFit_data()
{
    QTest::addColumn<bool>("dark");
    QTest::newRow("dark") << true;
    QTest::newRow("light") << false;
}

void EverywhereTest::longWordsFit()
{
    QFETCH(bool, dark);
    LongWords words;
    QCoreApplication::installTranslator(&words);
    m_theme->setChoice(dark ? ThemeChoice::dark : ThemeChoice::light);
    m_window = std::make_unique<MainWindow>(*m_theme);
    m_window->resize(1280, 720);
    m_window->show();
    openSample();
    QStringList faults;
    const auto isTranslated = [](const QString &text) {
        return text.isEmpty() || text.contains(QChar(0x2045)) ||
               !text.contains(QRegularExpression(QStringLiteral("[a-z]{3}"))) ||
               text.startsWith(QStringLiteral("batch"));
    };
    for (const QAction *menu : m_window->menuBar()->actions())
        if (!isTranslated(menu->text()))
            faults << menu->text();
    for (const char *rail : rails) {
        click(m_window->findChild<QWidget *>(QLatin1String(rail)));
        QCoreApplication::processEvents();
        for (const QAbstractButton *button : m_window->findChildren<QAbstractButton *>()) {
            if (!button->isVisible() || button->text().isEmpty() ||
                button->objectName() == QStringLiteral("cutOutput"))
                continue;
            if (!isTranslated(button->text()))
                faults << QStringLiteral("untranslated: ") + button->text();
            // Rail buttons elide on purpose and have a tool tip's worth of name.
            if (button->width() + 1 < button->minimumSizeHint().width())
                faults << QStringLiteral("clipped: ") + button->text();
        }
        for (const QLabel *label : m_window->findChildren<QLabel *>()) {
            if (!label->isVisible() || label->wordWrap() || label->text().isEmpty() ||
                !label->toolTip().isEmpty())
                continue;
            if (label->text().contains(QChar(0x2045)) &&
                label->width() + 1 < label->minimumSizeHint().width())
                faults << QStringLiteral("clipped: ") + label->text();
        }
        saveScreenshot(*m_window,
                       QStringLiteral("long-%1-%2").arg(QLatin1String(rail)).arg(dark ? 1 : 0));
    }
    m_window.reset();
    QCoreApplication::removeTranslator(&words);
    faults.removeDuplicates();
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QStringLiteral("; "))));
}

void EverywhereTest::loopNeverStopsWhileLoading()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("thousand.onnx"));
    writeChain(file, 1000);
    for (const char *rail : rails) {
        QTimer timer;
        timer.setTimerType(Qt::PreciseTimer);
        timer.setInterval(5);
        QElapsedTimer clock;
        qint64 longest = 0;
        connect(&timer, &QTimer::timeout, this, [&] {
            longest = std::max(longest, clock.restart());
        });
        m_window->openPath(file);
        click(m_window->findChild<QWidget *>(QLatin1String(rail)));
        clock.start();
        timer.start();
        auto *build = m_window->findChild<QAction *>(QStringLiteral("actionBuild"));
        QTRY_VERIFY_WITH_TIMEOUT(build->isEnabled(), 30000);
        // The estimates arrive, too.
        QTRY_COMPARE_WITH_TIMEOUT(QThreadPool::globalInstance()->activeThreadCount(), 0, 60000);
        QCoreApplication::processEvents();
        timer.stop();
        qInfo("%s: longest pause %lld ms", rail, longest);
        QVERIFY(longest < 250);
        m_window = std::make_unique<MainWindow>(*m_theme);
        m_window->resize(1280, 720);
        m_window->show();
    }
}

void EverywhereTest::closingInTheMiddleIsClean()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("large.onnx"));
    writeChain(file, 3000);
    for (int i = 0; i < 3; ++i) {
        m_window->openPath(file);
        QCoreApplication::processEvents();
        m_window->close();
        m_window = std::make_unique<MainWindow>(*m_theme);
        m_window->show();
    }
    // A second file takes the place of the first one that was on its way.
    m_window->openPath(file);
    openSample();
    QTRY_COMPARE(m_window->findChild<QLabel *>(QStringLiteral("documentName"))->text(),
                 QStringLiteral("detector.onnx"));
}

QTEST_MAIN(EverywhereTest)
#include "tst_everywhere.moc"
