// SPDX-License-Identifier: GPL-3.0-or-later
#include "har/har_check.h"

#include "base/npy.h"
#include "har/hn_network.h"
#include "quantize/vendor_arithmetic.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace hefstudio {
namespace {

// Scales are computed by the vendor in float32, one step after the other.
constexpr double scaleTolerance = 2e-6;
// Borders in a 32-bit accumulator and biases with a factor are products of such numbers.
constexpr double productTolerance = 1e-6;

bool isNear(double computed, double stored, double tolerance)
{
    return std::abs(computed - stored) <= tolerance * std::abs(computed);
}

std::vector<float> floatsOf(const Tensor *tensor)
{
    if (!tensor)
        return {};
    const Tensor values = tensor->toFloat32();
    const auto span = values.as<float>();
    return {span.begin(), span.end()};
}

bool isFinite(std::span<const float> values)
{
    return std::ranges::all_of(values, [](float value) { return std::isfinite(value); });
}

// A small integer of the archive, whatever it holds.
int smallInteger(float value)
{
    constexpr float most = 1 << 20;
    return std::isfinite(value) ? static_cast<int>(std::clamp(value, -most, most)) : 0;
}

// "a8_w8_a16"
struct Precision {
    VendorWidth input = VendorWidth::bits8;
    VendorWidth weights = VendorWidth::bits8;
    VendorWidth output = VendorWidth::bits8;
};

std::optional<Precision> precisionFrom(std::string_view mode)
{
    const auto width = [](std::string_view digits) -> std::optional<VendorWidth> {
        if (digits == "8")
            return VendorWidth::bits8;
        if (digits == "16")
            return VendorWidth::bits15;
        return std::nullopt;
    };
    const std::size_t first = mode.find("_w");
    const std::size_t second = first == mode.npos ? mode.npos : mode.find("_a", first);
    if (second == mode.npos || !mode.starts_with("a"))
        return std::nullopt;
    const auto input = width(mode.substr(1, first - 1));
    const auto weights = width(mode.substr(first + 2, second - first - 2));
    const auto output = width(mode.substr(second + 2));
    if (!input || !weights || !output)
        return std::nullopt;
    return Precision{*input, *weights, *output};
}

bool isNoScale(double scale)
{
    return !(scale > 0) || std::isinf(scale);
}

// Where the scales of a layer's result come from.
struct Value {
    std::vector<float> factors; // of equalisation, by channel
    VendorScale base;           // scale of factor 1
    std::size_t channels = 0;
    bool isComputed = false; // else `stored` is taken
    std::vector<double> stored;
    bool isSigmoid = false; // at an output: its range is not the observed one

    std::vector<double> scales() const
    {
        if (!isComputed)
            return stored;
        std::vector<double> all(channels);
        for (std::size_t c = 0; c < channels; ++c)
            all[c] = base.scale * (factors.empty() ? 1 : factors[std::min(c, factors.size() - 1)]);
        return all;
    }
};

class HarChecker {
public:
    explicit HarChecker(const HarArchive &archive) : m_archive(archive) {}

    Result<HarCheck> check()
    {
        if (auto opened = open(); !opened)
            return passOn(std::move(opened));
        for (const HnLayer &layer : m_network.layers)
            m_layers.emplace(layer.name, &layer);
        for (const HnLayer &layer : m_network.layers)
            examine(layer);
        for (const HnLayer &layer : m_network.layers)
            findRange(layer);
        // A kickback concerns the value that is read, so the shifts come before any comparison.
        std::map<std::string, double> kickbacks;
        for (const HnLayer &layer : m_network.layers)
            if (isWeighted(layer)) {
                if (auto found = shiftOf(layer)) {
                    m_shifts.emplace(layer.name, *found);
                    double &most = kickbacks[rootOf(layer.inputs.front())];
                    most = std::max(most, found->kickbackLog2);
                }
            }
        for (const auto &[value, log2] : kickbacks)
            m_values[value].base.scale *= std::exp2(log2);
        for (const HnLayer &layer : m_network.layers)
            widenSigmoid(layer);
        HarCheck result;
        result.optimizationLevel = m_archive.index().optimizationLevel;
        for (const HnLayer &layer : m_network.layers) {
            result.layers.push_back(compare(layer));
            addTo(result.summary, result.layers.back());
        }
        return result;
    }

private:
    Result<void> open()
    {
        const auto text = m_archive.readText(HarPart::network);
        if (!text)
            return std::unexpected(text.error());
        auto network = parseHn(*text, m_archive.name());
        if (!network)
            return passOn(std::move(network));
        m_network = std::move(*network);
        const HarPart floats =
            m_archive.has(HarPart::floatWeights) ? HarPart::floatWeights : HarPart::weights;
        for (auto [part, arrays] :
             {std::pair{floats, &m_floats}, std::pair{HarPart::chipWeights, &m_integers},
              std::pair{HarPart::optimizerState, &m_state}}) {
            const auto bytes = m_archive.read(part);
            if (!bytes)
                return std::unexpected(bytes.error());
            auto read = parseNpz(*bytes, m_archive.name() + ":" + std::string(harPartSuffix(part)),
                                 OtherArrays::leaveOut);
            if (!read)
                return passOn(std::move(read));
            *arrays = std::move(*read);
        }
        return {};
    }

    static const Tensor *find(const NamedTensors &arrays, const HnLayer &layer,
                              std::string_view what)
    {
        const auto found = arrays.find(layer.name + "/" + std::string(what) + ":0");
        return found == arrays.end() ? nullptr : &found->second;
    }
    std::vector<float> state(const HnLayer &layer, std::string_view what) const
    {
        return floatsOf(find(m_state, layer, what));
    }
    std::vector<float> stored(const HnLayer &layer, std::string_view what) const
    {
        return floatsOf(find(m_integers, layer, what));
    }

    static bool isWeightedType(const HnLayer &layer)
    {
        return layer.type == "conv" || layer.type == "dense";
    }
    // Its numbers are those of the value it reads.
    static bool passesOn(const HnLayer &layer)
    {
        return layer.inputs.size() == 1 &&
               (layer.type == "maxpool" || layer.type == "output_layer");
    }
    bool isWeighted(const HnLayer &layer) const
    {
        return isWeightedType(layer) && !m_notCovered.contains(layer.name);
    }
    static Function functionOf(const HnLayer &layer)
    {
        return layer.activation == "relu"      ? Function::relu
               : layer.activation == "sigmoid" ? Function::sigmoid
                                               : Function::identity;
    }
    static bool isWidening(const HnLayer &layer)
    {
        return layer.type == "activation" && layer.precisionMode == "a8_w8_a16" &&
               layer.activation == "linear";
    }

    // The layer whose scales a value has.
    std::string rootOf(const std::string &name) const
    {
        std::string at = name;
        for (std::size_t steps = 0; steps <= m_layers.size(); ++steps) {
            const auto found = m_layers.find(at);
            if (found == m_layers.end() || !passesOn(*found->second))
                break;
            at = found->second->inputs.front();
        }
        return at;
    }
    bool feedsOutputsOnly(const HnLayer &layer) const
    {
        return !layer.outputs.empty() &&
               std::ranges::all_of(layer.outputs, [&](const std::string &name) {
                   const auto found = m_layers.find(name);
                   return found != m_layers.end() && found->second->type == "output_layer";
               });
    }

    // Why no rule is known for a layer, or what it lacks.
    std::string whyNot(const HnLayer &layer) const
    {
        if (passesOn(layer))
            return {};
        if (layer.type != "input_layer" && !isWeightedType(layer) && !isWidening(layer))
            return "no rule is known for layers of type " + layer.type;
        if (layer.type != "input_layer" && !layer.activation.empty() &&
            layer.activation != "linear" && layer.activation != "relu" &&
            layer.activation != "sigmoid")
            return "no rule is known for the activation " + layer.activation;
        if (!precisionFrom(layer.precisionMode))
            return "no rule is known for the precision " +
                   (layer.precisionMode.empty() ? std::string("(none)") : layer.precisionMode);
        const auto low = state(layer, "stats/output_0/min");
        const auto high = state(layer, "stats/output_0/max");
        if (low.empty() || low.size() != high.size())
            return "the archive has no statistics of it";
        if (!isFinite(low) || !isFinite(high) || !isFinite(state(layer, "layer_params/eq_vec_out")))
            return "its statistics are no numbers";
        return isWeightedType(layer) ? whyNotWeights(layer) : std::string();
    }
    std::string whyNotWeights(const HnLayer &layer) const
    {
        const Tensor *kernel = find(m_floats, layer, "kernel");
        const Tensor *integers = find(m_integers, layer, "kernel");
        if (layer.inputs.size() != 1 || layer.groups != 1)
            return "no rule is known for groups";
        const std::size_t rank = layer.type == "conv" ? 4 : 2;
        if (!kernel || !integers || kernel->shape().rank() != rank ||
            kernel->elementCount() != integers->elementCount())
            return "its weights do not fit";
        const auto outputs = static_cast<std::size_t>(kernel->shape()[rank - 1]);
        if (outputs == 0 || state(layer, "stats/preact/min").size() != outputs ||
            state(layer, "stats/preact/max").size() != outputs ||
            state(layer, "stats/output_0/max").size() != outputs)
            return "the archive has no statistics of it";
        const auto bias = floatsOf(find(m_floats, layer, "bias"));
        if (!bias.empty() && bias.size() != outputs)
            return "its weights do not fit";
        if (!isFinite(bias) || !isFinite(floatsOf(kernel)) ||
            !isFinite(state(layer, "stats/preact/min")) ||
            !isFinite(state(layer, "stats/preact/max")))
            return "its weights or statistics are no numbers";
        return {};
    }

    void examine(const HnLayer &layer)
    {
        if (auto reason = whyNot(layer); !reason.empty())
            m_notCovered.emplace(layer.name, std::move(reason));
    }

    // The scales before any kickback.
    void findRange(const HnLayer &layer)
    {
        if (passesOn(layer))
            return;
        Value value;
        for (const float scale : stored(layer, "layer_params/output_scales"))
            value.stored.push_back(scale);
        const auto zero = stored(layer, "zero_point_out");
        value.base.zeroPoint = zero.empty() ? 0 : smallInteger(zero.front());
        if (!m_notCovered.contains(layer.name)) {
            const Precision precision = *precisionFrom(layer.precisionMode);
            value.factors = state(layer, "layer_params/eq_vec_out");
            const auto low = state(layer, "stats/output_0/min");
            value.channels = low.size();
            value.isComputed = true;
            value.isSigmoid =
                isWeightedType(layer) && layer.activation == "sigmoid" && feedsOutputsOnly(layer);
            value.base = value.isSigmoid ? VendorScale{1.0 / vendorLevels(precision.output), 0}
                                         : vendorScale(low, state(layer, "stats/output_0/max"),
                                                       value.factors, precision.output);
        }
        m_values[layer.name] = std::move(value);
    }

    // A layer with everything it stands on; the spans of `layer` point into the other members.
    struct Prepared {
        std::vector<float> kernel, bias, lowest, highest;
        std::vector<double> inputScales, outputScales;
        VendorLayer layer;
    };
    // Fills `p` in place. False: the layer it reads has no scales that fit.
    bool prepare(const HnLayer &layer, Prepared &p) const
    {
        const auto input = m_values.find(rootOf(layer.inputs.front()));
        if (input == m_values.end())
            return false;
        const Value &output = m_values.at(layer.name);
        p.inputScales = input->second.scales();
        p.outputScales = output.scales();
        p.kernel = floatsOf(find(m_floats, layer, "kernel"));
        p.bias = floatsOf(find(m_floats, layer, "bias"));
        p.lowest = state(layer, "stats/preact/min");
        p.highest = state(layer, "stats/preact/max");
        const std::size_t outputs = p.outputScales.size();
        if (p.inputScales.empty() || outputs != p.lowest.size() ||
            (p.kernel.size() / outputs) % p.inputScales.size() != 0 ||
            std::ranges::any_of(p.outputScales, isNoScale) ||
            std::ranges::any_of(p.inputScales, isNoScale))
            return false;
        if (layer.type == "conv" && layer.activation == "relu")
            silenceIdleChannels(p.kernel, p.bias, state(layer, "stats/output_0/max"));
        const Precision precision = *precisionFrom(layer.precisionMode);
        p.layer = {.kernel = p.kernel,
                   .bias = p.bias,
                   .inputScales = p.inputScales,
                   .outputScales = p.outputScales,
                   .lowestSum = p.lowest,
                   .highestSum = p.highest,
                   .inputZeroPoint = input->second.base.zeroPoint,
                   .outputZeroPoint = output.base.zeroPoint,
                   .weightWidth = precision.weights,
                   .outputWidth = precision.output,
                   .activation = functionOf(layer)};
        return true;
    }

    std::optional<VendorShift> shiftOf(const HnLayer &layer)
    {
        Prepared p;
        if (!prepare(layer, p)) {
            m_notCovered.emplace(layer.name, "the scales of what it reads do not fit");
            return std::nullopt;
        }
        return vendorShift(p.layer);
    }

    void widenSigmoid(const HnLayer &layer)
    {
        const auto value = m_values.find(layer.name);
        const auto shift = m_shifts.find(layer.name);
        Prepared p;
        if (value != m_values.end() && value->second.isSigmoid && shift != m_shifts.end() &&
            prepare(layer, p))
            value->second.base.scale = vendorSigmoidScale(p.layer, shift->second);
    }

    HarLayerCheck compare(const HnLayer &layer) const
    {
        HarLayerCheck check{
            .name = layer.name, .type = layer.type, .precision = layer.precisionMode};
        if (const auto reason = m_notCovered.find(layer.name); reason != m_notCovered.end()) {
            check.notCovered = reason->second;
            return check;
        }
        const auto root = m_values.find(rootOf(layer.name));
        if (root == m_values.end() || !root->second.isComputed) {
            check.notCovered = "it passes on a value for which no rule is known";
            return check;
        }
        compareScales(layer, root->second, check);
        if (isWeightedType(layer))
            compareIntegers(layer, check);
        else if (isWidening(layer))
            compareWidening(layer, check);
        return check;
    }

    void compareScales(const HnLayer &layer, const Value &value, HarLayerCheck &check) const
    {
        const auto scales = stored(layer, "layer_params/output_scales");
        const auto computed = value.scales();
        for (std::size_t c = 0; c < scales.size(); ++c)
            check.scales.add(c < computed.size() && isNear(computed[c], scales[c], scaleTolerance));
        if (const auto zero = stored(layer, "zero_point_out"); !zero.empty())
            check.zeroPoint.add(static_cast<float>(value.base.zeroPoint) == zero.front());
    }

    void compareIntegers(const HnLayer &layer, HarLayerCheck &check) const
    {
        Prepared p;
        if (!prepare(layer, p))
            return;
        const VendorShift shift = m_shifts.at(layer.name);
        check.computedShift = shift.shift;
        check.computedKickback = shift.kickbackLog2;
        if (const auto stated = stored(layer, "output_stage/mult_shift"); !stated.empty()) {
            check.storedShift = smallInteger(stated.front());
            check.shift.add(*check.storedShift == shift.shift);
        }
        if (const auto delta = state(layer, "conv_op/shift_delta"); !delta.empty()) {
            check.storedKickback = delta.front();
            // log₂ in float32
            check.shift.add(std::abs(delta.front() - shift.kickbackLog2) < productTolerance);
        }
        const VendorIntegers integers = vendorIntegers(p.layer, shift);
        const auto kernel = stored(layer, "kernel");
        for (std::size_t i = 0; i < kernel.size() && i < integers.kernel.size(); ++i)
            check.weights.add(static_cast<float>(integers.kernel[i]) == kernel[i]);
        if (const auto zero = stored(layer, "zp_kernel"); !zero.empty())
            check.weights.add(static_cast<float>(integers.kernelZeroPoint) == zero.front());
        compareBias(layer, integers, check);
        compareTable(layer, integers.table, check);
    }

    // With a factor the product counts: which factor is taken hangs on the last bit of a float.
    void compareBias(const HnLayer &layer, const VendorIntegers &integers,
                     HarLayerCheck &check) const
    {
        const auto bias = stored(layer, "bias");
        const auto factor = stored(layer, "bias_factor");
        if (factor.empty())
            return;
        for (std::size_t o = 0; o < bias.size() && o < integers.bias.size(); ++o) {
            const double computed =
                static_cast<double>(integers.bias[o]) * static_cast<double>(integers.biasFactor);
            const double found = static_cast<double>(bias[o]) * static_cast<double>(factor.front());
            check.biases.add(computed == found || isNear(computed, found, productTolerance));
        }
    }

    void compareWidening(const HnLayer &layer, HarLayerCheck &check) const
    {
        const auto input = m_values.find(rootOf(layer.inputs.front()));
        const auto output = m_values.at(layer.name).scales();
        if (input == m_values.end() || output.empty())
            return;
        if (const auto scales = input->second.scales(); !scales.empty())
            compareTable(layer, vendorWideningTable(scales.front(), output.front()), check);
    }

    // The archive's rows have a guard at each end, and a float's rounding in 32-bit borders.
    void compareTable(const HnLayer &layer, const VendorTable &table, HarLayerCheck &check) const
    {
        const std::string stage = "output_stage/piecewise/";
        const auto borders = stored(layer, stage + "x_points");
        const auto offsets = stored(layer, stage + "offsets");
        const auto mantissas = stored(layer, stage + "slopes_m");
        const auto exponents = stored(layer, stage + "slopes_e");
        if (borders.empty())
            return;
        const std::size_t segments = table.offsets.size();
        if (borders.size() != segments + 1 || offsets.size() != segments + 2 ||
            mantissas.size() != segments + 2 || exponents.size() != segments + 2) {
            check.tables.add(false);
            return;
        }
        bool isEqual = true;
        for (std::size_t i = 0; i <= segments; ++i)
            isEqual &= isNear(static_cast<double>(table.borders[i]), borders[i], productTolerance);
        for (std::size_t i = 0; i < segments; ++i)
            isEqual &= static_cast<float>(table.offsets[i]) == offsets[i + 1] &&
                       static_cast<float>(table.mantissas[i]) == mantissas[i + 1] &&
                       (table.mantissas[i] == 0 ||
                        static_cast<float>(table.exponents[i]) == exponents[i + 1]);
        check.tables.add(isEqual);
    }

    static void addTo(HarLayerCheck &sum, const HarLayerCheck &layer)
    {
        sum.scales.add(layer.scales);
        sum.zeroPoint.add(layer.zeroPoint);
        sum.shift.add(layer.shift);
        sum.weights.add(layer.weights);
        sum.biases.add(layer.biases);
        sum.tables.add(layer.tables);
    }

    const HarArchive &m_archive;
    HnNetwork m_network;
    NamedTensors m_floats, m_integers, m_state;
    std::map<std::string, const HnLayer *> m_layers;
    std::map<std::string, std::string> m_notCovered; // why, by layer
    std::map<std::string, Value> m_values;           // by layer that makes it
    std::map<std::string, VendorShift> m_shifts;
};

} // namespace

Result<HarCheck> checkHar(const HarArchive &archive)
{
    return HarChecker(archive).check();
}

} // namespace hefstudio
