// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/float_reference.h"

#include "base/math.h"
#include "ops/float_reference_parts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <type_traits>

namespace hefstudio {

namespace reference {

std::vector<double> asDoubles(const Tensor &tensor)
{
    std::vector<double> values(static_cast<std::size_t>(tensor.elementCount()));
    switch (tensor.type()) {
    case ElementType::float32:
        std::ranges::copy(tensor.as<float>(), values.begin());
        break;
    case ElementType::float64:
        std::ranges::copy(tensor.as<double>(), values.begin());
        break;
    case ElementType::float16:
    case ElementType::bfloat16:
        std::ranges::copy(tensor.toFloat32().as<float>(), values.begin());
        break;
    default:
        std::ranges::transform(tensor.toInt64(), values.begin(),
                               [](std::int64_t value) { return static_cast<double>(value); });
    }
    return values;
}

namespace {

template<class T> void storeIntegers(Tensor &tensor, std::span<const double> values)
{
    constexpr double low = static_cast<double>(std::numeric_limits<T>::lowest());
    constexpr double high = static_cast<double>(std::numeric_limits<T>::max());
    const std::span<T> out = tensor.as<T>();
    for (std::size_t i = 0; i < values.size(); ++i) {
        // Comparisons first: the conversion of a value out of range is undefined.
        if (std::isnan(values[i]))
            out[i] = 0;
        else if (values[i] <= low)
            out[i] = std::numeric_limits<T>::lowest();
        else if (values[i] >= high)
            out[i] = std::numeric_limits<T>::max();
        else
            out[i] = static_cast<T>(values[i]);
    }
}

} // namespace

Tensor fromDoubles(ElementType type, const Shape &shape, std::span<const double> values)
{
    Tensor tensor(type, shape);
    switch (type) {
    case ElementType::float64:
        std::ranges::copy(values, tensor.as<double>().begin());
        break;
    case ElementType::int8:
        storeIntegers<std::int8_t>(tensor, values);
        break;
    case ElementType::uint8:
        storeIntegers<std::uint8_t>(tensor, values);
        break;
    case ElementType::int16:
        storeIntegers<std::int16_t>(tensor, values);
        break;
    case ElementType::uint16:
        storeIntegers<std::uint16_t>(tensor, values);
        break;
    case ElementType::int32:
        storeIntegers<std::int32_t>(tensor, values);
        break;
    case ElementType::uint32:
        storeIntegers<std::uint32_t>(tensor, values);
        break;
    case ElementType::int64:
        storeIntegers<std::int64_t>(tensor, values);
        break;
    case ElementType::uint64:
        storeIntegers<std::uint64_t>(tensor, values);
        break;
    case ElementType::boolean:
        std::ranges::transform(values, tensor.as<bool>().begin(),
                               [](double value) { return value != 0; });
        break;
    default: { // half precision results are widened: nothing after this point wants them narrow
        if (type != ElementType::float32)
            tensor = Tensor(ElementType::float32, shape);
        std::ranges::transform(values, tensor.as<float>().begin(),
                               [](double value) { return static_cast<float>(value); });
    }
    }
    return tensor;
}

std::vector<std::int64_t> broadcastIndices(const Shape &from, const Shape &shape)
{
    const std::vector<std::int64_t> strides = from.strides();
    const std::size_t added = shape.rank() - from.rank();
    std::vector<std::int64_t> indices{0};
    for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
        const std::int64_t stride =
            axis < added || from[axis - added] == 1 ? 0 : strides[axis - added];
        std::vector<std::int64_t> next;
        next.reserve(indices.size() * static_cast<std::size_t>(shape[axis]));
        for (const std::int64_t index : indices)
            for (std::int64_t i = 0; i < shape[axis]; ++i)
                next.push_back(index + i * stride);
        indices = std::move(next);
    }
    return indices;
}

AxisView viewAround(const Shape &shape, std::size_t axis)
{
    AxisView view;
    for (std::size_t i = 0; i < shape.rank(); ++i) {
        if (i < axis)
            view.outer *= shape[i];
        else if (i == axis)
            view.length = shape[i];
        else
            view.inner *= shape[i];
    }
    return view;
}
double exactPower(double x, double y)
{
    if (y == std::floor(y) && std::abs(y) <= 64) {
        double result = 1;
        for (int i = 0; i < static_cast<int>(std::abs(y)); ++i)
            result *= x;
        return y < 0 ? 1 / result : result;
    }
    if (y == 0.5)
        return std::sqrt(x);
    if (x > 0)
        return exactExp(y * exactLog(x));
    if (x == 0)
        return y > 0 ? 0 : std::numeric_limits<double>::infinity();
    if (y == std::floor(y)) {
        const double magnitude = exactExp(y * exactLog(-x));
        return std::fmod(y, 2) == 0 ? magnitude : -magnitude;
    }
    return std::numeric_limits<double>::quiet_NaN();
}

} // namespace reference

namespace {

double hardSigmoid(double x, double alpha, double beta)
{
    return std::clamp(alpha * x + beta, 0.0, 1.0);
}

double softplus(double x)
{
    // log(1 + eˣ) without overflow for large x.
    return std::max(x, 0.0) + exactLog(1 + exactExp(-std::abs(x)));
}

double logarithm(double x)
{
    if (x > 0)
        return exactLog(x);
    return x == 0 ? -std::numeric_limits<double>::infinity()
                  : std::numeric_limits<double>::quiet_NaN();
}

} // namespace

double applyFunction(const ScalarFunction &function, double x)
{
    const double alpha = function.alpha;
    const double beta = function.beta;
    switch (function.function) {
    case Function::identity:
        return x;
    case Function::relu:
        return std::max(x, 0.0);
    case Function::leakyRelu:
        return x < 0 ? alpha * x : x;
    case Function::clip:
        return std::min(std::max(x, alpha), beta);
    case Function::sigmoid:
        return exactSigmoid(x);
    case Function::tanh:
        return exactTanh(x);
    case Function::hardSigmoid:
        return hardSigmoid(x, alpha, beta);
    case Function::hardSwish:
        return x * hardSigmoid(x, 1.0 / 6, 0.5);
    case Function::silu:
        return x * exactSigmoid(x);
    case Function::gelu:
        return x / 2 * (1 + exactErf(x / std::numbers::sqrt2));
    case Function::geluTanh: {
        const double inner = std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x);
        return x / 2 * (1 + exactTanh(inner));
    }
    case Function::elu:
        return x < 0 ? alpha * (exactExp(x) - 1) : x;
    case Function::mish:
        return x * exactTanh(softplus(x));
    case Function::softplus:
        return softplus(x);
    case Function::exp:
        return exactExp(x);
    case Function::log:
        return logarithm(x);
    case Function::sqrt:
        return std::sqrt(x);
    case Function::reciprocal:
        return 1 / x;
    case Function::abs:
        return std::abs(x);
    case Function::negate:
        return -x;
    case Function::floor:
        return std::floor(x);
    case Function::ceil:
        return std::ceil(x);
    case Function::round: { // half to even, as ONNX says
        const double down = std::floor(x);
        const double rest = x - down;
        if (rest != 0.5)
            return rest < 0.5 ? down : down + 1;
        return std::fmod(down, 2) == 0 ? down : down + 1;
    }
    case Function::erf:
        return exactErf(x);
    case Function::sign:
        return x > 0 ? 1 : x < 0 ? -1 : x;
    case Function::power:
        return reference::exactPower(x, alpha);
    case Function::affine:
        return alpha * x + beta;
    case Function::swish:
        return x * exactSigmoid(alpha * x);
    case Function::celu:
        return std::max(x, 0.0) + std::min(0.0, alpha * (exactExp(x / alpha) - 1));
    case Function::thresholdedRelu:
        return x > alpha ? x : 0;
    case Function::softsign:
        return x / (1 + std::abs(x));
    case Function::shrink:
        return x > alpha ? x - beta : x < -alpha ? x + beta : 0;
    case Function::sin:
        return std::sin(x);
    case Function::cos:
        return std::cos(x);
    case Function::tan:
        return std::tan(x);
    case Function::asin:
        return std::asin(x);
    case Function::acos:
        return std::acos(x);
    case Function::atan:
        return std::atan(x);
    case Function::sinh:
        return std::sinh(x);
    case Function::cosh:
        return std::cosh(x);
    case Function::asinh:
        return std::asinh(x);
    case Function::acosh:
        return std::acosh(x);
    case Function::atanh:
        return std::atanh(x);
    case Function::truncate:
        return std::trunc(x);
    case Function::logicalNot:
        return x == 0 ? 1 : 0;
    case Function::isNan:
        return std::isnan(x) ? 1 : 0;
    case Function::isInfinite:
        return std::isinf(x) && (x > 0 ? alpha : beta) != 0 ? 1 : 0;
    }
    return x;
}

Tensor runFloatReference(const Attributes &attributes, const ScalarFunction &activation,
                         std::span<const Tensor *const> operands, const Shape &outputShape)
{
    Tensor result = std::visit(
        [&](const auto &kind) {
            if constexpr (std::is_same_v<std::decay_t<decltype(kind)>, Input>)
                return Tensor(ElementType::float32, outputShape);
            else
                return reference::run(kind, operands, outputShape);
        },
        attributes);
    if (activation.function != Function::identity && result.type() == ElementType::float32) {
        for (float &value : result.as<float>())
            value = static_cast<float>(applyFunction(activation, value));
    }
    return result;
}

} // namespace hefstudio
