// The item models keep their promises to views, and say what they should.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui_support.h"

#include "convert/conversion_choices.h"
#include "convert/conversion_run.h"
#include "graph/graph_builder.h"
#include "graph/layer_list_model.h"
#include "inspect/stream_model.h"

#include <QAbstractItemModelTester>

using namespace hefstudio;

class ModelsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void stagesFollowEvents();
    void ledgerMarksWhatDiffers();
    void logForgetsTheOldest();
    void layersAreListed();
    void streamsAreListed();
    void runSurvivesStrangeEvents();
    void argumentsSayWhatWasChosen();
};

void ModelsTest::stagesFollowEvents()
{
    StageModel model;
    QAbstractItemModelTester tester(&model);
    const auto state = [&](int row) {
        return StageModel::State(model.index(row).data(StageModel::StateRole).toInt());
    };
    const int known = model.rowCount();
    QVERIFY(known > 3);
    QCOMPARE(state(0), StageModel::State::waiting);
    model.start({"import", 0, 7});
    QCOMPARE(state(0), StageModel::State::running);
    model.progress({"import", 3, 12, "conv"});
    QCOMPARE(model.index(0).data(StageModel::ProgressRole).toDouble(), 0.25);
    model.finish({"import", 0.5, "12 layers", false});
    QCOMPARE(state(0), StageModel::State::done);
    model.start({"polish", 1, 8}); // one this version does not know
    QCOMPARE(model.rowCount(), known + 1);
    QCOMPARE(model.index(1).data(StageModel::NameRole).toString(), QStringLiteral("polish"));
    model.failRunning();
    QCOMPARE(state(1), StageModel::State::failed);
    QCOMPARE(state(0), StageModel::State::done);
}

void ModelsTest::ledgerMarksWhatDiffers()
{
    LedgerModel model;
    QAbstractItemModelTester tester(&model);
    model.add({"preset", "fast", "fast", ""});
    model.add({"calibration", "1024", "212", "duplicates left out"});
    QCOMPARE(model.index(0, 0).data(LedgerModel::LoweredRole).toBool(), false);
    QCOMPARE(model.index(1, 0).data(LedgerModel::LoweredRole).toBool(), true);
    QCOMPARE(model.index(1, LedgerModel::WhyColumn).data().toString(),
             QStringLiteral("duplicates left out"));
    model.add({"preset", "fast", "fast", "again"});
    QCOMPARE(model.rowCount(), 2);
}

void ModelsTest::logForgetsTheOldest()
{
    LogModel model(10);
    QAbstractItemModelTester tester(&model);
    for (int i = 0; i < 8; ++i)
        model.append({{LogLevel::info, "import", "line " + std::to_string(i)}});
    model.append(
        {{LogLevel::warning, "", "a"}, {LogLevel::error, "", "b"}, {LogLevel::info, "", "c"}});
    QCOMPARE(model.rowCount(), 10);
    QVERIFY(model.index(0).data().toString().endsWith(QStringLiteral("line 1")));
    QCOMPARE(model.count(LogLevel::info), 9);
    QCOMPARE(model.count(LogLevel::error), 1);
    model.append(std::vector<LogLine>(25, LogLine{LogLevel::info, "", "flood"}));
    QCOMPARE(model.rowCount(), 10);
}

void ModelsTest::layersAreListed()
{
    GraphBuilder build("tiny");
    const auto x = build.input("images", {1, 3, 32, 48});
    build.output(build.layer("relu", Elementwise{{Function::relu}}, {x}, {1, 3, 32, 48}));
    auto graph = std::move(build).finish();
    QVERIFY(graph);
    LayerListModel model;
    QAbstractItemModelTester tester(&model);
    model.setScene(GraphScene::build(*graph));
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.index(1, LayerListModel::TitleColumn).data().toString(), QStringLiteral("ReLU"));
    QCOMPARE(model.index(1, LayerListModel::ShapeColumn).data().toString(),
             QStringLiteral("32×48×3"));
    model.setScene(nullptr);
    QCOMPARE(model.rowCount(), 0);
}

void ModelsTest::streamsAreListed()
{
    StreamRow in;
    in.name = QStringLiteral("net/input_layer1");
    StreamRow out;
    out.direction = HefDirection::output;
    StreamModel model({in, out});
    QAbstractItemModelTester tester(&model);
    QCOMPARE(model.index(0, StreamModel::DirectionColumn).data().toString(), QStringLiteral("in"));
    QCOMPARE(model.index(1, StreamModel::DirectionColumn).data().toString(), QStringLiteral("out"));
}

void ModelsTest::runSurvivesStrangeEvents()
{
    ConversionRun run;
    run.apply({ContextUpdated{-3, 1, 1, 0, 0, 0, 0}, ContextUpdated{1 << 30, 1, 1, 0, 0, 0, 0},
               AllocationCell{0, 1 << 30, 0.5}, PartitionIteration{1, -5, 1, true}});
    QVERIFY(run.contexts().empty());
    QVERIFY(run.cells().empty());
    run.apply({ContextUpdated{2, 7, 1.5, 0.1, 0.2, 0.3, 10}, AllocationCell{2, 1, 0.5}});
    QCOMPARE(run.contexts().size(), std::size_t(3));
    QCOMPARE(run.cells().size(), std::size_t(1));
    run.reset();
    QVERIFY(run.contexts().empty());
}

void ModelsTest::argumentsSayWhatWasChosen()
{
    ConversionChoices choices;
    choices.model = QStringLiteral("net.onnx");
    choices.output = QStringLiteral("net.hef");
    choices.normalize = QStringLiteral("0/255");
    choices.inputShapes.insert(QStringLiteral("x"), QStringLiteral("1,3,8,8"));
    const QString line = convertArguments(choices).join(QLatin1Char(' '));
    QCOMPARE(line, QStringLiteral("convert net.onnx -o net.hef --arch hailo8l --preset fast "
                                  "--normalize 0/255 --input-shape x=1,3,8,8 --progress json"));
}

QTEST_MAIN(ModelsTest)
#include "tst_models.moc"
