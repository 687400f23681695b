// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/selection.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <numeric>
#include <set>

namespace hefstudio {
namespace {

constexpr std::array<std::string_view, 3> names{"random", "diverse", "per-class"};

// SplitMix64 (S. Vigna): the standard library's distributions differ from one to the next.
class Generator {
public:
    explicit Generator(std::uint64_t seed) : m_state(seed) {}
    std::uint64_t next()
    {
        m_state += 0x9E3779B97F4A7C15U;
        std::uint64_t z = m_state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31);
    }
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }

private:
    std::uint64_t m_state;
};

std::vector<std::size_t> shuffled(std::size_t from, std::uint64_t seed)
{
    std::vector<std::size_t> order(from);
    std::iota(order.begin(), order.end(), std::size_t(0));
    Generator generator(seed);
    for (std::size_t i = from; i > 1; --i)
        std::swap(order[i - 1], order[generator.below(i)]);
    return order;
}

std::vector<std::size_t> sorted(std::vector<std::size_t> samples)
{
    std::ranges::sort(samples);
    return samples;
}

} // namespace

std::string_view selectionStrategyName(SelectionStrategy strategy)
{
    return names[static_cast<std::size_t>(strategy)];
}

std::optional<SelectionStrategy> selectionStrategyFromName(std::string_view name)
{
    const auto found = std::ranges::find(names, name);
    if (found == names.end())
        return std::nullopt;
    return static_cast<SelectionStrategy>(found - names.begin());
}

std::vector<std::size_t> selectRandom(std::size_t from, std::size_t count, std::uint64_t seed)
{
    auto order = shuffled(from, seed);
    order.resize(std::min(count, from));
    return sorted(std::move(order));
}

std::vector<std::size_t> selectDiverse(std::span<const PictureFeatures> features,
                                       std::size_t count, std::uint64_t seed,
                                       const std::stop_token &stop)
{
    std::vector<std::size_t> taken;
    if (features.empty() || count == 0)
        return taken;
    std::vector<double> distance(features.size(), std::numeric_limits<double>::infinity());
    std::size_t next = Generator(seed).below(features.size());
    while (taken.size() < std::min(count, features.size()) && !stop.stop_requested()) {
        taken.push_back(next);
        distance[next] = -1;
        std::size_t farthest = next;
        for (std::size_t i = 0; i < features.size(); ++i) {
            if (distance[i] < 0)
                continue;
            distance[i] = std::min(distance[i], featureDistance(features[i], features[next]));
            if (distance[farthest] < 0 || distance[i] > distance[farthest])
                farthest = i;
        }
        next = farthest;
    }
    return sorted(std::move(taken));
}

std::vector<std::size_t> selectPerClass(std::span<const std::vector<int>> classes,
                                        std::size_t count, std::uint64_t seed)
{
    const auto order = shuffled(classes.size(), seed);
    std::map<int, std::vector<std::size_t>> samplesOf; // those not yet tried at the back
    for (auto sample = order.rbegin(); sample != order.rend(); ++sample)
        for (const int index : classes[*sample])
            samplesOf[index].push_back(*sample);
    std::map<int, std::size_t> have;
    for (const auto &[index, samples] : samplesOf)
        have[index] = 0;
    std::set<std::size_t> taken;
    while (taken.size() < count && !have.empty()) {
        const auto fewest = std::ranges::min_element(
            have, [](const auto &a, const auto &b) { return a.second < b.second; });
        auto &left = samplesOf[fewest->first];
        while (!left.empty() && taken.contains(left.back()))
            left.pop_back();
        if (left.empty()) {
            have.erase(fewest);
            continue;
        }
        const std::size_t sample = left.back();
        taken.insert(sample);
        for (const int index : classes[sample])
            if (const auto each = have.find(index); each != have.end())
                ++each->second;
    }
    for (const std::size_t sample : order)
        if (taken.size() < count)
            taken.insert(sample);
    return {taken.begin(), taken.end()};
}

} // namespace hefstudio
