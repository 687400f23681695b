// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/stage_model.h"

#include "common/tool_tip.h"

#include "common/files.h"

#include <QCoreApplication>

namespace hefstudio {

namespace {

struct StageName {
    const char *name;
    const char *title;
};

// In the order of the pipeline; a stage that is not here shows its own name when it starts.
constexpr StageName stageNames[] = {
    {"import", QT_TRANSLATE_NOOP("Stage", "Read and check ONNX")},
    {"rewrite", QT_TRANSLATE_NOOP("Stage", "Rewrite graph")},
    {"calibrate", QT_TRANSLATE_NOOP("Stage", "Calibrate")},
    {"quantize", QT_TRANSLATE_NOOP("Stage", "Quantise")},
    {"map", QT_TRANSLATE_NOOP("Stage", "Partition into contexts")},
    {"generate", QT_TRANSLATE_NOOP("Stage", "Generate kernels")},
    {"write", QT_TRANSLATE_NOOP("Stage", "Write and verify HEF")},
};

} // namespace

QString stageTitle(const std::string &stage)
{
    for (const StageName &known : stageNames)
        if (stage == known.name)
            return QCoreApplication::translate("Stage", known.title);
    return QString::fromStdString(stage);
}

StageModel::StageModel(QObject *parent) : QAbstractListModel(parent)
{
    reset();
}

void StageModel::reset()
{
    beginResetModel();
    m_stages.clear();
    for (const StageName &known : stageNames)
        m_stages.push_back({known.name});
    endResetModel();
}

int StageModel::rowOf(const std::string &name)
{
    for (std::size_t i = 0; i < m_stages.size(); ++i)
        if (m_stages[i].name == name)
            return int(i);
    // Before the first stage that has not begun.
    std::size_t row = 0;
    while (row < m_stages.size() && m_stages[row].state != State::waiting)
        ++row;
    beginInsertRows({}, int(row), int(row));
    m_stages.insert(m_stages.begin() + std::ptrdiff_t(row), Stage{name});
    endInsertRows();
    return int(row);
}

void StageModel::touch(int row)
{
    Q_EMIT dataChanged(index(row), index(row));
}

void StageModel::start(const StageStarted &event)
{
    const int row = rowOf(event.stage);
    m_stages[std::size_t(row)].state = State::running;
    m_stages[std::size_t(row)].progress = -1;
    touch(row);
}

void StageModel::progress(const StageProgress &event)
{
    const int row = rowOf(event.stage);
    Stage &stage = m_stages[std::size_t(row)];
    if (event.total > 0) {
        stage.progress = double(event.done) / double(event.total);
        stage.time = QStringLiteral("%1 / %2").arg(event.done).arg(event.total);
    }
    stage.detail = QString::fromStdString(event.detail);
    touch(row);
}

void StageModel::finish(const StageFinished &event)
{
    const int row = rowOf(event.stage);
    Stage &stage = m_stages[std::size_t(row)];
    stage.state = State::done;
    stage.progress = 1;
    stage.detail = QString::fromStdString(event.summary);
    stage.time = event.fromCache ? tr("kept") : secondsText(event.seconds);
    touch(row);
}

void StageModel::failRunning()
{
    for (std::size_t i = 0; i < m_stages.size(); ++i)
        if (m_stages[i].state == State::running) {
            m_stages[i].state = State::failed;
            touch(int(i));
        }
}

int StageModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_stages.size());
}

QVariant StageModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Stage &stage = m_stages[std::size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return stageTitle(stage.name);
    case Qt::ToolTipRole:
        return plainToolTip(stage.detail);
    case Qt::AccessibleTextRole: {
        const QString words[] = {tr("waiting"), tr("running"), tr("done"), tr("failed")};
        return QStringLiteral("%1, %2 %3")
            .arg(stageTitle(stage.name), words[std::size_t(stage.state)], stage.time);
    }
    case StateRole:
        return int(stage.state);
    case ProgressRole:
        return stage.progress;
    case DetailRole:
        return stage.detail;
    case TimeRole:
        return stage.time;
    case NameRole:
        return QString::fromStdString(stage.name);
    default:
        return {};
    }
}

} // namespace hefstudio
