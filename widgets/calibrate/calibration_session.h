// The set on the Calibrate page: opened and looked at by a worker, judged again whenever samples
// are left out or put back. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "calibration/export_set.h"
#include "calibration/open_sources.h"
#include "calibration/selection.h"
#include "common/latest_job.h"
#include "convert/conversion_choices.h"
#include "pipeline/set_check.h"

#include <QObject>
#include <QStringList>

#include <memory>
#include <optional>
#include <vector>

namespace hefstudio {

class CalibrationSession final : public QObject {
    Q_OBJECT
public:
    explicit CalibrationSession(QObject *parent = nullptr);
    ~CalibrationSession() override;

    // Begins anew with these sources; a running look is dropped.
    void open(const QStringList &sources, const ConversionChoices &choices);
    void add(const QStringList &sources);
    // Looks again where the network or its input contract changed.
    void setChoices(const ConversionChoices &choices);
    void cancel();
    void clear();

    bool isRunning() const { return m_look.isRunning() || m_write.isRunning(); }
    const QStringList &sources() const { return m_sources; }
    // Null until the first look is done.
    const std::shared_ptr<const CalibrationSet> &set() const { return m_set; }
    const SetLooks &looks() const { return *m_looks; }
    const std::vector<Finding> &findings() const { return m_findings; }
    // How pictures become the network's input; nothing without a network that takes pictures.
    const std::optional<PreprocessOptions> &preprocess() const { return m_preprocess; }

    bool isIn(std::size_t sample) const { return m_isIn[sample]; }
    std::size_t countIn() const { return m_countIn; }
    bool isWhole() const { return m_set && m_countIn == m_set->size(); }
    void setIn(const std::vector<std::size_t> &samples, bool isIn);
    void putAllBack();
    // Of the samples that are in: keeps `count`.
    void choose(SelectionStrategy strategy, std::size_t count, std::uint64_t seed);
    // The way the samples were last chosen, for the manifest.
    QString strategy() const { return m_strategy; }

    // Writes the samples that are in; answers with written() or failed().
    void write(const QString &target);
    // Writes the array `source` again with all repairs it needs; answers with repaired() or
    // failed(). Where that is not the session's own source, its set stays.
    void repair(const QString &source, const QString &target, const ConversionChoices &choices);

Q_SIGNALS:
    void started();
    void progressed(const QString &what, qint64 done, qint64 total);
    void looked();                 // set, looks and findings are there
    void judged();                 // after a change of what is in
    void failed(const hefstudio::Diagnostics &why);
    void written(const QString &target);
    void repaired(const QString &target);
    void stopped();                // cancelled by the user

private:
    struct Answer {
        StageProgress progress;
        std::shared_ptr<const CalibrationSet> set;
        std::shared_ptr<SetCheck> check;
        std::vector<ExpectedInput> expected;
        std::optional<PreprocessOptions> preprocess;
        QString file;
        Diagnostics faults;
    };
    using Report = LatestJob<Answer>::Report;

    void look();
    void judgeAgain();
    void takeLook(Answer &&answer);
    void finishWrite(Answer &&answer, bool isRepair);
    std::vector<std::size_t> samplesIn() const;

    QStringList m_sources;
    ConversionChoices m_choices;
    std::unique_ptr<WorkFolder> m_frames;
    std::shared_ptr<const CalibrationSet> m_set;
    std::shared_ptr<const SetLooks> m_looks;
    std::vector<Finding> m_findings;
    std::vector<Finding> m_networkFindings; // only the network could know them
    std::vector<ExpectedInput> m_expected;
    std::optional<PreprocessOptions> m_preprocess;
    std::vector<bool> m_isIn;
    std::size_t m_countIn = 0;
    QString m_strategy = QStringLiteral("all");
    std::uint64_t m_seed = 0;
    LatestJob<Answer> m_look;
    LatestJob<std::vector<Finding>> m_judge;
    LatestJob<Answer> m_write;
};

} // namespace hefstudio
