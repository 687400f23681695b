// SPDX-License-Identifier: GPL-3.0-or-later
#include "random_search.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace hefstudio::fit {
namespace {

constexpr double worstError = 1.8;     // of one figure: a factor of six
constexpr double wrongClass = 0.5;     // one context for several, or the reverse
constexpr double priorWeight = 0.0015; // per squared range

double errorOf(double predicted, double published)
{
    if (published <= 0)
        return 0;
    if (predicted <= 0)
        return worstError;
    return std::min(worstError, std::abs(std::log(predicted / published)));
}

} // namespace

double loss(const Point &point, const Corpus &corpus, const std::vector<VendorRun> &runs,
            const std::set<std::string> &leaveOut)
{
    double sum = 0;
    double count = 0;
    std::vector<DeviceModel> devices = builtInDevices();
    for (std::size_t chip = 0; chip < chips; ++chip) {
        apply(point, devices[chip]);
        for (const Network &network : corpus.networks) {
            const Published &published = network.published[chip];
            if (leaveOut.contains(network.family) || published.batch1 <= 0 || published.batch8 <= 0)
                continue;
            const Prediction prediction = predict(network, devices[chip]);
            const double batch1 = errorOf(prediction.batch1, published.batch1);
            const double batch8 = errorOf(prediction.batch8, published.batch8);
            sum += 0.5 * (batch1 + batch8) + 0.15 * (batch1 * batch1 + batch8 * batch8);
            if ((prediction.contexts == 1) != published.isSingle())
                sum += wrongClass;
            count += 1;
        }
    }
    for (const VendorRun &run : runs) {
        if (leaveOut.contains(run.family))
            continue;
        const Prediction prediction = predictAtCaps(run, devices);
        const double off = std::abs(prediction.contexts - run.contexts);
        sum += 0.15 * off + 0.6 * std::max(0.0, off - 1);
        if (run.compute > 0)
            sum += std::abs(prediction.compute - run.compute);
        if (run.control > 0)
            sum += std::abs(prediction.control - run.control);
        count += 1;
    }
    double pull = 0;
    for (std::size_t i = 0; i < point.size(); ++i) {
        const Parameter &parameter = parameters()[i];
        const double range = std::log(parameter.most / parameter.least);
        const double off = (point[i] - std::log(parameter.prior)) / range;
        pull += off * off;
    }
    return count > 0 ? sum / count + priorWeight * pull : 0;
}

Point randomSearch(const Point &start, const Corpus &corpus, const std::vector<VendorRun> &runs,
                   const SearchOptions &options)
{
    std::mt19937_64 generator(options.seed);
    std::normal_distribution<double> normal;
    Point best = start;
    double bestLoss = loss(best, corpus, runs, options.leaveOut);
    double width = 0.2;
    for (int step = 0; step < options.steps; ++step) {
        Point next = best;
        const auto coordinates = 1 + generator() % 4;
        for (std::size_t i = 0; i < coordinates; ++i) {
            const std::size_t which = generator() % next.size();
            const Parameter &parameter = parameters()[which];
            const double least = std::log(parameter.least);
            const double most = std::log(parameter.most);
            next[which] =
                std::clamp(next[which] + width * (most - least) * normal(generator), least, most);
        }
        const double nextLoss = loss(next, corpus, runs, options.leaveOut);
        width = std::clamp(width * (nextLoss < bestLoss ? 1.5 : 0.97), 0.02, 0.4);
        if (nextLoss < bestLoss) {
            best = std::move(next);
            bestLoss = nextLoss;
        }
    }
    return best;
}

} // namespace hefstudio::fit
