// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibrate/calibration_session.h"

#include "calibration/repair.h"
#include "common/files.h"

#include <algorithm>

namespace hefstudio {

namespace {

bool isFromNetwork(const Finding &finding)
{
    const std::string &id = finding.diagnostic.id;
    return id == "calib.channel-order" || id == "calib.channel-order-samples" ||
           id == "calib.double-normalisation";
}

std::vector<std::filesystem::path> pathsOf(const QStringList &texts)
{
    std::vector<std::filesystem::path> paths;
    for (const QString &text : texts)
        paths.push_back(toPath(text));
    return paths;
}

} // namespace

CalibrationSession::CalibrationSession(QObject *parent)
    : QObject(parent), m_frames(std::make_unique<WorkFolder>())
{
}

CalibrationSession::~CalibrationSession() = default;

void CalibrationSession::open(const QStringList &sources, const ConversionChoices &choices)
{
    m_sources = sources;
    m_choices = choices;
    look();
}

void CalibrationSession::add(const QStringList &sources)
{
    for (const QString &source : sources)
        if (!m_sources.contains(source))
            m_sources << source;
    look();
}

void CalibrationSession::setChoices(const ConversionChoices &choices)
{
    const auto input = [](const ConversionChoices &c) {
        return std::tuple(c.model, c.normalize, c.color, c.resize, c.inputShapes, c.startNodes,
                          c.endNodes);
    };
    const bool isOther = input(choices) != input(m_choices);
    m_choices = choices;
    if (isOther && !m_sources.isEmpty())
        look();
}

void CalibrationSession::cancel()
{
    if (!isRunning())
        return;
    m_look.cancel();
    m_write.cancel();
    Q_EMIT stopped();
}

void CalibrationSession::clear()
{
    m_look.cancel();
    m_judge.cancel();
    m_sources.clear();
    m_set.reset();
    m_looks.reset();
    m_findings.clear();
    m_isIn.clear();
    m_countIn = 0;
}

void CalibrationSession::look()
{
    m_judge.cancel();
    Q_EMIT started();
    const auto work = [sources = pathsOf(m_sources), settings = settingsOf(m_choices),
                       frames = m_frames->path()](const std::stop_token &stop,
                                                  const Report &report) {
        const EventSink sink = [&report](const Event &event) {
            if (const auto *progress = std::get_if<StageProgress>(&event)) {
                Answer answer;
                answer.progress = *progress;
                report(std::move(answer));
            }
        };
        Answer answer;
        auto set = openSources(sources, frames, {}, stop, sink);
        if (!set) {
            answer.faults = std::move(set.error());
            return answer;
        }
        answer.set = std::make_shared<const CalibrationSet>(std::move(*set));
        SetCheckOptions options{.settings = settings};
        if (!settings.model.empty()) {
            // A network that does not say what it takes is no reason to show no pictures: the
            // conversion asks for it.
            if (auto input = networkInputFor(*answer.set, settings)) {
                answer.expected = std::move(input->expected);
                if (input->plans.inputs.front().preprocess.width > 0)
                    answer.preprocess = input->plans.inputs.front().preprocess;
            } else {
                options.settings.model.clear();
            }
        }
        auto check = checkSet(*answer.set, options, stop, sink);
        if (!check)
            answer.faults = std::move(check.error());
        else
            answer.check = std::make_shared<SetCheck>(std::move(*check));
        return answer;
    };
    m_look.startStaged(
        work,
        [this](Answer &&answer) {
            Q_EMIT progressed(QString::fromStdString(answer.progress.detail),
                              answer.progress.done, answer.progress.total);
        },
        [this](Answer &&answer) { takeLook(std::move(answer)); });
}

void CalibrationSession::takeLook(Answer &&answer)
{
    if (!answer.check) {
        Q_EMIT failed(answer.faults);
        return;
    }
    // What was left out stays so while sources are added to.
    std::vector<std::string> out;
    for (std::size_t i = 0; m_set && i < m_isIn.size(); ++i)
        if (!m_isIn[i])
            out.push_back(m_set->nameOf(i));
    std::ranges::sort(out);
    m_set = answer.set;
    m_looks = std::make_shared<const SetLooks>(std::move(answer.check->looks));
    m_findings = std::move(answer.check->findings);
    m_networkFindings.clear();
    std::ranges::copy_if(m_findings, std::back_inserter(m_networkFindings), isFromNetwork);
    m_expected = std::move(answer.expected);
    m_preprocess = answer.preprocess;
    m_isIn.assign(m_set->size(), true);
    m_countIn = m_isIn.size();
    bool isChanged = false;
    for (std::size_t i = 0; !out.empty() && i < m_isIn.size(); ++i)
        if (std::ranges::binary_search(out, m_set->nameOf(i))) {
            m_isIn[i] = false;
            --m_countIn;
            isChanged = true;
        }
    Q_EMIT looked();
    if (isChanged)
        judgeAgain();
}

std::vector<std::size_t> CalibrationSession::samplesIn() const
{
    std::vector<std::size_t> samples;
    for (std::size_t i = 0; i < m_isIn.size(); ++i)
        if (m_isIn[i])
            samples.push_back(i);
    return samples;
}

void CalibrationSession::setIn(const std::vector<std::size_t> &samples, bool isIn)
{
    for (const std::size_t sample : samples)
        m_isIn[sample] = isIn;
    m_countIn = static_cast<std::size_t>(std::ranges::count(m_isIn, true));
    judgeAgain();
}

void CalibrationSession::putAllBack()
{
    m_isIn.assign(m_isIn.size(), true);
    m_countIn = m_isIn.size();
    m_strategy = QStringLiteral("all");
    judgeAgain();
}

void CalibrationSession::choose(SelectionStrategy strategy, std::size_t count, std::uint64_t seed)
{
    const std::vector<std::size_t> from = samplesIn();
    std::vector<std::size_t> chosen;
    switch (strategy) {
    case SelectionStrategy::random:
        chosen = selectRandom(from.size(), count, seed);
        break;
    case SelectionStrategy::diverse: {
        std::vector<PictureFeatures> features;
        for (const std::size_t sample : from) {
            const auto &measures = m_looks->samples[sample].measures;
            features.push_back(measures ? measures->features : PictureFeatures{});
        }
        chosen = selectDiverse(features, count, seed);
        break;
    }
    case SelectionStrategy::perClass: {
        std::vector<std::vector<int>> classes;
        for (const std::size_t sample : from)
            classes.push_back(m_looks->labels ? m_looks->labels->classes[sample].value_or(
                                                    std::vector<int>())
                                              : std::vector<int>());
        chosen = selectPerClass(classes, count, seed);
        break;
    }
    }
    m_isIn.assign(m_isIn.size(), false);
    for (const std::size_t each : chosen)
        m_isIn[from[each]] = true;
    m_countIn = chosen.size();
    m_strategy = QString::fromStdString(std::string(selectionStrategyName(strategy)));
    m_seed = seed;
    judgeAgain();
}

void CalibrationSession::judgeAgain()
{
    const auto work = [set = m_set, looks = m_looks, samples = samplesIn(),
                       inputs = m_expected](const std::stop_token &) {
        return judge(*set, *looks, samples, {.inputs = inputs});
    };
    m_judge.start(work, [this](std::vector<Finding> &&findings) {
        m_findings = std::move(findings);
        std::size_t at = 0;
        for (Finding finding : m_networkFindings) {
            const bool isAboutSamples = !finding.samples.empty();
            std::erase_if(finding.samples, [this](std::size_t s) { return !m_isIn[s]; });
            if (!isAboutSamples || !finding.samples.empty())
                m_findings.insert(m_findings.begin() + std::ptrdiff_t(at++), std::move(finding));
        }
        Q_EMIT judged();
    });
    Q_EMIT judged(); // what is in has changed already
}

void CalibrationSession::write(const QString &target)
{
    ExportRequest request{.target = toPath(target),
                          .form = exportFormOf(toPath(target)).value_or(ExportForm::list),
                          .preprocess = m_preprocess.value_or(PreprocessOptions{}),
                          .inputName = {},
                          .sources = pathsOf(m_sources),
                          .strategy = m_strategy.toStdString(),
                          .seed = m_seed};
    if (!m_expected.empty())
        request.inputName = m_expected.front().name;
    Q_EMIT started();
    m_write.startStaged(
        [set = m_set, samples = samplesIn(), request](const std::stop_token &stop,
                                                      const Report &report) {
            Answer answer;
            const auto done = exportSet(
                set->chosen(samples), request, stop, [&report](const Event &event) {
                    if (const auto *progress = std::get_if<StageProgress>(&event)) {
                        Answer part;
                        part.progress = *progress;
                        report(std::move(part));
                    }
                });
            if (!done)
                answer.faults = done.error();
            else
                answer.file = fromPath(done->target);
            return answer;
        },
        [this](Answer &&answer) {
            Q_EMIT progressed(QString::fromStdString(answer.progress.detail),
                              answer.progress.done, answer.progress.total);
        },
        [this](Answer &&answer) { finishWrite(std::move(answer), false); });
}

void CalibrationSession::repair(const QString &source, const QString &target,
                                const ConversionChoices &choices)
{
    Q_EMIT started();
    m_write.startStaged(
        [source = toPath(source), target = toPath(target),
         settings = settingsOf(choices)](const std::stop_token &stop, const Report &report) {
            Answer answer;
            const auto set = CalibrationSet::open(source);
            if (!set) {
                answer.faults = set.error();
                return answer;
            }
            const auto made = repairSet(
                *set, {.settings = settings}, target, stop, [&report](const Event &event) {
                    if (const auto *progress = std::get_if<StageProgress>(&event)) {
                        Answer part;
                        part.progress = *progress;
                        report(std::move(part));
                    }
                });
            if (!made)
                answer.faults = made.error();
            else
                answer.file = fromPath(made->empty() ? source : target);
            return answer;
        },
        [this](Answer &&answer) {
            Q_EMIT progressed(QString::fromStdString(answer.progress.detail),
                              answer.progress.done, answer.progress.total);
        },
        [this](Answer &&answer) { finishWrite(std::move(answer), true); });
}

void CalibrationSession::finishWrite(Answer &&answer, bool isRepair)
{
    if (!answer.faults.empty())
        Q_EMIT failed(answer.faults);
    else if (isRepair)
        Q_EMIT repaired(answer.file);
    else
        Q_EMIT written(answer.file);
}

} // namespace hefstudio
