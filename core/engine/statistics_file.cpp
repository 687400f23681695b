// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/statistics_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>

namespace hefstudio {

namespace {

using Json = nlohmann::ordered_json;
constexpr const char *formatName = "hefstudio-statistics";
constexpr int formatVersion = 1;
constexpr std::size_t bins = std::size_t(2) * TensorStatistics::binsPerSide;

std::string decimal(__int128 value)
{
    // Digits of the magnitude from the last one; the magnitude of the smallest value fits too.
    auto rest = value < 0 ? -static_cast<unsigned __int128>(value)
                          : static_cast<unsigned __int128>(value);
    std::string digits;
    do {
        digits.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
        rest /= 10;
    } while (rest != 0);
    if (value < 0)
        digits.push_back('-');
    std::ranges::reverse(digits);
    return digits;
}

// Throws like the JSON library does, for one place that catches.
[[noreturn]] void refuse(const char *what)
{
    throw std::invalid_argument(what);
}

__int128 fromDecimal(const std::string &text)
{
    const bool isNegative = text.starts_with('-');
    const std::string digits = text.substr(isNegative ? 1 : 0);
    if (digits.empty() || digits.size() > 38) // below 10^38 < 2^127
        refuse("sum");
    __int128 value = 0;
    for (const char digit : digits) {
        if (digit < '0' || digit > '9')
            refuse("sum");
        value = value * 10 + (digit - '0');
    }
    return isNegative ? -value : value;
}

float floatOf(const Json &json)
{
    const double value = json.get<double>();
    const auto narrow = static_cast<float>(value);
    if (static_cast<double>(narrow) != value)
        refuse("not a float32");
    return narrow;
}

Json jsonOf(const TensorStatistics &statistics)
{
    const TensorStatistics::Record record = statistics.record();
    Json histogram = Json::array(); // pairs of bin and count, the empty bins left out
    for (std::size_t bin = 0; bin < record.bins.size(); ++bin)
        if (record.bins[bin] != 0)
            histogram.push_back({bin, record.bins[bin]});
    return {{"count", record.count},
            {"not_finite", record.notFinite},
            {"minimum", record.minimum},
            {"maximum", record.maximum},
            {"bin_exponent", record.binExponent},
            {"histogram", std::move(histogram)},
            {"sum", decimal(record.sum)},
            {"sum_of_squares", decimal(record.sumOfSquares)}};
}

Json jsonOf(const ChannelStatistics &statistics)
{
    const ChannelStatistics::Record record = statistics.record();
    Json sums = Json::array();
    for (const __int128 sum : record.sums)
        sums.push_back(decimal(sum));
    return {{"minimum", record.minimum},
            {"maximum", record.maximum},
            {"counts", record.counts},
            {"sums", std::move(sums)}};
}

TensorStatistics tensorFrom(const Json &json)
{
    TensorStatistics::Record record;
    record.count = json.at("count").get<std::uint64_t>();
    record.notFinite = json.at("not_finite").get<std::uint64_t>();
    record.minimum = floatOf(json.at("minimum"));
    record.maximum = floatOf(json.at("maximum"));
    record.binExponent = json.at("bin_exponent").get<int>();
    record.sum = fromDecimal(json.at("sum").get<std::string>());
    record.sumOfSquares = fromDecimal(json.at("sum_of_squares").get<std::string>());
    if (record.count > 0)
        record.bins.assign(bins, 0);
    for (const Json &pair : json.at("histogram")) {
        const auto bin = pair.at(0).get<std::uint64_t>();
        if (bin >= record.bins.size())
            refuse("bin");
        record.bins[static_cast<std::size_t>(bin)] = pair.at(1).get<std::uint64_t>();
    }
    auto statistics = TensorStatistics::from(std::move(record));
    if (!statistics)
        refuse("a tensor's numbers contradict each other");
    return std::move(*statistics);
}

ChannelStatistics channelsFrom(const Json &json)
{
    ChannelStatistics::Record record;
    for (const Json &value : json.at("minimum"))
        record.minimum.push_back(floatOf(value));
    for (const Json &value : json.at("maximum"))
        record.maximum.push_back(floatOf(value));
    record.counts = json.at("counts").get<std::vector<std::uint64_t>>();
    for (const Json &value : json.at("sums"))
        record.sums.push_back(fromDecimal(value.get<std::string>()));
    auto statistics = ChannelStatistics::from(std::move(record));
    if (!statistics)
        refuse("a tensor's channels contradict each other");
    return std::move(*statistics);
}

StatisticsFile fileFrom(const Json &json)
{
    if (json.at("format") != formatName)
        refuse("format");
    if (json.at("version") != formatVersion)
        refuse("version");
    StatisticsFile file;
    for (const auto &[name, value] : json.at("basis").items())
        file.basis.emplace_back(name, value.get<std::string>());
    file.setSize = json.at("set_size").get<std::size_t>();
    for (const Json &sample : json.at("samples"))
        file.samples.push_back({sample.at("index").get<std::size_t>(),
                                sample.at("name").get<std::string>(),
                                sample.at("sha256").get<std::string>()});
    for (std::size_t i = 0; i < file.samples.size(); ++i)
        if (file.samples[i].index >= file.setSize ||
            (i > 0 && file.samples[i].index <= file.samples[i - 1].index))
            refuse("samples");
    for (const Json &tensor : json.at("tensors")) {
        file.tensors.emplace_back(tensor.at("name").get<std::string>(),
                                  tensor.at("shape").get<std::vector<std::int64_t>>());
        file.statistics.tensors.push_back(tensorFrom(tensor));
        file.statistics.channels.push_back(channelsFrom(tensor.at("channels")));
    }
    file.statistics.pictures = file.samples.size();
    return file;
}

} // namespace

std::string statisticsText(const StatisticsFile &file)
{
    Json json{{"format", formatName}, {"version", formatVersion}, {"basis", Json::object()},
              {"set_size", file.setSize}, {"samples", Json::array()}, {"tensors", Json::array()}};
    for (const auto &[name, value] : file.basis)
        json["basis"][name] = value;
    for (const StatisticsFile::Sample &sample : file.samples)
        json["samples"].push_back(
            {{"index", sample.index}, {"name", sample.name}, {"sha256", sample.digest}});
    for (std::size_t i = 0; i < file.tensors.size(); ++i) {
        Json tensor{{"name", file.tensors[i].first}, {"shape", file.tensors[i].second}};
        tensor.update(jsonOf(file.statistics.tensors[i]));
        tensor["channels"] = jsonOf(file.statistics.channels[i]);
        json["tensors"].push_back(std::move(tensor));
    }
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<StatisticsFile> readStatisticsText(const std::string &text, const std::string &name)
{
    try {
        return fileFrom(Json::parse(text));
    } catch (const std::exception &problem) { // of the JSON library, or refuse()
        return fail(Diagnostic("calib.statistics-file", Place{.file = name})
                        .with("reason", std::string(problem.what())));
    }
}

Result<StatisticsFile> mergeStatistics(std::span<const StatisticsFile> files,
                                       std::span<const std::string> names)
{
    const auto mismatch = [&](std::size_t i, const std::string &what) {
        return fail(Diagnostic("calib.statistics-mismatch", Place{.file = names[i]})
                        .with("other", names[0])
                        .with("what", what));
    };
    StatisticsFile all = files.front();
    for (std::size_t i = 1; i < files.size(); ++i) {
        const StatisticsFile &file = files[i];
        if (file.basis.size() != all.basis.size())
            return mismatch(i, "basis");
        for (std::size_t k = 0; k < all.basis.size(); ++k)
            if (file.basis[k] != all.basis[k])
                return mismatch(i, file.basis[k].first);
        if (file.setSize != all.setSize)
            return mismatch(i, "set_size");
        if (file.tensors != all.tensors)
            return mismatch(i, "tensors");
        for (std::size_t k = 0; k < file.tensors.size(); ++k)
            if (file.statistics.channels[k].channels() != 0 &&
                all.statistics.channels[k].channels() != 0 &&
                file.statistics.channels[k].channels() != all.statistics.channels[k].channels())
                return mismatch(i, "channels");
        for (const StatisticsFile::Sample &sample : file.samples) {
            const auto place = std::ranges::lower_bound(all.samples, sample.index, {},
                                                        &StatisticsFile::Sample::index);
            if (place != all.samples.end() && place->index == sample.index)
                return fail(Diagnostic("calib.statistics-overlap", Place{.file = names[i]})
                                .with("sample", sample.name));
            all.samples.insert(place, sample);
        }
        all.statistics.merge(file.statistics);
    }
    return all;
}

} // namespace hefstudio
