// The Bench page: what it says while there is nothing, pictures dropped on it, thresholds, the
// swipe, the numbers of an output, a picture that is broken.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui_support.h"

#include "bench/bench_model.h"
#include "bench/bench_page.h"
#include "bench/bench_view.h"
#include "common/diagnostic_card.h"
#include "common/files.h"
#include "common/segmented_control.h"
#include "theme/theme.h"
#include "translations.h"

#include <QAction>
#include <QComboBox>
#include <QDropEvent>
#include <QLabel>
#include <QMimeData>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QTableView>

using namespace hefstudio;
using namespace hefstudio::gui;

class BenchTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void emptyStatesLeadOn();
    void picturesAreComparedWorstFirst();
    void thresholdsAndClassMoveTheFigures();
    void theSwipeFollowsMouseAndKeys();
    void aBrokenPictureIsExplained();
    void networksWithoutBoxesShowTheirOutputs();

private:
    void openSample();
    void drop(const QStringList &paths);
    void waitFor(int pictures);
    template<class T> T *shown(const char *name)
    {
        return findVisible<T>(m_page.get(), QLatin1String(name));
    }

    std::unique_ptr<Theme> m_theme;
    QTemporaryDir m_folder;
    QString m_hef;
    std::unique_ptr<Project> m_project;
    std::unique_ptr<QAction> m_open, m_sample;
    std::unique_ptr<BenchPage> m_page;
};

void BenchTest::initTestCase()
{
    isolateSettings();
    installTranslations(*qApp, QLocale(QLocale::English));
    m_theme = std::make_unique<Theme>(*qApp);
    m_hef = m_folder.filePath(QStringLiteral("detector.emulation.hef"));
    QCOMPARE(QProcess::execute(converterProgram(),
                               {QStringLiteral("convert"),
                                sampleFolder() + QStringLiteral("/detector.onnx"),
                                QStringLiteral("--calib"),
                                sampleFolder() + QStringLiteral("/pictures"), QStringLiteral("-o"),
                                m_hef, QStringLiteral("--progress"), QStringLiteral("none")}),
             0);
}

void BenchTest::init()
{
    m_theme->setChoice(ThemeChoice::dark);
    m_page.reset();
    m_project = std::make_unique<Project>();
    m_open = std::make_unique<QAction>(QStringLiteral("Open"));
    m_sample = std::make_unique<QAction>(QStringLiteral("Sample"));
    m_page = std::make_unique<BenchPage>(*m_project, m_open.get(), m_sample.get());
    m_page->resize(1366, 800);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
}

void BenchTest::openSample()
{
    ConversionChoices choices;
    choices.model = sampleFolder() + QStringLiteral("/detector.onnx");
    choices.calibration = sampleFolder() + QStringLiteral("/pictures");
    choices.output = m_hef;
    m_project->open(choices);
}

void BenchTest::drop(const QStringList &paths)
{
    QMimeData data;
    QList<QUrl> urls;
    for (const QString &path : paths)
        urls << QUrl::fromLocalFile(path);
    data.setUrls(urls);
    QDragEnterEvent enter(QPoint(200, 200), Qt::CopyAction, &data, Qt::LeftButton, {});
    QCoreApplication::sendEvent(m_page.get(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(QPointF(200, 200), Qt::CopyAction, &data, Qt::LeftButton, {});
    QCoreApplication::sendEvent(m_page.get(), &event);
}

void BenchTest::waitFor(int pictures)
{
    QTRY_COMPARE_WITH_TIMEOUT(int(m_page->session().pictures().size()), pictures, 60000);
    QTRY_VERIFY_WITH_TIMEOUT(!m_page->session().isRunning(), 10000);
}

void BenchTest::emptyStatesLeadOn()
{
    saveScreenshot(*m_page, QStringLiteral("bench-empty-dark"));
    ConversionChoices choices;
    choices.model = sampleFolder() + QStringLiteral("/detector.onnx");
    choices.output = m_folder.filePath(QStringLiteral("never-built.hef"));
    m_project->open(choices);
    QSignalSpy build(m_page.get(), &BenchPage::buildRequested);
    m_page->findChild<QAction *>(QStringLiteral("benchBuild"))->trigger();
    QCOMPARE(build.count(), 1);
    openSample();
    // Same network, but now there is a HEF.
    m_page->setHef(m_hef);
    QVERIFY(m_page->findChild<QAction *>(QStringLiteral("benchUseCalibration"))->isEnabled());
    saveScreenshot(*m_page, QStringLiteral("bench-drop-dark"));
}

void BenchTest::picturesAreComparedWorstFirst()
{
    openSample();
    drop({sampleFolder() + QStringLiteral("/pictures")});
    waitFor(28);
    auto *rows = shown<QTableView>("benchPictures")->model();
    QCOMPARE(rows->rowCount(), 28);
    double before = -1;
    for (int row = 0; row < rows->rowCount(); ++row) {
        const double share =
            rows->index(row, BenchModel::AgreementColumn).data().toString().split(u' ')[0].toDouble();
        QVERIFY(share >= before);
        before = share;
    }
    QVERIFY(shown<QLabel>("benchSetFigure")->text().endsWith(QStringLiteral("%")));
    QTRY_VERIFY(shown<QComboBox>("benchOutput")->count() > 0); // the details arrived
    saveScreenshot(*m_page, QStringLiteral("bench-dark"));
    m_theme->setChoice(ThemeChoice::light);
    saveScreenshot(*m_page, QStringLiteral("bench-light"));
    m_page->resize(1200, 620); // what 1280×720 leaves
    saveScreenshot(*m_page, QStringLiteral("bench-light-1280"));
    // A row chosen by key shows that picture.
    auto *list = shown<QTableView>("benchPictures");
    list->setFocus();
    const QString facts = shown<QLabel>("benchPictureFacts")->text();
    QTest::keyClick(list, Qt::Key_Down);
    QTRY_VERIFY(shown<QLabel>("benchPictureFacts")->text() != facts);
}

void BenchTest::thresholdsAndClassMoveTheFigures()
{
    openSample();
    drop({sampleFolder() + QStringLiteral("/pictures")});
    waitFor(28);
    const auto count = [this] {
        int boxes = 0;
        const auto *rows = shown<QTableView>("benchPictures")->model();
        for (int row = 0; row < rows->rowCount(); ++row)
            boxes += rows->index(row, BenchModel::BoxesColumn).data().toString().split(u' ')[0].toInt();
        return boxes;
    };
    const int boxes = count();
    QVERIFY(boxes > 0);
    auto *score = shown<QSlider>("benchScore");
    score->setFocus();
    for (int i = 0; i < 5; ++i)
        QTest::keyClick(score, Qt::Key_PageUp);
    QVERIFY(score->value() > 25);
    QVERIFY(count() < boxes);
    QTest::keyClick(score, Qt::Key_Home);
    QVERIFY(count() >= boxes);
    auto *one = shown<QComboBox>("benchClass");
    QVERIFY(one->count() > 1);
    const int all = count();
    one->setFocus();
    QTest::keyClick(one, Qt::Key_Down);
    QVERIFY(count() < all);
}

void BenchTest::theSwipeFollowsMouseAndKeys()
{
    openSample();
    drop({sampleFolder() + QStringLiteral("/pictures/shapes-01.jpg")});
    waitFor(1);
    auto *view = shown<BenchView>("benchView");
    click(m_page->findChild<QWidget *>(QStringLiteral("segment-swipe")));
    QVERIFY(view->mode() == BenchView::Mode::swipe);
    QTRY_VERIFY(shown<QComboBox>("benchOutput")->count() > 0);
    view->setFocus();
    const double before = view->swipe();
    QTest::keyClick(view, Qt::Key_Right);
    QVERIFY(view->swipe() > before);
    QTest::mouseClick(view, Qt::LeftButton, {}, QPoint(view->width() / 4, view->height() / 2));
    QVERIFY(view->swipe() < before);
    saveScreenshot(*m_page, QStringLiteral("bench-swipe-dark"));
}

void BenchTest::aBrokenPictureIsExplained()
{
    openSample();
    const QString broken = m_folder.filePath(QStringLiteral("broken.jpg"));
    QFile file(broken);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("this is no picture");
    file.close();
    drop({sampleFolder() + QStringLiteral("/pictures/shapes-01.jpg"), broken});
    QTRY_VERIFY_WITH_TIMEOUT(shown<DiagnosticCard>("diagnostic"), 30000);
    QTRY_COMPARE_WITH_TIMEOUT(int(m_page->session().pictures().size()), 1, 30000);
    saveScreenshot(*m_page, QStringLiteral("bench-broken-dark"));
}

void BenchTest::networksWithoutBoxesShowTheirOutputs()
{
    const QString data = QStringLiteral(HEFSTUDIO_SOURCE_DIR "/tests/data/");
    const QString hef = m_folder.filePath(QStringLiteral("classifier.hef"));
    QCOMPARE(QProcess::execute(converterProgram(),
                               {QStringLiteral("convert"), data + QStringLiteral("classifier.onnx"),
                                QStringLiteral("--calib"),
                                data + QStringLiteral("classifier_pictures"),
                                QStringLiteral("--normalize"), QStringLiteral("0/255"),
                                QStringLiteral("-o"), hef, QStringLiteral("--progress"),
                                QStringLiteral("none")}),
             0);
    ConversionChoices choices;
    choices.model = data + QStringLiteral("classifier.onnx");
    choices.output = hef;
    m_project->open(choices);
    drop({data + QStringLiteral("classifier_pictures")});
    QTRY_VERIFY_WITH_TIMEOUT(m_page->session().pictures().size() > 2, 30000);
    QVERIFY(!m_page->session().isDetector());
    QVERIFY(shown<QLabel>("benchSetFigure")->text().endsWith(QStringLiteral("dB")));
    QVERIFY(!shown<QSlider>("benchScore")->isEnabled());
    QTRY_VERIFY(shown<QComboBox>("benchOutput")->count() > 0);
    saveScreenshot(*m_page, QStringLiteral("bench-outputs-dark"));
}

QTEST_MAIN(BenchTest)
#include "tst_bench.moc"
