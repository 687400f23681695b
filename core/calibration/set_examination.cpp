// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/set_examination.h"

#include "base/hash.h"
#include "base/thread_pool.h"
#include "calibration/sample_progress.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace hefstudio {
namespace {

void lookAtPicture(const CalibrationSet &set, std::size_t index, SampleLook &look)
{
    const auto &file = set.pictures()[index];
    const auto bytes = readPicture(file);
    if (!bytes) {
        look.brokenId = bytes.error().front().id;
        return;
    }
    look.contentHash = xxh3_64(*bytes);
    look.facts = pictureFacts(*bytes);
    if (!set.statedDigests().empty() && !set.statedDigests()[index].empty())
        look.isChanged = sha256Hex(*bytes) != set.statedDigests()[index];
    const auto image = decodeImage(*bytes, file.string());
    auto measures = image ? measurePicture(*image) : std::unexpected(image.error());
    if (!measures)
        look.brokenId = measures.error().front().id;
    else
        look.measures = *measures;
}

void lookAtRow(const CalibrationSet &set, std::size_t index, SampleLook &look)
{
    look.low = std::numeric_limits<double>::infinity();
    look.high = -look.low;
    for (const auto &[name, array] : set.arrays()) {
        const std::size_t row = set.rowOf(index);
        look.contentHash = look.contentHash * 31 + xxh3_64(array.sample(row));
        const Tensor values = array.sampleValues(row);
        for (const float value : values.as<float>()) {
            if (!std::isfinite(value)) {
                ++look.notFinite;
                continue;
            }
            look.low = std::min(look.low, static_cast<double>(value));
            look.high = std::max(look.high, static_cast<double>(value));
        }
    }
    if (look.low > look.high)
        look.low = look.high = 0;
    if (const auto image = set.picture(index))
        if (auto measures = measurePicture(*image))
            look.measures = *measures;
}

double median(std::vector<double> values)
{
    if (values.empty())
        return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

using Samples = std::vector<std::size_t>;

class Judge {
public:
    Judge(const CalibrationSet &set, const SetLooks &looks, std::span<const std::size_t> samples,
          const JudgeOptions &options)
        : m_set(set), m_looks(looks), m_samples(samples), m_options(options)
    {
    }

    std::vector<Finding> judge()
    {
        judgeFiles();
        if (m_set.isArray())
            judgeRanges();
        judgeForm();
        judgeCount();
        judgeDuplicates();
        judgeLook();
        judgeSizes();
        judgeColorOrder();
        judgeClasses();
        judgeDrift();
        std::ranges::stable_sort(m_found, [](const Finding &a, const Finding &b) {
            return a.diagnostic.severity > b.diagnostic.severity;
        });
        return std::move(m_found);
    }

private:
    const SampleLook &look(std::size_t sample) const { return m_looks.samples[sample]; }
    bool isPicture(std::size_t sample) const { return look(sample).measures.has_value(); }

    template<class Predicate> Samples those(Predicate predicate) const
    {
        Samples found;
        for (const std::size_t sample : m_samples)
            if (predicate(look(sample)))
                found.push_back(sample);
        return found;
    }
    template<class Predicate> Samples pictures(Predicate predicate) const
    {
        return those([&](const SampleLook &l) { return l.measures && predicate(*l.measures); });
    }

    Diagnostic about(const char *id, Severity severity) const
    {
        return Diagnostic(id, Place{.file = m_set.source().string()}).as(severity);
    }

    // A finding about samples, with their number and the first of them.
    void sayOnly(const char *id, Severity severity, Samples samples)
    {
        if (samples.empty())
            return;
        Diagnostic diagnostic = about(id, severity)
                                    .with("count", static_cast<std::int64_t>(samples.size()))
                                    .with("first", m_set.relativeNameOf(samples.front()));
        m_found.push_back({std::move(diagnostic), std::move(samples)});
    }
    // The same with the way to be rid of them.
    void say(const char *id, Severity severity, Samples samples)
    {
        if (samples.empty())
            return;
        Fix fix{"leave-out-samples",
                {{"finding", id}, {"count", std::to_string(samples.size())}}};
        sayOnly(id, severity, std::move(samples));
        m_found.back().diagnostic.fixes.push_back(std::move(fix));
    }

    void judgeFiles()
    {
        say("calib.broken-pictures", Severity::error,
            those([](const SampleLook &l) { return !l.brokenId.empty(); }));
        say("calib.changed-files", Severity::error,
            those([](const SampleLook &l) { return l.isChanged; }));
    }

    // Values of one sample far from those of the rest: some of the set went through a step that the
    // others did not.
    void judgeRanges()
    {
        say("calib.not-finite-samples", Severity::error,
            those([](const SampleLook &l) { return l.notFinite > 0; }));
        std::vector<double> reaches;
        std::size_t negative = 0;
        for (const std::size_t sample : m_samples) {
            const double reach = reachOf(look(sample));
            if (reach > 0)
                reaches.push_back(reach);
            negative += isSigned(look(sample)) ? 1 : 0;
        }
        m_usual.assign(m_samples.begin(), m_samples.end());
        if (reaches.empty())
            return;
        const double usual = median(reaches);
        const bool areSigned = negative * 2 > m_samples.size();
        const bool arePictures = !m_set.isRandom() && pictureForm(m_set.arrays().front().second.shape);
        constexpr double muchElse = 40; // 255, with room for dark pictures
        const auto isElsewhere = [&](const SampleLook &l) {
            const double reach = reachOf(l);
            if (reach == 0)
                return false;
            return reach > usual * muchElse || reach * muchElse < usual ||
                   (arePictures && m_set.isRealValued() && isSigned(l) != areSigned);
        };
        std::erase_if(m_usual, [&](std::size_t s) { return isElsewhere(look(s)); });
        say("calib.mixed-ranges", Severity::error, those(isElsewhere));
        // A picture divided by 255 twice ends at 0.004; no usual normalisation comes near.
        constexpr double twice = 0.05;
        if (arePictures && m_set.isRealValued() && usual < twice)
            m_found.push_back({about("calib.double-normalised", Severity::warning)
                                   .with("high", usual)
                                   .withFix({"scale-samples", {{"low", "0"}, {"high", "255"}}}),
                               {}});
    }
    static double reachOf(const SampleLook &l) { return std::max(std::abs(l.low), l.high); }
    static bool isSigned(const SampleLook &l) { return -l.low > 0.1 * reachOf(l); }

    // Layout and value range of arrays; of pictures what their headers say.
    void judgeForm()
    {
        const auto take = [this](Diagnostics &&found) {
            for (Diagnostic &diagnostic : found)
                m_found.push_back({std::move(diagnostic), {}});
        };
        for (const ExpectedInput &input : m_options.inputs) {
            if (!m_set.array(input.name))
                continue;
            Diagnostics form = examineForm(m_set, input);
            const bool fits = form.empty();
            take(std::move(form));
            if (!fits || m_set.arrays().size() != 1 || m_usual.empty())
                continue;
            Diagnostics range = examineRange(m_set, input, rangeOfUsual());
            const bool isRight = range.empty();
            take(std::move(range));
            if (isRight && !input.isPicture && input.blackAndWhite && m_set.isRealValued() &&
                pictureForm(m_set.arrays().front().second.shape))
                m_found.push_back({about("calib.own-values", Severity::warning)
                                       .with("low", rangeOfUsual().low)
                                       .with("high", rangeOfUsual().high)
                                       .withFix({"scale-samples", {{"low", "0"}, {"high", "255"}}}),
                                   {}});
        }
        const auto facts = [this](auto predicate) {
            return those([&](const SampleLook &l) { return l.facts && predicate(*l.facts); });
        };
        sayOnly("calib.picture-depth", Severity::warning,
                facts([](const PictureFacts &f) { return f.bits > 8; }));
        sayOnly("calib.picture-palette", Severity::warning,
                facts([](const PictureFacts &f) { return f.isPalette; }));
        sayOnly("calib.picture-cmyk", Severity::warning,
                facts([](const PictureFacts &f) { return f.isCmyk; }));
        sayOnly("calib.picture-rotated", Severity::note,
                facts([](const PictureFacts &f) { return f.isRotated; }));
    }
    // Of the samples that are not named already for lying elsewhere.
    SampleRange rangeOfUsual() const
    {
        SampleRange range{std::numeric_limits<double>::infinity(),
                         -std::numeric_limits<double>::infinity(), 0};
        for (const std::size_t sample : m_usual) {
            range.low = std::min(range.low, look(sample).low);
            range.high = std::max(range.high, look(sample).high);
        }
        return range;
    }

    void judgeCount()
    {
        const auto count = static_cast<std::int64_t>(m_samples.size());
        if (m_samples.size() < samplesToCalibrate)
            m_found.push_back({about("calib.too-few", Severity::warning).with("count", count), {}});
        else if (m_samples.size() < samplesToTune)
            m_found.push_back({about("calib.no-tuning", Severity::note).with("count", count), {}});
    }

    void judgeDuplicates()
    {
        std::vector<std::size_t> order(m_samples.begin(), m_samples.end());
        std::erase_if(order, [&](std::size_t s) { return !look(s).brokenId.empty(); });
        const Samples whole = order;
        std::ranges::stable_sort(
            order, {}, [&](std::size_t s) { return look(s).contentHash; });
        Samples exact;
        for (std::size_t i = 1; i < order.size(); ++i)
            if (look(order[i]).contentHash == look(order[i - 1]).contentHash)
                exact.push_back(order[i]); // all but the first of each
        std::ranges::sort(exact);

        Samples near;
        Samples kept;
        std::vector<std::uint64_t> hashes; // of those kept, side by side: every pair is compared
        for (const std::size_t sample : whole) {
            if (!isPicture(sample) || std::ranges::binary_search(exact, sample))
                continue;
            const std::uint64_t hash = look(sample).measures->hash;
            bool isNear = false;
            for (std::size_t i = 0; i < kept.size() && !isNear; ++i)
                isNear = bitsBetween(hash, hashes[i]) <= mostBits && areNear(sample, kept[i]);
            if (isNear) {
                near.push_back(sample);
            } else {
                kept.push_back(sample);
                hashes.push_back(hash);
            }
        }
        say("calib.duplicates", Severity::warning, std::move(exact));
        say("calib.near-duplicates", Severity::warning, std::move(near));
    }
    bool areNear(std::size_t a, std::size_t b) const
    {
        const PictureMeasures &one = *look(a).measures;
        const PictureMeasures &other = *look(b).measures;
        constexpr int fewBits = 6;
        constexpr double same = 6;
        constexpr double brightened = 20;
        // Empty pictures are all alike; they have a finding of their own.
        if (one.contrast < emptyContrast)
            return false;
        const bool isFew = bitsBetween(one.hash, other.hash) <= fewBits;
        return tinyDistance(one.tiny, other.tiny) <= (isFew ? brightened : same);
    }
    static int bitsBetween(std::uint64_t a, std::uint64_t b) { return __builtin_popcountll(a ^ b); }

    void judgeLook()
    {
        const bool isRaw = !m_set.isArray() || !m_set.isRealValued();
        constexpr double noLight = 48;  // of 255, at the 98th percentile
        constexpr double noShade = 205; // at the 2nd
        const auto isEmpty = [](const PictureMeasures &m) { return m.contrast < emptyContrast; };
        const auto isDivided = [](const PictureMeasures &m) { return m.largest <= 1; };
        if (isRaw) {
            say("calib.already-normalised", Severity::warning, pictures(isDivided));
            say("calib.dark", Severity::warning, pictures([&](const PictureMeasures &m) {
                    return m.high < noLight && !isDivided(m);
                }));
            say("calib.bright", Severity::warning,
                pictures([&](const PictureMeasures &m) { return m.low > noShade; }));
        }
        say("calib.empty-pictures", Severity::warning, pictures([&](const PictureMeasures &m) {
                return isEmpty(m) && !(isRaw && (m.high < noLight || m.low > noShade));
            }));
        constexpr double blurred = 0.62;
        constexpr int leastSide = 48; // fewer pixels say nothing about focus
        say("calib.blurred", Severity::warning, pictures([&](const PictureMeasures &m) {
                return m.blur > blurred && !isEmpty(m) && m.high >= noLight &&
                       std::min(m.width, m.height) >= leastSide;
            }));
    }

    void judgeSizes()
    {
        if (m_set.isArray())
            return;
        std::vector<double> sides;
        for (const std::size_t sample : m_samples)
            if (isPicture(sample))
                sides.push_back(sideOf(*look(sample).measures));
        const double usual = median(sides);
        constexpr double muchElse = 3.5;
        say("calib.size-outliers", Severity::warning, pictures([&](const PictureMeasures &m) {
                return sideOf(m) * muchElse < usual || sideOf(m) > usual * muchElse;
            }));
        double least = 48;
        for (const ExpectedInput &input : m_options.inputs)
            if (input.isPicture && input.shape.rank() == 4)
                least = static_cast<double>(std::max(input.shape[2], input.shape[3])) / 2;
        say("calib.small-pictures", Severity::warning, pictures([&](const PictureMeasures &m) {
                return std::max(m.width, m.height) < least && sideOf(m) * muchElse >= usual;
            }));
    }
    static double sideOf(const PictureMeasures &m)
    {
        return std::sqrt(static_cast<double>(m.width) * m.height);
    }

    void judgeColorOrder()
    {
        double sum = 0;
        std::size_t coloured = 0;
        std::vector<double> evidence;
        for (const std::size_t sample : m_samples)
            if (isPicture(sample) && std::abs(look(sample).measures->colorOrder) > faintColour) {
                sum += look(sample).measures->colorOrder;
                ++coloured;
                evidence.push_back(look(sample).measures->colorOrder);
            }
        // A whole set leans the other way for no other reason. Of single pictures only those are
        // named that lie far outside of what the set's own colours do.
        constexpr std::size_t enough = 8;
        constexpr double leaning = -0.02;
        const bool leans =
            coloured >= enough && sum < leaning * static_cast<double>(coloured);
        const double usual = median(evidence);
        std::vector<double> deviations;
        for (const double each : evidence)
            deviations.push_back(std::abs(each - usual));
        constexpr double asDeviation = 1.4826; // of a median deviation, for a normal distribution
        constexpr double farOut = 4;
        constexpr double leastSpread = 0.03;
        constexpr double atAll = -0.10;
        const double spread = std::max(leastSpread, asDeviation * median(std::move(deviations)));
        const double limit = std::min(atAll, usual - farOut * spread);
        Samples suspects = pictures([&](const PictureMeasures &m) {
            return leans ? m.colorOrder < -faintColour : m.colorOrder < limit;
        });
        if (suspects.empty())
            return;
        if (!leans) {
            say("calib.channel-order-suspected", Severity::warning, std::move(suspects));
            return;
        }
        Diagnostic diagnostic =
            about("calib.channel-order-suspected", Severity::warning)
                .with("count", static_cast<std::int64_t>(suspects.size()))
                .with("first", m_set.relativeNameOf(suspects.front()));
        if (m_set.isArray())
            diagnostic.fixes.push_back({"swap-channels", {{"from", "bgr"}, {"to", "rgb"}}});
        m_found.push_back({std::move(diagnostic), {}});
    }

    void judgeClasses()
    {
        if (!m_looks.labels)
            return;
        const SetLabels &labels = *m_looks.labels;
        std::size_t classes = labels.names.size();
        for (const auto &each : labels.classes)
            if (each && !each->empty())
                classes = std::max(classes, static_cast<std::size_t>(each->back()) + 1);
        std::vector<std::size_t> pictures(classes);
        Samples unlabelled;
        for (const std::size_t sample : m_samples) {
            if (!labels.classes[sample]) {
                unlabelled.push_back(sample);
                continue;
            }
            for (const int index : *labels.classes[sample])
                ++pictures[static_cast<std::size_t>(index)];
        }
        std::string missing;
        std::int64_t count = 0;
        constexpr std::int64_t mostNames = 8;
        for (std::size_t i = 0; i < classes; ++i) {
            if (pictures[i] > 0 || ++count > mostNames)
                continue;
            missing += (missing.empty() ? "" : ", ") + labels.nameOf(static_cast<int>(i));
        }
        if (count > mostNames)
            missing += ", …";
        if (count > 0)
            m_found.push_back({about("calib.classes-missing", Severity::warning)
                                   .with("count", count)
                                   .with("classes", static_cast<std::int64_t>(classes))
                                   .with("names", missing),
                               {}});
        say("calib.unlabelled", Severity::note, std::move(unlabelled));
    }

    void judgeDrift()
    {
        if (!m_options.reference)
            return;
        say("calib.drift", Severity::warning, unlike(m_looks, m_samples, *m_options.reference));
    }

    static constexpr int mostBits = 10; // between near duplicates
    static constexpr double emptyContrast = 4;
    static constexpr double faintColour = 0.01;

    const CalibrationSet &m_set;
    const SetLooks &m_looks;
    std::span<const std::size_t> m_samples;
    const JudgeOptions &m_options;
    Samples m_usual; // of an array: those whose values have the size that most have
    std::vector<Finding> m_found;
};

} // namespace

Result<SetLooks> lookAtSet(const CalibrationSet &set, int threads, std::stop_token stop,
                           const EventSink &sink)
{
    SetLooks looks;
    looks.samples.resize(set.size());
    if (set.isRandom())
        return looks;
    SampleProgress progress("look", sink, set.size());
    ThreadPool pool(threads);
    const bool isDone = pool.forEach(
        set.size(),
        [&](std::size_t index, int) {
            if (set.isArray())
                lookAtRow(set, index, looks.samples[index]);
            else
                lookAtPicture(set, index, looks.samples[index]);
            progress.step(set.relativeNameOf(index));
        },
        stop);
    if (isDone)
        looks.labels = findLabels(set, stop);
    if (!isDone || stop.stop_requested())
        return fail(Diagnostic("cancelled"));
    progress.finish();
    return looks;
}

std::vector<Finding> judge(const CalibrationSet &set, const SetLooks &looks,
                           std::span<const std::size_t> samples, const JudgeOptions &options)
{
    return Judge(set, looks, samples, options).judge();
}

bool leavesOut(const Finding &finding)
{
    return std::ranges::any_of(finding.diagnostic.fixes, [](const Fix &fix) {
        return fix.kind == "leave-out-samples";
    });
}

namespace {

// What light, colour and texture of a picture are like as a whole: fewer numbers than the features,
// so that a picture of another kind stands out although no two pictures are alike.
constexpr std::size_t traitCount = 8;
using Traits = std::array<double, traitCount>;

Traits traitsOf(const PictureMeasures &measures)
{
    Traits traits{};
    constexpr double cells = 16;
    for (std::size_t cell = 0; cell < cells; ++cell) {
        const float *f = &measures.features[cell * 4];
        for (std::size_t i = 0; i < 4; ++i)
            traits[i] += static_cast<double>(f[i]) / cells;
        traits[4] += static_cast<double>(std::abs(f[1]) + std::abs(f[2])) / cells;
        // Light comes from above, as a rule.
        traits[5] += static_cast<double>(f[0]) * (cell < cells / 2 ? 1 : -1) / cells;
    }
    traits[6] = measures.contrast / 128;
    traits[7] = measures.blur;
    return traits;
}

double distance(const Traits &a, const Traits &b, const Traits &spread)
{
    double sum = 0;
    for (std::size_t i = 0; i < traitCount; ++i)
        sum += (a[i] - b[i]) * (a[i] - b[i]) / (spread[i] * spread[i]);
    return std::sqrt(sum);
}

Traits spreadOf(const std::vector<Traits> &all)
{
    constexpr double least = 0.02; // less is noise
    Traits spread{};
    for (std::size_t i = 0; i < traitCount; ++i) {
        double mean = 0;
        double squares = 0;
        for (const Traits &each : all) {
            mean += each[i] / static_cast<double>(all.size());
            squares += each[i] * each[i] / static_cast<double>(all.size());
        }
        spread[i] = std::max(least, std::sqrt(std::max(0.0, squares - mean * mean)));
    }
    return spread;
}

} // namespace

std::vector<std::size_t> unlike(const SetLooks &looks, std::span<const std::size_t> samples,
                                const SetLooks &reference)
{
    std::vector<Traits> known;
    for (const SampleLook &look : reference.samples)
        if (look.measures)
            known.push_back(traitsOf(*look.measures));
    constexpr std::size_t enough = 8;
    if (known.size() < enough)
        return {};
    const Traits spread = spreadOf(known);
    constexpr std::size_t noOne = std::numeric_limits<std::size_t>::max();
    const auto nearest = [&](const Traits &from, std::size_t itself) {
        double least = std::numeric_limits<double>::infinity();
        for (std::size_t i = 0; i < known.size(); ++i)
            if (i != itself)
                least = std::min(least, distance(from, known[i], spread));
        return least;
    };
    std::vector<double> usual;
    for (std::size_t i = 0; i < known.size(); ++i)
        usual.push_back(nearest(known[i], i));
    std::ranges::sort(usual);
    // The loneliest of the reference itself, with a margin for what it happens not to hold.
    constexpr double margin = 1.1;
    const double limit = margin * usual[usual.size() * 99 / 100];
    std::vector<std::size_t> strangers;
    for (const std::size_t sample : samples) {
        const auto &measures = looks.samples[sample].measures;
        if (measures && nearest(traitsOf(*measures), noOne) > limit)
            strangers.push_back(sample);
    }
    return strangers;
}

} // namespace hefstudio
