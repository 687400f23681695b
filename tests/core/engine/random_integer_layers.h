// Random integer layers of every kind, sane and extreme, with operands to run them on: what the
// engine is held against the reference with.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ops/integer_layer.h"

#include <random>
#include <vector>

namespace hefstudio {

struct IntegerCase {
    IntegerLayer layer;
    std::vector<Tensor> operands; // constants included
    Shape outputShape;

    std::vector<const Tensor *> pointers() const;
    std::vector<Shape> shapes() const;
};

class RandomIntegerLayers {
public:
    explicit RandomIntegerLayers(unsigned seed) : m_random(seed) {}

    IntegerCase convolution();
    IntegerCase depthwise();
    IntegerCase transposedConvolution();
    IntegerCase fullyConnected();
    IntegerCase matMul();
    IntegerCase table();
    IntegerCase rescale();
    IntegerCase binary();
    IntegerCase concat();
    IntegerCase maxPool();
    IntegerCase averagePool();
    IntegerCase reduce();
    IntegerCase resize();
    IntegerCase softmax();
    IntegerCase layerNorm();
    IntegerCase move();

    using Maker = IntegerCase (RandomIntegerLayers::*)();
    struct Kind {
        const char *name;
        Maker make;
    };
    static const std::vector<Kind> &kinds();

private:
    std::int64_t number(std::int64_t low, std::int64_t high);
    bool once(int in) { return number(1, in) == 1; }
    TensorQuantisation quantisation(bool mayBeWide = true);
    Tensor stored(Shape shape, const TensorQuantisation &as);
    FixedPoint factor(double usual);
    // For accumulators of about `size`; `counts` are the numbers of factors that are allowed.
    OutputStage stage(double size, const TensorQuantisation &output,
                      std::vector<std::int64_t> counts);
    FunctionTable functionTable(int indexBits, std::int32_t largest);
    std::vector<std::int8_t> weights(std::int64_t count);
    std::vector<std::int32_t> biases(std::int64_t count);
    Window window(std::int64_t height, std::int64_t width);
    IntegerCase make(IntegerForm form, std::vector<Tensor> operands,
                     std::vector<TensorQuantisation> quantisations,
                     const TensorQuantisation &output, Shape outputShape);
    Shape picture(std::int64_t mostChannels, std::int64_t mostSide);
    IntegerCase windowed(bool isDepthwise);

    std::mt19937 m_random;
};

} // namespace hefstudio
