// The fast integer engine against the reference layers, bit for bit: every kind, every instruction
// set of this machine, one thread and two.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dnnl_integer.h"
#include "engine/integer_engine.h"
#include "random_integer_layers.h"

#include <gtest/gtest.h>

#include <cstdlib>

using namespace hefstudio;

namespace {

int rounds(int usual)
{
    return std::getenv("HEFSTUDIO_TEST_FULL") ? 20 * usual : usual;
}

class EveryIntegerKind : public testing::TestWithParam<RandomIntegerLayers::Kind> {};

std::string kindNameOf(const testing::TestParamInfo<RandomIntegerLayers::Kind> &info)
{
    return info.param.name;
}

// A pointwise convolution that is right, or goes through float as the library does with a bias.
class PlainSums final : public dnnl_integer::Sums {
public:
    PlainSums(const dnnl_integer::Convolution &settings, bool errs)
        : m_depth(settings.source.channels),
          m_outputs(settings.destination.channels),
          m_pixels(settings.source.height * settings.source.width),
          m_weights(settings.weights.begin(), settings.weights.end()),
          m_errs(errs)
    {
    }
    std::size_t scratchBytes() const override { return 0; }
    const char *implementation() const override { return "plain"; }
    void run(const std::uint8_t *source, const void *, std::int32_t *destination,
             std::byte *) const override
    {
        for (std::int64_t p = 0; p < m_pixels; ++p)
            for (std::int64_t o = 0; o < m_outputs; ++o) {
                std::int32_t sum = 0;
                for (std::int64_t k = 0; k < m_depth; ++k)
                    sum += source[p * m_depth + k] *
                           m_weights[static_cast<std::size_t>(o * m_depth + k)];
                destination[p * m_outputs + o] =
                    m_errs ? static_cast<std::int32_t>(static_cast<float>(sum)) : sum;
            }
    }

private:
    std::int64_t m_depth, m_outputs, m_pixels;
    std::vector<std::int8_t> m_weights;
    bool m_errs;
};

} // namespace

TEST_P(EveryIntegerKind, GivesTheBitsOfTheReferenceOnEveryInstructionSet)
{
    for (int round = 0; round < rounds(30); ++round) {
        const auto seed = static_cast<unsigned>(round + 1);
        RandomIntegerLayers random(seed);
        const IntegerCase world = (random.*GetParam().make)();
        const auto shapes = world.shapes();
        ASSERT_TRUE(checkIntegerLayer(world.layer, shapes, world.outputShape)) << "seed " << seed;
        const auto operands = world.pointers();
        const Tensor wanted = runIntegerReference(world.layer, operands, world.outputShape);
        for (const IntegerInstructionSet isa : integerInstructionSets())
            for (const int threads : {1, 2}) {
                IntegerEngine engine = makeLayerEngine(world.layer, operands, world.outputShape,
                                                       {.threads = threads, .isa = isa});
                ASSERT_EQ(runLayer(engine, world.layer, operands), wanted) << "seed " << seed << ", " << integerInstructionSetName(isa)
                                         << ", " << threads << " threads";
            }
    }
}

INSTANTIATE_TEST_SUITE_P(IntegerEngine, EveryIntegerKind,
                         testing::ValuesIn(RandomIntegerLayers::kinds()), kindNameOf);

TEST(DnnlIntegerSelfTest, FindsADetourThroughFloat)
{
    const auto maker = [](bool errs) {
        return [errs](const dnnl_integer::Convolution &settings) {
            return std::make_unique<PlainSums>(settings, errs);
        };
    };
    EXPECT_TRUE(dnnl_integer::selfTest(dnnl_integer::Kind::pointwise, maker(false), {}));
    EXPECT_FALSE(dnnl_integer::selfTest(dnnl_integer::Kind::pointwise, maker(true), {}));
}

TEST(DnnlIntegerSelfTest, PassesWhereTheLibraryIsUsed)
{
    if (!dnnl_integer::isAllowed(IntegerInstructionSet::amx))
        return; // nothing is used
    EXPECT_TRUE(dnnl_integer::isExact(dnnl_integer::Kind::pointwise));
    EXPECT_TRUE(dnnl_integer::isExact(dnnl_integer::Kind::window));
    EXPECT_TRUE(dnnl_integer::isExact(dnnl_integer::Kind::product));
}
