// SPDX-License-Identifier: GPL-3.0-or-later
#include "rule_archive.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace hefstudio::test {
namespace {

struct RuleLayer {
    std::string name, type, activation;
    int height = 1, width = 1, in = 1, out = 1; // of the kernel; dense: height·width·in rows
    std::vector<float> kernel, bias, eq;        // kernel: height, width, in, out
    std::vector<float> sumLow, sumHigh, low, high;

    std::size_t rows() const { return kernel.size() / std::size_t(out); }
};

struct Map { // height, width, channels
    int height = 1, width = 1, channels = 1;
    std::vector<float> values;
    float at(int y, int x, int c) const
    {
        return y < 0 || x < 0 || y >= height || x >= width
                   ? 0
                   : values[std::size_t((y * width + x) * channels + c)];
    }
};

Map maxPooled(const Map &in)
{
    Map out{in.height / 2, in.width / 2, in.channels, {}};
    for (int y = 0; y < out.height; ++y)
        for (int x = 0; x < out.width; ++x)
            for (int c = 0; c < in.channels; ++c)
                out.values.push_back(
                    std::max({in.at(2 * y, 2 * x, c), in.at(2 * y, 2 * x + 1, c),
                              in.at(2 * y + 1, 2 * x, c), in.at(2 * y + 1, 2 * x + 1, c)}));
    return out;
}

void widen(std::vector<float> &low, std::vector<float> &high, int channel, float value)
{
    auto &l = low[std::size_t(channel)];
    auto &h = high[std::size_t(channel)];
    l = std::min(l, value);
    h = std::max(h, value);
}

// Convolution with SAME padding, or a dense layer on the whole map; keeps the statistics.
Map run(RuleLayer &layer, const Map &in)
{
    const bool isDense = layer.type == "dense";
    Map out{isDense ? 1 : in.height, isDense ? 1 : in.width, layer.out, {}};
    for (int y = 0; y < out.height; ++y)
        for (int x = 0; x < out.width; ++x)
            for (int o = 0; o < layer.out; ++o) {
                double sum = layer.bias[std::size_t(o)];
                std::size_t row = 0;
                for (int ky = 0; ky < layer.height; ++ky)
                    for (int kx = 0; kx < layer.width; ++kx)
                        for (int i = 0; i < layer.in; ++i, ++row) {
                            const float value =
                                isDense ? in.values[row] : in.at(y + ky - 1, x + kx - 1, i);
                            sum += double(value) *
                                   layer.kernel[row * std::size_t(layer.out) + std::size_t(o)];
                        }
                const double result = layer.activation == "relu"      ? std::max(sum, 0.0)
                                      : layer.activation == "sigmoid" ? 1 / (1 + std::exp(-sum))
                                                                      : sum;
                widen(layer.sumLow, layer.sumHigh, o, float(sum));
                widen(layer.low, layer.high, o, float(result));
                out.values.push_back(float(result));
            }
    return out;
}

struct Grid {
    double scale = 1;
    int zero = 0;
};

Grid gridOf(double low, double high, int levels)
{
    if (low >= 0)
        return {high / levels, 0};
    if (high <= 0)
        return {-low / levels, levels};
    const int zero = int(std::ceil(-low * levels / (high - low)));
    return {high / (levels - zero), zero};
}

// Up to a mantissa between 512 and 1023.
double upToTenBits(double value)
{
    double unit = 1;
    while (value / unit >= 1024)
        unit *= 2;
    while (value / unit < 512)
        unit /= 2;
    return std::ceil(value / unit) * unit;
}

class Maker {
public:
    explicit Maker(const RuleArchive &options) : m_o(options), m_random(options.seed)
    {
        m_layers = {make("conv1", "conv", 3, 3, 8, "relu"), make("conv2", "conv", 3, 8, 12, "relu"),
                    make("fc1", "dense", 2, 12, 16, "relu"),
                    make("fc2", "dense", 1, 16, options.isSigmoid ? 1 : 4,
                         options.isSigmoid ? "sigmoid" : "linear")};
        m_layers[0].bias[2] += options.firstBias;
        for (float &b : m_layers[3].bias)
            b += options.lastBias;
        m_layers[3].eq.assign(m_layers[3].eq.size(), 1);
        m_inputLow.assign(3, 0);
        m_inputHigh.assign(3, 0);
        for (int picture = 0; picture < 8; ++picture)
            look();
        quantise();
    }

    RuleArchiveMembers members() const
    {
        RuleArchiveMembers result;
        result.archive = quantisedArchive();
        result.integers = m_integers;
        result.archive.put("tiny.hn", network());
        put(result.archive, "tiny.npz", m_floats);
        put(result.archive, "tiny.fpo.npz", m_floats);
        put(result.archive, "tiny.ho.npz", m_state);
        put(result.archive, "tiny.q.npz", m_integers);
        return result;
    }

    static void put(VendorArchive &archive, const std::string &name, const NamedTensors &arrays)
    {
        std::ranges::find(archive.members, name, &ArchiveMember::name)->bytes = *npzBytes(arrays);
    }

private:
    float uniform(float low, float high)
    {
        return low + (high - low) * float(m_random()) / float(std::mt19937::max());
    }

    RuleLayer make(std::string name, std::string type, int window, int in, int out,
                   std::string activation)
    {
        RuleLayer layer{
            std::move(name), std::move(type), std::move(activation), window, window, in, out};
        const float reach = 1.5F / std::sqrt(float(window * window * in));
        for (int i = 0; i < window * window * in * out; ++i)
            layer.kernel.push_back(uniform(-reach, reach));
        for (int o = 0; o < out; ++o) {
            layer.bias.push_back(uniform(-0.2F, 0.2F));
            layer.eq.push_back(uniform(0.5F, 2));
        }
        layer.sumLow.assign(std::size_t(out), 1e9F);
        layer.sumHigh.assign(std::size_t(out), -1e9F);
        layer.low = layer.sumLow;
        layer.high = layer.sumHigh;
        return layer;
    }

    void look()
    {
        Map map{8, 8, 3, {}};
        for (int i = 0; i < 8 * 8 * 3; ++i) {
            map.values.push_back(uniform(m_o.hasSignedInput ? -0.4F : 0, 1));
            widen(m_inputLow, m_inputHigh, i % 3, map.values.back());
        }
        map = maxPooled(run(m_layers[0], map));
        map = maxPooled(run(m_layers[1], map));
        map = run(m_layers[2], map);
        run(m_layers[3], map);
    }

    // §3 of the measurements, from the last layer to the first for what is shared between two.
    void quantise()
    {
        const int levels = m_o.isWide ? 32767 : 255;
        const double full = m_o.isWide ? 2147483647.0 : 32767.0;
        std::vector<Grid> grids; // of the input and of each layer's result, for a factor of 1
        const auto both = [](const auto &low, const auto &high) {
            return std::pair(*std::ranges::min_element(low), *std::ranges::max_element(high));
        };
        const auto [inputLow, inputHigh] = both(m_inputLow, m_inputHigh);
        grids.push_back(gridOf(inputLow, inputHigh, levels));
        for (const RuleLayer &layer : m_layers) {
            double low = 0, high = 0;
            for (std::size_t o = 0; o < layer.eq.size(); ++o) {
                low = std::min<double>(low, layer.low[o] / layer.eq[o]);
                high = std::max<double>(high, layer.high[o] / layer.eq[o]);
            }
            grids.push_back(layer.activation == "sigmoid" ? Grid{1.0 / levels, 0}
                                                          : gridOf(low, high, levels));
        }
        std::vector<int> shifts(m_layers.size(), 0);
        std::vector<double> halves(m_layers.size(), 0);
        for (std::size_t l = m_layers.size(); l-- > 0;) {
            silence(m_layers[l]);
            const double step = stepOf(l, grids).scale;
            double most = 0;
            for (int o = 0; o < m_layers[l].out; ++o) {
                double zeroPart = 0;
                for (std::size_t row = 0; row < m_layers[l].rows(); ++row)
                    zeroPart += grids[l].zero * relative(l, row, o, grids) / step;
                const double unit = step * outputScale(l, o, grids);
                most =
                    std::max({most, std::abs(m_layers[l].sumLow[std::size_t(o)] / unit + zeroPart),
                              std::abs(m_layers[l].sumHigh[std::size_t(o)] / unit + zeroPart)});
            }
            const double room = 0.813943185 * full;
            while (most > room * std::pow(2, shifts[l]) && shifts[l] < (m_o.isWide ? 0 : 4))
                ++shifts[l];
            if (most > room * std::pow(2, shifts[l])) {
                halves[l] = std::log2(most / room / std::pow(2, shifts[l])) / 2;
                grids[l].scale *= std::pow(2, halves[l]); // of what it reads
            }
        }
        store(grids, shifts, halves);
    }

    // Channels of a convolution that never let anything through.
    static void silence(RuleLayer &layer)
    {
        for (std::size_t o = 0; o < std::size_t(layer.out); ++o)
            if (layer.type == "conv" && layer.high[o] <= 0) {
                for (std::size_t row = 0; row < layer.rows(); ++row)
                    layer.kernel[row * std::size_t(layer.out) + o] = 0;
                layer.bias[o] = 0;
            }
    }

    double inputScale(std::size_t l, std::size_t row, const std::vector<Grid> &grids) const
    {
        const double factor = l == 0 ? 1 : m_layers[l - 1].eq[row % m_layers[l - 1].eq.size()];
        return grids[l].scale * factor;
    }
    double outputScale(std::size_t l, int o, const std::vector<Grid> &grids) const
    {
        return grids[l + 1].scale * m_layers[l].eq[std::size_t(o)];
    }
    double relative(std::size_t l, std::size_t row, int o, const std::vector<Grid> &grids) const
    {
        const RuleLayer &layer = m_layers[l];
        return layer.kernel[row * std::size_t(layer.out) + std::size_t(o)] *
               inputScale(l, row, grids) / outputScale(l, o, grids);
    }
    Grid stepOf(std::size_t l, const std::vector<Grid> &grids) const
    {
        double low = 0, high = 0;
        for (std::size_t row = 0; row < m_layers[l].rows(); ++row)
            for (int o = 0; o < m_layers[l].out; ++o) {
                low = std::min(low, relative(l, row, o, grids));
                high = std::max(high, relative(l, row, o, grids));
            }
        if (m_o.isWide)
            return gridOf(low, high, 32767);
        return {std::max(-low / 128, high / 127), 0};
    }

    void storeScales(const std::string &name, const Grid &grid, std::span<const float> eq,
                     std::size_t channels, bool hasFactors)
    {
        std::vector<float> scales;
        for (std::size_t c = 0; c < channels; ++c)
            scales.push_back(float(grid.scale * (eq.empty() ? 1 : eq[c % eq.size()])));
        const std::string key = "tiny/" + name + "/";
        m_integers.emplace(key + "layer_params/output_scales:0",
                           Tensor::of<float>(Shape{1, std::int64_t(channels)}, scales));
        m_integers.emplace(key + "zero_point_out:0", Tensor::scalar<std::int32_t>(grid.zero));
        if (hasFactors)
            m_state.emplace(key + "layer_params/eq_vec_out:0",
                            Tensor::of<float>(Shape{std::int64_t(eq.size())}, eq));
    }
    void storeStatistics(const std::string &name, const char *what, std::span<const float> low,
                         std::span<const float> high)
    {
        const std::string key = "tiny/" + name + "/stats/" + what;
        const Shape shape{std::int64_t(low.size())};
        m_state.emplace(key + "/min:0", Tensor::of<float>(shape, low));
        m_state.emplace(key + "/max:0", Tensor::of<float>(shape, high));
    }

    void store(const std::vector<Grid> &grids, const std::vector<int> &shifts,
               const std::vector<double> &halves)
    {
        const std::vector<float> one{1};
        const auto [low, high] = std::pair(*std::ranges::min_element(m_inputLow),
                                           *std::ranges::max_element(m_inputHigh));
        storeStatistics("input_layer1", "output_0", m_inputLow, m_inputHigh);
        storeScales("input_layer1", m_o.isWide ? gridOf(low, high, 255) : grids[0], one, 3, true);
        if (m_o.isWide) {
            storeStatistics("precision_change0", "output_0", m_inputLow, m_inputHigh);
            storeScales("precision_change0", grids[0], one, 3, true);
        }
        for (std::size_t l = 0; l < m_layers.size(); ++l) {
            const RuleLayer &layer = m_layers[l];
            storeStatistics(layer.name, "preact", layer.sumLow, layer.sumHigh);
            storeStatistics(layer.name, "output_0", layer.low, layer.high);
            storeScales(layer.name, grids[l + 1], layer.eq, layer.eq.size(), true);
            if (l < 2)
                storeScales("maxpool" + std::to_string(l + 1), grids[l + 1], layer.eq,
                            layer.eq.size(), false);
            storeWeights(l, grids, shifts[l], halves[l]);
        }
        storeScales("output_layer1", grids.back(), m_layers.back().eq, m_layers.back().eq.size(),
                    false);
    }

    void storeWeights(std::size_t l, const std::vector<Grid> &grids, int shift, double half)
    {
        const RuleLayer &layer = m_layers[l];
        const Grid step = stepOf(l, grids);
        double factor = step.scale * std::pow(2, shift + half);
        if (layer.activation != "sigmoid")
            factor = upToTenBits(factor);
        const double unit = factor / std::pow(2, shift);
        std::vector<std::int16_t> kernel;
        std::vector<double> sums(layer.bias.size(), 0);
        for (std::size_t row = 0; row < layer.rows(); ++row)
            for (int o = 0; o < layer.out; ++o) {
                const double q = std::clamp<double>(
                    std::nearbyint(relative(l, row, o, grids) / unit) + step.zero,
                    m_o.isWide ? 0 : -128, m_o.isWide ? 32767 : 127);
                kernel.push_back(std::int16_t(q));
                sums[std::size_t(o)] += q - step.zero;
            }
        std::vector<double> wanted;
        for (int o = 0; o < layer.out; ++o)
            wanted.push_back(layer.bias[std::size_t(o)] / (factor * outputScale(l, o, grids)) -
                             grids[l].zero * sums[std::size_t(o)] / std::pow(2, shift));
        double most = 0;
        for (const double b : wanted)
            most = std::max(most, std::abs(b));
        double biasUnit = m_o.isWide ? std::max(1.0, std::ceil(most / 32767)) : 1;
        if (m_o.isWide && wanted.size() == 1) { // the nearest product, the largest such factor
            const double target = float(wanted[0]);
            const auto error = [&](double unit) {
                return std::abs(target - std::nearbyint(target / unit) * unit);
            };
            for (double unit = biasUnit; unit <= 32767; ++unit)
                if (error(unit) <= error(biasUnit))
                    biasUnit = unit;
        }
        std::vector<std::int32_t> bias;
        for (const double b : wanted)
            bias.push_back(std::int32_t(std::nearbyint(b / biasUnit)));

        const std::string key = "tiny/" + layer.name + "/";
        const std::int64_t rows = std::int64_t(layer.rows());
        const Shape shape = layer.type == "dense"
                                ? Shape{rows, layer.out}
                                : Shape{layer.height, layer.width, layer.in, layer.out};
        const Shape outputs{layer.out};
        m_floats.emplace(key + "kernel:0", Tensor::of<float>(shape, layer.kernel));
        m_floats.emplace(key + "bias:0", Tensor::of<float>(outputs, layer.bias));
        m_integers.emplace(key + "kernel:0", Tensor::of<std::int16_t>(shape, kernel));
        m_integers.emplace(key + "zp_kernel:0", Tensor::scalar<std::int32_t>(step.zero));
        m_integers.emplace(key + "bias:0", Tensor::of<std::int32_t>(outputs, bias));
        m_integers.emplace(key + "bias_factor:0",
                           Tensor::scalar<std::int32_t>(m_o.isWide ? int(biasUnit) : 1 << shift));
        m_integers.emplace(key + "output_stage/mult_shift:0", Tensor::scalar<std::int32_t>(shift));
        m_state.emplace(key + "conv_op/shift_delta:0", Tensor::of<float>(Shape{1}, {float(half)}));
    }

    std::string network() const
    {
        const std::string precision = m_o.isWide ? "a16_w16_a16" : "a8_w8_a8";
        const std::string first = m_o.isWide ? "precision_change0" : "input_layer1";
        const std::string outputs = std::to_string(m_layers[3].out);
        const auto layer = [](const std::string &name, const std::string &type,
                              const std::string &from, const std::string &to, const std::string &in,
                              const std::string &out, const std::string &mode,
                              const std::string &more) {
            const auto listed = [](const std::string &text) {
                return text.empty() ? text : "\"tiny/" + text + "\"";
            };
            return "\"tiny/" + name + "\": {\"type\": \"" + type + "\", \"input\": [" +
                   listed(from) + "], \"output\": [" + listed(to) + "], \"input_shapes\": [[" + in +
                   "]], \"output_shapes\": [[" + out +
                   "]], \"quantization_params\": {\"precision_mode\": \"" + mode + "\"}" + more +
                   "}";
        };
        const auto conv = [](const std::string &shape, const std::string &activation) {
            return ", \"params\": {\"kernel_shape\": [" + shape +
                   "], \"strides\": [1,1,1,1], \"dilations\": [1,1,1,1], \"padding\": "
                   "\"SAME_TENSORFLOW\", \"groups\": 1, \"activation\": \"" +
                   activation + "\"}";
        };
        const std::string pool =
            R"(, "params": {"kernel_shape": [1,2,2,1], "strides": [1,2,2,1], "padding": "VALID"})";
        std::string text = R"({"name": "tiny", "net_params": {}, "layers": {)";
        text += layer("input_layer1", "input_layer", "", m_o.isWide ? first : "conv1", "-1,8,8,3",
                      "-1,8,8,3", "a8_w8_a8", "") +
                ",";
        if (m_o.isWide)
            text += layer("precision_change0", "activation", "input_layer1", "conv1", "-1,8,8,3",
                          "-1,8,8,3", "a8_w8_a16", R"(, "params": {"activation": "linear"})") +
                    ",";
        text += layer("conv1", "conv", first, "maxpool1", "-1,8,8,3", "-1,8,8,8", precision,
                      conv("3,3,3,8", "relu")) +
                ",";
        text += layer("maxpool1", "maxpool", "conv1", "conv2", "-1,8,8,8", "-1,4,4,8", precision,
                      pool) +
                ",";
        text += layer("conv2", "conv", "maxpool1", "maxpool2", "-1,4,4,8", "-1,4,4,12", precision,
                      conv("3,3,8,12", "relu")) +
                ",";
        text += layer("maxpool2", "maxpool", "conv2", "fc1", "-1,4,4,12", "-1,2,2,12", precision,
                      pool) +
                ",";
        text += layer("fc1", "dense", "maxpool2", "fc2", "-1,2,2,12", "-1,1,1,16", precision,
                      conv("48,16", "relu")) +
                ",";
        text += layer("fc2", "dense", "fc1", "output_layer1", "-1,1,1,16", "-1,1,1," + outputs,
                      precision, conv("16," + outputs, m_layers[3].activation)) +
                ",";
        text += layer("output_layer1", "output_layer", "fc2", "", "-1,1,1," + outputs,
                      "-1,1,1," + outputs, precision, "");
        return text + "}}";
    }

    RuleArchive m_o;
    std::mt19937 m_random;
    std::vector<RuleLayer> m_layers;
    std::vector<float> m_inputLow, m_inputHigh;
    NamedTensors m_floats, m_state, m_integers;
};

} // namespace

RuleArchiveMembers ruleArchive(const RuleArchive &options)
{
    return Maker(options).members();
}

VendorArchive withIntegers(VendorArchive archive, const NamedTensors &integers)
{
    Maker::put(archive, "tiny.q.npz", integers);
    return archive;
}

} // namespace hefstudio::test
