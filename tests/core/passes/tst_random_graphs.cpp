// Whatever a network is put together from, the whole pipeline keeps its meaning and its outputs,
// and has nothing left to do when run again.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pass_testing.h"

#include "passes/pipeline.h"

namespace hefstudio {
namespace {

class RandomGraphs : public PassTest, public testing::WithParamInterface<int> {
protected:
    std::size_t pick(std::size_t count) { return m_choices() % count; }
    TensorId any() { return m_values[pick(m_values.size())]; }
    TensorId anyOfShape(const Shape &shape)
    {
        for (int i = 0; i < 20; ++i)
            if (const TensorId id = any(); build.tensor(id).shape == shape)
                return id;
        return TensorId::invalid();
    }

    TensorId step(int index)
    {
        const std::string name = "layer" + std::to_string(index);
        const TensorId x = pick(3) == 0 ? any() : m_values.back();
        const Shape shape = build.tensor(x).shape;
        const BinaryOperator ops[] = {BinaryOperator::add, BinaryOperator::subtract,
                                      BinaryOperator::multiply, BinaryOperator::minimum,
                                      BinaryOperator::maximum};
        const BinaryOperator op = ops[pick(5)];
        switch (pick(15)) {
        case 0:
            return convolution(name, x, 4, 3);
        case 1:
            return convolution(name, x, shape[1], 3, shape[1]);
        case 2:
            return convolution(name, x, 6, 1, 2, false);
        case 3:
            return normalization(name, x);
        case 4:
            return binary(name, op, x, scalar(pick(2) == 0 ? 0.5F : 3));
        case 5:
            return binary(name, op, constant({1, shape[1], 1, 1}, 0.5F, 2), x);
        case 6: {
            const TensorId gate = function(name + "gate", Function::sigmoid, x);
            return binary(name, BinaryOperator::multiply, gate, x);
        }
        case 7: {
            const Function functions[] = {Function::relu, Function::tanh, Function::hardSigmoid,
                                          Function::identity, Function::negate};
            const Function what = functions[pick(5)];
            return function(name, what, x, what == Function::hardSigmoid ? 0.2F : 0, 0);
        }
        case 8: {
            const TensorId y = anyOfShape(shape);
            return y.isValid() ? binary(name, op, x, y) : function(name, Function::relu, x);
        }
        case 9:
            return add(name, Pad{.begin = {0, 0, 1, 0}, .end = {0, 0, 0, 1}}, {x});
        case 10:
            return add(name + "b", Transpose{{0, 1, 3, 2}},
                       {add(name, Transpose{{0, 1, 3, 2}}, {x})});
        case 11: {
            const TensorId groups =
                add(name + "g", Reshape{{1, 2, shape[1] / 2, shape[2], shape[3]}}, {x});
            const TensorId turned = add(name + "t", Transpose{{0, 2, 1, 3, 4}}, {groups});
            return add(name, Reshape{shape.dims()}, {turned});
        }
        case 12:
            return add(name, AveragePool{{.kernel = {2, 2}, .padBegin = {1, 0}, .padEnd = {0, 1}}},
                       {x});
        case 13:
            return add(name, MaxPool{{.kernel = {2, 2}, .padBegin = {1, 0}, .padEnd = {0, 1}}},
                       {x});
        default:
            return add(name, Concat{1}, {x, x});
        }
    }

    std::shared_ptr<const Graph> graph()
    {
        m_choices.seed(static_cast<unsigned>(GetParam()));
        m_values.push_back(build.input("images", {1, 4, 6, 6}));
        const int layers = 4 + static_cast<int>(pick(12));
        for (int i = 0; i < layers; ++i) {
            const TensorId y = step(i);
            const Shape &shape = build.tensor(y).shape;
            // Keep it small, and even for the shuffles.
            if (shape[1] <= 12 && shape[1] % 2 == 0 && shape[2] * shape[3] <= 144)
                m_values.push_back(y);
        }
        std::vector<TensorId> outputs{m_values.back()};
        if (const TensorId other = any(); other != outputs[0])
            outputs.push_back(other);
        return finish(outputs);
    }

private:
    std::mt19937 m_choices;
    std::vector<TensorId> m_values;
};

TEST_P(RandomGraphs, KeepTheirMeaning)
{
    const auto before = graph();
    const Evaluate reference = [](const std::shared_ptr<const Graph> &subject,
                                  std::span<const Tensor> inputs) {
        return evaluateByReference(*subject, inputs);
    };
    const auto after =
        runPasses(before, preparePasses(), {.verify = true, .evaluate = reference}, {}, {});
    ASSERT_TRUE(after) << consoleText(after.error()[0]) << printGraph(*before);
    expectSameMeaning(*before, **after);
    EXPECT_LE((*after)->layers.size(), before->layers.size());
    const auto again = runPasses(*after, preparePasses(), {}, {}, {});
    ASSERT_TRUE(again);
    EXPECT_EQ(printGraph(**again), printGraph(**after)) << "from\n" << printGraph(*before);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomGraphs, testing::Range(1, 201));

} // namespace
} // namespace hefstudio
