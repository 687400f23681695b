// The loops of integer_kernels.h, included once per instruction set by a file that has set the
// target and the macros HEFSTUDIO_KERNELS_… for it. Everything lives in an unnamed namespace and
// uses nothing from the standard library: an inline function shared with other files must not be
// compiled for a machine that may be absent.
// SPDX-License-Identifier: GPL-3.0-or-later

namespace hefstudio::integer_kernels {
namespace {

using I32 = std::int32_t;
using I64 = std::int64_t;

inline I64 least(I64 a, I64 b)
{
    return a < b ? a : b;
}
inline I64 clamped(I64 value, I64 low, I64 high)
{
    return value < low ? low : value > high ? high : value;
}

// Vec: 32-bit lanes with the operations of Stage. mulhi is the high half of the signed product;
// its second factor comes as it lies in memory, because the odd lanes are read one further on.
#if defined(HEFSTUDIO_KERNELS_AVX512)
struct Vec {
    static constexpr I64 size = 16;
    __m512i v;

    static __mmask16 mask(I64 count) { return static_cast<__mmask16>((1U << count) - 1U); }
    static Vec load(const I32 *from) { return {_mm512_loadu_si512(from)}; }
    static Vec load(const I32 *from, I64 count)
    {
        return {_mm512_maskz_loadu_epi32(mask(count), from)};
    }
    static Vec all(I32 value) { return {_mm512_set1_epi32(value)}; }
    friend Vec operator+(Vec a, Vec b) { return {_mm512_add_epi32(a.v, b.v)}; }
    friend Vec operator-(Vec a, Vec b) { return {_mm512_sub_epi32(a.v, b.v)}; }
    friend Vec operator&(Vec a, Vec b) { return {_mm512_and_si512(a.v, b.v)}; }
    static Vec shiftRight(Vec a, Vec by) { return {_mm512_srav_epi32(a.v, by.v)}; }
    static Vec shiftLeft(Vec a, Vec by) { return {_mm512_sllv_epi32(a.v, by.v)}; }
    template<int by> static Vec shiftLeft(Vec a) { return {_mm512_slli_epi32(a.v, by)}; }
    template<int by> static Vec shiftRight(Vec a) { return {_mm512_srli_epi32(a.v, by)}; }
    static Vec shiftRightAll(Vec a, int by)
    {
        return {_mm512_sra_epi32(a.v, _mm_cvtsi32_si128(by))};
    }
    static Vec greater(Vec a, Vec b) { return {_mm512_max_epi32(a.v, b.v)}; }
    static Vec smaller(Vec a, Vec b) { return {_mm512_min_epi32(a.v, b.v)}; }
    // `negative` where `by` is below zero.
    static Vec choose(Vec by, Vec negative, Vec other)
    {
        return {_mm512_mask_mov_epi32(other.v, _mm512_movepi32_mask(by.v), negative.v)};
    }
    static Vec mulhi(Vec a, Vec even, Vec odd)
    {
        const __m512i low = _mm512_mul_epi32(a.v, even.v);
        const __m512i high = _mm512_mul_epi32(_mm512_srli_epi64(a.v, 32), odd.v);
        return {_mm512_mask_mov_epi32(_mm512_srli_epi64(low, 32), 0xAAAA, high)};
    }
    static Vec gather(const I32 *from, Vec index)
    {
        return {_mm512_i32gather_epi32(index.v, from, 4)};
    }
    static Vec multiplyPairs(Vec a, Vec b) { return {_mm512_madd_epi16(a.v, b.v)}; }
    static Vec multiply(Vec a, Vec b) { return {_mm512_mullo_epi32(a.v, b.v)}; }
    static Vec fromBytes(const std::uint8_t *from)
    {
        return {_mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i *>(from)))};
    }
    void store(I32 *to) const { _mm512_storeu_si512(to, v); }
    void store(std::uint8_t *to) const
    {
        _mm_storeu_si128(reinterpret_cast<__m128i *>(to), _mm512_cvtepi32_epi8(v));
    }
    void store(std::uint16_t *to) const
    {
        _mm256_storeu_si256(reinterpret_cast<__m256i *>(to), _mm512_cvtepi32_epi16(v));
    }
    void store(std::uint8_t *to, I64 count) const
    {
        _mm512_mask_cvtepi32_storeu_epi8(to, mask(count), v);
    }
    void store(std::uint16_t *to, I64 count) const
    {
        _mm512_mask_cvtepi32_storeu_epi16(to, mask(count), v);
    }
};
#elif defined(HEFSTUDIO_KERNELS_AVX2)
struct Vec {
    static constexpr I64 size = 8;
    __m256i v;

    static Vec load(const I32 *from)
    {
        return {_mm256_loadu_si256(reinterpret_cast<const __m256i *>(from))};
    }
    static Vec load(const I32 *from, I64 count)
    {
        const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
        const __m256i mask = _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<I32>(count)), lane);
        return {_mm256_maskload_epi32(from, mask)};
    }
    static Vec all(I32 value) { return {_mm256_set1_epi32(value)}; }
    friend Vec operator+(Vec a, Vec b) { return {_mm256_add_epi32(a.v, b.v)}; }
    friend Vec operator-(Vec a, Vec b) { return {_mm256_sub_epi32(a.v, b.v)}; }
    friend Vec operator&(Vec a, Vec b) { return {_mm256_and_si256(a.v, b.v)}; }
    static Vec shiftRight(Vec a, Vec by) { return {_mm256_srav_epi32(a.v, by.v)}; }
    static Vec shiftLeft(Vec a, Vec by) { return {_mm256_sllv_epi32(a.v, by.v)}; }
    template<int by> static Vec shiftLeft(Vec a) { return {_mm256_slli_epi32(a.v, by)}; }
    template<int by> static Vec shiftRight(Vec a) { return {_mm256_srli_epi32(a.v, by)}; }
    static Vec shiftRightAll(Vec a, int by)
    {
        return {_mm256_sra_epi32(a.v, _mm_cvtsi32_si128(by))};
    }
    static Vec greater(Vec a, Vec b) { return {_mm256_max_epi32(a.v, b.v)}; }
    static Vec smaller(Vec a, Vec b) { return {_mm256_min_epi32(a.v, b.v)}; }
    static Vec choose(Vec by, Vec negative, Vec other)
    {
        return {_mm256_castps_si256(_mm256_blendv_ps(_mm256_castsi256_ps(other.v),
                                                     _mm256_castsi256_ps(negative.v),
                                                     _mm256_castsi256_ps(by.v)))};
    }
    static Vec mulhi(Vec a, Vec even, Vec odd)
    {
        const __m256i low = _mm256_mul_epi32(a.v, even.v);
        const __m256i high = _mm256_mul_epi32(_mm256_srli_epi64(a.v, 32), odd.v);
        return {_mm256_blend_epi32(_mm256_srli_epi64(low, 32), high, 0xAA)};
    }
    static Vec gather(const I32 *from, Vec index)
    {
        return {_mm256_i32gather_epi32(from, index.v, 4)};
    }
    static Vec multiplyPairs(Vec a, Vec b) { return {_mm256_madd_epi16(a.v, b.v)}; }
    static Vec multiply(Vec a, Vec b) { return {_mm256_mullo_epi32(a.v, b.v)}; }
    static Vec fromBytes(const std::uint8_t *from)
    {
        return {_mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i *>(from)))};
    }
    void store(I32 *to) const { _mm256_storeu_si256(reinterpret_cast<__m256i *>(to), v); }
    // Values are inside the type: the packs do not saturate.
    __m128i words() const
    {
        const __m256i packed = _mm256_packus_epi32(v, v);
        return _mm_unpacklo_epi64(_mm256_castsi256_si128(packed),
                                  _mm256_extracti128_si256(packed, 1));
    }
    void store(std::uint16_t *to) const
    {
        _mm_storeu_si128(reinterpret_cast<__m128i *>(to), words());
    }
    void store(std::uint8_t *to) const
    {
        _mm_storel_epi64(reinterpret_cast<__m128i *>(to), _mm_packus_epi16(words(), words()));
    }
    template<class T> void store(T *to, I64 count) const
    {
        alignas(32) I32 values[size];
        store(values);
        for (I64 i = 0; i < count; ++i)
            to[i] = static_cast<T>(values[i]);
    }
};
#else
struct Vec {
    static constexpr I64 size = 1;
    I32 v;

    static Vec load(const I32 *from) { return {*from}; }
    static Vec load(const I32 *from, I64) { return {*from}; }
    static Vec all(I32 value) { return {value}; }
    static I32 wrapped(std::uint32_t value) { return static_cast<I32>(value); }
    friend Vec operator+(Vec a, Vec b)
    {
        return {wrapped(static_cast<std::uint32_t>(a.v) + static_cast<std::uint32_t>(b.v))};
    }
    friend Vec operator-(Vec a, Vec b)
    {
        return {wrapped(static_cast<std::uint32_t>(a.v) - static_cast<std::uint32_t>(b.v))};
    }
    friend Vec operator&(Vec a, Vec b) { return {a.v & b.v}; }
    static Vec shiftRight(Vec a, Vec by) { return {a.v >> by.v}; }
    static Vec shiftLeft(Vec a, Vec by)
    {
        return {wrapped(static_cast<std::uint32_t>(a.v) << by.v)};
    }
    template<int by> static Vec shiftLeft(Vec a) { return shiftLeft(a, {by}); }
    template<int by> static Vec shiftRight(Vec a)
    {
        return {wrapped(static_cast<std::uint32_t>(a.v) >> by)};
    }
    static Vec shiftRightAll(Vec a, int by) { return {a.v >> by}; }
    static Vec greater(Vec a, Vec b) { return {a.v > b.v ? a.v : b.v}; }
    static Vec smaller(Vec a, Vec b) { return {a.v < b.v ? a.v : b.v}; }
    static Vec choose(Vec by, Vec negative, Vec other) { return by.v < 0 ? negative : other; }
    static Vec mulhi(Vec a, Vec even, Vec)
    {
        return {static_cast<I32>((static_cast<I64>(a.v) * even.v) >> 32)};
    }
    static Vec gather(const I32 *from, Vec index) { return {from[index.v]}; }
    static I64 lowHalf(I32 v) { return static_cast<std::int16_t>(v & 0xFFFF); }
    static Vec multiplyPairs(Vec a, Vec b)
    {
        return {static_cast<I32>(lowHalf(a.v) * lowHalf(b.v) +
                                 static_cast<I64>(a.v >> 16) * (b.v >> 16))};
    }
    static Vec multiply(Vec a, Vec b)
    {
        return {wrapped(static_cast<std::uint32_t>(a.v) * static_cast<std::uint32_t>(b.v))};
    }
    static Vec fromBytes(const std::uint8_t *from) { return {*from}; }
    void store(I32 *to) const { *to = v; }
    void store(std::uint8_t *to) const { *to = static_cast<std::uint8_t>(v); }
    void store(std::uint16_t *to) const { *to = static_cast<std::uint16_t>(v); }
    void store(std::uint8_t *to, I64) const { store(to); }
    void store(std::uint16_t *to, I64) const { store(to); }
};
#endif

// The factors of one block of channels, in registers while the pixels pass.
struct BlockFactors {
    Vec even, odd, half, shift, limit, preshift;
    bool isLimited;

    BlockFactors(const Factors &factors, I64 channel)
        : even(Vec::load(factors.multiplier + channel)),
          odd(Vec::load(factors.multiplier + channel + 1)),
          half(Vec::load(factors.half + channel)),
          shift(Vec::load(factors.shift + channel)),
          limit(Vec::all(0)),
          preshift(Vec::all(0)),
          isLimited(factors.limit != nullptr)
    {
        if (isLimited) {
            limit = Vec::load(factors.limit + channel);
            preshift = Vec::load(factors.preshift + channel);
        }
    }
    Vec rescale(Vec value) const
    {
        if (isLimited) {
            value = Vec::smaller(Vec::greater(value, Vec::all(-1) - limit), limit);
            value = Vec::shiftLeft(value, preshift);
        }
        return Vec::shiftRight(Vec::mulhi(value, even, odd) + half, shift);
    }
};

enum class Function { none, pairs, results };

template<Function function, bool hasGain, bool hasNegative, class Stored>
void finishBlock(const Stage &stage, const I32 *accumulators, I64 accumulatorStride, const I32 *bias,
                 I64 pixels, I64 channel, I64 count, Stored *output, I64 outputStride)
{
    const bool isWhole = count == Vec::size;
    const BlockFactors factors(stage.factors, channel);
    const BlockFactors negative(hasNegative ? stage.negative : stage.factors, channel);
    const BlockFactors gain(hasGain ? stage.gain : stage.factors, channel);
    const Vec constant = isWhole ? Vec::load(bias + channel) : Vec::load(bias + channel, count);
    const Vec zeroPoint = Vec::all(stage.zeroPoint), low = Vec::all(stage.low),
              high = Vec::all(stage.high), nothing = Vec::all(0),
              last = Vec::all(stage.indexMaximum), pairAdd = Vec::all(stage.pairAdd),
              rest = Vec::all(127), step = Vec::all(128),
              gainZeroPoint = Vec::all(stage.gainZeroPoint);
    const I32 *from = accumulators + channel;
    Stored *to = output + channel;
    for (I64 pixel = 0; pixel < pixels; ++pixel) {
        const Vec sum = (isWhole ? Vec::load(from) : Vec::load(from, count)) + constant;
        Vec value = factors.rescale(sum);
        if constexpr (hasNegative)
            value = Vec::choose(sum, negative.rescale(sum), value);
        value = value + zeroPoint;
        if constexpr (function != Function::none) {
            value = Vec::smaller(Vec::greater(value, nothing), last);
            if constexpr (function == Function::pairs) {
                const Vec pair = Vec::gather(stage.pairs, Vec::shiftRight<7>(value));
                const Vec right = value & rest;
                const Vec weights = Vec::shiftLeft<16>(right) + (step - right);
                value = Vec::shiftRightAll(Vec::multiplyPairs(pair, weights) + pairAdd,
                                           stage.pairShift);
            } else {
                value = Vec::gather(stage.results, value);
            }
            if constexpr (hasGain)
                value = gain.rescale(value) + gainZeroPoint;
        }
        value = Vec::smaller(Vec::greater(value, low), high);
        if (isWhole)
            value.store(to);
        else
            value.store(to, count);
        from += accumulatorStride;
        to += outputStride;
    }
}

template<Function function, bool hasGain, bool hasNegative, class Stored>
void finishAll(const Stage &stage, const I32 *accumulators, I64 accumulatorStride, const I32 *bias,
               I64 pixels, I64 channels, void *output, I64 outputStride)
{
    // Few enough pixels at a time that their accumulators stay in the nearest cache.
    const I64 chunk = channels >= 2048 ? 4 : channels >= 64 ? 8192 / channels : 128;
    for (I64 first = 0; first < pixels; first += chunk)
        for (I64 channel = 0; channel < channels; channel += Vec::size)
            finishBlock<function, hasGain, hasNegative>(
                stage, accumulators + first * accumulatorStride, accumulatorStride, bias,
                least(chunk, pixels - first), channel, least(Vec::size, channels - channel),
                static_cast<Stored *>(output) + first * outputStride, outputStride);
}

template<Function function, bool hasGain, bool hasNegative>
void finishAs(const Stage &stage, const I32 *accumulators, I64 accumulatorStride, const I32 *bias,
              I64 pixels, I64 channels, void *output, I64 outputStride)
{
    const auto finish = stage.isWide
                            ? finishAll<function, hasGain, hasNegative, std::uint16_t>
                            : finishAll<function, hasGain, hasNegative, std::uint8_t>;
    finish(stage, accumulators, accumulatorStride, bias, pixels, channels, output, outputStride);
}

template<Function function>
void finishWith(const Stage &stage, const I32 *accumulators, I64 accumulatorStride, const I32 *bias,
                I64 pixels, I64 channels, void *output, I64 outputStride)
{
    const bool hasGain = stage.gain.multiplier != nullptr && function != Function::none;
    const bool hasNegative = stage.negative.multiplier != nullptr;
    const auto finish = hasGain ? (hasNegative ? finishAs<function, true, true>
                                               : finishAs<function, true, false>)
                                : (hasNegative ? finishAs<function, false, true>
                                               : finishAs<function, false, false>);
    finish(stage, accumulators, accumulatorStride, bias, pixels, channels, output, outputStride);
}

void finish(const Stage &stage, const I32 *accumulators, I64 accumulatorStride, const I32 *bias,
            I64 pixels, I64 channels, void *output, I64 outputStride)
{
    const auto run = stage.pairs     ? finishWith<Function::pairs>
                     : stage.results ? finishWith<Function::results>
                                     : finishWith<Function::none>;
    run(stage, accumulators, accumulatorStride, bias, pixels, channels, output, outputStride);
}

// --- sums of products -------------------------------------------------------------------------

#if defined(HEFSTUDIO_KERNELS_AVX512) || defined(HEFSTUDIO_KERNELS_AVX2)

// accumulator + Σ over the two halves of each lane.
inline Vec addProduct(Vec accumulator, Vec patches, Vec weights)
{
#if defined(HEFSTUDIO_KERNELS_VNNI)
    return {_mm512_dpwssd_epi32(accumulator.v, patches.v, weights.v)};
#else
    return accumulator + Vec::multiplyPairs(patches, weights);
#endif
}

// `count` pixels against one block of 16 outputs.
template<int count>
void multiplyBlock(const std::int16_t *patches, I64 pairs, const std::int16_t *weights, I32 *sums,
                   I64 stride)
{
    constexpr int vectors = static_cast<int>(16 / Vec::size);
    Vec total[count][vectors];
    for (int i = 0; i < count; ++i)
        for (int j = 0; j < vectors; ++j)
            total[i][j] = Vec::all(0);
    const auto *weightPairs = reinterpret_cast<const I32 *>(weights);
    for (I64 pair = 0; pair < pairs; ++pair) {
        Vec w[vectors];
        for (int j = 0; j < vectors; ++j)
            w[j] = Vec::load(weightPairs + pair * 16 + j * Vec::size);
        for (int i = 0; i < count; ++i) {
            I32 both = 0;
            __builtin_memcpy(&both, patches + (i * pairs + pair) * 2, sizeof both);
            const Vec x = Vec::all(both);
            for (int j = 0; j < vectors; ++j)
                total[i][j] = addProduct(total[i][j], x, w[j]);
        }
    }
    for (int i = 0; i < count; ++i)
        for (int j = 0; j < vectors; ++j)
            total[i][j].store(sums + i * stride + j * Vec::size);
}

void multiply(const std::int16_t *patches, I64 pixels, I64 pairs, const std::int16_t *weights,
              I64 blocks, I32 *sums)
{
    constexpr int together = Vec::size == 16 ? 12 : 6;
    for (I64 block = 0; block < blocks; ++block) {
        const std::int16_t *w = weights + block * pairs * 32;
        I64 pixel = 0;
        for (; pixel + together <= pixels; pixel += together)
            multiplyBlock<together>(patches + pixel * pairs * 2, pairs, w,
                                    sums + pixel * 16 * blocks + block * 16, 16 * blocks);
        for (; pixel < pixels; ++pixel)
            multiplyBlock<1>(patches + pixel * pairs * 2, pairs, w,
                             sums + pixel * 16 * blocks + block * 16, 16 * blocks);
    }
}

#else

void multiply(const std::int16_t *patches, I64 pixels, I64 pairs, const std::int16_t *weights,
              I64 blocks, I32 *sums)
{
    for (I64 pixel = 0; pixel < pixels; ++pixel)
        for (I64 block = 0; block < blocks; ++block) {
            const std::int16_t *w = weights + block * pairs * 32;
            I32 *to = sums + pixel * 16 * blocks + block * 16;
            for (int o = 0; o < 16; ++o)
                to[o] = 0;
            for (I64 pair = 0; pair < pairs; ++pair) {
                const I32 first = patches[(pixel * pairs + pair) * 2];
                const I32 second = patches[(pixel * pairs + pair) * 2 + 1];
                for (int o = 0; o < 16; ++o)
                    to[o] += first * w[(pair * 16 + o) * 2] + second * w[(pair * 16 + o) * 2 + 1];
            }
        }
}

#endif

void depthwise(const std::uint8_t *const *rows, I64 taps, I64 step, const std::int16_t *weights,
               I64 pixels, I64 channels, I32 *sums)
{
    for (I64 channel = 0; channel < channels; channel += 64) {
        const I64 count = least(64, channels - channel);
        for (I64 pixel = 0; pixel < pixels; ++pixel) {
            I32 *to = sums + pixel * channels + channel;
            if (count == 64) {
                I32 total[64] = {};
                for (I64 tap = 0; tap < taps; ++tap) {
                    const std::uint8_t *x = rows[tap] + pixel * step + channel;
                    const std::int16_t *w = weights + tap * channels + channel;
                    for (int c = 0; c < 64; ++c)
                        total[c] += static_cast<I32>(x[c]) * w[c];
                }
                for (int c = 0; c < 64; ++c)
                    to[c] = total[c];
            } else {
                for (I64 c = 0; c < count; ++c)
                    to[c] = 0;
                for (I64 tap = 0; tap < taps; ++tap) {
                    const std::uint8_t *x = rows[tap] + pixel * step + channel;
                    const std::int16_t *w = weights + tap * channels + channel;
                    for (I64 c = 0; c < count; ++c)
                        to[c] += static_cast<I32>(x[c]) * w[c];
                }
            }
        }
    }
}

// --- bytes --------------------------------------------------------------------------------------

void look(const std::uint8_t *from, I64 count, const std::uint8_t *table, std::uint8_t *to)
{
    I64 i = 0;
#if defined(HEFSTUDIO_KERNELS_VNNI)
    const __m512i t0 = _mm512_loadu_si512(table), t1 = _mm512_loadu_si512(table + 64),
                  t2 = _mm512_loadu_si512(table + 128), t3 = _mm512_loadu_si512(table + 192);
    for (; i + 64 <= count; i += 64) {
        const __m512i index = _mm512_loadu_si512(from + i);
        const __m512i low = _mm512_permutex2var_epi8(t0, index, t1);
        const __m512i high = _mm512_permutex2var_epi8(t2, index, t3);
        _mm512_storeu_si512(to + i,
                            _mm512_mask_mov_epi8(low, _mm512_movepi8_mask(index), high));
    }
#endif
    for (; i < count; ++i)
        to[i] = table[from[i]];
}

void addBytes(const std::uint8_t *a, const std::uint8_t *b, I32 m0, I32 m1, I32 constant, I64 count,
              I32 *sums)
{
    for (I64 i = 0; i < count; ++i)
        sums[i] = static_cast<I32>(a[i]) * m0 + static_cast<I32>(b[i]) * m1 + constant;
}

void multiplyBytes(const std::uint8_t *a, const std::uint8_t *b, I32 z0, I32 z1, I64 count,
                   I32 *sums)
{
    for (I64 i = 0; i < count; ++i)
        sums[i] = (static_cast<I32>(a[i]) - z0) * (static_cast<I32>(b[i]) - z1);
}

void maximum(const std::uint8_t *const *rows, I64 count, I64 bytes, std::uint8_t *to)
{
    for (I64 i = 0; i < bytes; ++i)
        to[i] = rows[0][i];
    for (I64 row = 1; row < count; ++row) {
        const std::uint8_t *from = rows[row];
#pragma GCC ivdep
        for (I64 i = 0; i < bytes; ++i)
            to[i] = from[i] > to[i] ? from[i] : to[i];
    }
}

void accumulate(const std::uint8_t *from, I64 count, I32 *sums)
{
#pragma GCC ivdep
    for (I64 i = 0; i < count; ++i)
        sums[i] += from[i];
}

I64 sum(const std::uint8_t *from, I64 count)
{
    I64 total = 0;
    for (I64 i = 0; i < count; ++i)
        total += from[i];
    return total;
}

// --- 64-bit accumulators ------------------------------------------------------------------------

// floor((a·m + 2^(r-1)) / 2^r) by halves of a: exact, and free of overflow for |m| < 2^31.
inline I64 rescaledWide(I64 a, I64 multiplier, I64 half, I64 shift)
{
    const I64 low = static_cast<I64>(static_cast<std::uint64_t>(a) & 0xFFFFFFFFU);
    return ((a >> 32) * multiplier + ((low * multiplier) >> 32) + half) >> shift;
}

template<class Stored>
void finishWideAs(const WideStage &stage, const I64 *accumulators, I64 count, Stored *output)
{
    const I64 zeroPoint = stage.zeroPoint, low = stage.low, high = stage.high;
    if (stage.isPerChannel) {
#pragma GCC ivdep
        for (I64 i = 0; i < count; ++i)
            output[i] = static_cast<Stored>(
                clamped(rescaledWide(accumulators[i], stage.multiplier[i], stage.half[i],
                                     stage.shift[i]) +
                            zeroPoint,
                        low, high));
        return;
    }
    const I64 multiplier = stage.multiplier[0], half = stage.half[0], shift = stage.shift[0];
#pragma GCC ivdep
    for (I64 i = 0; i < count; ++i)
        output[i] = static_cast<Stored>(clamped(
            rescaledWide(accumulators[i], multiplier, half, shift) + zeroPoint, low, high));
}

void finishWide(const WideStage &stage, const I64 *accumulators, I64 count, void *output)
{
    if (stage.isWide)
        finishWideAs(stage, accumulators, count, static_cast<std::uint16_t *>(output));
    else
        finishWideAs(stage, accumulators, count, static_cast<std::uint8_t *>(output));
}

} // namespace
} // namespace hefstudio::integer_kernels

// The table of this set's loops.
#define HEFSTUDIO_KERNELS(NAME)                                                                    \
    {                                                                                              \
        NAME, finish, multiply, depthwise, look, addBytes, multiplyBytes, maximum, accumulate,     \
            sum, finishWide                                                                        \
    }
