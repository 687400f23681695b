// Damaged models by the thousand: small valid models of many operators, changed at random in bytes
// and in structure. None may crash, take longer than five seconds, or make the importer ask for
// more memory at once than four times the file and 256 MB (counted where the address sanitizer
// runs). HEFSTUDIO_TEST_FULL asks for the whole count, 100 000.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "import_testing.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <random>

#if defined(__SANITIZE_ADDRESS__)
// GCC ships the functions without clang's header that declares them.
extern "C" {
std::size_t __sanitizer_get_allocated_size(const volatile void *);
int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void *, std::size_t),
                                              void (*)(const volatile void *));
}

#include <atomic>

namespace {

std::atomic<std::int64_t> allocatedNow{0}, allocatedMost{0};

void countMalloc(const volatile void *, std::size_t size)
{
    const std::int64_t now = allocatedNow += static_cast<std::int64_t>(size);
    std::int64_t most = allocatedMost;
    while (now > most && !allocatedMost.compare_exchange_weak(most, now)) {
    }
}

void countFree(const volatile void *pointer)
{
    if (pointer)
        allocatedNow -= static_cast<std::int64_t>(
            __sanitizer_get_allocated_size(const_cast<const void *>(pointer)));
}

} // namespace
#endif

using namespace hefstudio;
using Subgraph = OnnxBuilderAttribute::Subgraph;

namespace {

std::vector<Bytes> seeds()
{
    std::vector<Bytes> all;
    const auto add = [&](const OnnxBuilder &model) { all.push_back(model.bytes()); };

    OnnxBuilder network(17);
    network.input("x", {1, 3, 8, 8}).floats("w", {4, 3, 3, 3}).floats("b", {4});
    network.node("Conv", {"x", "w", "b"}, {"c"}, {{"pads", {1, 1, 1, 1}}, {"strides", {2, 2}}});
    network.node("Relu", {"c"}, {"r"}).node("MaxPool", {"r"}, {"m"}, {{"kernel_shape", {2, 2}}});
    network.floats("s", {4}).node("BatchNormalization", {"m", "s", "s", "s", "s2"}, {"n"});
    network.floats("s2", {4}, {1, 1, 1, 1}).node("GlobalAveragePool", {"n"}, {"g"});
    network.node("Flatten", {"g"}, {"f"}).floats("v", {5, 4}).floats("u", {5});
    network.node("Gemm", {"f", "v", "u"}, {"o"}, {{"transB", 1}}).output("o");
    add(network);

    OnnxBuilder shapes(13);
    shapes.input("x", {1, 6, 4}).node("Shape", {"x"}, {"d"}).ints("zero", {0}).ints("two", {2});
    shapes.node("Gather", {"d", "zero"}, {"n"}).node("Concat", {"n", "two", "rest"}, {"t"}, {{"axis", 0}});
    shapes.ints("rest", {-1}).node("Reshape", {"x", "t"}, {"y"});
    shapes.node("Transpose", {"y"}, {"p"}, {{"perm", {0, 2, 1}}});
    shapes.ints("from", {1}).ints("to", {9}).ints("axis", {1});
    shapes.node("Slice", {"p", "from", "to", "axis"}, {"q"});
    shapes.node("ConstantOfShape", {"t2"}, {"k"}).ints("t2", {1, 8, 2});
    shapes.node("Add", {"q", "k"}, {"a"}).ints("reps", {1, 2, 1}).node("Tile", {"a", "reps"}, {"z"});
    shapes.output("z");
    add(shapes);

    OnnxBuilder tail(17);
    tail.input("x", {1, 10, 6}).ints("k", {3});
    tail.node("Softmax", {"x"}, {"s"}).node("TopK", {"s", "k"}, {"v", "i"}, {{"axis", 1}});
    tail.node("ArgMax", {"x"}, {"m"}, {{"axis", 2}}).node("Cast", {"m"}, {"mf"}, {{"to", 1}});
    tail.node("GatherElements", {"x", "i"}, {"g"}, {{"axis", 1}});
    tail.node("CumSum", {"x", "one"}, {"c"}).ints("one", {1}).node("Where", {"t", "g", "v"}, {"w"});
    tail.node("Greater", {"v", "g"}, {"t"}).ints("depth", {6}).floats("onoff", {2}, {0, 1});
    tail.node("OneHot", {"m", "depth", "onoff"}, {"h"}).node("Einsum", {"x", "x"}, {"e"}, {{"equation", "bij,bkj->bik"}});
    tail.output("w").output("c").output("h").output("e").output("mf");
    add(tail);

    OnnxBuilder sequence(14);
    sequence.input("x", {5, 1, 3}).floats("w", {1, 16, 3}).floats("r", {1, 16, 4});
    sequence.node("LSTM", {"x", "w", "r"}, {"y", "h", "c"}, {{"hidden_size", 4}});
    sequence.output("y").output("h").output("c");
    add(sequence);

    OnnxBuilder yes(13), no(13), branch(13);
    yes.node("Relu", {"x"}, {"yes"}).output("yes");
    no.node("Neg", {"x"}, {"no"}).output("no");
    branch.input("x", {1, 4}).node("Shape", {"x"}, {"d"}).ints("four", {1, 4});
    branch.node("Equal", {"d", "four"}, {"e"}).node("ReduceMin", {"ei"}, {"m"}, {{"keepdims", 0}});
    branch.node("Cast", {"e"}, {"ei"}, {{"to", 7}}).node("Cast", {"m"}, {"b"}, {{"to", 9}});
    branch.node("If", {"b"}, {"y"},
                {{"then_branch", Subgraph{yes.bytes()}}, {"else_branch", Subgraph{no.bytes()}}});
    branch.output("y");
    add(branch);

    OnnxBuilder quantised(13), body(13);
    quantised.input("x", {1, 2, 4, 4}).floats("s", {}, {0.1F}).constant("z", Tensor::scalar<std::int8_t>(3));
    quantised.node("QuantizeLinear", {"x", "s", "z"}, {"q"}).node("DequantizeLinear", {"q", "s", "z"}, {"d"});
    quantised.constant("w", Tensor::of<std::int8_t>(Shape{2, 2, 1, 1}, {1, -2, 3, 4}));
    quantised.node("DequantizeLinear", {"w", "s"}, {"wf"}).node("Conv", {"d", "wf"}, {"c"});
    quantised.node("Twice", {"c"}, {"y"}, {{"alpha", 0.5F}}).inDomain("mine").output("y");
    body.node("LeakyRelu", {"a"}, {"b"}, {{"alpha", 0.1F}}).referring("alpha");
    body.node("Add", {"b", "b"}, {"c"});
    quantised.function("mine", "Twice", {"a"}, {"c"}, body).opset("mine", 1);
    add(quantised);

    OnnxBuilder pictures(18);
    pictures.input("x", {1, 4, 6, 6}).floats("scales", {4}, {1, 1, 2, 2});
    pictures.node("Resize", {"x", "", "scales"}, {"r"}, {{"mode", "linear"}});
    pictures.node("DepthToSpace", {"r"}, {"d"}, {{"blocksize", 2}}).ints("pads", {0, 0, 1, 1, 0, 0, 1, 1});
    pictures.node("Pad", {"d", "pads"}, {"p"}, {{"mode", "reflect"}});
    pictures.floats("grid", {1, 3, 3, 2}).node("GridSample", {"p", "grid"}, {"g"});
    pictures.node("LayerNormalization", {"g", "gamma"}, {"n"}).floats("gamma", {3});
    pictures.node("ConvTranspose", {"x", "tw"}, {"t"}, {{"strides", {2, 2}}}).floats("tw", {4, 2, 3, 3});
    pictures.output("n").output("t");
    add(pictures);
    return all;
}

class Mutator {
public:
    explicit Mutator(std::uint32_t seed) : m_random(seed) {}

    Bytes mutated(const std::vector<Bytes> &all)
    {
        Bytes bytes = all[below(all.size())];
        const std::size_t changes = 1 + below(4);
        for (std::size_t i = 0; i < changes && !bytes.empty(); ++i)
            change(bytes, all);
        return bytes;
    }

private:
    std::size_t below(std::size_t count)
    {
        return static_cast<std::size_t>(m_random() % count);
    }

    void change(Bytes &bytes, const std::vector<Bytes> &all)
    {
        const std::size_t at = below(bytes.size());
        const auto place = bytes.begin() + static_cast<std::ptrdiff_t>(at);
        constexpr unsigned char striking[] = {0x00, 0x01, 0x7f, 0x80, 0xff, 0xfe, 0x0a, 0x12};
        switch (below(8)) {
        case 0: // one bit
            *place ^= std::byte(1U << below(8));
            break;
        case 1:
            *place = std::byte(striking[below(std::size(striking))]);
            break;
        case 2: // a varint of nine or ten bytes: huge or negative
            for (std::size_t i = 0; i < 9 && at + i < bytes.size(); ++i)
                bytes[at + i] = std::byte(0xff);
            if (at + 9 < bytes.size())
                bytes[at + 9] = std::byte(0x01);
            break;
        case 3:
            bytes.erase(place, place + static_cast<std::ptrdiff_t>(
                                           std::min(1 + below(8), bytes.size() - at)));
            break;
        case 4:
            bytes.insert(place, 1 + below(8), std::byte(m_random() & 0xffU));
            break;
        case 5: { // a piece of another model
            const Bytes &other = all[below(all.size())];
            const std::size_t from = below(other.size());
            const std::size_t length = std::min(1 + below(64), other.size() - from);
            const auto begin = other.begin() + static_cast<std::ptrdiff_t>(from);
            bytes.insert(place, begin, begin + static_cast<std::ptrdiff_t>(length));
            break;
        }
        case 6: // a letter or digit of a name into another: valid models with other meanings
            *place = std::byte('a' + below(26));
            break;
        default: // small numbers: dimensions, axes, enumerations
            *place = std::byte(below(16));
            break;
        }
    }

    std::mt19937 m_random;
};

} // namespace

TEST(ImportMutations, SeedsAreValid)
{
    for (const Bytes &seed : seeds()) {
        const auto graph = importOnnx(seed);
        EXPECT_TRUE(graph) << failureText(graph);
    }
}

// Ten lots, each with changes of its own: side by side they take a tenth of the time.
class DamagedModels : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(ImportMutations, DamagedModels, testing::Range(0, 10));

TEST_P(DamagedModels, AreAnswered)
{
    const char *full = std::getenv("HEFSTUDIO_TEST_FULL");
    const int count = full ? 10000 : 150;
    const std::vector<Bytes> all = seeds();
    Mutator mutator(20240607U + static_cast<std::uint32_t>(GetParam()));
    int accepted = 0;
    double slowest = 0;
    std::int64_t largest = 0; // counted by the address sanitizer only
#if defined(__SANITIZE_ADDRESS__)
    [[maybe_unused]] static const int once =
        __sanitizer_install_malloc_and_free_hooks(countMalloc, countFree);
#endif
    for (int i = 0; i < count; ++i) {
        const Bytes bytes = mutator.mutated(all);
#if defined(__SANITIZE_ADDRESS__)
        const std::int64_t before = allocatedNow;
        allocatedMost = before;
#endif
        // Time of the processor: the wall's also grows with what else the machine does. An import
        // that waits for ever is what the test's own time limit is for.
        const std::clock_t start = std::clock();
        const auto graph = importOnnx(bytes);
        const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
        slowest = std::max(slowest, seconds);
        ASSERT_LT(seconds, 5) << "model " << i;
#if defined(__SANITIZE_ADDRESS__)
        const auto limit = static_cast<std::int64_t>(4 * bytes.size() + (std::size_t(256) << 20));
        ASSERT_LT(allocatedMost - before, limit) << "model " << i;
        largest = std::max(largest, allocatedMost - before);
#endif
        if (graph) {
            ++accepted;
            ASSERT_TRUE(verify(**graph)) << "model " << i;
        } else {
            ASSERT_FALSE(graph.error().empty()) << "model " << i;
        }
    }
    std::cout << count << " damaged models, " << accepted << " read; slowest " << slowest
              << " s, largest memory " << largest / 1000000 << " MB\n";
    // The changes must not all be stopped at the door.
    EXPECT_GT(accepted, count / 50);
    EXPECT_LT(accepted, count);
}
