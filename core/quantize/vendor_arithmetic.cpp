// SPDX-License-Identifier: GPL-3.0-or-later
#include "quantize/vendor_arithmetic.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>

namespace hefstudio {
namespace {

constexpr int mantissaBits = 10; // of the output stage
constexpr int largestExponent = 15;
constexpr int largestShift = 4;
constexpr int largestBias = 32767;
constexpr int largestBiasFactor = 65535; // stored in 16 bits without sign
constexpr double offsetSteps = 8;        // of an output step
// Sums may fill this much of their accumulator, as log₂: 2^-0.297 = 0.813943.
constexpr double fillLog2 = -0.297;

struct Segment {
    double from; // of the real sum; the first begins at minus infinity
    double slope;
    double offset;
};

std::vector<Segment> segmentsOf(Function activation)
{
    constexpr double start = -std::numeric_limits<double>::infinity();
    if (activation == Function::relu)
        return {{start, 0, 0}, {0, 1, 0}};
    if (activation != Function::sigmoid)
        return {{start, 1, 0}};
    constexpr std::array borders{5.5373344, 3.099273, 1.9061698, 0.99164015};
    constexpr std::array slopes{0.0162778, 0.07317875, 0.15622303, 0.23412192};
    constexpr std::array offsets{0.08810425, 0.26445585, 0.42275232, 0.5};
    std::vector<Segment> segments{{start, 0, 0}};
    for (std::size_t i = 0; i < borders.size(); ++i)
        segments.push_back({-borders[i], slopes[i], offsets[i]});
    for (std::size_t i = borders.size() - 1; i-- > 0;) // the same upside down
        segments.push_back({borders[i + 1], slopes[i], 1 - offsets[i]});
    segments.push_back({borders[0], 0, 1});
    return segments;
}

std::int64_t accumulatorLimit(VendorWidth weights)
{
    return weights == VendorWidth::bits8 ? 32767 : 2147483647;
}

// Damaged archives lead here with numbers of any size.
std::int64_t rounded(double value, double low, double high)
{
    return std::isnan(value)
               ? 0
               : static_cast<std::int64_t>(std::clamp(std::nearbyint(value), low, high));
}

// The table shifts by the exponent and this.
int fixedShift(VendorWidth weights, VendorWidth output)
{
    const int sums = weights == VendorWidth::bits8 ? 10 : 18;
    return output == VendorWidth::bits8 ? sums : sums - 4;
}

// The steepest slope a table holds, in output steps per accumulator step.
double reach(VendorWidth weights, VendorWidth output)
{
    return std::ldexp((1 << mantissaBits) - 1, -fixedShift(weights, output));
}

// The least m·2^-r, m of ten bits, that is not below `value`: the scale of the weights takes the
// rounding of the output stage upon itself.
double roundedUp(double value)
{
    if (!(value > 0) || std::isinf(value))
        return 0;
    int exponent = 0;
    std::frexp(value, &exponent); // value = [0.5, 1) · 2^exponent
    const int scale = mantissaBits - exponent;
    // What float32 would take for the same mantissa is the same.
    constexpr double slack = 1e-9;
    return std::ldexp(std::ceil(std::ldexp(value, scale) - slack), -scale);
}

// One step of the weights and their zero point, in output steps per input step.
struct WeightStep {
    double size = 0;
    int zeroPoint = 0;
};

double relativeWeight(const VendorLayer &layer, std::size_t row, std::size_t output)
{
    return static_cast<double>(layer.kernel[row * layer.outputs() + output]) *
           layer.inputScales[row % layer.inputScales.size()] / layer.outputScales[output];
}

WeightStep weightStep(const VendorLayer &layer)
{
    double low = 0, high = 0;
    for (std::size_t row = 0; row < layer.rows(); ++row)
        for (std::size_t o = 0; o < layer.outputs(); ++o) {
            const double w = relativeWeight(layer, row, o);
            low = std::min(low, w);
            high = std::max(high, w);
        }
    if (layer.weightWidth == VendorWidth::bits8)
        return {std::max(-low / 128, high / 127), 0};
    const VendorScale scale = vendorScale(low, high, VendorWidth::bits15);
    return {scale.scale, scale.zeroPoint};
}

// What an input zero point adds to each sum of output o, in output steps: taken out by the bias,
// but the accumulator has to hold it.
std::vector<double> zeroPointTerms(const VendorLayer &layer)
{
    std::vector<double> terms(layer.outputs(), 0);
    if (layer.inputZeroPoint == 0)
        return terms;
    for (std::size_t row = 0; row < layer.rows(); ++row)
        for (std::size_t o = 0; o < layer.outputs(); ++o)
            terms[o] += layer.inputZeroPoint * relativeWeight(layer, row, o);
    return terms;
}

// The share of the accumulator that is used without a shift.
double fillWithoutShift(const VendorLayer &layer, double step)
{
    if (!(step > 0))
        return 0;
    const auto terms = zeroPointTerms(layer);
    double most = 0;
    for (std::size_t o = 0; o < layer.outputs(); ++o)
        for (const float sum : {layer.lowestSum[o], layer.highestSum[o]})
            most = std::max(most,
                            std::abs(static_cast<double>(sum) / layer.outputScales[o] + terms[o]));
    return most / step / static_cast<double>(accumulatorLimit(layer.weightWidth));
}

double outputFactor(const VendorLayer &layer, VendorShift shift)
{
    const double needed =
        std::ldexp(weightStep(layer).size, shift.shift) * std::exp2(shift.kickbackLog2);
    // Slopes of a sigmoid are rounded one by one.
    return layer.activation == Function::sigmoid ? needed : roundedUp(needed);
}

struct Slope {
    std::int32_t mantissa = 0;
    std::int32_t exponent = 1;
};

Slope slopeOf(double slope, int shift)
{
    if (!(slope > 0) || std::isinf(slope))
        return {};
    int exponent = 0;
    std::frexp(slope, &exponent);
    int right = mantissaBits - exponent;
    double mantissa = std::nearbyint(std::ldexp(slope, right));
    if (mantissa >= 1 << mantissaBits) {
        mantissa /= 2;
        --right;
    }
    const int stored = std::clamp(right - shift, 0, largestExponent);
    if (stored != right - shift) // beyond the table: as steep or flat as it gets
        mantissa = std::min(std::nearbyint(std::ldexp(slope, stored + shift)),
                            static_cast<double>((1 << mantissaBits) - 1));
    return {static_cast<std::int32_t>(mantissa), stored};
}

VendorTable tableOf(const std::vector<Segment> &segments, double accumulatorScale,
                    double outputScale, int outputZeroPoint, double factor, int shift,
                    std::int64_t limit)
{
    VendorTable table;
    const auto most = static_cast<double>(limit);
    for (const Segment &segment : segments) {
        const double border = std::isinf(segment.from) || !(accumulatorScale > 0)
                                  ? -most
                                  : segment.from / accumulatorScale;
        table.borders.push_back(rounded(border, -most, most));
        table.offsets.push_back(static_cast<std::int32_t>(rounded(
            offsetSteps * (segment.offset / outputScale + outputZeroPoint), -0x1p30, 0x1p30)));
        const Slope slope = slopeOf(segment.slope * factor, shift);
        table.mantissas.push_back(slope.mantissa);
        table.exponents.push_back(slope.exponent);
    }
    table.borders.push_back(limit);
    return table;
}

// The least factor with which 16 bits hold the bias.
std::int64_t biasFactor(std::span<const double> wanted)
{
    double most = 0;
    for (const double b : wanted)
        most = std::max(most, std::abs(b));
    const std::int64_t least = rounded(std::ceil(most / largestBias), 0, largestBiasFactor);
    if (wanted.size() != 1 || least < 1)
        return std::max<std::int64_t>(least, 1);
    // A single output can choose: the product that comes nearest in float32; of several the one
    // with the largest factor.
    const auto target = static_cast<double>(static_cast<float>(wanted[0]));
    double smallestError = std::numeric_limits<double>::infinity();
    std::int64_t best = least;
    for (std::int64_t factor = least; factor <= largestBias; ++factor) {
        const auto f = static_cast<double>(factor);
        const double error = std::abs(target - std::nearbyint(target / f) * f);
        if (error <= smallestError) {
            smallestError = error;
            best = factor;
        }
    }
    return best;
}

} // namespace

VendorScale vendorScale(double low, double high, VendorWidth width)
{
    const int levels = vendorLevels(width);
    low = std::min(low, 0.0);
    high = std::max(high, 0.0);
    if (low == 0)
        return {high / levels, 0};
    if (high == 0)
        return {-low / levels, levels};
    const double step = (high - low) / levels;
    const int zeroPoint = static_cast<int>(rounded(std::ceil(-low / step), 0, levels));
    if (zeroPoint >= levels)
        return {-low / levels, levels};
    return {high / (levels - zeroPoint), zeroPoint};
}

VendorScale vendorScale(std::span<const float> low, std::span<const float> high,
                        std::span<const float> factors, VendorWidth width)
{
    double least = 0, most = 0;
    for (std::size_t c = 0; c < low.size() && c < high.size(); ++c) {
        const double factor = factors.empty() ? 1 : factors[std::min(c, factors.size() - 1)];
        if (!(factor > 0))
            continue;
        least = std::min(least, low[c] / factor);
        most = std::max(most, high[c] / factor);
    }
    return vendorScale(least, most, width);
}

void silenceIdleChannels(std::span<float> kernel, std::span<float> bias,
                         std::span<const float> highestOutput)
{
    for (std::size_t o = 0; o < highestOutput.size(); ++o) {
        if (highestOutput[o] > 0)
            continue;
        for (std::size_t i = o; i < kernel.size(); i += highestOutput.size())
            kernel[i] = 0;
        if (o < bias.size())
            bias[o] = 0;
    }
}

VendorShift vendorShift(const VendorLayer &layer)
{
    const double fill = fillWithoutShift(layer, weightStep(layer).size);
    const int most = layer.weightWidth == VendorWidth::bits8 ? largestShift : 0;
    for (int shift = 0; shift <= most; ++shift)
        if (std::ldexp(fill, -shift) <= std::exp2(fillLog2))
            return {shift, 0};
    return {most, (std::log2(std::ldexp(fill, -most)) - fillLog2) / 2};
}

double vendorSigmoidScale(const VendorLayer &layer, VendorShift shift)
{
    double steepest = 0;
    for (const Segment &segment : segmentsOf(Function::sigmoid))
        steepest = std::max(steepest, segment.slope);
    double scale = 1.0 / vendorLevels(layer.outputWidth);
    const std::vector<double> scales(layer.outputs(), scale);
    VendorLayer narrow = layer;
    narrow.activation = Function::sigmoid;
    narrow.outputScales = scales;
    double slope = outputFactor(narrow, shift) * steepest;
    for (int doublings = 0; doublings < 16 && slope > reach(layer.weightWidth, layer.outputWidth);
         ++doublings) {
        slope /= 2;
        scale *= 2;
    }
    return scale;
}

VendorIntegers vendorIntegers(const VendorLayer &layer, VendorShift shift)
{
    VendorIntegers result;
    const bool isWide = layer.weightWidth == VendorWidth::bits15;
    result.kernelZeroPoint = weightStep(layer).zeroPoint;
    result.outputFactor = outputFactor(layer, shift);
    const double step = std::ldexp(result.outputFactor, -shift.shift);
    const double lowest = isWide ? 0 : -128;
    const double highest = isWide ? 32767 : 127;

    result.kernel.resize(layer.kernel.size());
    std::vector<double> sums(layer.outputs(), 0); // of the integers of an output
    for (std::size_t row = 0; row < layer.rows(); ++row)
        for (std::size_t o = 0; o < layer.outputs(); ++o) {
            double q = step > 0 ? relativeWeight(layer, row, o) / step : 0;
            // With a zero point it adds up in float32.
            if (isWide)
                q = static_cast<float>(q) + static_cast<float>(result.kernelZeroPoint);
            const std::int64_t stored = rounded(q, lowest, highest);
            result.kernel[row * layer.outputs() + o] = static_cast<std::int32_t>(stored);
            sums[o] += static_cast<double>(stored - result.kernelZeroPoint);
        }

    std::vector<double> wanted(layer.outputs(), 0);
    for (std::size_t o = 0; o < layer.outputs(); ++o) {
        const double scale = result.outputFactor * layer.outputScales[o];
        result.accumulatorScales.push_back(scale);
        if (scale > 0 && o < layer.bias.size())
            wanted[o] = layer.bias[o] / scale;
        wanted[o] -= std::ldexp(layer.inputZeroPoint * sums[o], -shift.shift);
    }
    const std::int64_t unit = isWide ? biasFactor(wanted) : 1;
    for (const double b : wanted)
        result.bias.push_back(
            rounded(b / static_cast<double>(unit), -largestBias - 1.0, largestBias));
    result.biasFactor = isWide ? unit : std::int64_t(1) << shift.shift;

    if (layer.outputs() > 0)
        result.table = tableOf(segmentsOf(layer.activation), result.accumulatorScales[0],
                               layer.outputScales[0], layer.outputZeroPoint, result.outputFactor,
                               fixedShift(layer.weightWidth, layer.outputWidth),
                               accumulatorLimit(layer.weightWidth));
    return result;
}

VendorTable vendorWideningTable(double inputScale, double outputScale)
{
    constexpr int gain = 64 / 2; // behind the shift
    const double factor = inputScale / (outputScale * gain);
    return tableOf(segmentsOf(Function::identity), 0, outputScale, 0, factor,
                   fixedShift(VendorWidth::bits8, VendorWidth::bits15),
                   accumulatorLimit(VendorWidth::bits8));
}

} // namespace hefstudio
