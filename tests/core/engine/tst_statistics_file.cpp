// Statistics on disk: shards in any order give the bytes of one run; what does not belong together
// and what is damaged is refused.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/statistics_file.h"

#include "random_nets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

using namespace hefstudio;
using namespace hefstudio::test;

namespace {

constexpr std::size_t setSize = 7;

// What a process writes that looks at every count-th sample of the set.
StatisticsFile shardOf(std::size_t first, std::size_t count)
{
    Net net{9};
    const TensorId x = net.input({1, 3, 12, 10});
    net.output(net.convolve(x, 4, {.kernel = {3, 3}}, 1, {Function::silu}));
    const auto graph = net.finish();
    StatisticsFile file;
    file.basis = {{"model", "abc"}, {"color", "rgb"}};
    file.setSize = setSize;
    for (std::size_t i = first; i < setSize; i += count)
        file.samples.push_back({i, "p" + std::to_string(i) + ".png", "digest"});
    for (const TensorInfo &tensor : graph->tensors)
        file.tensors.emplace_back(tensor.name, tensor.shape.dims());
    file.statistics = must(collectStatistics(
        graph, file.samples.size(),
        [&](std::size_t i) -> Result<std::vector<Tensor>> {
            const auto index = file.samples[i].index;
            std::vector<Tensor> inputs;
            inputs.push_back(Dice(index).tensor({1, 3, 12, 10}, -1, 1 + 1000.0F * (index == 4)));
            return inputs;
        },
        {.threads = 2}));
    return file;
}

Result<StatisticsFile> merged(const std::vector<StatisticsFile> &files)
{
    std::vector<std::string> names;
    for (std::size_t i = 0; i < files.size(); ++i)
        names.push_back("file" + std::to_string(i));
    return mergeStatistics(files, names);
}

StatisticsFile read(const StatisticsFile &file)
{
    return must(readStatisticsText(statisticsText(file), "file"));
}

} // namespace

TEST(StatisticsFile, ShardsInAnyOrderGiveTheBytesOfOneRun)
{
    const std::string whole = statisticsText(shardOf(0, 1));
    const StatisticsFile a = read(shardOf(0, 3)), b = read(shardOf(1, 3)), c = read(shardOf(2, 3));
    EXPECT_FALSE(a.isComplete());
    EXPECT_EQ(statisticsText(must(merged({a, b, c}))), whole);
    EXPECT_EQ(statisticsText(must(merged({c, a, b}))), whole);
    const StatisticsFile two = read(must(merged({b, c})));
    EXPECT_EQ(statisticsText(must(merged({two, a}))), whole);
    EXPECT_EQ(statisticsText(read(shardOf(0, 1))), whole);
    EXPECT_TRUE(must(merged({two, a})).isComplete());
}

TEST(StatisticsFile, RefusesASampleTwice)
{
    const auto result = merged({shardOf(0, 2), shardOf(0, 3)});
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().front().id, "calib.statistics-overlap");
    EXPECT_EQ(result.error().front().place.file, "file1");
}

TEST(StatisticsFile, RefusesWhatWasMadeOtherwise)
{
    const StatisticsFile first = shardOf(0, 2);
    StatisticsFile color = shardOf(1, 2), size = color, shape = color, name = color;
    color.basis[1].second = "bgr";
    ++size.setSize;
    shape.tensors[1].second.back() += 1;
    name.basis[0].first = "network";
    for (const StatisticsFile &other : {color, size, shape, name}) {
        const auto result = merged({first, other});
        ASSERT_FALSE(result.has_value());
        EXPECT_EQ(result.error().front().id, "calib.statistics-mismatch");
    }
}

TEST(StatisticsFile, RefusesDamagedFiles)
{
    const std::string text = statisticsText(shardOf(0, 1));
    const auto replaced = [&](const std::string &from, const std::string &to) {
        std::string changed = text;
        const auto position = changed.find(from);
        EXPECT_NE(position, std::string::npos) << from;
        return changed.replace(position, from.size(), to);
    };
    const std::string cases[] = {
        "",
        "[]",
        "{}",
        text.substr(0, text.size() / 2),
        replaced("\"version\":1", "\"version\":2"),
        replaced("\"bin_exponent\":", "\"bin_exponent\":-1"),
        replaced("\"bin_exponent\":", "\"bin_exponent\":9"),
        replaced("\"count\":", "\"count\":1"),
        replaced("\"histogram\":[[", "\"histogram\":[[99"),
        replaced("\"sum\":\"", "\"sum\":\"x"),
        replaced("\"sum\":\"", "\"sum\":\"11111111111111111111111111111111111111"),
        replaced("\"minimum\":", "\"minimum\":1e300,\"m\":"),
        replaced("\"index\":1", "\"index\":0"),
        replaced("\"index\":6", "\"index\":7"),
        replaced("\"sums\":[", "\"sums\":[\"1\","),
    };
    for (const std::string &damaged : cases) {
        const auto result = readStatisticsText(damaged, "file");
        ASSERT_FALSE(result.has_value()) << damaged.substr(0, 300);
        EXPECT_EQ(result.error().front().id, "calib.statistics-file");
    }
}
