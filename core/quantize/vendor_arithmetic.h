// The integers of the vendor's compiler: scales, shifts, weights, biases and output tables of a
// convolution or dense layer, by the rules that archives of compiler 3.33 at optimisation level 0
// show (22 quantised archives, 8 and "16" bits). Exact there. How it treats depthwise layers, sums,
// concatenations, other activations than linear, ReLU and sigmoid, and what higher levels change is
// not known: nothing here claims it.
//
// The scheme: one weight scale a layer; what channels differ in lies in the scales of values, which
// equalisation makes a vector. 8-bit weights are summed in 16 bits behind a shift, "16-bit" weights
// and values have 15 bits without sign and are summed in 32. A layer ends in a piecewise linear
// table with mantissas of ten bits.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/layer.h"

#include <cstdint>
#include <span>
#include <vector>

namespace hefstudio {

enum class VendorWidth { bits8, bits15 }; // of stored values and weights

constexpr int vendorLevels(VendorWidth width)
{
    return width == VendorWidth::bits8 ? 255 : 32767;
}

// real = scale · (q − zeroPoint), q in 0 … vendorLevels()
struct VendorScale {
    double scale = 0;
    int zeroPoint = 0;

    friend bool operator==(const VendorScale &, const VendorScale &) = default;
};

// Smallest and largest value seen; zero is taken in. With both signs the zero point is rounded up
// and the high end stays exact, so that the low end grows.
VendorScale vendorScale(double low, double high, VendorWidth width);

// Of a value whose channel c is stored at scale · factors[c]; low, high and factors by channel.
VendorScale vendorScale(std::span<const float> low, std::span<const float> high,
                        std::span<const float> factors, VendorWidth width);

// Channels of a convolution whose ReLU never let anything through in calibration: their weights and
// bias become zero. Dense layers keep theirs. `kernel` ends in the output channel.
void silenceIdleChannels(std::span<float> kernel, std::span<float> bias,
                         std::span<const float> highestOutput);

// One convolution or dense layer. Kernel: rows × outputs; row r reads input channel
// r mod inputScales.size() (height, width, in, out; dense rows in the order height, width,
// channel).
struct VendorLayer {
    std::span<const float> kernel;
    std::span<const float> bias;          // by output; empty: zeros
    std::span<const double> inputScales;  // by input channel
    std::span<const double> outputScales; // by output channel
    std::span<const float> lowestSum;     // by output, bias included, before the activation
    std::span<const float> highestSum;
    int inputZeroPoint = 0;
    int outputZeroPoint = 0;
    VendorWidth weightWidth = VendorWidth::bits8;
    VendorWidth outputWidth = VendorWidth::bits8;
    Function activation = Function::identity; // or relu, sigmoid

    std::size_t outputs() const { return outputScales.size(); }
    std::size_t rows() const { return outputs() == 0 ? 0 : kernel.size() / outputs(); }
};

// How the sums are kept inside their accumulator. Where the largest shift is not enough, half of
// what is missing (in powers of two) coarsens this layer's weights, and half the scale of the value
// it reads ("kickback").
struct VendorShift {
    int shift = 0;           // 0 … 4; 0 for 15-bit weights
    double kickbackLog2 = 0; // log₂ of each of the two factors

    friend bool operator==(const VendorShift &, const VendorShift &) = default;
};
// With the scales as they are before any kickback of this layer.
VendorShift vendorShift(const VendorLayer &layer);

// A sigmoid at an output is stored over 0 … 1, or over twice that (again doubled) while the table
// cannot be steep enough. The scale of its one table; with the input scales as they are after every
// kickback, the layer's own outputScales are not looked at.
double vendorSigmoidScale(const VendorLayer &layer, VendorShift shift);

// y = (sum · mantissa · 2^-shift + offset) / 8, the segment found by its borders.
struct VendorTable {
    std::vector<std::int64_t> borders;   // of the segments and both ends, in accumulator steps
    std::vector<std::int32_t> offsets;   // by segment, in eighths of an output step
    std::vector<std::int32_t> mantissas; // 512 … 1023, or 0 for a flat segment
    std::vector<std::int32_t> exponents; // 0 … 15; 1 for a flat segment

    friend bool operator==(const VendorTable &, const VendorTable &) = default;
};

struct VendorIntegers {
    double outputFactor = 0;          // output steps per accumulator step
    std::vector<std::int32_t> kernel; // as stored; the value is q − kernelZeroPoint
    int kernelZeroPoint = 0;
    std::vector<std::int64_t> bias; // times biasFactor: in sums before the shift
    std::int64_t biasFactor = 1;
    std::vector<double> accumulatorScales; // by output
    VendorTable table;
};
// With the scales as they are after every kickback.
VendorIntegers vendorIntegers(const VendorLayer &layer, VendorShift shift);

// The table of a layer that only takes 8-bit values to 15 bits: each channel times 64, shift 1.
VendorTable vendorWideningTable(double inputScale, double outputScale);

} // namespace hefstudio
