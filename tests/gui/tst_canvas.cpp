// The canvas under mouse and keys: drag pans, wheel zooms about the pointer, a click selects,
// arrows walk along edges; and ten thousand nodes are painted in time. SPDX-License-Identifier:
// GPL-3.0-or-later
#include "gui_support.h"

#include "graph/graph_builder.h"
#include "graph/graph_canvas.h"
#include "graph/graph_page.h"
#include "graph/layer_list.h"
#include "graph/scene_export.h"
#include "profile/chip_estimates.h"
#include "theme/theme.h"

#include <QComboBox>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QListView>
#include <QSignalSpy>
#include <QWheelEvent>

using namespace hefstudio;
using namespace hefstudio::gui;

namespace {

// input → a → (b, c) → d, and a tail of `tail` more.
std::shared_ptr<const Graph> diamond(int tail)
{
    GraphBuilder build("diamond");
    const Shape shape{1, 8, 16, 16};
    const auto relu = Elementwise{{Function::relu}};
    const TensorId x = build.input("images", shape);
    const TensorId a = build.layer("a", relu, {x}, shape);
    const TensorId b = build.layer("b", relu, {a}, shape);
    const TensorId c = build.layer("c", relu, {a}, shape);
    TensorId last = build.layer("d", Binary{BinaryOperator::add}, {b, c}, shape);
    for (int i = 0; i < tail; ++i) {
        const TensorId next = build.layer("t", relu, {last}, shape);
        last =
            i % 3 == 2 ? build.layer("j", Binary{BinaryOperator::add}, {last, next}, shape) : next;
    }
    build.output(last);
    auto graph = std::move(build).finish();
    return graph ? std::make_shared<const Graph>(std::move(*graph)) : nullptr;
}

// As the loader hands it over: the chip gets all of it.
LoadedModel whole(const std::shared_ptr<const Graph> &graph)
{
    LoadedModel model;
    model.file = QStringLiteral("diamond.onnx");
    model.source = {graph, GraphScene::build(*graph), identityOn(*graph)};
    model.device = model.source;
    return model;
}

// input → stem → three equal blocks "body/m.0" … of two layers each → end.
std::shared_ptr<const Graph> blocks(int count)
{
    GraphBuilder build("blocks");
    const Shape shape{1, 8, 16, 16};
    const auto relu = Elementwise{{Function::relu}};
    TensorId last = build.input("images", shape);
    last = build.layer("/stem/conv/Relu", relu, {last}, shape);
    for (int i = 0; i < count; ++i)
        for (const char *name : {"/a/Relu", "/b/Relu"})
            last = build.layer("/body/m." + std::to_string(i) + name, relu, {last}, shape);
    last = build.layer("/head/out/Relu", relu, {last}, shape);
    build.output(last);
    auto graph = std::move(build).finish();
    return graph ? std::make_shared<const Graph>(std::move(*graph)) : nullptr;
}

QPoint centreOf(const GraphCanvas &canvas, int node)
{
    return canvas.fromScene(canvas.scene()->nodes()[std::size_t(node)].rect).center().toPoint();
}

void wheel(QWidget &widget, QPointF at, int delta, Qt::KeyboardModifiers modifiers)
{
    QWheelEvent event(at, widget.mapToGlobal(at), {}, {0, delta}, {}, modifiers, Qt::NoScrollPhase,
                      false);
    QCoreApplication::sendEvent(&widget, &event);
}

} // namespace

class CanvasTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void clickSelects();
    void dragPansAndDoesNotSelect();
    void wheelZoomsAboutThePointer();
    void keysZoomAndFit();
    void arrowsWalkAlongEdges();
    void arrowsPanWithoutSelection();
    void listAndCanvasStayInStep();
    void searchFilters();
    void searchByFieldAndShape();
    void shiftClickMarksTheWay();
    void bothGraphsHaveOneSelection();
    void foldedNodesUnfold();
    void picturesAreExported();
    void manyNodesArePaintedInTime();

private:
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<GraphCanvas> m_canvas;
};

void CanvasTest::initTestCase()
{
    isolateSettings();
    m_theme = std::make_unique<Theme>(*qApp);
    m_theme->setChoice(ThemeChoice::dark);
}

void CanvasTest::init()
{
    m_canvas = std::make_unique<GraphCanvas>();
    m_canvas->resize(800, 600);
    m_canvas->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_canvas.get()));
    const auto graph = diamond(0);
    QVERIFY(graph);
    m_canvas->setScene(GraphScene::build(*graph));
}

void CanvasTest::clickSelects()
{
    QSignalSpy spy(m_canvas.get(), &GraphCanvas::selectionChanged);
    QTest::mouseClick(m_canvas.get(), Qt::LeftButton, {}, centreOf(*m_canvas, 2));
    QCOMPARE(m_canvas->selected(), 2);
    QCOMPARE(spy.count(), 1);
    QTest::mouseClick(m_canvas.get(), Qt::LeftButton, {}, QPoint(4, 4));
    QCOMPARE(m_canvas->selected(), -1);
}

void CanvasTest::dragPansAndDoesNotSelect()
{
    const QPoint from = centreOf(*m_canvas, 1);
    const QPointF before = m_canvas->toScene({0, 0});
    const QPoint by(60, 40);
    QTest::mousePress(m_canvas.get(), Qt::LeftButton, {}, from);
    QTest::mouseMove(m_canvas.get(), from + by / 2);
    QTest::mouseMove(m_canvas.get(), from + by);
    QTest::mouseRelease(m_canvas.get(), Qt::LeftButton, {}, from + by);
    QCOMPARE(m_canvas->selected(), -1);
    QCOMPARE(m_canvas->toScene({0, 0}), before - QPointF(by) / m_canvas->zoom());
}

void CanvasTest::wheelZoomsAboutThePointer()
{
    const QPointF at = centreOf(*m_canvas, 3);
    const QPointF under = m_canvas->toScene(at);
    const double zoom = m_canvas->zoom();
    wheel(*m_canvas, at, 120, Qt::ControlModifier);
    QVERIFY(m_canvas->zoom() > zoom);
    QVERIFY(QLineF(m_canvas->toScene(at), under).length() < 1e-6);
    const QPointF origin = m_canvas->toScene({0, 0});
    wheel(*m_canvas, at, -120, {});
    QVERIFY(m_canvas->toScene({0, 0}).y() > origin.y());
}

void CanvasTest::keysZoomAndFit()
{
    const double zoom = m_canvas->zoom();
    QTest::keyClick(m_canvas.get(), Qt::Key_Plus);
    QVERIFY(m_canvas->zoom() > zoom);
    QTest::keyClick(m_canvas.get(), Qt::Key_Minus);
    QTest::keyClick(m_canvas.get(), Qt::Key_Minus);
    QVERIFY(m_canvas->zoom() < zoom);
    QTest::keyClick(m_canvas.get(), Qt::Key_0);
    QVERIFY(QRectF(m_canvas->rect()).contains(m_canvas->fromScene(m_canvas->scene()->bounds())));
}

void CanvasTest::arrowsWalkAlongEdges()
{
    QTest::keyClick(m_canvas.get(), Qt::Key_Home);
    QCOMPARE(m_canvas->selected(), 0);
    QTest::keyClick(m_canvas.get(), Qt::Key_Down);
    QCOMPARE(m_canvas->selected(), 1);
    QTest::keyClick(m_canvas.get(), Qt::Key_Down);
    const int branch = m_canvas->selected();
    QVERIFY(branch == 2 || branch == 3);
    const bool isLeft = m_canvas->scene()->nodes()[std::size_t(branch)].rect.center().x() <
                        m_canvas->scene()->nodes()[std::size_t(5 - branch)].rect.center().x();
    QTest::keyClick(m_canvas.get(), isLeft ? Qt::Key_Right : Qt::Key_Left);
    QCOMPARE(m_canvas->selected(), 5 - branch);
    QTest::keyClick(m_canvas.get(), Qt::Key_Down);
    QCOMPARE(m_canvas->selected(), 4);
    QTest::keyClick(m_canvas.get(), Qt::Key_Up);
    QTest::keyClick(m_canvas.get(), Qt::Key_Up);
    QCOMPARE(m_canvas->selected(), 1);
    QTest::keyClick(m_canvas.get(), Qt::Key_Escape);
    QCOMPARE(m_canvas->selected(), -1);
}

void CanvasTest::arrowsPanWithoutSelection()
{
    const QPointF before = m_canvas->toScene({0, 0});
    QTest::keyClick(m_canvas.get(), Qt::Key_Right);
    QVERIFY(m_canvas->toScene({0, 0}).x() > before.x());
}

void CanvasTest::listAndCanvasStayInStep()
{
    QAction open(QStringLiteral("Open")), sample(QStringLiteral("Sample"));
    ChipEstimates estimates;
    GraphPage page(estimates, &open, &sample);
    page.resize(1200, 700);
    page.show();
    QVERIFY(QTest::qWaitForWindowExposed(&page));
    const auto graph = diamond(30);
    page.showModel(whole(graph));
    auto *canvas = page.findChild<GraphCanvas *>(QStringLiteral("graphCanvas"));
    auto *list = page.findChild<QListView *>(QStringLiteral("layerList"));
    QVERIFY(list->isVisible());
    const QRect third = list->visualRect(list->model()->index(2, 0));
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, third.center());
    QCOMPARE(canvas->selected(), 2);
    QTest::keyClick(canvas, Qt::Key_Up);
    QCOMPARE(list->currentIndex().row(), 1);
}

void CanvasTest::searchFilters()
{
    LayerList list;
    const auto graph = diamond(9);
    list.setScene(GraphScene::build(*graph));
    auto *view = list.findChild<QListView *>();
    auto *search = list.findChild<QLineEdit *>();
    const int all = view->model()->rowCount();
    QTest::keyClicks(search, QStringLiteral("ADD"));
    QVERIFY(view->model()->rowCount() < all);
    QVERIFY(view->model()->rowCount() > 0);
    search->clear();
    QCOMPARE(view->model()->rowCount(), all);
}

void CanvasTest::searchByFieldAndShape()
{
    LayerList list;
    const auto graph = diamond(9);
    list.setScene(GraphScene::build(*graph));
    auto *view = list.findChild<QListView *>();
    auto *search = list.findChild<QLineEdit *>();
    const auto count = [&](const char *query) {
        search->setText(QLatin1String(query));
        return view->model()->rowCount();
    };
    const int all = count("");
    QVERIFY(count("op:add") > 0 && count("op:add") < all);
    QCOMPARE(count("name:add"), 0);
    QCOMPARE(count("shape:16x16"), all);
    QCOMPARE(count("shape:17x17"), 0);
    QCOMPARE(count("op:relu name:b"), 1);
}

void CanvasTest::shiftClickMarksTheWay()
{
    QTest::mouseClick(m_canvas.get(), Qt::LeftButton, {}, centreOf(*m_canvas, 2));
    QTest::mouseClick(m_canvas.get(), Qt::LeftButton, Qt::ShiftModifier, centreOf(*m_canvas, 4));
    QCOMPARE(m_canvas->path(), (std::vector<int>{2, 4})); // not the other branch
    QCOMPARE(m_canvas->selected(), 2);
    QTest::mouseClick(m_canvas.get(), Qt::LeftButton, {}, centreOf(*m_canvas, 0));
    QTest::mouseClick(m_canvas.get(), Qt::LeftButton, Qt::ShiftModifier, centreOf(*m_canvas, 4));
    QCOMPARE(m_canvas->path().size(), std::size_t(5));
    // Between the two branches there is none.
    QCOMPARE(m_canvas->markPath(2, 3), 0);
    QTest::keyClick(m_canvas.get(), Qt::Key_Escape);
    QVERIFY(m_canvas->path().empty());
}

void CanvasTest::bothGraphsHaveOneSelection()
{
    QAction open(QStringLiteral("Open")), sample(QStringLiteral("Sample"));
    ChipEstimates estimates;
    GraphPage page(estimates, &open, &sample);
    page.resize(1400, 700);
    page.show();
    QVERIFY(QTest::qWaitForWindowExposed(&page));
    page.showModel(whole(diamond(3)));
    click(page.findChild<QWidget *>(QStringLiteral("segment-both")));
    auto *device = page.findChild<GraphCanvas *>(QStringLiteral("graphCanvas"));
    auto *source = page.findChild<GraphCanvas *>(QStringLiteral("sourceCanvas"));
    QVERIFY(source->isVisible());
    device->setFocus();
    device->select(3, GraphCanvas::Reveal::yes);
    QCOMPARE(source->selected(), 3);
    source->setFocus();
    QTest::mouseClick(source, Qt::LeftButton, {}, centreOf(*source, 1));
    QCOMPARE(device->selected(), 1);
}

void CanvasTest::foldedNodesUnfold()
{
    QAction open(QStringLiteral("Open")), sample(QStringLiteral("Sample"));
    ChipEstimates estimates;
    GraphPage page(estimates, &open, &sample);
    page.resize(1400, 700);
    page.show();
    QVERIFY(QTest::qWaitForWindowExposed(&page));
    page.showModel(whole(blocks(3)));
    auto *canvas = page.findChild<GraphCanvas *>(QStringLiteral("graphCanvas"));
    const std::size_t layers = canvas->scene()->nodes().size();
    QTest::keyClick(page.findChild<QComboBox *>(QStringLiteral("foldLevel")), Qt::Key_Down);
    QTRY_VERIFY(canvas->scene()->nodes().size() < layers);
    int folded = -1;
    for (int node = 0; node < int(canvas->scene()->nodes().size()); ++node)
        if (canvas->scene()->isFolded(node))
            folded = node;
    QVERIFY(folded >= 0);
    QCOMPARE(canvas->scene()->nodes()[std::size_t(folded)].title, QStringLiteral("m × 3"));
    const std::size_t before = canvas->scene()->nodes().size();
    canvas->select(folded, GraphCanvas::Reveal::yes);
    QTest::keyClick(canvas, Qt::Key_Return);
    QTRY_VERIFY(canvas->scene()->nodes().size() > before);
    QVERIFY(canvas->selected() >= 0);
}

void CanvasTest::picturesAreExported()
{
    QTemporaryDir folder;
    const auto graph = diamond(2);
    const auto scene = GraphScene::build(*graph);
    const QString svg = folder.filePath(QStringLiteral("g.svg"));
    const QString png = folder.filePath(QStringLiteral("g.png"));
    QVERIFY(exportScene(svg, *scene, {}, lightTokens()));
    QVERIFY(exportScene(png, *scene, {}, lightTokens()));
    QFile file(svg);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray text = file.readAll();
    QVERIFY(text.contains("<svg"));
    QVERIFY(!text.contains("<image")); // shapes, not pictures of shapes
    QVERIFY(QImage(png).width() > 200);
    QVERIFY(!exportScene(folder.filePath(QStringLiteral("no/such/g.svg")), *scene, {},
                         lightTokens()));
}

void CanvasTest::manyNodesArePaintedInTime()
{
    const auto graph = diamond(7500);
    QVERIFY(graph->layers.size() >= 10000);
    QElapsedTimer clock;
    clock.start();
    m_canvas->setScene(GraphScene::build(*graph));
    qInfo("scene of %zu layers: %lld ms", graph->layers.size(), clock.elapsed());
    m_canvas->resize(1400, 900);
    QImage frame(m_canvas->size(), QImage::Format_ARGB32_Premultiplied);
    const auto paint = [&](const char *what) {
        m_canvas->render(&frame);
        clock.start();
        constexpr int frames = 10;
        for (int i = 0; i < frames; ++i) {
            QTest::keyClick(m_canvas.get(), Qt::Key_Left);
            m_canvas->render(&frame);
        }
        const double ms = double(clock.nsecsElapsed()) / 1e6 / frames;
        qInfo("%s: %.1f ms a frame", what, ms);
        return ms;
    };
    QVERIFY(paint("readable") < 100);
    QTest::keyClick(m_canvas.get(), Qt::Key_0);
    QVERIFY(paint("fitted") < 100);
}

QTEST_MAIN(CanvasTest)
#include "tst_canvas.moc"
