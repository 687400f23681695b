// Convolutions with weights of 8 bits: bare sums of products for a band of rows, small enough to
// stay in the cache, and at once the output stage on them. The sums come from oneDNN where it is
// exact on this machine, from our own products of 16 bits elsewhere, and tap by tap for depthwise
// layers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dnnl_integer.h"
#include "engine/integer_planner.h"
#include "engine/integer_stage.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>

namespace hefstudio {

namespace {

using integer_kernels::Kernels;

constexpr std::int64_t bandBytes = 384 << 10; // of 32-bit sums: a part of the second cache

std::int64_t roundUp(std::int64_t value, std::int64_t to)
{
    return (value + to - 1) / to * to;
}

// One layer, and what all its jobs share.
struct Work {
    std::int64_t batch, channels, height, width; // of the source
    std::int64_t outputs, outHeight, outWidth;
    std::int64_t taps, perGroup, groups, depth; // depth: terms of one sum
    Window window;
    std::int32_t zeroPoint;
    std::vector<std::int32_t> padding; // per channel
    const std::int8_t *weights;        // [O, C/groups, kh, kw]
    std::span<const std::int32_t> bias;
    const Kernels *kernels;
    std::unique_ptr<PreparedStage> stage;
    std::size_t outputBytes;
};

// Which taps of the window lie inside the picture, along one axis, per output position.
struct TapRange {
    std::int64_t begin = 0, end = 0;
    friend auto operator<=>(const TapRange &, const TapRange &) = default;
};

std::vector<TapRange> tapRanges(const Window &window, std::size_t axis, std::int64_t in,
                                std::int64_t out)
{
    std::vector<TapRange> ranges;
    for (std::int64_t o = 0; o < out; ++o) {
        const std::int64_t start = o * window.stride[axis] - window.padBegin[axis];
        const std::int64_t dilation = window.dilation[axis];
        TapRange range;
        range.begin = start >= 0 ? 0 : (-start + dilation - 1) / dilation;
        range.end = start >= in ? 0 : (in - start + dilation - 1) / dilation;
        range.end = std::min(range.end, window.kernel[axis]);
        range.begin = std::min(range.begin, range.end);
        ranges.push_back(range);
    }
    return ranges;
}

// The bias of sums that count the padding as stored zeros, for each place at which the window meets
// the border differently: bias − z·Σw of the taps inside + Σ (padding − z)·w of those outside.
class BorderBias {
public:
    explicit BorderBias(const Work &work)
        : m_stride(paddedChannels(work.outputs) + integer_kernels::lanes)
    {
        const auto rows = tapRanges(work.window, 0, work.height, work.outHeight);
        const auto columns = tapRanges(work.window, 1, work.width, work.outWidth);
        const std::vector<TapRange> rowKinds = kinds(rows), columnKinds = kinds(columns);
        const auto indexIn = [](const std::vector<TapRange> &all, const TapRange &range) {
            return static_cast<std::int64_t>(std::ranges::lower_bound(all, range) - all.begin());
        };
        for (const TapRange &row : rows)
            m_rows.push_back(indexIn(rowKinds, row) *
                             static_cast<std::int64_t>(columnKinds.size()) * m_stride);
        for (std::int64_t x = 0; x < work.outWidth; ++x) {
            const std::int64_t at = indexIn(columnKinds, columns[static_cast<std::size_t>(x)]) *
                                    m_stride;
            if (m_runs.empty() || m_runs.back().bias != at)
                m_runs.push_back({x, 1, at});
            else
                ++m_runs.back().count;
        }
        fill(work, rowKinds, columnKinds);
    }

    struct Run {
        std::int64_t first, count, bias;
    };
    const std::vector<Run> &runs() const { return m_runs; }
    const std::int32_t *of(std::int64_t row, const Run &run) const
    {
        return m_values.data() + m_rows[static_cast<std::size_t>(row)] + run.bias;
    }

private:
    static std::vector<TapRange> kinds(std::vector<TapRange> ranges)
    {
        std::ranges::sort(ranges);
        ranges.erase(std::ranges::unique(ranges).begin(), ranges.end());
        return ranges;
    }

    void fill(const Work &work, const std::vector<TapRange> &rows,
              const std::vector<TapRange> &columns)
    {
        m_values.assign(rows.size() * columns.size() * static_cast<std::size_t>(m_stride), 0);
        const std::int64_t width = work.window.kernel[1];
        std::vector<std::int64_t> inside(static_cast<std::size_t>(work.taps)), outside(inside);
        for (std::int64_t o = 0; o < work.outputs; ++o) {
            const std::int64_t group = o / (work.outputs / work.groups);
            const std::int8_t *w = work.weights + o * work.depth;
            std::ranges::fill(inside, 0);
            std::ranges::fill(outside, 0);
            for (std::int64_t c = 0; c < work.perGroup; ++c) {
                const std::int64_t fill =
                    work.padding[static_cast<std::size_t>(group * work.perGroup + c)] -
                    work.zeroPoint;
                for (std::int64_t t = 0; t < work.taps; ++t) {
                    const auto tap = static_cast<std::size_t>(t);
                    inside[tap] -= work.zeroPoint * std::int64_t(w[c * work.taps + t]);
                    outside[tap] += fill * w[c * work.taps + t];
                }
            }
            for (std::size_t r = 0; r < rows.size(); ++r)
                for (std::size_t k = 0; k < columns.size(); ++k) {
                    std::int64_t sum = work.bias[static_cast<std::size_t>(o)];
                    for (std::int64_t t = 0; t < work.taps; ++t) {
                        const std::int64_t y = t / width, x = t % width;
                        const bool isInside = y >= rows[r].begin && y < rows[r].end &&
                                              x >= columns[k].begin && x < columns[k].end;
                        sum += (isInside ? inside : outside)[static_cast<std::size_t>(t)];
                    }
                    // Sums of 32 bits wrap; the stage's input is the true sum again.
                    m_values[(r * columns.size() + k) * static_cast<std::size_t>(m_stride) +
                             static_cast<std::size_t>(o)] = static_cast<std::int32_t>(sum);
                }
        }
    }

    std::int64_t m_stride;
    std::vector<std::int64_t> m_rows; // per output row: offset
    std::vector<Run> m_runs;
    std::vector<std::int32_t> m_values;
};

// A rectangle of outputs that one job computes.
struct Band {
    std::int64_t picture, firstRow, rows, firstOutput, outputs;
    std::int64_t firstSourceRow;
    std::shared_ptr<const dnnl_integer::Sums> sums;
};

std::size_t sumsBytes(std::int64_t count)
{
    return static_cast<std::size_t>(roundUp(count * 4, 64) + 256);
}

// --- oneDNN -------------------------------------------------------------------------------------

dnnl_integer::Kind kindOf(const Window &window)
{
    return window.kernel == std::array<std::int64_t, 2>{1, 1} ? dnnl_integer::Kind::pointwise
                                                              : dnnl_integer::Kind::window;
}

struct Cut {
    std::int64_t rows, outputs; // of a band
};

Cut chooseCut(const Work &work, int threads)
{
    Cut cut{work.outHeight, work.outputs};
    const double operations = 2.0 * static_cast<double>(work.outHeight * work.outWidth) *
                              static_cast<double>(work.outputs) * static_cast<double>(work.depth);
    const bool isWorthSplitting = threads > 1 && work.batch < threads && operations > 2e6;
    // Few positions and many outputs: the second thread takes the other outputs.
    if (isWorthSplitting && work.groups == 1 && work.outHeight * work.outWidth <= 400 &&
        work.outputs >= 128 * threads / 2)
        cut.outputs = std::min(work.outputs, roundUp((work.outputs + threads - 1) / threads, 64));
    const std::int64_t rowBytes = work.outWidth * cut.outputs * 4;
    std::int64_t bands = (work.outHeight * rowBytes + bandBytes - 1) / bandBytes;
    if (isWorthSplitting && cut.outputs == work.outputs)
        bands = roundUp(std::max<std::int64_t>(bands, threads), threads);
    bands = std::clamp<std::int64_t>(bands, 1, work.outHeight);
    cut.rows = (work.outHeight + bands - 1) / bands;
    return cut;
}

// Nothing when the library has no fast kernel for some band.
std::vector<Band> libraryBands(const Work &work, int threads)
{
    const Cut cut = chooseCut(work, threads);
    struct Key {
        std::int64_t rows, padBegin, padEnd, sourceRows, firstOutput;
        auto operator<=>(const Key &) const = default;
    };
    std::map<Key, std::shared_ptr<const dnnl_integer::Sums>> made;
    std::vector<Band> bands;
    const Window &window = work.window;
    const std::int64_t reach = (window.kernel[0] - 1) * window.dilation[0] + 1;
    for (std::int64_t first = 0; first < work.outputs; first += cut.outputs) {
        const std::int64_t outputs = std::min(cut.outputs, work.outputs - first);
        for (std::int64_t row = 0; row < work.outHeight; row += cut.rows) {
            const std::int64_t rows = std::min(cut.rows, work.outHeight - row);
            const std::int64_t top = row * window.stride[0] - window.padBegin[0];
            const std::int64_t bottom = (row + rows - 1) * window.stride[0] - window.padBegin[0] +
                                        reach;
            const std::int64_t begin = std::clamp<std::int64_t>(top, 0, work.height);
            const std::int64_t end = std::clamp<std::int64_t>(bottom, begin, work.height);
            if (end == begin)
                return {}; // all padding
            const Key key{rows, begin - top, bottom - end, end - begin, first};
            auto &sums = made[key];
            if (!sums) {
                Window part = window;
                part.padBegin[0] = key.padBegin;
                part.padEnd[0] = key.padEnd;
                part.padEnd[1] = std::max<std::int64_t>(
                    0, (work.outWidth - 1) * window.stride[1] +
                           (window.kernel[1] - 1) * window.dilation[1] + 1 - work.width -
                           window.padBegin[1]);
                const dnnl_wrapper::ThreadScope one(1);
                sums = dnnl_integer::makeConvolution(
                    {{1, work.channels, key.sourceRows, work.width},
                     {1, outputs, rows, work.outWidth},
                     part,
                     work.groups,
                     {work.weights + first * work.depth,
                      static_cast<std::size_t>(outputs * work.depth)}});
                if (!sums)
                    return {};
            }
            for (std::int64_t picture = 0; picture < work.batch; ++picture)
                bands.push_back({picture, row, rows, first, outputs, begin, sums});
        }
    }
    return bands;
}

bool planWithLibrary(IntegerPlanner &planner, std::shared_ptr<Work> work, IntegerStep &step)
{
    if (!dnnl_integer::isAllowed(planner.options().isa) ||
        !dnnl_integer::isExact(kindOf(work->window)))
        return false;
    auto bands = libraryBands(*work, planner.options().threads);
    if (bands.empty())
        return false;
    step.jobs = static_cast<std::int64_t>(bands.size());
    step.implementation = bands.front().sums->implementation();
    std::size_t largestSums = 0, largestScratch = 0;
    for (const Band &band : bands) {
        largestSums = std::max(largestSums, sumsBytes(band.rows * work->outWidth * band.outputs));
        largestScratch = std::max(largestScratch, band.sums->scratchBytes());
    }
    step.scratchBytes = largestSums + largestScratch + 64;
    step.run = [work, border = std::make_shared<const BorderBias>(*work), bands = std::move(bands),
                largestSums](const IntegerJob &job) {
        const Band &band = bands[static_cast<std::size_t>(job.index)];
        auto *sums = reinterpret_cast<std::int32_t *>(job.scratch);
        const std::int64_t sourceRow =
            band.picture * work->height + band.firstSourceRow;
        band.sums->run(job.read<std::uint8_t>(0) + sourceRow * work->width * work->channels,
                       nullptr, sums, job.scratch + largestSums);
        for (std::int64_t y = 0; y < band.rows; ++y)
            for (const BorderBias::Run &run : border->runs()) {
                const std::int64_t pixel =
                    (band.picture * work->outHeight + band.firstRow + y) * work->outWidth +
                    run.first;
                work->stage->finishPart(
                    *work->kernels, band.firstOutput, band.outputs,
                    sums + (y * work->outWidth + run.first) * band.outputs, band.outputs,
                    border->of(band.firstRow + y, run) + band.firstOutput, run.count,
                    job.result + static_cast<std::size_t>(pixel * work->outputs +
                                                          band.firstOutput) *
                                     work->outputBytes,
                    work->outputs);
            }
    };
    return true;
}

// --- our own products ---------------------------------------------------------------------------

// bias − z·Σw: of sums in which the padding holds its integers.
std::vector<std::int32_t> plainBias(const Work &work)
{
    const std::span weights(work.weights,
                            static_cast<std::size_t>(work.outputs * work.depth));
    const std::vector<std::int64_t> folded = foldedBias(weights, work.bias, work.zeroPoint);
    std::vector<std::int32_t> bias(
        static_cast<std::size_t>(paddedChannels(work.outputs) + integer_kernels::lanes), 0);
    for (std::size_t o = 0; o < folded.size(); ++o)
        bias[o] = static_cast<std::int32_t>(folded[o]); // sums wrap, see BorderBias
    return bias;
}

struct OwnProduct {
    std::int64_t pairs, blocks, chunk; // per group; pixels of one call
    std::vector<std::int16_t> weights; // [group][block of 16][pair][16][2], terms as (tap, channel)
    std::vector<std::int32_t> bias;
};

OwnProduct packOwn(const Work &work)
{
    OwnProduct own;
    const std::int64_t outputs = work.outputs / work.groups;
    own.pairs = (work.depth + 1) / 2;
    own.blocks = (outputs + 15) / 16;
    own.chunk = std::clamp<std::int64_t>((96 << 10) / (own.pairs * 4), 12, 120) / 12 * 12;
    own.bias = plainBias(work);
    own.weights.assign(static_cast<std::size_t>(work.groups * own.blocks * own.pairs * 32), 0);
    for (std::int64_t group = 0; group < work.groups; ++group)
        for (std::int64_t o = 0; o < outputs; ++o)
            for (std::int64_t k = 0; k < work.depth; ++k) {
                const std::int64_t channel = k % work.perGroup, tap = k / work.perGroup;
                const std::int64_t block = group * own.blocks + o / 16;
                own.weights[static_cast<std::size_t>(
                    ((block * own.pairs + k / 2) * 16 + o % 16) * 2 + k % 2)] =
                    work.weights[(group * outputs + o) * work.depth + channel * work.taps + tap];
            }
    return own;
}

// The window's integers at one output position, for one group, as 16 bits in the order (tap,
// channel).
void gatherPatch(const Work &work, const std::uint8_t *picture, std::int64_t y, std::int64_t x,
                 std::int64_t firstChannel, std::int16_t *patch)
{
    const Window &window = work.window;
    for (std::int64_t ky = 0; ky < window.kernel[0]; ++ky)
        for (std::int64_t kx = 0; kx < window.kernel[1]; ++kx) {
            const std::int64_t sy = y * window.stride[0] - window.padBegin[0] +
                                    ky * window.dilation[0];
            const std::int64_t sx = x * window.stride[1] - window.padBegin[1] +
                                    kx * window.dilation[1];
            const bool isInside = sy >= 0 && sx >= 0 && sy < work.height && sx < work.width;
            if (isInside) {
                const std::uint8_t *from =
                    picture + (sy * work.width + sx) * work.channels + firstChannel;
                for (std::int64_t c = 0; c < work.perGroup; ++c)
                    patch[c] = from[c];
            } else {
                for (std::int64_t c = 0; c < work.perGroup; ++c)
                    patch[c] = static_cast<std::int16_t>(
                        work.padding[static_cast<std::size_t>(firstChannel + c)]);
            }
            patch += work.perGroup;
        }
}

void planOwnProduct(IntegerPlanner &planner, std::shared_ptr<Work> work, IntegerStep &step)
{
    auto own = std::make_shared<const OwnProduct>(packOwn(*work));
    const std::int64_t pixels = work->batch * work->outHeight * work->outWidth;
    const double cost = static_cast<double>(work->outputs * work->depth) / 50;
    const std::int64_t jobs = planner.pieces((pixels + 11) / 12, cost * 12);
    const std::size_t patchBytes = static_cast<std::size_t>(own->chunk * own->pairs * 4);
    step.jobs = jobs;
    step.implementation = std::string("products:") + planner.kernels().name;
    step.scratchBytes = static_cast<std::size_t>(roundUp(static_cast<std::int64_t>(patchBytes), 64)) +
                        sumsBytes(own->chunk * own->blocks * 16);
    step.run = [work, own, pixels, jobs, patchBytes](const IntegerJob &job) {
        auto *patches = reinterpret_cast<std::int16_t *>(job.scratch);
        auto *sums = reinterpret_cast<std::int32_t *>(
            job.scratch + roundUp(static_cast<std::int64_t>(patchBytes), 64));
        const std::int64_t plane = work->outHeight * work->outWidth;
        const std::int64_t outputs = work->outputs / work->groups;
        const std::int64_t units = (pixels + 11) / 12;
        const std::int64_t end = std::min(pixels, units * (job.index + 1) / jobs * 12);
        for (std::int64_t first = units * job.index / jobs * 12; first < end; first += own->chunk) {
            const std::int64_t count = std::min(own->chunk, end - first);
            for (std::int64_t group = 0; group < work->groups; ++group) {
                for (std::int64_t i = 0; i < count; ++i) {
                    const std::int64_t pixel = (first + i) % plane;
                    std::int16_t *patch = patches + i * own->pairs * 2;
                    patch[own->pairs * 2 - 1] = 0; // the odd one out
                    gatherPatch(*work,
                                job.read<std::uint8_t>(0) + (first + i) / plane * work->height *
                                                                work->width * work->channels,
                                pixel / work->outWidth, pixel % work->outWidth,
                                group * work->perGroup, patch);
                }
                work->kernels->multiply(patches, count, own->pairs,
                                        own->weights.data() + group * own->blocks * own->pairs * 32,
                                        own->blocks, sums);
                const std::int64_t firstOutput = group * outputs;
                work->stage->finishPart(
                    *work->kernels, firstOutput, outputs, sums, own->blocks * 16,
                    own->bias.data() + firstOutput, count,
                    job.result + static_cast<std::size_t>(first * work->outputs + firstOutput) *
                                     work->outputBytes,
                    work->outputs);
            }
        }
    };
}

// --- depthwise ----------------------------------------------------------------------------------

void planDepthwise(IntegerPlanner &planner, std::shared_ptr<Work> work, IntegerStep &step)
{
    struct Prepared {
        std::vector<std::int16_t> weights; // [tap][channel]
        std::vector<std::int32_t> bias;
        std::vector<std::uint8_t> fill; // a row of padding
        std::int64_t left, right;       // columns [left, right) have all taps inside
    };
    auto prepared = std::make_shared<Prepared>();
    prepared->bias = plainBias(*work);
    prepared->weights.resize(static_cast<std::size_t>(work->taps * work->channels));
    for (std::int64_t c = 0; c < work->channels; ++c)
        for (std::int64_t t = 0; t < work->taps; ++t)
            prepared->weights[static_cast<std::size_t>(t * work->channels + c)] =
                work->weights[c * work->taps + t];
    const std::int64_t reach = work->outWidth * work->window.stride[1] + 1;
    for (std::int64_t x = 0; x < reach; ++x)
        for (const std::int32_t value : work->padding)
            prepared->fill.push_back(static_cast<std::uint8_t>(value));
    const auto columns = tapRanges(work->window, 1, work->width, work->outWidth);
    const auto isWhole = [&](const TapRange &range) {
        return range.begin == 0 && range.end == work->window.kernel[1];
    };
    prepared->left = std::ranges::find_if(columns, isWhole) - columns.begin();
    prepared->right = prepared->left;
    while (prepared->right < work->outWidth &&
           isWhole(columns[static_cast<std::size_t>(prepared->right)]))
        ++prepared->right;

    const std::int64_t rows = work->batch * work->outHeight;
    const std::int64_t jobs = planner.pieces(
        rows, static_cast<double>(work->outWidth * work->channels) * (0.5 + 0.05 * static_cast<double>(work->taps)));
    const std::int64_t chunk = std::clamp<std::int64_t>((32 << 10) / (work->channels * 4), 1,
                                                        std::max<std::int64_t>(work->outWidth, 1));
    step.jobs = jobs;
    step.implementation = std::string("depthwise:") + planner.kernels().name;
    step.scratchBytes = sumsBytes(chunk * work->channels);
    step.run = [work, prepared, rows, jobs, chunk](const IntegerJob &job) {
        auto *sums = reinterpret_cast<std::int32_t *>(job.scratch);
        const Window &window = work->window;
        const std::int64_t channels = work->channels;
        std::vector<const std::uint8_t *> taps(static_cast<std::size_t>(work->taps));
        for (std::int64_t line = rows * job.index / jobs; line < rows * (job.index + 1) / jobs;
             ++line) {
            const std::int64_t y = line % work->outHeight;
            const std::uint8_t *picture = job.read<std::uint8_t>(0) +
                                          line / work->outHeight * work->height * work->width *
                                              channels;
            for (std::int64_t x = 0; x < work->outWidth;) {
                const bool isWhole = x >= prepared->left && x < prepared->right;
                const std::int64_t count = isWhole ? std::min(chunk, prepared->right - x) : 1;
                for (std::int64_t t = 0; t < work->taps; ++t) {
                    const std::int64_t sy = y * window.stride[0] - window.padBegin[0] +
                                            t / window.kernel[1] * window.dilation[0];
                    const std::int64_t sx = x * window.stride[1] - window.padBegin[1] +
                                            t % window.kernel[1] * window.dilation[1];
                    const bool isInside =
                        sy >= 0 && sx >= 0 && sy < work->height && sx < work->width;
                    taps[static_cast<std::size_t>(t)] =
                        isInside ? picture + (sy * work->width + sx) * channels
                                 : prepared->fill.data();
                }
                work->kernels->depthwise(taps.data(), work->taps, window.stride[1] * channels,
                                         prepared->weights.data(), count, channels, sums);
                work->stage->finish(*work->kernels, sums, channels, prepared->bias.data(), count,
                                    job.result + static_cast<std::size_t>(
                                                     (line * work->outWidth + x) * channels) *
                                                     work->outputBytes,
                                    channels);
                x += count;
            }
        }
    };
}

// No true sum of the layer can leave 32 bits.
bool fitsNarrow(std::int64_t depth, const TensorQuantisation &input,
                std::span<const std::int32_t> bias)
{
    std::int64_t largestBias = 0;
    for (const std::int32_t b : bias)
        largestBias = std::max<std::int64_t>(largestBias, std::abs(static_cast<std::int64_t>(b)));
    const std::int64_t largest = std::max(input.zeroPoint, input.maximum() - input.zeroPoint);
    return depth <= (1 << 20) &&
           depth * largest * 128 + largestBias <= std::numeric_limits<std::int32_t>::max();
}

bool isEmpty(const Work &work)
{
    return work.batch * work.channels * work.height * work.width == 0 ||
           work.outputs * work.outHeight * work.outWidth == 0 || work.depth == 0;
}

void planBest(IntegerPlanner &planner, std::shared_ptr<Work> work, IntegerStep step)
{
    if (work->groups == work->channels && work->outputs == work->channels && work->groups > 1)
        planDepthwise(planner, std::move(work), step);
    else if (!planWithLibrary(planner, work, step))
        planOwnProduct(planner, std::move(work), step);
    planner.addStep(std::move(step));
}

} // namespace

bool planConvolution(IntegerPlanner &planner, const IntegerNode &node)
{
    const auto &form = *node.layer->as<IntegerConvolution>();
    const TensorQuantisation &input = node.layer->operands[0].quantisation;
    const PictureView in(planner.shapeOf(node, 0)), out(planner.resultShape(node));
    auto work = std::make_shared<Work>();
    work->batch = in.batch;
    work->channels = in.channels;
    work->height = in.height;
    work->width = in.width;
    work->outputs = out.channels;
    work->outHeight = out.height;
    work->outWidth = out.width;
    work->groups = form.groups;
    work->taps = form.weightShape[2] * form.weightShape[3];
    work->perGroup = form.weightShape[1];
    work->depth = work->taps * work->perGroup;
    work->window = form.window;
    work->zeroPoint = input.zeroPoint;
    work->padding = form.padding;
    if (work->padding.empty())
        work->padding.assign(static_cast<std::size_t>(in.channels), input.zeroPoint);
    work->weights = form.weights.data();
    work->bias = form.bias;
    if (input.bits != 8 || isEmpty(*work) || !fitsNarrow(work->depth, input, form.bias))
        return false;
    work->kernels = &planner.kernels();
    work->stage = std::make_unique<PreparedStage>(form.stage, node.layer->output, work->outputs, true);
    work->outputBytes = work->stage->outputBytes();
    IntegerStep step{.name = node.layer->name,
                     .reads = {planner.read(node, 0, Layout::channelsLast)},
                     .writes = planner.define(node, Layout::channelsLast)};
    planBest(planner, std::move(work), std::move(step));
    return true;
}

bool planFullyConnected(IntegerPlanner &planner, const IntegerNode &node)
{
    const auto &form = *node.layer->as<IntegerFullyConnected>();
    const TensorQuantisation &input = node.layer->operands[0].quantisation;
    // Rows as the positions of a picture, its features as channels.
    auto work = std::make_shared<Work>();
    work->batch = 1;
    work->channels = work->perGroup = work->depth = form.weightShape[1];
    work->outputs = form.weightShape[0];
    work->height = work->outHeight =
        work->outputs == 0 ? 0 : planner.resultShape(node).elementCount() / work->outputs;
    work->width = work->outWidth = 1;
    work->groups = work->taps = 1;
    work->zeroPoint = input.zeroPoint;
    work->padding.assign(static_cast<std::size_t>(work->channels), input.zeroPoint);
    work->weights = form.weights.data();
    work->bias = form.bias;
    if (input.bits != 8 || isEmpty(*work) || !fitsNarrow(work->depth, input, form.bias))
        return false;
    work->kernels = &planner.kernels();
    work->stage = std::make_unique<PreparedStage>(form.stage, node.layer->output, work->outputs, true);
    work->outputBytes = work->stage->outputBytes();
    IntegerStep step{.name = node.layer->name,
                     .reads = {planner.read(node, 0, Layout::plain)},
                     .writes = planner.define(node, Layout::plain)};
    planBest(planner, std::move(work), std::move(step));
    return true;
}

} // namespace hefstudio
