// The layout as geometry: rows go down along edges, nothing overlaps, the same input gives the same
// picture, a stop is heard, and ten thousand nodes take a moment only.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui_support.h"

#include "graph/graph_layout.h"
#include "graph/spatial_grid.h"

#include <QElapsedTimer>

#include <random>
#include <thread>

using namespace hefstudio;

namespace {

// A chain with branches, joins and skips like a residual network with a long-range pyramid.
LayoutInput network(std::uint32_t nodes, unsigned seed)
{
    std::mt19937 random(seed);
    LayoutInput input;
    input.nodeCount = nodes;
    for (std::uint32_t node = 1; node < nodes; ++node) {
        input.edges.emplace_back(node - 1 - std::min(node - 1, std::uint32_t(random() % 3)), node);
        if (random() % 4 == 0)
            input.edges.emplace_back(std::uint32_t(random() % node), node);
    }
    std::sort(input.edges.begin(), input.edges.end());
    input.edges.erase(std::unique(input.edges.begin(), input.edges.end()), input.edges.end());
    return input;
}

} // namespace

class LayoutTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void chainIsStraight();
    void diamondsDoNotDrift();
    void edgesRunDownwards();
    void nodesDoNotOverlap();
    void sameInputSamePicture();
    void emptyAndSingle();
    void stopIsHeard();
    void tenThousandNodesAreQuick();
    void gridFindsWhatTouches();
};

void LayoutTest::chainIsStraight()
{
    const auto layout = layoutGraph({.nodeCount = 4, .edges = {{0, 1}, {1, 2}, {2, 3}}});
    QVERIFY(layout);
    for (const QRectF &node : layout->nodes)
        QCOMPARE(node.center().x(), layout->nodes[0].center().x());
    QCOMPARE(layout->rows, (std::vector<int>{0, 1, 2, 3}));
}

// conv → sigmoid → multiply with a bypass, many times: the trunk stays where it began.
void LayoutTest::diamondsDoNotDrift()
{
    LayoutInput input;
    constexpr std::uint32_t diamonds = 40;
    input.nodeCount = 1 + 2 * diamonds;
    for (std::uint32_t d = 0; d < diamonds; ++d) {
        const std::uint32_t top = 2 * d;
        input.edges.insert(input.edges.end(), {{top, top + 1}, {top, top + 2}, {top + 1, top + 2}});
    }
    const auto layout = layoutGraph(input);
    QVERIFY(layout);
    const double drift = layout->nodes.back().center().x() - layout->nodes.front().center().x();
    QVERIFY2(std::abs(drift) < layout->nodes[0].width(), qPrintable(QString::number(drift)));
}

void LayoutTest::edgesRunDownwards()
{
    const LayoutInput input = network(400, 1);
    const auto layout = layoutGraph(input);
    QVERIFY(layout);
    for (const auto &[from, to] : input.edges) {
        QVERIFY(layout->rows[from] < layout->rows[to]);
        QVERIFY(layout->nodes[from].bottom() < layout->nodes[to].top());
    }
    QCOMPARE(layout->edgeStart.size(), input.edges.size() + 1);
    for (std::size_t e = 0; e < input.edges.size(); ++e)
        for (std::uint32_t p = layout->edgeStart[e] + 1; p < layout->edgeStart[e + 1]; ++p)
            QVERIFY(layout->edgePoints[p - 1].y() <= layout->edgePoints[p].y());
}

void LayoutTest::nodesDoNotOverlap()
{
    const auto layout = layoutGraph(network(600, 2));
    QVERIFY(layout);
    for (std::size_t a = 0; a < layout->nodes.size(); ++a) {
        QVERIFY(layout->bounds.contains(layout->nodes[a]));
        for (std::size_t b = a + 1; b < layout->nodes.size(); ++b)
            QVERIFY(!layout->nodes[a].intersects(layout->nodes[b]));
    }
}

void LayoutTest::sameInputSamePicture()
{
    const auto a = layoutGraph(network(500, 3));
    const auto b = layoutGraph(network(500, 3));
    QVERIFY(a && b);
    QVERIFY(a->nodes == b->nodes);
    QVERIFY(a->edgePoints == b->edgePoints);
}

void LayoutTest::emptyAndSingle()
{
    const auto none = layoutGraph({});
    QVERIFY(none);
    QVERIFY(none->nodes.empty());
    const auto one = layoutGraph({.nodeCount = 1, .edges = {}});
    QVERIFY(one);
    QCOMPARE(one->nodes.size(), std::size_t(1));
}

void LayoutTest::stopIsHeard()
{
    std::stop_source stop;
    stop.request_stop();
    QVERIFY(!layoutGraph(network(5000, 4), {}, stop.get_token()));

    std::stop_source later;
    const LayoutInput large = network(60000, 5);
    std::optional<GraphLayout> result;
    std::thread worker([&] { result = layoutGraph(large, {}, later.get_token()); });
    QElapsedTimer clock;
    later.request_stop();
    clock.start();
    worker.join();
    QVERIFY(!result);
    QVERIFY2(clock.elapsed() < 2000, qPrintable(QString::number(clock.elapsed())));
}

void LayoutTest::tenThousandNodesAreQuick()
{
    const LayoutInput input = network(10000, 6);
    QElapsedTimer clock;
    clock.start();
    QVERIFY(layoutGraph(input));
    qInfo("layout of 10 000 nodes: %lld ms", clock.elapsed());
    QVERIFY(clock.elapsed() < 5000);
}

void LayoutTest::gridFindsWhatTouches()
{
    std::mt19937 random(7);
    std::vector<QRectF> rects;
    for (int i = 0; i < 500; ++i)
        rects.emplace_back(random() % 5000, random() % 9000, random() % 200, random() % 80);
    rects.emplace_back(10, 0, 0, 9000); // a straight edge: no area
    const SpatialGrid grid(rects);
    std::vector<std::uint32_t> found;
    for (int i = 0; i < 50; ++i) {
        const QRectF area(random() % 5000, random() % 9000, random() % 900, random() % 900);
        grid.query(area, found);
        std::vector<std::uint32_t> expected;
        for (std::uint32_t r = 0; r < rects.size(); ++r)
            if (rects[r].left() <= area.right() && area.left() <= rects[r].right() &&
                rects[r].top() <= area.bottom() && area.top() <= rects[r].bottom())
                expected.push_back(r);
        QVERIFY(found == expected);
    }
}

QTEST_MAIN(LayoutTest)
#include "tst_layout.moc"
