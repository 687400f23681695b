// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/scene_colors.h"

#include "common/files.h"
#include "profile/model_estimate.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace hefstudio {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(SceneColors)
};

SceneColors byOperator(const GraphScene &scene)
{
    SceneColors colors;
    for (const SceneNode &node : scene.nodes())
        colors.slots.push_back(familySlot(node.family));
    for (int family = 0; family < layerFamilyCount; ++family)
        if (const int count = scene.familyCounts()[std::size_t(family)])
            colors.legend.push_back(
                {familySlot(LayerFamily(family)),
                 QStringLiteral("%1 %2").arg(familyName(LayerFamily(family)),
                                             QLocale().toString(count))});
    return colors;
}

// A few named classes; `classOf` answers for a layer, -1 for neutral.
template<class ClassOf>
SceneColors byClass(const GraphScene &scene, const QStringList &names, const QString &neutralName,
                    ClassOf classOf)
{
    SceneColors colors;
    std::vector<int> counts(std::size_t(names.size()) + 1, 0);
    for (std::size_t node = 0; node < scene.nodes().size(); ++node) {
        // A folded node is what most of its layers are.
        std::vector<int> votes(std::size_t(names.size()) + 1, 0);
        for (const std::uint32_t layer : scene.group(int(node)).layers)
            ++votes[std::size_t(classOf(int(layer)) + 1)];
        const int winner =
            int(std::max_element(votes.begin(), votes.end()) - votes.begin()) - 1;
        ++counts[std::size_t(winner + 1)];
        colors.slots.push_back(winner < 0 ? neutralSlot : ColorSlot(winner % 5));
        colors.notes.push_back(winner < 0 ? neutralName : names[winner]);
    }
    for (int each = 0; each < names.size(); ++each)
        if (counts[std::size_t(each) + 1] > 0)
            colors.legend.push_back({ColorSlot(each % 5), names[each]});
    if (counts[0] > 0)
        colors.legend.push_back({neutralSlot, neutralName});
    return colors;
}

// Amounts as steps of one hue; each step is a power of four below the largest.
template<class AmountOf, class Text>
SceneColors byAmount(const GraphScene &scene, AmountOf amountOf, Text text)
{
    SceneColors colors;
    std::vector<double> amounts;
    double most = 0;
    for (std::size_t node = 0; node < scene.nodes().size(); ++node) {
        double amount = 0;
        for (const std::uint32_t layer : scene.group(int(node)).layers)
            amount += amountOf(int(layer));
        amounts.push_back(amount);
        most = std::max(most, amount);
    }
    for (const double amount : amounts) {
        int step = -1;
        if (amount > 0) {
            step = heatSteps - 1 -
                   std::min(heatSteps - 1, int(std::floor(std::log(most / amount) / std::log(4.0))));
        }
        colors.slots.push_back(step < 0 ? neutralSlot : ColorSlot(firstHeatSlot + step));
        colors.notes.push_back(amount > 0 ? text(amount) : QString());
    }
    if (most <= 0)
        return colors;
    for (int step = heatSteps - 1; step >= 0; --step)
        colors.legend.push_back(
            {ColorSlot(firstHeatSlot + step),
             step == 0 ? Words::tr("less")
                       : QStringLiteral("≥ %1").arg(
                             text(most / std::pow(4.0, heatSteps - step)))});
    return colors;
}

} // namespace

QString colorModeName(ColorMode mode)
{
    switch (mode) {
    case ColorMode::operators:
        return Words::tr("Operator");
    case ColorMode::placement:
        return Words::tr("Chip or host");
    case ColorMode::precision:
        return Words::tr("Precision");
    case ColorMode::context:
        return Words::tr("Context");
    case ColorMode::cluster:
        return Words::tr("Cluster");
    case ColorMode::time:
        return Words::tr("Time");
    case ColorMode::memory:
        return Words::tr("Weight memory");
    }
    return {};
}

bool needsEstimate(ColorMode mode)
{
    return mode == ColorMode::context || mode == ColorMode::cluster || mode == ColorMode::time ||
           mode == ColorMode::precision;
}

QColor slotColor(const Tokens &tokens, ColorSlot slot)
{
    if (slot < tokens.categories.size())
        return tokens.categories[slot];
    if (slot < firstHeatSlot || slot >= colorSlotCount)
        return tokens.border;
    static constexpr double shares[heatSteps] = {0.22, 0.4, 0.6, 0.8, 1};
    return mixed(tokens.panel, tokens.warn, shares[slot - firstHeatSlot]);
}

ColorSlot familySlot(LayerFamily family)
{
    switch (family) {
    case LayerFamily::weighted:
        return 0;
    case LayerFamily::activation:
        return 1;
    case LayerFamily::spatial:
        return 2;
    case LayerFamily::joining:
        return 3;
    case LayerFamily::boundary:
        return 4;
    case LayerFamily::layout:
        return neutralSlot;
    }
    return neutralSlot;
}

Correspondence identityOn(const Graph &device)
{
    Correspondence result;
    for (const Layer &layer : device.layers)
        result.deviceOf.push_back(int(layer.id.index()));
    result.onChip.assign(device.layers.size(), true);
    return result;
}

SceneColors colorScene(const GraphScene &scene, ColorMode mode, const ColorFacts &facts)
{
    const ModelEstimate *estimate = facts.estimate;
    if (needsEstimate(mode) && !estimate)
        mode = ColorMode::operators;
    const auto deviceOf = [&facts](int layer) { return facts.onDevice.deviceOf[std::size_t(layer)]; };
    switch (mode) {
    case ColorMode::operators:
        return byOperator(scene);
    case ColorMode::placement:
        return byClass(scene, {Words::tr("on the chip")}, Words::tr("on the host, in float"),
                       [&](int layer) { return facts.onDevice.onChip[std::size_t(layer)] ? 0 : -1; });
    case ColorMode::precision:
        return byClass(scene, {Words::tr("8 bit"), Words::tr("16 bit")}, Words::tr("float"),
                       [&](int layer) {
                           const int device = deviceOf(layer);
                           if (device < 0)
                               return -1;
                           const Layer &mapped = estimate->graph->layers[std::size_t(device)];
                           return estimate->bits[mapped.output.index()] > 8 ? 1 : 0;
                       });
    case ColorMode::context: {
        QStringList names;
        for (std::size_t c = 0; c < estimate->mapping.contexts.size(); ++c)
            names << Words::tr("context %1").arg(c);
        return byClass(scene, names, Words::tr("host"), [&](int layer) {
            const int device = deviceOf(layer);
            return device < 0 ? -1 : estimate->contextOf[std::size_t(device)];
        });
    }
    case ColorMode::cluster: {
        QStringList names;
        for (int cluster = 0; cluster < estimate->device.clusters; ++cluster)
            names << Words::tr("cluster %1").arg(cluster);
        return byClass(scene, names, Words::tr("none"), [&](int layer) {
            const int device = deviceOf(layer);
            const int cluster = device < 0 ? -1 : estimate->clusterOf[std::size_t(device)];
            return cluster < int(names.size()) ? cluster : -1;
        });
    }
    case ColorMode::time:
        return byAmount(
            scene,
            [&](int layer) {
                const int device = deviceOf(layer);
                return device < 0 ? 0.0 : estimate->millisecondsOf[std::size_t(device)];
            },
            [&](double ms) {
                const double share = estimate->totalMs > 0 ? 100 * ms / estimate->totalMs : 0;
                return Words::tr("%1 % of time")
                    .arg(QLocale().toString(share, 'f', share < 10 ? 1 : 0));
            });
    case ColorMode::memory:
        return byAmount(
            scene,
            [&](int layer) {
                double elements = 0;
                for (const TensorId id : facts.graph.layers[std::size_t(layer)].inputs)
                    if (id.isValid() && facts.graph.tensor(id).isConstant())
                        elements += double(facts.graph.tensor(id).shape.elementCount());
                return elements;
            },
            [](double elements) {
                return Words::tr("%1 weights").arg(countText(std::int64_t(elements)));
            });
    }
    return byOperator(scene);
}

} // namespace hefstudio
