// The canvas under mouse and keys: drag pans, wheel zooms about the pointer, a click selects,
// arrows walk along edges; and ten thousand nodes are painted in time. SPDX-License-Identifier:
// GPL-3.0-or-later
#include "gui_support.h"

#include "graph/graph_builder.h"
#include "graph/graph_canvas.h"
#include "graph/graph_page.h"
#include "graph/layer_list.h"
#include "theme/theme.h"

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
    GraphPage page(&open, &sample);
    page.resize(1200, 700);
    page.show();
    QVERIFY(QTest::qWaitForWindowExposed(&page));
    const auto graph = diamond(30);
    page.showModel({QStringLiteral("diamond.onnx"), {graph, GraphScene::build(*graph)}, {}});
    auto *canvas = page.findChild<GraphCanvas *>();
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
