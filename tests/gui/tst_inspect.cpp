// The inspector on a HEF made in the test and on real ones: every part opens by mouse, rows are
// read as they come into sight, two files are compared, broken ones explained.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui_support.h"

#include "common/diagnostic_card.h"
#include "common/files.h"
#include "hef/emulation_hef.h"
#include "inspect/action_model.h"
#include "inspect/buffer_diagram.h"
#include "inspect/diff_view.h"
#include "inspect/difference_model.h"
#include "inspect/hef_tree_model.h"
#include "inspect/hef_view.h"
#include "inspect/hex_view.h"
#include "inspect/inspect_page.h"
#include "theme/theme.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QElapsedTimer>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QTableView>
#include <QTreeView>

using namespace hefstudio;
using namespace hefstudio::gui;

namespace {

HefEdge edge(const char *name, HefEdge::Direction direction, HefEdge::Kind kind,
             std::vector<int> connected = {})
{
    HefEdge made;
    made.name = name;
    made.direction = direction;
    made.kind = kind;
    made.height = made.width = 8;
    made.features = 16;
    made.scale = 0.5F;
    made.connectedContexts = std::move(connected);
    return made;
}

// images → context 0 → "middle" → context 1 → scores.
Bytes twoContexts(float scale)
{
    using Direction = HefEdge::Direction;
    using Kind = HefEdge::Kind;
    EmulationHefContent content;
    content.groupName = "tiny_emulation";
    content.toolVersion = "0.1.0";
    content.contexts.push_back(
        {{edge("tiny_emulation/images", Direction::hostToDevice, Kind::boundary),
          edge("middle", Direction::deviceToHost, Kind::interContext, {1})}});
    HefEdge scores = edge("tiny_emulation/scores", Direction::deviceToHost, Kind::boundary);
    scores.scale = scale;
    content.contexts.push_back(
        {{edge("middle", Direction::hostToDevice, Kind::interContext, {0}), scores}});
    content.sortedOutputs = {"tiny_emulation/scores"};
    content.blobs.push_back({"hefstudio.program", Bytes(3000, std::byte{7})});
    const auto bytes = emulationHefBytes(content);
    return bytes ? *bytes : Bytes();
}

QString write(const QTemporaryDir &folder, const char *name, const Bytes &bytes)
{
    QFile file(folder.filePath(QLatin1String(name)));
    if (!file.open(QIODevice::WriteOnly))
        return {};
    file.write(reinterpret_cast<const char *>(bytes.data()), qint64(bytes.size()));
    return file.fileName();
}

QString sharedHefs()
{
    return qEnvironmentVariable("HEFSTUDIO_SHARED") + QStringLiteral("/hefs");
}

} // namespace

class InspectTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void everyPartOpens();
    void treeReadsWhatIsOpened();
    void arcsCountEachBufferOnce();
    void bytesCanBeFound();
    void comparesTwoFiles();
    void brokenFilesAreExplained();
    void realFilesOpen_data();
    void realFilesOpen();

private:
    HefView *open(const QString &file);
    template<class T> T *shown(const char *name)
    {
        return findVisible<T>(m_page.get(), QLatin1String(name));
    }
    void part(const char *name)
    {
        click(shown<QWidget>((std::string("segment-") + name).c_str()));
    }

    std::unique_ptr<Theme> m_theme;
    QAction m_open;
    std::unique_ptr<InspectPage> m_page;
    QTemporaryDir m_folder;
};

void InspectTest::initTestCase()
{
    isolateSettings();
    m_theme = std::make_unique<Theme>(*qApp);
    m_theme->setChoice(ThemeChoice::dark);
    QVERIFY(!twoContexts(0.5F).empty());
}

void InspectTest::init()
{
    m_page = std::make_unique<InspectPage>(&m_open);
    m_page->resize(1200, 680);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
}

HefView *InspectTest::open(const QString &file)
{
    m_page->openFile(file);
    if (!QTest::qWaitFor([this] { return shown<HefView>("hefView") != nullptr; }, 20000))
        return nullptr;
    return shown<HefView>("hefView");
}

void InspectTest::everyPartOpens()
{
    QVERIFY(open(write(m_folder, "a.hef", twoContexts(0.5F))));
    QVERIFY(shown<QWidget>("emulationBadge"));
    QVERIFY(shown<QWidget>("sectionStrip"));
    part("actions");
    auto *actions = shown<QTableView>("actions");
    QVERIFY(actions);
    QAbstractItemModelTester tester(actions->model());
    QVERIFY(shown<QComboBox>("programPart")->count() >= 2);
    saveScreenshot(*m_page, QStringLiteral("inspect-actions-dark"));
    part("buffers");
    QVERIFY(shown<BufferDiagram>("bufferDiagram"));
    saveScreenshot(*m_page, QStringLiteral("inspect-buffers-dark"));
    part("tree");
    QVERIFY(shown<QTreeView>("messageTree"));
    shown<QTreeView>("messageTree")->expandToDepth(2);
    saveScreenshot(*m_page, QStringLiteral("inspect-tree-dark"));
    part("hex");
    QVERIFY(shown<HexView>("hexView"));
    saveScreenshot(*m_page, QStringLiteral("inspect-bytes-dark"));
    part("metadata");
    QVERIFY(shown<QLabel>("noMetadata"));
    part("overview");
    QVERIFY(shown<QTableView>("streams"));
}

void InspectTest::treeReadsWhatIsOpened()
{
    const auto hef = Hef::fromBytes(twoContexts(0.5F), "a.hef");
    QVERIFY(hef.has_value());
    HefTreeModel model(*hef);
    QAbstractItemModelTester tester(&model);
    QVERIFY(model.rowCount() > 0);
    // Down the first branch that has children, to a value.
    QModelIndex at;
    int depth = 0;
    while (depth < 20) {
        if (model.canFetchMore(at))
            model.fetchMore(at);
        QModelIndex next;
        for (int row = 0; row < model.rowCount(at) && !next.isValid(); ++row)
            if (model.hasChildren(model.index(row, 0, at)))
                next = model.index(row, 0, at);
        if (!next.isValid())
            break;
        QVERIFY(!next.data().toString().isEmpty());
        QCOMPARE(model.parent(next), at);
        at = next;
        ++depth;
    }
    QVERIFY(depth > 0);
}

void InspectTest::arcsCountEachBufferOnce()
{
    const auto hef = Hef::fromBytes(twoContexts(0.5F), "a.hef");
    QVERIFY(hef.has_value());
    const std::vector<BufferArc> arcs = bufferArcs(hef->groups().front());
    QCOMPARE(arcs.size(), std::size_t(1));
    QCOMPARE(arcs[0].from, std::size_t(0));
    QCOMPARE(arcs[0].to, std::size_t(1));
    QCOMPARE(arcs[0].count, 1);
    QVERIFY(arcs[0].bytes >= 8 * 8 * 16);
}

void InspectTest::bytesCanBeFound()
{
    QVERIFY(open(write(m_folder, "a.hef", twoContexts(0.5F))));
    part("hex");
    auto *offset = shown<QLineEdit>("hexOffset");
    QTest::keyClicks(offset, QStringLiteral("0x800"));
    QTest::keyClick(offset, Qt::Key_Return);
    auto *hex = shown<HexView>("hexView");
    QVERIFY(hex->firstVisible() <= 0x800 && hex->firstVisible() + 16 * 60 > 0x800);
}

void InspectTest::comparesTwoFiles()
{
    const QString a = write(m_folder, "a.hef", twoContexts(0.5F));
    const QString b = write(m_folder, "b.hef", twoContexts(0.25F));
    m_page->compare(a, b);
    QTRY_VERIFY(shown<DiffView>("diffView"));
    auto *table = shown<QTableView>("differences");
    QAbstractItemModelTester tester(table->model());
    QVERIFY(table->model()->rowCount() > 0);
    QVERIFY(!shown<QLabel>("diffVerdict")->text().isEmpty());
    auto *first = shown<QTreeView>("firstTree");
    auto *second = shown<QTreeView>("secondTree");
    int branch = 0;
    while (!first->model()->hasChildren(first->model()->index(branch, 0)))
        ++branch;
    first->expand(first->model()->index(branch, 0));
    QVERIFY(second->isExpanded(second->model()->index(branch, 0)));
    saveScreenshot(*m_page, QStringLiteral("inspect-diff-dark"));
    m_page->compare(a, a);
    QTRY_COMPARE(shown<QTableView>("differences")->model()->rowCount(), 0);
}

void InspectTest::brokenFilesAreExplained()
{
    Bytes half = twoContexts(0.5F);
    half.resize(half.size() / 2);
    m_page->openFile(write(m_folder, "half.hef", half));
    QTRY_VERIFY(shown<DiagnosticCard>("diagnostic"));
    QVERIFY(shown<DiagnosticCard>("diagnostic")
                ->property("diagnosticId")
                .toString()
                .startsWith(QStringLiteral("hef.")));
    QVERIFY(!m_page->current());
}

void InspectTest::realFilesOpen_data()
{
    QTest::addColumn<QString>("file");
    const QDir folder(sharedHefs());
    for (const QString &file : folder.entryList({QStringLiteral("*.hef")}, QDir::Files))
        QTest::newRow(qPrintable(file)) << folder.absoluteFilePath(file);
    if (folder.entryList({QStringLiteral("*.hef")}, QDir::Files).isEmpty())
        QTest::newRow("none") << QString();
}

void InspectTest::realFilesOpen()
{
    QFETCH(QString, file);
    if (file.isEmpty())
        QSKIP("the shared HEFs are not there");
    QElapsedTimer clock;
    clock.start();
    HefView *view = open(file);
    QVERIFY(view);
    QImage frame(m_page->size(), QImage::Format_ARGB32_Premultiplied);
    m_page->render(&frame);
    qInfo("%s: %lld ms to the drawn overview", QTest::currentDataTag(), clock.elapsed());
    saveScreenshot(*m_page, QStringLiteral("inspect-vendor-") + QFileInfo(file).completeBaseName());
    for (const char *name : {"actions", "buffers", "tree", "hex", "metadata"}) {
        clock.restart();
        part(name);
        m_page->render(&frame);
        qInfo("  %s: %lld ms", name, clock.elapsed());
        QVERIFY2(clock.elapsed() < 2000, name);
    }
    part("actions");
    auto *table = shown<QTableView>("actions");
    auto *which = shown<QComboBox>("programPart");
    if (which->count() > 1)
        QTest::keyClick(which, Qt::Key_Down);
    QVERIFY(table->model()->rowCount() > 0);
    saveScreenshot(*m_page, QStringLiteral("inspect-vendor-actions-") +
                                QFileInfo(file).completeBaseName());
    clock.restart();
    constexpr int frames = 30;
    for (int i = 0; i < frames; ++i) {
        QTest::keyClick(table, Qt::Key_PageDown);
        m_page->render(&frame);
    }
    qInfo("  %d rows of actions: %.1f ms a page", table->model()->rowCount(),
          double(clock.nsecsElapsed()) / 1e6 / frames);
}

QTEST_MAIN(InspectTest)
#include "tst_inspect.moc"
