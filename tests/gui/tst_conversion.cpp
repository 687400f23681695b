// From opening a network to the finished HEF in the inspector, through the window and its own
// converter: actions, mouse and keys only.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui_support.h"

#include "common/diagnostic_card.h"
#include "common/files.h"
#include "convert/convert_page.h"
#include "convert/stage_model.h"
#include "graph/graph_canvas.h"
#include "inspect/hef_view.h"
#include "main_window.h"
#include "translations.h"

#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>

using namespace hefstudio;
using namespace hefstudio::gui;

class ConversionTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void fromNetworkToInspectedHef_data();
    void fromNetworkToInspectedHef();
    void cancelLeavesNoFile();
    void emptyFolderIsExplained();
    void unwritableOutputIsExplained();
    void secondRunStartsAfresh();
    void unknownContractIsAskedWithAButton();

private:
    void openSample();
    void type(const char *field, const QString &text);
    void goToConvert() { click(m_window->findChild<QWidget *>(QStringLiteral("railConvert"))); }
    void build() { click(m_window->findChild<QWidget *>(QStringLiteral("build"))); }
    void waitForTheEnd();
    template<class T> T *shown(const char *name)
    {
        return findVisible<T>(m_window.get(), QLatin1String(name));
    }
    QAbstractItemModel *stages()
    {
        return m_window->findChild<QListView *>(QStringLiteral("stages"))->model();
    }
    ConvertPage *page() { return m_window->findChild<ConvertPage *>(); }

    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<MainWindow> m_window;
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_output;
};

void ConversionTest::initTestCase()
{
    isolateSettings();
    installTranslations(*qApp, QLocale(QLocale::English));
    QVERIFY2(!converterProgram().isEmpty(), "hefc must stand beside this program");
    QVERIFY2(!sampleFolder().isEmpty(), "the bundled sample must be in the tree");
    m_theme = std::make_unique<Theme>(*qApp);
}

void ConversionTest::init()
{
    m_theme->setChoice(ThemeChoice::dark);
    m_folder = std::make_unique<QTemporaryDir>();
    m_output = m_folder->filePath(QStringLiteral("detector.emulation.hef"));
    m_window = std::make_unique<MainWindow>(*m_theme);
    m_window->resize(1600, 1000);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    openSample();
}

void ConversionTest::cleanup()
{
    m_window.reset();
}

void ConversionTest::openSample()
{
    m_window->findChild<QAction *>(QStringLiteral("actionOpenSample"))->trigger();
    auto *canvas = m_window->findChild<GraphCanvas *>(QStringLiteral("graphCanvas"));
    QTRY_VERIFY_WITH_TIMEOUT(canvas->isVisible() && canvas->scene(), 30000);
    goToConvert();
    type("outputFile", m_output);
}

void ConversionTest::type(const char *field, const QString &text)
{
    auto *edit = m_window->findChild<QLineEdit *>(QLatin1String(field));
    QVERIFY(edit && edit->isVisible());
    QTest::mouseClick(edit, Qt::LeftButton);
    QTest::keySequence(edit, QKeySequence::SelectAll);
    QTest::keyClicks(edit, text);
    QCOMPARE(edit->text(), text);
}

void ConversionTest::waitForTheEnd()
{
    QSignalSpy ended(page(), &ConvertPage::runningChanged);
    while (page()->isRunning())
        QVERIFY(ended.wait(120000));
}

void ConversionTest::fromNetworkToInspectedHef_data()
{
    QTest::addColumn<QString>("chip");
    QTest::newRow("Hailo-8L") << QStringLiteral("hailo8l");
    QTest::newRow("Hailo-8") << QStringLiteral("hailo8");
}

void ConversionTest::fromNetworkToInspectedHef()
{
    QFETCH(QString, chip);
    click(m_window->findChild<QWidget *>(QStringLiteral("segment-") + chip));
    QCOMPARE(page()->settings().chip, chip);
    type("calibrationFolder", sampleFolder() + QStringLiteral("/pictures"));
    auto *count = m_window->findChild<QLabel *>(QStringLiteral("pictureCount"));
    QTRY_VERIFY(count->text().contains(QRegularExpression(QStringLiteral("\\d"))));

    build();
    QVERIFY(page()->isRunning());
    QVERIFY(!m_window->findChild<QAction *>(QStringLiteral("actionBuild"))->isEnabled());
    QTRY_VERIFY_WITH_TIMEOUT(stages()->index(1, 0).data(StageModel::StateRole).toInt() ==
                                 int(StageModel::State::done),
                             30000);
    saveScreenshot(*m_window, QStringLiteral("convert-running-dark"));
    waitForTheEnd();

    QVERIFY2(shown<QWidget>("resultCard"), "the conversion must succeed");
    for (int row = 0; row < stages()->rowCount(); ++row)
        QCOMPARE(stages()->index(row, 0).data(StageModel::StateRole).toInt(),
                 int(StageModel::State::done));
    QVERIFY(QFileInfo(m_output).size() > 0);
    QVERIFY(shown<QLabel>("resultText")->text().contains(QStringLiteral("does not run on a chip")));
    QVERIFY(shown<QTableView>("ledger")->model()->rowCount() > 3);
    saveScreenshot(*m_window, QStringLiteral("convert-dark"));
    m_theme->setChoice(ThemeChoice::light);
    saveScreenshot(*m_window, QStringLiteral("convert-light"));
    m_window->resize(1280, 720);
    saveScreenshot(*m_window, QStringLiteral("convert-light-1280"));
    m_window->resize(1600, 1000);

    click(shown<QPushButton>("openInInspector"));
    QTRY_VERIFY_WITH_TIMEOUT(shown<HefView>("hefView"), 30000);
    const HefOverview &overview = shown<HefView>("hefView")->overview();
    QVERIFY(overview.isEmulation);
    QVERIFY(overview.isIntact);
    QVERIFY(shown<QWidget>("emulationBadge"));
    QCOMPARE(overview.chip, chip == QStringLiteral("hailo8l") ? QStringLiteral("Hailo-8L")
                                                              : QStringLiteral("Hailo-8"));
    QCOMPARE(shown<QLabel>("documentName")->text(), QFileInfo(m_output).fileName());
    QVERIFY(shown<QTableView>("streams")->model()->rowCount() >= 2);
    saveScreenshot(*m_window, QStringLiteral("inspect-light"));
    m_theme->setChoice(ThemeChoice::dark);
    saveScreenshot(*m_window, QStringLiteral("inspect-dark"));
    m_window->resize(1280, 720);
    saveScreenshot(*m_window, QStringLiteral("inspect-dark-1280"));
}

void ConversionTest::cancelLeavesNoFile()
{
    build();
    QVERIFY(page()->isRunning());
    auto *cancel = shown<QPushButton>("cancelConversion");
    QVERIFY(cancel);
    click(cancel);
    waitForTheEnd();
    QTRY_VERIFY(shown<QWidget>("failureCard"));
    QVERIFY(shown<QLabel>("failureTitle")->text().contains(QStringLiteral("Cancelled")));
    QVERIFY(!QFile::exists(m_output));
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden).size(), 0);
    QVERIFY(m_window->findChild<QAction *>(QStringLiteral("actionBuild"))->isEnabled());
    click(shown<QPushButton>("changeSettings"));
    QVERIFY(shown<QLineEdit>("outputFile"));
}

void ConversionTest::emptyFolderIsExplained()
{
    const QString empty = m_folder->filePath(QStringLiteral("nothing"));
    QVERIFY(QDir().mkpath(empty));
    type("calibrationFolder", empty);
    build();
    waitForTheEnd();
    auto *card = shown<DiagnosticCard>("diagnostic");
    QVERIFY(card);
    QCOMPARE(card->property("diagnosticId").toString(), QStringLiteral("calib.empty"));
    QVERIFY(!QFile::exists(m_output));
    saveScreenshot(*m_window, QStringLiteral("convert-failed-dark"));
}

void ConversionTest::unwritableOutputIsExplained()
{
    type("outputFile", m_folder->filePath(QStringLiteral("missing/folder/x.hef")));
    build();
    waitForTheEnd();
    auto *card = shown<DiagnosticCard>("diagnostic");
    QVERIFY(card);
    QVERIFY(card->property("diagnosticId").toString().startsWith(QStringLiteral("file.")));
}

void ConversionTest::secondRunStartsAfresh()
{
    build();
    waitForTheEnd();
    QVERIFY(shown<QWidget>("resultCard"));
    const int rows = shown<QTableView>("ledger")->model()->rowCount();
    QTest::keyClick(m_window.get(), Qt::Key_B, Qt::ControlModifier);
    QVERIFY(page()->isRunning());
    QVERIFY(!shown<QWidget>("resultCard"));
    waitForTheEnd();
    QVERIFY(shown<QWidget>("resultCard"));
    QCOMPARE(shown<QTableView>("ledger")->model()->rowCount(), rows);
}

// A network that does not say which values it takes: the converter asks, one click answers.
void ConversionTest::unknownContractIsAskedWithAButton()
{
    m_window->openPath(QStringLiteral(HEFSTUDIO_SOURCE_DIR "/tests/data/classifier.onnx"));
    QTRY_COMPARE_WITH_TIMEOUT(shown<QLabel>("documentName")->text(),
                              QStringLiteral("classifier.onnx"), 30000);
    goToConvert();
    type("outputFile", m_output);
    type("calibrationFolder", sampleFolder() + QStringLiteral("/pictures"));
    build();
    waitForTheEnd();
    auto *card = shown<DiagnosticCard>("diagnostic");
    QVERIFY(card);
    QCOMPARE(card->property("diagnosticId").toString(), QStringLiteral("input.contract-unknown"));
    saveScreenshot(*m_window, QStringLiteral("convert-asks-dark"));
    click(shown<QPushButton>("fix"));
    QVERIFY(page()->isRunning());
    waitForTheEnd();
    QVERIFY(shown<QWidget>("resultCard"));
    QVERIFY(QFile::exists(m_output));
}

QTEST_MAIN(ConversionTest)
#include "tst_conversion.moc"
