// The ways through the product, by mouse and keys only, with a picture of each step: the scripts of
// the same letters in tests/flows are the same ways on the command line. Also the queue, the history
// and what is learned from it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui_support.h"

#include "bench/bench_page.h"
#include "common/files.h"
#include "convert/chip_hef_dialog.h"
#include "convert/convert_page.h"
#include "convert/jobs_panel.h"
#include "convert/stage_model.h"
#include "convert/time_left.h"
#include "inspect/hef_view.h"
#include "inspect/inspect_page.h"
#include "main_window.h"
#include "translations.h"

#include <QDropEvent>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QElapsedTimer>
#include <QListView>
#include <QScrollArea>
#include <QMimeData>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>

using namespace hefstudio;
using namespace hefstudio::gui;

class FlowsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void a_theSampleInThreeClicks();
    void b_ownModelWithItsData();
    void d_twoHefsAndAVerdict();
    void e_theJobForAChipHef();
    void theWindowAndTheCommandLineMakeTheSameBytes();
    void cancellingTakesNoTime();
    void aQueueOfPresetsFillsTheTable();
    void timeLeftIsLearned();
    void historyIsKept();

private:
    void press(const char *name);
    void drop(const QStringList &paths);
    void waitForTheEnd();
    void copySample(const QString &to);
    bool converts(const QStringList &arguments);
    template<class T> T *shown(const char *name)
    {
        return findVisible<T>(m_window.get(), QLatin1String(name));
    }
    ConvertPage *page() { return m_window->findChild<ConvertPage *>(); }
    QString file(const char *name) const { return m_folder->filePath(QLatin1String(name)); }

    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<MainWindow> m_window;
    std::unique_ptr<QTemporaryDir> m_folder;
    int m_interactions = 0;
};

void FlowsTest::initTestCase()
{
    isolateSettings();
    installTranslations(*qApp, QLocale(QLocale::English));
    m_theme = std::make_unique<Theme>(*qApp);
}

void FlowsTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    qputenv("HOME", m_folder->path().toUtf8()); // where the sample's HEF goes
    QFile::remove(ConversionHistory::defaultFile());
    m_theme->setChoice(ThemeChoice::dark);
    m_window = std::make_unique<MainWindow>(*m_theme);
    m_window->resize(1440, 900);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    m_interactions = 0;
}

void FlowsTest::cleanup()
{
    m_window.reset();
}

void FlowsTest::press(const char *name)
{
    auto *widget = shown<QWidget>(name);
    QVERIFY2(widget, name);
    QTRY_VERIFY_WITH_TIMEOUT(widget->isEnabled(), 30000);
    click(widget);
    ++m_interactions;
}

void FlowsTest::drop(const QStringList &paths)
{
    QMimeData data;
    QList<QUrl> urls;
    for (const QString &path : paths)
        urls << QUrl::fromLocalFile(path);
    data.setUrls(urls);
    QDragEnterEvent enter(QPoint(200, 200), Qt::CopyAction, &data, Qt::LeftButton, {});
    QCoreApplication::sendEvent(m_window.get(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(QPointF(200, 200), Qt::CopyAction, &data, Qt::LeftButton, {});
    QCoreApplication::sendEvent(m_window.get(), &event);
    ++m_interactions;
}

void FlowsTest::waitForTheEnd()
{
    QSignalSpy ended(page(), &ConvertPage::runningChanged);
    while (page()->isRunning())
        QVERIFY(ended.wait(120000));
}

void FlowsTest::copySample(const QString &to)
{
    std::filesystem::copy(toPath(sampleFolder()), toPath(to),
                          std::filesystem::copy_options::recursive);
}

bool FlowsTest::converts(const QStringList &arguments)
{
    QProcess process;
    process.start(converterProgram(), arguments);
    return process.waitForFinished(120000) && process.exitCode() == 0;
}

// Sample, Build, Try on Pictures.
void FlowsTest::a_theSampleInThreeClicks()
{
    saveScreenshot(*m_window, QStringLiteral("flow-a-1"));
    press("welcomeSample");
    QTRY_VERIFY_WITH_TIMEOUT(shown<QWidget>("build") && shown<QWidget>("build")->isEnabled(), 30000);
    saveScreenshot(*m_window, QStringLiteral("flow-a-2"));
    press("build");
    waitForTheEnd();
    QVERIFY(shown<QWidget>("resultCard"));
    QVERIFY(shown<QLabel>("resultText")->text().contains(QStringLiteral("does not run on a chip")));
    QVERIFY(m_interactions <= 3);
    saveScreenshot(*m_window, QStringLiteral("flow-a-3"));
    press("openInBench");
    QCOMPARE(m_interactions, 3);
    QVERIFY(shown<BenchPage>("benchPage"));
}

// Drop network and pictures, board, build, bench: five interactions, and nothing typed.
void FlowsTest::b_ownModelWithItsData()
{
    copySample(file("own"));
    QFile data(file("own/data.yaml"));
    QVERIFY(data.open(QIODevice::WriteOnly));
    data.write("train: pictures\nnames:\n  0: circle\n  1: square\n");
    data.close();
    drop({file("own/detector.onnx"), file("own/pictures")});
    QTRY_VERIFY_WITH_TIMEOUT(shown<QWidget>("build") && shown<QWidget>("build")->isEnabled(), 30000);
    press("segment-hailo8");
    press("railConvert"); // the input contract, the pictures and what they allow, to confirm
    QTRY_COMPARE_WITH_TIMEOUT(page()->settings().calibration, file("own/pictures"), 5000);
    QTRY_VERIFY_WITH_TIMEOUT(shown<QLabel>("pictureCount")->text().contains(QStringLiteral("28")),
                             10000);
    saveScreenshot(*m_window, QStringLiteral("flow-b-1"));
    press("build");
    waitForTheEnd();
    QVERIFY(shown<QWidget>("resultCard"));
    saveScreenshot(*m_window, QStringLiteral("flow-b-2"));
    press("openInBench");
    press("benchUseCalibration");
    const auto *bench = m_window->findChild<BenchPage *>();
    QTRY_COMPARE_WITH_TIMEOUT(int(bench->session().pictures().size()), 28, 60000);
    QVERIFY(m_interactions <= 8);
    QVERIFY(summaryOf(bench->session().pictures(), {}).share() > 0.8);
    QTest::qWait(50); // the picture in sight arrives from its worker
    saveScreenshot(*m_window, QStringLiteral("flow-b-3"));
}

void FlowsTest::d_twoHefsAndAVerdict()
{
    copySample(file("own"));
    for (const char *preset : {"fast", "accurate"})
        QVERIFY(converts({QStringLiteral("convert"), file("own/detector.onnx"),
                          QStringLiteral("--calib"), file("own/pictures"),
                          QStringLiteral("--preset"), QLatin1String(preset), QStringLiteral("-o"),
                          file("own/") + QLatin1String(preset) + QStringLiteral(".hef")}));
    drop({file("own/fast.hef"), file("own/accurate.hef")});
    QTRY_VERIFY_WITH_TIMEOUT(shown<HefView>("hefView"), 30000);
    m_window->findChild<InspectPage *>()->compare(file("own/fast.hef"), file("own/accurate.hef"));
    QTRY_VERIFY_WITH_TIMEOUT(shown<QLabel>("diffVerdict"), 30000);
    QVERIFY(!shown<QLabel>("diffVerdict")->text().isEmpty());
    QVERIFY(shown<QTableView>("differences")->model()->rowCount() > 0);
    saveScreenshot(*m_window, QStringLiteral("flow-d-1"));
    // Both execute: each against the float network, on the same pictures.
    m_window->openPath(file("own/detector.onnx"));
    press("railBench");
    auto *bench = m_window->findChild<BenchPage *>();
    QTRY_VERIFY_WITH_TIMEOUT(shown<QWidget>("build") && shown<QWidget>("build")->isEnabled(), 30000);
    press("railBench");
    double shares[2];
    for (int i = 0; i < 2; ++i) {
        bench->setHef(file(i == 0 ? "own/fast.hef" : "own/accurate.hef"));
        bench->setPictures({file("own/pictures")});
        QTRY_COMPARE_WITH_TIMEOUT(int(bench->session().pictures().size()), 28, 60000);
        shares[i] = summaryOf(bench->session().pictures(), {}).share();
        QVERIFY(shares[i] > 0.8);
    }
    qInfo("boxes that agree with the float network: fast %.3f, accurate %.3f", shares[0], shares[1]);
    saveScreenshot(*m_window, QStringLiteral("flow-d-2"));
}

// From the emulation HEF to the job for a machine with the compiler.
void FlowsTest::e_theJobForAChipHef()
{
    copySample(file("own"));
    drop({file("own/detector.onnx"), file("own/pictures")});
    press("build");
    waitForTheEnd();
    press("getChipHef");
    QTRY_VERIFY(shown<ChipHefDialog>("chipHefDialog"));
    saveScreenshot(*shown<ChipHefDialog>("chipHefDialog"), QStringLiteral("flow-e-1"));
    press("writeJob");
    QTRY_VERIFY_WITH_TIMEOUT(!shown<ChipHefDialog>("chipHefDialog")->isWriting(), 60000);
    QVERIFY2(QFileInfo(file("own/detector-job/run.sh")).isExecutable(),
             qPrintable(shown<QLabel>("jobState")->text()));
    QVERIFY(shown<QLabel>("jobState")->text().contains(QStringLiteral("run.sh")));
    saveScreenshot(*shown<ChipHefDialog>("chipHefDialog"), QStringLiteral("flow-e-2"));
    press("closeChipHef");
}

void FlowsTest::theWindowAndTheCommandLineMakeTheSameBytes()
{
    copySample(file("own"));
    drop({file("own/detector.onnx"), file("own/pictures")});
    press("railConvert");
    QTRY_COMPARE_WITH_TIMEOUT(page()->settings().calibration, file("own/pictures"), 30000);
    press("preset-balanced");
    press("build");
    waitForTheEnd();
    QVERIFY(shown<QWidget>("resultCard"));
    const auto document = [](const QString &name) {
        QFile json(name);
        [&] { QVERIFY(json.open(QIODevice::ReadOnly)); }();
        QJsonObject all = QJsonDocument::fromJson(json.readAll()).object();
        all.remove(QStringLiteral("stages"));
        all.remove(QStringLiteral("peak_rss_bytes"));
        return all;
    };
    const QJsonObject window = document(page()->reportFile());
    QFile built(page()->settings().output);
    QVERIFY(built.open(QIODevice::ReadOnly));
    const QByteArray bytes = built.readAll();
    built.close();
    // The same choices, written as a person would.
    QVERIFY(converts({QStringLiteral("convert"), file("own/detector.onnx"),
                      QStringLiteral("--calib"), file("own/pictures"), QStringLiteral("--preset"),
                      QStringLiteral("balanced"), QStringLiteral("--labels"),
                      file("own/labels.txt"), QStringLiteral("--report"), file("report.json")}));
    QVERIFY(built.open(QIODevice::ReadOnly));
    QVERIFY(bytes == built.readAll());
    QCOMPARE(document(file("report.json")), window);
}

void FlowsTest::cancellingTakesNoTime()
{
    copySample(file("own"));
    drop({file("own/detector.onnx"), file("own/pictures")});
    press("railConvert");
    QTRY_COMPARE_WITH_TIMEOUT(page()->settings().calibration, file("own/pictures"), 30000);
    press("preset-accurate");
    press("build");
    auto *stages = m_window->findChild<QListView *>(QStringLiteral("stages"))->model();
    QTRY_COMPARE_WITH_TIMEOUT(stages->index(1, 0).data(StageModel::StateRole).toInt(),
                              int(StageModel::State::done), 30000);
    QElapsedTimer clock;
    clock.start();
    press("cancelConversion");
    waitForTheEnd();
    qInfo("cancelled in %lld ms", clock.elapsed());
    QVERIFY(clock.elapsed() < 1000); // 200 on a quiet machine; this one may be busy
    QVERIFY(shown<QLabel>("failureTitle")->text().contains(QStringLiteral("Cancelled")));
    QVERIFY(!QFile::exists(page()->settings().output));
}

void FlowsTest::aQueueOfPresetsFillsTheTable()
{
    copySample(file("own"));
    drop({file("own/detector.onnx"), file("own/pictures")});
    press("railConvert");
    QTRY_COMPARE_WITH_TIMEOUT(page()->settings().calibration, file("own/pictures"), 30000);
    auto *jobs = m_window->findChild<JobsPanel *>();
    m_window->findChild<QScrollArea *>(QStringLiteral("setupPanel"))->ensureWidgetVisible(jobs);
    press("addPresets");
    press("addToQueue");
    auto *table = m_window->findChild<QTableView *>(QStringLiteral("conversions"))->model();
    QCOMPARE(table->rowCount(), 4);
    saveScreenshot(*m_window, QStringLiteral("convert-queue-dark"));
    m_window->findChild<QTableView *>(QStringLiteral("conversions"))->selectRow(3);
    press("removeJob");
    QCOMPARE(table->rowCount(), 3);
    press("compareJobs");
    press("runQueue");
    QTRY_COMPARE_WITH_TIMEOUT(int(page()->history().entries().size()), 3, 120000);
    QTRY_VERIFY_WITH_TIMEOUT(page()->history().entries().front().mapRetained > 0, 60000);
    for (const PastConversion &entry : page()->history().entries()) {
        QCOMPARE(entry.outcome, QStringLiteral("done"));
        QVERIFY(QFile::exists(entry.choices.output));
        QVERIFY(entry.bytes > 0 && entry.contexts > 0 && entry.framesPerSecond > 0);
        QVERIFY(entry.snr > 10);
    }
    press("changeSettings");
    m_window->findChild<QScrollArea *>(QStringLiteral("setupPanel"))->ensureWidgetVisible(jobs);
    saveScreenshot(*m_window, QStringLiteral("convert-history-dark"));
    m_theme->setChoice(ThemeChoice::light);
    m_window->resize(1280, 720);
    saveScreenshot(*m_window, QStringLiteral("convert-setup-light-1280"));
}

// A run twice as slow as the one before says so after its first stages.
void FlowsTest::timeLeftIsLearned()
{
    TimeLeft left;
    QVERIFY(!left.secondsLeft(0));
    left.begin({{QStringLiteral("import"), 1}, {QStringLiteral("calibrate"), 8},
                {QStringLiteral("map"), 1}});
    QCOMPARE(*left.secondsLeft(0), 10.0);
    left.apply(StageStarted{"import", 0, 3}, 0);
    left.apply(StageFinished{"import", 2, {}, false}, 2);
    QCOMPARE(*left.secondsLeft(2), 18.0);
    left.apply(StageStarted{"calibrate", 1, 3}, 2);
    left.apply(StageProgress{"calibrate", 50, 100, {}}, 10);
    QCOMPARE(*left.secondsLeft(10), 10.0);
    // A stage from the cache is over at once and teaches nothing.
    left.apply(StageFinished{"calibrate", 0.01, {}, true}, 10);
    QCOMPARE(*left.secondsLeft(10), 2.0);
}

void FlowsTest::historyIsKept()
{
    const QString name = file("data/conversions.json");
    PastConversion entry;
    entry.when = QDateTime::currentDateTime();
    entry.choices.model = QStringLiteral("/a.onnx");
    entry.choices.endNodes = QStringList{QStringLiteral("x")};
    entry.outcome = QStringLiteral("done");
    entry.pictures = 10;
    entry.stages = {{QStringLiteral("calibrate"), 4}, {QStringLiteral("map"), 1}};
    {
        ConversionHistory history(name);
        history.add(entry);
        entry.choices.chip = QStringLiteral("hailo8");
        entry.stages = {{QStringLiteral("map"), 3}};
        history.add(entry);
    }
    const ConversionHistory back(name);
    QCOMPARE(int(back.entries().size()), 2);
    QCOMPARE(back.entries()[1].choices.endNodes, entry.choices.endNodes);
    // The calibration of the other chip's run, for twice the pictures; the partition of this one.
    const auto expected = back.expectedStages(entry.choices, 20);
    QCOMPARE(expected.value(QStringLiteral("calibrate")), 8.0);
    QCOMPARE(expected.value(QStringLiteral("map")), 3.0);
    entry.choices.preset = QStringLiteral("accurate");
    QVERIFY(back.expectedStages(entry.choices, 20).isEmpty());
    QFile broken(name);
    QVERIFY(broken.open(QIODevice::WriteOnly));
    broken.write("{]");
    broken.close();
    QVERIFY(ConversionHistory(name).entries().empty());
}

QTEST_MAIN(FlowsTest)
#include "tst_flows.moc"
