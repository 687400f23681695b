// Layers that look things up: selections, extremes, gathers and scatters by computed places, running
// sums. Indices are integers, or floats that hold integers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/float_reference_parts.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

namespace hefstudio::reference {

namespace {

std::size_t at(std::int64_t index)
{
    return static_cast<std::size_t>(index);
}

// Negative indices count from the end; nothing when the index is outside all the same.
std::optional<std::int64_t> resolved(std::int64_t index, std::int64_t dimension)
{
    if (index < 0)
        index += dimension;
    if (index < 0 || index >= dimension)
        return std::nullopt;
    return index;
}

void copyElements(const Tensor &from, std::int64_t source, Tensor &to, std::int64_t destination,
                  std::int64_t count)
{
    const std::size_t width = elementBytes(from.type());
    if (count > 0)
        std::memcpy(to.bytes().data() + at(destination) * width,
                    from.bytes().data() + at(source) * width, at(count) * width);
}

double joined(ScatterReduction reduction, double there, double update)
{
    switch (reduction) {
    case ScatterReduction::none:
        return update;
    case ScatterReduction::add:
        return there + update;
    case ScatterReduction::multiply:
        return there * update;
    case ScatterReduction::maximum:
        return std::max(there, update);
    case ScatterReduction::minimum:
        return std::min(there, update);
    }
    return update;
}

// First in the order TopK wants: NaN counts as the largest, as it does in NumPy's sort.
bool comesBefore(double a, double b, bool smallest)
{
    if (std::isnan(a) || std::isnan(b))
        return smallest ? !std::isnan(a) && std::isnan(b) : std::isnan(a) && !std::isnan(b);
    return smallest ? a < b : a > b;
}

// The place an index row of `depth` numbers names behind `firstAxis`, in elements of x.
std::optional<std::int64_t> placeOf(std::span<const std::int64_t> row, const Shape &shape,
                                    std::span<const std::int64_t> strides, std::size_t firstAxis)
{
    std::int64_t place = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
        const auto index = resolved(row[i], shape[firstAxis + i]);
        if (!index)
            return std::nullopt;
        place += *index * strides[firstAxis + i];
    }
    return place;
}

// For every element of `indices`: where it points in a tensor of `shape` along `axis`.
std::vector<std::optional<std::int64_t>> elementPlaces(const Tensor &indices, const Shape &shape,
                                                       std::size_t axis)
{
    const std::vector<std::int64_t> numbers = indices.toInt64();
    const std::vector<std::int64_t> strides = shape.strides();
    std::vector<std::int64_t> position(shape.rank(), 0);
    std::vector<std::optional<std::int64_t>> places;
    places.reserve(numbers.size());
    for (const std::int64_t number : numbers) {
        const auto index = resolved(number, shape[axis]);
        std::int64_t place = index ? *index * strides[axis] : 0;
        for (std::size_t i = 0; i < shape.rank(); ++i)
            if (i != axis)
                place += position[i] * strides[i];
        places.push_back(index ? std::optional(place) : std::nullopt);
        for (std::size_t i = shape.rank(); i-- > 0;) {
            if (++position[i] < indices.shape()[i])
                break;
            position[i] = 0;
        }
    }
    return places;
}

} // namespace

Tensor run(const Select &, Operands operands, const Shape &shape)
{
    const std::vector<double> condition = asDoubles(*operands[0]);
    const std::vector<double> yes = asDoubles(*operands[1]);
    const std::vector<double> no = asDoubles(*operands[2]);
    const auto conditionAt = broadcastIndices(operands[0]->shape(), shape);
    const auto yesAt = broadcastIndices(operands[1]->shape(), shape);
    const auto noAt = broadcastIndices(operands[2]->shape(), shape);
    std::vector<double> values(conditionAt.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = condition[at(conditionAt[i])] != 0 ? yes[at(yesAt[i])] : no[at(noAt[i])];
    return fromDoubles(operands[1]->type(), shape, values);
}

Tensor run(const ArgReduce &attributes, Operands operands, const Shape &shape)
{
    const std::vector<double> x = asDoubles(*operands[0]);
    const AxisView view = viewAround(operands[0]->shape(), at(attributes.axis));
    Tensor result(ElementType::float32, shape);
    const std::span<float> out = result.as<float>();
    for (std::int64_t o = 0; o < view.outer; ++o) {
        for (std::int64_t i = 0; i < view.inner; ++i) {
            std::int64_t best = 0;
            const auto value = [&](std::int64_t k) {
                return x[at((o * view.length + k) * view.inner + i)];
            };
            for (std::int64_t k = 1; k < view.length; ++k) {
                const bool isBetter = comesBefore(value(k), value(best), attributes.smallest);
                const bool isEqual = value(k) == value(best);
                if (isBetter || (isEqual && attributes.takesLast))
                    best = k;
            }
            out[at(o * view.inner + i)] = static_cast<float>(best);
        }
    }
    return result;
}

Tensor run(const TopK &attributes, Operands operands, const Shape &shape)
{
    const std::vector<double> x = asDoubles(*operands[0]);
    const AxisView view = viewAround(operands[0]->shape(), at(attributes.axis));
    std::vector<double> values(at(shape.elementCount()));
    std::vector<std::int64_t> order(at(view.length));
    for (std::int64_t o = 0; o < view.outer; ++o) {
        for (std::int64_t i = 0; i < view.inner; ++i) {
            const auto value = [&](std::int64_t k) {
                return x[at((o * view.length + k) * view.inner + i)];
            };
            std::iota(order.begin(), order.end(), std::int64_t(0));
            std::partial_sort(order.begin(), order.begin() + attributes.count, order.end(),
                              [&](std::int64_t a, std::int64_t b) {
                                  if (comesBefore(value(a), value(b), attributes.smallest))
                                      return true;
                                  if (comesBefore(value(b), value(a), attributes.smallest))
                                      return false;
                                  return a < b;
                              });
            for (std::int64_t k = 0; k < attributes.count; ++k)
                values[at((o * attributes.count + k) * view.inner + i)] =
                    attributes.result == TopK::Result::values
                        ? value(order[at(k)])
                        : static_cast<double>(order[at(k)]);
        }
    }
    return fromDoubles(ElementType::float32, shape, values);
}

Tensor run(const CumulativeSum &attributes, Operands operands, const Shape &shape)
{
    const std::vector<double> x = asDoubles(*operands[0]);
    const AxisView view = viewAround(shape, at(attributes.axis));
    std::vector<double> values(x.size());
    for (std::int64_t o = 0; o < view.outer; ++o) {
        for (std::int64_t i = 0; i < view.inner; ++i) {
            double sum = 0;
            for (std::int64_t k = 0; k < view.length; ++k) {
                const std::int64_t place = attributes.isReverse ? view.length - 1 - k : k;
                const std::size_t element = at((o * view.length + place) * view.inner + i);
                values[element] = attributes.isExclusive ? sum : sum + x[element];
                sum += x[element];
            }
        }
    }
    return fromDoubles(operands[0]->type(), shape, values);
}

Tensor run(const GatherElements &attributes, Operands operands, const Shape &shape)
{
    const Tensor &x = *operands[0];
    const auto places = elementPlaces(*operands[1], x.shape(), at(attributes.axis));
    Tensor result(x.type(), shape);
    for (std::size_t i = 0; i < places.size(); ++i)
        if (places[i])
            copyElements(x, *places[i], result, static_cast<std::int64_t>(i), 1);
    return result;
}

Tensor run(const GatherNd &attributes, Operands operands, const Shape &shape)
{
    const Tensor &x = *operands[0];
    const Shape &places = operands[1]->shape();
    const std::vector<std::int64_t> numbers = operands[1]->toInt64();
    const std::vector<std::int64_t> strides = x.shape().strides();
    const std::size_t batch = at(attributes.batchDimensions);
    const std::size_t depth = at(places.back());
    std::int64_t block = 1;
    for (std::size_t axis = batch + depth; axis < x.shape().rank(); ++axis)
        block *= x.shape()[axis];
    std::int64_t batches = 1;
    for (std::size_t axis = 0; axis < batch; ++axis)
        batches *= x.shape()[axis];
    const auto rows = static_cast<std::int64_t>(numbers.size() / depth);
    const std::int64_t rowsPerBatch = rows / batches;
    const std::int64_t batchStride = x.elementCount() / batches;
    Tensor result(x.type(), shape);
    for (std::int64_t row = 0; row < rows; ++row) {
        const auto place = placeOf(std::span(numbers).subspan(at(row) * depth, depth), x.shape(),
                                   strides, batch);
        if (place)
            copyElements(x, row / rowsPerBatch * batchStride + *place, result, row * block, block);
    }
    return result;
}

Tensor run(const ScatterElements &attributes, Operands operands, const Shape &shape)
{
    std::vector<double> values = asDoubles(*operands[0]);
    const std::vector<double> updates = asDoubles(*operands[2]);
    const auto places = elementPlaces(*operands[1], shape, at(attributes.axis));
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (!places[i])
            continue;
        double &there = values[at(*places[i])];
        there = joined(attributes.reduction, there, updates[i]);
    }
    return fromDoubles(operands[0]->type(), shape, values);
}

Tensor run(const ScatterNd &attributes, Operands operands, const Shape &shape)
{
    std::vector<double> values = asDoubles(*operands[0]);
    const std::vector<double> updates = asDoubles(*operands[2]);
    const std::vector<std::int64_t> numbers = operands[1]->toInt64();
    const std::vector<std::int64_t> strides = shape.strides();
    const std::size_t depth = at(operands[1]->shape().back());
    std::size_t block = 1;
    for (std::size_t axis = depth; axis < shape.rank(); ++axis)
        block *= at(shape[axis]);
    for (std::size_t row = 0; row < numbers.size() / depth; ++row) {
        const auto place =
            placeOf(std::span(numbers).subspan(row * depth, depth), shape, strides, 0);
        for (std::size_t i = 0; place && i < block; ++i) {
            double &there = values[at(*place) + i];
            there = joined(attributes.reduction, there, updates[row * block + i]);
        }
    }
    return fromDoubles(operands[0]->type(), shape, values);
}

} // namespace hefstudio::reference
