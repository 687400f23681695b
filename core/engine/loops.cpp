// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/loops.h"

#include "engine/vector_functions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

namespace hefstudio::loops {

namespace {

using Index = std::int64_t;

// Sorts axes by `key` (largest stride first), drops those of size 1 and merges neighbours that walk
// through every one of `all` as one longer axis would.
void simplify(std::vector<Index> &sizes, const Strides &key, std::initializer_list<Strides *> all)
{
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < sizes.size(); ++i)
        if (sizes[i] != 1)
            order.push_back(i);
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return key[a] > key[b]; });
    const auto reorder = [&order](std::vector<Index> &list) {
        std::vector<Index> sorted;
        for (const std::size_t i : order)
            sorted.push_back(list[i]);
        list = std::move(sorted);
    };
    for (Strides *strides : all)
        reorder(*strides);
    reorder(sizes);
    for (std::size_t i = sizes.size(); i-- > 1;) {
        const bool merges = std::ranges::all_of(all, [&](const Strides *strides) {
            return (*strides)[i - 1] == sizes[i] * (*strides)[i];
        });
        if (!merges)
            continue;
        sizes[i - 1] *= sizes[i];
        sizes.erase(sizes.begin() + static_cast<std::ptrdiff_t>(i));
        for (Strides *strides : all) {
            (*strides)[i - 1] = (*strides)[i];
            strides->erase(strides->begin() + static_cast<std::ptrdiff_t>(i));
        }
    }
    while (sizes.size() < 2) {
        sizes.insert(sizes.begin(), 1);
        for (Strides *strides : all)
            strides->insert(strides->begin(), 0);
    }
}

// Calls body(offsets) for every combination of all axes but the last two.
template<std::size_t count, class Body>
void forOuter(const std::vector<Index> &sizes, const std::array<const Strides *, count> &strides,
              const Body &body)
{
    const std::size_t outer = sizes.size() - 2;
    if (std::ranges::find(sizes, 0) != sizes.end())
        return;
    std::vector<Index> position(outer, 0);
    std::array<Index, count> offsets{};
    for (;;) {
        body(offsets);
        std::size_t axis = outer;
        for (; axis-- > 0;) {
            for (std::size_t k = 0; k < count; ++k)
                offsets[k] += (*strides[k])[axis];
            if (++position[axis] < sizes[axis])
                break;
            for (std::size_t k = 0; k < count; ++k)
                offsets[k] -= (*strides[k])[axis] * sizes[axis];
            position[axis] = 0;
        }
        if (axis == static_cast<std::size_t>(-1))
            return;
    }
}

// The axis to cut a loop along and where: the outermost one that is long enough, else the longest.
struct Cut {
    std::size_t axis = 0;
    std::vector<Index> bounds; // one more than there are parts
};

template<class MayCut>
Cut cutOf(const std::vector<Index> &sizes, Index parts, const MayCut &mayCut)
{
    Cut cut;
    bool isFound = false;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        if (!mayCut(i))
            continue;
        if (!isFound || sizes[i] > sizes[cut.axis])
            cut.axis = i;
        isFound = true;
        if (sizes[i] >= parts)
            break;
    }
    const Index size = sizes[cut.axis];
    // The last axis is cut at whole vectors.
    const Index unit = cut.axis + 1 == sizes.size() ? 16 : 1;
    parts = isFound ? std::clamp<Index>(parts, 1, std::max<Index>(1, size / unit)) : 1;
    for (Index i = 0; i < parts; ++i)
        cut.bounds.push_back(size * i / parts / unit * unit);
    cut.bounds.push_back(size);
    return cut;
}

HEFSTUDIO_VECTOR_CLONES
void copyBlock(const float *source, Index rows, Index fromRow, Index columns, Index fromColumn,
               float *destination, Index toRow, Index toColumn)
{
    if (fromColumn == 1 && toColumn == 1) {
        if (columns >= 64) {
            for (Index r = 0; r < rows; ++r)
                std::memcpy(destination + r * toRow, source + r * fromRow,
                            static_cast<std::size_t>(columns) * sizeof(float));
            return;
        }
        for (Index r = 0; r < rows; ++r)
            for (Index c = 0; c < columns; ++c)
                destination[r * toRow + c] = source[r * fromRow + c];
        return;
    }
    if (fromColumn == 0 && toColumn == 1) {
        for (Index r = 0; r < rows; ++r)
            std::fill_n(destination + r * toRow, columns, source[r * fromRow]);
        return;
    }
    if (toColumn == 1 && fromRow == 1) {
        // A transposition, in squares that stay in the first cache.
        constexpr Index side = 16;
        for (Index r0 = 0; r0 < rows; r0 += side) {
            const Index rEnd = std::min(rows, r0 + side);
            for (Index c0 = 0; c0 < columns; c0 += side) {
                const Index cEnd = std::min(columns, c0 + side);
                for (Index r = r0; r < rEnd; ++r)
                    for (Index c = c0; c < cEnd; ++c)
                        destination[r * toRow + c] = source[r + c * fromColumn];
            }
        }
        return;
    }
    for (Index r = 0; r < rows; ++r)
        for (Index c = 0; c < columns; ++c)
            destination[r * toRow + c * toColumn] = source[r * fromRow + c * fromColumn];
}

} // namespace

Copy prepareCopy(std::span<const Index> sizes, Strides from, Strides to)
{
    Copy copy{{sizes.begin(), sizes.end()}, std::move(from), std::move(to)};
    const Strides key = copy.to;
    simplify(copy.sizes, key, {&copy.from, &copy.to});
    // The axis along which the source is contiguous becomes the last but one, for the
    // transposition.
    const std::size_t rank = copy.sizes.size();
    if (copy.from[rank - 1] != 1) {
        for (std::size_t i = 0; i + 2 < rank; ++i) {
            if (copy.from[i] != 1)
                continue;
            std::swap(copy.sizes[i], copy.sizes[rank - 2]);
            std::swap(copy.from[i], copy.from[rank - 2]);
            std::swap(copy.to[i], copy.to[rank - 2]);
            break;
        }
    }
    return copy;
}

std::vector<CopyPart> split(const Copy &copy, Index parts)
{
    const Cut cut = cutOf(copy.sizes, parts, [](std::size_t) { return true; });
    std::vector<CopyPart> result;
    for (std::size_t i = 0; i + 1 < cut.bounds.size(); ++i) {
        const Index begin = cut.bounds[i];
        CopyPart part{copy, begin * copy.from[cut.axis], begin * copy.to[cut.axis]};
        part.copy.sizes[cut.axis] = cut.bounds[i + 1] - begin;
        result.push_back(std::move(part));
    }
    return result;
}

void run(const Copy &copy, const float *source, float *destination)
{
    const std::size_t rank = copy.sizes.size();
    forOuter<2>(copy.sizes, {&copy.from, &copy.to}, [&](const std::array<Index, 2> &offset) {
        copyBlock(source + offset[0], copy.sizes[rank - 2], copy.from[rank - 2],
                  copy.sizes[rank - 1], copy.from[rank - 1], destination + offset[1],
                  copy.to[rank - 2], copy.to[rank - 1]);
    });
}

namespace {

template<Combine op> HEFSTUDIO_INLINE float combined(float a, float b)
{
    switch (op) {
    case Combine::add:
        return a + b;
    case Combine::subtract:
        return a - b;
    case Combine::multiply:
        return a * b;
    case Combine::divide:
        return a / b;
    case Combine::minimum:
        return b < a ? b : a;
    case Combine::maximum:
        return a < b ? b : a;
    case Combine::parametricRelu:
        return a < 0 ? a * b : a;
    }
    return a;
}

struct Rows {
    Index rows, columns, aRow, aColumn, bRow, bColumn, toRow;
};

template<Combine op>
HEFSTUDIO_INLINE void combineRows(const float *a, const float *b, float *out, const Rows &s)
{
    for (Index r = 0; r < s.rows; ++r) {
        const float *ar = a + r * s.aRow;
        const float *br = b + r * s.bRow;
        float *to = out + r * s.toRow;
        if (s.aColumn == 1 && s.bColumn == 1) {
            HEFSTUDIO_INDEPENDENT
            for (Index c = 0; c < s.columns; ++c)
                to[c] = combined<op>(ar[c], br[c]);
        } else if (s.aColumn == 1 && s.bColumn == 0) {
            const float value = br[0];
            HEFSTUDIO_INDEPENDENT
            for (Index c = 0; c < s.columns; ++c)
                to[c] = combined<op>(ar[c], value);
        } else if (s.aColumn == 0 && s.bColumn == 1) {
            const float value = ar[0];
            HEFSTUDIO_INDEPENDENT
            for (Index c = 0; c < s.columns; ++c)
                to[c] = combined<op>(value, br[c]);
        } else {
            HEFSTUDIO_INDEPENDENT
            for (Index c = 0; c < s.columns; ++c)
                to[c] = combined<op>(ar[c * s.aColumn], br[c * s.bColumn]);
        }
    }
}

HEFSTUDIO_VECTOR_CLONES
void combineBlock(Combine op, const float *a, const float *b, float *out, const Rows &s)
{
    switch (op) {
    case Combine::add:
        return combineRows<Combine::add>(a, b, out, s);
    case Combine::subtract:
        return combineRows<Combine::subtract>(a, b, out, s);
    case Combine::multiply:
        return combineRows<Combine::multiply>(a, b, out, s);
    case Combine::divide:
        return combineRows<Combine::divide>(a, b, out, s);
    case Combine::minimum:
        return combineRows<Combine::minimum>(a, b, out, s);
    case Combine::maximum:
        return combineRows<Combine::maximum>(a, b, out, s);
    case Combine::parametricRelu:
        return combineRows<Combine::parametricRelu>(a, b, out, s);
    }
}

} // namespace

Combination prepareCombination(Combine op, std::span<const Index> sizes, Strides a, Strides b,
                               Strides to)
{
    Combination combination{
        op, {sizes.begin(), sizes.end()}, std::move(a), std::move(b), std::move(to)};
    const Strides key = combination.to;
    simplify(combination.sizes, key, {&combination.a, &combination.b, &combination.to});
    return combination;
}

std::vector<CombinationPart> split(const Combination &combination, Index parts)
{
    const Cut cut = cutOf(combination.sizes, parts, [](std::size_t) { return true; });
    std::vector<CombinationPart> result;
    for (std::size_t i = 0; i + 1 < cut.bounds.size(); ++i) {
        const Index begin = cut.bounds[i];
        CombinationPart part{combination, begin * combination.a[cut.axis],
                             begin * combination.b[cut.axis], begin * combination.to[cut.axis]};
        part.combination.sizes[cut.axis] = cut.bounds[i + 1] - begin;
        result.push_back(std::move(part));
    }
    return result;
}

void run(const Combination &combination, const float *a, const float *b, float *destination)
{
    const std::size_t rank = combination.sizes.size();
    const Rows rows{combination.sizes[rank - 2], combination.sizes[rank - 1],
                    combination.a[rank - 2],     combination.a[rank - 1],
                    combination.b[rank - 2],     combination.b[rank - 1],
                    combination.to[rank - 2]};
    forOuter<3>(combination.sizes, {&combination.a, &combination.b, &combination.to},
                [&](const std::array<Index, 3> &offset) {
                    combineBlock(combination.op, a + offset[0], b + offset[1],
                                 destination + offset[2], rows);
                });
}

namespace {

// Partial results in a fixed number of lanes: fast, and the same order on every instruction set.
constexpr Index lanes = 16;

template<Reduction reduction> HEFSTUDIO_INLINE double accumulated(double sum, double value)
{
    switch (reduction) {
    case Reduction::mean:
    case Reduction::sum:
        return sum + value;
    case Reduction::max:
        return sum < value ? value : sum;
    case Reduction::min:
        return value < sum ? value : sum;
    case Reduction::l2:
        return sum + value * value;
    case Reduction::product:
        return sum * value;
    }
    return sum;
}

// How partial results of lanes join: squares were taken already.
template<Reduction reduction> HEFSTUDIO_INLINE double joined(double a, double b)
{
    return reduction == Reduction::l2 ? a + b : accumulated<reduction>(a, b);
}

double startOf(Reduction reduction)
{
    switch (reduction) {
    case Reduction::max:
        return -std::numeric_limits<double>::infinity();
    case Reduction::min:
        return std::numeric_limits<double>::infinity();
    case Reduction::product:
        return 1;
    default:
        return 0;
    }
}

struct ReduceRows {
    Index rows, columns, fromRow, fromColumn, toRow, toColumn;
};

template<Reduction reduction>
HEFSTUDIO_INLINE void reduceRows(const float *source, double *sums, const ReduceRows &s,
                                 double start)
{
    for (Index r = 0; r < s.rows; ++r) {
        const float *row = source + r * s.fromRow;
        double *to = sums + r * s.toRow;
        if (s.toColumn == 1 && s.fromColumn == 1) {
            for (Index c = 0; c < s.columns; ++c)
                to[c] = accumulated<reduction>(to[c], row[c]);
        } else if (s.toColumn == 0 && s.fromColumn == 1) {
            double partial[lanes];
            std::fill_n(partial, lanes, start);
            const Index whole = s.columns / lanes * lanes;
            for (Index c = 0; c < whole; c += lanes)
                for (Index k = 0; k < lanes; ++k)
                    partial[k] = accumulated<reduction>(partial[k], row[c + k]);
            for (Index c = whole; c < s.columns; ++c)
                partial[c - whole] = accumulated<reduction>(partial[c - whole], row[c]);
            for (const double value : partial)
                *to = joined<reduction>(*to, value);
        } else {
            for (Index c = 0; c < s.columns; ++c)
                to[c * s.toColumn] =
                    accumulated<reduction>(to[c * s.toColumn], row[c * s.fromColumn]);
        }
    }
}

HEFSTUDIO_VECTOR_CLONES
void reduceBlock(Reduction reduction, const float *source, double *sums, const ReduceRows &s,
                 double start)
{
    switch (reduction) {
    case Reduction::mean:
    case Reduction::sum:
        return reduceRows<Reduction::sum>(source, sums, s, start);
    case Reduction::max:
        return reduceRows<Reduction::max>(source, sums, s, start);
    case Reduction::min:
        return reduceRows<Reduction::min>(source, sums, s, start);
    case Reduction::l2:
        return reduceRows<Reduction::l2>(source, sums, s, start);
    case Reduction::product:
        return reduceRows<Reduction::product>(source, sums, s, start);
    }
}

} // namespace

Reducing prepareReducing(Reduction reduction, std::span<const Index> sizes, Strides from,
                         Strides to)
{
    Reducing reducing{reduction, {sizes.begin(), sizes.end()}, std::move(from), std::move(to), 1,
                      1};
    for (std::size_t i = 0; i < reducing.sizes.size(); ++i) {
        if (reducing.to[i] == 0 && reducing.sizes[i] != 1)
            reducing.perResult *= reducing.sizes[i];
        else
            reducing.results *= reducing.sizes[i];
    }
    const Strides key = reducing.from;
    simplify(reducing.sizes, key, {&reducing.from, &reducing.to});
    return reducing;
}

std::vector<ReducingPart> split(const Reducing &reducing, Index parts)
{
    // Along the slowest axis of the results, so that each part's results lie together.
    const Index slowest = std::ranges::max(reducing.to);
    const Cut cut = cutOf(reducing.sizes, parts, [&](std::size_t axis) {
        return slowest > 0 && reducing.to[axis] == slowest && reducing.sizes[axis] > 1;
    });
    std::vector<ReducingPart> result;
    for (std::size_t i = 0; i + 1 < cut.bounds.size(); ++i) {
        const Index begin = cut.bounds[i], size = cut.bounds[i + 1] - begin;
        ReducingPart part{reducing, begin * reducing.from[cut.axis],
                          begin * reducing.to[cut.axis]};
        if (cut.bounds.size() > 2) {
            part.reducing.results = reducing.results / reducing.sizes[cut.axis] * size;
            part.reducing.sizes[cut.axis] = size;
        }
        result.push_back(std::move(part));
    }
    return result;
}

void run(const Reducing &reducing, const float *source, std::span<double> sums, float *destination)
{
    const double start = startOf(reducing.reduction);
    std::ranges::fill(sums, start);
    const std::size_t rank = reducing.sizes.size();
    const ReduceRows rows{reducing.sizes[rank - 2], reducing.sizes[rank - 1],
                          reducing.from[rank - 2],  reducing.from[rank - 1],
                          reducing.to[rank - 2],    reducing.to[rank - 1]};
    forOuter<2>(reducing.sizes, {&reducing.from, &reducing.to},
                [&](const std::array<Index, 2> &offset) {
                    reduceBlock(reducing.reduction, source + offset[0], sums.data() + offset[1],
                                rows, start);
                });
    for (std::size_t i = 0; i < sums.size(); ++i) {
        double value = sums[i];
        if (reducing.reduction == Reduction::mean)
            value /= static_cast<double>(reducing.perResult);
        if (reducing.reduction == Reduction::l2)
            value = std::sqrt(value);
        destination[i] = static_cast<float>(value);
    }
}

namespace {

HEFSTUDIO_VECTOR_CLONES
void addWeighted(const float *source, float weight, Index count, bool isFirst, float *destination)
{
    if (isFirst) {
        HEFSTUDIO_INDEPENDENT
        for (Index c = 0; c < count; ++c)
            destination[c] = weight * source[c];
    } else {
        HEFSTUDIO_INDEPENDENT
        for (Index c = 0; c < count; ++c)
            destination[c] += weight * source[c];
    }
}

HEFSTUDIO_VECTOR_CLONES
void blendFour(const float *a, const float *b, const float *c, const float *d,
               const std::array<float, 4> &w, Index count, float *destination)
{
    HEFSTUDIO_INDEPENDENT
    for (Index i = 0; i < count; ++i)
        destination[i] = w[0] * a[i] + w[1] * b[i] + w[2] * c[i] + w[3] * d[i];
}

} // namespace

void run(const Resizing &resizing, const float *source, float *destination)
{
    const Index channels = resizing.channels;
    const auto outWidth = static_cast<Index>(resizing.columns.size());
    const Index rowLength = outWidth * channels;
    for (Index n = 0; n < resizing.batch; ++n) {
        const float *picture = source + n * resizing.inHeight * resizing.inWidth * channels;
        const auto pixel = [&](const ResizeTap &row, const ResizeTap &column) {
            return picture + (row.index * resizing.inWidth + column.index) * channels;
        };
        for (std::size_t y = 0; y < resizing.rows.size(); ++y, destination += rowLength) {
            const std::vector<ResizeTap> &row = resizing.rows[y];
            const bool isNearest = row.size() == 1;
            if (isNearest && y > 0 && resizing.rows[y - 1][0].index == row[0].index) {
                std::memcpy(destination, destination - rowLength,
                            static_cast<std::size_t>(rowLength) * sizeof(float));
                continue;
            }
            float *out = destination;
            for (const std::vector<ResizeTap> &column : resizing.columns) {
                if (isNearest) {
                    std::memcpy(out, pixel(row[0], column[0]),
                                static_cast<std::size_t>(channels) * sizeof(float));
                } else if (row.size() == 2) {
                    const auto weight = [&](int i, int j) {
                        return static_cast<float>(row[i].weight * column[j].weight);
                    };
                    blendFour(pixel(row[0], column[0]), pixel(row[0], column[1]),
                              pixel(row[1], column[0]), pixel(row[1], column[1]),
                              {weight(0, 0), weight(0, 1), weight(1, 0), weight(1, 1)}, channels,
                              out);
                } else {
                    bool isFirst = true;
                    for (const ResizeTap &ty : row) {
                        for (const ResizeTap &tx : column) {
                            addWeighted(pixel(ty, tx), static_cast<float>(ty.weight * tx.weight),
                                        channels, isFirst, out);
                            isFirst = false;
                        }
                    }
                }
                out += channels;
            }
        }
    }
}

namespace {

HEFSTUDIO_VECTOR_CLONES
void exponentials(const float *source, float highest, Index count, float *destination)
{
    HEFSTUDIO_INDEPENDENT
    for (Index i = 0; i < count; ++i)
        destination[i] = quickExp(source[i] - highest);
}

// Vectors of the compiler: sums and maxima would stay scalar without leave to change their order.
using Floats = float __attribute__((vector_size(64)));
using HalfFloats = float __attribute__((vector_size(32)));
using Doubles = double __attribute__((vector_size(64)));

template<class Vector> HEFSTUDIO_INLINE void load(Vector &vector, const float *values)
{
    std::memcpy(&vector, values, sizeof vector);
}

HEFSTUDIO_VECTOR_CLONES
float highestOf(const float *values, Index count)
{
    float highest = values[0];
    Index i = 0;
    if (count >= lanes) {
        Floats most, x;
        load(most, values);
        for (i = lanes; i + lanes <= count; i += lanes) {
            load(x, values + i);
            most = x > most ? x : most;
        }
        for (Index k = 0; k < lanes; ++k)
            highest = most[k] > highest ? most[k] : highest;
    }
    for (; i < count; ++i)
        highest = values[i] > highest ? values[i] : highest;
    return highest;
}

// Σ (x − centre)^power for a power of 1 or 2.
template<int power> HEFSTUDIO_INLINE double sumAround(const float *values, Index count, double centre)
{
    constexpr Index width = 8;
    Doubles sums = {};
    Index i = 0;
    for (; i + width <= count; i += width) {
        HalfFloats narrow;
        load(narrow, values + i);
        const Doubles x = __builtin_convertvector(narrow, Doubles) - centre;
        sums += power == 2 ? x * x : x;
    }
    double sum = 0;
    for (; i < count; ++i) {
        const double x = values[i] - centre;
        sum += power == 2 ? x * x : x;
    }
    for (Index k = 0; k < width; ++k)
        sum += sums[k];
    return sum;
}

HEFSTUDIO_VECTOR_CLONES
double sumOf(const float *values, Index count)
{
    return sumAround<1>(values, count, 0);
}

HEFSTUDIO_VECTOR_CLONES
void scaleRow(float *values, Index count, float factor)
{
    HEFSTUDIO_INDEPENDENT
    for (Index i = 0; i < count; ++i)
        values[i] *= factor;
}

void softmaxRow(const float *source, Index count, bool logarithm, float *destination)
{
    const float highest = highestOf(source, count);
    exponentials(source, highest, count, destination);
    const double sum = sumOf(destination, count);
    if (logarithm) {
        const auto shift = static_cast<float>(std::log(sum));
        for (Index i = 0; i < count; ++i)
            destination[i] = source[i] - highest - shift;
    } else {
        scaleRow(destination, count, static_cast<float>(1 / sum));
    }
}

// Columns side by side, so few that a row of them stays in the first cache.
constexpr Index columnBlock = 256;

HEFSTUDIO_VECTOR_CLONES
void softmaxColumns(const float *source, const SoftmaxView &view, Index count, float *destination)
{
    float highest[columnBlock], sum[columnBlock];
    std::copy_n(source, count, highest);
    for (Index k = 1; k < view.length; ++k) {
        const float *row = source + k * view.stride;
        for (Index i = 0; i < count; ++i)
            highest[i] = row[i] > highest[i] ? row[i] : highest[i];
    }
    std::fill_n(sum, count, 0.0F);
    for (Index k = 0; k < view.length; ++k) {
        const float *row = source + k * view.stride;
        float *to = destination + k * view.stride;
        if (view.logarithm) {
            for (Index i = 0; i < count; ++i) {
                to[i] = row[i] - highest[i];
                sum[i] += quickExp(to[i]);
            }
            continue;
        }
        for (Index i = 0; i < count; ++i) {
            to[i] = quickExp(row[i] - highest[i]);
            sum[i] += to[i];
        }
    }
    for (Index i = 0; i < count; ++i)
        sum[i] = view.logarithm ? std::log(sum[i]) : 1 / sum[i];
    for (Index k = 0; k < view.length; ++k) {
        float *to = destination + k * view.stride;
        if (view.logarithm) {
            for (Index i = 0; i < count; ++i)
                to[i] -= sum[i];
        } else {
            for (Index i = 0; i < count; ++i)
                to[i] *= sum[i];
        }
    }
}

} // namespace

void run(const SoftmaxView &view, const float *source, float *destination)
{
    if (view.length == 0)
        return;
    for (Index o = 0; o < view.outer; ++o) {
        const Index begin = o * view.length * view.stride;
        if (view.stride == 1) {
            softmaxRow(source + begin, view.length, view.logarithm, destination + begin);
            continue;
        }
        for (Index i = 0; i < view.inner; i += columnBlock)
            softmaxColumns(source + begin + i, view, std::min(columnBlock, view.inner - i),
                           destination + begin + i);
    }
}

HEFSTUDIO_VECTOR_CLONES
void normaliseRows(const float *source, Index rows, Index length, float epsilon,
                   std::span<const float> gamma, std::span<const float> beta, float *destination)
{
    for (Index r = 0; r < rows; ++r) {
        const float *x = source + r * length;
        float *out = destination + r * length;
        const double mean = sumAround<1>(x, length, 0) / static_cast<double>(length);
        const double squares = sumAround<2>(x, length, mean);
        const auto factor =
            static_cast<float>(1 / std::sqrt(squares / static_cast<double>(length) + epsilon));
        const auto centre = static_cast<float>(mean);
        for (Index i = 0; i < length; ++i)
            out[i] = (x[i] - centre) * factor;
        if (!gamma.empty())
            for (Index i = 0; i < length; ++i)
                out[i] *= gamma[static_cast<std::size_t>(i)];
        if (!beta.empty())
            for (Index i = 0; i < length; ++i)
                out[i] += beta[static_cast<std::size_t>(i)];
    }
}

} // namespace hefstudio::loops
