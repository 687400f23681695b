// The pass over the calibration pictures: same result for any number of workers, failures and
// cancelling.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/calibration_run.h"

#include "random_nets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

using namespace hefstudio;
using namespace hefstudio::test;

namespace {

struct World {
    Net net{21};
    std::shared_ptr<const Graph> graph = smallDetector(net);

    static std::vector<Tensor> picture(std::size_t index)
    {
        Dice dice(index + 100);
        std::vector<Tensor> inputs;
        inputs.push_back(dice.tensor({1, 3, 48, 64}, 0, static_cast<float>(index + 1)));
        return inputs;
    }
    static Result<std::vector<Tensor>> load(std::size_t index) { return picture(index); }
};

} // namespace

TEST(CalibrationRun, SeesEveryValueOfEveryPicture)
{
    World world;
    const CalibrationStatistics statistics =
        must(collectStatistics(world.graph, 3, World::load, {.threads = 2}));
    EXPECT_EQ(statistics.pictures, 3U);
    CalibrationStatistics wanted;
    wanted.tensors.resize(world.graph->tensors.size());
    for (std::size_t picture = 0; picture < 3; ++picture) {
        const auto values = runByReference(*world.graph, World::picture(picture));
        for (const TensorInfo &info : world.graph->tensors)
            if (!info.isConstant())
                wanted.tensors[info.id.index()].add(values[info.id.index()]->as<float>());
    }
    for (const TensorInfo &info : world.graph->tensors) {
        const TensorStatistics &found = statistics.tensors[info.id.index()];
        const TensorStatistics &reference = wanted.tensors[info.id.index()];
        EXPECT_EQ(found.count(), reference.count()) << info.name;
        if (info.isConstant())
            continue;
        const double size = std::max(std::abs(reference.minimum()), std::abs(reference.maximum()));
        EXPECT_NEAR(found.maximum(), reference.maximum(), size * 2e-5) << info.name;
        EXPECT_NEAR(found.minimum(), reference.minimum(), size * 2e-5) << info.name;
        EXPECT_NEAR(found.mean(), reference.mean(), size * 2e-5) << info.name;
        EXPECT_EQ(
            statistics.channels[info.id.index()].channels(),
            static_cast<std::size_t>(info.shape.rank() == 4 ? info.shape[1] : info.shape.back()));
    }
}

TEST(CalibrationRun, AnyNumberOfWorkersGivesTheSame)
{
    World world;
    const auto run = [&](int threads) {
        return must(collectStatistics(world.graph, 9, World::load, {.threads = threads}));
    };
    const CalibrationStatistics one = run(1);
    EXPECT_EQ(run(2), one);
    EXPECT_EQ(run(5), one);
    // Two half sets make the whole one.
    CalibrationStatistics halves = must(collectStatistics(world.graph, 4, World::load));
    halves.merge(must(collectStatistics(world.graph, 5,
                                        [](std::size_t index) { return World::load(index + 4); })));
    EXPECT_EQ(halves, one);
}

TEST(CalibrationRun, ReportsProgressOfEachPicture)
{
    World world;
    std::vector<std::int64_t> done;
    must(
        collectStatistics(world.graph, 4, World::load, {.threads = 2}, {}, [&](const Event &event) {
            const auto &progress = std::get<StageProgress>(event);
            EXPECT_EQ(progress.stage, "calibrate");
            EXPECT_EQ(progress.total, 4);
            done.push_back(progress.done);
        }));
    EXPECT_THAT(done, testing::ElementsAre(1, 2, 3, 4));
}

TEST(CalibrationRun, ReturnsTheFirstFailureWhicheverHappensFirst)
{
    World world;
    for (int round = 0; round < 5; ++round) {
        const auto result = collectStatistics(
            world.graph, 8,
            [](std::size_t index) -> Result<std::vector<Tensor>> {
                if (index >= 2)
                    return fail(Diagnostic("file.not-found", {.file = std::to_string(index)}));
                return World::load(index);
            },
            {.threads = 4});
        ASSERT_FALSE(result.has_value());
        EXPECT_EQ(result.error().front().place.file, "2");
    }
    const auto wrong = collectStatistics(world.graph, 1,
                                         [](std::size_t) { return Result<std::vector<Tensor>>{}; });
    ASSERT_FALSE(wrong.has_value());
    EXPECT_EQ(wrong.error().front().id, "engine.input-mismatch");
}

TEST(CalibrationRun, StopsWhenAsked)
{
    World world;
    std::stop_source stop;
    std::atomic<int> loaded = 0;
    const auto result = collectStatistics(
        world.graph, 1000,
        [&](std::size_t index) {
            if (++loaded == 3)
                stop.request_stop();
            return World::load(index);
        },
        {.threads = 2}, stop.get_token());
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().front().id, "cancelled");
    EXPECT_LE(loaded.load(), 6);
}

TEST(CalibrationRun, NoPicturesGiveEmptyStatistics)
{
    World world;
    const auto statistics = must(collectStatistics(world.graph, 0, World::load));
    EXPECT_EQ(statistics.pictures, 0U);
    EXPECT_EQ(statistics.tensors.size(), world.graph->tensors.size());
}

TEST(CalibrationRun, AValueThatIsNoNumberNamesLayerAndPicture)
{
    Net net{3};
    const TensorId x = net.input({1, 2, 8, 8});
    const TensorId root = net.add(Elementwise{{Function::sqrt}}, {x});
    net.output(net.add(Elementwise{{Function::relu}}, {root}));
    const auto graph = net.finish();
    const auto load = [](std::size_t index) -> Result<std::vector<Tensor>> {
        std::vector<Tensor> inputs;
        inputs.push_back(Dice(index + 1).tensor({1, 2, 8, 8}, 0, 1));
        if (index >= 500) // every later picture, too: the first one is named
            inputs[0].as<float>()[77] = -1;
        return inputs;
    };
    for (const int threads : {1, 4}) {
        const auto result =
            collectStatistics(graph, 1024, load,
                              {.threads = threads, .nameOf = [](std::size_t index) {
                                   return "street_" + std::to_string(index) + ".jpg";
                               }});
        ASSERT_FALSE(result.has_value());
        const Diagnostic &diagnostic = result.error().front();
        EXPECT_EQ(diagnostic.id, "engine.not-a-number");
        EXPECT_EQ(diagnostic.place.layer, graph->layer(graph->tensor(root).producer).name);
        ASSERT_EQ(diagnostic.arguments.size(), 1U);
        EXPECT_EQ(std::get<std::string>(diagnostic.arguments[0].second), "street_500.jpg");
    }
}
