// SPDX-License-Identifier: GPL-3.0-or-later
#include "error_table.h"

#include "corpus.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <iomanip>
#include <map>
#include <numeric>
#include <ostream>
#include <sstream>

namespace hefstudio::fit {
namespace {

constexpr const char *chipNames[chips] = {"Hailo-8", "Hailo-8L"};

struct Pair {
    double predicted = 0;
    double published = 0;
    double error() const { return std::abs(predicted / published - 1); }
};

double quantile(std::vector<double> values, double share)
{
    if (values.empty())
        return 0;
    std::ranges::sort(values);
    const double position = share * static_cast<double>(values.size() - 1);
    const auto low = static_cast<std::size_t>(position);
    const std::size_t high = std::min(low + 1, values.size() - 1);
    const double rest = position - static_cast<double>(low);
    return values[low] * (1 - rest) + values[high] * rest;
}

std::vector<double> ranks(const std::vector<Pair> &pairs, double Pair::*member)
{
    std::vector<std::size_t> order(pairs.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::sort(order, {}, [&](std::size_t i) { return pairs[i].*member; });
    std::vector<double> result(pairs.size());
    for (std::size_t first = 0; first < order.size();) {
        std::size_t last = first; // equal values share their mean rank
        while (last < order.size() && pairs[order[last]].*member == pairs[order[first]].*member)
            ++last;
        for (std::size_t i = first; i < last; ++i)
            result[order[i]] = 0.5 * static_cast<double>(first + last - 1);
        first = last;
    }
    return result;
}

double spearman(const std::vector<Pair> &pairs)
{
    const std::vector<double> a = ranks(pairs, &Pair::predicted);
    const std::vector<double> b = ranks(pairs, &Pair::published);
    const double mean = 0.5 * (static_cast<double>(pairs.size()) - 1);
    double ab = 0, aa = 0, bb = 0;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        ab += (a[i] - mean) * (b[i] - mean);
        aa += (a[i] - mean) * (a[i] - mean);
        bb += (b[i] - mean) * (b[i] - mean);
    }
    return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

std::string signedPercent(double predicted, double published)
{
    if (published <= 0)
        return "-";
    std::ostringstream text;
    text << std::showpos << std::fixed << std::setprecision(0)
         << 100 * (predicted / published - 1) << "%";
    return text.str();
}

void printGroup(const std::string &title, const Corpus &corpus, const Predictions &predictions,
                std::size_t chip, const std::function<bool(const Network &)> &isIn,
                std::ostream &out)
{
    std::vector<Pair> all1, all8;
    int right = 0, count = 0;
    for (std::size_t i = 0; i < corpus.networks.size(); ++i) {
        const Published &published = corpus.networks[i].published[chip];
        if (!isIn(corpus.networks[i]) || published.batch1 <= 0 || published.batch8 <= 0)
            continue;
        const Prediction &prediction = predictions[i][chip];
        all1.push_back({prediction.batch1, published.batch1});
        all8.push_back({prediction.batch8, published.batch8});
        right += (prediction.contexts == 1) == published.isSingle();
        ++count;
    }
    const auto errors = [](const std::vector<Pair> &pairs) {
        std::vector<double> values;
        for (const Pair &pair : pairs)
            values.push_back(100 * pair.error());
        return values;
    };
    out << std::left << std::setw(9) << chipNames[chip] << std::setw(14) << title << std::right
        << std::fixed << std::setprecision(1) << " n " << std::setw(2) << count << "  class "
        << right << "/" << count << "  batch 1 median " << quantile(errors(all1), 0.5) << "% p90 "
        << quantile(errors(all1), 0.9) << "%  batch 8 median " << quantile(errors(all8), 0.5)
        << "% p90 " << quantile(errors(all8), 0.9) << "%  Spearman " << std::setprecision(3)
        << spearman(all1) << " " << spearman(all8) << "\n";
}

} // namespace

std::vector<VendorRun> loadVendorRuns(const std::filesystem::path &table,
                                      const std::filesystem::path &folder,
                                      std::vector<std::string> &failures)
{
    std::vector<VendorRun> runs;
    std::map<std::string, std::shared_ptr<const Graph>> loaded;
    std::ifstream lines(table);
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line.front() == '#' || line.starts_with("file,"))
            continue;
        std::vector<std::string> row;
        std::istringstream stream(line);
        for (std::string cell; std::getline(stream, cell, ',');)
            row.push_back(cell);
        row.resize(8);
        const auto number = [&](std::size_t i) { return row[i].empty() ? 0 : std::stod(row[i]); };
        std::string reason;
        if (!loaded.contains(row[0]))
            loaded[row[0]] = loadForDevice(folder / (row[0] + ".onnx"), reason);
        if (!loaded[row[0]]) {
            failures.push_back(row[0] + ": " + reason);
            continue;
        }
        runs.push_back({.name = row[0],
                        .family = row[1],
                        .device = row[2],
                        .caps = {.control = number(3), .compute = number(3), .memory = number(4)},
                        .contexts = static_cast<int>(number(5)),
                        .control = number(6),
                        .compute = number(7),
                        .graph = loaded[row[0]]});
    }
    return runs;
}

Prediction predictAtCaps(const VendorRun &run, const std::vector<DeviceModel> &devices)
{
    DeviceModel device = *std::ranges::find(devices, run.device, &DeviceModel::id);
    device.multiContext = run.caps;
    if (run.contexts == 1)
        device.singleContext = run.caps;
    return predict(*run.graph, {}, device);
}

void printNetworks(const Corpus &corpus, const Predictions &predictions, std::ostream &out)
{
    for (std::size_t i = 0; i < corpus.networks.size(); ++i) {
        const Network &network = corpus.networks[i];
        out << std::left << std::setw(32) << network.name << std::setw(13) << network.family
            << std::right << std::fixed << std::setprecision(0);
        for (std::size_t chip = 0; chip < chips; ++chip) {
            const Published &published = network.published[chip];
            const Prediction &prediction = predictions[i][chip];
            out << " | " << std::setw(2) << prediction.contexts
                << (published.isSingle() ? " (1)" : " (n)") << std::setw(6) << prediction.batch1
                << "/" << std::setw(5) << published.batch1 << std::setw(6)
                << signedPercent(prediction.batch1, published.batch1) << std::setw(6)
                << prediction.batch8 << "/" << std::setw(5) << published.batch8 << std::setw(6)
                << signedPercent(prediction.batch8, published.batch8);
        }
        out << "\n";
    }
}

void printSummary(const Corpus &corpus, const Predictions &predictions, std::ostream &out)
{
    for (std::size_t chip = 0; chip < chips; ++chip) {
        printGroup("all", corpus, predictions, chip, [](const Network &) { return true; }, out);
        printGroup(
            "convolutional", corpus, predictions, chip,
            [](const Network &network) { return !network.isTransformer; }, out);
        printGroup(
            "transformers", corpus, predictions, chip,
            [](const Network &network) { return network.isTransformer; }, out);
    }
}

void printVendorRuns(const std::vector<VendorRun> &runs, const std::vector<Prediction> &predictions,
                     std::ostream &out)
{
    for (std::size_t i = 0; i < runs.size(); ++i)
        out << std::left << std::setw(28) << runs[i].name << std::setw(9) << runs[i].device
            << std::right << std::fixed << std::setprecision(2) << " cap " << runs[i].caps.control
            << "  contexts " << predictions[i].contexts << " (" << runs[i].contexts << ")  control "
            << predictions[i].control << " (" << runs[i].control << ")  compute "
            << predictions[i].compute << " (" << runs[i].compute << ")\n";
}

} // namespace hefstudio::fit
