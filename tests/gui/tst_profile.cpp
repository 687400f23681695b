// The profiler: the timeline as geometry, the table as a model, and the page on a small network,
// driven by mouse and keys.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui_support.h"

#include "graph/graph_builder.h"
#include "profile/chip_estimates.h"
#include "profile/layer_table_model.h"
#include "profile/profile_page.h"
#include "profile/timeline.h"
#include "profile/timeline_view.h"
#include "theme/theme.h"

#include <QAbstractItemModelTester>
#include <QLabel>
#include <QSignalSpy>
#include <QTableView>

using namespace hefstudio;
using namespace hefstudio::gui;

namespace {

std::shared_ptr<const Graph> chain(int convolutions)
{
    GraphBuilder build("chain");
    const Shape shape{1, 16, 32, 32};
    TensorId last = build.input("images", shape);
    for (int i = 0; i < convolutions; ++i) {
        const std::vector<float> values(std::size_t(16 * 16 * 9), 0.1F);
        const TensorId weights = build.constant(
            "w" + std::to_string(i),
            Tensor::of<float>(Shape{16, 16, 3, 3}, std::span<const float>(values)));
        last = build.layer("conv" + std::to_string(i),
                           Convolution{.window = {.kernel = {3, 3},
                                                  .stride = {1, 1},
                                                  .dilation = {1, 1},
                                                  .padBegin = {1, 1},
                                                  .padEnd = {1, 1}}},
                           {last, weights}, shape);
    }
    build.output(last);
    auto graph = std::move(build).finish();
    return graph ? std::make_shared<const Graph>(std::move(*graph)) : nullptr;
}

} // namespace

class ProfileTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void layersLieInTheirContext();
    void contextsFollowEachOther();
    void tableSortsByNumbers();
    void pageComparesBothChips();
    void emptyPageSaysWhatToDo();

private:
    std::unique_ptr<Theme> m_theme;
};

void ProfileTest::initTestCase()
{
    isolateSettings();
    m_theme = std::make_unique<Theme>(*qApp);
    m_theme->setChoice(ThemeChoice::dark);
}

void ProfileTest::layersLieInTheirContext()
{
    const auto estimate = estimateModel(chain(6), {}, {});
    QVERIFY(estimate.has_value());
    const Timeline timeline = timelineOf(**estimate, 1);
    QCOMPARE(timeline.rows, 7); // the context and its layers
    const TimelineSpan &context = timeline.spans.front();
    QCOMPARE(context.kind, TimelineSpan::Kind::context);
    double previous = -1;
    for (const TimelineSpan &span : timeline.spans) {
        if (span.kind != TimelineSpan::Kind::layer)
            continue;
        QVERIFY(span.startMs >= context.startMs && span.endMs <= context.endMs + 1e-9);
        QVERIFY(span.endMs > span.startMs);
        QVERIFY(span.startMs >= previous); // a chain starts in order
        previous = span.startMs;
    }
    // A batch takes longer, and less than that many frames one by one.
    const double one = timeline.endMs;
    const double eight = timelineOf(**estimate, 8).endMs;
    QVERIFY(eight > one && eight < 8 * one);
}

void ProfileTest::contextsFollowEachOther()
{
    const auto made = estimateModel(chain(6), {}, {});
    QVERIFY(made.has_value());
    ModelEstimate two = **made;
    MappedContext second = two.mapping.contexts.front();
    second.id = ContextId(1);
    two.mapping.contexts.push_back(second);
    const Timeline timeline = timelineOf(two, 1);
    double end = 0;
    for (const TimelineSpan &span : timeline.spans)
        if (span.kind != TimelineSpan::Kind::layer) {
            QVERIFY(span.startMs >= end - 1e-9);
            end = span.endMs;
        }
    QCOMPARE(timeline.endMs, end);
    QVERIFY(std::is_sorted(
        timeline.spans.begin(), timeline.spans.end(),
        [](const TimelineSpan &a, const TimelineSpan &b) { return a.row < b.row; }));
}

void ProfileTest::tableSortsByNumbers()
{
    const auto estimate = estimateModel(chain(3), {}, {});
    QVERIFY(estimate.has_value());
    LayerTableModel model;
    QAbstractItemModelTester tester(&model);
    model.setEstimate(*estimate);
    QVERIFY(model.rowCount() >= 3);
    const QModelIndex time = model.index(0, LayerTableModel::TimeColumn);
    QCOMPARE(time.data(LayerTableModel::SortRole).typeId(), int(QMetaType::Double));
    model.setEstimate(nullptr);
    QCOMPARE(model.rowCount(), 0);
}

void ProfileTest::pageComparesBothChips()
{
    QAction open(QStringLiteral("Open")), sample(QStringLiteral("Sample"));
    ChipEstimates estimates;
    ProfilePage page(estimates, &open, &sample);
    page.resize(1280, 660);
    page.show();
    QVERIFY(QTest::qWaitForWindowExposed(&page));
    estimates.setGraph(chain(12));
    QTRY_VERIFY(estimates.of(QStringLiteral("hailo8")) && estimates.of(QStringLiteral("hailo8l")));
    QVERIFY(page.findChild<QWidget *>(QStringLiteral("chipCard-hailo8"))->isVisible());
    click(page.findChild<QWidget *>(QStringLiteral("segment-batch8")));
    saveScreenshot(page, QStringLiteral("profile-dark"));
    auto *table = page.findChild<QTableView *>(QStringLiteral("layerTable"));
    QSignalSpy chosen(&page, &ProfilePage::layerChosen);
    const QRect row = table->visualRect(table->model()->index(1, 0));
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, row.center());
    QCOMPARE(chosen.count(), 1);
    auto *timeline = page.findChild<TimelineView *>(QStringLiteral("timeline"));
    QCOMPARE(timeline->selected(), chosen.front().front().toInt());
    timeline->setFocus();
    QTest::keyClick(timeline, Qt::Key_Down);
    QCOMPARE(chosen.count(), 2);
}

void ProfileTest::emptyPageSaysWhatToDo()
{
    QAction open(QStringLiteral("Open")), sample(QStringLiteral("Sample"));
    ChipEstimates estimates;
    ProfilePage page(estimates, &open, &sample);
    page.resize(1280, 660);
    page.show();
    QVERIFY(!page.findChild<TimelineView *>(QStringLiteral("timeline"))->isVisible());
    saveScreenshot(page, QStringLiteral("empty-profile-dark"));
}

QTEST_MAIN(ProfileTest)
#include "tst_profile.moc"
