// What is left to do with the result of a kernel while it is still in the cache: an activation, the
// addition of another value, an activation again.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/layer.h"

#include <cstdint>

namespace hefstudio {

struct Epilogue {
    ScalarFunction before; // of the kernel's own result
    bool addsResidual = false;
    ScalarFunction after; // of the sum

    bool isNothing() const
    {
        return before.function == Function::identity && !addsResidual &&
               after.function == Function::identity;
    }
};

// Rows of `columns` values; strides in values. The destination may be the source.
struct EpilogueRows {
    const float *source = nullptr;
    std::int64_t sourceRow = 0;
    const float *residual = nullptr;
    std::int64_t residualRow = 0;
    float *destination = nullptr;
    std::int64_t destinationRow = 0;
    std::int64_t rows = 0, columns = 0;
};
void run(const Epilogue &epilogue, EpilogueRows rows);

// Whether there is a vector loop for the function; only such may stand in an epilogue.
bool hasVectorLoop(const ScalarFunction &function);
// function(source) → destination, which may be the source itself. Needs hasVectorLoop().
void mapValues(const ScalarFunction &function, const float *source, std::int64_t count,
               float *destination);

} // namespace hefstudio
