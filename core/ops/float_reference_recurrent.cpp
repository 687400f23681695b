// RNN, LSTM and GRU, by the equations of the ONNX operators.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/float_reference.h"
#include "ops/float_reference_parts.h"

#include <algorithm>

namespace hefstudio::reference {

namespace {

using Values = std::vector<double>;

std::size_t at(std::int64_t index)
{
    return static_cast<std::size_t>(index);
}

// One direction of the layer, one batch entry at a time.
class Direction {
public:
    Direction(const Recurrent &how, Operands operands, std::int64_t direction)
        : m_how(how), m_direction(direction), m_size(how.hiddenSize)
    {
        m_inputs = operands[0]->shape()[2];
        m_gates = operands[1]->shape()[1] / m_size;
        const auto partOf = [&](std::size_t slot, std::int64_t length) -> const float * {
            const Tensor *operand = operandAt(operands, slot);
            return operand ? operand->as<float>().data() + direction * length : nullptr;
        };
        m_weights = partOf(1, m_gates * m_size * m_inputs);
        m_recurrent = partOf(2, m_gates * m_size * m_size);
        m_bias = partOf(3, 2 * m_gates * m_size);
        m_peepholes = partOf(6, 3 * m_size);
        const std::size_t functions = how.activations.size() /
                                      at(how.direction == Recurrent::Direction::both ? 2 : 1);
        for (std::size_t i = 0; i < functions; ++i)
            m_functions.push_back(how.activations[at(direction) * functions + i]);
    }

    // One step: `hidden` and `cell` are read and replaced.
    void step(const float *x, Values &hidden, Values &cell) const
    {
        const Values input = product(m_weights, x, m_inputs, 0);
        Values before(hidden);
        const Values recurrent = product(m_recurrent, before.data(), m_size, m_gates * m_size);
        for (std::int64_t i = 0; i < m_size; ++i) {
            if (m_how.cell == RecurrentCell::rnn)
                hidden[at(i)] = apply(0, input[at(i)] + recurrent[at(i)]);
            else if (m_how.cell == RecurrentCell::lstm)
                stepLstm(i, input, recurrent, hidden, cell);
        }
        if (m_how.cell == RecurrentCell::gru)
            stepGru(input, recurrent, before, hidden);
    }

private:
    void stepLstm(std::int64_t i, const Values &input, const Values &recurrent, Values &hidden,
                  Values &cell) const
    {
        const auto gate = [&](std::int64_t which) {
            return input[at(which * m_size + i)] + recurrent[at(which * m_size + i)];
        };
        const auto peephole = [&](std::int64_t which, double state) {
            return m_peepholes ? m_peepholes[which * m_size + i] * state : 0;
        };
        const double old = cell[at(i)];
        const double in = apply(0, gate(0) + peephole(0, old));
        const double forget =
            m_how.couplesInputAndForget ? 1 - in : apply(0, gate(2) + peephole(2, old));
        cell[at(i)] = forget * old + in * apply(1, gate(3));
        const double out = apply(0, gate(1) + peephole(1, cell[at(i)]));
        hidden[at(i)] = out * apply(2, cell[at(i)]);
    }

    void stepGru(const Values &input, const Values &recurrent, const Values &before,
                 Values &hidden) const
    {
        Values reset(at(m_size)), scaled(at(m_size));
        for (std::int64_t i = 0; i < m_size; ++i) {
            reset[at(i)] = apply(0, input[at(m_size + i)] + recurrent[at(m_size + i)]);
            scaled[at(i)] = reset[at(i)] * before[at(i)];
        }
        const Values ofScaled = product(m_recurrent, scaled.data(), m_size, m_gates * m_size);
        for (std::int64_t i = 0; i < m_size; ++i) {
            const double update = apply(0, input[at(i)] + recurrent[at(i)]);
            const double candidate =
                apply(1, input[at(2 * m_size + i)] +
                             (m_how.resetsAfterProduct
                                  ? reset[at(i)] * recurrent[at(2 * m_size + i)]
                                  : ofScaled[at(2 * m_size + i)]));
            hidden[at(i)] = (1 - update) * candidate + update * before[at(i)];
        }
    }

    // rows · values + the part of the bias that begins at `biasOffset`.
    template<class T>
    Values product(const float *rows, const T *values, std::int64_t length,
                   std::int64_t biasOffset) const
    {
        Values result(at(m_gates * m_size));
        for (std::int64_t row = 0; row < m_gates * m_size; ++row) {
            double sum = m_bias ? m_bias[biasOffset + row] : 0;
            for (std::int64_t k = 0; k < length; ++k)
                sum += static_cast<double>(rows[row * length + k]) * values[k];
            result[at(row)] = sum;
        }
        return result;
    }

    double apply(std::size_t which, double x) const
    {
        if (m_how.clip > 0)
            x = std::clamp<double>(x, -m_how.clip, m_how.clip);
        return applyFunction(m_functions[which], x);
    }

    const Recurrent &m_how;
    std::int64_t m_direction = 0, m_size = 1, m_inputs = 1, m_gates = 1;
    const float *m_weights = nullptr, *m_recurrent = nullptr;
    const float *m_bias = nullptr, *m_peepholes = nullptr;
    std::vector<ScalarFunction> m_functions;
};

} // namespace

Tensor run(const Recurrent &attributes, Operands operands, const Shape &shape)
{
    const Shape &in = operands[0]->shape();
    const std::int64_t steps = in[0], batch = in[1], size = attributes.hiddenSize;
    const std::int64_t directions =
        attributes.direction == Recurrent::Direction::both ? 2 : 1;
    const float *x = operands[0]->as<float>().data();
    Tensor result(ElementType::float32, shape);
    float *out = result.as<float>().data();
    for (std::int64_t d = 0; d < directions; ++d) {
        const Direction direction(attributes, operands, d);
        const bool isReverse = attributes.direction == Recurrent::Direction::reverse || d == 1;
        for (std::int64_t n = 0; n < batch; ++n) {
            const auto initial = [&](std::size_t slot) {
                Values values(at(size), 0.0);
                if (const Tensor *state = operandAt(operands, slot))
                    std::copy_n(state->as<float>().data() + (d * batch + n) * size, size,
                                values.begin());
                return values;
            };
            Values hidden = initial(4), cell = initial(5);
            for (std::int64_t i = 0; i < steps; ++i) {
                const std::int64_t t = isReverse ? steps - 1 - i : i;
                direction.step(x + (t * batch + n) * in[2], hidden, cell);
                if (attributes.result == Recurrent::Result::sequence)
                    std::ranges::transform(
                        hidden, out + ((t * directions + d) * batch + n) * size,
                        [](double value) { return static_cast<float>(value); });
            }
            if (attributes.result != Recurrent::Result::sequence)
                std::ranges::transform(
                    attributes.result == Recurrent::Result::lastHidden ? hidden : cell,
                    out + (d * batch + n) * size,
                    [](double value) { return static_cast<float>(value); });
        }
    }
    return result;
}

} // namespace hefstudio::reference
