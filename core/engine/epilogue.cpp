// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/epilogue.h"

#include "engine/vector_functions.h"

#include <algorithm>
#include <cstring>

namespace hefstudio {

namespace {

using Index = std::int64_t;

template<class Map>
HEFSTUDIO_INLINE void mapWith(const float *source, Index count, float *destination, const Map &map)
{
    HEFSTUDIO_INDEPENDENT
    for (Index i = 0; i < count; ++i)
        destination[i] = map(source[i]);
}

HEFSTUDIO_INLINE float clipped(float x, float low, float high)
{
    x = x < low ? low : x;
    return x > high ? high : x;
}

HEFSTUDIO_VECTOR_CLONES
void mapBlock(Function function, float alpha, float beta, const float *source, Index count,
              float *destination)
{
    switch (function) {
    case Function::relu:
        return mapWith(source, count, destination,
                       [](float x) HEFSTUDIO_INLINED { return x < 0 ? 0 : x; });
    case Function::leakyRelu:
        return mapWith(source, count, destination,
                       [=](float x) HEFSTUDIO_INLINED {
                           const float low = alpha * x; // before the choice: else no vectors
                           return x < 0 ? low : x;
                       });
    case Function::clip:
        return mapWith(source, count, destination,
                       [=](float x) HEFSTUDIO_INLINED { return clipped(x, alpha, beta); });
    case Function::sigmoid:
        return mapWith(source, count, destination,
                       [](float x) HEFSTUDIO_INLINED { return quickSigmoid(x); });
    case Function::tanh:
        return mapWith(source, count, destination,
                       [](float x) HEFSTUDIO_INLINED { return quickTanh(x); });
    case Function::hardSigmoid:
        return mapWith(source, count, destination, [=](float x) HEFSTUDIO_INLINED {
            return clipped(alpha * x + beta, 0, 1);
        });
    case Function::hardSwish:
        return mapWith(source, count, destination, [](float x) HEFSTUDIO_INLINED {
            return x * clipped(x * (1.0F / 6) + 0.5F, 0, 1);
        });
    case Function::silu:
        return mapWith(source, count, destination,
                       [](float x) HEFSTUDIO_INLINED { return x / (1.0F + quickExp(-x)); });
    case Function::swish:
        return mapWith(source, count, destination, [=](float x) HEFSTUDIO_INLINED {
            return x / (1.0F + quickExp(-alpha * x));
        });
    case Function::gelu:
        return mapWith(source, count, destination, [](float x) HEFSTUDIO_INLINED {
            return 0.5F * x * (1.0F + quickErf(x * 0.707106781F));
        });
    case Function::geluTanh:
        return mapWith(source, count, destination, [](float x) HEFSTUDIO_INLINED {
            return x * quickSigmoid(1.595769122F * (x + 0.044715F * x * x * x));
        });
    case Function::mish: // tanh(log(1 + e)) = (e² + 2e)/(e² + 2e + 2)
        return mapWith(source, count, destination, [](float x) HEFSTUDIO_INLINED {
            const float e = quickExp(x > 20 ? 20 : x);
            const float n = e * (e + 2);
            return x * (n / (n + 2));
        });
    case Function::erf:
        return mapWith(source, count, destination,
                       [](float x) HEFSTUDIO_INLINED { return quickErf(x); });
    case Function::abs:
        return mapWith(source, count, destination,
                       [](float x) HEFSTUDIO_INLINED { return __builtin_fabsf(x); });
    case Function::negate:
        return mapWith(source, count, destination, [](float x) HEFSTUDIO_INLINED { return -x; });
    case Function::affine:
        return mapWith(source, count, destination,
                       [=](float x) HEFSTUDIO_INLINED { return alpha * x + beta; });
    case Function::reciprocal:
        return mapWith(source, count, destination,
                       [](float x) HEFSTUDIO_INLINED { return 1.0F / x; });
    case Function::power: // of two; see hasVectorLoop()
        return mapWith(source, count, destination, [](float x) HEFSTUDIO_INLINED { return x * x; });
    default:
        if (source != destination)
            std::memcpy(destination, source, static_cast<std::size_t>(count) * sizeof(float));
    }
}

HEFSTUDIO_VECTOR_CLONES
void addValues(const float *other, Index count, float *destination)
{
    HEFSTUDIO_INDEPENDENT
    for (Index i = 0; i < count; ++i)
        destination[i] += other[i];
}

} // namespace

bool hasVectorLoop(const ScalarFunction &function)
{
    switch (function.function) {
    case Function::identity:
    case Function::relu:
    case Function::leakyRelu:
    case Function::clip:
    case Function::sigmoid:
    case Function::tanh:
    case Function::hardSigmoid:
    case Function::hardSwish:
    case Function::silu:
    case Function::swish:
    case Function::gelu:
    case Function::geluTanh:
    case Function::mish:
    case Function::erf:
    case Function::abs:
    case Function::negate:
    case Function::affine:
    case Function::reciprocal:
        return true;
    case Function::power:
        return function.alpha == 2;
    default:
        return false;
    }
}

void mapValues(const ScalarFunction &function, const float *source, std::int64_t count,
               float *destination)
{
    mapBlock(function.function, function.alpha, function.beta, source, count, destination);
}

void run(const Epilogue &epilogue, EpilogueRows rows)
{
    const bool isOneRow = rows.sourceRow == rows.columns && rows.destinationRow == rows.columns &&
                          (!epilogue.addsResidual || rows.residualRow == rows.columns);
    if (isOneRow) {
        rows.columns *= rows.rows;
        rows.rows = 1;
    }
    constexpr Index block = 4096; // stays in the first cache between the passes
    for (Index r = 0; r < rows.rows; ++r) {
        for (Index c = 0; c < rows.columns; c += block) {
            const Index count = std::min(block, rows.columns - c);
            float *to = rows.destination + r * rows.destinationRow + c;
            mapValues(epilogue.before, rows.source + r * rows.sourceRow + c, count, to);
            if (epilogue.addsResidual)
                addValues(rows.residual + r * rows.residualRow + c, count, to);
            if (epilogue.after.function != Function::identity)
                mapValues(epilogue.after, to, count, to);
        }
    }
}

} // namespace hefstudio
