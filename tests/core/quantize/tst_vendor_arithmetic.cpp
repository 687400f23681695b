// The vendor's rules with numbers that stand in published archives of its compiler (3.33, level 0).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "quantize/vendor_arithmetic.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace hefstudio {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::SizeIs;

constexpr auto bits8 = VendorWidth::bits8;
constexpr auto bits15 = VendorWidth::bits15;

// A layer and the arrays that it looks at.
struct World {
    std::vector<float> kernel; // rows × outputs
    std::vector<float> bias;
    std::vector<double> inputScales{1};
    std::vector<double> outputScales{1};
    std::vector<float> lowest, highest;
    int inputZeroPoint = 0, outputZeroPoint = 0;
    VendorWidth weights = bits8, output = bits8;
    Function activation = Function::identity;

    VendorLayer layer() const
    {
        return {.kernel = kernel,
                .bias = bias,
                .inputScales = inputScales,
                .outputScales = outputScales,
                .lowestSum = lowest,
                .highestSum = highest,
                .inputZeroPoint = inputZeroPoint,
                .outputZeroPoint = outputZeroPoint,
                .weightWidth = weights,
                .outputWidth = output,
                .activation = activation};
    }
};

// One input and one output channel whose sums reach ±`sum`.
World oneChannel(std::vector<float> kernel, float sum)
{
    return {.kernel = std::move(kernel), .lowest = {-sum}, .highest = {sum}};
}

TEST(VendorScale, OfOneSignTakesZeroIn)
{
    EXPECT_EQ(vendorScale(0, 255, bits8), (VendorScale{1, 0}));
    EXPECT_EQ(vendorScale(2, 255, bits8), (VendorScale{1, 0}));
    EXPECT_EQ(vendorScale(-510, -3, bits8), (VendorScale{2, 255}));
    EXPECT_NEAR(vendorScale(0, 0.7124244, bits8).scale, 0.00279382117, 1e-11);
    EXPECT_EQ(vendorScale(0, 0, bits8), (VendorScale{0, 0}));
}

TEST(VendorScale, OfBothSignsKeepsTheHighEndAndRoundsTheZeroPointUp)
{
    const VendorScale input = vendorScale(-1.915610, 22.128508, bits8);
    EXPECT_EQ(input.zeroPoint, 21);
    EXPECT_NEAR(input.scale, 0.09456627, 1e-8);
    EXPECT_NEAR(input.scale * (255 - 21), 22.128508, 1e-12);
    // 191.04 steps lie below zero.
    const VendorScale logits = vendorScale(-129.85832, 43.47481, bits8);
    EXPECT_EQ(logits.zeroPoint, 192);
    EXPECT_NEAR(logits.scale, 0.69007635, 1e-8);
}

TEST(VendorScale, SixteenBitsAreFifteen)
{
    EXPECT_NEAR(vendorScale(0, 0.7124244, bits15).scale, 2.1742131e-5, 1e-12);
    EXPECT_NEAR(vendorScale(0, 1, bits15).scale, 3.0518509e-5, 1e-12);
}

TEST(VendorScale, AnEqualisedValueHasOneBase)
{
    const std::vector<float> low{0, 0, -1}, high{2, 12, 3}, factors{0.5F, 2, 1};
    EXPECT_EQ(vendorScale(low, high, factors, bits8), vendorScale(-1, 6, bits8));
}

TEST(VendorWeights, UseTheWholeSignedRange)
{
    // −128 steps below, 127 above; the larger need decides.
    World world = oneChannel({-128, 127, 1}, 100);
    EXPECT_THAT(vendorIntegers(world.layer(), {}).kernel, ElementsAre(-128, 127, 1));
    world.kernel = {-64, 127, 1};
    EXPECT_THAT(vendorIntegers(world.layer(), {}).kernel, ElementsAre(-64, 127, 1));
}

TEST(VendorWeights, TakeTheScalesOfBothSides)
{
    // Rows read the input channels in turn; the weight is in output steps per input step.
    World world{.kernel = {4, 8, 16, 32, 4, 8, 16, 127 * 2},
                .inputScales = {1, 0.5},
                .outputScales = {1, 2},
                .lowest = {0, 0},
                .highest = {1, 1}};
    EXPECT_THAT(vendorIntegers(world.layer(), {}).kernel,
                ElementsAre(4 * 2, 4 * 2, 8 * 2, 8 * 2, 4 * 2, 4 * 2, 8 * 2, 127));
    EXPECT_DOUBLE_EQ(vendorIntegers(world.layer(), {}).outputFactor, 0.5);
}

TEST(VendorWeights, TheirScaleTakesTheRoundingOfTheOutputStage)
{
    // A step of 0.02 in, 0.05 out and weights up to 0.5 output steps: 0.5 · 4 / 127 = 516.03 /
    // 2^15.
    World world = oneChannel({1.25F}, 1);
    world.inputScales = {0.02};
    world.outputScales = {0.05};
    const VendorIntegers integers = vendorIntegers(world.layer(), {2, 0});
    EXPECT_DOUBLE_EQ(integers.outputFactor, 517.0 / 32768);
    EXPECT_NEAR(integers.accumulatorScales[0], 7.889e-4, 1e-7);
    EXPECT_THAT(integers.kernel, ElementsAre(127)); // 126.76
    EXPECT_THAT(integers.table.mantissas, ElementsAre(517));
    EXPECT_THAT(integers.table.exponents, ElementsAre(5)); // 10 more than the exponent
    // Slopes of a sigmoid are rounded one by one instead.
    world.activation = Function::sigmoid;
    EXPECT_DOUBLE_EQ(vendorIntegers(world.layer(), {2, 0}).outputFactor, 1.25F * 0.4 * 4 / 127);
}

TEST(VendorWeights, OfSixteenBitsHaveAZeroPoint)
{
    World world = oneChannel({-0.35345F, 0.35345F, 0}, 1e-3F);
    world.weights = world.output = bits15;
    const VendorIntegers symmetric = vendorIntegers(world.layer(), {});
    EXPECT_EQ(symmetric.kernelZeroPoint, 16384); // 16383.5, rounded up
    EXPECT_EQ(symmetric.kernel[2], 16384);
    EXPECT_LE(symmetric.kernel[1], 32767);
    EXPECT_GE(symmetric.kernel[0], 0);
    world.kernel = {-0.9930086685631262F, 1.089956607863756F};
    EXPECT_EQ(vendorIntegers(world.layer(), {}).kernelZeroPoint, 15621);
}

TEST(VendorWeights, OfIdleChannelsBecomeZero)
{
    std::vector<float> kernel{1, 2, 3, 4, 5, 6}, bias{7, 8, 9};
    const std::vector<float> highest{1, 0, -1};
    silenceIdleChannels(kernel, bias, highest);
    EXPECT_THAT(kernel, ElementsAre(1, 0, 0, 4, 0, 0));
    EXPECT_THAT(bias, ElementsAre(7, 0, 0));
}

// The largest sum that a weight of one step can reach at shift 0.
const double fullSum = std::exp2(-0.297) * 32767;

TEST(VendorShift, IsTheLeastThatLeavesRoom)
{
    EXPECT_NEAR(std::exp2(-0.297), 0.813943, 5e-7);
    const auto shiftOf = [](double sum) {
        return vendorShift(oneChannel({127}, float(sum)).layer());
    };
    EXPECT_EQ(shiftOf(fullSum * 0.9999), (VendorShift{0, 0}));
    EXPECT_EQ(shiftOf(fullSum * 1.0001), (VendorShift{1, 0}));
    EXPECT_EQ(shiftOf(fullSum * 15.99), (VendorShift{4, 0}));
    // The sheet's example: 21.0 fits at shift 2 and not more.
    World world = oneChannel({1.25F}, 20.9F);
    world.inputScales = {0.02};
    world.outputScales = {0.05};
    EXPECT_EQ(vendorShift(world.layer()).shift, 2);
    world.highest = {21.1F};
    EXPECT_EQ(vendorShift(world.layer()).shift, 3);
}

TEST(VendorShift, SharesWhatIsMissingHalfAndHalf)
{
    const double missing = 2.971; // as factor: 1.571 in log₂, 0.7854 for each side
    World world = oneChannel({127, -30}, float(fullSum * 16 * missing));
    const VendorShift shift = vendorShift(world.layer());
    EXPECT_EQ(shift.shift, 4);
    EXPECT_NEAR(shift.kickbackLog2, std::log2(missing) / 2, 1e-7);
    // The reader's half makes its weights coarser, the other half the value's scale larger: then
    // the sums fill the accumulator exactly so far, but for the rounding of the factor upwards.
    world.inputScales = {std::exp2(shift.kickbackLog2)};
    const VendorIntegers integers = vendorIntegers(world.layer(), shift);
    const double fill = world.highest[0] / integers.accumulatorScales[0] / 32767;
    EXPECT_LE(fill, 0.813944);
    EXPECT_GE(fill, 0.813944 * 512 / 513);
    EXPECT_EQ(integers.kernel[0], 74); // of 127
}

TEST(VendorShift, SixteenBitsHaveNone)
{
    World world = oneChannel({0, 32767}, float(std::exp2(-0.297) * 2147483647.0 * 4));
    world.weights = world.output = bits15;
    const VendorShift shift = vendorShift(world.layer());
    EXPECT_EQ(shift.shift, 0);
    EXPECT_NEAR(shift.kickbackLog2, 1, 1e-6);
}

TEST(VendorShift, TheInputsZeroPointNeedsRoom)
{
    // Sums of 0.56 of the room alone; the zero point's part raises them to 0.87.
    World world = oneChannel({127}, float(0.5627 * 32767));
    EXPECT_EQ(vendorShift(world.layer()).shift, 0);
    world.inputZeroPoint = 81; // 81 · 127 = 0.31 of the room
    EXPECT_EQ(vendorShift(world.layer()).shift, 1);
}

TEST(VendorBias, OfEightBitsIsOneIntegerInAccumulatorSteps)
{
    World world = oneChannel({127, -128, 5}, 1);
    world.bias = {1000};
    VendorIntegers integers = vendorIntegers(world.layer(), {3, 0});
    EXPECT_EQ(integers.biasFactor, 8);
    EXPECT_THAT(integers.bias, ElementsAre(125));
    // The zero point of the input is taken out: z · Σq / 2^S, halves to even.
    world.inputZeroPoint = 21;
    integers = vendorIntegers(world.layer(), {3, 0});
    EXPECT_THAT(integers.bias, ElementsAre(std::int64_t(std::nearbyint(125 - 21 * 4 / 8.0))));
}

TEST(VendorBias, OfSixteenBitsHasOneFactorForAllChannels)
{
    World world{.kernel = {0, 0, 32767, 32767},
                .bias = {4815648, -486523},
                .outputScales = {1, 1},
                .lowest = {0, 0},
                .highest = {1, 1},
                .weights = bits15,
                .output = bits15};
    const VendorIntegers integers = vendorIntegers(world.layer(), {});
    EXPECT_EQ(integers.biasFactor, 147); // 4815648 / 32767 = 146.97; 4815648 / 147 = 32759.5
    EXPECT_THAT(integers.bias, ElementsAre(32760, -3310));
}

TEST(VendorBias, OfASingleOutputIsTheProductThatComesNearest)
{
    const auto productOf = [](float target) {
        World world = oneChannel({0, 32767}, 1);
        world.weights = world.output = bits15;
        world.bias = {target};
        const VendorIntegers integers = vendorIntegers(world.layer(), {});
        return std::pair(integers.bias.front(), integers.biasFactor);
    };
    EXPECT_EQ(productOf(30563738.556F), std::pair(std::int64_t(1217), std::int64_t(25114)));
    EXPECT_EQ(productOf(18822715.586F), std::pair(std::int64_t(601), std::int64_t(31319)));
    EXPECT_EQ(productOf(29039999.021F), std::pair(std::int64_t(960), std::int64_t(30250)));
    EXPECT_EQ(productOf(7034299.8551F), std::pair(std::int64_t(260), std::int64_t(27055)));
    EXPECT_EQ(productOf(4355921.9220F), std::pair(std::int64_t(246), std::int64_t(17707)));
}

// A layer of one weight whose output factor is `factor`, at these scales of accumulator and output.
VendorTable tableOf(Function activation, double factor, double outputScale, VendorWidth weights,
                    VendorWidth output, int outputZeroPoint = 0)
{
    const float most = weights == bits8 ? 127 : 32767;
    World world = oneChannel({0, most}, 1e-6F);
    world.inputScales = {factor * outputScale};
    world.outputScales = {outputScale};
    world.outputZeroPoint = outputZeroPoint;
    world.weights = weights;
    world.output = output;
    world.activation = activation;
    return vendorIntegers(world.layer(), {}).table;
}

TEST(VendorTable, OfReluHasTwoSegments)
{
    const VendorTable table = tableOf(Function::relu, 558 * 0x1p-14, 0.06, bits8, bits8);
    EXPECT_THAT(table.borders, ElementsAre(-32767, 0, 32767));
    EXPECT_THAT(table.offsets, ElementsAre(0, 0));
    EXPECT_THAT(table.mantissas, ElementsAre(0, 558));
    EXPECT_EQ(table.exponents[1], 4);
}

TEST(VendorTable, OfALinearLayerCarriesTheZeroPointInEighths)
{
    const VendorTable table =
        tableOf(Function::identity, 627 * 0x1p-16, 2.41862345, bits8, bits8, 255);
    EXPECT_THAT(table.borders, ElementsAre(-32767, 32767));
    EXPECT_THAT(table.offsets, ElementsAre(2040));
    EXPECT_THAT(table.mantissas, ElementsAre(627));
    EXPECT_THAT(table.exponents, ElementsAre(6));
}

TEST(VendorTable, ShiftsByTheWidthsOfBothEnds)
{
    // 16-bit sums to 15 bits: 6 more than the exponent; 32-bit sums to 15 bits: 14 more.
    EXPECT_THAT(tableOf(Function::relu, 546 * 0x1p-8, 1, bits8, bits15).exponents,
                ElementsAre(1, 2));
    EXPECT_THAT(tableOf(Function::relu, 550 * 0x1p-23, 1, bits15, bits15).exponents,
                ElementsAre(1, 9));
}

TEST(VendorTable, OfASigmoidHasNineSegments)
{
    const VendorTable table = tableOf(Function::sigmoid, 0.054798752, 1.0 / 255, bits8, bits8);
    EXPECT_THAT(table.borders,
                ElementsAre(-32767, -25767, -14422, -8870, -4614, 4614, 8870, 14422, 25767, 32767));
    EXPECT_THAT(table.offsets, ElementsAre(0, 180, 539, 862, 1020, 1178, 1501, 1860, 2040));
    EXPECT_THAT(table.mantissas, ElementsAre(0, 935, 526, 561, 841, 561, 526, 935, 0));
    EXPECT_THAT(table.exponents, ElementsAre(1, 10, 7, 6, 6, 6, 7, 10, 1));
    // A coarse accumulator makes poor borders; the range is 0 to 2 then.
    const VendorTable coarse = tableOf(Function::sigmoid, 2.9484093, 2.0 / 255, bits8, bits8);
    EXPECT_THAT(coarse.borders, ElementsAre(-32767, -239, -134, -82, -43, 43, 82, 134, 239, 32767));
    EXPECT_THAT(coarse.offsets, ElementsAre(0, 90, 270, 431, 510, 589, 750, 930, 1020));
    EXPECT_THAT(coarse.mantissas, ElementsAre(0, 786, 884, 943, 707, 943, 884, 786, 0));
    EXPECT_THAT(coarse.exponents, ElementsAre(1, 4, 2, 1, 0, 1, 2, 4, 1));
    const VendorTable wide = tableOf(Function::sigmoid, 7.708918e-5, 1.0 / 32767, bits15, bits15);
    EXPECT_THAT(wide.offsets,
                ElementsAre(0, 23095, 69323, 110819, 131068, 151317, 192813, 239041, 262136));
    EXPECT_THAT(wide.mantissas, ElementsAre(0, 674, 757, 808, 606, 808, 757, 674, 0));
    EXPECT_THAT(wide.exponents, ElementsAre(1, 15, 13, 12, 11, 12, 13, 15, 1));
}

// The published figure: 0.0063 at most, rms 0.0037 for |x| < 6.
TEST(VendorTable, OfASigmoidErrsBySixThousandths)
{
    const double factor = 1e-3;
    const VendorTable table = tableOf(Function::sigmoid, factor, 1.0 / 32767, bits15, bits15);
    const double accumulator = factor / 32767;
    double worst = 0, squares = 0;
    constexpr int steps = 12000;
    for (int i = 0; i < steps; ++i) {
        const double x = (i + 0.5) * 12 / steps - 6;
        std::size_t segment = 0;
        while (segment + 2 < table.borders.size() &&
               x / accumulator >= double(table.borders[segment + 1]))
            ++segment;
        const double y = (x / accumulator * table.mantissas[segment] *
                              std::ldexp(1.0, -(table.exponents[segment] + 14)) +
                          table.offsets[segment] / 8.0) /
                         32767;
        const double error = std::abs(y - 1 / (1 + std::exp(-x)));
        worst = std::max(worst, error);
        squares += error * error;
    }
    EXPECT_NEAR(worst, 0.0063, 2e-4);
    EXPECT_NEAR(std::sqrt(squares / steps), 0.0037, 2e-4);
}

TEST(VendorTable, ASigmoidTooSteepForItIsStoredOverTwiceTheRange)
{
    // A factor of 5.8968 asks for a slope of 1.38; 2.9484 for 0.69.
    World world = oneChannel({0, 127}, 1e-6F);
    world.inputScales = {5.8968 / 255};
    world.activation = Function::sigmoid;
    EXPECT_DOUBLE_EQ(vendorSigmoidScale(world.layer(), {}), 2.0 / 255);
    world.inputScales = {2.9484 / 255};
    EXPECT_DOUBLE_EQ(vendorSigmoidScale(world.layer(), {}), 1.0 / 255);
}

TEST(VendorTable, WideningIsExact)
{
    const VendorTable table = vendorWideningTable(0.00279382117, 2.1742131e-5);
    EXPECT_THAT(table.borders, ElementsAre(-32767, 32767));
    EXPECT_THAT(table.mantissas, ElementsAre(514)); // 32767 / 255 / 32 = 513.99 / 2^7
    EXPECT_THAT(table.exponents, ElementsAre(1));
    EXPECT_NEAR(255 * 32 * 514 / 128.0, 32767, 0.5);
}

TEST(VendorArithmetic, SaysSomethingOfEmptyAndConstantLayers)
{
    World world = oneChannel({0, 0}, 0);
    world.bias = {0};
    EXPECT_EQ(vendorShift(world.layer()), VendorShift());
    const VendorIntegers integers = vendorIntegers(world.layer(), {});
    EXPECT_THAT(integers.kernel, Each(0));
    EXPECT_THAT(integers.bias, ElementsAre(0));
    EXPECT_THAT(vendorIntegers(VendorLayer(), {}).kernel, SizeIs(0));
}

} // namespace
} // namespace hefstudio
