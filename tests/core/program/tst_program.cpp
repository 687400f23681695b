// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"
#include "program/encode.h"
#include "program/execute.h"
#include "quantize_world.h"

using namespace hefstudio;

namespace {

constexpr ScalarFunction silu{Function::silu};

// Every family of kernels, two inputs of the graph, two outputs.
std::shared_ptr<const Graph> network(World &w)
{
    const TensorId x = w.input({1, 3, 16, 16});
    const TensorId second = w.input({1, 8, 8, 8});
    const TensorId a = w.convolution(x, 8, 2, silu);
    const TensorId b = w.convolution(a, 8, 1, {Function::leakyRelu, 0.1F}, 8);
    const TensorId c = w.add(Binary{BinaryOperator::add}, {a, b}, {Function::relu});
    const TensorId d = w.add(Binary{BinaryOperator::multiply},
                             {c, w.constant(randomTensor({8, 1, 1}, w.random, 0.5F, 2))});
    const TensorId e = w.add(Concat{1}, {d, second});
    const Window two{{2, 2}, {2, 2}, {1, 1}, {0, 0}, {0, 0}};
    const TensorId f = w.add(MaxPool{two}, {e});
    const TensorId g = w.add(AveragePool{two, false}, {e});
    const TensorId h =
        w.add(Resize{ResizeMode::linear, ResizeCoordinates::halfPixel, {}, {2, 2}, {8, 8}},
              {w.add(Binary{BinaryOperator::maximum}, {f, g})});
    const TensorId up = w.add(TransposedConvolution{{{2, 2}, {2, 2}}, {0, 0}, 1},
                              {h, w.weights({16, 4, 2, 2}, 0.3F), w.weights({4}, 0.2F)});
    const TensorId flat = w.add(Reshape{{1, 4, 256}}, {up});
    const TensorId rows = w.add(Transpose{{0, 2, 1}}, {flat});
    const TensorId normal =
        w.add(LayerNormalization{1, 1e-5F}, {flat, w.weights({4, 256}, 1), w.weights({4, 256}, 1)});
    const TensorId even = w.add(RmsNormalization{2, 1e-5F}, {normal, w.weights({256}, 1)});
    const TensorId scores = w.add(Softmax{2}, {w.add(MatMul{}, {even, rows})});
    const TensorId mean = w.add(Reduce{Reduction::mean, {2, 3}, false}, {h});
    const TensorId fc =
        w.add(FullyConnected{}, {mean, w.weights({5, 16}, 0.5F), w.weights({5}, 1)});
    const TensorId index = w.constant(Tensor::of<std::int64_t>({2}, {4, 1}));
    const TensorId picked = w.add(Gather{1}, {w.add(Elementwise{{Function::tanh}}, {fc}), index});
    const TensorId padded = w.add(Pad{PadMode::constant, {0, 1}, {0, 1}, 0.5F}, {picked});
    const TensorId sloped = w.add(ParametricRelu{}, {padded, w.weights({4}, 0.5F)});
    return w.finish({scores, sloped});
}

struct Quantised {
    std::shared_ptr<const QuantizedGraph> graph;
    std::vector<Tensor> inputs;
};

Quantised quantised(unsigned seed)
{
    World world(seed);
    const auto graph = network(world);
    const SideBySide run = compare(graph, world, -1, 1);
    Quantised result{run.quantized, {}};
    for (const TensorId input : graph->inputs)
        result.inputs.push_back(
            quantiseTensor(randomTensor(graph->tensor(input).shape, world.random, -1, 1),
                           run.quantized->of(input)));
    return result;
}

// Cuts the layers into `count` contexts of equal length and declares what crosses.
Mapping mapping(const Graph &graph, std::size_t count)
{
    Mapping result;
    result.contexts.resize(count);
    std::vector<std::size_t> home(graph.tensors.size(), 0);
    for (std::size_t i = 0; i < graph.layers.size(); ++i) {
        const std::size_t c = i * count / graph.layers.size();
        result.contexts[c].layers.push_back(graph.layers[i].id);
        home[graph.layers[i].output.index()] = c;
    }
    for (std::size_t c = 0; c < count; ++c) {
        MappedContext &context = result.contexts[c];
        const auto addOnce = [](std::vector<TensorId> &list, TensorId id) {
            if (std::ranges::find(list, id) == list.end())
                list.push_back(id);
        };
        for (const LayerId id : context.layers) {
            const Layer &layer = graph.layer(id);
            for (const TensorId input : layer.inputs) {
                if (!input.isValid() || graph.tensor(input).isConstant())
                    continue;
                const bool isGraphInput = graph.layer(graph.tensor(input).producer).is<Input>();
                if (home[input.index()] == c && !isGraphInput)
                    continue;
                addOnce(context.inputs, input);
                if (!isGraphInput)
                    addOnce(result.contexts[home[input.index()]].outputs, input);
            }
            if (graph.isOutput(layer.output))
                addOnce(context.outputs, layer.output);
        }
    }
    return result;
}

Program program(const Quantised &world, std::size_t contexts)
{
    auto made = buildProgram(*world.graph, mapping(*world.graph->graph, contexts));
    if (!made)
        throw std::runtime_error("the test's program is malformed");
    return std::move(*made);
}

std::string idOf(const auto &result)
{
    return result ? "" : result.error().front().id;
}

// Writes the digests anew, so that a change of the content is judged by itself.
void resign(Bytes &bytes)
{
    const auto at = [&](std::size_t offset, std::size_t size) {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < size; ++i)
            value |= std::to_integer<std::uint64_t>(bytes[offset + i]) << (8 * i);
        return value;
    };
    const auto put = [&](std::size_t offset, std::uint64_t value) {
        for (std::size_t i = 0; i < 8; ++i)
            bytes[offset + i] = std::byte(static_cast<std::uint8_t>(value >> (8 * i)));
    };
    const std::size_t count = at(12, 4);
    const std::size_t table = 16 + count * 16;
    std::size_t offset = table + 8;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t size = at(16 + i * 16, 8);
        put(16 + i * 16 + 8, xxh3_64(std::span(bytes).subspan(offset, size)));
        offset += size;
    }
    put(table, xxh3_64(std::span(bytes).first(table)));
}

} // namespace

TEST(Program, EqualsTheQuantisedGraphBitForBitInAnyNumberOfContexts)
{
    for (unsigned seed = 1; seed <= 4; ++seed) {
        const Quantised world = quantised(seed);
        const auto wanted = runInteger(*world.graph, world.inputs);
        ASSERT_TRUE(wanted);
        for (const std::size_t contexts : {1, 2, 3, 7, 20}) {
            const auto found = execute(program(world, contexts), world.inputs);
            ASSERT_TRUE(found) << idOf(found);
            EXPECT_EQ(*found, *wanted) << contexts << " contexts, seed " << seed;
        }
    }
}

TEST(Program, GivesTheSameBitsFast)
{
    for (unsigned seed = 1; seed <= 4; ++seed) {
        const Quantised world = quantised(seed);
        const auto wanted = runInteger(*world.graph, world.inputs);
        for (const IntegerInstructionSet isa : integerInstructionSets())
            for (const int threads : {1, 2}) {
                auto runner = ProgramRunner::create(
                    std::make_shared<const Program>(program(world, 3)),
                    {.threads = threads, .isa = isa});
                ASSERT_TRUE(runner) << idOf(runner);
                ProgramRunner other = runner->sibling();
                for (int again = 0; again < 2; ++again)
                    EXPECT_EQ(*runner->run(world.inputs), *wanted)
                        << "seed " << seed << ", " << integerInstructionSetName(isa);
                EXPECT_EQ(*other.run(world.inputs), *wanted);
                IntegerRunner whole(world.graph, {.threads = threads, .isa = isa});
                EXPECT_EQ(*whole.run(world.inputs), *wanted);
            }
    }
}

TEST(Program, ShowsTheSameValuesFast)
{
    const Quantised world = quantised(3);
    const auto made = std::make_shared<const Program>(program(world, 2));
    std::vector<Tensor> wanted, found;
    ASSERT_TRUE(execute(*made, world.inputs,
                        {.observer = [&](const ProgramKernel &, const Tensor &result) {
                            wanted.push_back(result);
                        }}));
    auto runner = ProgramRunner::create(made, {.threads = 2});
    ASSERT_TRUE(runner);
    ASSERT_TRUE(runner->run(world.inputs, [&](const ProgramKernel &, const Tensor &result) {
        found.push_back(result);
    }));
    EXPECT_EQ(found, wanted);
}

TEST(Program, IsTheSameAfterItsBytes)
{
    const Quantised world = quantised(1);
    const Program before = program(world, 3);
    const Bytes bytes = encodeProgram(before);
    const auto after = decodeProgram(bytes);
    ASSERT_TRUE(after) << idOf(after);
    EXPECT_EQ(*after, before);
    EXPECT_EQ(encodeProgram(*after), bytes);
    EXPECT_EQ(*execute(*after, world.inputs), *runInteger(*world.graph, world.inputs));
}

TEST(Program, CarriesTheGainsOfEqualisedChannels)
{
    World w(5);
    const TensorId a = w.convolution(w.input({1, 3, 16, 16}), 8, 2, silu);
    const auto graph = w.finish({w.convolution(a, 8, 1, silu, 8)});
    QuantizeOptions options;
    options.channelScales.resize(graph->tensors.size());
    options.channelScales[a.index()] = {1, 0.5F, 1, 0.75F, 0.5F, 1, 1, 0.75F};
    const SideBySide run = compare(graph, w, -1, 1, options);
    const Quantised world{run.quantized,
                          {quantiseTensor(randomTensor({1, 3, 16, 16}, w.random, -1, 1),
                                          run.quantized->of(graph->inputs[0]))}};
    const Program before = program(world, 2);
    const OutputStage *stage = stageOf(run.quantized->layer(graph->tensor(a).producer).form);
    ASSERT_EQ(stage->gain.size(), 8U);
    const auto after = decodeProgram(encodeProgram(before));
    ASSERT_TRUE(after) << idOf(after);
    EXPECT_EQ(*after, before);
    EXPECT_EQ(*execute(*after, world.inputs), *runInteger(*world.graph, world.inputs));
}

TEST(Program, RunsTheSameWithTwoThreads)
{
    const Quantised world = quantised(2);
    const Program made = program(world, 2);
    EXPECT_EQ(*execute(made, world.inputs, {.threads = 2, .observer = {}}),
              *execute(made, world.inputs));
}

TEST(Program, ShowsEveryKernelToItsObserver)
{
    const Quantised world = quantised(1);
    std::size_t seen = 0;
    const ExecuteOptions options{
        .observer = [&](const ProgramKernel &, const Tensor &) { ++seen; }};
    ASSERT_TRUE(execute(program(world, 2), world.inputs, options));
    EXPECT_EQ(seen, world.graph->graph->layers.size() - 2);
}

TEST(Program, RefusesAMappingThatForgetsWhatCrosses)
{
    const Quantised world = quantised(1);
    Mapping forgetful = mapping(*world.graph->graph, 2);
    forgetful.contexts[1].inputs.clear();
    EXPECT_EQ(idOf(buildProgram(*world.graph, forgetful)), "program.malformed");
    forgetful = mapping(*world.graph->graph, 2);
    forgetful.contexts[0].outputs.clear();
    EXPECT_EQ(idOf(buildProgram(*world.graph, forgetful)), "program.malformed");
}

TEST(Program, RefusesInputsOfTheWrongKind)
{
    const Quantised world = quantised(1);
    const Program made = program(world, 1);
    std::vector<Tensor> inputs = world.inputs;
    inputs.pop_back();
    EXPECT_EQ(idOf(execute(made, inputs)), "integer.input-mismatch");
    inputs.push_back(Tensor(ElementType::uint16, world.inputs[1].shape()));
    EXPECT_EQ(idOf(execute(made, inputs)), "integer.input-mismatch");
}

TEST(Program, StopsWhenAsked)
{
    const Quantised world = quantised(1);
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(idOf(execute(program(world, 1), world.inputs, {}, stop.get_token())), "cancelled");
    auto runner = ProgramRunner::create(std::make_shared<const Program>(program(world, 2)));
    EXPECT_EQ(idOf(runner->run(world.inputs, {}, stop.get_token())), "cancelled");
    EXPECT_TRUE(runner->run(world.inputs)); // and is as good as before
}

TEST(Program, RefusesToAskForTheMemoryOfADataCentre)
{
    Program greedy;
    greedy.buffers.push_back({"x", {1 << 15, 1 << 15, 2}, {}});
    greedy.inputs = {BufferId(0)};
    EXPECT_EQ(idOf(verifyProgram(greedy)), "program.too-large");
    EXPECT_EQ(idOf(decodeProgram(encodeProgram(greedy))), "program.too-large");
}

TEST(DecodeProgram, NamesWhatIsWrongWithTheHeader)
{
    const Quantised world = quantised(1);
    const Bytes good = encodeProgram(program(world, 2));
    Bytes bytes = good;
    bytes[0] = std::byte('X');
    EXPECT_EQ(idOf(decodeProgram(bytes)), "program.malformed");
    bytes = good;
    bytes[8] = std::byte(9);
    EXPECT_EQ(idOf(decodeProgram(bytes)), "program.unknown-version");
    bytes = good;
    bytes.back() ^= std::byte(1);
    EXPECT_EQ(idOf(decodeProgram(bytes)), "program.damaged");
    bytes = good;
    bytes.push_back(std::byte(0));
    EXPECT_EQ(idOf(decodeProgram(bytes)), "program.malformed");
    EXPECT_EQ(idOf(decodeProgram({})), "program.malformed");
}

TEST(DecodeProgram, RefusesEveryTruncation)
{
    const Quantised world = quantised(3);
    const Bytes good = encodeProgram(program(world, 2));
    for (std::size_t size = 0; size < good.size(); size += size < 400 ? 1 : 97) {
        Bytes cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_FALSE(decodeProgram(cut)) << size;
    }
}

TEST(DecodeProgram, NoticesEveryChangedByte)
{
    const Quantised world = quantised(3);
    Bytes bytes = encodeProgram(program(world, 2));
    std::mt19937 random(5);
    for (int i = 0; i < 2000; ++i) {
        const std::size_t at = random() % bytes.size();
        const auto flip = std::byte(static_cast<std::uint8_t>(1 + random() % 255));
        bytes[at] ^= flip;
        EXPECT_FALSE(decodeProgram(bytes)) << at;
        bytes[at] ^= flip;
    }
}

TEST(DecodeProgram, SurvivesHostileNumbersBehindValidDigests)
{
    const Quantised world = quantised(4);
    const Program before = program(world, 2);
    const Bytes good = encodeProgram(before);
    const std::size_t start = 16 + 3 * 16 + 8;
    std::mt19937 random(11);
    int accepted = 0, changed = 0;
    for (int i = 0; i < 4000; ++i) {
        Bytes bytes = good;
        for (int k = static_cast<int>(random() % 3); k >= 0; --k)
            bytes[start + random() % (bytes.size() - start)] =
                std::byte(static_cast<std::uint8_t>(random()));
        resign(bytes);
        const auto decoded = decodeProgram(bytes);
        if (!decoded)
            continue;
        ++accepted;
        changed += *decoded != before;
        // What was accepted must run without harm; a sample is enough.
        if (accepted % 20 == 0)
            execute(*decoded, world.inputs);
    }
    EXPECT_GT(accepted, 100); // mostly weights
    EXPECT_GT(changed, accepted - 20);
}
